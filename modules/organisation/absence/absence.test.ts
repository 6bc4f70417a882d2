import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, is, type ApiRecord, type ListAnswer, type RecordAnswer } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { runDailyJobs } from '#kernel/server/jobs/schedule.ts'
import type { FeedAnswer } from '../feed/feed.rules.ts'

let h: TestHospital
let office: HttpSession, officer: HttpSession
let clerk: string, engineer: string
beforeAll(async () => {
  h = await hospital({ at: '2026-03-02' })
  await h.unit('普外科')
  clerk = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] })
  engineer = await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] })
  await at('2026-03-02')
  await officer.call('POST', '/api/records/organisation.feedSource', { name: 'OA', code: 'oa', system: 'OA', tells: ['absences'] })
})
afterAll(() => h[Symbol.asyncDispose]())
async function at(day: string): Promise<void> {
  h.clock.set(day)
  await runDailyJobs(h.kernel)
  office = await h.signIn(clerk)
  officer = await h.signIn(engineer)
}
const send = (...absences: object[]) => officer.call('POST', '/api/organisation/feeds/oa/absences', { absences })
async function tell(...absences: object[]): Promise<FeedAnswer> {
  const answer = await send(...absences)
  expect(answer.status, answer.text).toBe(200)
  return answer.json<FeedAnswer>()
}
async function rowsOf(type: string, ...conditions: Parameters<typeof all>): Promise<ApiRecord[]> {
  const query = new URLSearchParams({ filter: JSON.stringify(all(...conditions)), limit: '200' })
  return (await office.call('GET', `/api/records/${type}?${query.toString()}`)).json<ListAnswer>().rows
}
const file = async (id: string) => (await office.call('GET', `/api/records/directory.person/${id}`)).json<RecordAnswer>().record
const status = async (id: string) => { const { status: held, awayAs } = await file(id); return [held, awayAs] } // prettier-ignore
const openLines = (key: string) => rowsOf('organisation.feedLine', is('key', key), is('status', 'open'))
const tracks = async (person: string) =>
  (await rowsOf('organisation.movement', is('person', person), is('status', 'active'))).map((one) => [one['kind'], one['from'], one['until'] ?? null]).toSorted((a, b) => String(a[1]).localeCompare(String(b[1]))) // prettier-ignore
let next = 0
const somebody = async (name: string) => {
  const number = `B${++next}`
  return { number, name, person: await h.person(name, { unit: '普外科', staffNumber: number }) }
}

test('what OA tells is done once: he is away from the day, in file, list and 医师动态; another end moves the end; he is back by himself on the day after', async () => {
  const { person, ...zhang } = await somebody('张海涛')
  const asked = { ...zhang, key: 'QJ-1', kind: '休假', from: '2026.3.2', until: '2026年3月6日', reason: '年假' }
  expect(await tell(asked)).toMatchObject({ status: 'applied', total: 1, added: 1, doubtful: 0, refused: 0 })
  expect(await status(person)).toEqual(['away', 'leave'])
  expect(await rowsOf('directory.person', is('status', 'away'))).toMatchObject([{ id: person }])
  expect((await office.call('GET', '/api/staff/dynamics?asOf=2026-03-02&since=2026-03-01')).json<{ whole: object }>().whole).toMatchObject({ onLeave: 1 })
  expect(await tell(asked, asked)).toMatchObject({ same: 1, added: 0 })
  expect(await tell({ ...asked, until: '2026-03-04' })).toMatchObject({ changed: 1 })
  expect(await tracks(person)).toEqual([['away', '2026-03-02', '2026-03-04']])
  await at('2026-03-05')
  expect(await status(person)).toEqual(['active', null])
  // He stays longer than he first asked for: the return that came of itself is taken back.
  expect(await tell({ ...asked, until: '2026-03-10' })).toMatchObject({ changed: 1 })
  expect(await status(person)).toEqual(['away', 'leave'])
  expect(await tracks(person)).toEqual([['away', '2026-03-02', '2026-03-10']])
  await at('2026-03-11')
  expect(await tracks(person)).toEqual([['away', '2026-03-02', '2026-03-10'], ['back', '2026-03-11', null]])
  expect(await rowsOf('organisation.absence', is('person', person))).toMatchObject([{ key: 'QJ-1', kind: 'leave', from: '2026-03-02', until: '2026-03-10', status: 'active' }])
}) // prettier-ignore

test('several are planned in any order, one may follow the other; a planned one falls away when it is cancelled', async () => {
  const { person, ...wu } = await somebody('吴静')
  await tell(
    { ...wu, key: 'P-2', kind: 'training', from: '2026-03-16', until: '2026-03-20' },
    { ...wu, key: 'P-3', kind: 'leave', from: '2026-04-01', until: '2026-04-02' },
    { ...wu, key: 'P-1', kind: 'outing', from: '2026-03-12', until: '2026-03-15' },
  )
  expect(await status(person)).toEqual(['active', null])
  for (const [day, held] of [['2026-03-12', 'outing'], ['2026-03-16', 'training'], ['2026-03-21', null]] as const) {
    await at(day)
    expect((await status(person))[1]).toBe(held)
  }
  expect(await tell({ ...wu, key: 'P-3', kind: 'leave', from: '2026-04-01', until: '2026-04-02', cancelled: true })).toMatchObject({ changed: 1 })
  expect(await tell({ ...wu, key: 'P-3', kind: 'leave', from: '2026-04-01', until: '2026-04-02', cancelled: true })).toMatchObject({ same: 1 })
  await at('2026-04-01')
  expect(await status(person)).toEqual(['active', null])
}) // prettier-ignore

test('a cancelled one is taken back while it may be, else he is back from today', async () => {
  const [li, sun] = [await somebody('李梅'), await somebody('孙立')]
  await at('2026-05-02')
  const asked = { kind: 'leave', from: '2026-05-02', until: '2026-05-31' }
  await tell({ ...asked, number: li.number, name: li.name, key: 'C-1' }, { ...asked, number: sun.number, name: sun.name, key: 'C-2' })
  await at('2026-05-05')
  expect(await tell({ ...asked, number: li.number, key: 'C-1', name: li.name, cancelled: true })).toMatchObject({ changed: 1 })
  expect(await tracks(li.person)).toEqual([])
  await at('2026-05-06')
  expect(await tell({ ...asked, number: sun.number, name: sun.name, key: 'C-2', cancelled: true })).toMatchObject({ changed: 1 })
  expect(await tracks(sun.person)).toEqual([['away', '2026-05-02', '2026-05-05'], ['back', '2026-05-06', null]])
  for (const { person } of [li, sun]) expect(await status(person)).toEqual(['active', null])
}) // prettier-ignore

test('whoever is not surely known is claimed, with all that was told of him; what overlaps with what the office entered says so, and nothing of it is done', async () => {
  await at('2026-06-02')
  const { person, ...chen } = await somebody('陈芳')
  const asked = { number: '77', name: '陈芳', kind: 'leave' }
  const told = [{ ...asked, key: 'D-1', from: '2026-06-02', until: '2026-06-03' }, { ...asked, key: 'D-2', from: '2026-06-09', until: '2026-06-10' }]
  expect(await tell(...told)).toMatchObject({ doubtful: 2 })
  expect(await tell(...told)).toMatchObject({ doubtful: 2 })
  const [line, more] = await openLines('D-1')
  expect(more).toBeUndefined()
  expect(line).toMatchObject({ outcome: 'doubtful', message: '可能是已有的人员：陈芳', candidates: [person] })
  const claim = (body: object) => office.call('POST', `/api/organisation/feed-lines/${line!.id}/claim`, { version: line!.version, ...body })
  expect((await claim({ person: null })).text).toContain('只能认领为已有人员')
  expect((await claim({ person })).status).toBe(200)
  expect(await status(person)).toEqual(['away', 'leave'])
  expect([await openLines('D-1'), await openLines('D-2')]).toEqual([[], []])
  expect(await tell(...told)).toMatchObject({ same: 2, doubtful: 0 })

  const away = { person, kind: 'away', away: 'training', from: '2026-07-01', until: '2026-07-30' }
  expect((await office.call('POST', '/api/records/organisation.movement', away)).status).toBe(201)
  const wrong = await tell(
    { ...chen, key: 'D-3', kind: 'leave', from: '2026-07-10', until: '2026-07-12' },
    { ...chen, key: 'D-4', kind: 'leave', from: '2026-06-10', until: '2026-06-12' },
    { ...chen, key: 'D-5', kind: '冬眠', from: '2026-02-30', until: '' },
    { ...chen, key: 'D-6', kind: 'leave', from: '2026-06-20', until: '2026-06-19' },
  )
  expect(wrong).toMatchObject({ refused: 4, added: 0 })
  const messages = await Promise.all(['D-3', 'D-4', 'D-5', 'D-6'].map(async (key) => (await openLines(key))[0]!['message']))
  expect(messages).toEqual([
    '与已登记的离岗重叠（2026-07-01 起，预计 2026-07-30 返岗）',
    '与 2026-06-09 至 2026-06-10 的休假重叠',
    expect.stringMatching(/类型“冬眠”：.*；起“2026-02-30”：.*；止“”：没有填写/),
    '止日 2026-06-19 早于起日 2026-06-20',
  ])
  expect(await rowsOf('organisation.absence', is('person', person))).toHaveLength(2)
}) // prettier-ignore

test('only a source that may tell of absences is heard, and only a program that may send; who is away sees his own', async () => {
  await at('2026-08-02')
  const { person, ...zhao } = await somebody('赵敏')
  const asked = { ...zhao, key: 'E-1', kind: 'leave', from: '2026-08-02', until: '2026-08-03' }
  await officer.call('POST', '/api/records/organisation.feedSource', { name: '人力系统', code: 'hr', system: 'HR' })
  expect((await officer.call('POST', '/api/organisation/feeds/hr/absences', { absences: [asked] })).text).toContain(
    '没有勾选提供请假与外出',
  )
  expect((await office.call('POST', '/api/organisation/feeds/oa/absences', { absences: [asked] })).status).toBe(403)
  expect((await send()).text).toContain('缺少 absences')
  await tell(asked)
  const own = await h.signIn(person)
  expect((await own.call('GET', '/api/records/organisation.absence')).json<ListAnswer>().rows).toMatchObject([{ person, key: 'E-1' }])
})
