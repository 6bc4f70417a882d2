import { v7 as uuidv7 } from 'uuid'
import { invalid, isUuid, Refusal, type ApiRecord, type RecordState } from '#model'
import { beginChild, decide, type Act, type FlowEvent, type InstanceState } from '#kernel/model/flow/index.ts'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/read.ts'
import { createRecord, updateRecordOf } from '../records/write.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { flowEnvironment } from './environment.ts'
import { currentVersion, type Instance, instancesOf, loadInstance, saveInstance } from './instances.ts'
import { tellPeople } from './telling.ts'

export interface SubmitOptions {
  actId: string
  signature?: string
  opinion?: string
  /** The secretary who filled it in. */
  filledBy?: string
  chosen?: Readonly<Record<string, readonly string[]>>
  /** The module judged the right to apply; otherwise the right to create is asked. */
  byModule?: boolean
}
export interface ActAnswer {
  instance: string
  status: InstanceState['status']
  version: number
}

/** Submits a new record for approval: row, instance and first tasks stand in one transaction. Only the person whose record it is submits and signs. */
export async function submit(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  draft: Readonly<Record<string, unknown>>,
  options: SubmitOptions,
): Promise<ActAnswer & { record: string }> {
  const c = kernel.resource(resource)
  const flowName = c.r.approval
  if (!flowName) throw new Refusal('badRequest', `“${c.r.label}”不需要审批`)
  const applicant = personOf(ctx.actor)
  if (!applicant) throw new Refusal('noRight')
  return kernel.transaction(ctx, async (tx) => {
    const [repeated] = await tx.db.query<{ id: string; record: string; status: InstanceState['status'] }>(`SELECT id, record, status FROM kernel.flow_instance WHERE id = $1::uuid AND applicant = $2::uuid`, [
      options.actId, applicant,
    ]) // prettier-ignore
    if (repeated) return { instance: repeated.id, record: repeated.record, status: repeated.status, version: 1 }
    if (!options.byModule) {
      kernel.access.need(tx.actor, 'create', resource)
      const locked = Object.keys(draft).filter((key) => c.r.fields[key]?.readOnly)
      if (locked.length) throw invalid(locked.map((field) => ({ field, message: '此项由系统填写' })))
    }
    const { record } = await createRecord(kernel, tx, resource, draft, { byModule: true, state: 'pending', act: 'submit' })
    const stored = (await loadRecord(kernel, tx, c, record.id))!
    if (c.r.owner.person && stored[c.r.owner.person] !== applicant) throw new Refusal('noRight', '只有本人可以签名提交')
    if (options.signature) await needOwnSignature(tx, applicant, options.signature)
    const { version, definition } = await currentVersion(kernel, tx, flowName)
    const id = options.actId
    const env = flowEnvironment(kernel, tx, c, stored, { items: itemIds(c, stored) })
    const number = numberOf(c, stored)
    const decided = decide(definition, undefined, {
      kind: 'submit', actId: options.actId, actor: applicant, applicant, seenVersion: stored.version, instance: { id, number, flowVersion: version },
      ...(options.signature ? { signature: options.signature } : {}), ...(options.filledBy ? { filledBy: options.filledBy } : {}), ...(options.chosen ? { chosen: options.chosen } : {}), ...(options.opinion ? { opinion: options.opinion } : {}),
    }, env) // prettier-ignore
    if (!decided.ok) throw new Refusal('flowRefused', decided.refusal.message, { refusal: decided.refusal.code })
    const instance: Instance = { id, resource, record: stored.id, state: decided.state, definition, seq: 0 }
    await saveInstance(tx, instance, decided.state, decided.events, true)
    await follow(kernel, tx, c, instance, decided.state, decided.events)
    await audit(tx, {
      act: 'flow.submit',
      outcome: 'done',
      resource,
      record: stored.id,
      detail: { instance: id, filledBy: options.filledBy ?? null },
    })
    return { instance: id, record: stored.id, status: decided.state.status, version: stored.version }
  })
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** An act as it comes from a person; who acts is known, not told. */
export type GivenAct = DistributiveOmit<Exclude<Act, { kind: 'submit' | 'serviceDone' | 'serviceFailed' }>, 'actor'> & {
  /** Changes to the record under the step's `mayEdit`, or by the applicant after a return. */
  changes?: Readonly<Record<string, unknown>>
}

/** One act on a running approval. Of two at the same instant one waits for the lock, and is then told what happened. */
export async function act(kernel: Kernel, ctx: Context, instanceId: string, given: GivenAct): Promise<ActAnswer> {
  const actor = personOf(ctx.actor)
  if (!actor) throw new Refusal('noRight')
  if (!isUuid(given.actId)) throw new Refusal('badRequest', '缺少 actId')
  return kernel.transaction(ctx, async (tx) => {
    const instance = await loadInstance(kernel, tx.db, instanceId, true)
    const [first] = await tx.db.query<{ answer: ActAnswer; actor: string }>(
      `SELECT answer, actor FROM kernel.flow_act WHERE instance = $1::uuid AND act_id = $2::uuid`,
      [instanceId, given.actId],
    )
    if (first && first.actor === actor) return first.answer
    const c = kernel.resource(instance.resource)
    const stored = await loadRecord(kernel, tx, c, instance.record, { lock: true })
    if (!stored) throw new Refusal('notFound')
    if (given.signature) await needOwnSignature(tx, actor, given.signature)
    const { changes, ...engineAct } = given
    const edited = changes && Object.keys(changes).length > 0 ? await edit(kernel, tx, instance, stored, actor, given) : null
    const items = await ownItems(kernel, tx, c, instance, edited ?? stored)
    const env = flowEnvironment(kernel, tx, c, stored, { ...(items ? { items } : {}), ...(edited ? { after: edited } : {}) })
    const withEdits = edited && given.kind !== 'resubmit' ? { ...engineAct, edits: Object.keys(changes!) } : engineAct
    // A repaired record is what the applicant now stands for.
    const seen = given.kind === 'resubmit' && edited ? { ...env, record: { ...env.record, version: edited.version } } : env
    const decided = decide(
      instance.definition,
      instance.state,
      { ...withEdits, ...(given.kind === 'resubmit' && edited ? { seenVersion: edited.version } : {}), actor },
      seen,
    )
    if (!decided.ok) throw refusalOf(decided.refusal, stored)
    if (decided.repeated) return { instance: instanceId, status: instance.state.status, version: stored.version }
    await saveInstance(tx, instance, decided.state, decided.events, false)
    await follow(kernel, tx, c, instance, decided.state, decided.events)
    const answer: ActAnswer = { instance: instanceId, status: decided.state.status, version: (edited ?? stored).version }
    await tx.db.query(`INSERT INTO kernel.flow_act VALUES ($1, $2, $3, $4, $5::jsonb)`, [
      instanceId,
      given.actId,
      actor,
      tx.clock.now().toISOString(),
      JSON.stringify(answer),
    ])
    await audit(tx, {
      act: `flow.${given.kind}`,
      outcome: 'done',
      resource: instance.resource,
      record: instance.record,
      detail: { instance: instanceId },
    })
    return answer
  })
}

function refusalOf(refusal: { code: string; message: string; detail: Readonly<Record<string, unknown>> }, stored: ApiRecord): Refusal {
  if (refusal.code === 'versionChanged') return new Refusal('versionConflict', refusal.message, { current: stored, refusal: refusal.code })
  return new Refusal('flowRefused', refusal.message, { refusal: refusal.code, detail: refusal.detail })
}

/** A signature binds whoever drew it: its picture must be the signer's own upload. */
async function needOwnSignature(ctx: Context, signer: string, file: string): Promise<void> {
  const [row] = isUuid(file)
    ? await ctx.db.query<{ by: string | null; type: string }>(`SELECT created_by AS by, type FROM kernel.file WHERE id = $1::uuid`, [file])
    : []
  if (!row || row.by !== signer || !row.type.startsWith('image/')) throw new Refusal('invalid', '签名无效，请重新签名')
}

async function edit(
  kernel: Kernel,
  ctx: Context,
  instance: Instance,
  stored: ApiRecord,
  actor: string,
  given: GivenAct,
): Promise<ApiRecord> {
  const { state } = instance
  const isRepair = given.kind === 'resubmit' && state.status === 'returned' && state.applicant === actor
  const isStep =
    (given.kind === 'approve' || given.kind === 'decideItems') &&
    state.tasks.some((t) => t.id === given.task && t.person === actor && t.state === 'open')
  if (!isRepair && !isStep) throw new Refusal('noRight', '当前不能修改申请内容')
  if (given.seenVersion !== stored.version) throw new Refusal('versionConflict', undefined, { current: stored })
  await updateRecordOf(kernel, ctx, instance.resource, instance.record, stored.version, given.changes!, {
    byModule: true,
    act: isRepair ? 'repair' : 'edit',
  })
  return (await loadRecord(kernel, ctx, kernel.resource(instance.resource), instance.record))!
}

const itemIds = (c: CompiledResource, record: ApiRecord): string[] | undefined =>
  c.r.items ? ((record[c.r.items] ?? []) as { id: string }[]).map((row) => row.id) : undefined
/** The rows this instance answers for: its own, and on repair those that no other instance knows. */
async function ownItems(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  instance: Instance,
  record: ApiRecord,
): Promise<string[] | undefined> {
  const all = itemIds(c, record)
  if (!all) return undefined
  const others = (await instancesOf(kernel, ctx.db, instance.record)).filter((i) => i.id !== instance.id)
  const foreign = new Set(others.flatMap((i) => Object.entries(i.state.items).flatMap(([id, line]) => (line.splitTo ? [] : [id]))))
  const mine = new Set(Object.entries(instance.state.items).flatMap(([id, line]) => (line.splitTo ? [] : [id])))
  return all.filter((id) => mine.has(id) || !foreign.has(id))
}
function numberOf(c: CompiledResource, record: ApiRecord): string {
  const auto = c.fields.find((f) => f.field.kind === 'autoNumber')
  return auto ? String(record[auto.key]) : record.id.slice(-8)
}

/** What follows from events: children begin, effects become real, the record's state moves, people are told. */
async function follow(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  instance: Instance,
  state: InstanceState,
  events: readonly FlowEvent[],
): Promise<void> {
  for (const event of events) if (event.type === 'splitOff') await startChild(kernel, ctx, c, instance, state, event)
  // The record is approved before its effects are made: they may point at it.
  await moveRecord(kernel, ctx, c, instance.record)
  for (const event of events) if (event.type === 'effect' && event.effect) await applyEffect(kernel, ctx, instance, state, event)
  await tellPeople(kernel, ctx, c, instance, state, events)
}

async function startChild(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  parent: Instance,
  state: InstanceState,
  event: Extract<FlowEvent, { type: 'splitOff' }>,
): Promise<void> {
  const id = uuidv7()
  const record = (await loadRecord(kernel, ctx, c, parent.record))!
  const begun = beginChild(parent.definition, state, event, { id }, flowEnvironment(kernel, ctx, c, record, { items: event.items }))
  const child: Instance = {
    id,
    resource: parent.resource,
    record: parent.record,
    state: begun.state,
    definition: parent.definition,
    seq: 0,
  }
  await saveInstance(ctx, child, begun.state, begun.events, true)
  await tellPeople(kernel, ctx, c, child, begun.state, begun.events)
}

async function applyEffect(
  kernel: Kernel,
  ctx: Context,
  instance: Instance,
  state: InstanceState,
  event: Extract<FlowEvent, { type: 'effect' }>,
): Promise<void> {
  const run = kernel.services.map((s) => s.effects?.[event.effect!]).find((f) => f !== undefined)
  if (!run) throw new Error(`no service has the effect ${event.effect}`)
  const record = (await loadRecord(kernel, ctx, kernel.resource(instance.resource), instance.record))!
  const last = state.chain.filter((d) => !d.void).at(-1)
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

/** The record's state from all instances over it: waiting while any runs, approved once any line took effect. */
async function moveRecord(kernel: Kernel, ctx: Context, c: CompiledResource, id: string): Promise<void> {
  const all = (
    await ctx.db.query<{ parent: string | null; status: InstanceState['status'] }>(
      `SELECT parent, status FROM kernel.flow_instance WHERE record = $1::uuid`,
      [id],
    )
  ).map((row) => row)
  const root = all.find((i) => i.parent === null)!.status
  const children = all.filter((i) => i.parent !== null).map((i) => i.status)
  const next: RecordState =
    root === 'running' ? 'pending'
    : root === 'returned' ? 'returned'
    : root === 'approved' || children.includes('approved') ? 'approved'
    : children.includes('running') ? 'pending'
    : children.includes('returned') ? 'returned'
    : 'refused' // prettier-ignore
  const record = (await loadRecord(kernel, ctx, c, id))!
  if (record.state === next) return
  // The state is the flow's alone: it raises no version, so that what people have on their screens stays what they decide on.
  await ctx.db.query(`UPDATE ${c.table} SET state = $2 WHERE id = $1::uuid`, [id, next])
  await ctx.db.query(`INSERT INTO kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes) VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, '{}')`, [
    ctx.clock.now().toISOString(), c.r.table, id, record.version, personOf(ctx.actor), ctx.origin, `state.${next}`,
  ]) // prettier-ignore
  await ctx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, record, payload) VALUES ($1, 'record.state', $2, $3, $4::jsonb)`, [
    ctx.clock.now().toISOString(),
    c.r.table,
    id,
    JSON.stringify({ state: next }),
  ])
}
