import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Problem } from '#model'
import { hospital, testPassword, type HttpAnswer, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { withClient } from '../database/roles.ts'

let h: TestHospital
let office: HttpSession, system: HttpSession
let person: string, unit: string
beforeAll(async () => {
  h = await hospital()
  office = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  system = await h.signIn(await h.person('王建国', { unit: '信息科', roles: ['systemOfficer'] }))
  person = await h.person('张海涛', { mobile: '13987650123' })
  unit = await h.unit('骨科')
})
afterAll(() => h[Symbol.asyncDispose]())

const asOwner = (sql: string) => withClient(h.database.adminUrl, (admin) => admin.query(sql))
/** What PostgreSQL says when a table cannot grow. */
beforeEach(() =>
  asOwner(`CREATE FUNCTION kernel.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON kernel.audit_entry FOR EACH ROW EXECUTE FUNCTION kernel.no_room()`),
) // prettier-ignore
afterEach(() => asOwner(`DROP TRIGGER IF EXISTS no_room ON kernel.audit_entry; DROP FUNCTION IF EXISTS kernel.no_room()`))
const said = (answer: HttpAnswer) => [answer.status, answer.json<Problem & Record<string, unknown>>().code]
const count = async (sql: string) => (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n

test('where the log takes nothing no record is made, changed or deleted: whoever asks is told to come again, and nothing is half done', async () => {
  const before = await count('directory.unit')
  const history = await count('directory.unit_history').catch(() => 0)
  const url = '/api/records/directory.unit'
  const draft = { code: 'U900', name: '新科', kind: 'department', parent: unit }
  expect(said(await system.call('POST', url, draft))).toEqual([503, 'unavailable'])
  expect(said(await system.call('PATCH', `${url}/${unit}`, { version: 1, changes: { name: '改名' } }))).toEqual([503, 'unavailable'])
  expect([await count('directory.unit'), await count('directory.unit_history').catch(() => 0)]).toEqual([before, history])
  expect(await count(`directory.unit WHERE name IN ('新科', '改名')`)).toBe(0)
})
test('no protected field is read, nothing leaves as a file, not its first byte', async () => {
  const files = [
    ['POST', '/api/records/staff.practitioner/export', { format: 'csv', reason: '核对' }],
    ['POST', '/api/records/staff.practitioner/export', { format: 'xlsx', reason: '核对' }],
  ] as const
  for (const [method, url, body] of files) {
    const answer = await office.call(method, url, body)
    expect(said(answer)).toEqual([503, 'unavailable'])
    expect(answer.text).not.toContain('张海涛')
  }
  const read = await office.call('GET', `/api/records/staff.practitioner/${person}`)
  expect([read.status, read.text.includes('张海涛')]).toEqual([503, false])
})
test('nobody signs in, no right is given, no setting changed; with room again all of it goes on', async () => {
  const signIn = () =>
    h.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: person, password: testPassword } })
  const refused = await signIn()
  expect([refused.statusCode, refused.headers['set-cookie']]).toEqual([503, undefined])
  const seen = (await system.call('GET', '/api/settings')).json()
  const change = () => system.call('PUT', '/api/settings', { settings: { ...seen, hospitalName: '另一医院' }, seen })
  expect((await change()).status).toBe(503)
  expect((await system.call('GET', '/api/settings')).json()['hospitalName']).toBe(seen['hospitalName'])
  await asOwner('DROP TRIGGER no_room ON kernel.audit_entry')
  expect([(await signIn()).statusCode, (await change()).status]).toEqual([200, 200])
})
