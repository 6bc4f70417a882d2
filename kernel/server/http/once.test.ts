import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordAnswer } from '#model'
import { hospital, testPassword, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { forgetOnce } from './once.ts'

let h: TestHospital
let officer: HttpSession
let person: string
beforeAll(async () => {
  h = await hospital()
  person = await h.person('周敏', { roles: ['medicalOffice'] })
  officer = await h.signIn(person)
})
afterAll(() => h[Symbol.asyncDispose]())

const told = '这个请求已经提交过，没有重复执行；请刷新后查看结果'
const once = () => ({ 'x-once': uuidv7() })
const ask = (method: string, url: string, payload: object, headers: Record<string, string>) =>
  h.house.server.app.inject({ method: method as 'GET', url, payload, headers })
const count = async (table: string) => (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]!.n
/** A doctor’s certificate, as the page sends it. */
const draft = () => ({ practitioner: person, name: '腔镜培训', kind: 'technique', number: uuidv7(), issuer: '省卫健委' })

test('a write that was caught and is sent again does nothing, and says so; the page’s own repetition gets the first answer', async () => {
  const [body, act, first] = [draft(), { 'x-act-id': uuidv7() }, once()]
  const made = await officer.call('POST', '/api/records/staff.certificate', body, { ...act, ...first })
  expect(made.status).toBe(201)
  const replayed = await officer.call('POST', '/api/records/staff.certificate', body, { ...act, ...first })
  expect([replayed.status, replayed.json()['title']]).toEqual([409, told])
  const repeated = await officer.call('POST', '/api/records/staff.certificate', body, { ...act, ...once() })
  expect([repeated.status, repeated.json<RecordAnswer>().record.id]).toEqual([201, made.json<RecordAnswer>().record.id])
  expect(await count('staff.certificate')).toBe(1)
  const [entry] = await h.kernel.db.query<{ act: string }>(`SELECT act FROM kernel.audit_entry WHERE detail->>'code' = 'alreadySent'`)
  expect(entry!.act).toBe('POST /api/records/:resource')
})
test('of a hundred at the same instant one is done', async () => {
  const [before, number] = [await count('staff.certificate'), once()]
  const body = draft()
  const all = await Promise.all(Array.from({ length: 100 }, () => officer.call('POST', '/api/records/staff.certificate', body, number)))
  expect([201, 409].map((one) => all.filter(({ status }) => status === one).length)).toEqual([1, 99])
  expect(await count('staff.certificate')).toBe(before + 1)
})
test('a sign-in, a question for a code and an entry of strangers that were caught are refused as well: nobody comes in twice', async () => {
  const number = once()
  const body = { account: person, password: testPassword }
  expect((await ask('POST', '/api/sign-in', body, number)).statusCode).toBe(200)
  const sessions = await count('kernel.session')
  const again = await ask('POST', '/api/sign-in', body, number)
  expect([again.statusCode, again.json<{ title: string }>().title, again.headers['set-cookie']]).toEqual([409, told, undefined])
  expect(await count('kernel.session')).toBe(sessions)
  const reset = once()
  await ask('POST', '/api/reset', {}, reset)
  expect((await ask('POST', '/api/reset', {}, reset)).statusCode).toBe(409)
})
test('the number belongs to the session; without the session’s token it is not even taken', async () => {
  const number = once()
  const other = await h.signIn(await h.person('何静', { roles: ['medicalOffice'] }))
  expect((await officer.call('PUT', '/api/phrases', { phrases: ['同意'] }, number)).status).toBe(200)
  expect((await other.call('PUT', '/api/phrases', { phrases: ['同意'] }, number)).status).toBe(200)
  const [fresh, before] = [once(), await count('kernel.used_once')]
  expect((await officer.call('PUT', '/api/phrases', { phrases: [] }, { ...fresh, 'x-csrf-token': 'x' })).status).toBe(403)
  expect(await count('kernel.used_once')).toBe(before)
  expect((await officer.call('PUT', '/api/phrases', { phrases: [] }, { 'x-once': "'; --" })).status).toBe(400)
})
test('numbers are kept longer than sessions last, and then forgotten', async () => {
  await officer.call('PUT', '/api/phrases', { phrases: [] }, once())
  await forgetOnce(h.kernel)
  expect(await count('kernel.used_once')).toBeGreaterThan(0)
  h.clock.set(new Date(h.clock.now().getTime() + 4 * 86_400_000).toISOString())
  await forgetOnce(h.kernel)
  expect(await count('kernel.used_once')).toBe(0)
})
