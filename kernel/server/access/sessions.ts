import { hash, verify } from '@node-rs/argon2'
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { Refusal } from '#model'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { auditAlone } from '../audit/audit.ts'

export interface Session {
  account: string
  accountName: string
  person: string | null
  csrf: string
  mustChange: boolean
  expiresAt: number
}
export const policy = {
  maxFailures: 5,
  lockMinutes: 15,
  sessionHours: 12,
  idleMinutes: 60,
  minLength: 10,
  minClasses: 3,
} as const

/** argon2id with about 50 ms a hash on a server core. */
export const hashPassword = (password: string): Promise<string> => hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
// Verified when there is no such account, so that the answer takes as long.
const nobody = hashPassword(randomBytes(16).toString('hex'))

/** What keeps a new password from being accepted, in Chinese; null when it is good. */
export function passwordProblem(password: string, accountName: string): string | null {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((c) => c.test(password)).length
  if (password.length < policy.minLength) return `密码至少 ${policy.minLength} 位`
  if (password.length > 200) return '密码过长'
  if (classes < policy.minClasses) return `密码须含大写、小写、数字、符号中的至少 ${policy.minClasses} 类`
  return accountName && password.toLowerCase().includes(accountName.toLowerCase()) ? '密码不能包含账号名' : null
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest()
const minutes = (count: number): number => count * 60_000

interface AccountRow {
  id: string
  name: string
  person: string | null
  password: string | null
  must_change: boolean
  disabled_at: string | null
  failures: number
  locked_until: string | null
}

/** Signs in by account name and password. Wrong name and wrong password are answered alike; failures count to the lock. */
export async function signIn(
  kernel: Kernel,
  given: { account: string; password: string; address: string; agent: string },
): Promise<{ token: string; session: Session }> {
  const now = kernel.clock.now()
  const [account] = await kernel.db.query<AccountRow>(
    `SELECT id, name, person, password, must_change, disabled_at, failures, locked_until FROM kernel.account WHERE lower(name) = lower($1)`,
    [given.account],
  )
  const note = (outcome: 'done' | 'refused', reason?: string) =>
    auditAlone(
      kernel.db,
      now,
      { actor: account?.person ?? null, name: given.account.slice(0, 60), address: given.address },
      { act: 'signIn', outcome, ...(reason ? { detail: { reason } } : {}) },
    )
  if (account?.locked_until && new Date(account.locked_until) > now) {
    await note('refused', 'locked')
    throw new Refusal(
      'accountLocked',
      `连续输错次数过多，请在 ${Math.ceil((Date.parse(account.locked_until) - now.getTime()) / minutes(1))} 分钟后再试`,
    )
  }
  const right = await verify(account?.password ?? (await nobody), given.password).catch(() => false)
  if (!account?.password || !right) {
    if (account) await countFailure(kernel.db, account, now)
    await note('refused', 'wrong')
    throw new Refusal('wrongPassword')
  }
  if (account.disabled_at) {
    await note('refused', 'disabled')
    throw new Refusal('accountDisabled')
  }
  await kernel.db.query(`UPDATE kernel.account SET failures = 0, locked_until = NULL WHERE id = $1`, [account.id])
  const opened = await openSession(kernel, account, given)
  await note('done')
  return opened
}
async function countFailure(db: Queryable, account: AccountRow, now: Date): Promise<void> {
  const until = new Date(now.getTime() + minutes(policy.lockMinutes)).toISOString()
  await db.query(
    `UPDATE kernel.account SET failures = CASE WHEN failures + 1 >= $2::int THEN 0 ELSE failures + 1 END,
       locked_until = CASE WHEN failures + 1 >= $2::int THEN $3::timestamptz ELSE locked_until END WHERE id = $1`,
    [account.id, policy.maxFailures, until],
  )
}

async function openSession(
  kernel: Kernel,
  account: AccountRow,
  given: { address: string; agent: string },
): Promise<{ token: string; session: Session }> {
  const token = randomBytes(32).toString('base64url')
  const now = kernel.clock.now()
  const expiresAt = now.getTime() + minutes(policy.sessionHours * 60)
  const csrf = randomBytes(24).toString('base64url')
  await kernel.db.query(`INSERT INTO kernel.session (token, account, csrf, created_at, seen_at, expires_at, address, agent) VALUES ($1, $2, $3, $4, $4, $5, $6, $7)`, [
    digest(token), account.id, csrf, now.toISOString(), new Date(expiresAt).toISOString(), given.address, given.agent.slice(0, 200),
  ]) // prettier-ignore
  return {
    token,
    session: { account: account.id, accountName: account.name, person: account.person, csrf, mustChange: account.must_change, expiresAt },
  }
}

// A session read a moment ago is believed for this long; signing out forgets it at once in this process.
const trustMs = 2000
/** Finds the session behind a cookie's token. */
export class Sessions {
  private readonly recent = new Map<string, { session: Session; until: number; seen: number }>()
  private readonly kernel: Kernel
  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  async find(token: string): Promise<Session | null> {
    const now = this.kernel.clock.now().getTime()
    const known = this.recent.get(token)
    if (known && known.until > now && known.session.expiresAt > now) return known.session
    const [row] = await this.kernel.db.query<{
      account: string
      name: string
      person: string | null
      csrf: string
      must_change: boolean
      expires_at: string
      seen_at: string
    }>(
      `SELECT s.account, a.name, a.person, s.csrf, a.must_change, s.expires_at, s.seen_at FROM kernel.session s JOIN kernel.account a ON a.id = s.account WHERE s.token = $1 AND a.disabled_at IS NULL`,
      [digest(token)],
    )
    if (!row || Date.parse(row.expires_at) <= now || Date.parse(row.seen_at) + minutes(policy.idleMinutes) <= now) {
      this.recent.delete(token)
      return null
    }
    const session: Session = {
      account: row.account,
      accountName: row.name,
      person: row.person,
      csrf: row.csrf,
      mustChange: row.must_change,
      expiresAt: Date.parse(row.expires_at),
    }
    if (now - Date.parse(row.seen_at) > minutes(1))
      await this.kernel.db.query(`UPDATE kernel.session SET seen_at = $2 WHERE token = $1`, [digest(token), new Date(now).toISOString()])
    if (this.recent.size > 20_000) this.recent.clear()
    this.recent.set(token, { session, until: now + trustMs, seen: now })
    return session
  }
  async end(token: string): Promise<void> {
    this.recent.delete(token)
    await this.kernel.db.query(`DELETE FROM kernel.session WHERE token = $1`, [digest(token)])
  }
  forget(): void {
    this.recent.clear()
  }
}

/** Changes a person's own password; every other session of the account ends. */
export async function changePassword(kernel: Kernel, session: Session, token: string, current: string, next: string): Promise<void> {
  const [account] = await kernel.db.query<AccountRow>(`SELECT id, name, password FROM kernel.account WHERE id = $1`, [session.account])
  if (!account?.password || !(await verify(account.password, current).catch(() => false)))
    throw new Refusal('wrongPassword', '当前密码不对')
  const problem = current === next ? '新密码不能与当前密码相同' : passwordProblem(next, account.name)
  if (problem) throw new Refusal('weakPassword', problem, { problems: [{ field: 'next', message: problem }] })
  const at = kernel.clock.now().toISOString()
  await kernel.db.query(`UPDATE kernel.account SET password = $2, must_change = false, password_at = $3 WHERE id = $1`, [
    account.id,
    await hashPassword(next),
    at,
  ])
  await kernel.db.query(`DELETE FROM kernel.session WHERE account = $1 AND token <> $2`, [account.id, digest(token)])
  await auditAlone(
    kernel.db,
    kernel.clock.now(),
    { actor: session.person, name: account.name, address: null },
    { act: 'changePassword', outcome: 'done' },
  )
}

/** Creates an account, or gives an existing one a new password. */
export async function putAccount(
  db: Queryable,
  at: Date,
  given: { name: string; person: string | null; passwordHash: string; mustChange: boolean },
): Promise<void> {
  await db.query(
    `INSERT INTO kernel.account (id, name, person, password, must_change, created_at, password_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
     ON CONFLICT (lower(name)) DO UPDATE SET password = excluded.password, must_change = excluded.must_change, failures = 0, locked_until = NULL, password_at = excluded.password_at`,
    [uuidv7(), given.name, given.person, given.passwordHash, given.mustChange, at.toISOString()],
  )
}

export interface ApiClient {
  id: string
  name: string
  rights: string[]
}
/** The client behind a bearer key. */
export async function findClient(db: Queryable, key: string): Promise<ApiClient | null> {
  const hashed = digest(key)
  const [row] = await db.query<ApiClient & { key_hash: Buffer }>(
    `SELECT id, name, rights, key_hash FROM kernel.api_client WHERE key_hash = $1 AND disabled_at IS NULL`,
    [hashed],
  )
  return row && timingSafeEqual(row.key_hash, hashed) ? { id: row.id, name: row.name, rights: row.rights } : null
}
/** Makes a client and answers its key, which is shown once and stored only as a hash. */
export async function createClient(
  db: Queryable,
  at: Date,
  name: string,
  rights: readonly string[],
  key = `xl_${randomBytes(24).toString('base64url')}`,
): Promise<string> {
  await db.query(
    `INSERT INTO kernel.api_client (id, name, key_hash, rights, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET key_hash = excluded.key_hash, rights = excluded.rights`,
    [uuidv7(), name, digest(key), rights, at.toISOString()],
  )
  return key
}
