import { generateSync } from 'otplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hospital, testPassword, type TestHospital } from '#app/testing/hospital.ts'
import { SmsService } from '#app/testing/sms-service.ts'
import { issueKey } from './clients/keys.ts'
import { waysFromEnvironment } from './outside/from-environment.ts'
import { answerResets } from './reset-by-code.ts'
import { sendDue } from './sms/queue.ts'

let h: TestHospital
const sms = new SmsService()
const signIn = () => waysFromEnvironment({ XINGLIN_SMS_URL: `${sms.url}/send`, XINGLIN_SMS_SECRET: sms.secret })
beforeAll(async () => {
  await sms.start()
  h = await hospital({ signIn: signIn() })
})
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await sms.stop()
})

/** Tables in which one of these stands, as text or as bytes. */
async function foundIn(secrets: Readonly<Record<string, string>>): Promise<string[]> {
  const tables = await h.kernel.db.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND has_table_privilege(c.oid, 'SELECT')`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await h.kernel.db.query<{ row: string }>(`SELECT lower(t::text) AS row FROM ${name} t`)
    const text = rows.map(({ row }) => row).join('\n')
    for (const [what, secret] of Object.entries(secrets))
      if (text.includes(secret.toLowerCase()) || text.includes(Buffer.from(secret).toString('hex'))) found.push(`${name}: ${what}`)
  }
  return found
}

test('nothing that proves somebody lies in the database as it is: not in its own table, nor in history, audit, outbox or kept answers', async () => {
  const mobile = '13800138000'
  const person = await h.person('张海涛', { mobile })
  const officer = await h.person('王建国', { roles: ['systemOfficer'] })
  const session = await h.signIn(person)
  const start = await session.call('POST', '/api/me/second-factor/start', { password: testPassword })
  const { secret: totp } = start.json<{ secret: string }>()
  const code = generateSync({ secret: totp, epoch: Math.floor(h.clock.now().getTime() / 1000) })
  const confirmed = await session.call('POST', '/api/me/second-factor/confirm', { code })
  const [recovery] = confirmed.json<{ codes: string[] }>().codes
  const post = async (url: string, payload: object) => (await h.house.server.app.inject({ method: 'POST', url, payload })).json<Record<string, string>>() // prettier-ignore
  const { ticket } = await post('/api/sign-in', { account: person, password: testPassword })
  const { id } = await post('/api/sign-in/captcha', {})
  const [picture] = await h.kernel.db.query<{ answer: string }>('SELECT answer FROM kernel.captcha WHERE id = $1', [id])
  const { reset } = await post('/api/reset', { account: person, mobile, captcha: { id, answer: picture!.answer } })
  await answerResets(h.kernel)
  const whileQueued = await foundIn({ mobile })
  await sendDue(h.kernel, signIn().sms!)
  const client = await h.create('security.apiClient', { name: 'HIS', proof: 'signed', perMinute: 60 })
  const issued = await issueKey(h.kernel, await h.as(officer), client.id, 0)
  const other = await h.person('李一')
  const [account] = await h.kernel.db.query<{ id: string }>('SELECT id FROM security.account WHERE person = $1', [other])
  const given = await (await h.signIn(officer)).call('POST', `/api/accounts/${account!.id}/reset`, { what: 'password', reason: '忘记' })
  const { password: once } = given.json<{ password: string }>()
  const secrets = { totp, recovery: recovery!, plainRecovery: recovery!.replace('-', ''), ticket: ticket!, reset: reset!, smsCode: `验证码 ${sms.codeTo(mobile)!}`, key: issued.secret, once, password: testPassword, session: session.cookie.split('=')[1]!.split(';')[0]! } // prettier-ignore
  expect(Object.values(secrets).map((secret) => secret.length >= 10)).toEqual(Object.values(secrets).map(() => true))
  expect(await foundIn(secrets)).toEqual([])
  expect(whileQueued).toEqual([])
  // What is looked for would be found.
  expect(await foundIn({ name: '张海涛' })).toContain('directory.person: name')
})
