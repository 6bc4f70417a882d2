import { Refusal, type OutsideProvider, type OutsideStep } from '#model'
import { RefusalMeter } from '../../audit/audit.ts'
import type { Kernel } from '../../kernel.ts'
import { accountById, isOfficer, type Account } from '../accounts.ts'
import { hasStood } from '../long-standing.ts'
import { plainAddress } from '../networks.ts'
import { digest, newToken } from '../passwords.ts'
import { logSignIn } from '../sign-in-log.ts'
import { proveAccount, signInProved, type Given, type SignedIn } from '../sign-in.ts'
import { applyForBinding, bindingOf } from './bindings.ts'
import type { Errand, OutsideIdentity, OutsideWay } from './way.ts'

/** So long may one stay with the other system, and then with our form. */
const minutes = 15
interface From {
  address: string
  agent: string
}

/** Begins a sign-in through another system. Answers where to send the browser, and the token that its cookie keeps. */
export async function beginErrand(kernel: Kernel, way: OutsideWay, given: { callback: string; goesTo: string; agent: string }): Promise<{ url: string; token: string }> {
  const errand: Errand = { state: newToken(), nonce: newToken(), verifier: newToken(), callback: given.callback }
  const url = await way.start(errand, given.agent)
  const token = newToken()
  const now = kernel.clock.now()
  await kernel.db.query(`DELETE FROM kernel.outside_sign_in WHERE expires_at < $1`, [now.toISOString()])
  await kernel.db.query(
    `INSERT INTO kernel.outside_sign_in (token, provider, state, nonce, verifier, callback, goes_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [digest(token), way.provider, errand.state, errand.nonce, errand.verifier, errand.callback, pathOf(given.goesTo), new Date(now.getTime() + minutes * 60_000).toISOString()],
  )
  return { url, token }
} // prettier-ignore
/** A path of this house, whatever was given: never an address elsewhere. */
function pathOf(given: string): string {
  const base = 'http://here'
  const url = /^\/(?![/\\])[^\\\s]{0,500}$/.test(given) && URL.canParse(given, base) ? new URL(given, base) : new URL(base)
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/'
}

/**
 * Reads the other system's answer, which a browser brings back: only the one that was sent there (`token`), only with the state that it took along, and once.
 * What was found — somebody, or why nobody — waits to be taken by the page; `onRefused` hears why, for those who set it up. Answers the path at which it is to open; null where this is nobody's errand.
 */
export async function finishErrand(kernel: Kernel, way: OutsideWay, token: string | undefined, search: string, from: From & { onRefused: (cause: Refusal) => void }): Promise<string | null> {
  const query = new URLSearchParams(search)
  const [row] = await kernel.db.query<{ nonce: string; verifier: string; callback: string; goesTo: string }>(
    `UPDATE kernel.outside_sign_in SET state = NULL WHERE token = $1 AND provider = $2 AND state = $3 AND expires_at > $4 RETURNING nonce, verifier, callback, goes_to AS "goesTo"`,
    [digest(token ?? ''), way.provider, query.get('state') ?? '', kernel.clock.now().toISOString()],
  )
  if (!row) return null
  const url = new URL(row.callback)
  url.search = search
  const keep = (column: 'identity' | 'problem', value: string) => kernel.db.query(`UPDATE kernel.outside_sign_in SET ${column} = $2 WHERE token = $1`, [digest(token!), value])
  try {
    const identity = await way.finish({ ...row, state: query.get('state')! }, url)
    if (!identity.subject || identity.subject.length > 255) throw new Refusal('outsideRefused')
    await keep('identity', JSON.stringify(identity))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    from.onRefused(error)
    await keep('problem', error.message)
    await noteNobody(kernel, way, from)
  }
  return row.goesTo
} // prettier-ignore

const meters = new WeakMap<Kernel, RefusalMeter>()
/** Anybody may begin, and come back with nothing: what one address repeats is one row a minute with its number. */
async function noteNobody(kernel: Kernel, way: OutsideWay, from: From): Promise<void> {
  let meter = meters.get(kernel)
  if (!meter) meters.set(kernel, (meter = new RefusalMeter()))
  const facts = { name: way.label, address: from.address, agent: from.agent }
  const write = async (times: number) =>
    void (await logSignIn(kernel, facts, { account: null, outcome: 'identity', method: way.provider, times }))
  await meter.note(`${plainAddress(from.address)}\n${way.provider}`, kernel.clock.now().getTime(), write)
}

interface Found {
  provider: OutsideProvider
  identity: OutsideIdentity | null
  problem: string | null
}
async function foundBy(kernel: Kernel, token: string | undefined): Promise<Found & { identity: OutsideIdentity }> {
  const [row] = await kernel.db.query<Found>(
    `SELECT provider, identity, problem FROM kernel.outside_sign_in WHERE token = $1 AND (identity IS NOT NULL OR problem IS NOT NULL) AND expires_at > $2`,
    [digest(token ?? ''), kernel.clock.now().toISOString()],
  )
  if (!row) throw new Refusal('outsideRefused', '登录已超时，或不是从本页面发起的，请重新登录')
  if (!row.identity) {
    await drop(kernel, token!)
    throw new Refusal('outsideRefused', row.problem!)
  }
  return { ...row, identity: row.identity }
}
const drop = (kernel: Kernel, token: string) => kernel.db.query(`DELETE FROM kernel.outside_sign_in WHERE token = $1 RETURNING 1`, [digest(token)]) // prettier-ignore

/** Signs in whom the other system has proved to this browser, where it is known which account is his; else what is still to be done. */
export async function takeErrand(kernel: Kernel, token: string | undefined, from: From & { device?: string | undefined }): Promise<SignedIn | OutsideStep> {
  const { provider, identity } = await foundBy(kernel, token)
  const account = await accountFor(kernel, provider, identity)
  if (!account) return stepOf(kernel, provider, identity)
  // Taken once: of two requests with the same token one gets in.
  if ((await drop(kernel, token!)).length === 0) throw new Refusal('outsideRefused', '登录已超时，请重新登录')
  return signInProved(kernel, account, { method: provider, twoFactors: identity.twoFactors, ...from })
} // prettier-ignore

/** Applies for a binding with account and password; what was proved there stays, so that a wrong password may be mended. */
export async function bindErrand(kernel: Kernel, token: string | undefined, given: Given): Promise<OutsideStep> {
  const { provider, identity } = await foundBy(kernel, token)
  const account = await proveAccount(kernel, given)
  await applyForBinding(kernel, account, { provider, identity, address: given.address, agent: given.agent })
  return stepOf(kernel, provider, identity)
}

/**
 * The account of an active binding; else the one of the staff number that a trusted provider names, where exactly one person has it and for long enough. An officer's
 * is opened by a binding only, which another officer has approved: numbers are kept by officers.
 */
async function accountFor(kernel: Kernel, provider: OutsideProvider, identity: OutsideIdentity): Promise<Account | null> {
  const binding = await bindingOf(kernel, provider, identity.subject)
  if (binding?.status === 'active') return accountById(kernel.db, binding.account)
  if (identity.staffNumber === null) return null
  const directory = await kernel.directory()
  const people = directory.withStaffNumber(identity.staffNumber).filter((person) => directory.isActive(person))
  const accounts = await kernel.db.query<{ id: string; person: string }>(`SELECT id, person FROM security.account WHERE person = ANY($1::uuid[]) AND deleted_at IS NULL`, [people]) // prettier-ignore
  const [only, ...more] = accounts
  if (!only || more.length || isOfficer(kernel, directory, only.person)) return null
  return (await hasStood(kernel, kernel.db, only.person, 'staffNumber')) ? accountById(kernel.db, only.id) : null
}
async function stepOf(kernel: Kernel, provider: OutsideProvider, { subject, name }: OutsideIdentity): Promise<OutsideStep> {
  const binding = await bindingOf(kernel, provider, subject)
  if (binding?.status === 'waiting') return { binding: 'waiting', provider, name }
  return { binding: 'needed', provider, name, ...(binding?.status === 'refused' && binding.reason ? { refused: binding.reason } : {}) }
}
