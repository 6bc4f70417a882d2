import type { Queryable } from '../database/database.ts'
import { digest, newToken } from './passwords.ts'

/** So many failures of its own, and a browser is known no more. */
const mostFailures = 5
const longestDays = 365
const longestBefore = (now: Date): string => new Date(now.getTime() - longestDays * 86_400_000).toISOString()

/** Is this the token of a browser in which this account has passed its second factor? */
export async function isKnownDevice(db: Queryable, account: string, token: string | undefined, now: Date): Promise<boolean> {
  if (!token) return false
  const rows = await db.query(`SELECT 1 FROM kernel.known_device WHERE token = $1 AND account = $2 AND failures < $3 AND seen_at > $4`, [digest(token), account, mostFailures, longestBefore(now)]) // prettier-ignore
  return rows.length === 1
}
/** Notes that the second factor was passed here; answers the token that the browser keeps. */
export async function knowDevice(db: Queryable, account: string, token: string | undefined, agent: string, now: Date): Promise<string> {
  const at = now.toISOString()
  const known = token ? await db.query(`SELECT 1 FROM kernel.known_device WHERE token = $1 LIMIT 1`, [digest(token)]) : []
  // One browser, several people: one token. A token that we never gave is not taken over.
  const kept = known.length ? token! : newToken()
  await db.query(
    `INSERT INTO kernel.known_device (token, account, agent, first_at, seen_at) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (token, account) DO UPDATE SET seen_at = excluded.seen_at, failures = 0`,
    [digest(kept), account, agent.slice(0, 300), at],
  )
  return kept
} // prettier-ignore
/** Counts a try of this browser before it is looked at; no when it has had its number. Passing the second factor begins anew. */
export async function claimDevice(db: Queryable, account: string, token: string): Promise<boolean> {
  const rows = await db.query(`UPDATE kernel.known_device SET failures = failures + 1 WHERE token = $1 AND account = $2 AND failures < $3 RETURNING 1`, [digest(token), account, mostFailures]) // prettier-ignore
  return rows.length === 1
}
/** Forgets browsers that are known no more: not seen for too long, or after too many failures of their own. */
export async function forgetDevices(db: Queryable, now: Date): Promise<void> {
  await db.query(`DELETE FROM kernel.known_device WHERE seen_at <= $1 OR failures >= $2`, [longestBefore(now), mostFailures])
}
