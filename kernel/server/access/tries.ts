import { Refusal, type SignInOutcome } from '#model'
import { RefusalMeter } from '../audit/audit.ts'
import type { Kernel } from '../kernel.ts'
import { isOfficer, keepAccount, signInContext, type Account } from './accounts.ts'
import { accountKey, addressKey, claimTry, countFailure, failuresOf, type Try } from './failures.ts'
import { claimDevice } from './known-devices.ts'
import { watchLocks } from './lock-alarm.ts'
import { plainAddress } from './networks.ts'
import { logSignIn, type SignInFacts } from './sign-in-log.ts'

/** From where, and with what, a request comes. */
export type Origin = Pick<SignInFacts, 'address' | 'agent'>
/** Somebody about to prove that he is the one of this account, or of a name that no account has. */
export interface AttemptOf<A extends Account | null> {
  facts: SignInFacts
  account: A
  key: string
  /** Token of a browser in which this account has passed its second factor: a lock does not bind it. */
  knownDevice: string | null
}
export type Attempt = AttemptOf<Account | null>
/** The attempt of whoever is signed in already and proves himself once more. */
export const attemptOfOwn = (account: Account, { address, agent }: Origin): Attempt =>
  ({ facts: { name: account.name, address, agent }, account, key: accountKey(account, ''), knownDevice: null }) // prettier-ignore

/** Counts the try before anything is looked at; refuses where the account is locked, but for a browser that is known. */
export async function claim(kernel: Kernel, attempt: Attempt): Promise<Try> {
  const { account, key, knownDevice } = attempt
  const now = kernel.clock.now()
  const isKnown = knownDevice !== null && (await claimDevice(kernel.db, account!.id, knownDevice))
  const mayLock = account === null || !(await isLastOpenOfficer(kernel, account, now))
  const tried = await claimTry(kernel.db, key, now, mayLock ? await kernel.protection.policy() : null)
  if (!tried.isAllowed && !isKnown) return refuseAgain(kernel, attempt, 'locked', lockedRefusal(tried.lockedUntil!, now))
  return tried
}
/** Notes that the claimed try was wrong, which may have locked the account, and refuses. */
export async function fail(kernel: Kernel, attempt: Attempt, tried: Try, outcome: SignInOutcome, refusal: Refusal): Promise<never> {
  const { facts, account } = attempt
  const now = kernel.clock.now()
  await countFailure(kernel.db, addressKey(facts.address), now)
  await logSignIn(kernel, facts, { account, outcome })
  if (tried.lockedUntil && tried.isAllowed) {
    if (account) await keepAccount(kernel, await signInContext(kernel, facts), account.id, { lockedUntil: tried.lockedUntil.toISOString() }, 'account.locked') // prettier-ignore
    await watchLocks(kernel, facts.address)
    if (!attempt.knownDevice) throw lockedRefusal(tried.lockedUntil, now)
  }
  throw refusal
}

const meters = new WeakMap<Kernel, RefusalMeter>()
/** Refuses what repeats without an end — a locked account, an address that never stops: one row a minute with its number. */
export async function refuseAgain(kernel: Kernel, { facts, account }: Attempt, outcome: SignInOutcome, refusal: Refusal): Promise<never> {
  let meter = meters.get(kernel)
  if (!meter) meters.set(kernel, (meter = new RefusalMeter()))
  const whom = outcome === 'locked' ? facts.name.toLowerCase() : ''
  await meter.note(`${plainAddress(facts.address)}\n${outcome}\n${whom}`, kernel.clock.now().getTime(), async (times) => void (await logSignIn(kernel, facts, { account, outcome, times }))) // prettier-ignore
  throw refusal
}
const lockedRefusal = (until: Date, now: Date): Refusal =>
  new Refusal('accountLocked', `连续输错次数过多，请在 ${Math.ceil((until.getTime() - now.getTime()) / 60_000)} 分钟后再试`)

/** Whoever can reach the page can fail on purpose: of the officers one can always come in. */
async function isLastOpenOfficer(kernel: Kernel, account: Account, now: Date): Promise<boolean> {
  const directory = await kernel.directory()
  if (!isOfficer(kernel, directory, account.person)) return false
  const rows = await kernel.db.query<{ id: string; person: string }>(`SELECT id, person FROM security.account WHERE status = 'active' AND deleted_at IS NULL AND person IS NOT NULL AND id <> $1`, [account.id]) // prettier-ignore
  const others = rows.filter(({ person }) => directory.isActive(person) && isOfficer(kernel, directory, person))
  const failures = await failuresOf(kernel.db, others.map((other) => accountKey(other, '')), now) // prettier-ignore
  return failures.every(({ lockedUntil }) => lockedUntil !== null)
}
