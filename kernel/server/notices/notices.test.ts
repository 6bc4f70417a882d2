import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  addDays,
  type Counts,
  type MessageItem,
  type NoticeAnswer,
  type NoticeComments,
  type NoticePage,
  type NoticeReaders,
  type NoticeStatistic,
  type RecordAnswer,
} from '#model'
import { updateRecordOf } from '../records/write.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let bone: string
const people: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ at: '2026-11-20T10:00:00+08:00' })
  bone = await h.unit('骨科')
  await h.unit('骨一病区', { parent: bone, kind: 'ward' })
  for (const [name, unit] of [['甲医生', '骨科'], ['乙护士', '骨一病区'], ['丙医生', '心内科']] as const) people[name] = await h.person(name, { unit }) // prettier-ignore
  people['医务处长'] = await h.person('医务处长', { unit: '医务处', roles: ['medicalOffice'] })
  people['骨科主任'] = await h.person('骨科主任', { unit: '骨科', roles: ['departmentHead'] })
})
// Each test begins some days after the one before: sessions do not come out of the future.
let first = '2026-11-17'
beforeEach(() => {
  first = addDays(first, 3)
  go(0, '10:00')
})
const go = (days: number, time: string) => h.clock.set(`${addDays(first, days)}T${time}:00+08:00`)
const instant = (days: number, time: string) => new Date(`${addDays(first, days)}T${time}:00+08:00`).toISOString()
afterAll(() => h[Symbol.asyncDispose]())

const by = async (name: string, method: string, url: string, body?: unknown) => (await h.signIn(people[name]!)).call(method, url, body)
const body = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: '请各科室按要求落实。' }] }] }
const draft = async (name: string, title: string, more: object = {}) =>
  (await by(name, 'POST', '/api/records/notices.notice', { title, body, ...more })).json<RecordAnswer>().record
async function published(name: string, title: string, more: object = {}): Promise<string> {
  const { id, version } = await draft(name, title, more)
  const answer = await by(name, 'POST', `/api/notices/${id}/publish`, { version })
  expect(answer.text).toMatch(/readers/)
  return id
}
const list = async (name: string, query = '') => (await by(name, 'GET', `/api/notices${query}`)).json<NoticePage>()
const titles = async (name: string, query = '') => (await list(name, query)).rows.map(({ title }) => title)
const counts = async (name: string) => (await by(name, 'GET', '/api/counts')).json<Counts>()

test('A0738 a notice of the hospital reaches everybody at work, one of a unit those of it and below; both are counted apart', async () => {
  await published('医务处长', '院内一', { kind: 'hospital' })
  await published('骨科主任', '科内一', { kind: 'unit' })
  expect(await titles('甲医生')).toEqual(['科内一', '院内一'])
  expect(await titles('乙护士', '?kind=unit')).toEqual(['科内一'])
  expect(await titles('丙医生')).toEqual(['院内一'])
  const { counts: of } = await list('乙护士')
  expect(of).toEqual({ hospital: 1, unit: 1, unreadHospital: 1, unreadUnit: 1 })
  expect(await titles('甲医生', '?q=院内')).toEqual(['院内一'])
  const messages = (await by('丙医生', 'GET', '/api/messages')).json<MessageItem[]>()
  expect(messages.map(({ kind, title }) => [kind, title])).toEqual([['notice', '通知：院内一']])
})

test('A0740 chosen readers: units with what is below, posts, people; comments only where they are allowed; a range without anybody is refused', async () => {
  const id = await published('医务处长', '只给这些', { kind: 'hospital', to: [`person:${people['丙医生']}`, `unit:${await h.unit('骨一病区')}`, 'post:head'], comments: false })
  expect([await titles('丙医生', '?q=只给'), await titles('乙护士', '?q=只给'), await titles('甲医生', '?q=只给')]).toEqual([['只给这些'], ['只给这些'], []])
  expect((await by('甲医生', 'GET', `/api/notices/${id}`)).status).toBe(404)
  const refused = await by('丙医生', 'POST', `/api/notices/${id}/comments`, { text: '收到' })
  expect([refused.status, refused.json()['title']]).toEqual([409, '这个通知不允许评论'])
  const nobody = await draft('骨科主任', '没有人', { to: [`person:${people['丙医生']}`] })
  const answer = await by('骨科主任', 'POST', `/api/notices/${nobody.id}/publish`, { version: nobody.version })
  expect([answer.status, answer.json()['problems']]).toEqual([422, [{ field: 'to', message: '接收范围内没有在岗人员' }]])
}) // prettier-ignore

test('A0741 A0742 who read when, as a timeline, with today’s number; readers who are watched stand apart and are found by name', async () => {
  const watched = [people['甲医生']!, people['乙护士']!]
  const id = await published('骨科主任', '须关注', { watched })
  go(0, '15:00')
  await by('乙护士', 'POST', `/api/notices/${id}/read`)
  go(1, '09:00')
  for (let n = 0; n < 2; n++) await by('甲医生', 'POST', `/api/notices/${id}/read`)
  const readers = async (query: string) => (await by('骨科主任', 'GET', `/api/notices/${id}/readers${query}`)).json<NoticeReaders>()
  const { rows, ...sums } = await readers('')
  expect(rows.map(({ personName, unitName, readAt }) => [personName, unitName, readAt])).toEqual([
    ['甲医生', '骨科', instant(1, '09:00')],
    ['乙护士', '骨一病区', instant(0, '15:00')],
  ])
  expect(sums).toEqual({ next: null, total: 3, read: 2, readToday: 1, watched: 2, watchedRead: 2 })
  expect((await readers('?view=unread')).rows.map(({ personName }) => personName)).toEqual(['骨科主任'])
  expect((await readers(`?view=all&q=${encodeURIComponent('主任')}`)).rows.map(({ readAt }) => readAt)).toEqual([null])
  expect((await readers('?view=watched')).rows.map(({ personName }) => personName)).toEqual(['乙护士', '甲医生'])
  expect((await by('甲医生', 'GET', `/api/notices/${id}/readers`)).status).toBe(404)
  const outside = await draft('骨科主任', '关注错了', { watched: [people['丙医生']!] })
  expect((await by('骨科主任', 'POST', `/api/notices/${outside.id}/publish`, { version: outside.version })).json()['problems']).toEqual([{ field: 'watched', message: '不在接收范围内：丙医生' }])
}) // prettier-ignore

test('A0743 comments by time, today’s number, one’s own and the manager’s to remove', async () => {
  const id = await published('骨科主任', '可评论')
  const say = async (name: string, text: string) => (await by(name, 'POST', `/api/notices/${id}/comments`, { text })).json<{ id: string }>().id
  await say('甲医生', '昨天说的')
  go(1, '09:00')
  const mine = await say('乙护士', '今天说的')
  const comments = async (name: string) => (await by(name, 'GET', `/api/notices/${id}/comments`)).json<NoticeComments>()
  expect(await comments('甲医生')).toMatchObject({ total: 2, today: 1, rows: [{ text: '今天说的', mayRemove: false, unitName: '骨一病区' }, { text: '昨天说的', mayRemove: true }] })
  expect((await by('甲医生', 'DELETE', `/api/notices/${id}/comments/${mine}`)).status).toBe(404)
  expect((await by('骨科主任', 'DELETE', `/api/notices/${id}/comments/${mine}`)).status).toBe(200)
  expect((await comments('甲医生')).rows.map(({ text }) => text)).toEqual(['昨天说的'])
  expect((await by('甲医生', 'POST', `/api/notices/${id}/comments`, { text: ' ' })).json()['problems']).toEqual([{ field: 'text', message: '请填写评论' }])
  expect((await by('丙医生', 'GET', `/api/notices/${id}/comments`)).status).toBe(404)
}) // prettier-ignore

test('what must be read is asked for at sign-in until it is read, its day is over, or it is withdrawn with its reason', async () => {
  const one = await published('医务处长', '必读一', { kind: 'hospital', mustRead: true })
  const two = await published('医务处长', '必读二', { kind: 'hospital', mustRead: true, until: addDays(first, 1) })
  const must = async (name: string) => (await by(name, 'GET', '/api/notices/must-read')).json<string[]>()
  expect([await must('丙医生'), (await counts('丙医生')).mustRead]).toEqual([[one, two], 2])
  await by('丙医生', 'POST', `/api/notices/${one}/read`)
  expect(await must('丙医生')).toEqual([two])
  go(2, '09:00')
  expect([await must('丙医生'), await must('甲医生')]).toEqual([[], [one]])
  expect((await by('医务处长', 'POST', `/api/notices/${one}/withdraw`, {})).json()['problems']).toEqual([{ field: 'reason', message: '请填写撤回的原因' }])
  expect((await by('医务处长', 'POST', `/api/notices/${one}/withdraw`, { reason: '内容有误' })).status).toBe(200)
  expect([await must('甲医生'), await titles('甲医生', '?q=必读一')]).toEqual([[], []])
  expect((await by('丙医生', 'GET', `/api/notices/${one}`)).json<NoticeAnswer>()).toMatchObject({ withdrawn: '内容有误', body: null, files: [] })
  expect((await by('丙医生', 'GET', '/api/messages')).json<MessageItem[]>()[0]).toMatchObject({ title: '通知已撤回：必读一', body: '内容有误' })
}) // prettier-ignore

test('what was published stays as it was read; a head publishes for his own unit only, once', async () => {
  const id = await published('骨科主任', '不再改')
  const { record } = (await by('骨科主任', 'GET', `/api/records/notices.notice/${id}`)).json<RecordAnswer>()
  const change = await by('骨科主任', 'PATCH', `/api/records/notices.notice/${id}`, { version: record.version, changes: { title: '改了' } })
  expect([change.status, change.json()['problems']]).toEqual([422, [{ field: 'title', message: '已发布的通知不能修改，可撤回后另发' }]])
  expect((await by('骨科主任', 'POST', `/api/notices/${id}/publish`, { version: record.version })).json()['title']).toBe('这个通知已经发布过')
  const whole = await by('骨科主任', 'POST', '/api/records/notices.notice', { title: '全院', body, kind: 'hospital' })
  expect([whole.status, whole.json()['problems']]).toEqual([422, [{ field: 'kind', message: '您只能发布科内通知' }]])
  const elsewhere = await by('骨科主任', 'POST', '/api/records/notices.notice', { title: '别科', body, unit: await h.unit('心内科') })
  expect(elsewhere.status).toBe(403)
  // What was published is withdrawn, with its reason, and never deleted; a notice of the hospital is not a department's to take back, whoever wrote it.
  const { version } = (await by('骨科主任', 'GET', `/api/records/notices.notice/${id}`)).json<RecordAnswer>().record
  expect((await by('骨科主任', 'DELETE', `/api/records/notices.notice/${id}?version=${version}`)).json()['title']).toBe('发布过的通知不能删除，可撤回')
  const ours = await published('医务处长', '以骨科名义', { kind: 'hospital', unit: bone })
  expect((await by('骨科主任', 'POST', `/api/notices/${ours}/withdraw`, { reason: '不要' })).status).toBe(404)
  expect((await by('骨科主任', 'GET', `/api/notices/${ours}/readers`)).status).toBe(404)
  const mine = await draft('骨科主任', '草稿')
  expect((await by('甲医生', 'GET', `/api/notices/${mine.id}`)).status).toBe(404)
  expect((await by('甲医生', 'POST', `/api/notices/${mine.id}/publish`, { version: mine.version })).status).toBe(404)
  expect((await by('骨科主任', 'POST', `/api/notices/${mine.id}/publish`, { version: mine.version + 1 })).status).toBe(409)
}) // prettier-ignore

test('an officer, who holds no other role, reads what is for everybody; records that are merged may stand in what was published', async () => {
  people['安全管理员'] = await h.person('安全管理员', { unit: '信息科', roles: ['securityOfficer'] })
  const id = await published('医务处长', '给所有人', { kind: 'hospital' })
  expect((await by('安全管理员', 'GET', `/api/notices/${id}`)).status).toBe(200)
  const other = await h.unit('骨科二部')
  const { record } = (await by('医务处长', 'GET', `/api/records/notices.notice/${id}`)).json<RecordAnswer>()
  // As the merging of two units does it.
  await updateRecordOf(
    h.kernel,
    await h.as(people['骨科主任']!),
    'notices.notice',
    id,
    record.version,
    { unit: other },
    { byModule: true, system: true },
  )
  expect((await by('医务处长', 'GET', `/api/notices/${id}`)).json<NoticeAnswer>().unitName).toBe('骨科二部')
})

test('statistics of hospital and units apart, of those that one manages', async () => {
  const of = async (name: string) =>
    (await by(name, 'GET', '/api/notices/statistics?from=2026-11-01&to=2026-12-31')).json<NoticeStatistic[]>()
  const whole = await of('医务处长')
  expect([...new Set(whole.map(({ kind }) => kind))].sort()).toEqual(['hospital', 'unit'])
  const [unit] = await of('骨科主任')
  expect(unit).toMatchObject({ kind: 'unit', unitName: '骨科', notices: 4, readers: 12, read: 2, comments: 1 })
  expect((await by('甲医生', 'GET', '/api/notices/statistics?from=2026-11-01&to=2026-11-30')).status).toBe(403)
  expect((await by('医务处长', 'GET', '/api/notices/statistics?from=2025-01-01&to=2026-11-30')).json()['title']).toBe('一次最多看一年')
  expect((await by('医务处长', 'GET', '/api/notices/statistics?from=2026-12-01&to=2026-11-30')).status).toBe(400)
})

test('every comment is reached, page by page', async () => {
  const id = await published('骨科主任', '很多评论')
  const reader = await h.signIn(people['甲医生']!)
  for (let n = 1; n <= 120; n++) expect((await reader.call('POST', `/api/notices/${id}/comments`, { text: `第 ${n} 条` })).status).toBe(201)
  const seen: string[] = []
  for (let next: string | null = ''; next !== null;) {
    const asked: NoticeComments = (await reader.call('GET', `/api/notices/${id}/comments?before=${next}`)).json<NoticeComments>()
    seen.push(...asked.rows.map(({ text }) => text))
    next = asked.next
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => `第 ${120 - n} 条`))
})
