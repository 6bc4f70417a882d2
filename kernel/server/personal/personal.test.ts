import excel from '@protobi/exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApprovalAnswer, Me, OwnPrivacy, PersonalAnswer, PrivacyAnswer, Problem, RecordAnswer } from '#model'
import { hospital, newActId, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { withClient } from '../database/roles.ts'
import { consented } from './consent.ts'

let h: TestHospital
let doctor: string
let who: HttpSession, office: HttpSession, security: HttpSession, leader: HttpSession
beforeAll(async () => {
  h = await hospital()
  doctor = await h.person('张海涛', { unit: '骨科', mobile: '13987650123' })
  who = await h.signIn(doctor)
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  security = await h.signIn(await h.person('许安', { unit: '信息科', roles: ['securityOfficer'] }))
  leader = await h.signIn(await h.person('方国梁', { unit: '院办', roles: ['hospitalLeader'] }))
})
afterAll(() => h[Symbol.asyncDispose]())

const purposes = [
  {
    code: 'staffFile',
    name: '人事档案',
    what: '姓名、证件号码',
    ground: 'contract',
    keeps: '在职期间',
    recipients: '不对外提供',
    isSensitive: false,
  },
  {
    code: 'smsCode',
    name: '短信找回密码',
    what: '手机号',
    ground: 'consent',
    keeps: '6 个月',
    recipients: '短信服务商',
    isSensitive: false,
    refusal: '不再发短信',
  },
  {
    code: 'health',
    name: '照顾排班',
    what: '不宜夜班的情形',
    ground: 'consent',
    keeps: '3 个月',
    recipients: '排班人',
    isSensitive: true,
    necessity: '排班须知道',
    refusal: '不再避开夜班',
  },
]
/** The officer writes a version, who leads the hospital passes it. */
async function publish(edition: string, from: string, list: readonly object[] = purposes): Promise<string> {
  const draft = { edition, from, body: `第 ${edition} 版正文`, purposes: list }
  const made = await security.call('POST', '/api/records/personal.policy', draft, { 'x-act-id': newActId() })
  expect(made.status, made.text).toBe(201)
  return made.json<{ record: { id: string } }>().record.id
}
interface Task {
  id: string
  instance: string
}
const tasksOf = async (s: HttpSession) => (await s.call('GET', '/api/tasks')).json<{ rows: Task[] }>().rows
/** Decides the one task that waits for somebody. */
async function decide(s: HttpSession, kind: string, more: Record<string, unknown> = {}) {
  const [task] = await tasksOf(s)
  const { version, my } = (await s.call('GET', `/api/approvals/${task!.instance}`)).json<ApprovalAnswer>()
  return s.call('POST', `/api/approvals/${task!.instance}/acts`, { kind, actId: newActId(), seenVersion: version, task: my.task!.id, ...more }) // prettier-ignore
}
const me = async (s: HttpSession) => (await s.call('GET', '/api/me')).json<Me>()
const own = async (s: HttpSession) => (await s.call('GET', '/api/me/privacy')).json<OwnPrivacy>()
const may = (purpose: string) => consented(h.kernel, h.kernel.db, doctor, purpose)

test('nobody publishes a notice alone: what the officer has written is in force when who leads the hospital has passed it, from its day on', async () => {
  await publish('1.0', '2026-06-15')
  expect((await leader.call('GET', '/api/privacy')).json<PrivacyAnswer>().policy).toBeNull()
  expect((await me(who)).mustReadNotice).toBe(false)
  const answer = await decide(leader, 'approve', { opinion: '同意发布' })
  expect(answer.status, answer.text).toBe(200)
  // Strangers read it, too.
  const stranger = await h.house.server.app.inject({ method: 'GET', url: '/api/privacy' })
  expect(stranger.json<PrivacyAnswer>().policy).toMatchObject({ edition: '1.0', purposes: [{ code: 'staffFile' }, { code: 'smsCode', refusal: '不再发短信' }, { code: 'health', isSensitive: true }] }) // prettier-ignore
  expect((await me(who)).mustReadNotice).toBe(true)
})

test('each purpose that rests on consent is answered by its person, none for him; what has none does not happen', async () => {
  expect([await may('smsCode'), await may('health'), await may('staffFile'), await may('neverHeardOf')]).toEqual([false, false, true, true])
  const policy = (await own(who)).policy!.id
  const open = await who.call('POST', '/api/me/privacy', { policy, answers: { smsCode: true } })
  expect([open.status, open.json<Problem>().problems]).toEqual([422, [{ field: 'answers.health', message: '请选择是否同意“照顾排班”' }]])
  expect((await me(who)).mustReadNotice).toBe(true)
  expect((await who.call('POST', '/api/me/privacy', { policy: doctor, answers: { smsCode: true, health: true } })).status).toBe(409)
  expect((await who.call('POST', '/api/me/privacy', { policy, answers: { smsCode: true, health: false } })).status).toBe(200)
  expect((await me(who)).mustReadNotice).toBe(false)
  expect([await may('smsCode'), await may('health')]).toEqual([true, false])
  const kept = await h.kernel.db.query(`SELECT act, purpose, channel, address FROM personal.consent WHERE person = $1 ORDER BY id`, [
    doctor,
  ])
  expect(kept).toMatchObject([{ act: 'given', purpose: 'smsCode', channel: 'web', address: '127.0.0.1' }, { act: 'refused', purpose: 'health' }, { act: 'read', purpose: 'notice' }]) // prettier-ignore
  const [audited] = await h.kernel.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM kernel.audit_entry WHERE act LIKE 'consent.%' AND actor = $1`,
    [doctor],
  )
  expect(audited!.n).toBe(3)
})

test('taking back is one act like giving, and counts at once; the record of both stays, and nobody changes it', async () => {
  expect((await who.call('POST', '/api/me/privacy/smsCode', { given: false })).json<OwnPrivacy>().consents[0]).toMatchObject({ code: 'smsCode', stands: 'withdrawn' })
  expect(await may('smsCode')).toBe(false)
  await who.call('POST', '/api/me/privacy/smsCode', { given: true })
  expect(await may('smsCode')).toBe(true)
  expect((await who.call('POST', '/api/me/privacy/staffFile', { given: false })).status).toBe(404)
  for (const text of [`UPDATE personal.consent SET act = 'given'`, `DELETE FROM personal.consent`])
    await expect(withClient(h.database.adminUrl, (admin) => admin.query(text))).rejects.toThrow('only added to')
  expect((await who.call('PATCH', `/api/records/personal.consent/${doctor}`, { version: 1, changes: { act: 'given' } })).status).toBeGreaterThanOrEqual(403)
}) // prettier-ignore

test('a new version is read anew; a consent to what has changed no longer counts, to what is the same it stands', async () => {
  await publish('2.0', '2026-06-16', purposes.map((one) => (one.code === 'health' ? { ...one, keeps: '1 年' } : one))) // prettier-ignore
  await who.call('POST', '/api/me/privacy/health', { given: true })
  expect((await decide(leader, 'approve')).status).toBe(200)
  // Not before its day.
  expect((await me(who)).mustReadNotice).toBe(false)
  h.clock.set('2026-06-16')
  who = await h.signIn(doctor)
  expect((await me(who)).mustReadNotice).toBe(true)
  expect((await own(who)).consents.map(({ code, stands }) => [code, stands])).toEqual([['smsCode', 'given'], ['health', null]]) // prettier-ignore
  expect([await may('smsCode'), await may('health')]).toEqual([true, false])
})

test('a person sees what is held of him, where it comes from and which units looked; and takes a marked copy of it along', async () => {
  const title = await h.create('staff.title', { practitioner: doctor, name: '副主任医师', level: 'associateSenior', obtainedOn: '2020-01-01', appointedOn: '2020-06-01' })
  office = await h.signIn((await h.kernel.directory()).people.values().find(({ name }) => name === '周敏')!.id)
  for (let i = 0; i < 2; i++) await office.call('GET', `/api/records/staff.title/${title.id}`)
  await who.call('GET', `/api/records/staff.title/${title.id}`)
  const held = (await who.call('GET', '/api/me/personal')).json<PersonalAnswer>()
  expect(held.holdings.find(({ resource }) => resource === 'staff.title')).toMatchObject({ label: '职称', count: 1, isOpen: true, sources: ['测试'] })
  expect(held.holdings.find(({ resource }) => resource === 'staff.practitioner')?.fields).toContain('手机')
  expect(held.readers).toEqual([{ unit: '医务处', people: 1, times: 2, lastAt: expect.any(String) }])
  const file = await h.house.server.app.inject({ method: 'GET', url: '/api/me/personal/file', headers: { cookie: who.cookie } })
  const book = new excel.Workbook()
  await book.xlsx.load(file.rawPayload as unknown as ArrayBuffer)
  expect(book.worksheets.map(({ name }) => name)).toEqual(expect.arrayContaining(['我的个人信息', '医务人员', '职称']))
  const row = JSON.stringify(book.getWorksheet('医务人员')!.getRow(2).values)
  expect(row).toContain('13987650123')
  expect(JSON.stringify(book.getWorksheet('职称')!.getSheetValues())).toContain('副主任医师')
}) // prettier-ignore

test('who asks for deletion is answered with its basis while it must be kept: kept, but not shown any more, until nobody needs it', async () => {
  const title = await h.create('staff.title', { practitioner: doctor, name: '主治医师', level: 'intermediate', obtainedOn: '2015-01-01', appointedOn: '2015-06-01' })
  const ask = (more: object) => who.call('POST', '/api/me/personal/requests', { kind: 'delete', register: 'staff.title', record: title.id, what: '删除旧职称', ...more })
  expect((await ask({ what: '删' })).json<Problem>().problems?.[0]?.field).toBe('what')
  expect((await ask({ register: 'policies.rule' })).status).toBe(422)
  const others = await h.create('staff.title', { practitioner: await h.person('李静'), name: '医师', level: 'junior', obtainedOn: '2020-01-01', appointedOn: '2020-06-01' })
  expect((await ask({ record: others.id })).json<Problem>().problems?.[0]?.message).toBe('不是您的记录')
  const asked = await ask({})
  expect(asked.status, asked.text).toBe(201)
  const id = asked.json<{ record: string }>().record
  const edits = { outcome: 'restrict', basis: '专业技术档案保存期未满（至 2045 年）', answer: '保存期满前只保存，不再使用' }
  const bare = await decide(office, 'approve')
  expect([bare.status, bare.text]).toEqual([409, expect.stringContaining('"fields":["outcome","answer"]')])
  const first = await decide(office, 'approve', { changes: edits })
  expect(first.status, first.text).toBe(200)
  security = await h.signIn((await h.kernel.directory()).people.values().find(({ name }) => name === '许安')!.id)
  const second = await decide(security, 'approve')
  expect(second.status, second.text).toBe(200)
  expect((await who.call('GET', `/api/records/personal.request/${id}`)).json()).toMatchObject({ record: { progress: 'restricted', outcome: 'restrict', basis: edits.basis } })
  expect((await office.call('GET', `/api/records/staff.title/${title.id}`)).status).toBe(404)
  const restored = await office.call('POST', `/api/records/staff.title/${title.id}/restore`)
  expect([restored.status, restored.json<Problem>().title]).toEqual([409, expect.stringContaining('限制处理')])
  const purged = await office.call('POST', `/api/records/staff.title/${title.id}/purge`, { reason: '清理' })
  expect(purged.status).toBeGreaterThanOrEqual(400)
}) // prettier-ignore

test('a deletion that is granted and names no record waits until somebody has carried it out, and says so', async () => {
  const asked = await who.call('POST', '/api/me/personal/requests', { kind: 'delete', what: '删除我的紧急联系人' })
  for (const s of [office, security]) expect((await decide(s, 'approve', { changes: { outcome: 'erase', answer: '同意删除' } })).status).toBe(200)
  const id = asked.json<{ record: string }>().record
  const request = async () => (await who.call('GET', `/api/records/personal.request/${id}`)).json<RecordAnswer>().record
  expect(await request()).toMatchObject({ progress: 'waiting', backupsUntil: null })
  expect((await office.call('POST', `/api/personal-requests/${id}/carried-out`)).status).toBe(403)
  expect((await security.call('POST', `/api/personal-requests/${id}/carried-out`)).status).toBe(200)
  expect(await request()).toMatchObject({ progress: 'closed', backupsUntil: '2026-09-14' })
  expect((await security.call('POST', `/api/personal-requests/${id}/carried-out`)).status).toBe(409)
}) // prettier-ignore
