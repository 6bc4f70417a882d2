import { isUuid, Refusal } from '#model'
import { decide, remark, type Act, type Decided } from '#kernel/model/flow/index.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { updateRecordOf } from '../records/write.ts'
import { needAdmitted } from './admission.ts'
import { editRequest, patched } from './change-requests.ts'
import { flowEnvironment } from './environment.ts'
import { follow, type Following, leavesMore } from './follow.ts'
import { type Instance, instancesOf, lockInstance, peekInstance } from './instances.ts'
import { needRemark } from './remarks.ts'
import { covers, rulesOfDeputy, type StandIn } from './stand-ins.ts'
import { touchedParts } from './request-rows.ts'
import { itemIds, type ActAnswer } from './submit.ts'
import { loadSubject, type Subject } from './subject.ts'

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type SystemAct = 'serviceDone' | 'serviceFailed' | 'timeOut' | 'elapse'
/** An act as it comes from a person; who acts is known, not told. */
export type GivenAct = DistributiveOmit<Exclude<Act, { kind: 'submit' | SystemAct }>, 'actor'> & Extras
/** What the program itself does on an instance. */
export type GivenSystemAct = DistributiveOmit<Extract<Act, { kind: SystemAct }>, 'actor' | 'seenVersion'>
interface Extras {
  /** Changes to the record under the step's `mayEdit`, or by the applicant after a return. */
  changes?: Readonly<Record<string, unknown>>
  /** The version of a changed record whose differences to the request were seen: the request's values hold. */
  seenBase?: number
  /** What the opinion carries: pictures (file ids), and people named in it. */
  pictures?: readonly string[]
  mentions?: readonly string[]
}

/**
 * One act on a running approval. It is decided on what was read and stored only when nobody has acted since: most acts hold no lock and are one
 * statement. Of two at the same instant the second is decided again under the lock, and told what happened.
 */
export async function act(kernel: Kernel, ctx: Context, instanceId: string, given: GivenAct): Promise<ActAnswer> {
  const actor = personOf(ctx.actor)
  if (!actor) throw new Refusal('noRight')
  if (!isUuid(given.actId)) throw new Refusal('badRequest', '缺少 actId')
  if (ctx.db === kernel.db && !isEditing(given)) {
    const answer = await actOn(kernel, ctx, { id: instanceId, given, actor, isLocked: false })
    if (answer) return answer
  }
  return (await kernel.transaction(ctx, (tx) => actOn(kernel, tx, { id: instanceId, given, actor, isLocked: true })))!
}
const isEditing = ({ changes }: GivenAct): boolean => changes !== undefined && Object.keys(changes).length > 0

interface Acting {
  id: string
  given: GivenAct
  actor: string
  /** Within a transaction that holds the instance and its record. */
  isLocked: boolean
}
/** Null when only the lock tells: somebody acted meanwhile, the engine refuses, or more follows than one instance's own storing. */
async function actOn(kernel: Kernel, ctx: Context, acting: Acting): Promise<ActAnswer | null> {
  const { given, actor, isLocked } = acting
  const { instance, first } = await (isLocked
    ? lockInstance(kernel, ctx.db, acting.id, given.actId)
    : peekInstance(kernel, acting.id, given.actId))
  if (first) {
    if (first.actor !== actor) throw new Refusal('flowRefused', '操作编号已被他人使用，请刷新后重试', { refusal: 'actIdReused' })
    return first.answer as ActAnswer
  }
  const subject = await loadSubject(kernel, ctx, instance, { lock: isLocked })
  await needRemark(ctx, acting.id, actor, given)
  const rules = await standInRules(ctx, instance, actor, given)
  const { changes, seenBase: _, pictures = [], mentions = [], ...plainAct } = given
  const edited = isEditing(given) ? await edit(kernel, ctx, instance, subject, actor, given, rules) : null
  const env = await environmentOf(kernel, ctx, instance, subject, edited, given, rules)
  const plain = decide(
    instance.definition,
    instance.state,
    engineAct(plainAct, actor, edited, edited ? touchedParts(subject.c, subject.shown, changes!) : []),
    env,
  )
  const decided = remark(plain, { pictures, mentions }, { at: env.now, actId: given.actId, actor })
  const now = edited ? { ...subject, ...edited } : subject
  if (decided.ok && !decided.repeated) await needAdmitted(kernel, ctx, instance, now, given)
  return settle(kernel, ctx, instance, now, decided, acting)
}

/** An act of the program itself: a time-out, a timer, the answer of a service. False when it no longer applies. */
export async function actAsSystem(kernel: Kernel, ctx: Context, instance: Instance, given: GivenSystemAct): Promise<boolean> {
  const subject = await loadSubject(kernel, ctx, instance, { lock: true, deleted: true })
  const env = await flowEnvironment(kernel, ctx, subject, instance.state.applicant, { items: Object.keys(instance.state.items) })
  const seen = { ...given, actor: 'system', seenVersion: subject.shown.version } as Act
  const decided = decide(instance.definition, instance.state, seen, env)
  if (!decided.ok || decided.repeated) return false
  await follow(kernel, ctx, subject, { instance, before: instance.state, state: decided.state, events: decided.events })
  return true
}

type Edited = Pick<Subject, 'shown' | 'stored' | 'request'>
function engineAct(given: DistributiveOmit<GivenAct, keyof Extras>, actor: string, edited: Edited | null, edits: readonly string[]): Act {
  // A repaired record is what the applicant now stands for.
  if (given.kind === 'resubmit') return { ...given, actor, seenVersion: edited?.shown.version ?? given.seenVersion }
  return { ...given, actor, ...(edited ? { edits } : {}) }
}
async function settle(
  kernel: Kernel,
  ctx: Context,
  instance: Instance,
  subject: Subject,
  decided: Decided,
  { given, actor, isLocked }: Acting,
): Promise<ActAnswer | null> {
  if (!decided.ok && !isLocked) return null
  if (!decided.ok) throw refusalOf(decided.refusal, subject.shown.version)
  const answer: ActAnswer = { instance: instance.id, status: decided.state.status, version: subject.shown.version }
  if (decided.repeated) return answer
  const what: Following = {
    instance,
    before: instance.state,
    state: decided.state,
    events: decided.events,
    seenBase: given.seenBase ?? null,
    act: { id: given.actId, actor, answer },
    audit: { act: `flow.${given.kind}`, outcome: 'done', resource: instance.resource, record: instance.record, detail: { instance: instance.id, ...(onBehalfOf(given) ? { onBehalfOf: onBehalfOf(given) } : {}), ...carried(given) } },
  } // prettier-ignore
  const more = isLocked ? null : leavesMore(subject, what)
  if (more === 'shared') return null
  const isStored =
    more === 'own' ? await kernel.transaction(ctx, (tx) => follow(kernel, tx, subject, what)) : await follow(kernel, ctx, subject, what)
  return isStored ? answer : null
}
const carried = ({ pictures, mentions }: GivenAct) => ({
  ...(pictures?.length ? { pictures } : {}),
  ...(mentions?.length ? { mentions } : {}),
})
const onBehalfOf = (given: GivenAct): string | undefined => ('onBehalfOf' in given ? given.onBehalfOf : undefined)

function refusalOf(refusal: { code: string; message: string; detail: Readonly<Record<string, unknown>> }, version: number): Refusal {
  // What it is now the approval says, as far as the actor sees it.
  if (refusal.code === 'versionChanged') return new Refusal('versionConflict', refusal.message, { refusal: refusal.code, version })
  return new Refusal('flowRefused', refusal.message, { refusal: refusal.code, detail: refusal.detail })
}

async function standInRules(tx: Context, instance: Instance, actor: string, given: GivenAct): Promise<StandIn[]> {
  if (!onBehalfOf(given) || onBehalfOf(given) === actor) return []
  return (await rulesOfDeputy(tx, actor)).filter((rule) => covers(rule, instance.state.flow))
}

/** What the engine may know of this act: for the applicant's repair the record as repaired, for a decider's edit both. */
async function environmentOf(
  kernel: Kernel,
  tx: Context,
  instance: Instance,
  subject: Subject,
  edited: Edited | null,
  given: GivenAct,
  rules: readonly StandIn[],
) {
  const mayActFor = (deputy: string, person: string) => rules.some((rule) => rule.deputy === deputy && rule.person === person)
  if (given.kind === 'resubmit') {
    const now = edited ? { ...subject, ...edited } : subject
    const items = instance.request ? undefined : await ownItems(kernel, tx, instance, now)
    return flowEnvironment(kernel, tx, now, instance.state.applicant, {
      ...(items ? { items } : {}),
      mayActFor,
      ...(await changedSince(tx, instance, subject)),
    })
  }
  const items = itemIds(subject.c, subject.stored) && !instance.request ? Object.keys(instance.state.items) : undefined
  return flowEnvironment(kernel, tx, subject, instance.state.applicant, {
    ...(items ? { items } : {}),
    ...(edited ? { after: edited.shown } : {}),
    mayActFor,
  })
}
/** The fields that differ from what the returner saw (W11), out of the record's history since the return. */
async function changedSince(tx: Context, instance: Instance, { c }: Subject): Promise<{ changed?: string[] }> {
  const { returned } = instance.state
  if (!returned || instance.request) return {}
  const [at] = await tx.db.query<{ at: string }>(
    `SELECT at FROM kernel.flow_event WHERE instance = $1::uuid AND type = 'returned' ORDER BY seq DESC LIMIT 1`,
    [instance.id],
  )
  const rows = await tx.db.query<{ id: string }>(
    `SELECT DISTINCT jsonb_object_keys(changes) AS id FROM kernel.history WHERE record = $1::uuid AND at >= $2`,
    [instance.record, at?.at ?? tx.clock.now().toISOString()],
  )
  const ids = new Set(rows.map((row) => row.id))
  return { changed: [...c.fields, ...c.rows].flatMap((f) => (ids.has(f.id) ? [f.key] : [])) }
}

/** The change of what is decided on: of the row while it is new, of the patch in a change request, never of an approved row. */
async function edit(
  kernel: Kernel,
  ctx: Context,
  instance: Instance,
  subject: Subject,
  actor: string,
  given: GivenAct,
  rules: readonly StandIn[],
): Promise<Edited> {
  const { state } = instance
  const { c, stored, shown, request } = subject
  const isRepair = given.kind === 'resubmit' && state.status === 'returned' && state.applicant === actor
  const people = [actor, ...rules.map((rule) => rule.person)]
  const isStep =
    (given.kind === 'approve' || given.kind === 'decideItems') &&
    state.tasks.some((t) => t.id === given.task && people.includes(t.person) && t.state === 'open')
  if (!isRepair && !isStep) throw new Refusal('noRight', '当前不能修改申请内容')
  if (given.seenVersion !== shown.version) throw new Refusal('versionConflict', undefined, { version: shown.version })
  if (request) {
    const next = await editRequest(kernel, ctx, c, stored, request, given.changes!)
    return { stored, request: next, shown: patched(stored, next) }
  }
  const act = isRepair ? 'repair' : 'edit'
  await updateRecordOf(kernel, ctx, instance.resource, instance.record, stored.version, given.changes!, { byModule: true, act })
  const after = await loadSubject(kernel, ctx, instance)
  return { stored: after.stored, request: null, shown: after.shown }
}

/** The rows this instance answers for: its own, and on repair those that no other instance knows. */
async function ownItems(kernel: Kernel, ctx: Context, instance: Instance, { c, shown }: Subject): Promise<string[] | undefined> {
  const all = itemIds(c, shown)
  if (!all) return undefined
  const others = (await instancesOf(kernel, ctx.db, instance.record)).filter((i) => i.id !== instance.id && !i.request)
  const foreign = new Set(others.flatMap((i) => Object.entries(i.state.items).flatMap(([id, line]) => (line.splitTo ? [] : [id]))))
  const mine = new Set(Object.entries(instance.state.items).flatMap(([id, line]) => (line.splitTo ? [] : [id])))
  return all.filter((id) => mine.has(id) || !foreign.has(id))
}
