import { type SessionEnd, type SignInMethod, type SignInOutcome } from '#model'
import { auditAlone } from '../audit/audit.ts'
import type { Kernel } from '../kernel.ts'
import { createRecord, updateRecordOf } from '../records/write.ts'
import { signInContext, type Account } from './accounts.ts'
import { deviceName } from './device-name.ts'
import { placeOf, plainAddress } from './networks.ts'

/** Where an attempt to sign in comes from, and under which name. */
export interface SignInFacts {
  name: string
  address: string
  agent: string
}
interface Attempt {
  account: Pick<Account, 'id' | 'person'> | null
  outcome: SignInOutcome
  method?: SignInMethod
  times?: number
}

/** Writes an attempt to the log of sign-ins and to the audit; answers the log's row. */
export async function logSignIn(kernel: Kernel, facts: SignInFacts, attempt: Attempt): Promise<string> {
  const now = kernel.clock.now()
  const { account, outcome, method = null, times = 1 } = attempt
  const name = oneLine(facts.name).slice(0, 60) || '（空）'
  const { networks } = await kernel.protection.current()
  const row = {
    at: now.toISOString(), name, account: account?.id ?? null, person: account?.person ?? null, outcome, method, times, address: plainAddress(facts.address).slice(0, 60),
    place: placeOf(facts.address, networks), device: deviceName(facts.agent), agent: oneLine(facts.agent).slice(0, 300),
  } // prettier-ignore
  const { record } = await createRecord(kernel, await signInContext(kernel, facts), 'security.signIn', row, { byModule: true })
  await auditAlone(
    kernel.db,
    now,
    { actor: account?.person ?? null, name, address: facts.address },
    outcome === 'done' ? { act: 'signIn', outcome: 'done', detail: { method } } : { act: 'signIn', outcome: 'refused', detail: { reason: outcome, ...(times > 1 ? { times } : {}) } },
  ) // prettier-ignore
  return record.id
}

/** What a stranger sends makes no line of its own in a log, nor turns the direction in which it is read. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '\uFFFD')

/** Notes in the log how long a session lasted, and how it ended; at sign-out the audit says so too. */
export async function logEnd(kernel: Kernel, signIn: string, end: SessionEnd, from: { at: Date; name: string; person: string | null; address: string | null }): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '登录' }, 'signIn', { address: from.address })
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<{ version: number; at: string }>(`SELECT version, at FROM security.sign_in WHERE id = $1::uuid AND ended_at IS NULL FOR UPDATE`, [signIn])
    if (!row) return
    const minutes = Math.max(0, Math.round((from.at.getTime() - Date.parse(row.at)) / 60_000))
    await updateRecordOf(kernel, tx, 'security.signIn', signIn, row.version, { endedAt: from.at.toISOString(), end, minutes }, { byModule: true, act: 'signOut' })
    await auditAlone(tx.db, from.at, { actor: from.person, name: from.name, address: from.address }, { act: 'signOut', outcome: 'done', detail: { end, minutes } })
  })
} // prettier-ignore
