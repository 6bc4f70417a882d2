import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, testPassword, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let victim: string, bystander: string
beforeAll(async () => {
  const wide = { atOnce: 8, waiting: 10_000, waitMs: 60_000 }
  h = await hospital({ bounds: { passwords: wide, people: wide } })
  await h.person('王建国', { roles: ['systemOfficer'] })
  victim = await h.person('李一')
  bystander = await h.person('李二')
})
afterAll(() => h[Symbol.asyncDispose]())
const post = async (url: string, payload: object, from: string, cookie?: string) => {
  const answer = await h.house.server.app.inject({ method: 'POST', url, payload, remoteAddress: from, ...(cookie ? { headers: { cookie } } : {}) })
  return { status: answer.statusCode, code: answer.json<{ code?: string }>().code, cookies: answer.cookies, headers: answer.headers }
} // prettier-ignore
/** Answers by code, of a thousand at ten a time. */
async function thousand(one: (n: number) => Promise<{ status: number; code: string | undefined }>): Promise<Map<string, number>> {
  const codes = new Map<string, number>()
  for (let n = 0; n < 1000; n += 10)
    for (const { status, code } of await Promise.all(Array.from({ length: 10 }, (_, at) => one(n + at))))
      codes.set(`${status} ${code}`, (codes.get(`${status} ${code}`) ?? 0) + 1)
  return codes
}
/** The digits of a picture, as who holds the database reads them. */
async function captcha(from: string): Promise<{ id: string; answer: string }> {
  const answer = await h.house.server.app.inject({ method: 'POST', url: '/api/sign-in/captcha', payload: {}, remoteAddress: from })
  const { id } = answer.json<{ id: string }>()
  const [row] = await h.kernel.db.query<{ answer: string }>('SELECT answer FROM kernel.captcha WHERE id = $1', [id])
  return { id, answer: row!.answer }
}
const rows = async (where: string) => (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${where}`))[0]!.n

test('a thousand failures from one address: from the second on a picture has to be read, and who reads them is sent away; who sits elsewhere signs in, and the log grows by few rows', async () => {
  const from = '203.0.113.9'
  const blind = await thousand((n) => post('/api/sign-in', { account: `account${n}`, password: 'wrong' }, from))
  expect([blind.get('401 wrongPassword') ?? 0, [...blind.keys()].sort()]).toEqual([
    expect.toSatisfy((n: number) => n <= 30),
    ['401 captchaNeeded', '401 wrongPassword'],
  ])
  const reading = await thousand(async (n) =>
    post('/api/sign-in', { account: `name${n}`, password: 'wrong', captcha: await captcha(`10.9.${n >> 8}.${n & 255}`) }, from),
  )
  expect(
    [reading.get('401 wrongPassword')! + blind.get('401 wrongPassword')! <= 240, reading.get('429 tooManyRequests')! >= 790],
    [...reading].join(),
  ).toEqual([true, true])
  expect(await rows(`security.sign_in WHERE outcome = 'tooMany' AND address = '${from}'`)).toBe(1)
  expect((await post('/api/sign-in', { account: bystander, password: testPassword }, '10.0.0.7')).status).toBe(200)
}, 120_000)
test('a thousand failures for one account from a thousand addresses: it is locked after five, the officers are told once, and nobody else is', async () => {
  const codes = await thousand((n) => post('/api/sign-in', { account: victim, password: 'wrong' }, `10.7.${n >> 8}.${n & 255}`))
  expect(
    [...codes.keys()].every((code) => /captchaNeeded|wrongPassword|accountLocked/.test(code)),
    [...codes].join(),
  ).toBe(true)
  // Nobody learns by trying: without the picture only the first tries reach the password.
  expect(codes.get('401 wrongPassword') ?? 0).toBeLessThanOrEqual(5)
  expect((await post('/api/sign-in', { account: bystander, password: testPassword }, '10.0.0.8')).status).toBe(200)
}, 120_000)
test('a session that a stranger has put into the browser is not taken on: who signs in gets a new one, and again with every proof of himself', async () => {
  const planted = 'xinglin_session=planted-by-somebody-else-0123456789'
  const tokenOf = (answer: { cookies: readonly { name: string; value: string }[] }) => answer.cookies.find(({ name }) => name === 'xinglin_session')?.value // prettier-ignore
  const first = await post('/api/sign-in', { account: bystander, password: testPassword }, '10.0.0.9', planted)
  const token = tokenOf(first)
  expect([first.status, token !== undefined && token !== 'planted-by-somebody-else-0123456789']).toEqual([200, true])
  const me = (cookie: string) => h.house.server.app.inject({ method: 'GET', url: '/api/me', headers: { cookie } })
  expect([(await me(planted)).statusCode, (await me(`xinglin_session=${token}`)).statusCode]).toEqual([401, 200])
  // Who signs in over a session of his own is not kept on it either.
  const again = tokenOf(await post('/api/sign-in', { account: bystander, password: testPassword }, '10.0.0.9', `xinglin_session=${token}`))
  expect(again).not.toBe(token)
  const { csrf } = (await me(`xinglin_session=${again}`)).json<{ csrf: string }>()
  const changed = await h.house.server.app.inject({
    method: 'POST',
    url: '/api/password',
    headers: { cookie: `xinglin_session=${again}`, 'x-csrf-token': csrf },
    payload: { current: testPassword, next: 'Gu-shan#81x' },
  })
  expect([changed.statusCode, tokenOf(changed) !== again, (await me(`xinglin_session=${again}`)).statusCode]).toEqual([200, true, 401])
})
test('what a stranger writes into a name or a header makes no line of its own in any log', async () => {
  const forged = 'nobody\r\n{"level":50,"msg":"forged"}\n<13>1 2026-06-15T04:00:00Z forged - - - login ok'
  await h.house.server.app.inject({ method: 'POST', url: '/api/sign-in', payload: { account: forged.slice(0, 99), password: 'x' }, remoteAddress: '10.0.0.10', headers: { 'user-agent': 'Mozilla/5.0\tforged' } }) // prettier-ignore
  const [row] = await h.kernel.db.query<{ name: string; device: string }>(
    `SELECT name, device FROM security.sign_in WHERE address = '10.0.0.10'`,
  )
  expect(row).toBeDefined()
  expect([/[\r\n]/.test(row!.name), /[\r\n\t]/.test(row!.device)]).toEqual([false, false])
})
