import { addMonths, today, type Policy, type SignInOutcome } from '#model'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { DirectorySnapshot } from '../directory/snapshot.ts'
import type { Kernel } from '../kernel.ts'
import { createRecord, updateRecordOf } from '../records/write.ts'
import { fenceProblem, type Fence } from './fences.ts'
import { judgedAs, storePassword } from './passwords.ts'
import type { SignInFacts } from './sign-in-log.ts'

export interface Account extends Fence {
  id: string
  version: number
  name: string
  person: string | null
  status: 'active' | 'disabled' | 'closed'
  validUntil: string | null
  secondFactor: 'none' | 'totp'
  mustChange: boolean
  passwordAt: string | null
}
/** Columns of an account `a`, as an `Account`. */
export const accountColumns = `a.id, a.version, a.name, a.person, a.status, a.valid_until::text AS "validUntil", a.second_factor AS "secondFactor", coalesce(a.must_change, false) AS "mustChange",
  a.password_at AS "passwordAt", a.access_days AS "accessDays", to_char(a.access_from, 'HH24:MI') AS "accessFrom", to_char(a.access_to, 'HH24:MI') AS "accessTo", a.access_networks AS "accessNetworks"`

/** The account of this name, in any case; else the one of whoever has this staff number, where that is one. */
export async function findAccount(kernel: Kernel, name: string): Promise<Account | null> {
  const [named] = await kernel.db.query<Account>(`SELECT ${accountColumns} FROM security.account a WHERE lower(a.name) = lower($1) AND a.deleted_at IS NULL`, [name])
  if (named) return named
  const people = (await kernel.directory()).withStaffNumber(name)
  const [only, ...more] = people.length ? await kernel.db.query<Account>(`SELECT ${accountColumns} FROM security.account a WHERE a.person = ANY($1::uuid[]) AND a.deleted_at IS NULL`, [people]) : []
  return only && more.length === 0 ? only : null
} // prettier-ignore
export async function accountById(db: Queryable, id: string): Promise<Account | null> {
  const [found] = await db.query<Account>(
    `SELECT ${accountColumns} FROM security.account a WHERE a.id = $1::uuid AND a.deleted_at IS NULL`,
    [id],
  )
  return found ?? null
}
export async function accountByPerson(db: Queryable, person: string): Promise<Account | null> {
  const [found] = await db.query<Account>(`SELECT ${accountColumns} FROM security.account a WHERE a.person = $1::uuid AND a.deleted_at IS NULL`, [person])
  return found ?? null
} // prettier-ignore

/** Does the person hold the role of an officer? */
export const isOfficer = (kernel: Kernel, directory: DirectorySnapshot, person: string | null): boolean =>
  person !== null && directory.rolesOf(person, today(kernel.clock)).some((role) => kernel.defs.roles.get(role)?.officer !== undefined)

/** Does the policy demand a second factor of this person? */
export const mustHaveSecondFactor = async (kernel: Kernel, { secondFactor }: Pick<Policy, 'secondFactor'>, person: string | null): Promise<boolean> =>
  secondFactor === 'everyone' || (secondFactor === 'officers' && isOfficer(kernel, await kernel.directory(), person)) // prettier-ignore

/** What keeps this account from being used now from this address, whatever it proves itself with. */
export function accountObstacle(kernel: Kernel, account: Account, address: string): { outcome: SignInOutcome; message: string } | null {
  if (account.status !== 'active') return { outcome: 'disabled', message: account.status === 'closed' ? '账号已注销' : '账号已停用，请联系系统管理员' } // prettier-ignore
  if (account.validUntil !== null && account.validUntil < today(kernel.clock)) return { outcome: 'expired', message: `账号有效期到 ${account.validUntil}，已停用，请联系系统管理员` } // prettier-ignore
  const message = fenceProblem(account, kernel.clock.now(), address)
  return message ? { outcome: 'outside', message } : null
}

/** Writes what sign-in keeps of an account, with history, in the transaction of `ctx` where there is one. */
export async function keepAccount(kernel: Kernel, ctx: Context, id: string, changes: Readonly<Record<string, unknown>>, act: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<{ version: number }>(`SELECT version FROM security.account WHERE id = $1::uuid FOR UPDATE`, [id])
    if (row) await updateRecordOf(kernel, tx, 'security.account', id, row.version, changes, { byModule: true, act })
  })
} // prettier-ignore
/** The program itself as it signs people in. */
export const signInContext = (kernel: Kernel, facts: Pick<SignInFacts, 'address'>): Promise<Context> =>
  kernel.context({ kind: 'system', reason: '登录' }, 'signIn', { address: facts.address })

/** Creates an account with its first password. Answers its id. */
export async function createAccount(
  kernel: Kernel,
  given: { name: string; person: string | null; passwordHash: string; mustChange: boolean },
): Promise<string> {
  const ctx = await kernel.context({ kind: 'system', reason: '建立账号' }, 'system')
  const policy = await kernel.protection.policy()
  return kernel.transaction(ctx, async (tx) => {
    const validUntil = addMonths(today(tx.clock), policy.accountMonths)
    const { name, person, mustChange, passwordHash } = given
    const first = { name, person, validUntil, mustChange, passwordAt: tx.clock.now().toISOString() }
    const { record } = await createRecord(kernel, tx, 'security.account', first, { byModule: true })
    await storePassword(tx.db, record.id, {
      hash: passwordHash,
      judged: judgedAs(policy),
      at: tx.clock.now(),
      keep: policy.passwordsRemembered,
    })
    return record.id
  })
}
/** Puts a password in the place of an account's present one, in the transaction of `ctx` where there is one. */
export async function keepPassword(kernel: Kernel, ctx: Context, account: string, hash: string, kept: { mustChange: boolean; lockedUntil?: null }): Promise<void> {
  const policy = await kernel.protection.policy()
  await kernel.transaction(ctx, async (tx) => {
    const at = tx.clock.now()
    await storePassword(tx.db, account, { hash, judged: judgedAs(policy), at, keep: policy.passwordsRemembered })
    await keepAccount(kernel, tx, account, { ...kept, passwordAt: at.toISOString() }, 'password.set')
  })
} // prettier-ignore
