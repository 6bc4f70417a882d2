import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '#model'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { createClient } from './keys.ts'
import { newNonce, send, signer, type Signer, type ToSign, type WireAnswer, type WireCall } from './testing.ts'

let h: TestHospital
let url: string
let his: Signer
let patient: string
beforeAll(async () => {
  h = await hospital()
  url = await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
  patient = await h.person('王磊', { mobile: '13800001234', staffNumber: '00123' })
  his = await client('HIS', ['read:directory.unit', 'create:directory.unit'])
})
afterAll(() => h[Symbol.asyncDispose]())

/** A client that must sign, and how it calls. */
async function client(
  name: string,
  rights: string[],
  more: Record<string, unknown> = {},
): Promise<Signer & { secret: string; id: string }> {
  const made = await createClient(h.kernel, { name, rights, more: { proof: 'signed', ...more } })
  return { ...signer(url, h.clock, made), secret: made.secret, id: made.client }
}
const units = { method: 'GET', target: '/api/records/directory.unit?limit=1' } as const
const unit = (code: string) => ({ method: 'POST', target: '/api/records/directory.unit', body: JSON.stringify({ code, name: `科室${code}`, kind: 'department' }) }) // prettier-ignore
const said = (answer: WireAnswer): [number, string | undefined] => [answer.status, answer.status < 400 ? undefined : answer.json<Problem>().code] // prettier-ignore
const withHeader = (name: string, value: string | string[]) => (call: WireCall) => ({
  ...call,
  headers: { ...call.headers, [name]: value },
})
const without = (name: string) => (call: WireCall) => ({ ...call, headers: Object.fromEntries(Object.entries(call.headers!).filter(([key]) => key !== name)) }) // prettier-ignore

describe('a signed request', () => {
  test('is answered, with SHA-256 and with SM3, with a body and without', async () => {
    expect(said(await his.call(units))).toEqual([200, undefined])
    expect(said(await his.call({ ...units, algorithm: 'hmac-sm3' }))).toEqual([200, undefined])
    expect(said(await his.call(unit('S1')))).toEqual([201, undefined])
    expect(said(await his.call({ ...unit('S2'), algorithm: 'hmac-sm3' }))).toEqual([201, undefined])
    // Without a body its hash may be left out.
    expect(said(await his.call(units, without('x-xinglin-content-hash')))).toEqual([200, undefined])
  })
  test('of which any byte was changed on its way is refused', async () => {
    const parts = ['method', 'target', 'body', 'x-xinglin-timestamp', 'x-xinglin-nonce', 'x-xinglin-key', 'x-xinglin-content-hash', 'x-xinglin-signature', 'x-xinglin-request-id'] as const // prettier-ignore
    let number = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parts), fc.nat(), fc.constantFrom(...'abcdef0123456789'), async (part, place, letter) => {
        const changed = (text: string, from = 0) => {
          const at = from + (place % (text.length - from))
          const other = text[at] === letter ? (letter === 'a' ? 'b' : 'a') : letter
          return text.slice(0, at) + other + text.slice(at + 1)
        }
        const answer = await his.call({ ...unit(`P${number++}`), requestId: `try-${number}` }, (call) => {
          if (part === 'method') return { ...call, method: 'PATCH' }
          if (part === 'target') return { ...call, target: `${call.target}?${letter}=${place}` }
          if (part === 'body') return { ...call, body: changed(String(call.body)) }
          return withHeader(part, changed(String(call.headers![part])))(call)
        })
        expect(answer.status, `${part} ${answer.text}`).toBeGreaterThanOrEqual(400)
        expect(['badSignature', 'badKey', 'badRequest', 'clockSkew']).toContain(answer.json<Problem>().code)
      }),
      { seed: 11, numRuns: 120 },
    )
    const made = await h.kernel.db.query(`SELECT 1 FROM directory.unit WHERE code LIKE 'P%'`)
    expect(made).toEqual([])
  })
  test('whose query was put in another order is another request', async () => {
    const target = '/api/records/directory.unit?limit=1&sort=code'
    expect(said(await his.call({ method: 'GET', target }, (call) => ({ ...call, target: '/api/records/directory.unit?sort=code&limit=1' })))).toEqual([401, 'badSignature']) // prettier-ignore
    expect(said(await his.call({ method: 'GET', target }))).toEqual([200, undefined])
  })
  test('whose clock is off by more than five minutes is told the server’s time; less is taken, either way', async () => {
    const at = (seconds: number) => new Date(h.clock.now().getTime() + seconds * 1000)
    const late = await his.call({ ...units, at: at(-301) })
    expect([said(late), late.json<Problem>()['serverTime']]).toEqual([[401, 'clockSkew'], Math.floor(h.clock.now().getTime() / 1000)])
    expect(late.json<Problem>().title).toContain('服务器时间为 2026-06-15T04:00:00')
    expect(said(await his.call({ ...units, at: at(301) }))).toEqual([401, 'clockSkew'])
    expect(said(await his.call({ ...units, at: at(-300) }))).toEqual([200, undefined])
    expect(said(await his.call({ ...units, at: at(300) }))).toEqual([200, undefined])
  })
  test.each<[string, (call: WireCall) => WireCall, string]>([
    ['two signatures', (call) => withHeader('x-xinglin-signature', [call.headers!['x-xinglin-signature'] as string, 'f'.repeat(64)])(call), 'badRequest'],
    ['two times', (call) => withHeader('x-xinglin-timestamp', [call.headers!['x-xinglin-timestamp'] as string, '1'])(call), 'badRequest'],
    ['two keys', (call) => withHeader('x-xinglin-key', [call.headers!['x-xinglin-key'] as string, 'ak_other'])(call), 'badKey'],
    ['no number used once', without('x-xinglin-nonce'), 'badRequest'],
    ['a short number', withHeader('x-xinglin-nonce', 'abc'), 'badRequest'],
    ['an endless number', withHeader('x-xinglin-nonce', 'a'.repeat(3000)), 'badRequest'],
    ['no signature', without('x-xinglin-signature'), 'badRequest'],
    ['no key', without('x-xinglin-key'), 'badKey'],
    ['a key that nobody has', withHeader('x-xinglin-key', 'ak_nobody'), 'badKey'],
    ['a key with quotes', withHeader('x-xinglin-key', `ak_' OR 1=1--`), 'badKey'],
    ['an algorithm of none', withHeader('x-xinglin-algorithm', 'none'), 'badRequest'],
    ['an algorithm of the language', withHeader('x-xinglin-algorithm', 'constructor'), 'badRequest'],
    ['another algorithm', withHeader('x-xinglin-algorithm', 'hmac-sm3'), 'badSignature'],
    ['a time in milliseconds', withHeader('x-xinglin-timestamp', '1781496000000'), 'badRequest'],
    ['a time below zero', withHeader('x-xinglin-timestamp', '-1781496000'), 'badRequest'],
    ['a bearer key beside it', withHeader('authorization', 'Bearer xl_0123456789'), 'badRequest'],
    ['a request number with spaces', withHeader('x-xinglin-request-id', 'a b'), 'badRequest'],
    ['a body that is another', (call) => ({ ...call, body: '{"code":"X9","name":"另","kind":"department"}' }), 'badSignature'],
    ['no body', ({ method, target, headers = {} }) => ({ method, target, headers }), 'badSignature'],
    ['a body that is not UTF-8', (call) => ({ ...call, body: Buffer.concat([Buffer.from(String(call.body)), Buffer.from([0x20, 0xff])]) }), 'badRequest'],
  ])('with %s is refused', async (_, change, code) => {
    const answer = await his.call(unit('B1'), change)
    expect([answer.status, answer.json<Problem>().code], answer.text).toEqual([code === 'badRequest' ? 400 : 401, code])
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.text.length).toBeLessThan(600)
  }) // prettier-ignore
  test('larger than may be is refused before it is read to its end', async () => {
    const answer = await his.call({ ...unit('L1'), body: ' '.repeat(17 * 1024 * 1024) })
    expect(said(answer)).toEqual([413, 'tooLarge'])
  })
})

describe('who calls', () => {
  test('a key alone is not enough for a client that must sign; for one that need not it is', async () => {
    const strict = await client('必须签名', ['read:directory.unit'])
    const bearer = (secret: string) => send(url, { ...units, headers: { authorization: `Bearer ${secret}` } })
    expect(said(await bearer(strict.secret))).toEqual([401, 'signatureRequired'])
    const easy = await client('可用固定密钥', ['read:directory.unit'], { proof: 'bearer' })
    expect([said(await bearer(easy.secret)), said(await easy.call(units))]).toEqual([[200, undefined], [200, undefined]]) // prettier-ignore
    expect(said(await bearer('xl_nobody_nobody_nobody'))).toEqual([401, 'badKey'])
  })
  test('whoever is disabled or past his day is let in no more, at once', async () => {
    const change = async (id: string, changes: Record<string, unknown>) => {
      const officer = await h.signIn(await h.person('王建国', { roles: ['systemOfficer'] }))
      const { record } = (await officer.call('GET', `/api/records/security.apiClient/${id}`)).json<{ record: { version: number } }>()
      const done = await officer.call('PATCH', `/api/records/security.apiClient/${id}`, { version: record.version, changes })
      expect(done.status, done.text).toBe(200)
    }
    const lis = await client('LIS', ['read:directory.unit'])
    expect(said(await lis.call(units))).toEqual([200, undefined])
    await change(lis.id, { status: 'disabled', reason: '合同到期' })
    expect(said(await lis.call(units))).toEqual([403, 'clientDisabled'])
    await change(lis.id, { status: 'active', validUntil: '2026-06-15' })
    expect(said(await lis.call(units))).toEqual([200, undefined])
    await change(lis.id, { validUntil: '2026-06-14' })
    expect(said(await lis.call(units))).toEqual([403, 'clientDisabled'])
  })
  test('an address outside the list is refused, whatever the request says of where it comes from', async () => {
    const far = await client('外网系统', ['read:directory.unit'], { networks: ['10.0.0.0/8', '2001:db8::/32'] })
    const forged = { 'x-forwarded-for': '10.1.2.3', 'x-real-ip': '10.1.2.3', forwarded: 'for=10.1.2.3', 'x-client-ip': '10.1.2.3' }
    const answer = await far.call({ ...units, headers: forged })
    expect([said(answer), answer.json<Problem>().title]).toEqual([[403, 'outsideNetwork'], '来源地址 127.0.0.1 不在允许的范围内'])
    const near = await client('本机系统', ['read:directory.unit'], { networks: ['10.0.0.0/8', '127.0.0.0/30'] })
    expect(said(await near.call(units))).toEqual([200, undefined])
  })
  test('whoever calls too often is told when to come again', async () => {
    const eager = await client('太勤的系统', ['read:directory.unit'], { perMinute: 3 })
    const answers: WireAnswer[] = []
    for (let i = 0; i < 4; i++) answers.push(await eager.call(units))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429])
    expect([answers[3]!.json<Problem>().code, Number(answers[3]!.headers['retry-after'])]).toEqual(['tooManyRequests', expect.closeTo(20, -1)]) // prettier-ignore
    // What is not signed by him is not counted against him.
    for (let i = 0; i < 5; i++) expect(said(await his.call(units, withHeader('x-xinglin-signature', 'a'.repeat(64))))).toEqual([401, 'badSignature']) // prettier-ignore
    expect(said(await his.call(units))).toEqual([200, undefined])
  })
})

describe('the protection policy', () => {
  test('of level 3 accepts no key without a signature, whatever the record of the client says', async () => {
    await using strict = await hospital({ profile: { level: 'level3', exposure: 'intranet' } })
    const address = await strict.house.server.app.listen({ port: 0, host: '127.0.0.1' })
    const made = await createClient(strict.kernel, { name: 'HIS', rights: ['read:directory.unit'] })
    const bearer = await send(address, { ...units, headers: { authorization: `Bearer ${made.secret}` } })
    expect([said(bearer), bearer.json<Problem>().title]).toEqual([[401, 'signatureRequired'], '防护策略要求接口签名，不接受固定密钥'])
    expect(said(await signer(address, strict.clock, made).call(units))).toEqual([200, undefined])
  })
  test('that the hospital tightens holds at the next request: one minute instead of five', async () => {
    const easy = await client('策略前', ['read:directory.unit'], { proof: 'bearer' })
    const [bearer, late] = [{ ...units, headers: { authorization: `Bearer ${easy.secret}` } }, new Date(h.clock.now().getTime() - 90_000)]
    expect([said(await send(url, bearer)), said(await easy.call({ ...units, at: late }))]).toEqual([[200, undefined], [200, undefined]]) // prettier-ignore
    const change = async (own: object, seen: object) =>
      h.kernel.protection.change(await h.system(), { own, networks: [] }, { own: seen, networks: [] })
    const own = { apiSignature: 'required', signatureMinutes: 1 }
    await change(own, {})
    const refused = await easy.call({ ...units, at: late })
    expect([said(await send(url, bearer)), said(refused), refused.json<Problem>().title]).toEqual([[401, 'signatureRequired'], [401, 'clockSkew'], expect.stringContaining('超过 1 分钟')]) // prettier-ignore
    await change({}, own)
    expect(said(await send(url, bearer))).toEqual([200, undefined])
  })
})

describe('what he may do', () => {
  const people = (id = '') => `/api/records/directory.person${id && `/${id}`}`
  test('records of other types, other acts and the pages of people are not for him', async () => {
    const denied: ToSign[] = [
      { method: 'GET', target: people() },
      { method: 'GET', target: '/api/records/security.apiClient' },
      { method: 'DELETE', target: `/api/records/directory.unit/${h.campus}?version=1` },
      { method: 'GET', target: '/api/me' },
      { method: 'GET', target: '/api/clients/00000000-0000-7000-8000-000000000000/keys' },
      { method: 'POST', target: '/api/privileges/check', body: '{}' },
    ]
    for (const call of denied) expect(said(await his.call(call)), call.target).toEqual([403, 'noRight'])
  })
  test('protected fields are masked but for those that he was given plainly; hidden ones are not there', async () => {
    const masked = await client('只看掩码', ['read:staff.practitioner'])
    const plain = await client('看原文', [], { records: [{ resource: 'staff.practitioner', actions: ['read', 'update'], plain: ['mobile'], hidden: ['staffNumber'] }] }) // prettier-ignore
    const get = async (by: Signer) => (await by.call({ method: 'GET', target: `/api/records/staff.practitioner/${patient}` })).json<{ record: Record<string, unknown> }>().record // prettier-ignore
    expect(await get(masked)).toMatchObject({ name: '王磊', staffNumber: '00123', mobile: expect.stringMatching(/^138\*+/) as string })
    const seen = await get(plain)
    expect([seen['mobile'], seen['staffNumber']]).toEqual(['13800001234', undefined])
    const filter = encodeURIComponent(JSON.stringify({ field: 'staffNumber', op: 'eq', value: '00123' }))
    expect((await plain.call({ method: 'GET', target: `/api/records/staff.practitioner?filter=${filter}` })).status).toBe(400)
    const body = JSON.stringify({ version: seen['version'], changes: { staffNumber: '99999' } })
    expect((await plain.call({ method: 'PATCH', target: `/api/records/staff.practitioner/${patient}`, body })).status).not.toBe(200)
    expect(await get(masked)).toMatchObject({ staffNumber: '00123' })
  })
  test('what he writes is written in his name, and what needs an approval he does not write past it', async () => {
    expect(said(await his.call(unit('N1')))).toEqual([201, undefined])
    const [entry] = await h.kernel.db.query<{ actor: string | null; origin: string }>(
      `SELECT h.actor, h.origin FROM kernel.history h JOIN directory.unit u ON u.id = h.record WHERE u.code = 'N1'`,
    )
    expect(entry).toEqual({ actor: null, origin: 'api' })
    const applying = await client('代人申请', ['create:privileges.application', 'update:privileges.application'])
    const answer = await applying.call({ method: 'POST', target: '/api/records/privileges.application', body: '{}' })
    expect([said(answer), answer.json<Problem>().title]).toEqual([[403, 'noRight'], expect.stringContaining('/api/flow-api')])
  })
})

describe('what is kept of it', () => {
  test('its use is counted by hour, route, outcome and address, whatever the number of calls', async () => {
    const busy = await client('勤快的系统', ['read:directory.unit'])
    for (let i = 0; i < 12; i++) await busy.call(units)
    await busy.call({ method: 'GET', target: '/api/records/directory.person' })
    await h.house.server.uses.flush()
    for (let i = 0; i < 3; i++) await busy.call(units)
    await h.house.server.uses.flush()
    const auditor = await h.signIn(await h.person('田审', { roles: ['auditOfficer'] }))
    const filter = encodeURIComponent(JSON.stringify({ field: 'client', op: 'eq', value: busy.id }))
    const { rows } = (await auditor.call('GET', `/api/records/security.apiUse?filter=${filter}&sort=outcome`)).json<{ rows: Record<string, unknown>[] }>() // prettier-ignore
    const same = { hour: '2026-06-15T04:00:00.000Z', route: 'GET /api/records/:resource', address: '127.0.0.1' }
    expect(rows).toEqual([
      expect.objectContaining({ ...same, outcome: 'done', count: 15 }),
      expect.objectContaining({ ...same, outcome: 'refused', code: 'noRight', count: 1 }),
    ])
    const officer = await h.signIn(await h.person('赵管理', { roles: ['systemOfficer'] }))
    expect((await officer.call('GET', `/api/records/security.apiClient/${busy.id}`)).json<{ record: object }>().record).toMatchObject({ lastUsedAt: '2026-06-15T04:00:00.000Z' }) // prettier-ignore
  })
  test('what is refused stands in the audit log by his name, a thousand times the same as one entry', async () => {
    const wrong = await client('越权的系统', ['read:directory.unit'])
    const call = { method: 'GET', target: '/api/records/directory.person' }
    for (let i = 0; i < 20; i++) expect((await wrong.call(call)).status).toBe(403)
    const nonce = newNonce()
    for (let i = 0; i < 3; i++) await wrong.call({ ...units, nonce })
    const entries = await h.kernel.db.query(
      `SELECT act, detail->>'code' AS code, address FROM kernel.audit_entry WHERE actor_name = '越权的系统' AND outcome = 'refused' ORDER BY at, seq`,
    )
    expect(entries).toEqual([
      { act: 'GET /api/records/:resource', code: 'noRight', address: '127.0.0.1' },
      { act: 'GET /api/records/:resource', code: 'replayed', address: '127.0.0.1' },
    ])
  })
})
