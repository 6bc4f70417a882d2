import { randomInt } from 'node:crypto'
import { codePurpose, invalid, readPhone, Refusal, type FieldProblem } from '#model'
import type { Queryable } from '../database/database.ts'
import { auditAlone } from '../audit/audit.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { consented } from '../personal/consent.ts'
import type { Place } from '../protection/cipher.ts'
import { readSettings } from '../settings.ts'
import { accountById, accountObstacle, findAccount, isOfficer, type Account } from './accounts.ts'
import { needCaptcha } from './captcha.ts'
import { accountKey, forgetFailures } from './failures.ts'
import { daysToStand, hasStood } from './long-standing.ts'
import { setPassword } from './own-password.ts'
import { digest, newToken } from './passwords.ts'
import { plainCode } from './second-factor.ts'
import { queueSms } from './sms/queue.ts'

const placeOf = (token: Buffer): Place => ({ resource: 'kernel.password_reset', record: token.toString('hex'), field: 'asked' })
const mostTries = 5
/** Codes that one address may ask for within an hour: a ward stands behind one. */
const perAddress = 30
const atOnce = 20
const hour = 3_600_000

interface Asked {
  name: string
  mobile: string
}
export interface ResetAsked {
  name: string
  mobile: string
  captcha: { id: string; answer: string } | undefined
  address: string
}
/** A mobile number as eleven digits; null when it is none. */
const mobileOf = (given: string): string | null => {
  const read = readPhone(given, true)
  return 'value' in read ? read.value : null
}

/**
 * Asks for a code to the mobile phone of whoever is named, if the number given is the one of his file. Whether there is anybody is found out later, by
 * `answerResets`: what is done, said and refused here is the same for every name and number. Answers the token with which the code is to be given.
 */
export async function askForCode(kernel: Kernel, given: ResetAsked): Promise<{ reset: string; minutes: number }> {
  const now = kernel.clock.now()
  const mobile = mobileOf(given.mobile) ?? ''
  const problems: FieldProblem[] = []
  if (!given.name.trim()) problems.push({ field: 'account', message: '请填写账号或工号' })
  if (!mobile) problems.push({ field: 'mobile', message: given.mobile.trim() ? '手机号不对，应为 11 位' : '请填写手机号' })
  if (!given.captcha) problems.push({ field: 'captcha', message: '请填写图形验证码' })
  if (problems.length) throw invalid(problems)
  await needCaptcha(kernel.db, now, given.captcha!.id, given.captcha!.answer)
  const { codeMinutes, codesPerHour, codesPerDay } = await kernel.protection.policy()
  const token = newToken()
  await kernel.db.transaction(async (tx) => {
    await countAsked(kernel, tx, `address:${given.address}`, { hour: perAddress, day: perAddress * 24 }, '此网络获取验证码过多，请一小时后再试')
    await countAsked(kernel, tx, `mobile:${mobile}`, { hour: codesPerHour, day: codesPerDay }, `同一手机号每小时至多 ${codesPerHour} 条、每天至多 ${codesPerDay} 条验证码，请稍后再试`)
    await tx.query(`DELETE FROM kernel.password_reset WHERE expires_at < $1`, [now.toISOString()])
    await tx.query(`INSERT INTO kernel.password_reset (token, asked, address, at, expires_at) VALUES ($1, $2, $3, $4, $5)`, [
      digest(token), kernel.protector.seal(placeOf(digest(token)), JSON.stringify({ name: given.name.trim(), mobile } satisfies Asked)), given.address, now.toISOString(), new Date(now.getTime() + codeMinutes * 60_000).toISOString(),
    ])
  })
  return { reset: token, minutes: codeMinutes }
} // prettier-ignore

/** Counts one more under a key; refuses beyond what an hour or a day may have. One after another, so that a hundred at the same instant are counted too. */
async function countAsked(
  kernel: Kernel,
  tx: Queryable,
  name: string,
  most: { hour: number; day: number },
  message: string,
): Promise<void> {
  const now = kernel.clock.now().getTime()
  const key = kernel.protector.blind('kernel.code_asked', 'key', name)
  const since = (ms: number) => new Date(now - ms).toISOString()
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended(encode($1::bytea, 'hex'), 7088))`, [key])
  await tx.query(`DELETE FROM kernel.code_asked WHERE at <= $1`, [since(24 * hour)])
  const [row] = await tx.query<{ hour: number; day: number }>(`SELECT count(*) FILTER (WHERE at > $2)::int AS hour, count(*)::int AS day FROM kernel.code_asked WHERE key = $1`, [key, since(hour)]) // prettier-ignore
  if (row!.hour >= most.hour || row!.day >= most.day) throw new Refusal('tooManyRequests', message)
  await tx.query(`INSERT INTO kernel.code_asked VALUES ($1, $2)`, [key, new Date(now).toISOString()])
}

/** Looks up who was named in the requests that wait, and sends a code to those that mean somebody. Answers how many there were. */
export async function answerResets(kernel: Kernel): Promise<number> {
  return kernel.db.transaction(async (tx) => {
    const rows = await tx.query<{ token: Buffer; asked: Buffer; address: string; expiresAt: string }>(
      `SELECT token, asked, address, expires_at AS "expiresAt" FROM kernel.password_reset WHERE asked IS NOT NULL ORDER BY at LIMIT ${atOnce} FOR UPDATE SKIP LOCKED`,
    )
    for (const row of rows) await answerOne(kernel, tx, row)
    return rows.length
  })
}
async function answerOne(kernel: Kernel, tx: Queryable, row: { token: Buffer; asked: Buffer; address: string; expiresAt: string }): Promise<void> {
  const { name, mobile } = JSON.parse(kernel.protector.open(placeOf(row.token), row.asked)) as Asked
  const account = await meant(kernel, name, mobile, row.address)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const until = new Date(row.expiresAt)
  const { hospitalName } = await readSettings(kernel.db)
  const isOfficers = account !== null && isOfficer(kernel, await kernel.directory(), account.person)
  const minutes = Math.max(1, Math.round((until.getTime() - kernel.clock.now().getTime()) / 60_000))
  const isNew = account?.person != null && !isOfficers && !(await hasStood(kernel, tx, account.person, 'mobile'))
  // An officer's password needs a second officer, whichever way it is lost.
  const text = isNew ? `【${hospitalName}】您的手机号登记或更改不满 ${daysToStand} 天，暂不能用于重置密码。请联系信息中心，或 ${daysToStand} 天后再试。` : isOfficers ? `【${hospitalName}】有人要用短信重置您的管理员账号密码。管理员账号须由另一位管理员同意后重置；如非本人操作，请联系信息中心。` : `【${hospitalName}】验证码 ${code}，${minutes} 分钟内有效，用于重置密码。如非本人操作，请勿告诉任何人。`
  const isMeant = account !== null && !isOfficers && !isNew
  await tx.query(`UPDATE kernel.password_reset SET asked = NULL, account = $2, code = $3 WHERE token = $1`, [row.token, isMeant ? account.id : null, isMeant ? codeDigest(kernel, row.token, code) : null])
  if (account) await queueSms(kernel, tx, { mobile, text, until })
  await auditAlone(tx, kernel.clock.now(), { actor: account?.person ?? null, name: name.slice(0, 60), address: row.address }, { act: 'password.askCode', outcome: isMeant ? 'done' : 'refused' })
} // prettier-ignore
/** The account that is meant, where the number is that of its person's file and nothing keeps it from being used. */
async function meant(kernel: Kernel, name: string, mobile: string, address: string): Promise<Account | null> {
  const account = await findAccount(kernel, name)
  if (!account?.person || accountObstacle(kernel, account, address) || !(await kernel.directory()).isActive(account.person)) return null
  const person = await loadRecord(kernel, kernel, kernel.resource('directory.person'), account.person)
  if (typeof person?.['mobile'] !== 'string' || mobileOf(person['mobile']) !== mobile) return null
  return (await consented(kernel, kernel.db, account.person, codePurpose)) ? account : null
}
const codeDigest = (kernel: Kernel, token: Buffer, code: string): Buffer =>
  kernel.protector.blind('kernel.password_reset', 'code', `${token.toString('hex')}\n${code}`)

/** Takes the code; five tries, counted before they are looked at. Answers under which names the new password must not stand. */
export async function proveCode(kernel: Kernel, reset: string, code: string): Promise<{ account: string; staffNumber: string | null }> {
  const token = digest(reset)
  const now = kernel.clock.now().toISOString()
  const [row] = await kernel.db.query<{ account: string | null; code: Buffer | null }>(
    `UPDATE kernel.password_reset SET tries = tries + 1 WHERE token = $1 AND tries < ${mostTries} AND NOT proved AND expires_at > $2 RETURNING account, code`,
    [token, now],
  )
  if (!row) throw new Refusal('ticketEnded', '验证码已过期，或输错次数过多，请重新获取')
  const isRight = row.code?.equals(codeDigest(kernel, token, plainCode(code))) ?? false
  const account = isRight && row.account ? await accountById(kernel.db, row.account) : null
  if (!account) throw new Refusal('wrongCode', '验证码不对', { problems: [{ field: 'code', message: '验证码不对，请核对短信' }] })
  await kernel.db.query(`UPDATE kernel.password_reset SET proved = true WHERE token = $1`, [token])
  const person = account.person ? (await kernel.directory()).people.get(account.person) : undefined
  return { account: account.name, staffNumber: person?.staffNumber ?? null }
} // prettier-ignore

/** Gives the account that the code has proved a new password. The second factor stays, and what has locked it; every session ends. */
export async function resetByCode(kernel: Kernel, reset: string, next: string, address: string): Promise<void> {
  const token = digest(reset)
  const [row] = await kernel.db.query<{ account: string }>(`SELECT account FROM kernel.password_reset WHERE token = $1 AND proved AND expires_at > $2`, [token, kernel.clock.now().toISOString()]) // prettier-ignore
  const account = row ? await accountById(kernel.db, row.account) : null
  if (!account || accountObstacle(kernel, account, address)) throw new Refusal('ticketEnded', '验证已过期，请重新获取验证码')
  await setPassword(kernel, account, next, { session: null, address, act: 'password.byCode' })
  await kernel.db.query(`DELETE FROM kernel.password_reset WHERE account = $1`, [account.id])
  // A lock may stand for guesses at the second factor, which a message to a telephone must not make free again.
  if (account.secondFactor === 'none') await forgetFailures(kernel.db, [accountKey(account, '')])
}

/** Answers requests as long as the process runs. */
export const startResets = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(500, async () => void (await answerResets(kernel)), onError)
