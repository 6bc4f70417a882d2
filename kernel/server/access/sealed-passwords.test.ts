import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PasswordKey } from '#model'
import { hospital, testPassword, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let person: string
beforeAll(async () => {
  h = await hospital()
  person = await h.person('张海涛')
})
afterAll(() => h[Symbol.asyncDispose]())

const post = async (url: string, payload: object, headers: Record<string, string> = {}) => {
  const answer = await h.house.server.app.inject({ method: 'POST', url, payload, headers })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), cookies: answer.cookies }
}
const keyOf = async () => (await h.house.server.app.inject({ method: 'GET', url: '/api/password-key' })).json<PasswordKey>()
/** As the page does it; `within`: the challenge that is sealed along. */
const seal = ({ id, key, challenge }: PasswordKey, text: string, within = challenge) =>
  `sm2:${id}:${challenge}:${sm2.doEncrypt(`${within}\n${text}`, key, 1)}`
const signIn = (password: string) => post('/api/sign-in', { account: person, password })

test('E0072 E0185 a sealed password opens; nothing of it stands in what is sent, which is no use a second time', async () => {
  const sealed = seal(await keyOf(), testPassword)
  expect(sealed).not.toContain(Buffer.from(testPassword).toString('hex'))
  expect((await signIn(sealed)).status).toBe(200)
  expect(await signIn(sealed)).toMatchObject({ status: 409, body: { code: 'alreadySent' } })
  expect(seal(await keyOf(), testPassword)).not.toBe(sealed)
})

test('what was sealed for another challenge, with another key, too long ago, or altered is refused and is no failure to sign in', async () => {
  const [one, other] = [await keyOf(), await keyOf()]
  const { publicKey } = sm2.generateKeyPairHex()
  const good = seal(one, testPassword)
  const [mark, day, challenge, cipher] = good.split(':') as [string, string, string, string]
  const [number, until, mac] = challenge.split('.') as [string, string, string]
  const wrong = [
    seal({ ...one, challenge: other.challenge }, testPassword, one.challenge),
    seal({ ...one, key: publicKey }, testPassword),
    `${mark}:${day}:${number}.${Number(until) + 60_000}.${mac}:${cipher}`,
    `${mark}:2020-01-01:${challenge}:${cipher}`,
    `${good.slice(0, -2)}${good.endsWith('00') ? '01' : '00'}`,
    `sm2:${day}:${challenge}:${'0'.repeat(200)}`,
    'sm2:',
  ]
  for (const sealed of wrong) expect(await signIn(sealed)).toMatchObject({ status: 400, body: { code: 'badRequest' } })
  expect((await signIn(good)).status).toBe(200)
  const late = seal(await keyOf(), testPassword)
  h.clock.set(new Date(h.clock.now().getTime() + 61_000).toISOString())
  expect(await signIn(late)).toMatchObject({ status: 400, body: { title: '提交超过了一分钟，请重新提交' } })
  const [row] = await h.kernel.db.query(`SELECT count(*)::int AS wrong FROM security.sign_in WHERE name = $1 AND outcome <> 'done'`, [person])
  expect(row).toEqual({ wrong: 0 })
}) // prettier-ignore

test('two passwords of one form stand under one challenge; over midnight the key of the day before still opens', async () => {
  const signedIn = await post('/api/sign-in', { account: person, password: testPassword })
  const cookie = signedIn.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const key = await keyOf()
  const answer = await post(
    '/api/password',
    { current: seal(key, testPassword), next: seal(key, 'Xing-lin-2031!') },
    { cookie, 'x-csrf-token': signedIn.body['csrf'] as string },
  )
  expect(answer).toMatchObject({ status: 200 })
  h.clock.set(`${h.clock.now().toISOString().slice(0, 10)}T15:59:40Z`)
  const before = seal(await keyOf(), 'Xing-lin-2031!')
  h.clock.set(new Date(h.clock.now().getTime() + 30_000).toISOString())
  expect((await keyOf()).id).not.toBe(before.split(':')[1])
  expect((await signIn(before)).status).toBe(200)
})
