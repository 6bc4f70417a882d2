import { addDays, dayOf, type Policy, type SessionEnd } from '#model'
import { v7 as uuidv7 } from 'uuid'
import type { Kernel } from '../kernel.ts'
import { accountColumns, accountObstacle, mustHaveSecondFactor, type Account } from './accounts.ts'
import { digest, newToken, passwordEnds } from './passwords.ts'
import { logEnd, type SignInFacts } from './sign-in-log.ts'

/** What a session still owes before it may do anything else. */
export type Owed = 'password' | 'secondFactor'
export interface Session {
  id: string
  account: string
  accountName: string
  person: string | null
  csrf: string
  owes: Owed | null
  /** When its person signed in, ms. */
  openedAt: number
  expiresAt: number
}
const minutes = (count: number): number => count * 60_000

/** Opens a session for an account that has proved itself; the oldest beyond the policy's number end. Answers the token for the cookie. `signIn`: the entry of its sign-in; null where it stands for another session. */
export async function openSession(kernel: Kernel, account: Pick<Account, 'id'>, facts: SignInFacts, how: { signIn: string | null; twoFactors: boolean }): Promise<string> {
  const policy = await kernel.protection.policy()
  const token = newToken()
  const now = kernel.clock.now()
  const expires = new Date(now.getTime() + minutes(policy.sessionHours * 60))
  await kernel.db.query(
    `INSERT INTO kernel.session (id, token, account, csrf, created_at, seen_at, expires_at, address, agent, sign_in, two_factors) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)`,
    [uuidv7(), digest(token), account.id, newToken(), now.toISOString(), expires.toISOString(), facts.address, facts.agent.slice(0, 300), how.signIn, how.twoFactors],
  )
  const beyond = await kernel.db.query<EndedRow>(`SELECT ${endedColumns} WHERE s.account = $1 ORDER BY s.seen_at DESC, s.id DESC OFFSET $2`, [account.id, policy.sessionsAtOnce])
  await endSessions(kernel, beyond, 'replaced')
  return token
} // prettier-ignore

interface EndedRow {
  id: string
  signIn: string | null
  name: string
  person: string | null
  address: string | null
  seenAt: string
}
const endedColumns = `s.id, s.sign_in AS "signIn", a.name, a.person, s.address, s.seen_at AS "seenAt" FROM kernel.session s JOIN security.account a ON a.id = s.account`
async function endSessions(kernel: Kernel, rows: readonly EndedRow[], end: SessionEnd): Promise<void> {
  for (const row of rows) {
    const [gone] = await kernel.db.query(`DELETE FROM kernel.session WHERE id = $1 RETURNING id`, [row.id])
    // One who has left without a word was there until he was last seen.
    const at = end === 'idle' ? new Date(row.seenAt) : kernel.clock.now()
    if (gone && row.signIn) await logEnd(kernel, row.signIn, end, { at, name: row.name, person: row.person, address: row.address })
  }
}
/** Ends sessions of an account: one, all but one, or all. */
export async function endSessionsOf(kernel: Kernel, account: string, end: SessionEnd, which: { only?: string; but?: string } = {}): Promise<number> {
  const rows = await kernel.db.query<EndedRow>(`SELECT ${endedColumns} WHERE s.account = $1 AND ($2::uuid IS NULL OR s.id = $2::uuid) AND s.id IS DISTINCT FROM $3::uuid`, [account, which.only ?? null, which.but ?? null])
  await endSessions(kernel, rows, end)
  return rows.length
} // prettier-ignore
/** Ends what nobody has used for too long, or what has lasted too long. */
export async function sweepSessions(kernel: Kernel): Promise<void> {
  const policy = await kernel.protection.policy()
  const now = kernel.clock.now()
  const idle = new Date(now.getTime() - minutes(policy.idleMinutes)).toISOString()
  const sweep = async (condition: string, end: SessionEnd, values: string[] = []) =>
    endSessions(kernel, await kernel.db.query<EndedRow>(`SELECT ${endedColumns} WHERE ${condition} LIMIT 500`, values), end)
  await sweep('s.expires_at <= $1', 'expired', [now.toISOString()])
  await sweep('s.seen_at <= $1', 'idle', [idle])
  await sweep(`a.status <> 'active'`, 'changed')
}

/** The sessions of an account, the last used first. */
export interface OpenSession {
  id: string
  at: string
  seenAt: string
  address: string
  agent: string
}
export const sessionsOf = (kernel: Kernel, account: string): Promise<OpenSession[]> =>
  kernel.db.query<OpenSession>(
    `SELECT id, created_at AS at, seen_at AS "seenAt", coalesce(address, '') AS address, coalesce(agent, '') AS agent FROM kernel.session WHERE account = $1 ORDER BY seen_at DESC`,
    [account],
  )

// A session read a moment ago is believed for this long; signing out forgets it at once in this process.
const trustMs = 2000
type Found = Account & { session: string; account: string; csrf: string; expiresAt: string; seenAt: string; openedAt: string; twoFactors: boolean } // prettier-ignore
const findText = `SELECT ${accountColumns}, s.id AS session, s.account, s.csrf, s.expires_at AS "expiresAt", s.seen_at AS "seenAt", s.created_at AS "openedAt", s.two_factors AS "twoFactors"
  FROM kernel.session s JOIN security.account a ON a.id = s.account WHERE s.token = $1 AND a.deleted_at IS NULL`

/** Finds the session behind a cookie's token. */
export class Sessions {
  private readonly recent = new Map<string, { session: Session; until: number; seen: number }>()
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  /** `address`: from where; `isActive`: somebody sits before the page, so that the session stays alive. Null when there is none, or it has ended, or its account may not be used from here now. */
  async find(token: string, from: { address: string; isActive: boolean }): Promise<Session | null> {
    const now = this.kernel.clock.now().getTime()
    const known = this.recent.get(token)
    if (known && known.until > now && known.session.expiresAt > now && (!from.isActive || now - known.seen < minutes(1)))
      return known.session
    const [row] = await this.kernel.db.query<Found>(findText, [digest(token)])
    const policy = await this.kernel.protection.policy()
    const seen = row ? Date.parse(row.seenAt) : 0
    const hasEnded = !row || Date.parse(row.expiresAt) <= now || seen + minutes(policy.idleMinutes) <= now
    if (hasEnded || accountObstacle(this.kernel, { ...row, id: row.account }, from.address)) {
      this.recent.delete(token)
      return null
    }
    const isSeen = from.isActive && now - seen > minutes(1) / 2
    if (isSeen)
      await this.kernel.db.query(`UPDATE kernel.session SET seen_at = $2 WHERE id = $1`, [row.session, new Date(now).toISOString()])
    const session = await this.sessionOf(row, policy)
    if (this.recent.size > 20_000) this.recent.clear()
    this.recent.set(token, { session, until: now + trustMs, seen: isSeen ? now : seen })
    return session
  }
  private async sessionOf(row: Found, policy: Policy): Promise<Session> {
    const mustProve = await mustHaveSecondFactor(this.kernel, policy, row.person)
    return {
      id: row.session, account: row.account, accountName: row.name, person: row.person, csrf: row.csrf, openedAt: Date.parse(row.openedAt), expiresAt: Date.parse(row.expiresAt),
      owes: row.mustChange || isTooOld(row.passwordAt, policy, this.kernel.clock.now()) ? 'password' : mustProve && !row.twoFactors ? 'secondFactor' : null,
    } // prettier-ignore
  }
  async end(token: string, end: SessionEnd = 'signOut'): Promise<void> {
    this.recent.delete(token)
    const [row] = await this.kernel.db.query<EndedRow>(`SELECT ${endedColumns} WHERE s.token = $1`, [digest(token)])
    if (row) await endSessions(this.kernel, [row], end)
  }
  /** The same session under another token: whoever had the old one has nothing. Answers the new one. */
  async rotate(token: string): Promise<string> {
    const next = newToken()
    await this.kernel.db.query(`UPDATE kernel.session SET token = $2 WHERE token = $1`, [digest(token), digest(next)])
    this.forget()
    return next
  }
  forget(): void {
    this.recent.clear()
  }
}
const isTooOld = (passwordAt: string | null, policy: Policy, now: Date): boolean => {
  const ends = passwordEnds(passwordAt, policy)
  return ends !== null && dayOf(now) > ends
}
/** What a person is told beforehand: days until his password or his account ends, where that is soon. */
export function endsSoon(
  account: Pick<Account, 'passwordAt' | 'validUntil'>,
  policy: Policy,
  now: Date,
): { password?: string; account?: string } {
  const day = dayOf(now)
  const password = passwordEnds(account.passwordAt, policy)
  return {
    ...(password && password <= addDays(day, policy.passwordNoticeDays) ? { password } : {}),
    ...(account.validUntil && account.validUntil <= addDays(day, policy.accountNoticeDays) ? { account: account.validUntil } : {}),
  }
}
