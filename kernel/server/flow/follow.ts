import { v7 as uuidv7 } from 'uuid'
import type { ApiRecord, RecordState } from '#model'
import { beginChild, type FlowEvent, type InstanceState } from '#kernel/model/flow/index.ts'
import { type Context, personOf } from '../context.ts'
import { derive } from '../derived/derive.ts'
import type { Kernel } from '../kernel.ts'
import { begin, hasBeginning } from '../records/begin.ts'
import { loadRecord } from '../records/load.ts'
import { applyRequest, endRequest } from './change-requests.ts'
import { applyImport, dropImport } from './import-request.ts'
import { refuseClosed } from '../store/closing.ts'
import { flowEnvironment } from './environment.ts'
import { followReferences } from './follow-references.ts'
import type { Instance } from './instances.ts'
import { limitsFor } from './limits.ts'
import { save, type Saving } from './save.ts'
import type { Subject } from './subject.ts'
import { messagesOf } from './telling.ts'
import { approvalWords } from './words.ts'

export interface Following extends Pick<Saving, 'instance' | 'before' | 'state' | 'events' | 'act' | 'audit'> {
  /** The version of the base row whose differences the decider has seen and overrules. */
  seenBase?: number | null
}
/**
 * Stores what happened and does what follows: children begin, the record's state moves, results become real, people are told.
 * False, and nothing done, when somebody has acted since the instance was read; never so for who holds it.
 */
export async function follow(kernel: Kernel, ctx: Context, subject: Subject, what: Following): Promise<boolean> {
  const { instance, state, events } = what
  const limits = await limitsFor(kernel, ctx, subject, state.applicant)
  const words = await approvalWords(kernel, ctx, subject, state, instance)
  const messages = await messagesOf(kernel, ctx, words.title, instance, state, events)
  if (!(await save(kernel, ctx, { ...what, ...words, after: limits.after, messages }))) return false
  for (const event of events) if (event.type === 'splitOff') await startChild(kernel, ctx, subject, instance, state, event)
  await logSeals(ctx, instance, words.title, state, events)
  if (subject.request) {
    await followRequest(kernel, ctx, subject, what)
    return true
  }
  // The record is approved before its effects are made: they may point at it.
  if (!what.before || what.before.status !== state.status || events.some((e) => e.type === 'splitOff'))
    await moveRecord(kernel, ctx, subject, state)
  await followReferences(kernel, ctx, subject, what, follow)
  for (const event of events) if (event.type === 'effect' && event.effect) await applyEffect(kernel, ctx, instance, state, event)
  return true
}
/** What an act leaves to do beside storing itself: nothing, something of its own, or what other approvals of the record or the record itself share in. */
export function leavesMore({ request }: Subject, { before, state, events }: Following): 'own' | 'shared' | null {
  const isMoved = before?.status !== state.status
  if (!isMoved && !events.some((e) => e.type === 'splitOff' || e.type === 'effect' || (e.type === 'decided' && e.decision.seal)))
    return null
  return request || state.parent || state.counts.children > 0 ? 'shared' : 'own'
}

async function followRequest(kernel: Kernel, ctx: Context, { c, request }: Subject, { events, seenBase }: Following): Promise<void> {
  const ended = events.find((e) => e.type === 'ended')
  const isImport = request!.occasion === 'import'
  if (events.some((e) => e.type === 'effect' && e.isLast))
    await (isImport ? applyImport : applyRequest)(kernel, ctx, c, request!, seenBase ?? null)
  else if (ended && isImport) await dropImport(kernel, ctx, c, request!)
  if (ended) await endRequest(ctx, request!.id, ended.result === 'terminated' ? 'withdrawn' : ended.result)
}

async function startChild(
  kernel: Kernel,
  ctx: Context,
  subject: Subject,
  parent: Omit<Instance, 'state'>,
  state: InstanceState,
  event: Extract<FlowEvent, { type: 'splitOff' }>,
): Promise<void> {
  const id = uuidv7()
  const begun = beginChild(
    parent.definition,
    state,
    event,
    { id },
    await flowEnvironment(kernel, ctx, subject, state.applicant, { items: event.items }),
  )
  const child = { ...parent, id, seq: 0 }
  const words = await approvalWords(kernel, ctx, subject, begun.state, child)
  await save(kernel, ctx, {
    instance: child, before: null, state: begun.state, events: begun.events, ...words,
    after: (await limitsFor(kernel, ctx, subject, state.applicant)).after,
    messages: await messagesOf(kernel, ctx, words.title, child, begun.state, begun.events),
  }) // prettier-ignore
}

async function applyEffect(
  kernel: Kernel,
  ctx: Context,
  instance: Omit<Instance, 'state'>,
  state: InstanceState,
  event: Extract<FlowEvent, { type: 'effect' }>,
): Promise<void> {
  const run = kernel.services.map((s) => s.effects?.[event.effect!]).find((f) => f !== undefined)
  if (!run) throw new Error(`no service has the effect ${event.effect}`)
  const record = (await loadRecord(kernel, ctx, kernel.resource(instance.resource), instance.record))!
  const last = state.chain.filter((d) => !d.void && !d.takenBack).at(-1)
  await run(kernel, ctx, {
    instance: instance.id,
    number: state.number,
    resource: instance.resource,
    record,
    items: event.items,
    decidedOn: last?.meeting?.date ?? ctx.clock.now().toISOString().slice(0, 10),
    basis: last?.meeting ? `${state.number}（${last.meeting.date}会议）` : state.number,
    scan: last?.meeting?.scan ?? null,
  })
}

/** 用印登记: every seal that was put on, for good. */
async function logSeals(
  ctx: Context,
  instance: Omit<Instance, 'state'>,
  title: string,
  state: InstanceState,
  events: readonly FlowEvent[],
): Promise<void> {
  for (const e of events) {
    const seal = e.type === 'decided' ? e.decision.seal : undefined
    if (e.type !== 'decided' || !seal) continue
    await ctx.db.query(`INSERT INTO kernel.seal_use (id, at, seal, copies, files, person, actor, instance, number, title, note) VALUES ($1, $2, $3, $4, $5::uuid[], $6, $7, $8, $9, $10, $11)`, [
      uuidv7(), e.at, seal.kind, seal.copies, seal.files, e.decision.person, e.decision.actor, instance.id, state.number, title, e.decision.opinion ?? '',
    ]) // prettier-ignore
  }
}

/** The record's state from all instances over it: waiting while any runs, approved once any line took effect. */
async function moveRecord(kernel: Kernel, ctx: Context, { c, stored }: Subject, state: InstanceState): Promise<void> {
  const isAlone = !state.parent && state.counts.children === 0
  const all = isAlone
    ? [{ parent: null, status: state.status }]
    : await ctx.db.query<{ parent: string | null; status: InstanceState['status'] }>(
        `SELECT parent, status FROM kernel.flow_instance WHERE record = $1::uuid AND request IS NULL`,
        [stored.id],
      )
  const next = stateOf(all.find((i) => i.parent === null)!.status, all.filter((i) => i.parent !== null).map((i) => i.status)) // prettier-ignore
  if (stored.state === next) return
  // A request that ends without effect may end; nothing else moves in a closed period.
  if (next !== 'refused') await refuseClosed(ctx, c, [stored])
  const at = ctx.clock.now().toISOString()
  // The state is the flow's alone: it raises no version, so that what people have on their screens stays what they decide on.
  const [row] = await ctx.db.query<ApiRecord>(
    `WITH moved AS (UPDATE ${c.table} SET state = $2 WHERE id = $1::uuid RETURNING version),
       written AS (INSERT INTO kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes) SELECT $3::timestamptz, $4, $1::uuid, version, $5::uuid, NULL, $6, 'state.' || $2, '{}' FROM moved)
     INSERT INTO kernel.outbox (at, topic, resource, record, payload) SELECT $3::timestamptz, 'record.state', $4, $1::uuid, jsonb_build_object('state', $2::text) FROM moved RETURNING record`,
    [stored.id, next, at, c.r.table, personOf(ctx.actor), ctx.origin],
  )
  if (!row) throw new Error(`the record of an approval is gone: ${c.r.name} ${stored.id}`)
  await derive(kernel, ctx, { table: c.r.table, ids: [stored.id], before: [stored] })
  if (next === 'approved' && hasBeginning(kernel, c)) await begin(kernel, ctx, c, (await loadRecord(kernel, ctx, c, stored.id))!)
}
function stateOf(root: InstanceState['status'], children: readonly InstanceState['status'][]): RecordState {
  if (root === 'running') return 'pending'
  if (root === 'returned') return 'returned'
  if (root === 'approved' || children.includes('approved')) return 'approved'
  if (children.includes('running')) return 'pending'
  return children.includes('returned') ? 'returned' : 'refused'
}
