import { Refusal, type NewCodes } from '#model'
import { auditAlone } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { keepAccount, mustHaveSecondFactor, signInContext, type Account } from './accounts.ts'
import { forgetFailures } from './failures.ts'
import { accountOf, provePassword } from './own-password.ts'
import { confirmBinding, dropSecondFactor, giveRecoveryCodes, startBinding, takeSecond } from './second-factor.ts'
import { endSessionsOf, type Session } from './sessions.ts'
import { attemptOfOwn, claim, fail, type Origin } from './tries.ts'
import { readSettings } from '../settings.ts'

interface Proof extends Origin {
  /** Of an account without a second factor. */
  password?: string
  /** Of one that has it: a code of the authenticator, or a recovery code. */
  code?: string
}
const justMinutes = 10
/** Whoever changes what proves him proves himself once more. One who has just signed in and owes a second factor has; where a policy was tightened over an open page somebody else may sit there. */
async function prove(kernel: Kernel, session: Session, account: Account, proof: Proof): Promise<void> {
  if (account.secondFactor === 'none') {
    const isJustIn = kernel.clock.now().getTime() - session.openedAt < justMinutes * 60_000
    if (session.owes !== 'secondFactor' || !isJustIn) await provePassword(kernel, account, proof.password ?? '', proof)
    return
  }
  const attempt = attemptOfOwn(account, proof)
  const tried = await claim(kernel, attempt)
  const message = '动态口令或恢复码不对，或已用过'
  const { isRight } = await takeSecond(kernel, account.id, proof.code ?? '')
  if (!isRight)
    await fail(kernel, attempt, tried, 'secondFactor', new Refusal('wrongCode', message, { problems: [{ field: 'code', message }] }))
  await forgetFailures(kernel.db, [attempt.key])
}

/** Begins to bind an authenticator to the own account: what is shown as a QR code. */
export async function bindAuthenticator(kernel: Kernel, session: Session, proof: Proof): Promise<{ secret: string; uri: string }> {
  const account = await accountOf(kernel, session)
  await prove(kernel, session, account, proof)
  return startBinding(kernel, account, (await readSettings(kernel.db)).hospitalName)
}
/** A code of the new authenticator: from now on it is the second factor, and every other session of the account ends. Answers the recovery codes, shown once. */
export async function confirmAuthenticator(kernel: Kernel, session: Session, given: { code: string; address: string }): Promise<NewCodes> {
  const account = await accountOf(kernel, session)
  const codes = await kernel.transaction(await signInContext(kernel, given), async (tx) => {
    await confirmBinding(kernel, tx.db, account.id, given.code)
    const fresh = await giveRecoveryCodes(kernel, tx.db, account.id)
    await tx.db.query(`UPDATE kernel.session SET two_factors = true WHERE id = $1`, [session.id])
    await tx.db.query(`DELETE FROM kernel.known_device WHERE account = $1`, [account.id])
    if (account.secondFactor === 'none') await keepAccount(kernel, tx, account.id, { secondFactor: 'totp' }, 'secondFactor.bound')
    await noted(kernel, account, given.address, 'secondFactor.bound', tx.db)
    return fresh
  })
  await endSessionsOf(kernel, account.id, 'changed', { but: session.id })
  return { codes }
}
export async function renewRecoveryCodes(kernel: Kernel, session: Session, given: Proof): Promise<NewCodes> {
  const account = await accountOf(kernel, session)
  if (account.secondFactor === 'none') throw new Refusal('badRequest', '尚未绑定动态口令')
  await prove(kernel, session, account, given)
  const codes = await giveRecoveryCodes(kernel, kernel.db, account.id)
  await noted(kernel, account, given.address, 'secondFactor.codes')
  return { codes }
}
/** Takes the second factor off, where the policy leaves it to the person. */
export async function unbindAuthenticator(kernel: Kernel, session: Session, given: Proof): Promise<void> {
  const account = await accountOf(kernel, session)
  if (await mustHaveSecondFactor(kernel, await kernel.protection.policy(), account.person))
    throw new Refusal('noRight', '按防护策略，必须使用动态口令；更换手机请用“重新绑定”')
  await prove(kernel, session, account, given)
  await removeSecondFactor(kernel, await signInContext(kernel, given), account, 'secondFactor.removed')
}
export async function removeSecondFactor(kernel: Kernel, ctx: Context, account: Account, act: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    await dropSecondFactor(tx.db, account.id)
    await keepAccount(kernel, tx, account.id, { secondFactor: 'none' }, act)
    await noted(kernel, account, ctx.address, act, tx.db)
  })
}
const noted = (kernel: Kernel, account: Account, address: string | null, act: string, db = kernel.db as Parameters<typeof auditAlone>[0]) =>
  auditAlone(db, kernel.clock.now(), { actor: account.person, name: account.name, address }, { act, outcome: 'done' }) // prettier-ignore
