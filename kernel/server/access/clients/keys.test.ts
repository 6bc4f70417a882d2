import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiKeysAnswer, IssuedKey, Problem } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { withClient } from '#kernel/server/database/roles.ts'
import { migrate } from '#kernel/server/store/migrate.ts'
import { send, signer, type Signer } from './testing.ts'

let h: TestHospital
let url: string
let officer: HttpSession
let client: string
beforeAll(async () => {
  h = await hospital()
  url = await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
  officer = await h.signIn(await h.person('王建国', { roles: ['systemOfficer'] }))
  client = await made('HIS')
})
afterAll(() => h[Symbol.asyncDispose]())

const draft = (name: string, more: object = {}) => ({ name, records: [{ resource: 'directory.unit', actions: ['read'] }], ...more })
async function made(name: string): Promise<string> {
  const answer = await officer.call('POST', '/api/records/security.apiClient', draft(name))
  expect(answer.status, answer.text).toBe(201)
  return answer.json<{ record: { id: string } }>().record.id
}
const keys = async (of = client) => (await officer.call('GET', `/api/clients/${of}/keys`)).json<ApiKeysAnswer>()
const issue = (of = client, body: object = {}) => officer.call('POST', `/api/clients/${of}/keys`, body)
const end = (key: string, of = client) => officer.call('DELETE', `/api/clients/${of}/keys/${key}`)
const units = { method: 'GET', target: '/api/records/directory.unit?limit=1' } as const
const calls = (key: IssuedKey): Signer => signer(url, h.clock, key)
const statusOf = async (key: IssuedKey) => (await calls(key).call(units)).status

describe('keys', () => {
  test('a new client has none; its first is shown once and opens at once', async () => {
    expect((await keys()).keys).toEqual([])
    const answer = await issue()
    const key = answer.json<IssuedKey>()
    expect([answer.status, answer.headers['cache-control'], key.key, key.secret]).toEqual([201, 'no-store', expect.stringMatching(/^ak_[0-9a-f]{20}$/), expect.stringMatching(/^xl_[\w-]{40}$/)]) // prettier-ignore
    expect(await statusOf(key)).toBe(200)
    const listed = await officer.call('GET', `/api/clients/${client}/keys`)
    expect(listed.text).not.toContain(key.secret)
    expect(listed.json<ApiKeysAnswer>().keys).toEqual([{ id: key.key, canSign: true, createdAt: h.clock.now().toISOString(), endsAt: null, lastUsedAt: null, isLive: true }]) // prettier-ignore
    // Neither the record, nor its history, nor the database holds it in the open.
    const [stored] = await h.kernel.db.query<{ secret: Buffer }>('SELECT secret FROM kernel.api_key WHERE id = $1', [key.key])
    expect(stored!.secret.toString('latin1')).not.toContain(key.secret)
    for (const path of [`/api/records/security.apiClient/${client}`, `/api/records/security.apiClient/${client}/history`])
      expect((await officer.call('GET', path)).text).not.toContain(key.secret)
  })
  test('a second one is brought in beside the first, which ends after the days that were chosen', async () => {
    const his = await made('轮换')
    const [old, next] = [(await issue(his)).json<IssuedKey>(), (await issue(his, { overlapDays: 7 })).json<IssuedKey>()]
    expect([await statusOf(old), await statusOf(next)]).toEqual([200, 200])
    expect((await keys(his)).keys.map(({ id, endsAt }) => [id, endsAt])).toEqual(expect.arrayContaining([[next.key, null], [old.key, '2026-06-22T04:00:00.000Z']])) // prettier-ignore
    const third = await issue(his, { overlapDays: 7 })
    expect([third.status, third.json<Problem>().title]).toEqual([409, '已有 2 把有效的密钥，请先停用一把'])
    const began = h.clock.now().toISOString()
    h.clock.set('2026-06-22T04:00:01Z')
    h.house.server.admission.clients.forget()
    expect([await statusOf(old), await statusOf(next)]).toEqual([401, 200])
    h.clock.set(began)
    h.house.server.admission.clients.forget()
    // Who was broken into ends everything at once.
    const fourth = (await issue(his, { overlapDays: 0 })).json<IssuedKey>()
    expect([await statusOf(old), await statusOf(next), await statusOf(fourth)]).toEqual([401, 401, 200])
  })
  test('one that is ended opens nothing any more, and is not ended twice', async () => {
    const his = await made('停用')
    const key = (await issue(his)).json<IssuedKey>()
    expect(await statusOf(key)).toBe(200)
    expect((await end(key.key, his)).status).toBe(204)
    expect([await statusOf(key), (await end(key.key, his)).status]).toEqual([401, 404])
    const other = (await issue(await made('别人的'))).json<IssuedKey>()
    expect((await end(other.key, his)).status).toBe(404)
    expect(await statusOf(other)).toBe(200)
  })
  test.each([[-1], [1.5], [91], ['x'], [null]])('an overlap of %j days is refused or means none', async (overlapDays) => {
    expect((await issue(await made(`重叠 ${String(overlapDays)}`), { overlapDays })).status).toBe(overlapDays === null ? 201 : 400)
  })
  test('are the system officer’s affair alone, and every act stands in the audit log', async () => {
    for (const [name, roles] of [['许安', ['securityOfficer']], ['田审', ['auditOfficer']], ['周敏', ['medicalOffice']]] as const) {
      const { call } = await h.signIn(await h.person(name, { roles: [...roles] }))
      for (const method of ['GET', 'POST']) expect((await call(method, `/api/clients/${client}/keys`, method === 'POST' ? {} : undefined)).status).toBe(403)
    } // prettier-ignore
    expect((await issue('00000000-0000-7000-8000-000000000000')).status).toBe(404)
    const acts = await h.kernel.db.query<{ act: string; detail: object }>(`SELECT act, detail FROM kernel.audit_entry WHERE act LIKE 'apiKey.%' AND record = $1::uuid`, [client]) // prettier-ignore
    expect(acts).toEqual([{ act: 'apiKey.issue', detail: { key: expect.stringMatching(/^ak_/) as string } }])
  })
})

describe('the record of a client', () => {
  test.each<[string, object, string, string]>([
    ['an address that is none', { networks: ['10.0.0.0/8', '10.0.0.300'] }, 'networks', '“10.0.0.300”应为地址或网段'],
    ['a network that is too wide for its kind', { networks: ['10.0.0.0/33'] }, 'networks', '应为地址或网段'],
    ['a zone', { networks: ['fe80::1%eth0'] }, 'networks', '应为地址或网段'],
    ['a right that there is none of', { rights: ['privileges.fly'] }, 'rights', '请从选项中选择'],
    ['rights over security', { rights: ['security.clients'] }, 'rights', '请从选项中选择'],
    ['records of security', { records: [{ resource: 'security.account', actions: ['read'] }] }, 'records.0.resource', '请从选项中选择'],
    ['a field that there is none of', { records: [{ resource: 'directory.unit', actions: ['read'], hidden: ['nothing'] }] }, 'records.0.hidden', '没有字段“nothing”'],
    ['a field that is open anyway', { records: [{ resource: 'directory.unit', actions: ['read'], plain: ['name'] }] }, 'records.0.plain', '不是敏感项'],
    ['a type twice', { records: [{ resource: 'directory.unit', actions: ['read'] }, { resource: 'directory.unit', actions: ['create'] }] }, 'records.1.resource', '已在上面列出'],
    ['no calls at all', { perMinute: 0 }, 'perMinute', '1'],
    ['an end without a reason', { status: 'disabled' }, 'reason', ''],
  ])('with %s is refused at its field', async (name, more, field, message) => {
    const answer = await officer.call('POST', '/api/records/security.apiClient', draft(name, more))
    const problem = answer.json<Problem>().problems?.find((one) => one.field === field)
    expect([answer.status, problem?.message], answer.text).toEqual([422, expect.stringContaining(message)])
  }) // prettier-ignore
  test('takes addresses of both kinds', async () => {
    const networks = ['10.1.2.3', '10.1.0.0/16', '2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:0db8:85a3:08d3:0000:0000:0000:0000/64']
    expect((await officer.call('POST', '/api/records/security.apiClient', draft('两种地址', { networks }))).status).toBe(201)
  })
})

test('clients of before become records, and their keys open as they did until they are rotated', async () => {
  const secret = 'xl_old_key_of_before_the_upgrade'
  await withClient(h.database.adminUrl, (admin) =>
    admin.query(`CREATE TABLE kernel.api_client (id uuid PRIMARY KEY, name text NOT NULL UNIQUE, key_hash bytea NOT NULL UNIQUE, rights text[] NOT NULL, disabled_at timestamptz, created_at timestamptz NOT NULL);
      ALTER TABLE kernel.api_client OWNER TO xinglin_owner;
      INSERT INTO kernel.api_client VALUES
        ('0197a000-0000-7000-8000-000000000001', '旧 HIS', '\\x${createHash('sha256').update(secret).digest('hex')}', '{privileges.check,privileges.feed}', NULL, '2025-01-01'),
        ('0197a000-0000-7000-8000-000000000002', '旧 LIS', '\\x00', '{}', '2025-06-01', '2025-01-01');
      DELETE FROM kernel.migration WHERE name = 'after/084-api-clients.sql'`),
  )
  await migrate(h.database.ownerUrl, h.kernel.defs, '2026-06-15')
  const bearer = () => send(url, { method: 'GET', target: '/api/privileges/check/codes', headers: { authorization: `Bearer ${secret}` } })
  expect((await bearer()).status).toBe(200)
  const his = '0197a000-0000-7000-8000-000000000001'
  const { record } = (await officer.call('GET', `/api/records/security.apiClient/${his}`)).json<{ record: object }>()
  expect(record).toMatchObject({ name: '旧 HIS', status: 'active', proof: 'bearer', rights: ['privileges.check', 'privileges.feed'], networks: null, records: [] }) // prettier-ignore
  const [old] = (await keys(his)).keys
  expect(old).toMatchObject({ canSign: false, isLive: true })
  const signed = await signer(url, h.clock, { key: old!.id, secret }).call({ method: 'GET', target: '/api/privileges/check/codes' })
  expect([signed.status, signed.json<Problem>().title]).toEqual([401, '这把密钥是升级前发的，只能作为固定密钥；要签名请换一把'])
  const next = (await issue(his, { overlapDays: 3 })).json<IssuedKey>()
  expect([(await bearer()).status, (await signer(url, h.clock, next).call({ method: 'GET', target: '/api/privileges/check/codes' })).status]).toEqual([200, 200]) // prettier-ignore
  const lis = await officer.call('GET', '/api/records/security.apiClient/0197a000-0000-7000-8000-000000000002')
  expect(lis.json<{ record: object }>().record).toMatchObject({ status: 'disabled', reason: '升级前已停用' })
})
