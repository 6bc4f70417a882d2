import { describe, expect, test } from 'vitest'
import type { Filter } from '../filter/filter.ts'
import { approve, bounds, flow, readFlow, role, type Flow } from './index.ts'
import { readCases, readDraft } from './read-cases.ts'
import { dice, randomFlow, type Dice } from './testing-flows.ts'

const head = { kind: 'approve', id: 'head', label: '科主任审核', by: [{ kind: 'headOf' }] }
const of = (steps: unknown, more: object = {}): unknown => ({ label: '审批', steps, ...more })
const said = (input: unknown): string[] => {
  const read = readFlow(input, 'custom.f1')
  return 'problems' in read ? read.problems.map(({ field, message }) => `${field} ${message}`) : []
}
const inStep = (more: object): string[] => said(of([{ ...head, ...more }]))
/** A random definition whose conditions are filters. */
function random(d: Dice): Flow<Filter> {
  const text = JSON.stringify(randomFlow(d, [])).replaceAll(/\{"field":"(\w+)","is":("[^"]*")\}/g, '{"field":"$1","op":"eq","value":$2}')
  return JSON.parse(text) as Flow<Filter>
}

describe('a definition from outside', () => {
  test('gets what it leaves out from the factories, and its name from who asks', () => {
    const made = flow<Filter>('custom.f1', { label: '审批', steps: [approve('head', '科主任审核', { by: { kind: 'headOf' } })] })
    expect(readFlow(of([head], { kind: 'flow', name: 'another.name' }), 'custom.f1')).toEqual({ flow: made })
  })
  test('is read back as it was written, however random', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const definition = random(dice(seed))
      expect(readFlow(JSON.parse(JSON.stringify(definition)), definition.name)).toEqual({ flow: definition })
    }
  })
  test.each([
    ['nothing', null, [' 格式不对']],
    ['a list', [], [' 格式不对']],
    ['no steps', { label: '审批' }, ['steps 缺少这一项']],
    ['an unknown key', of([head], { owner: 'x' }), ['owner 不认识的内容：owner']],
    ['an unknown kind', of([{ kind: 'script', code: '1' }]), ['steps.0.kind 不认识的种类']],
    ['a kind out of the prototype', of([{ kind: 'constructor' }]), ['steps.0.kind 不认识的种类']],
    ['a key out of the prototype', JSON.parse('{"label":"a","steps":[],"__proto__":{"x":1}}'), ['__proto__ 不认识的内容：__proto__']],
    ['a step that is no object', of([7]), ['steps.0.kind 不认识的种类']],
    ['what no database can keep', of([{ ...head, by: [{ kind: 'people', people: ['\ud800'] }] }]), [' 含有无法保存的字符']],
    ['another label', of([{ ...head, label: '长'.repeat(61) }]), ['steps.0.label 最多 60 个字']],
  ])('with %s is refused with its place', (_, input, problems) => {
    expect(said(input)).toEqual(problems)
  })
  test('is kept while names and words are still missing: that is a fault, nothing unreadable', () => {
    const begun = of([{ ...head, label: '', by: [{ kind: 'role', role: '' }] }])
    expect(readFlow(begun, 'x.y')).toMatchObject({ flow: { steps: [{ label: '', by: [{ role: '' }] }] } })
  })
  test('may hold nothing unknown in a step, a decider, a mode, a limit or a condition', () => {
    expect(inStep({ run: 'rm' })).toEqual(['steps.0.run 不认识的内容：run'])
    expect(inStep({ by: [{ kind: 'god' }] })).toEqual(['steps.0.by.0.kind 不认识的种类'])
    expect(inStep({ by: [{ kind: 'role', role: 'a', sql: '1' }] })).toEqual(['steps.0.by.0.sql 不认识的内容：sql'])
    expect(inStep({ by: [{ kind: 'role', role: '__proto__' }] })).toEqual(['steps.0.by.0.role 这个名称不能用：__proto__'])
    expect(inStep({ by: [{ kind: 'role', role: 'toString' }] })).toEqual(['steps.0.by.0.role 这个名称不能用：toString'])
    expect(inStep({ mode: 'dice' })[0]).toContain('steps.0.mode 只能是')
    expect(inStep({ mode: { vote: { quorum: [1, 2, 3], share: { atLeast: [1, 2] }, tie: 'refuse' } } })).toEqual([
      'steps.0.mode.vote.quorum 须为两个整数的分数',
    ])
    expect(inStep({ limit: { unit: 'years', amount: 1 } })[0]).toContain('steps.0.limit.unit 只能是')
    expect(inStep({ limit: { unit: 'days', amount: Infinity } })[0]).toContain('steps.0.limit.amount 须为')
    expect(inStep({ mayEdit: 'budget' })).toEqual(['steps.0.mayEdit 须为列表'])
    expect(inStep({ mayEdit: ['constructor'] })).toEqual(['steps.0.mayEdit.0 这个名称不能用：constructor'])
    expect(inStep({ sign: 'yes' })).toEqual(['steps.0.sign 须为是或否'])
    const when = (condition: unknown) => said(of([{ kind: 'when', condition, then: [head] }]))
    expect(when({ field: 'a', op: 'gt', value: 1 })).toEqual([])
    expect(when({ field: 'a', op: 'toString', value: 1 })).toEqual(['steps.0.condition 筛选条件无法识别'])
    expect(when({ field: 'a', op: 'gt', value: { my: 'god' } })).toEqual(['steps.0.condition 筛选条件无法识别'])
    expect(when({ and: [], or: [] })).toEqual(['steps.0.condition 条件中有不认识的内容'])
    expect(when({ field: 'a', op: 'gt', value: 1, more: 2 })).toEqual(['steps.0.condition 条件中有不认识的内容'])
  })
  test('at the deepest place a step may still say who decides, and whom he is chosen among', () => {
    const chosen = { kind: 'chosen', within: { kind: 'chosen', within: { kind: 'administrator' } } }
    const nestedIn = (levels: number) => {
      let deep: unknown = { ...head, by: [chosen] }
      for (let level = 1; level < levels; level++) deep = { kind: 'when', condition: { field: 'a', op: 'gt', value: level }, then: [deep] }
      return said(of([deep]))
    }
    expect(nestedIn(bounds.nested)).toEqual([])
    expect(nestedIn(bounds.nested + 1)).toEqual([expect.stringContaining('嵌套太深：最多 10 层')])
  })
  test('is not too deep and not too long', () => {
    let deep: unknown = head
    for (let level = 0; level < 10_000; level++) deep = { kind: 'when', condition: { and: [] }, then: [deep] }
    expect(said(of([deep]))).toEqual([expect.stringContaining('嵌套太深：最多 10 层')])
    let within: unknown = { kind: 'administrator' }
    for (let level = 0; level < 10_000; level++) within = { kind: 'chosen', within }
    expect(inStep({ by: [within] })).toEqual([expect.stringContaining('嵌套太深')])
    const many = Array.from({ length: 299 }, (_, n) => ({ ...head, id: `s${n}` }))
    const both = { kind: 'parallel', id: 'p', branches: [[head], [head]] }
    expect(said(of(many))).toEqual([])
    expect(said(of([...many, both]))).toEqual([`steps.299.branches.0.0 步骤太多：最多 ${bounds.steps} 个`])
  })
})

/** Something somewhere in a definition becomes something else. */
function broken(d: Dice, definition: Flow<Filter>): unknown {
  const places: (readonly (string | number)[])[] = []
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (path.length > 0) places.push(path)
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
  }
  walk(definition, [])
  const draft = structuredClone(definition) as unknown
  const path = d.pick(places)
  const at = path.slice(0, -1).reduce<unknown>((one, key) => (one as Record<string, unknown>)[key], draft) as Record<string, unknown>
  const wrong: unknown[] = [null, 0, -1, 1e308, '', 'x'.repeat(200), '__proto__', 'constructor', '\u0000', {}, [], [[]], { kind: 'valueOf' }, true, '<script>', { toString: 1 }]
  if (d.is(0.2)) at[d.pick(['constructor', 'toString', 'x', 'kind'])] = d.pick(wrong)
  else at[path.at(-1)!] = d.pick(wrong)
  return JSON.parse(JSON.stringify(draft))
} // prettier-ignore
test('whatever is broken in a definition, it is refused with a place and words, or is a definition that reads back as itself', () => {
  let refused = 0
  for (let seed = 1; seed <= 4000; seed++) {
    const d = dice(seed)
    const read = readFlow(broken(d, random(dice(1 + (seed % 50)))), 'custom.f1')
    const isRefused = 'problems' in read
    refused += Number(isRefused)
    const words = isRefused ? read.problems.map(({ message }) => message) : ['可读']
    expect(words.length > 0 && words.every((one) => /[\u4e00-\u9fff]/.test(one))).toBe(true)
    expect(isRefused ? read : readFlow(JSON.parse(JSON.stringify(read.flow)), 'custom.f1')).toEqual(read)
  }
  expect(refused).toBeGreaterThan(2000)
})

test('cases and drafts hold only what they may, within bounds', () => {
  const id = '0190a0b0-0000-7000-8000-000000000001'
  const one = { id: 'a', label: '普通申请', applicant: id, draft: { days: 3 }, expect: [{ step: 'head', people: [id] }] }
  const problems = (input: unknown) => {
    const read = readCases(input)
    return 'problems' in read ? read.problems.map(({ field, message }) => `${field} ${message}`) : []
  }
  expect(readCases([one])).toEqual({ cases: [one] })
  expect(problems([one, one])).toEqual(['1.id 用例编号重复'])
  expect(problems([{ ...one, applicant: 'li' }])).toEqual(['0.applicant 请选择人员'])
  expect(problems([{ ...one, script: 1 }])).toEqual(['0.script 不认识的内容：script'])
  expect(problems([{ ...one, draft: [] }])).toEqual(['0.draft 格式不对'])
  expect(problems(Array.from({ length: 51 }, () => one))).toEqual([' 最多 50 项'])
  let deep: unknown = 1
  for (let level = 0; level < 100_000; level++) deep = [deep]
  expect(readDraft({ deep })).toEqual({ problems: [{ field: 'draft', message: '内容嵌套太深' }] })
  expect(readDraft(JSON.parse('{"__proto__":1}'))).toEqual({ problems: [{ field: 'draft', message: '含有不能用的字段名' }] })
  expect(readDraft({ words: '长'.repeat(20_001) })).toEqual({ problems: [{ field: 'draft', message: '内容太长' }] })
  expect(role('a')).toEqual({ kind: 'role', role: 'a' })
})
