import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HistoryEntry } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { cellKey, coverage, lookOf, type Matrix } from '../matrix/matrix.rules.ts'

let h: TestHospital
let surgeon: string, chief: string, bone: string, hip: string, knee: string
let office: HttpSession, asSurgeon: HttpSession, asChief: HttpSession
const grant = (practitioner: string, procedure: string, number: string, more: object = {}) =>
  h.create(
    'privileges.grant',
    { number, practitioner, unit: bone, procedure, level: 'four', from: '2025-01-01', to: '2027-12-31', ...more },
    { byModule: true },
  )

beforeAll(async () => {
  h = await hospital()
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  bone = await h.unit('骨科')
  surgeon = await h.person('张海涛', { titleLevel: 'associateSenior', appointedTitle: '副主任医师' })
  chief = await h.person('李卫东', { post: 'head', titleLevel: 'senior' })
  const officer = await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'], category: 'other' })
  for (const p of [surgeon, chief])
    await h.create('staff.registration', {
      practitioner: p,
      certificateNumber: `C${p.slice(-6)}`,
      institution: h.institution,
      from: '2015-01-01',
    })
  hip = (await h.create('privileges.procedure', { code: '81.5100', name: '全髋关节置换', level: 'four' })).id
  knee = (await h.create('privileges.procedure', { code: '81.5400', name: '全膝关节置换', level: 'four' })).id
  for (const procedure of [hip, knee]) await h.create('privileges.departmentProcedure', { unit: bone, procedure })
  ;[office, asSurgeon, asChief] = (await Promise.all([officer, surgeon, chief].map((p) => h.signIn(p)))) as [
    HttpSession,
    HttpSession,
    HttpSession,
  ]
})
afterAll(() => h[Symbol.asyncDispose]())
const matrix = async (s: HttpSession, asOf = '') =>
  (await s.call('GET', `/api/privileges/matrix?unit=${bone}${asOf ? `&asOf=${asOf}` : ''}`)).json<Matrix>()

test('科室授权一览 answers every cell like the HIS, as of any date, and shows who is the only one', async () => {
  await grant(chief, hip, 'G1')
  await grant(surgeon, hip, 'G2', { to: '2026-06-30' })
  await grant(chief, knee, 'G3', { supervisedCases: 3 })
  const m = await matrix(asChief)
  expect([m.people.map((p) => p.name), m.procedures.map((p) => p.name)]).toEqual([['李卫东', '张海涛'], ['全髋关节置换', '全膝关节置换']]) // prettier-ignore
  const looks = (x: Matrix) =>
    [cellKey(chief, hip), cellKey(surgeon, hip), cellKey(chief, knee), cellKey(surgeon, knee)].map((k) => lookOf(x.cells[k], x.asOf))
  expect(looks(m)).toEqual(['valid', 'ending', 'supervised', 'none'])
  expect(looks(await matrix(asChief, '2026-07-01'))).toEqual(['valid', 'none', 'supervised', 'none'])
  expect(coverage(await matrix(asChief, '2026-07-01')).get(hip)).toEqual([chief])
  await h.create('privileges.suspension', { practitioner: chief, procedure: hip, from: '2026-06-15', reason: '事件调查' })
  expect(looks(await matrix(asChief))[0]).toBe('suspended')
})

test('a surgeon without the right does not see a department’s table', async () => {
  expect((await asSurgeon.call('GET', `/api/privileges/matrix?unit=${bone}`)).status).toBe(403)
  expect((await asChief.call('GET', `/api/privileges/matrix?unit=${await h.unit('眼科')}`)).status).toBe(403)
})

test('the office grants directly on a basis, withdraws and revokes with reasons; the holder only resigns; both are told and history keeps it', async () => {
  const missing = await office.call('POST', '/api/privileges/grants', { practitioner: surgeon, procedures: [knee] })
  expect(missing.json()).toMatchObject({ problems: [{ field: 'basisNumber' }] })
  const made = await office.call('POST', '/api/privileges/grants', {
    practitioner: surgeon,
    procedures: [knee],
    basisNumber: '医务〔2026〕15号',
  })
  expect(made.status).toBe(201)
  const id = made.json<{ granted: string[] }>().granted[0]!
  const again = await office.call('POST', '/api/privileges/grants', {
    practitioner: surgeon,
    procedures: [knee],
    basisNumber: '医务〔2026〕16号',
  })
  expect(again.json()).toMatchObject({ problems: [{ field: 'procedures.0', message: '全膝关节置换已有有效授权' }] })
  const end = (s: HttpSession, how: string, body: object) =>
    s.call('POST', `/api/privileges/grants/${id}/${how}`, { version: 1, reason: '转岗', ...body })
  expect((await end(asChief, 'resign', {})).status).toBe(404)
  expect((await end(asSurgeon, 'revoke', {})).status).toBe(404)
  expect((await end(office, 'withdraw', { reason: ' ' })).json()).toMatchObject({ problems: [{ field: 'reason' }] })
  expect((await end(asSurgeon, 'resign', {})).status).toBe(200)
  const history = (await asSurgeon.call('GET', `/api/records/privileges.grant/${id}/history`)).json<HistoryEntry[]>()
  expect(history.map((e) => e.act)).toEqual(['resign', 'grant'])
  const messages = (await office.call('GET', '/api/messages')).json<{ title: string }[]>()
  expect(messages[0]!.title).toBe('自主退出手术授权：全膝关节置换（张海涛）')
  expect((await end(office, 'revoke', { version: 2 })).json()).toMatchObject({ status: 409, title: '该授权已经终止' })
})

test('授权书 is a PDF whose QR leads to what holds today; a forged code is refused', async () => {
  expect((await asSurgeon.call('POST', '/api/privileges/letters', { practitioner: chief })).status).toBe(403)
  const made = await asSurgeon.call('POST', '/api/privileges/letters', { practitioner: surgeon })
  const { id } = made.json<{ id: string }>()
  const pdf = await h.house.server.app.inject({
    method: 'GET',
    url: `/api/privileges/letters/${id}/pdf`,
    headers: { cookie: asSurgeon.cookie },
  })
  expect([pdf.headers['content-type'], pdf.rawPayload.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-'])
  const [letter] = await h.kernel.db.query<{ code: string }>(`SELECT code FROM privileges.letter WHERE id = $1`, [id])
  const look = async (code: string) => h.house.server.app.inject({ method: 'GET', url: `/api/verify/${code}` })
  expect((await look(letter!.code)).json()).toMatchObject({ name: '张**', lines: [{ name: '全髋关节置换', valid: true, state: '有效' }] })
  h.clock.set('2026-07-01')
  expect((await look(letter!.code)).json()).toMatchObject({ lines: [{ valid: false, state: '已到期' }] })
  expect((await look('A'.repeat(20))).statusCode).toBe(404)
})
