import { v7 as uuidv7 } from 'uuid'
import { invalid, Refusal, type ApiRecord, type ChoosePeople } from '#model'
import { choicesOf, decide, planOf, remark, type Flow, type InstanceState } from '#kernel/model/flow/index.ts'
import type { Permission } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { present } from '../records/present.ts'
import { reaches } from '../records/rights-over.ts'
import { createRecord } from '../records/write.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { refuseClosed } from '../store/closing.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { chooseFlow } from './bindings.ts'
import { groupOf, groupsOf, insertRequest, judgePatch, needApplicant, patched, rest, type ChangeRequest } from './change-requests.ts'
import { flowEnvironment } from './environment.ts'
import { follow } from './follow.ts'
import { currentVersion } from './in-force.ts'
import type { Instance } from './instances.ts'
import { needOwnSignature, needRemark } from './remarks.ts'
import type { Subject } from './subject.ts'
import { toChoose } from './to-choose.ts'

export interface SubmitOptions {
  actId: string
  signature?: string
  opinion?: string
  /** What the opinion carries: pictures (file ids), and people named in it. */
  pictures?: readonly string[]
  mentions?: readonly string[]
  /** The secretary who filled it in. */
  filledBy?: string
  chosen?: Readonly<Record<string, readonly string[]>>
  /** The id of the new record, and those that are submitted with it: it may point at them before they are approved. */
  record?: string
  together?: ReadonlySet<string>
  /** The module judged the right to apply; otherwise the right to create is asked. */
  byModule?: boolean
  /** In whose name the program submits what a stranger filled in. */
  applicant?: string
}
export interface ActAnswer {
  instance: string
  status: InstanceState['status']
  version: number
}
export type Submitted = ActAnswer & { record: string }

/** Submits a new record for approval: row, instance and first tasks stand in one transaction. Only the person whose record it is submits and signs. */
export async function submit(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  draft: Readonly<Record<string, unknown>>,
  options: SubmitOptions,
): Promise<Submitted> {
  const c = kernel.resource(resource)
  if (!c.r.approval) throw new Refusal('badRequest', `“${c.r.label}”不需要审批`)
  const applicant = options.applicant ?? needApplicant(ctx)
  return kernel.transaction(ctx, async (tx) => {
    const repeated = await findRepeated(tx, options.actId, applicant)
    if (repeated) return repeated
    if (!options.byModule) {
      kernel.access.need(tx.actor, 'create', resource)
      const locked = Object.keys(draft).filter((key) => c.r.fields[key]?.readOnly)
      if (locked.length) throw invalid(locked.map((field) => ({ field, message: '此项由系统填写' })))
    }
    const { record } = await createRecord(kernel, tx, resource, draft, {
      byModule: true,
      state: 'pending',
      act: 'submit',
      ...(options.record ? { actId: options.record } : {}),
      ...(options.together ? { together: options.together } : {}),
    })
    const stored = (await loadRecord(kernel, tx, c, record.id))!
    if (c.r.owner.person && stored[c.r.owner.person] !== applicant) throw new Refusal('noRight', '只有本人可以签名提交')
    const flow = await chooseFlow(kernel, tx, c, 'new', stored)
    return begin(
      kernel,
      tx,
      { c, stored, shown: stored, request: null },
      { ...options, flow, occasion: 'new', applicant, number: numberOf(c, stored) },
    )
  })
}

export interface ChangeOptions extends Pick<SubmitOptions, 'actId' | 'signature' | 'chosen' | 'pictures' | 'mentions'> {
  /** The version of the record that the applicant saw. */
  seenVersion: number
  reason?: string
  /** Also of fields that a form does not offer. */
  system?: boolean
}
/** Asks for a change of an approved record. Fields of different offices go their own ways: one request a field group, all or none. */
export async function submitChange(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  id: string,
  changes: Readonly<Record<string, unknown>>,
  options: ChangeOptions,
): Promise<Submitted[]> {
  return asked(kernel, ctx, resource, id, 'update', options, async (tx, c, stored, readOnly) => {
    const patch = await judgePatch(kernel, tx, c, stored, changes, readOnly, { system: options.system === true })
    if (Object.keys(patch).length === 0) throw new Refusal('badRequest', '没有改动任何内容')
    const answers: Submitted[] = []
    for (const group of groupsOf(c, patch)) {
      const own = Object.fromEntries(Object.entries(patch).filter(([key]) => groupOf(c, key) === group))
      answers.push(await beginRequest(kernel, tx, c, stored, { group, occasion: 'change', patch: own }, options, answers.length))
    }
    return answers
  })
}
/** Asks for the deletion of an approved record. */
export async function submitDeletion(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  id: string,
  options: ChangeOptions,
): Promise<Submitted> {
  if (!options.reason?.trim()) throw invalid([{ field: 'reason', message: '请填写删除的理由' }])
  const [answer] = await asked(kernel, ctx, resource, id, 'delete', options, async (tx, c, stored) => [
    await beginRequest(kernel, tx, c, stored, { group: rest, occasion: 'delete', patch: {} }, options, 0),
  ])
  return answer!
}

type Asking = (tx: Context, c: CompiledResource, stored: ApiRecord, readOnly: ReadonlySet<string>) => Promise<Submitted[]>
/** What both requests share: the right, the version seen, and that the record is settled. */
async function asked(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  id: string,
  right: 'update' | 'delete',
  options: ChangeOptions,
  work: Asking,
): Promise<Submitted[]> {
  const c = kernel.resource(resource)
  const applicant = needApplicant(ctx)
  const read = kernel.access.need(ctx.actor, 'read', resource)
  const permission = kernel.access.need(ctx.actor, right, resource)
  if (!c.r.approval) throw new Refusal('badRequest', `“${c.r.label}”不需要审批，可直接修改`)
  return kernel.transaction(ctx, async (tx) => {
    const repeated = await findRepeated(tx, options.actId, applicant)
    if (repeated) return [repeated]
    const stored = await needChangeable(kernel, tx, c, { id, seenVersion: options.seenVersion }, [read, permission])
    return work(tx, c, stored, permission.readOnly.union(read.hidden))
  })
}
/** The record that a change is asked of, held until the transaction ends: within both rights, as it was seen, and in force. */
export async function needChangeable(
  kernel: Kernel,
  tx: Context,
  c: CompiledResource,
  { id, seenVersion }: { id: string; seenVersion: number },
  [read, write]: readonly [Permission, Permission],
): Promise<ApiRecord> {
  const stored = await loadRecord(kernel, tx, c, id, { lock: true })
  if (!stored || !(await reaches(kernel, tx, c, read.filter, stored))) throw new Refusal('notFound')
  if (!(await reaches(kernel, tx, c, write.filter, stored))) throw new Refusal('noRight')
  if (stored.version !== seenVersion) throw new Refusal('versionConflict', undefined, { current: present(tx, c, read, { ...stored }) })
  if (stored.state !== 'approved') throw new Refusal('flowRefused', '该记录尚未生效，不能申请变更')
  await refuseClosed(tx, c, [stored])
  return stored
}
/** Stores a request and begins its approval; what it stands for beside itself is stored by the caller. */
export async function beginRequest(
  kernel: Kernel,
  tx: Context,
  c: CompiledResource,
  stored: ApiRecord,
  what: Pick<ChangeRequest, 'group' | 'occasion' | 'patch'> & { batch?: string },
  options: Omit<ChangeOptions, 'seenVersion'>,
  place: number,
): Promise<Submitted> {
  const applicant = needApplicant(tx)
  const request = newRequest(c, stored, what, { applicant, reason: options.reason ?? '' })
  await insertRequest(kernel, tx, request)
  const shown = patched(stored, request)
  const flow = await chooseFlow(kernel, tx, c, what.occasion, shown, what.group)
  const [count] = await tx.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM kernel.change_request WHERE record = $1::uuid`, [
    stored.id,
  ])
  const { actId, ...more } = options
  return begin(kernel, tx, { c, stored, shown, request }, {
    ...more, actId: place === 0 ? actId : uuidv7(), flow, occasion: what.occasion, applicant, number: `${numberOf(c, stored)}-变更${count!.n}`,
    ...(request.reason ? { opinion: request.reason } : {}),
  }) // prettier-ignore
}

/** A request as it is asked for: the patch beside what the record holds. In a batch the first one's id is the batch's. */
export function newRequest(
  c: CompiledResource,
  stored: ApiRecord,
  { batch = null, ...what }: Pick<ChangeRequest, 'group' | 'occasion' | 'patch'> & { batch?: string | null; id?: string },
  by: { applicant: string; reason: string },
): ChangeRequest {
  const base = Object.fromEntries(Object.keys(what.patch).map((key) => [key, stored[key] ?? null]))
  return { id: what.id ?? batch ?? uuidv7(), ...what, resource: c.r.name, record: stored.id, baseVersion: stored.version, base, reason: by.reason.trim(), applicant: by.applicant, version: 1, state: 'open', batch } // prettier-ignore
}

/** A submission sent again gets the first answer, also while the first is still on its way; under somebody else's act there is none. */
async function findRepeated(tx: Context, actId: string, applicant: string): Promise<Submitted | null> {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7046))`, [actId])
  const [found] = await tx.db.query<{ id: string; record: string; status: InstanceState['status']; applicant: string }>(
    `SELECT id, record, status, applicant FROM kernel.flow_instance WHERE id = $1::uuid`,
    [actId],
  )
  if (found && found.applicant !== applicant) throw new Refusal('duplicate')
  return found ? { instance: found.id, record: found.record, status: found.status, version: 1 } : null
}
export type Beginning = Omit<SubmitOptions, 'byModule' | 'record' | 'together' | 'applicant'> & {
  flow: string
  occasion: string
  applicant: string
  number: string
}
/** Begins the approval of a subject whose row or request stands. */
export async function begin(kernel: Kernel, tx: Context, subject: Subject, how: Beginning): Promise<Submitted> {
  const { c, shown, request } = subject
  const { actId: id, applicant, number } = how
  const { pictures = [], mentions = [] } = how
  if (how.signature) await needOwnSignature(tx, id, applicant, how.signature)
  if (pictures.length || mentions.length)
    await needRemark(tx, id, applicant, { pictures, mentions, ...(how.opinion ? { opinion: how.opinion } : {}) })
  const { version, definition } = await currentVersion(kernel, tx, how.flow)
  const items = request ? undefined : itemIds(c, shown)
  const env = await flowEnvironment(kernel, tx, subject, applicant, items ? { items } : {})
  const plain = decide(definition, undefined, {
    kind: 'submit', actId: id, actor: applicant, applicant, seenVersion: shown.version, instance: { id, number, flowVersion: version },
    ...(how.signature ? { signature: how.signature } : {}), ...(how.filledBy ? { filledBy: how.filledBy } : {}), ...(how.chosen ? { chosen: how.chosen } : {}), ...(how.opinion ? { opinion: how.opinion } : {}),
  }, env) // prettier-ignore
  const decided = remark(plain, { pictures, mentions }, { at: env.now, actId: id, actor: applicant })
  if (!decided.ok) {
    const { code, message, detail } = decided.refusal
    // Whoever was not asked beforehand is told whom he may choose from.
    const choose = code === 'chooseDeciders' ? { choose: await peopleToChoose(kernel, tx, definition, env, applicant) } : {}
    throw new Refusal('flowRefused', message, { refusal: code, detail, ...choose })
  }
  const instance: Omit<Instance, 'state'> = {
    id,
    resource: c.r.name,
    record: shown.id,
    occasion: how.occasion,
    request: request?.id ?? null,
    definition,
    seq: 0,
  }
  await follow(kernel, tx, subject, {
    instance,
    before: null,
    state: decided.state,
    events: decided.events,
    audit: { act: 'flow.submit', outcome: 'done', resource: c.r.name, record: shown.id, detail: { instance: id, occasion: how.occasion, filledBy: how.filledBy ?? null } },
  }) // prettier-ignore
  return { instance: id, record: shown.id, status: decided.state.status, version: shown.version }
}

async function peopleToChoose(
  kernel: Kernel,
  tx: Context,
  definition: Flow,
  env: Awaited<ReturnType<typeof flowEnvironment>>,
  applicant: string,
): Promise<ChoosePeople[]> {
  const settings = await currentSettings(kernel, tx.db)
  return toChoose(tx, choicesOf(planOf(definition), env, undefined, applicant), applicant, (text) => fillLabel(text, settings))
}

/** The lines of a record that are decided one by one. */
export const itemIds = (c: CompiledResource, record: ApiRecord): string[] | undefined =>
  c.r.items ? ((record[c.r.items] ?? []) as { id: string }[]).map((row) => row.id) : undefined
function numberOf(c: CompiledResource, record: ApiRecord): string {
  const auto = c.fields.find((f) => f.field.kind === 'autoNumber')
  return auto ? String(record[auto.key]) : record.id.slice(-8)
}
