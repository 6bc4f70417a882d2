import { generateSync } from 'otplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, testPassword, type HttpAnswer, type TestHospital } from '#app/testing/hospital.ts'
import { claimTry, failuresOf, forgive } from './failures.ts'

let h: TestHospital
let officer: string
beforeAll(async () => {
  h = await hospital()
  officer = await h.person('王建国', { roles: ['systemOfficer'] })
  await h.person('许安', { roles: ['securityOfficer'] })
})
afterAll(() => h[Symbol.asyncDispose]())

interface Sent {
  headers?: Record<string, string>
  from?: string
}
const post = async (url: string, payload: object, { headers = {}, from = '10.0.0.1' }: Sent = {}) => {
  const answer = await h.house.server.app.inject({ method: 'POST', url, payload, headers, remoteAddress: from })
  const cookies = Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]))
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), cookies }
}
const signIn = (account: string, password: string, more: object = {}, sent?: Sent) =>
  post('/api/sign-in', { account, password, ...more }, sent)
/** The digits of a picture, as only whoever holds the database can read them. */
async function captcha(): Promise<{ id: string; answer: string }> {
  const { id } = (await post('/api/sign-in/captcha', {})).body as { id: string }
  const [row] = await h.kernel.db.query<{ answer: string }>('SELECT answer FROM kernel.captcha WHERE id = $1', [id])
  return { id, answer: row!.answer }
}
const log = (account: string) => h.kernel.db.query<{ outcome: string; method: string | null; minutes: number | null; end: string | null }>(`SELECT outcome, method, minutes, "end" FROM security.sign_in WHERE name = $1 ORDER BY at, id`, [account]) // prettier-ignore
const later = (minutes: number) => h.clock.set(new Date(h.clock.now().getTime() + minutes * 60_000).toISOString())

test('in by account name in any case, and by staff number; the log says from where and with what', async () => {
  const person = await h.person('张海涛', { staffNumber: '90001' })
  expect((await signIn('90001', testPassword, {}, { headers: { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/147.0 Safari/537' } })).status).toBe(200)
  expect((await signIn(person.toUpperCase(), testPassword)).status).toBe(200)
  const [row] = await h.kernel.db.query(`SELECT outcome, method, address, place, device FROM security.sign_in WHERE name = '90001'`)
  expect(row).toEqual({ outcome: 'done', method: 'password', address: '10.0.0.1', place: '内网', device: 'Windows 10/11 · Chrome 147' })
  const [account] = await h.kernel.db.query(`SELECT sign_ins, last_sign_in_at IS NOT NULL AS seen FROM security.account WHERE person = $1`, [person])
  expect(account).toEqual({ sign_ins: 2, seen: true })
}) // prettier-ignore

test('after a failure a picture has to be read; a wrong one counts as a failure, and each is good once', async () => {
  const person = await h.person('李一')
  expect(await signIn(person, 'wrong')).toMatchObject({ status: 401, body: { code: 'wrongPassword', captcha: true } })
  expect(await signIn(person, testPassword)).toMatchObject({ status: 401, body: { code: 'captchaNeeded' } })
  expect(await signIn(person, testPassword, { captcha: { ...(await captcha()), answer: 'x' } })).toMatchObject({
    body: { code: 'captchaNeeded', captcha: true },
  })
  const read = await captcha()
  expect((await signIn(person, 'wrong', { captcha: read })).body['code']).toBe('wrongPassword')
  expect((await signIn(person, testPassword, { captcha: read })).body['code']).toBe('captchaNeeded')
  expect((await signIn(person, testPassword, { captcha: await captcha() })).status).toBe(200)
  expect((await signIn(person, testPassword)).status).toBe(200)
  expect((await log(person)).map((row) => row.outcome)).toEqual(['wrong', 'captcha', 'wrong', 'captcha', 'done', 'done'])
})

const failUntilLocked = async (name: string, from = '10.0.0.2'): Promise<unknown[]> => {
  const codes: unknown[] = []
  for (let n = 0; n < 6; n++) codes.push((await signIn(name, 'wrong', { captcha: await captcha() }, { from })).body['code'])
  return codes
}
test('a name that nobody has is answered, asked for a picture and locked exactly like one that somebody has', async () => {
  const person = await h.person('李二')
  const expected = ['wrongPassword', 'wrongPassword', 'wrongPassword', 'wrongPassword', 'accountLocked', 'accountLocked']
  expect([await failUntilLocked(person), await failUntilLocked('nobody-here')]).toEqual([expected, expected])
  expect(await signIn(person, testPassword, { captcha: await captcha() })).toMatchObject({
    status: 423,
    body: { title: '连续输错次数过多，请在 10 分钟后再试' },
  })
  const [account] = await h.kernel.db.query(`SELECT locked_until > $2 AS locked FROM security.account WHERE person = $1`, [person, h.clock.now().toISOString()])
  expect(account).toEqual({ locked: true })
  later(11)
  expect((await signIn(person, testPassword)).status).toBe(200)
}) // prettier-ignore

test('a hundred guesses at the same instant are no more than five', async () => {
  const person = await h.person('李三')
  const guess = (n: number) => signIn(person, n === 99 ? testPassword : `guess${n}`, {}, { from: `10.1.${n}.1` })
  const codes = (await Promise.all(Array.from({ length: 100 }, (_, n) => guess(n)))).map(({ status, body }) => (status === 200 ? 'in' : body['code']))
  const looked = codes.filter((code) => code === 'wrongPassword' || code === 'in').length
  expect(looked).toBeLessThanOrEqual(5)
  expect(codes).toContain('accountLocked')
}) // prettier-ignore

test('one address that never stops is sent away, and its refusals are not a row each', async () => {
  const from = '203.0.113.9'
  for (let n = 0; n < 200; n++) await h.kernel.db.query(`INSERT INTO kernel.sign_in_failure AS f (key, failures, at) VALUES ($1, 1, $2) ON CONFLICT (key) DO UPDATE SET failures = f.failures + 1`, [`address:${from}`, h.clock.now().toISOString()]) // prettier-ignore
  for (let n = 0; n < 20; n++) expect((await signIn(`x${n}`, 'x', {}, { from })).status).toBe(429)
  const rows = await h.kernel.db.query(`SELECT times FROM security.sign_in WHERE outcome = 'tooMany' AND address = $1`, [from])
  expect(rows.length).toBe(1)
  expect((await signIn(officer, testPassword, {}, { from: '203.0.113.10' })).status).toBe(200)
})

test('of the officers the last that is open is never locked from outside', async () => {
  const [other] = await h.kernel.db.query<{ name: string }>(`SELECT a.name FROM security.account a JOIN directory.person p ON p.id = a.person WHERE p.name = '许安'`) // prettier-ignore
  expect((await failUntilLocked(other!.name)).at(-1)).toBe('accountLocked')
  for (let round = 0; round < 2; round++) expect((await failUntilLocked(officer)).at(-1)).toBe('wrongPassword')
  expect((await signIn(officer, testPassword, { captcha: await captcha() })).status).toBe(200)
})

test('disabled, closed, past its end, outside its hours or networks: told only to whoever knows the password', async () => {
  const person = await h.person('李四')
  const set = (sql: string) => h.kernel.db.query(`UPDATE security.account SET ${sql} WHERE person = $1`, [person])
  const cases: [string, string][] = [
    [`status = 'disabled'`, '账号已停用，请联系系统管理员'],
    [`status = 'active', valid_until = '2026-06-14'`, '账号有效期到 2026-06-14，已停用，请联系系统管理员'],
    [`valid_until = NULL, access_networks = '{192.168.0.0/16}'`, '该账号不允许从此网络登录'],
    [`access_networks = NULL, access_from = '18:00', access_to = '08:00'`, '该账号只能在允许的时段登录（18:00–08:00）'],
  ]
  for (const [sql, title] of cases) {
    await set(sql)
    expect(await signIn(person, testPassword)).toMatchObject({ status: 403, body: { code: 'accountDisabled', title } })
  }
  expect((await signIn(person, 'wrong')).body).toMatchObject({ code: 'wrongPassword', title: '账号或密码不对' })
})

test('a session ends where its account may no longer be used, after the idle time, and at its whole length', async () => {
  const person = await h.person('李五')
  const disabled = await h.signIn(person)
  await h.kernel.db.query(`UPDATE security.account SET status = 'disabled', reason = '离职' WHERE person = $1`, [person])
  later(1)
  expect((await disabled.call('GET', '/api/me')).status).toBe(401)
  await h.kernel.db.query(`UPDATE security.account SET status = 'active' WHERE person = $1`, [person])
  const idle = await h.signIn(person)
  later(29)
  expect((await idle.call('GET', '/api/me')).status).toBe(200)
  later(29)
  expect((await idle.call('GET', '/api/me', undefined, { 'x-background': '1' })).status).toBe(200)
  later(2)
  // What the page asked by itself was nobody at the page.
  expect((await idle.call('GET', '/api/me')).status).toBe(401)
})

test('more sessions than allowed end the oldest; the log says how each ended and how long it lasted', async () => {
  const person = await h.person('李六')
  const first = await h.signIn(person)
  later(3)
  const more = []
  for (let n = 0; n < 5; n++) more.push(await h.signIn(person))
  expect((await first.call('GET', '/api/me')).status).toBe(401)
  expect((await more[0]!.call('GET', '/api/me')).status).toBe(200)
  expect((await more[0]!.call('POST', '/api/sign-out')).status).toBe(200)
  expect((await log(person)).filter((row) => row.end).map(({ end, minutes }) => ({ end, minutes }))).toEqual([
    { end: 'replaced', minutes: 3 },
    { end: 'signOut', minutes: 0 },
  ])
})

const bind = async (person: string): Promise<{ secret: string; codes: string[] }> => {
  const { call } = await h.signIn(person)
  const started = await call('POST', '/api/me/second-factor/start', { password: testPassword })
  const { secret } = started.json<{ secret: string }>()
  const confirmed = await call('POST', '/api/me/second-factor/confirm', { code: codeOf(secret) })
  return { secret, codes: confirmed.json<{ codes: string[] }>().codes }
}
const codeOf = (secret: string): string => generateSync({ secret, epoch: Math.floor(h.clock.now().getTime() / 1000) })
const answers = (answer: HttpAnswer) => [answer.status, answer.json()['code']]

test('the second factor: a code once, in any process; a wrong one counts; a recovery code once; the device is known from then on', async () => {
  const person = await h.person('李七')
  const { secret, codes } = await bind(person)
  expect(codes).toHaveLength(10)
  later(1)
  const { body } = await signIn(person, testPassword)
  const ticket = body['ticket']
  expect(Object.keys(body)).toEqual(['ticket'])
  expect((await post('/api/sign-in/second', { ticket, code: '000000' })).body['code']).toBe('wrongCode')
  const done = await post('/api/sign-in/second', { ticket, code: codeOf(secret).replace(/(...)/, '$1 ') })
  expect(done).toMatchObject({ status: 200, body: { account: { owes: null } } })
  expect(Object.keys(done.cookies).sort()).toEqual(['xinglin_device', 'xinglin_session'])
  // The ticket is used up, and so is the code of this half minute.
  expect((await post('/api/sign-in/second', { ticket, code: codeOf(secret) })).body['code']).toBe('ticketEnded')
  const again = (await signIn(person, testPassword)).body['ticket']
  expect((await post('/api/sign-in/second', { ticket: again, code: codeOf(secret) })).body['code']).toBe('wrongCode')
  expect((await post('/api/sign-in/second', { ticket: again, code: codes[0]!.toLowerCase() })).status).toBe(200)
  const third = (await signIn(person, testPassword)).body['ticket']
  expect((await post('/api/sign-in/second', { ticket: third, code: codes[0] })).body['code']).toBe('wrongCode')
  const sent = { headers: { cookie: `xinglin_device=${done.cookies['xinglin_device']}` } }
  expect((await failUntilLocked(person)).at(-1)).toBe('accountLocked')
  expect((await signIn(person, testPassword, { captcha: await captcha() }, sent)).body['ticket']).toBeTypeOf('string')
  // The known browser has its own few tries.
  for (let n = 0; n < 5; n++) await signIn(person, 'wrong', { captcha: await captcha() }, sent)
  expect((await signIn(person, testPassword, { captcha: await captcha() }, sent)).status).toBe(423)
})

test('where the policy demands it, nothing opens before the second factor is bound; it cannot be taken off', async () => {
  await using strict = await hospital({ profile: { level: 'level3', exposure: 'intranet' } })
  const person = await strict.person('赵一')
  const { call, cookie: before } = await strict.signIn(person)
  expect((await call('GET', '/api/me')).json()).toMatchObject({ account: { owes: 'secondFactor' } })
  expect(answers(await call('GET', '/api/records/directory.unit'))).toEqual([403, 'secondFactorMissing'])
  const { secret } = (await call('POST', '/api/me/second-factor/start', {})).json<{ secret: string }>()
  expect(answers(await call('POST', '/api/me/second-factor/confirm', { code: '123456' }))).toEqual([401, 'wrongCode'])
  const code = generateSync({ secret, epoch: Math.floor(strict.clock.now().getTime() / 1000) })
  const bound = await call('POST', '/api/me/second-factor/confirm', { code })
  expect(bound.status).toBe(200)
  // The token that was there before proves nothing more.
  expect((await call('GET', '/api/me', undefined, { cookie: before })).status).toBe(401)
  const cookie = String(bound.headers['set-cookie']).split(';')[0]!
  const me = await strict.house.server.app.inject({ url: '/api/me', headers: { cookie } })
  expect(me.json()).toMatchObject({ account: { owes: null } })
  const off = await strict.house.server.app.inject({ method: 'POST', url: '/api/me/second-factor/remove', payload: { code }, headers: { cookie, 'x-csrf-token': me.json<{ csrf: string }>().csrf } }) // prettier-ignore
  expect(off.statusCode).toBe(403)
})

test('who has sat there for long when a second factor is demanded proves himself by his password before he binds one', async () => {
  await using strict = await hospital({ profile: { level: 'level3', exposure: 'intranet' } })
  const person = await strict.person('赵二')
  const { call } = await strict.signIn(person)
  strict.clock.set(new Date(strict.clock.now().getTime() + 11 * 60_000).toISOString())
  const start = (body: object) => call('POST', '/api/me/second-factor/start', body)
  expect((await start({})).json()).toMatchObject({ code: 'wrongPassword', problems: [{ field: 'current', message: '请填写当前密码' }] })
  expect((await strict.kernel.db.query(`SELECT 1 FROM kernel.sign_in_failure WHERE key LIKE 'account:%'`)).length).toBe(0)
  expect((await start({ password: 'wrong' })).json()).toMatchObject({ problems: [{ message: '当前密码不对' }] })
  expect((await start({ password: testPassword })).json()).toMatchObject({ secret: expect.any(String) as string })
})

test('a second factor bound in one place ends the sessions that were opened without it: they could give nothing that they owe', async () => {
  await using strict = await hospital({ profile: { level: 'level3', exposure: 'intranet' } })
  const person = await strict.person('赵三')
  const [{ call }, other] = [await strict.signIn(person), await strict.signIn(person)]
  const { secret } = (await call('POST', '/api/me/second-factor/start', {})).json<{ secret: string }>()
  const code = generateSync({ secret, epoch: Math.floor(strict.clock.now().getTime() / 1000) })
  expect((await call('POST', '/api/me/second-factor/confirm', { code })).status).toBe(200)
  expect((await other.call('GET', '/api/me')).status).toBe(401)
})

test('on the internet every sign-in reads a picture first', async () => {
  await using open = await hospital({ profile: { level: 'level2', exposure: 'internet' } })
  const person = await open.person('赵二')
  const answer = await open.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: person, password: testPassword } }) // prettier-ignore
  expect(answer.json()).toMatchObject({ code: 'captchaNeeded' })
  expect((await open.house.server.app.inject({ url: '/api/sign-in' })).json()).toMatchObject({ captcha: true })
})

test('many locks at once are told to the officers, once an hour', async () => {
  await using other = await hospital()
  const security = await other.person('许安', { roles: ['securityOfficer'] })
  const until = new Date(other.clock.now().getTime() + 600_000).toISOString()
  const wrong = () => other.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: 'last-one', password: 'x' }, remoteAddress: '203.0.113.7' }) // prettier-ignore
  await other.kernel.db.query(`INSERT INTO kernel.sign_in_failure (key, failures, at, locked_until) SELECT 'name:n' || n, 5, $1, $2 FROM generate_series(1, 9) n`, [other.clock.now().toISOString(), until]) // prettier-ignore
  await other.kernel.db.query(`INSERT INTO kernel.sign_in_failure (key, failures, at) VALUES ('name:last-one', 4, $1)`, [
    other.clock.now().toISOString(),
  ])
  const { id } = (await other.house.server.app.inject({ method: 'POST', url: '/api/sign-in/captcha', payload: {} })).json<{ id: string }>()
  const [row] = await other.kernel.db.query<{ answer: string }>('SELECT answer FROM kernel.captcha WHERE id = $1', [id])
  expect((await wrong()).json()).toMatchObject({ code: 'captchaNeeded' })
  const locked = await other.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: 'last-one', password: 'x', captcha: { id, answer: row!.answer } }, remoteAddress: '203.0.113.7' }) // prettier-ignore
  expect(locked.json()).toMatchObject({ code: 'accountLocked' })
  const told = await other.kernel.db.query(`SELECT title, body LIKE '%203.0.113.7%' AS named FROM kernel.message WHERE person = $1`, [
    security,
  ])
  expect(told).toEqual([{ title: '10 个账号因连续输错被锁定，可能有人在试密码', named: true }])
})

test('where a request comes from is believed of the named proxies only', async () => {
  await using behind = await hospital({ proxies: ['10.9.9.9'] })
  const person = await behind.person('钱一')
  const from = async (remoteAddress: string, forwarded: string) => {
    const answer = await behind.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: person, password: testPassword }, headers: { 'x-forwarded-for': forwarded }, remoteAddress }) // prettier-ignore
    expect(answer.statusCode).toBe(200)
    const [row] = await behind.kernel.db.query<{ address: string }>(`SELECT address FROM security.sign_in WHERE name = $1 ORDER BY id DESC LIMIT 1`, [person]) // prettier-ignore
    return row!.address
  }
  expect(await from('10.9.9.9', '203.0.113.5')).toBe('203.0.113.5')
  // What the sender wrote before the proxy added what it saw is not believed.
  expect(await from('10.9.9.9', '127.0.0.1, 203.0.113.5')).toBe('203.0.113.5')
  expect(await from('203.0.113.6', '127.0.0.1')).toBe('203.0.113.6')
})

test.each(['a\nb', '\u202Eevil', '<img src=x>', '  ', 'é'.repeat(100), '💊'.repeat(30), "' OR 1=1 --"])(
  'a name like %j is a wrong one, and is in the log',
  async (name) => {
    const before = await h.kernel.db.query('SELECT 1 FROM security.sign_in')
    const answer = await signIn(name, 'wrong', {}, { from: '10.7.7.7' })
    expect(answer).toMatchObject({ status: 401, body: { code: 'wrongPassword' } })
    expect((await h.kernel.db.query('SELECT 1 FROM security.sign_in')).length).toBe(before.length + 1)
  },
)
test.each(['x\u0000y', '\uD800'])('a name like %j is no text at all', async (name) => {
  expect(await signIn(name, 'wrong')).toMatchObject({ status: 400, body: { code: 'badRequest' } })
})

test('a wrong password in the middle of a session is in the log, counts, and its lock is shown and told like any other', async () => {
  const person = await h.person('李九')
  const { call } = await h.signIn(person)
  const change = () => call('POST', '/api/password', { current: 'wrong', next: 'Gu-shan#81x' })
  const codes: unknown[] = []
  for (let n = 0; n < 6; n++) codes.push((await change()).json<{ code: string }>().code)
  expect(codes).toEqual([...Array<string>(4).fill('wrongPassword'), 'accountLocked', 'accountLocked'])
  expect((await log(person)).map((row) => row.outcome)).toEqual(['done', ...Array<string>(5).fill('wrong'), 'locked'])
  const [account] = await h.kernel.db.query(`SELECT locked_until > $2 AS locked FROM security.account WHERE person = $1`, [person, h.clock.now().toISOString()]) // prettier-ignore
  expect(account).toEqual({ locked: true })
})

test('a try taken back frees nothing that other tries have locked', async () => {
  const [now, lock] = [h.clock.now(), { lockFailures: 3, lockMinutes: 10 }]
  const key = 'name:taken-back'
  const state = async () => (await failuresOf(h.kernel.db, [key], now))[0]
  const [first, , third, fourth] = [await claimTry(h.kernel.db, key, now, lock), await claimTry(h.kernel.db, key, now, lock), await claimTry(h.kernel.db, key, now, lock), await claimTry(h.kernel.db, key, now, lock)] // prettier-ignore
  expect([third.isAllowed, third.lockedUntil !== null, fourth.isAllowed]).toEqual([true, true, false])
  await forgive(h.kernel.db, key, fourth)
  expect((await state())!.lockedUntil).toEqual(third.lockedUntil)
  await forgive(h.kernel.db, key, first)
  expect((await state())!.lockedUntil).toEqual(third.lockedUntil)
  await forgive(h.kernel.db, key, third)
  expect(await state()).toEqual({ failures: 2, lockedUntil: null })
})
