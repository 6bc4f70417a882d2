import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FieldProblem, HistoryEntry, RecordAnswer } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { figuresOf, groupsOf, passes, roomsOf, valueOf, type BedMap } from './beds.rules.ts'
import type { NewsAnswer } from './news.ts'

let h: TestHospital
let office: HttpSession, secretary: HttpSession, nurse: HttpSession
let his: Awaited<ReturnType<TestHospital['client']>>
let department: string, ward: string, other: string, room: string
let clerk: string, keeper: string, worker: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02T02:00:00Z' })
  department = await h.unit('骨科')
  ward = await h.unit('骨科一病区', { kind: 'ward', parent: department, code: 'GK-1' })
  other = await h.unit('心内科病区', { kind: 'ward', parent: await h.unit('心内科'), code: 'XN-1' })
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  keeper = await h.person('何秀兰', { unit: '骨科', roles: ['departmentSecretary'] })
  worker = await h.person('赵敏', { unit: '骨科一病区' })
  his = await h.client('HIS', ['organisation.bedNews'])
  room = (await h.create('organisation.room', { ward, number: '01', kind: 'double' })).id
  for (const number of ['1', '2', '10']) await h.create('organisation.bed', { ward, number, ...(number === '10' ? {} : { room }) })
  await h.create('organisation.bed', { ward: other, number: '1', kind: 'monitored', speciality: department })
})
afterAll(() => h[Symbol.asyncDispose]())
beforeEach(async () => {
  h.clock.set('2026-03-02T02:00:00Z')
  ;[office, secretary, nurse] = [await h.signIn(clerk), await h.signIn(keeper), await h.signIn(worker)]
})
const record = (answer: HttpAnswer) => answer.json<RecordAnswer>().record
const problems = (answer: HttpAnswer) => answer.json<{ problems: FieldProblem[] }>().problems
const mapOf = async (who: HttpSession) => (await who.call('GET', '/api/organisation/beds')).json<BedMap>()
const send = (beds: unknown) => his('POST', '/api/organisation/beds/states', { beds })
const news = async (...beds: object[]) => (await send(beds)).json<NewsAnswer>()
const spot = async (number: string) => {
  const map = await mapOf(office)
  return map.beds.find((one) => one.number === number && map.units[one.ward]!.id === ward)!
}
const stored = async (number: string) => record(await office.call('GET', `/api/records/organisation.bed/${(await spot(number)).id}`))
const add = (draft: object) => office.call('POST', '/api/records/organisation.bed', { ward, ...draft })

test('the HIS tells how beds stand: the newest counts in whatever order it comes, twice is once, and each wrong line says why', async () => {
  const [early, late] = ['2026-03-02T09:00:00+08:00', '2026-03-02T09:30:00+08:00']
  expect(await news({ ward: 'GK-1', bed: '1', state: 'occupied', at: late })).toEqual({ changed: 1, same: 0, old: 0, wrong: [] })
  expect(await news({ ward: 'GK-1', bed: '1', state: 'occupied', at: late })).toEqual({ changed: 0, same: 1, old: 0, wrong: [] })
  expect(await news({ ward: 'GK-1', bed: '1', state: 'empty', at: early })).toEqual({ changed: 0, same: 0, old: 1, wrong: [] })
  // Confirmed by a later word, an earlier one that comes behind it changes nothing either.
  await news({ ward: 'GK-1', bed: '2', state: 'empty', at: late })
  expect(await news({ ward: 'GK-1', bed: '2', state: 'leaving', at: early })).toMatchObject({ old: 1 })
  // Within a batch, too; and what is said of the condition has a time of its own.
  expect(await news({ ward: 'GK-1', bed: '2', state: 'reserved', at: '2026-03-02T09:50:00+08:00' }, { ward: 'GK-1', bed: '2', state: 'cleaning', condition: 'isolated', at: '2026-03-02T09:40:00+08:00' })).toMatchObject({ changed: 1 })
  expect(await spot('1')).toMatchObject({ status: 'occupied', condition: 'normal' })
  expect(await spot('2')).toMatchObject({ status: 'reserved', condition: 'isolated' })
  const bed = await stored('1')
  const entries = (await office.call('GET', `/api/records/organisation.bed/${bed.id}/history`)).json<HistoryEntry[]>()
  expect(entries.filter(({ act }) => act === 'bed.news')).toHaveLength(1)

  await h.create('organisation.bed', { ward, number: '9', from: '2020-01-01', to: '2026-01-31' })
  const { wrong, changed } = await news(
    { ward: 'GK-9', bed: '1', state: 'empty', at: late }, { ward: 'GK-1', bed: '77', state: 'empty', at: late }, { ward: 'GK-1', bed: '1', state: 'asleep', at: late },
    { ward: 'GK-1', bed: '9', state: 'empty', at: late }, { ward: 'GK-1', bed: '1', at: late }, { ward: 'GK-1', bed: '1', state: 'empty', at: 'gestern' },
    { ward: 'GK-1', bed: '1', state: 'empty', at: '2026-03-03T09:00:00+08:00' }, { bed: '1' }, { ward: 'GK-1', bed: '10', state: 'occupied', at: late },
  )
  expect(changed).toBe(1)
  expect(wrong.map(({ line, message }) => `${line} ${message}`)).toEqual([
    '1 没有这张床', '2 没有这张床', '3 不认识的状态“asleep”', '4 该床位 2026-01-31 已停用', '5 缺少 state 或 condition',
    '6 时间 at 不对，如 2026-05-06T08:30:00+08:00', '7 时间 at 在将来', '8 缺少病区编码 ward 或床号 bed',
  ])
  expect((await send([])).status).toBe(400)
  expect((await send(Array.from({ length: 2001 }, () => ({})))).json<{ title: string; detail?: string }>()).toMatchObject({ status: 400 })
}) // prettier-ignore

test('the ward says that a bed is broken, and news from before says nothing of it any more; what beds there are it does not change', async () => {
  const { id, version } = await stored('10')
  const at = `/api/records/organisation.bed/${id}`
  const marked = await secretary.call('PATCH', at, { version, changes: { condition: 'damaged' } })
  expect(record(marked)).toMatchObject({ condition: 'damaged', conditionAt: '2026-03-02T02:00:00.000Z' })
  await news({ ward: 'GK-1', bed: '10', state: 'leaving', condition: 'normal', at: '2026-03-02T09:45:00+08:00' })
  expect(await stored('10')).toMatchObject({ condition: 'damaged', status: 'leaving' })
  const moved = await secretary.call('PATCH', at, { version: (await stored('10')).version, changes: { number: '11' } })
  expect(problems(moved)).toEqual([{ field: 'number', message: '此项不能修改' }])
  expect((await nurse.call('PATCH', at, { version, changes: { condition: 'normal' } })).status).toBe(403)
  expect((await secretary.call('POST', '/api/records/organisation.bed', { ward, number: '55' })).status).toBe(403)
})

test('what cannot be is refused at its field', async () => {
  expect(problems(await add({ number: '1' }))).toEqual([{ field: 'number', message: '已有相同的病区＋床号' }])
  expect(problems(await add({ ward: null, number: '60' }))).toEqual([{ field: 'ward', message: '请填写病区' }])
  expect(problems(await add({ ward: department, number: '60' }))).toEqual([
    { field: 'ward', message: '所选病区不在可选范围内，请重新选择' },
  ])
  expect(problems(await add({ ward: other, number: '60', room }))).toEqual([{ field: 'room', message: '所选房间与“病区”不符，请重新选择' }])
  expect(problems(await add({ number: '60', from: '2026-03-02', to: '2026-03-01' }))).toEqual([
    { field: 'to', message: '不能早于启用日期' },
  ])
  const { id, version } = await stored('1')
  const closed = await office.call('PATCH', `/api/records/organisation.bed/${id}`, { version, changes: { to: '2026-03-02' } })
  expect(problems(closed)).toEqual([{ field: 'to', message: '床位上还有病人，请先改为空床再停用' }])
})

test('everybody sees the beds of his own unit, the office all; a bed counts from its first day to its last; a bed’s speciality is its ward’s department', async () => {
  const seen = async (who: HttpSession) => {
    const map = await mapOf(who)
    return groupsOf(map, map.beds, 'ward').map(({ unit, spots }) => `${unit!.name} ${spots.length}`)
  }
  expect([await seen(nurse), await seen(secretary)]).toEqual([['骨科一病区 3'], ['骨科一病区 3']])
  expect(await seen(office)).toEqual(['骨科一病区 3', '心内科病区 1'])
  const map = await mapOf(office)
  expect(groupsOf(map, map.beds, 'speciality').map(({ unit, spots }) => [unit!.name, spots.length])).toEqual([['骨科', 4]])
  await add({ number: '20', from: '2026-03-10', to: '2026-03-12' })
  expect(await spot('20')).toBeUndefined()
  h.clock.set('2026-03-10')
  office = await h.signIn(clerk)
  expect(await spot('20')).toMatchObject({ status: 'empty' })
  h.clock.set('2026-03-13')
  office = await h.signIn(clerk)
  expect(await spot('20')).toBeUndefined()
  const again = await office.call('GET', '/api/organisation/beds', undefined, { 'if-none-match': String((await office.call('GET', '/api/organisation/beds')).headers['etag']) }) // prettier-ignore
  expect(again.status).toBe(304)
})

test('a dimension is counted among what passes the others; rooms stand in the order of their numbers, beds without one behind them', () => {
  const spotAt = (number: string, more: object = {}) => ({ id: number, number, ward: 0, speciality: null, room: null, kind: 'ordinary', opening: 'rated', status: 'empty', condition: 'normal', ...more }) // prettier-ignore
  const map: BedMap = {
    day: '2026-03-02', heardAt: null, units: [{ id: 'w', name: '一病区' }], rooms: [{ number: '10', kind: 'double' }, { number: '2', kind: 'single' }],
    beds: [spotAt('12', { room: 0, status: 'occupied' }), spotAt('2', { room: 0 }), spotAt('1', { room: 1 }), spotAt('99', { status: 'onLoan' })],
  } // prettier-ignore
  const words = { empty: '空床', occupied: '在院' }
  const counted = (filter = {}) =>
    figuresOf(map, map.beds, 'status', words, filter).map(({ label, count, share }) => `${label} ${count} ${share}%`)
  expect(counted()).toEqual(['空床 2 50%', '在院 1 25%', 'onLoan 1 25%'])
  expect(counted({ status: 'empty', room: 'double' })).toEqual(['空床 1 50%', '在院 1 50%'])
  expect(map.beds.filter((one) => passes(map, one, { room: '' })).map((one) => valueOf(map, one, 'status'))).toEqual(['onLoan'])
  expect(roomsOf(map, map.beds).map(({ room: one, spots }) => [one?.number, ...spots.map(({ number }) => number)])).toEqual([['2', '1'], ['10', '2', '12'], [undefined, '99']]) // prettier-ignore
})
