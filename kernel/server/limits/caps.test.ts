import { afterAll, beforeAll, expect, test } from 'vitest'
import { boolean, integer, is, may, module, person, reference, resource, text, unit, type ApprovalAnswer, type Filter } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { csv, importFile } from '#app/testing/imports.ts'

const device = resource('lend.device', {
  label: '设备',
  title: 'name',
  fields: { name: text('名称', { required: true, max: 40, search: true }), stock: integer('库存', { required: true }) },
  list: { columns: ['name', 'stock'] },
})
const loan = resource('lend.loan', {
  label: '借用',
  title: 'purpose',
  owner: { person: 'createdBy' },
  fields: {
    purpose: text('用途', { required: true, max: 40 }),
    device: reference('设备', 'lend.device', { required: true }),
    count: integer('数量', { required: true }),
    returned: boolean('已归还', { readOnly: true }),
    returnedAt: text('归还说明', { readOnly: true, max: 40 }),
    keeper: person('经手人', { readOnly: true }),
  },
  limits: {
    caps: [{ by: 'device', per: 'ever', most: { field: 'stock' }, amount: 'count', where: { not: is('returned', true) } }],
  },
  buttons: [
    {
      name: 'giveBack',
      label: '归还',
      when: 'returned != true',
      confirm: '已经收到归还的设备？',
      many: true,
      does: { set: { returned: { value: true }, returnedAt: { expression: 'purpose + "已还"' }, keeper: { word: 'me' } } },
    },
  ],
})
const pledge = resource('lend.pledge', {
  label: '承诺书',
  title: 'said',
  owner: { person: 'createdBy' },
  fields: { said: text('承诺', { required: true, max: 40 }) },
  limits: { caps: [{ by: 'person', per: 'year', most: 1 }] },
})
const seat = resource('lend.seat', {
  label: '报名',
  title: 'who',
  owner: { person: 'createdBy', department: 'unit' },
  fields: { who: text('姓名', { required: true, max: 40 }), unit: unit('科室', { required: true, default: 'myUnit' }), given: text('座位', { readOnly: true, max: 10 }) },
  approval: 'lend.seatFlow',
  limits: { open: { from: '2026-06-01', until: '2026-06-20', days: [1, 2, 3, 4, 5], hours: { from: '08:00', until: '18:00' } }, caps: [{ by: 'all', per: 'ever', most: 2 }] },
  buttons: [{ name: 'give', label: '排座', does: { set: { given: { value: 'A1' } } } }],
}) // prettier-ignore
const seatFlow = flow<Filter>('lend.seatFlow', { label: '报名审批', steps: [approve('head', '科主任审核', { by: headOf('unit') })] })
const lend = module('lend', {
  label: '借用',
  dependsOn: ['organisation', 'staff'],
  resources: [device, loan, pledge, seat],
  flows: [seatFlow],
  roles: {
    staffMember: [may.read(device), may.readOwn(loan), may.create(loan), may.update(loan, 'own'), may.readOwn(pledge), may.create(pledge), may.readOwn(seat), may.create(seat), may.update(seat, 'own')],
    departmentHead: [may.read(seat, 'myUnits')],
    medicalOffice: [may.all(device), may.all(loan), may.all(pledge), may.all(seat)],
  },
}) // prettier-ignore

let h: TestHospital
let office: HttpSession, one: HttpSession, two: HttpSession, head: HttpSession
let first: string, scope: string
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([lend]) })
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  first = await h.person('张海涛', { unit: '骨科' })
  ;[one, two] = [await h.signIn(first), await h.signIn(await h.person('吴静', { unit: '骨科' }))]
  head = await h.signIn(await h.person('李卫东', { unit: '骨科', post: 'head', roles: ['departmentHead'] }))
  scope = (await h.create('lend.device', { name: '便携超声', stock: 5 })).id
})
afterAll(() => h[Symbol.asyncDispose]())

type Answer = { record: { id: string; version: number } & Record<string, unknown> }
const lendTo = (who: HttpSession, count: number, purpose = '会诊') =>
  who.call('POST', '/api/records/lend.loan', { purpose, device: scope, count })
const problems = (answer: { json: <T>() => T }) => answer.json<{ problems: { field: string; message: string }[] }>().problems

test('of a stock no more is lent than there is, however many ask at once; what comes back can be lent again', async () => {
  const asked = await Promise.all(Array.from({ length: 8 }, (_, n) => lendTo(n % 2 ? one : two, 2)))
  expect(asked.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 201, ...Array.from({ length: 6 }, () => 422)])
  const refused = asked.find(({ status }) => status === 422)!
  expect(problems(refused)).toEqual([{ field: 'count', message: '“便携超声”只剩 1' }])
  expect((await lendTo(one, 1)).status).toBe(201)
  expect(problems(await lendTo(one, 1))).toEqual([{ field: 'count', message: '“便携超声”已经没有了，最多 5' }])
  // Below what is out it is not said to be; more may be bought.
  const { record } = (await office.call('GET', `/api/records/lend.device/${scope}`)).json<Answer>()
  const set = (stock: number) => office.call('PATCH', `/api/records/lend.device/${scope}`, { version: record.version, changes: { stock } })
  expect(problems(await set(4))).toEqual([{ field: 'stock', message: '“借用”已经占用 5，不能少于它' }])
  const mine = asked.find(({ status }) => status === 201)!.json<Answer>().record
  const pressed = await office.call('POST', `/api/records/lend.loan/${mine.id}/press/giveBack`, { version: mine.version })
  expect(pressed.status, pressed.text).toBe(200)
  expect(pressed.json<Answer>().record).toMatchObject({ returned: true, returnedAt: '会诊已还' })
  expect((await office.call('POST', `/api/records/lend.loan/${mine.id}/press/giveBack`, { version: mine.version + 1 })).text).toMatch(
    '现在不能“归还”',
  )
  expect((await lendTo(two, 3)).status).toBe(422)
  const last = (await lendTo(two, 2)).json<Answer>().record
  const more = (count: number) => two.call('PATCH', `/api/records/lend.loan/${last.id}`, { version: last.version, changes: { count } })
  expect(problems(await more(3))).toEqual([{ field: 'count', message: '“便携超声”只剩 2' }])
  // Deleted, it is free; taken by another, it cannot be brought back.
  expect((await office.call('DELETE', `/api/records/lend.loan/${last.id}?version=${last.version}`)).status).toBe(200)
  expect((await lendTo(one, 1)).status).toBe(201)
  const back = await office.call('POST', `/api/records/lend.loan/${last.id}/restore`, { version: last.version + 1 })
  expect(problems(back)).toEqual([{ field: 'count', message: '“便携超声”只剩 1' }])
})

test('a button writes by the rights of whoever presses it, and only on the record as it was seen', async () => {
  const other = (await h.create('lend.device', { name: '推车', stock: 9 })).id
  const { record } = (await one.call('POST', '/api/records/lend.loan', { purpose: '转运', device: other, count: 1 })).json<Answer>()
  const press = (who: HttpSession, version = record.version, button = 'giveBack') => who.call('POST', `/api/records/lend.loan/${record.id}/press/${button}`, { version })
  expect((await press(two)).status).toBe(404)
  expect((await press(one, 9)).status).toBe(409)
  expect((await press(one, 1, 'nothing')).status).toBe(404)
  // What a form does not offer nobody types.
  expect((await one.call('PATCH', `/api/records/lend.loan/${record.id}`, { version: 1, changes: { returned: true } })).status).toBe(422)
  expect((await press(one)).json<Answer>().record).toMatchObject({ returned: true, keeper: expect.any(String) as string })
}) // prettier-ignore

test('once a year each, told before and held when he saves; an import is held to it, too', async () => {
  const say = (who: HttpSession) => who.call('POST', '/api/records/lend.pledge', { said: '廉洁行医' })
  const why = async (who: HttpSession) =>
    (await who.call('GET', '/api/records/lend.pledge/limits')).json<{ problem: string | null }>().problem
  expect(await why(one)).toBeNull()
  const both = await Promise.all([say(one), say(one)])
  expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 422])
  expect(await why(one)).toBe('每人今年只能填 1 次，您已经填过')
  expect(await why(two)).toBeNull()
  expect((await say(two)).status).toBe(201)
  h.clock.set('2027-02-01T02:00:00Z')
  expect(await why(await h.signIn(first))).toBeNull()
  h.clock.set('2026-06-15T04:00:00Z')
  expect((await say(office)).status).toBe(201)
  const officer = await h.as(await h.person('李丽', { unit: '医务处', roles: ['medicalOffice'] }))
  const work = await importFile(h, officer, 'lend.pledge', csv([['承诺'], ['一'], ['二']]))
  await work.preview()
  await expect(work.run()).rejects.toThrow('每人今年只能填 1 次，您已经填过')
  expect(await h.kernel.db.query(`SELECT 1 FROM lend.pledge WHERE said = '一'`)).toEqual([])
})

test('what is under approval takes its place when it is submitted and gives it back when it is refused; outside the hours nothing is begun', async () => {
  const ask = (who: HttpSession, name: string) => who.call('POST', '/api/flows/submit/lend.seat', { draft: { who: name }, actId: newActId() })
  const begun = (await ask(one, '甲')).json<{ instance: string; record: string }>()
  expect((await ask(two, '乙')).status).toBeLessThan(300)
  const full = await ask(one, '丙')
  expect(full.status).toBe(422)
  expect(problems(full)).toEqual([{ field: '', message: '名额已满：最多 2 份' }])
  const decide = async (instance: string, kind: 'approve' | 'reject') => {
    const page = (await head.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
    const answer = await head.call('POST', `/api/approvals/${instance}/acts`, { kind, opinion: '见意见', actId: newActId(), task: page.my.task!.id, seenVersion: page.record.version })
    expect(answer.status, answer.text).toBeLessThan(300)
  }
  await decide(begun.instance, 'reject')
  const third = (await ask(one, '丙')).json<{ instance: string; record: string }>()
  await decide(third.instance, 'approve')
  // Of what is approved a button asks for the change.
  const { record } = (await one.call('GET', `/api/records/lend.seat/${third.record}`)).json<Answer>()
  const pressed = (await one.call('POST', `/api/records/lend.seat/${third.record}/press/give`, { version: record.version })).json<{ instances: string[] }>()
  expect(pressed.instances).toHaveLength(1)
  await decide(pressed.instances[0]!, 'approve')
  expect((await one.call('GET', `/api/records/lend.seat/${third.record}`)).json<Answer>().record['given']).toBe('A1')
  h.clock.set('2026-06-14T04:00:00Z')
  expect((await ask(one, '丁')).text).toMatch('“报名”现在不在开放时间：开放时间为 2026-06-01 至 2026-06-20 每周一、二、三、四、五 08:00–18:00')
  h.clock.set('2026-06-15T10:30:00Z')
  expect((await (await h.signIn(first)).call('GET', '/api/records/lend.seat/limits')).text).toMatch('现在不在开放时间')
  h.clock.set('2026-06-15T04:00:00Z')
}) // prettier-ignore
