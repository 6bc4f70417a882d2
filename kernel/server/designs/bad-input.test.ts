import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import type { DesignAnswer, PublishingItem } from '#model'
import { openDatabase } from '../database/database.ts'
import { workDue } from '../derived/due.ts'
import { applyStep } from '../store/apply.ts'
import { inShort } from '../store/beside.ts'
import { planSchema } from '../store/plan.ts'
import { judge } from './judge.ts'
import { workPublishing } from './publisher.ts'

let h: TestHospital
let implementer: HttpSession
let other: HttpSession
beforeAll(async () => {
  h = await hospital()
  implementer = await h.signIn(await h.person('实施员', { roles: ['implementer'] }))
  other = await h.signIn(await h.person('另一实施员', { roles: ['implementer'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

type FieldText = Record<string, unknown>
const field = (key: string, kind: string, label: string, more: FieldText = {}): FieldText => ({ key, kind, label, options: {}, ...more })
const type = (fields: FieldText[], more: FieldText = {}) => ({
  label: '盘点',
  title: 'xname01',
  fields: [field('xname01', 'text', '名称', { required: true }), ...fields],
  grants: [{ role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' }, { role: 'implementer', actions: ['read', 'create', 'update', 'import'], scope: 'hospital' }],
  ...more,
}) // prettier-ignore
const problemsOf = (answer: { json<T>(): T }) =>
  answer.json<{ problems: { field: string; message: string }[] }>().problems.map(({ field: at, message }) => `${at}: ${message}`)
const refused = async (content: unknown) => {
  const answer = await implementer.call('POST', '/api/designs/type', { content })
  expect(answer.status, answer.text).toBe(422)
  return problemsOf(answer)
}
async function begin(content: unknown): Promise<DesignAnswer> {
  const answer = await implementer.call('POST', '/api/designs/type', { content })
  expect(answer.status, answer.text).toBe(201)
  return answer.json<unknown>() as DesignAnswer
}
const ask = (name: string, who = implementer) => who.call('POST', '/api/publishings', { items: [{ kind: 'type', name }] })
const stateOf = async (id: string) => (await implementer.call('GET', `/api/publishings/${id}`)).json<unknown>() as PublishingItem
async function publish(name: string): Promise<PublishingItem> {
  const asked = await ask(name)
  expect(asked.status, asked.text).toBeLessThan(300)
  while (await workPublishing(h.kernel, h.database.ownerUrl, 2000));
  return stateOf(asked.json<{ id: string }>().id)
}
async function change(name: string, content: unknown): Promise<DesignAnswer> {
  const { revision } = (await implementer.call('GET', `/api/designs/type/${name}`)).json<{ revision: number }>()
  const answer = await implementer.call('PUT', `/api/designs/type/${name}`, { content, revision })
  expect(answer.status, answer.text).toBe(200)
  return answer.json<unknown>() as DesignAnswer
}
const fill = async (name: string, draft: FieldText) => {
  const made = await implementer.call('POST', `/api/records/${name}`, draft)
  expect(made.status, made.text).toBe(201)
  return made.json<{ record: { id: string } }>().record.id
}
const read = async (name: string, id: string) =>
  (await implementer.call('GET', `/api/records/${name}/${id}`)).json<{ record: FieldText }>().record

test('labels may be SQL words and sixty characters long; what is longer, twice there or no key is refused at its place', async () => {
  const long = '很'.repeat(60)
  const { name } = await begin(
    type([field('xselect', 'text', 'select'), field('xtable1', 'integer', 'DROP TABLE; --'), field('xlong01', 'text', long)], {
      label: 'user',
    }),
  )
  expect(await publish(name)).toMatchObject({ state: 'done' })
  const id = await fill(name, { xname01: '一', xselect: "'; DROP SCHEMA custom; --", xtable1: 3, xlong01: '甲' })
  expect(await read(name, id)).toMatchObject({ xselect: "'; DROP SCHEMA custom; --", xtable1: 3 })
  expect(await refused(type([field('xlong02', 'text', `${long}长`)]))).toEqual(['fields.1.label: 最多 60 个字'])
  expect(await refused(type([field('xname01', 'text', '名称')]))).toEqual([
    'fields.1.key: 与另一个字段重复',
    'fields.1.label: 已有名为“名称”的字段',
  ])
  expect(await refused(type([field('a"; DROP', 'text', '甲')]))).toEqual(['fields.1.key: 字段编号不对'])
  expect(await refused(type([field('xbad001', 'spaceship', '甲')]))).toEqual(['fields.1.kind: 没有这个选项'])
})

test('a thousand fields and ten thousand choices are refused in words, three hundred fields are not', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => field(`x${String(n).padStart(6, 'a')}`, 'text', `字段${n}`))
  expect((await refused(type(many(1000))))[0]).toMatch('最多 300 个字段')
  const choices = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`c${n}`, `选项${n}`]))
  expect((await refused(type([field('xmany01', 'choice', '多', { options: { choices } })])))[0]).toMatch('最多 1000 个选项')
  const { name } = await begin(type(many(299)))
  expect(await publish(name)).toMatchObject({ state: 'done' })
})

test('an expression that goes in a circle, walks without bound or holds a pattern that never ends is named at its field', async () => {
  const { problems } = await begin(
    type([
      field('xa00001', 'formula', '甲', { options: { expression: 'xb00001 + 1', result: 'integer' } }),
      field('xb00001', 'formula', '乙', { options: { expression: 'xa00001 + 1', result: 'integer' } }),
      field('xrows01', 'rows', '明细', { options: { fields: [field('xn00001', 'integer', '数')] } }),
      field('xc00001', 'formula', '丙', {
        options: { expression: 'xrows01.all(a, xrows01.all(b, xrows01.all(c, a.xn00001 > 0)))', result: 'boolean' },
      }),
      field('xd00001', 'formula', '丁', { options: { expression: 'xname01.matches("(a+)+$")', result: 'boolean' } }),
    ]),
  )
  const said = problems.map(({ field: at, message }) => `${at}: ${message}`)
  expect(said).toEqual(expect.arrayContaining([
    expect.stringMatching(/绕成了圈/) as unknown as string,
    'fields.4.options.expression: 公式中一处遍历里不能再有遍历',
    'fields.5.options.expression: 公式中不能用 matches：请在字段的“格式”中设置',
  ])) // prettier-ignore
  expect(await refused(type([field('xp00001', 'text', '格式', { options: { pattern: '(a+)+$' } })]))).toEqual([
    'fields.1.options.pattern: 正则表达式过于复杂：重复的括号里不能再有重复或“或”',
  ])
  expect(await refused(type([field('xp00001', 'text', '格式', { options: { pattern: '[a-' } })]))).toEqual([
    'fields.1.options.pattern: 正则表达式有语法错误',
  ])
})

test('another kind that would lose what is there is refused; a wider one is not, and keeps what was written meanwhile', async () => {
  const { name } = await begin(
    type([field('xcount1', 'integer', '数量', { options: {} }), field('xtext01', 'text', '说明')], {
      list: { filters: ['xcount1'], sort: ['xcount1'] },
      unique: [['xname01', 'xcount1']],
    }),
  )
  await publish(name)
  const first = await fill(name, { xname01: '一', xcount1: 7, xtext01: '十二' })
  const narrow = await change(name, type([field('xcount1', 'integer', '数量'), field('xtext01', 'integer', '说明')]))
  expect(narrow.problems.map(({ field: at, message }) => `${at}: ${message}`)).toEqual([
    expect.stringMatching(/^xtext01: “说明”已按另一种类保存了内容/),
  ])
  expect((await ask(name)).status).toBe(422)
  await change(
    name,
    type([field('xcount1', 'decimal', '数量', { options: { scale: 2 } }), field('xtext01', 'text', '说明')], {
      unique: [['xname01', 'xcount1']],
    }),
  )
  const asked = await ask(name)
  expect(asked.status, asked.text).toBe(202)
  const second = await fill(name, { xname01: '二', xcount1: 8 })
  while (await workPublishing(h.kernel, h.database.ownerUrl, 2000));
  expect(await stateOf(asked.json<{ id: string }>().id)).toMatchObject({ state: 'done', problem: null })
  expect([await read(name, first), await read(name, second)]).toMatchObject([{ xcount1: '7.00' }, { xcount1: '8.00' }])
  await fill(name, { xname01: '三', xcount1: '2.50' })
  expect((await implementer.call('POST', `/api/records/${name}`, { xname01: '三', xcount1: '2.5' })).status).toBe(409)
})

test('a publish cut off in the middle of widening goes on where it was', async () => {
  const { name } = await begin(type([field('xcount1', 'integer', '数量')]))
  await publish(name)
  const id = await fill(name, { xname01: '一', xcount1: 7 })
  await change(
    name,
    type([field('xcount1', 'decimal', '数量', { options: { scale: 1 } }), field('xmore01', 'text', '又一项', { search: true })]),
  )
  const asked = await ask(name)
  const owner = openDatabase(h.database.ownerUrl, { max: 2 })
  try {
    // As far as a process came that was killed: the second column, its trigger and a part of the rest.
    const item = {
      kind: 'type' as const,
      name,
      revision: null,
      content: (await implementer.call('GET', `/api/designs/type/${name}`)).json<{ content: unknown }>().content,
    }
    const { next } = await judge(h.kernel, await h.system(), [item])
    const [column] = (await planSchema(owner, next)).filter((step) => step.kind === 'column')
    await applyStep(owner, column!)
    const table = `"custom"."${name.split('.')[1]!}"`
    await inShort(owner, [`ALTER TABLE ${table} ADD COLUMN "xcount1__wide" numeric(20,1)`])
    await owner.once(`UPDATE kernel.publishing SET state = 'working', step = 1 WHERE id = $1::uuid`, [asked.json<{ id: string }>().id])
  } finally {
    await owner.close()
  }
  while (await workPublishing(h.kernel, h.database.ownerUrl, 2000));
  expect(await stateOf(asked.json<{ id: string }>().id)).toMatchObject({ state: 'done', problem: null })
  while (await workDue(h.kernel));
  expect(await read(name, id)).toMatchObject({ xcount1: '7.0' })
})

test('of two implementers who publish one type at once one is told to wait, and a stale draft is refused with what stands', async () => {
  const { name, revision } = await begin(type([field('xcount1', 'integer', '数量')]))
  const [first, second] = await Promise.all([ask(name), ask(name, other)])
  expect([first.status, second.status].sort((a, b) => a - b)).toEqual([202, 409])
  expect([first, second].find((one) => one.status === 409)!.text).toMatch('正在发布同一个定义')
  while (await workPublishing(h.kernel, h.database.ownerUrl, 2000));
  const stale = await other.call('PUT', `/api/designs/type/${name}`, { content: type([]), revision })
  expect([stale.status, stale.json<{ current: { revision: number } }>().current.revision > revision]).toEqual([409, true])
})

test('what cannot be done is said, and nothing of it counts: a key over doubles, a choice that records have, a field that a flow asks about', async () => {
  const { name } = await begin(
    type([field('xcode01', 'text', '编号'), field('xstate1', 'choice', '状态', { options: { choices: { on: '在用', off: '停用' } } })]),
  )
  await publish(name)
  await fill(name, { xname01: '一', xcode01: 'A', xstate1: 'off' })
  await fill(name, { xname01: '二', xcode01: 'A' })
  await change(
    name,
    type([field('xcode01', 'text', '编号'), field('xstate1', 'choice', '状态', { options: { choices: { on: '在用', off: '停用' } } })], {
      unique: [['xcode01']],
    }),
  )
  expect(await publish(name)).toMatchObject({ state: 'failed', problem: '已有重复的记录，不能设为“不许重复”：请先处理重复的记录' })
  expect((await implementer.call('POST', `/api/records/${name}`, { xname01: '三', xcode01: 'A' })).status).toBe(201)
  await change(name, type([field('xcode01', 'text', '编号'), field('xstate1', 'choice', '状态', { options: { choices: { on: '在用' } } })]))
  const lost = await ask(name)
  expect([lost.status, problemsOf(lost)[0]]).toEqual([422, expect.stringMatching('选项“停用”还有记录在用')])
})

test('a file of another hospital is seen before it counts: what is the same, what differs, what bears the same name', async () => {
  const { name } = await begin(type([field('xcount1', 'integer', '数量')], { label: '外来登记' }))
  await publish(name)
  const file = (await implementer.call('POST', '/api/design-files/export', { names: [name] })).json<{
    pieces: { name: string; content: { label: string; fields: unknown[] } }[]
  }>()
  const preview = async (given: unknown) =>
    (await implementer.call('POST', '/api/design-files/preview', { file: given })).json<unknown>() as { meets: string; words: string[] }[]
  expect(await preview(file)).toMatchObject([{ meets: 'same', words: [] }])
  file.pieces[0]!.content.fields.push(field('xmore01', 'text', '备注'))
  expect(await preview(file)).toMatchObject([{ meets: 'differs', words: ['增加字段“备注”（单行文字）'] }])
  const stranger = { ...file, pieces: [{ ...file.pieces[0]!, name: 'custom.tzzzzzz' }] }
  expect(await preview(stranger)).toMatchObject([{ meets: 'sameLabel' }])
  const taken = await implementer.call('POST', '/api/design-files/import', { file, names: [name], asNew: [name] })
  const [drawn] = taken.json<unknown>() as { name: string }[]
  expect(drawn!.name).not.toBe(name)
  expect(await publish(drawn!.name)).toMatchObject({ state: 'done' })
  for (const bad of [
    null,
    {},
    { ...file, format: 2 },
    { ...file, pieces: [{ kind: 'type', name: 'kernel.user', content: {} }] },
    { ...file, pieces: [{ kind: 'magic', name: 'a.b' }] },
  ])
    expect((await implementer.call('POST', '/api/design-files/preview', { file: bad })).status).toBe(422)
  const wrong = await implementer.call('POST', '/api/design-files/import', {
    file: { ...file, pieces: [{ ...file.pieces[0]!, name: 'staff.stolen' }] },
    names: ['staff.stolen'],
    asNew: [],
  })
  expect(wrong.status).toBe(422)
})

test('an own type under approval passes the head of the unit until another flow is drawn', async () => {
  const { name } = await begin(
    type([field('xunit01', 'unit', '科室', { default: 'myUnit' })], {
      label: '外出会诊登记',
      approval: true,
      owner: { department: 'xunit01' },
    }),
  )
  expect(await publish(name)).toMatchObject({ state: 'done' })
  const applicant = await h.signIn(await h.person('申请医生', { unit: '骨科' }))
  const headId = await h.person('骨科主任', { unit: '骨科', roles: ['departmentHead'], post: 'head' })
  const head = await h.signIn(headId)
  const sent = await applicant.call('POST', `/api/flows/submit/${name}`, { draft: { xname01: '会诊' }, actId: crypto.randomUUID() })
  expect(sent.status, sent.text).toBeLessThan(300)
  const tasks = await head.call('GET', '/api/tasks')
  expect(tasks.text).toMatch('外出会诊登记')
})
