import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { captchaFor } from '../access/sign-in.ts'
import { isKnownDevice, knowDevice } from '../access/known-devices.ts'
import { queueSms } from '../access/sms/queue.ts'
import { runDailyJobs } from './schedule.ts'

let h: TestHospital
beforeAll(async () => void (h = await hospital()))
afterAll(() => h[Symbol.asyncDispose]())

const count = async (table: string): Promise<number> => (await h.kernel.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.${table}`))[0]!.n // prettier-ignore

test('what waited for an answer that never came goes with the next day, and a browser that nobody has used for a year', async () => {
  const { db } = h.kernel
  const person = await h.person('张海涛')
  const [account] = await db.query<{ id: string }>('SELECT id FROM security.account WHERE person = $1', [person])
  const { id } = account!
  const now = h.clock.now()
  const soon = new Date(now.getTime() + 600_000)
  await captchaFor(h.kernel)
  await queueSms(h.kernel, db, { mobile: '13800000000', text: '验证码 123456', until: soon })
  await db.query(`INSERT INTO kernel.sign_in_ticket VALUES ('\\x01', $1, 'totp', $2)`, [id, soon.toISOString()])
  await db.query(`INSERT INTO kernel.outside_sign_in (token, provider, state, nonce, verifier, goes_to, callback, expires_at) VALUES ('\\x01', 'cas', 's', 'n', 'v', '/', 'http://h/', $1)`, [soon.toISOString()]) // prettier-ignore
  await db.query(`INSERT INTO kernel.password_reset (token, asked, address, at, expires_at) VALUES ('\\x01', '\\x02', '10.0.0.1', $1, $2)`, [now.toISOString(), soon.toISOString()]) // prettier-ignore
  await db.query(`INSERT INTO kernel.code_asked VALUES ('\\x01', $1)`, [now.toISOString()])
  const tables = ['captcha', 'sms', 'sign_in_ticket', 'outside_sign_in', 'password_reset', 'code_asked']
  const counts = async () => Promise.all(tables.map(count))
  await runDailyJobs(h.kernel)
  expect(await counts()).toEqual([1, 1, 1, 1, 1, 1])
  const [used, left] = [await knowDevice(db, id, undefined, 'a', now), await knowDevice(db, id, undefined, 'b', now)]
  h.clock.set('2026-12-15')
  await knowDevice(db, id, used, 'a', h.clock.now())
  await runDailyJobs(h.kernel)
  expect(await counts()).toEqual([0, 0, 0, 0, 0, 0])
  expect(await count('known_device')).toBe(2)
  h.clock.set('2027-06-20')
  await runDailyJobs(h.kernel)
  expect([await count('known_device'), await isKnownDevice(db, id, used, h.clock.now()), await isKnownDevice(db, id, left, h.clock.now())]).toEqual([1, true, false]) // prettier-ignore
})
