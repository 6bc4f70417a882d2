import { describe, expect, test } from 'vitest'
import { differences, everyStep, type Flow } from './index.ts'
import {
  approve, fill, flow, group, headOf, notify, parallel, remind, role, timer, when, workingDays, workingHours, byRule, people, type Step,
} from './index.ts' // prettier-ignore
import type { Namer } from './sentences.ts'
import { dice, randomFlow, type Dice } from './testing-flows.ts'

const labels: Readonly<Record<string, string>> = {
  office: '医务处',
  head: '科主任',
  finance: '财务组',
  days: '天数',
  budget: '经费',
  topic: '事由',
}
const label = (name: string): string => labels[name] ?? name
const namer: Namer<unknown> = {
  role: label, post: label, group: label, person: label, field: label, rule: label, condition: (filter) => JSON.stringify(filter), fill: (text) => text,
} // prettier-ignore
const said = (from: readonly Step[], to: readonly Step[], more: Partial<Flow> = {}): string[] => {
  const made = (steps: readonly Step[]) => flow('a.b', { label: '审批', steps })
  return differences(made(from), { ...made(to), ...more }, namer).map(({ place, words }) => `${place} / ${words}`)
}
const head = approve('head', '科主任审核', { by: headOf() })
const office = approve('office', '医务处审核', { by: role('office') })
const money = fill('money', '财务填经费', { by: group('finance'), mayEdit: ['budget'], require: ['budget'] })
const long = { field: 'days', op: 'gt', value: 90 }

describe('two versions of a flow are told apart in words', () => {
  test('steps that came, went, moved or got another name', () => {
    expect(said([head], [head, office])).toEqual(['医务处审核 / 增加审批步骤“医务处审核”，由 医务处 办理（“科主任审核”之后）'])
    expect(said([head, office], [head])).toEqual(['医务处审核 / 去掉审批步骤“医务处审核”，由 医务处 办理'])
    expect(said([head, office, money], [office, money, head])).toEqual(['科主任审核 / 移到“财务填经费”之后'])
    expect(said([head, office], [head, when(long, [office])])).toEqual([
      `条件：${JSON.stringify(long)} / 增加条件“${JSON.stringify(long)}”（“科主任审核”之后）`,
      `医务处审核 / 移到条件：${JSON.stringify(long)}，成立时的最前`,
    ])
    expect(said([head], [{ ...head, label: '科室审核' }])).toEqual(['科室审核 / 名称：由 “科主任审核” 改为 “科室审核”'])
  })
  test('who decides, how, how long, and what becomes of it', () => {
    expect(said([head], [{ ...head, by: [role('office')] }])).toEqual(['科主任审核 / 审批人：由 申请人所在科室的负责人 改为 医务处'])
    expect(said([office], [{ ...office, by: [people('li', 'wang')], mode: 'allOf' }])).toEqual([
      '医务处审核 / 审批人：由 医务处 改为 li、wang',
      '医务处审核 / 审批方式：由 任一人通过即可 改为 须全部通过',
    ])
    expect(said([head], [{ ...head, limit: workingHours(8), onTimeout: [remind(workingHours(-2))] }])).toEqual([
      '科主任审核 / 时限：由 不限时 改为 8 工作小时',
      '科主任审核 / 超时处理：由 无 改为 到期前 2 工作小时提醒',
    ])
    expect(said([timer('t', '公示', workingDays(5))], [timer('t', '公示', byRule('notice.days'))])).toEqual([
      '公示 / 等到何时：由 5 个工作日 改为 按规则“notice.days”',
    ])
    expect(said([head], [{ ...head, onApplicant: 'pass', sign: true }])).toEqual([
      '科主任审核 / 签名：由 否 改为 是',
      '科主任审核 / 本人审批的处理：由 改由上级办理 改为 视为同意',
    ])
  })
  test('rights over fields, each by its name', () => {
    expect(said([money], [{ ...money, mayEdit: ['budget', 'days'], require: [], hide: ['topic'], see: ['budget', 'days'] }])).toEqual([
      '财务填经费 / 可修改的字段：增加 天数',
      '财务填经费 / 可见字段：由 全部字段 改为 经费、天数',
      '财务填经费 / 隐藏字段：增加 事由',
      '财务填经费 / 必填项：去掉 经费',
    ])
  })
  test('conditions, notices and branches', () => {
    const short = { ...long, value: 30 }
    expect(said([when(long, [office])], [when(short, [office])])).toEqual([
      `条件：${JSON.stringify(short)} / 条件：由 ${JSON.stringify(long)} 改为 ${JSON.stringify(short)}`,
    ])
    expect(said([when(long, [office])], [when(long, [], [office])])).toEqual([
      `医务处审核 / 移到条件：${JSON.stringify(long)}，不成立时的最前`,
    ])
    expect(said([head, notify('applicant')], [head, notify('applicant', role('office'))])).toEqual([
      '知会 / 知会：由 申请人 改为 申请人、医务处',
    ])
    expect(said([parallel('p', [[head], [office]])], [parallel('p', [[head], [office], [money]])])).toEqual([
      '财务填经费 / 增加填写步骤“财务填经费”，由 财务组 办理（“并行办理”的第 3 个分支的最前）',
      '并行办理 / 由 2 个分支改为 3 个',
    ])
  })
  test('the flow as a whole', () => {
    expect(said([head], [head], { label: '进修审批', urgeEveryHours: 8, start: { sign: true, require: ['topic'] } })).toEqual([
      '整个流程 / 名称：由 “审批” 改为 “进修审批”',
      '整个流程 / 提交要求：由 无 改为 本人签名，必填 事由',
      '整个流程 / 催办间隔：由 4 小时 改为 8 小时',
    ])
  })
})

const skipped: ReadonlySet<string> = new Set(['kind', 'do', 'name'])
const optional: ReadonlySet<string> = new Set(['limit', 'see', 'meeting', 'title', 'summary', 'items', 'effect', 'chair', 'weights', 'after', 'unit', 'within', 'max']) // prettier-ignore
type Edit = (draft: unknown) => void
/** Everything that can be changed at one place of a definition. */
function edits(value: unknown, path: readonly (string | number)[]): Edit[] {
  const inside = (draft: unknown): Record<string | number, unknown> => path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], draft) as Record<string, unknown> // prettier-ignore
  const key = path.at(-1)
  const set = (to: unknown): Edit[] => (key === undefined ? [] : [(draft) => void (inside(draft)[key] = to)])
  if (value === 'applicant') return set(role('office'))
  if (typeof value === 'string') return set(`${value}x`)
  if (typeof value === 'number') return set(value + 1)
  if (typeof value === 'boolean') return set(!value)
  if (Array.isArray(value))
    return [
      ...value.flatMap((one, place) => edits(one, [...path, place])),
      ...value.flatMap((_, place) => set(value.filter((_one, nth) => nth !== place))),
      ...(value.length > 1 && JSON.stringify(value[0]) !== JSON.stringify(value[1]) ? set([value[1], value[0], ...value.slice(2)]) : []),
    ]
  return Object.entries(value as object).flatMap(([name, inner]) => {
    if (skipped.has(name)) return []
    const gone: Edit[] = optional.has(name) ? [(draft) => void delete ([...path, name].slice(0, -1).reduce<unknown>((at, one) => (at as Record<string, unknown>)[one], draft) as Record<string, unknown>)[name]] : [] // prettier-ignore
    return [...edits(inner, [...path, name]), ...gone]
  })
}
const everyEdit = (definition: Flow): Flow[] =>
  edits(definition, []).map((edit) => {
    const draft = structuredClone(definition)
    edit(draft)
    return draft
  })
const random = (d: Dice): Flow => randomFlow(d, [])

test('a random definition is no other than itself, whatever order its keys come back in; any single edit of it is told', () => {
  let edited = 0
  for (let seed = 1; seed <= 60; seed++) {
    const definition = random(dice(seed))
    const turned = (value: unknown): unknown =>
      typeof value !== 'object' || value === null ? value : Array.isArray(value) ? value.map(turned) : Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, turned(inner)])) // prettier-ignore
    expect(differences(definition, turned(definition) as Flow, namer)).toEqual([])
    for (const other of everyEdit(definition)) {
      edited++
      for (const [from, to] of [[definition, other], [other, definition]] as const) {
        const told = differences(from, to, namer)
        if (told.length === 0) throw new Error(`seed ${seed}: not told: ${JSON.stringify(from)} → ${JSON.stringify(to)}`)
        for (const { words, place } of told) expect(words && place).toBeTruthy()
      } // prettier-ignore
    }
  }
  expect(edited).toBeGreaterThan(5000)
  expect(everyStep(random(dice(1)).steps).length).toBeGreaterThan(0)
})
