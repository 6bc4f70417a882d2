import { Refusal, type SignInMethod } from '#model'
import type { Kernel } from '../kernel.ts'
import { readSettings } from '../settings.ts'
import { accountById, accountObstacle, findAccount, keepAccount, signInContext, type Account } from './accounts.ts'
import { newCaptcha, takeCaptcha } from './captcha.ts'
import { accountKey, addressKey, failuresOf, forgetFailures, forgive, type Try } from './failures.ts'
import { isKnownDevice, knowDevice } from './known-devices.ts'
import { digest, hashPassword, isOutdated, isPassword, judgedAs, newToken, passwordProblem, type Belonging } from './passwords.ts'
import { takeSecond } from './second-factor.ts'
import { openSession } from './sessions.ts'
import { logSignIn, type SignInFacts } from './sign-in-log.ts'
import { claim, fail, refuseAgain, type Attempt, type AttemptOf, type Origin } from './tries.ts'

interface From extends Origin {
  /** Token of a known device. */
  device?: string | undefined
}
export interface Given extends From {
  account: string
  password: string
  captcha?: { id: string; answer: string } | undefined
}
/** The tokens for the cookies. */
interface SignedInWith {
  token: string
  device: string | null
}
/** Signed in; or the first of two factors was right, and `ticket` waits for the second. */
export type SignedIn = SignedInWith | { ticket: string }

// An address with so many failures in ten minutes is asked for a captcha whoever it names; with so many it is sent away.
const captchaFrom = 20
const refusedFrom = 200
const ticketMinutes = 5

/** The pictures that somebody who failed must read. */
export const captchaFor = (kernel: Kernel): Promise<{ id: string; svg: string }> => newCaptcha(kernel.db, kernel.clock.now())

/**
 * Signs in by account name (or staff number) and password. A wrong name and a wrong password are answered alike, after as long, and lock alike.
 * Refuses with `captchaNeeded`, `wrongPassword`, `accountLocked`, `accountDisabled`, `tooManyRequests`.
 */
export async function signIn(kernel: Kernel, given: Given): Promise<SignedIn> {
  const attempt = await attemptByPassword(kernel, given)
  if (attempt.account.secondFactor === 'totp') return { ticket: await giveTicket(kernel, attempt.account, 'totp') }
  return finish(kernel, attempt, given.device, { method: 'password', twoFactors: false })
}
/** Whose account name and password these are, without signing him in; counts, locks and refuses as `signIn` does. */
export const proveAccount = async (kernel: Kernel, given: Given): Promise<Account> => (await attemptByPassword(kernel, given)).account

/** An attempt whose password was right and whose account may be used. */
async function attemptByPassword(kernel: Kernel, given: Given): Promise<AttemptOf<Account>> {
  const attempt = await attemptOf(kernel, given.account, await findAccount(kernel, given.account), given)
  const { account, facts } = attempt
  const [fromAddress] = await failuresOf(kernel.db, [addressKey(given.address)], kernel.clock.now())
  if (fromAddress!.failures >= refusedFrom && !attempt.knownDevice) return refuseAgain(kernel, attempt, 'tooMany', new Refusal('tooManyRequests', '此网络登录失败过多，请十分钟后再试')) // prettier-ignore
  const tried = await claim(kernel, attempt)
  const { captcha } = await kernel.protection.policy()
  if (captcha === 'always' || tried.number > 1 || fromAddress!.failures >= captchaFrom) await readCaptcha(kernel, attempt, tried, given.captcha) // prettier-ignore
  const stored = await credentialOf(kernel, account)
  if (!(await isPassword(stored?.password, given.password)) || !account)
    return fail(kernel, attempt, tried, 'wrong', new Refusal('wrongPassword', '账号或密码不对', { captcha: true }))
  await forgive(kernel.db, attempt.key, tried)
  await refuseObstacle(kernel, account, facts)
  await judgeAgain(kernel, account, given.password, stored!, facts)
  return { ...attempt, account }
}

/** The second factor of a sign-in that began with `ticket`: a code of the authenticator, or one of the recovery codes. Its failures count to the lock. */
export async function signInSecond(kernel: Kernel, given: { ticket: string; code: string } & From): Promise<SignedInWith> {
  const now = kernel.clock.now()
  const [ticket] = await kernel.db.query<{ account: string; method: SignInMethod }>(`SELECT account, method FROM kernel.sign_in_ticket WHERE token = $1 AND expires_at > $2`, [digest(given.ticket), now.toISOString()]) // prettier-ignore
  const account = ticket ? await accountById(kernel.db, ticket.account) : null
  if (!ticket || !account) throw new Refusal('ticketEnded')
  const attempt = await attemptOf(kernel, account.name, account, given)
  const tried = await claim(kernel, attempt)
  const { isRight, by } = await takeSecond(kernel, account.id, given.code)
  const message = by === 'totp' ? '动态口令不对，或已用过，请等下一个' : '恢复码不对，或已用过'
  if (!isRight) return fail(kernel, attempt, tried, 'secondFactor', new Refusal('wrongCode', message))
  await forgive(kernel.db, attempt.key, tried)
  await refuseObstacle(kernel, account, attempt.facts)
  await kernel.db.query(`DELETE FROM kernel.sign_in_ticket WHERE token = $1`, [digest(given.ticket)])
  return finish(kernel, attempt, given.device, { method: ticket.method === 'totp' ? by : ticket.method, twoFactors: true })
}

/**
 * Signs in whom another system has proved: the account's obstacles hold here too, and our second factor is asked where the other
 * did not prove one.
 */
export async function signInProved(kernel: Kernel, account: Account, by: { method: SignInMethod; twoFactors: boolean } & From): Promise<SignedIn> {
  const attempt = await attemptOf(kernel, account.name, account, by)
  await refuseObstacle(kernel, account, attempt.facts)
  if (!by.twoFactors && account.secondFactor === 'totp') return { ticket: await giveTicket(kernel, account, by.method) }
  return finish(kernel, attempt, by.device, by)
} // prettier-ignore

async function attemptOf<A extends Account | null>(kernel: Kernel, name: string, account: A, { address, agent, device }: From): Promise<AttemptOf<A>> {
  const isKnown = account !== null && (await isKnownDevice(kernel.db, account.id, device, kernel.clock.now()))
  return { facts: { name, address, agent }, account, key: accountKey(account, name), knownDevice: isKnown ? device! : null }
} // prettier-ignore

async function readCaptcha(kernel: Kernel, attempt: Attempt, tried: Try, given: Given['captcha']): Promise<void> {
  if (!given) {
    await forgive(kernel.db, attempt.key, tried)
    throw new Refusal('captchaNeeded', undefined, { captcha: true })
  }
  if (await takeCaptcha(kernel.db, kernel.clock.now(), given.id, given.answer)) return
  await fail(kernel, attempt, tried, 'captcha', new Refusal('captchaNeeded', '图形验证码不对或已过期，请按新图片填写', { captcha: true }))
}

async function refuseObstacle(kernel: Kernel, account: Account, facts: SignInFacts): Promise<void> {
  const obstacle = accountObstacle(kernel, account, facts.address)
  if (!obstacle) return
  await logSignIn(kernel, facts, { account, outcome: obstacle.outcome })
  throw new Refusal('accountDisabled', obstacle.message)
}

interface Credential {
  password: string | null
  judged: string | null
}
async function credentialOf(kernel: Kernel, account: Account | null): Promise<Credential | null> {
  if (!account) return null
  const [row] = await kernel.db.query<Credential>(`SELECT password, judged FROM kernel.credential WHERE account = $1`, [account.id])
  return row ?? null
}
/** What a password of this account must not be built from. */
export async function belongingOf(kernel: Kernel, account: Pick<Account, 'name' | 'person'>): Promise<Belonging> {
  const person = account.person ? (await kernel.directory()).people.get(account.person) : undefined
  return { account: account.name, staffNumber: person?.staffNumber ?? null, person: person?.name ?? null, hospital: (await readSettings(kernel.db)).hospitalName }
} // prettier-ignore
/** A password that is right may have become too weak, or lie hashed at an old cost: the first must be changed now, the second is hashed anew. */
async function judgeAgain(kernel: Kernel, account: Account, password: string, stored: Credential, facts: SignInFacts): Promise<void> {
  const policy = await kernel.protection.policy()
  if (isOutdated(stored.password!)) await kernel.db.query(`UPDATE kernel.credential SET password = $2 WHERE account = $1 AND password = $3`, [account.id, await hashPassword(password), stored.password]) // prettier-ignore
  if (stored.judged === judgedAs(policy)) return
  const problem = await passwordProblem(policy, password, await belongingOf(kernel, account))
  if (problem && !account.mustChange) await keepAccount(kernel, await signInContext(kernel, facts), account.id, { mustChange: true }, 'password.weak') // prettier-ignore
  if (!problem) await kernel.db.query(`UPDATE kernel.credential SET judged = $2 WHERE account = $1`, [account.id, judgedAs(policy)])
}

async function giveTicket(kernel: Kernel, account: Account, method: SignInMethod): Promise<string> {
  const ticket = newToken()
  const now = kernel.clock.now()
  await kernel.db.query(`DELETE FROM kernel.sign_in_ticket WHERE expires_at < $1`, [now.toISOString()])
  await kernel.db.query(`INSERT INTO kernel.sign_in_ticket VALUES ($1, $2, $3, $4)`, [digest(ticket), account.id, method, new Date(now.getTime() + ticketMinutes * 60_000).toISOString()]) // prettier-ignore
  return ticket
}

async function finish(kernel: Kernel, { facts, key, account }: AttemptOf<Account>, device: string | undefined, { method, twoFactors }: { method: SignInMethod; twoFactors: boolean }): Promise<SignedInWith> {
  await forgetFailures(kernel.db, [key])
  const known = twoFactors ? await knowDevice(kernel.db, account.id, device, facts.agent, kernel.clock.now()) : null
  const signIn = await logSignIn(kernel, facts, { account, outcome: 'done', method })
  return { token: await openSession(kernel, account, facts, { signIn, twoFactors }), device: known }
} // prettier-ignore
