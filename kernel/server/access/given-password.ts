import { Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { keepPassword, type Account } from './accounts.ts'
import { accountKey, forgetFailures } from './failures.ts'

/**
 * Gives an account a password that somebody else has chosen, in the transaction of `ctx` where there is one; what has locked it is forgotten. Refuses with
 * `versionConflict` where the account is another person's by now. The caller ends its sessions when that is committed.
 */
export async function givePassword(kernel: Kernel, ctx: Context, account: Pick<Account, 'id' | 'person'>, hash: string, how: { mustChange: boolean }): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<{ person: string | null }>(`SELECT person FROM security.account WHERE id = $1::uuid AND deleted_at IS NULL FOR UPDATE`, [account.id])
    if (!row || row.person !== account.person) throw new Refusal('versionConflict')
    await keepPassword(kernel, tx, account.id, hash, { ...how, lockedUntil: null })
    await forgetFailures(tx.db, [accountKey(account, '')])
  })
} // prettier-ignore
