import { generateSync } from 'otplib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hospital, testPassword, type TestHospital } from '#app/testing/hospital.ts'
import { SmsService } from '#app/testing/sms-service.ts'
import { waysFromEnvironment } from './outside/from-environment.ts'
import { answerResets } from './reset-by-code.ts'
import type { SmsGateway } from './sms/gateway.ts'
import { sendDue } from './sms/queue.ts'

let h: TestHospital
let gateway: SmsGateway
const sms = new SmsService()
beforeAll(async () => {
  await sms.start()
  const signIn = waysFromEnvironment({ XINGLIN_SMS_URL: `${sms.url}/send`, XINGLIN_SMS_SECRET: sms.secret })
  gateway = signIn.sms!
  h = await hospital({ signIn })
})
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await sms.stop()
})
beforeEach(async () => {
  sms.taken.length = 0
  sms.faults.length = 0
  await h.kernel.db.query('DELETE FROM kernel.code_asked')
})

const post = async (url: string, payload: object, from = '10.0.0.1') => {
  const answer = await h.house.server.app.inject({ method: 'POST', url, payload, remoteAddress: from })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}
async function captcha(): Promise<{ id: string; answer: string }> {
  const { id } = (await post('/api/sign-in/captcha', {})).body as { id: string }
  const [row] = await h.kernel.db.query<{ answer: string }>('SELECT answer FROM kernel.captcha WHERE id = $1', [id])
  return { id, answer: row!.answer }
}
const ask = async (account: string, mobile: string, from?: string) =>
  post('/api/reset', { account, mobile, captcha: await captcha() }, from)
/** The work that goes on behind the requests. */
const work = async (): Promise<void> => {
  while (await answerResets(h.kernel));
  await sendDue(h.kernel, gateway)
}
const later = (seconds: number) => h.clock.set(new Date(h.clock.now().getTime() + seconds * 1000).toISOString())
const tryCode = (reset: unknown, code: string) => post('/api/reset/code', { reset, code })
const next = 'Gu-shan#81x'
const signIn = (account: string, password: string) => post('/api/sign-in', { account, password })
let numbers = 0
const newPerson = async (name: string, more: Record<string, unknown> = {}) => {
  const mobile = `138${String(10_000_000 + numbers++)}`
  return { person: await h.person(name, { mobile, ...more }), mobile }
}

test('a code to the number of the file, a new password, and in with it; sessions end, nothing is left that could be used again', async () => {
  const { person, mobile } = await newPerson('张海涛', { staffNumber: '93001' })
  const before = await h.signIn(person)
  const { status, body } = await ask('93001', ` ${mobile.slice(0, 3)} ${mobile.slice(3)} `)
  expect([status, Object.keys(body).sort(), body['minutes']]).toEqual([200, ['minutes', 'reset'], 10])
  await work()
  expect(sms.taken).toMatchObject([{ mobile, text: expect.stringMatching(/^【.+】验证码 \d{6}，10 分钟内有效/) as string }])
  const code = sms.codeTo(mobile)!
  const lying = await h.kernel.db.query(`SELECT asked, encode(code, 'escape') AS code FROM kernel.password_reset`)
  expect(JSON.stringify(lying)).not.toContain(code)
  expect(await post('/api/reset/password', { reset: body['reset'], next })).toMatchObject({ status: 401, body: { code: 'ticketEnded' } })
  expect((await tryCode(body['reset'], code)).body).toEqual({ account: person, staffNumber: '93001', passwordLength: 8 })
  expect(await post('/api/reset/password', { reset: body['reset'], next: '93001-abcdef#' })).toMatchObject({ status: 422, body: { problems: [{ field: 'next' }] } }) // prettier-ignore
  expect(await post('/api/reset/password', { reset: body['reset'], next: testPassword })).toMatchObject({ status: 422 })
  expect((await post('/api/reset/password', { reset: body['reset'], next })).status).toBe(200)
  expect((await before.call('GET', '/api/me')).status).toBe(401)
  expect((await signIn(person, next)).status).toBe(200)
  expect((await post('/api/reset/password', { reset: body['reset'], next: 'Hai-dao#92y' })).status).toBe(401)
  const acts = await h.kernel.db.query(`SELECT act, outcome FROM kernel.audit_entry WHERE act LIKE 'password.%' ORDER BY seq`)
  expect(acts).toContainEqual({ act: 'password.byCode', outcome: 'done' })
  expect(acts).toContainEqual({ act: 'password.askCode', outcome: 'done' })
})

test('a name that nobody has, a number that is another’s, an account that is closed: answered, counted and ended alike, and nothing is sent', async () => {
  const [real, other] = [await newPerson('李一'), await newPerson('李二')]
  const closed = await newPerson('李三')
  await h.kernel.db.query(`UPDATE security.account SET status = 'disabled' WHERE person = $1`, [closed.person])
  const cases = [[real.person, real.mobile], ['nobody-here', '13900000001'], [real.person, other.mobile], [real.person, '13900000002'], [closed.person, closed.mobile]] as const // prettier-ignore
  const seen = []
  for (const [account, mobile] of cases) {
    const asked = await ask(account, mobile)
    await answerResets(h.kernel)
    const reset = asked.body['reset']
    const tries = []
    for (let n = 0; n < 6; n++) tries.push((await tryCode(reset, 'x00000')).body['code'])
    seen.push([asked.status, Object.keys(asked.body).sort(), String(reset).length, tries])
  }
  expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1)
  expect(seen[0]).toEqual([200, ['minutes', 'reset'], 43, [...Array.from({ length: 5 }, () => 'wrongCode'), 'ticketEnded']])
  await sendDue(h.kernel, gateway)
  expect(sms.taken.map(({ mobile }) => mobile)).toEqual([real.mobile])
})

test('each number has so many codes an hour and a day, whoever is named; a hundred at the same instant are no more', async () => {
  const { person, mobile } = await newPerson('李四')
  const pictures = await Promise.all(Array.from({ length: 20 }, captcha))
  const answers = await Promise.all(pictures.map((read, n) => post('/api/reset', { account: n % 2 ? person : 'nobody', mobile, captcha: read }, `10.2.0.${n}`))) // prettier-ignore
  expect(answers.filter(({ status }) => status === 200).length).toBe(5)
  expect(answers.find(({ status }) => status !== 200)).toMatchObject({ status: 429, body: { code: 'tooManyRequests', title: '同一手机号每小时至多 5 条、每天至多 10 条验证码，请稍后再试' } }) // prettier-ignore
  expect((await ask('nobody', '13900000003')).status).toBe(200)
  later(3601)
  for (let n = 0; n < 5; n++) expect((await ask(person, mobile)).status).toBe(200)
  later(3601)
  expect((await ask(person, mobile)).status).toBe(429)
  await h.kernel.db.query('DELETE FROM kernel.code_asked')
  for (let n = 0; n < 30; n++) await ask('nobody', `139000001${String(n).padStart(2, '0')}`, '10.9.9.9')
  expect(await ask('nobody', '13900000200', '10.9.9.9')).toMatchObject({
    status: 429,
    body: { title: '此网络获取验证码过多，请一小时后再试' },
  })
})

test('what is wrong is said at its field; a picture is read once', async () => {
  expect(await post('/api/reset', { account: ' ', mobile: '123' })).toMatchObject({
    status: 422,
    body: { problems: [{ field: 'account', message: '请填写账号或工号' }, { field: 'mobile', message: '手机号不对，应为 11 位' }, { field: 'captcha' }] },
  }) // prettier-ignore
  const read = await captcha()
  expect((await post('/api/reset', { account: 'a', mobile: '13900000004', captcha: read })).status).toBe(200)
  expect(await post('/api/reset', { account: 'a', mobile: '13900000004', captcha: read })).toMatchObject({ status: 422, body: { problems: [{ field: 'captcha' }] } }) // prettier-ignore
})

test('five tries at the same instant are five; a code ends with its time', async () => {
  const { person, mobile } = await newPerson('李五')
  const { reset } = (await ask(person, mobile)).body
  await work()
  const code = sms.codeTo(mobile)!
  const wrong = code === '000000' ? '111111' : '000000'
  const codes = (await Promise.all(Array.from({ length: 40 }, () => tryCode(reset, wrong)))).map(({ body }) => body['code'])
  expect(codes.filter((one) => one === 'wrongCode').length).toBe(5)
  expect((await tryCode(reset, code)).body['code']).toBe('ticketEnded')
  const { reset: late } = (await ask(person, mobile)).body
  await work()
  later(601)
  expect((await tryCode(late, sms.codeTo(mobile)!)).body['code']).toBe('ticketEnded')
})

test('the second factor stays, and so does what has locked it; an officer is told to find the other one', async () => {
  const { person, mobile } = await newPerson('李六')
  const { call } = await h.signIn(person)
  const { secret } = (await call('POST', '/api/me/second-factor/start', { password: testPassword })).json<{ secret: string }>()
  const code = () => generateSync({ secret, epoch: Math.floor(h.clock.now().getTime() / 1000) })
  await call('POST', '/api/me/second-factor/confirm', { code: code() })
  later(60)
  const { ticket } = (await signIn(person, testPassword)).body
  for (let n = 0; n < 5; n++) await post('/api/sign-in/second', { ticket, code: '000000' })
  const { reset } = (await ask(person, mobile)).body
  await work()
  await tryCode(reset, sms.codeTo(mobile)!)
  expect((await post('/api/reset/password', { reset, next })).status).toBe(200)
  expect((await post('/api/sign-in', { account: person, password: next, captcha: await captcha() })).body['code']).toBe('accountLocked')
  later(601)
  expect(Object.keys((await signIn(person, next)).body)).toEqual(['ticket'])
  const officer = await newPerson('王建国', { roles: ['systemOfficer'] })
  const asked = await ask(officer.person, officer.mobile)
  await work()
  expect(sms.taken.at(-1)).toMatchObject({ mobile: officer.mobile, text: expect.stringContaining('另一位管理员同意') as string })
  expect((await tryCode(asked.body['reset'], '123456')).body['code']).toBe('wrongCode')
})

test('a number that was put into the file just now opens nothing: whoever keeps files does not become others', async () => {
  const { person } = await newPerson('李八')
  const office = await h.signIn(await h.person('李主任', { unit: '医务处', roles: ['medicalOffice'] }))
  const path = `/api/records/staff.practitioner/${person}`
  const { record } = (await office.call('GET', path)).json<{ record: { version: number } }>()
  const foreign = '13900000099'
  expect((await office.call('PATCH', path, { version: record.version, changes: { mobile: foreign } })).status).toBe(200)
  const { status, body } = await ask(person, foreign)
  await work()
  expect([status, sms.taken.map(({ mobile, text }) => [mobile, text.includes('验证码'), text.includes('不满 3 天')])]).toEqual([200, [[foreign, false, true]]]) // prettier-ignore
  expect((await tryCode(body['reset'], '123456')).body['code']).toBe('wrongCode')
  later(3 * 86_400 + 1)
  await ask(person, foreign)
  await work()
  expect(sms.codeTo(foreign)).toMatch(/^\d{6}$/)
})

test('a gateway that is away, refuses or loses its answer: nobody waits, nothing is sent twice, and what never can be is given up', async () => {
  const { person, mobile } = await newPerson('李七')
  sms.faults.push(503, 'lost')
  expect((await ask(person, mobile)).status).toBe(200)
  await work()
  expect(sms.taken).toEqual([])
  expect(await sendDue(h.kernel, gateway)).toBe(0)
  later(6)
  expect(await sendDue(h.kernel, gateway)).toBe(1)
  later(11)
  expect(await sendDue(h.kernel, gateway)).toBe(1)
  expect(sms.taken.length).toBe(1)
  expect(await h.kernel.db.query('SELECT 1 FROM kernel.sms')).toEqual([])
  sms.faults.push(400)
  await ask(person, mobile)
  await work()
  expect(await h.kernel.db.query('SELECT 1 FROM kernel.sms')).toEqual([])
  expect(await h.kernel.db.query(`SELECT outcome FROM kernel.audit_entry WHERE act = 'sms'`)).toEqual([{ outcome: 'failed' }])
  await sms.stop()
  await ask(person, mobile)
  await work()
  expect((await h.kernel.db.query('SELECT 1 FROM kernel.sms')).length).toBe(1)
  // After its time it is sent no more.
  later(700)
  await sms.start()
  expect(await sendDue(h.kernel, gateway)).toBe(0)
  expect(await h.kernel.db.query('SELECT 1 FROM kernel.sms')).toEqual([])
})

test('without a gateway there is no such way', async () => {
  await using plain = await hospital()
  const app = plain.house.server.app
  expect((await app.inject({ url: '/api/sign-in' })).json()).toMatchObject({ reset: false, ways: [] })
  expect((await app.inject({ method: 'POST', url: '/api/reset', payload: { account: 'a', mobile: '13900000004' } })).statusCode).toBe(404)
  expect(() => waysFromEnvironment({ XINGLIN_SMS_URL: 'https://sms.example', XINGLIN_SMS_SECRET: 'short' })).toThrow('至少 16 位')
})
