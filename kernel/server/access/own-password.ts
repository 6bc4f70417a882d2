import { Refusal } from '#model'
import { auditAlone } from '../audit/audit.ts'
import type { Kernel } from '../kernel.ts'
import { accountById, keepPassword, signInContext, type Account } from './accounts.ts'
import { forgetFailures } from './failures.ts'
import { hashPassword, isPassword, passwordProblem, wasUsed } from './passwords.ts'
import { endSessionsOf, type Session } from './sessions.ts'
import { belongingOf } from './sign-in.ts'
import { attemptOfOwn, claim, fail, type Origin } from './tries.ts'

/** Asks again for the password in the middle of a session. A wrong one counts to the lock and is in the log; a locked account is asked no more. */
export async function provePassword(kernel: Kernel, account: Account, password: string, from: Origin): Promise<void> {
  if (password === '') throw wrongPassword('请填写当前密码')
  const attempt = attemptOfOwn(account, from)
  const tried = await claim(kernel, attempt)
  const [row] = await kernel.db.query<{ password: string | null }>(`SELECT password FROM kernel.credential WHERE account = $1`, [
    account.id,
  ])
  if (!(await isPassword(row?.password, password))) await fail(kernel, attempt, tried, 'wrong', wrongPassword('当前密码不对'))
  await forgetFailures(kernel.db, [attempt.key])
}

const wrongPassword = (message: string): Refusal => new Refusal('wrongPassword', message, { problems: [{ field: 'current', message }] })

/** The account behind a session; refuses where it has gone. */
export async function accountOf(kernel: Kernel, session: Session): Promise<Account> {
  const account = await accountById(kernel.db, session.account)
  if (!account) throw new Refusal('notSignedIn')
  return account
}

/** Gives an account a password of its own choice; what is wrong with it is refused at `next`. Every other session of the account ends. */
export async function setPassword(kernel: Kernel, account: Account, next: string, of: { session: string | null; address: string; act: string }): Promise<void> {
  const policy = await kernel.protection.policy()
  const problem = (await passwordProblem(policy, next, await belongingOf(kernel, account))) ?? ((await wasUsed(kernel.db, account.id, next, policy.passwordsRemembered)) ? `不能与当前密码或最近 ${policy.passwordsRemembered} 个密码相同` : null)
  if (problem) throw new Refusal('weakPassword', problem, { problems: [{ field: 'next', message: problem }] })
  const hash = await hashPassword(next)
  await kernel.transaction(await signInContext(kernel, of), async (tx) => {
    await keepPassword(kernel, tx, account.id, hash, { mustChange: false })
    await auditAlone(tx.db, kernel.clock.now(), { actor: account.person, name: account.name, address: of.address }, { act: of.act, outcome: 'done' })
  })
  await endSessionsOf(kernel, account.id, 'changed', of.session ? { but: of.session } : {})
} // prettier-ignore

/** Changes the own password by proving the present one. */
export async function changePassword(kernel: Kernel, session: Session, given: { current: string; next: string } & Origin): Promise<void> {
  const account = await accountOf(kernel, session)
  await provePassword(kernel, account, given.current, given)
  await setPassword(kernel, account, given.next, { session: session.id, address: given.address, act: 'changePassword' })
}
