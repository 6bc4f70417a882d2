import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  choice, date, dateRange, dateTime, integer, may, module, phone, reference, resource, text, unit,
  type BranchesAnswer, type DaysAnswer, type ListAnswer, type SavedView,
} from '#model' // prettier-ignore
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

const task = resource('trial.task', {
  label: '任务',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('名称', { required: true, search: true }),
    unit: unit('科室'),
    parent: reference('上级任务', 'trial.task'),
    state2: choice('进度', { todo: '未开始', doing: '进行中', done: '已完成' }),
    on: date('日期'),
    at: dateTime('时间'),
    span: dateRange('起止', { isOpen: true }),
    cost: integer('费用'),
    contact: phone('电话'),
  },
  list: { columns: ['name', 'state2'], sort: ['name'] },
})
const trial = module('trial', {
  label: '试用',
  resources: [task],
  roles: { staffMember: [may.read(task, 'myUnits', { mask: ['cost'], hide: ['span'] })], medicalOffice: [may.all(task)] },
})

let h: TestHospital
let asOfficer: HttpSession, asDoctor: HttpSession
let orthopaedics: string, surgery: string
const ids: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([trial]) })
  asOfficer = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  asDoctor = await h.signIn(await h.person('张海涛', { unit: '骨科' }))
  orthopaedics = await h.unit('骨科')
  surgery = await h.unit('普外科')
})
afterAll(() => h[Symbol.asyncDispose]())

const add = async (name: string, values: object = {}): Promise<string> => {
  const answer = await asOfficer.call('POST', '/api/records/trial.task', { name, ...values })
  expect(answer.status).toBe(201)
  return (ids[name] = answer.json<{ record: { id: string } }>().record.id)
}
const get = async <T>(session: HttpSession, path: string, query: Record<string, string>) => {
  const answer = await session.call('GET', `/api/records/trial.task${path}?${new URLSearchParams(query)}`)
  return { status: answer.status, body: answer.json<T & { title?: string }>() }
}

describe('records by day', () => {
  beforeAll(async () => {
    for (let i = 1; i <= 7; i++) await add(`查房 ${i}`, { on: '2026-03-02', unit: orthopaedics })
    await add('月底', { on: '2026-03-31', unit: surgery })
    await add('没有日期')
    await add('夜里', { at: '2026-03-02T16:30:00Z' })
    await add('住院', { span: { from: '2026-02-20', to: '2026-03-03' } })
    await add('长期', { span: { from: '2026-03-03', to: null } })
    await add('三日', { span: { from: '2026-03-03', to: '2026-03-04' } })
  })
  const march = { from: '2026-03-01', to: '2026-03-31', each: '3' }
  const days = async (session: HttpSession, more: Record<string, string>) =>
    (await get<DaysAnswer>(session, '/days', { ...march, ...more })).body
  const names = (answer: DaysAnswer, day: string) =>
    answer.days.find((one) => one.day === day)?.ids.map((id) => answer.rows.find((row) => row.id === id)!['name'])

  test('a day says how many it has and names the first; days without any are left out', async () => {
    const answer = await days(asOfficer, { on: 'on' })
    expect(answer.days.map(({ day, count, ids }) => [day, count, ids.length])).toEqual([['2026-03-02', 7, 3], ['2026-03-31', 1, 1]]) // prettier-ignore
    expect(names(answer, '2026-03-02')).toEqual(['查房 1', '查房 2', '查房 3'])
  })
  test('an instant stands on the day of the hospital’s wall, not of the world’s', async () => {
    expect((await days(asOfficer, { on: 'at' })).days).toEqual([{ day: '2026-03-03', count: 1, ids: [ids['夜里']] }])
  })
  test('a range stands on each of its days that are asked for; without an end it goes on; what is named once is named on all', async () => {
    const answer = await days(asOfficer, { on: 'span', each: '2' })
    expect(answer.days.slice(0, 5).map(({ day, count }) => [day.slice(8), count])).toEqual([['01', 1], ['02', 1], ['03', 3], ['04', 2], ['05', 1]]) // prettier-ignore
    expect(names(answer, '2026-03-03')).toEqual(['住院', '长期'])
    expect(names(answer, '2026-03-04')).toEqual(['长期', '三日'])
    expect(answer.days).toHaveLength(31)
  })
  test('filter, search and scope hold: the doctor sees his own unit’s', async () => {
    const few = { on: 'on', filter: JSON.stringify({ field: 'unit', op: 'eq', value: surgery }) }
    expect((await days(asOfficer, few)).days).toMatchObject([{ day: '2026-03-31', count: 1 }])
    expect((await days(asOfficer, { on: 'on', search: '查房 3' })).days).toMatchObject([{ count: 1, ids: [ids['查房 3']] }])
    expect((await days(asDoctor, { on: 'on' })).days).toMatchObject([{ day: '2026-03-02', count: 7 }])
  })
  test('what is wrong is said: no date, no such field, hidden, too many days', async () => {
    const said = async (session: HttpSession, more: Record<string, string>) => {
      const { status, body } = await get<DaysAnswer>(session, '/days', { ...march, ...more })
      return [status, body.title]
    }
    expect(await said(asOfficer, { on: 'name' })).toEqual([400, '“名称”不能排在日历上'])
    expect(await said(asOfficer, { on: 'nothing' })).toEqual([400, '“nothing”不能排在日历上'])
    expect(await said(asOfficer, { on: 'contact' })).toEqual([400, '“电话”不能排在日历上'])
    expect(await said(asDoctor, { on: 'span' })).toEqual([400, '没有查看该字段的权限'])
    expect(await said(asOfficer, { on: 'on', to: '2027-03-31' })).toEqual([400, '请给出起止日期，最多 62 天'])
    expect(await said(asOfficer, { on: 'on', from: '昨天' })).toEqual([400, '请给出起止日期，最多 62 天'])
  })
})

describe('records as a tree', () => {
  beforeAll(async () => {
    const top = await add('年度计划', { unit: surgery })
    const middle = await add('质量改进', { parent: top, unit: orthopaedics })
    await add('手卫生', { parent: middle, unit: orthopaedics, state2: 'doing' })
    await add('跌倒预防', { parent: middle, unit: surgery, state2: 'todo' })
    await add('人才培养', { parent: top, unit: surgery })
  })
  const level = async (session: HttpSession, under: string | null, more: Record<string, string> = {}) => {
    const { body } = await get<BranchesAnswer>(session, '/branches', { by: 'parent', under: under ?? '', limit: '100', ...more })
    return body.rows
      .filter((row) => !['查房', '月底', '没有', '夜里', '住院', '长期', '三日'].some((word) => String(row['name']).startsWith(word)))
      .map((row) => `${String(row['name'])} ${body.below[row.id] ?? 0}${body.hits && !body.hits.includes(row.id) ? ' 上级' : ''}`)
  }
  test('one level at a time, each with how many stand below it, sorted as the list', async () => {
    expect(await level(asOfficer, null)).toEqual(['年度计划 2'])
    expect(await level(asOfficer, ids['年度计划']!)).toEqual(['人才培养 0', '质量改进 2'])
  })
  test('what is looked for brings along what stands above it, and nothing beside it', async () => {
    const doing = { filter: JSON.stringify({ field: 'state2', op: 'eq', value: 'doing' }) }
    expect(await level(asOfficer, null, doing)).toEqual(['年度计划 1 上级'])
    expect(await level(asOfficer, ids['年度计划']!, doing)).toEqual(['质量改进 1 上级'])
    expect(await level(asOfficer, ids['质量改进']!, doing)).toEqual(['手卫生 0'])
    expect(await level(asOfficer, null, { search: '跌倒' })).toEqual(['年度计划 1 上级'])
    expect(await level(asOfficer, null, { search: '没有这样的' })).toEqual([])
  })
  test('a record whose upper one is out of sight is topmost; what is above is not told', async () => {
    expect(await level(asDoctor, null)).toEqual(['质量改进 1'])
    expect(await level(asDoctor, ids['质量改进']!)).toEqual(['手卫生 0'])
    expect(await level(asDoctor, null, { search: '手卫生' })).toEqual(['质量改进 1 上级'])
    expect(await level(asDoctor, null, { search: '跌倒' })).toEqual([])
  })
  test('records that point at each other in a circle end the search', async () => {
    const one = await add('甲')
    const other = await add('乙', { parent: one })
    const answer = await asOfficer.call('PATCH', `/api/records/trial.task/${one}`, { version: 1, changes: { parent: other } })
    expect(answer.status).toBe(200)
    expect(await level(asOfficer, null, { search: '乙' })).toEqual([])
    expect(await level(asOfficer, one, { search: '乙' })).toEqual(['乙 1'])
  })
  test('only a reference of the type to itself makes a tree', async () => {
    expect(await get(asOfficer, '/branches', { by: 'unit' })).toMatchObject({ status: 400, body: { title: '“科室”不能排成层级' } })
    expect(await get(asOfficer, '/branches', { by: '__proto__' })).toMatchObject({ status: 400 })
  })
})

describe('what stands out, and what views keep of it', () => {
  const when = { field: 'state2', op: 'eq', value: 'doing' }
  test('of each record is answered which conditions hold; a condition on what is hidden is refused', async () => {
    const marks = JSON.stringify([{ field: 'name', op: 'contains', value: '质量' }, when])
    const { body } = await get<ListAnswer>(asOfficer, '', { marks, limit: '100' })
    expect(body.marks).toEqual({ [ids['质量改进']!]: [0], [ids['手卫生']!]: [1] })
    expect((await get<ListAnswer>(asOfficer, '', { limit: '5' })).body.marks).toBeUndefined()
    const hidden = JSON.stringify([{ field: 'span', op: 'notEmpty' }])
    expect(await get(asDoctor, '', { marks: hidden })).toMatchObject({ status: 400, body: { title: '没有查看该字段的权限' } })
    expect(await get(asOfficer, '', { marks: '{"field":"name"}' })).toMatchObject({ status: 400 })
    expect(await get(asOfficer, '', { marks: JSON.stringify(Array(11).fill(when)) })).toMatchObject({ status: 400 })
  })
  const state = {
    look: 'board:state2',
    pinned: ['name'],
    formats: [{ when, at: null, tone: 'warn', bold: true }],
    columns: ['name', 'state2'],
  }
  const keep = async (session: HttpSession, name: string, more: object) => {
    const answer = await session.call('POST', '/api/views/trial.task', { view: { name, state: { ...state, ...more } } })
    const body = answer.json<SavedView & { title?: string; problems?: { message: string }[] }>()
    return answer.status === 201 ? body : [answer.status, body.problems?.[0]?.message ?? body.title]
  }
  test('a view keeps the kind, what stays at the left and what stands out', async () => {
    expect(await keep(asOfficer, '进度看板', {})).toMatchObject({ state })
    expect(await keep(asOfficer, '日历', { look: 'calendar:on:week' })).toMatchObject({ problem: null })
    expect(await keep(asOfficer, '时间线', { look: 'timeline:span:-:unit:quarter' })).toMatchObject({ problem: null })
  })
  test('a kind that the fields do not allow, a field out of sight, a protected condition and nonsense are refused', async () => {
    expect(await keep(asOfficer, '坏 1', { look: 'board:on' })).toEqual([422, '视图的显示方式已不适合这个列表'])
    expect(await keep(asOfficer, '坏 2', { look: 'tree:unit' })).toEqual([422, '视图的显示方式已不适合这个列表'])
    expect(await keep(asOfficer, '坏 3', { look: 'cloud:on' })).toEqual([422, '视图的内容看不懂'])
    expect(await keep(asOfficer, '坏 4', { formats: [{ when, at: null, tone: 'pink' }] })).toEqual([422, '视图的内容看不懂'])
    const secret = { field: 'contact', op: 'eq', value: '13800000000' }
    expect(await keep(asOfficer, '坏 5', { formats: [{ when: secret, at: null, tone: 'bad', bold: false }] })).toEqual([
      422,
      '条件里有受保护的字段，不能存进视图：请先移除这个条件',
    ])
    expect(await keep(asDoctor, '坏 6', { look: 'calendar:span:month' })).toEqual([422, '视图用到了你没有权限查看的字段'])
  })
  test('a filter fifty deep is refused in words, in a list as in a view', async () => {
    const deep = (levels: number): object => (levels ? { or: [deep(levels - 1)] } : when)
    const answer = await get(asOfficer, '', { filter: JSON.stringify(deep(50)) })
    expect([answer.status, answer.body.title]).toEqual([400, '筛选条件嵌套太深：最多 12 层'])
    expect(await keep(asOfficer, '深', { filter: deep(15) })).toEqual([422, '筛选条件嵌套太深：最多 12 层'])
    // Beyond what any request may be, it is not looked into at all.
    expect(await keep(asOfficer, '深', { filter: deep(50) })).toEqual([400, '嵌套超过 40 层'])
  })
})

test('what one sees masked is named whole or not at all: neither guessed at piece by piece nor put in order', async () => {
  const id = await add('设备维修', { unit: orthopaedics, cost: 1234 })
  const ask = (session: HttpSession, filter: object, more: Record<string, string> = {}) =>
    get<ListAnswer>(session, '', { filter: JSON.stringify(filter), ...more })
  const guess = { field: 'cost', op: 'gte', value: 1000 }
  for (const filter of [guess, { not: guess }, { or: [guess, { field: 'name', op: 'eq', value: '无' }] }])
    expect(await ask(asDoctor, filter)).toMatchObject({ status: 400, body: { title: '该字段受保护，不能按部分内容或大小筛选' } })
  expect((await get(asDoctor, '', { sort: '-cost' })).status).toBe(400)
  expect((await get(asDoctor, '/count', { filter: JSON.stringify(guess) })).status).toBe(400)
  const whole = await ask(asDoctor, { field: 'cost', op: 'eq', value: 1234 })
  expect(whole.body.rows.map((row) => row.id)).toEqual([id])
  expect((await ask(asOfficer, guess, { sort: '-cost' })).status).toBe(200)
})
