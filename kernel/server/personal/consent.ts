import { invalid, noticeRead, Refusal, type ConsentAct, type OwnPrivacy } from '#model'
import { personOf, type Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { createRecord } from '../records/write.ts'
import { consentPurposes, digestOf, policyInForce, type Policy } from './policy.ts'

interface Last {
  purpose: string
  act: ConsentAct
  said: string
  policy: string
  at: string
}
const lastOf = (db: Queryable, person: string): Promise<Last[]> =>
  db.query<Last & object>(`SELECT DISTINCT ON (purpose) purpose, act, said, policy, at FROM personal.consent WHERE person = $1::uuid ORDER BY purpose, at DESC, id DESC`, [person]) // prettier-ignore

/**
 * May this person's information be used for this purpose? Whatever processes on consent asks here each time: what has none does not happen, and from the
 * moment of a withdrawal neither. A purpose that the policy in force rests on other grounds, or does not name, needs none.
 */
export async function consented(kernel: Kernel, db: Queryable, person: string, purpose: string): Promise<boolean> {
  const asked = consentPurposes(await policyInForce(kernel, db)).find(({ code }) => code === purpose)
  if (!asked) return true
  const last = (await lastOf(db, person)).find((one) => one.purpose === purpose)
  return last?.act === 'given' && last.said === digestOf(asked)
}

/** Has this person still to read what is in force? */
export async function mustReadNotice(kernel: Kernel, db: Queryable, person: string | null): Promise<boolean> {
  const policy = person && (await policyInForce(kernel, db))
  if (!policy) return false
  const [row] = await db.query(`SELECT 1 FROM personal.consent WHERE person = $1::uuid AND purpose = $2 AND policy = $3::uuid LIMIT 1`, [person, noticeRead, policy.id]) // prettier-ignore
  return row === undefined
}

/** How the actor stands to every purpose that rests on consent. */
export async function ownPrivacy(kernel: Kernel, ctx: Context): Promise<OwnPrivacy> {
  const policy = await policyInForce(kernel, ctx.db)
  const person = needPerson(ctx)
  const last = new Map((await lastOf(ctx.db, person)).map((one) => [one.purpose, one]))
  return {
    policy: policy && { id: policy.id, edition: policy.edition, from: policy.from },
    mustRead: await mustReadNotice(kernel, ctx.db, person),
    consents: consentPurposes(policy).map((purpose) => {
      const own = last.get(purpose.code)
      const isSame = own !== undefined && (own.act !== 'given' || own.said === digestOf(purpose))
      return { ...purpose, stands: isSame ? own.act : null, since: isSame ? own.at : null }
    }),
  }
}

export interface From {
  device: string
}
/** Takes that the actor has read the version in force, and his answer to each purpose that rests on consent: none is left open, none is answered for him. */
export async function readNotice(kernel: Kernel, ctx: Context, given: { policy: unknown; answers: unknown }, from: From): Promise<void> {
  const person = needPerson(ctx)
  await kernel.transaction(ctx, async (tx) => {
    const policy = await policyInForce(kernel, tx.db)
    if (!policy || given.policy !== policy.id) throw new Refusal('versionConflict', '隐私政策已有新的版本，请重新阅读')
    const answers = (typeof given.answers === 'object' && given.answers !== null ? given.answers : {}) as Record<string, unknown>
    const purposes = consentPurposes(policy)
    const open = purposes.filter(({ code }) => typeof answers[code] !== 'boolean')
    if (open.length) throw invalid(open.map(({ code, name }) => ({ field: `answers.${code}`, message: `请选择是否同意“${name}”` })))
    const last = new Map((await lastOf(tx.db, person)).map((one) => [one.purpose, one]))
    for (const purpose of purposes) {
      const act = answers[purpose.code] ? 'given' : last.get(purpose.code)?.act === 'given' ? 'withdrawn' : 'refused'
      await note(kernel, tx, person, policy, { purpose: purpose.code, purposeName: purpose.name, act, said: digestOf(purpose) }, from)
    }
    await note(kernel, tx, person, policy, { purpose: noticeRead, purposeName: `隐私政策 ${policy.edition}`, act: 'read', said: policy.id }, from) // prettier-ignore
  })
}
/** Gives or takes back one consent: one act each, as easy the one as the other (art. 15). */
export async function changeConsent(kernel: Kernel, ctx: Context, code: string, isGiven: boolean, from: From): Promise<void> {
  const person = needPerson(ctx)
  await kernel.transaction(ctx, async (tx) => {
    const policy = await policyInForce(kernel, tx.db)
    const purpose = consentPurposes(policy).find((one) => one.code === code)
    if (!policy || !purpose) throw new Refusal('notFound', '现行隐私政策中没有这一项')
    const act = isGiven ? 'given' : 'withdrawn'
    await note(kernel, tx, person, policy, { purpose: code, purposeName: purpose.name, act, said: digestOf(purpose) }, from)
  })
}

type Noted = Pick<Last, 'purpose' | 'act' | 'said'> & { purposeName: string }
async function note(kernel: Kernel, tx: Context, person: string, policy: Policy, what: Noted, from: From): Promise<void> {
  const at = tx.clock.now().toISOString()
  const channel = tx.origin === 'phone' ? 'phone' : tx.origin === 'web' ? 'web' : 'system'
  await createRecord(kernel, tx, 'personal.consent', {
    ...what, at, person, policy: policy.id, channel, address: tx.address?.slice(0, 60) ?? null, device: from.device.slice(0, 80) || null,
  }, { byModule: true, act: `consent.${what.act}` }) // prettier-ignore
} // prettier-ignore
function needPerson(ctx: Context): string {
  const person = personOf(ctx.actor)
  if (!person) throw new Refusal('noRight', '只能由本人操作')
  return person
}
