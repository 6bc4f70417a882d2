import { randomInt } from 'node:crypto'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { Refusal } from '#model'
import type { Queryable } from '../database/database.ts'
import type { Place } from '../protection/cipher.ts'
import type { Kernel } from '../kernel.ts'

/** RFC 6238, as every authenticator app has it: SHA-1, six digits, steps of 30 s; one step before and after is taken. */
const stepSeconds = 30
const placeOf = (account: string): Place => ({ resource: 'kernel.credential', record: account, field: 'totp' })

const codeForm = /^\d{6}$/
/** The step that this code belongs to; null when it is none of the neighbouring ones. */
function stepOf(secret: string, code: string, now: Date): number | null {
  if (!codeForm.test(code)) return null
  const epoch = Math.floor(now.getTime() / 1000)
  const result = verifySync({ secret, token: code, epoch, epochTolerance: stepSeconds })
  return result.valid ? Math.floor(epoch / stepSeconds) + result.delta : null
}
/** Digits as they are typed: full-width ones and spaces are nothing else. */
export const plainCode = (code: string): string => code.normalize('NFKC').replace(/[\s-]/g, '')

/** Begins to bind an authenticator: a new secret, which counts only when a code of it has come. */
export async function startBinding(kernel: Kernel, account: { id: string; name: string }, issuer: string): Promise<{ secret: string; uri: string }> {
  const secret = generateSecret()
  await kernel.db.query(`UPDATE kernel.credential SET totp_new = $2 WHERE account = $1`, [account.id, kernel.protector.seal(placeOf(account.id), secret)])
  return { secret, uri: generateURI({ issuer, label: account.name, secret }) }
} // prettier-ignore

/** The new secret takes the place of the old one when a code of it is right. */
export async function confirmBinding(kernel: Kernel, db: Queryable, account: string, code: string): Promise<void> {
  const [row] = await db.query<{ totp_new: Buffer | null }>(`SELECT totp_new FROM kernel.credential WHERE account = $1 FOR UPDATE`, [
    account,
  ])
  if (!row?.totp_new) throw new Refusal('badRequest', '请先扫描二维码')
  const step = stepOf(kernel.protector.open(placeOf(account), row.totp_new), plainCode(code), kernel.clock.now())
  if (step === null) throw new Refusal('wrongCode', '动态口令不对，请确认手机时间准确后重试')
  await db.query(`UPDATE kernel.credential SET totp = totp_new, totp_new = NULL, totp_step = $2 WHERE account = $1`, [account, step])
}

/** Takes a code of the account's authenticator. Each step's code is taken once, by whichever process comes first. */
async function takeCode(kernel: Kernel, account: string, code: string): Promise<boolean> {
  const [row] = await kernel.db.query<{ totp: Buffer | null }>(`SELECT totp FROM kernel.credential WHERE account = $1`, [account])
  if (!row?.totp) return false
  const step = stepOf(kernel.protector.open(placeOf(account), row.totp), plainCode(code), kernel.clock.now())
  if (step === null) return false
  const taken = await kernel.db.query(`UPDATE kernel.credential SET totp_step = $2 WHERE account = $1 AND (totp_step IS NULL OR totp_step < $2) RETURNING 1`, [account, step])
  return taken.length === 1
} // prettier-ignore

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const recoveryCodes = 10
const newRecoveryCode = (): string => Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('').replace(/(.{5})/, '$1-') // prettier-ignore
/** Keyed: so few digits would else be tried out on a copy of the table. */
const codeDigest = (kernel: Kernel, account: string, code: string): Buffer =>
  kernel.protector.blind('kernel.recovery_code', 'code', `${account}\n${code.toUpperCase()}`)
/** Ten codes for the day on which the phone is lost, each once; earlier ones no longer hold. Shown once, stored as keyed digests. */
export async function giveRecoveryCodes(kernel: Kernel, db: Queryable, account: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodes }, newRecoveryCode)
  await db.query(`DELETE FROM kernel.recovery_code WHERE account = $1`, [account])
  await db.query(`INSERT INTO kernel.recovery_code (account, code) SELECT $1, unnest($2::bytea[])`, [account, codes.map((code) => codeDigest(kernel, account, plainCode(code)))]) // prettier-ignore
  return codes
}
async function takeRecoveryCode(kernel: Kernel, account: string, code: string): Promise<boolean> {
  const taken = await kernel.db.query(`UPDATE kernel.recovery_code SET used_at = $3 WHERE account = $1 AND code = $2 AND used_at IS NULL RETURNING 1`, [account, codeDigest(kernel, account, plainCode(code)), kernel.clock.now().toISOString()])
  return taken.length === 1
} // prettier-ignore
/** Takes what was typed as the second factor: six digits are a code of the authenticator, anything else a recovery code. */
export async function takeSecond(kernel: Kernel, account: string, typed: string): Promise<{ isRight: boolean; by: 'totp' | 'recovery' }> {
  const isCode = codeForm.test(plainCode(typed))
  return isCode
    ? { isRight: await takeCode(kernel, account, typed), by: 'totp' }
    : { isRight: await takeRecoveryCode(kernel, account, typed), by: 'recovery' }
}
export async function recoveryCodesLeft(db: Queryable, account: string): Promise<number> {
  const [row] = await db.query<{ left: number }>(`SELECT count(*)::int AS left FROM kernel.recovery_code WHERE account = $1 AND used_at IS NULL`, [account]) // prettier-ignore
  return row?.left ?? 0
}
/** Takes the second factor away: codes, secret, known devices. */
export async function dropSecondFactor(db: Queryable, account: string): Promise<void> {
  await db.query(`UPDATE kernel.credential SET totp = NULL, totp_new = NULL, totp_step = NULL WHERE account = $1`, [account])
  await db.query(`DELETE FROM kernel.recovery_code WHERE account = $1`, [account])
  await db.query(`DELETE FROM kernel.known_device WHERE account = $1`, [account])
}
