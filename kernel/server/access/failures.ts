import type { Policy } from '#model'
import type { Queryable } from '../database/database.ts'

/** Failures in a row under a key: an account, a name that no account has, an address. The same in all processes. */
export interface Failures {
  failures: number
  lockedUntil: Date | null
}
const none: Failures = { failures: 0, lockedUntil: null }
/** An account's are forgotten so long after the last, an address's so long after the first: many people may stand behind one. */
const forgetAfterHours = 24
const addressMinutes = 10

/** A name that no account has is counted, locked and answered like one that has. */
export const accountKey = (account: { id: string } | null, name: string): string =>
  account ? `account:${account.id}` : `name:${name.toLowerCase().slice(0, 60)}`
export const addressKey = (address: string): string => `address:${address}`

export async function failuresOf(db: Queryable, keys: readonly string[], now: Date): Promise<Failures[]> {
  const rows = await db.query<{ key: string; failures: number; locked: string | null; at: string }>(
    `SELECT key, failures, locked_until AS locked, at FROM kernel.sign_in_failure WHERE key = ANY($1)`,
    [keys],
  )
  const byKey = new Map(rows.map((row) => [row.key, row]))
  return keys.map((key) => {
    const row = byKey.get(key)
    const hours = key.startsWith('address:') ? addressMinutes / 60 : forgetAfterHours
    if (!row || now.getTime() - Date.parse(row.at) > hours * 3_600_000) return none
    const until = row.locked === null ? null : new Date(row.locked)
    return { failures: row.failures, lockedUntil: until && until > now ? until : null }
  })
}

/** One failure more of an address; those of its last ten minutes are counted. */
export async function countFailure(db: Queryable, key: string, now: Date): Promise<void> {
  await db.query(
    `INSERT INTO kernel.sign_in_failure AS f (key, failures, at) VALUES ($1, 1, $2)
     ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN f.at < $3 THEN 1 ELSE f.failures + 1 END, at = CASE WHEN f.at < $3 THEN excluded.at ELSE f.at END`,
    [key, now.toISOString(), new Date(now.getTime() - addressMinutes * 60_000).toISOString()],
  )
}

export interface Try {
  /** Failures in a row if this one fails. */
  number: number
  /** Since when it is locked; the last try before a lock is still looked at. */
  lockedUntil: Date | null
  isAllowed: boolean
}
/**
 * Counts a try as a failure before it is looked at, so that a thousand at the same instant are not looked at either; `forgive` takes it back.
 * Without `lock` it is only counted.
 */
export async function claimTry(db: Queryable, key: string, now: Date, lock: Pick<Policy, 'lockFailures' | 'lockMinutes'> | null): Promise<Try> {
  const until = lock ? new Date(now.getTime() + lock.lockMinutes * 60_000) : null
  const most = lock?.lockFailures ?? 1_000_000
  // Locked: one more than the most. A lock that is over, or failures of yesterday: counting begins anew.
  const next = `CASE WHEN f.locked_until > $2 THEN $3::int + 1 WHEN f.locked_until IS NOT NULL OR f.at < $5 THEN 1 ELSE f.failures + 1 END`
  const [row] = await db.query<{ failures: number; locked: string | null }>(
    `INSERT INTO kernel.sign_in_failure AS f (key, failures, at) VALUES ($1, 1, $2)
     ON CONFLICT (key) DO UPDATE SET at = excluded.at, failures = ${next},
       locked_until = CASE WHEN f.locked_until > $2 THEN f.locked_until WHEN (${next}) >= $3::int THEN $4::timestamptz END
     RETURNING failures, locked_until AS locked`,
    [key, now.toISOString(), most, until?.toISOString() ?? null, new Date(now.getTime() - forgetAfterHours * 3_600_000).toISOString()],
  )
  const lockedUntil = row!.locked === null ? null : new Date(row!.locked)
  return { number: row!.failures, lockedUntil, isAllowed: row!.failures <= most }
} // prettier-ignore
/** Takes a claimed try back: it was none, or right as far as it went. A lock that other tries have set stays. */
export async function forgive(db: Queryable, key: string, tried: Try): Promise<void> {
  if (!tried.isAllowed) return
  await db.query(
    `UPDATE kernel.sign_in_failure SET failures = CASE WHEN locked_until = $3 THEN $2::int ELSE greatest(failures - 1, 0) END, locked_until = nullif(locked_until, $3) WHERE key = $1`,
    [key, tried.number - 1, tried.lockedUntil?.toISOString() ?? null],
  )
}
/** A right answer, or an officer's hand: counting begins anew. */
export async function forgetFailures(db: Queryable, keys: readonly string[]): Promise<void> {
  await db.query(`DELETE FROM kernel.sign_in_failure WHERE key = ANY($1)`, [keys])
}
