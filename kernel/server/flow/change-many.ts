import { v7 as uuidv7 } from 'uuid'
import { invalid, Refusal, type ApiRecord, type ApprovalAnswer, type ChangedField, type ChangeManyAnswer } from '#model'
import { describePath } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { chooseFlow } from './bindings.ts'
import {
  changedFields,
  groupOf,
  groupsOf,
  insertRequest,
  judgePatch,
  needApplicant,
  othersOf,
  patched,
  versionOfAll,
} from './change-requests.ts'
import { flowEnvironment } from './environment.ts'
import { factsOf } from './import-facts.ts'
import { baseVersionOf } from './import-request.ts'
import { currentVersion } from './in-force.ts'
import type { Subject } from './subject.ts'
import { beginRequest, needChangeable, newRequest, type ChangeOptions } from './submit.ts'

export interface ChangeOfOne {
  id: string
  seenVersion: number
  changes: Readonly<Record<string, unknown>>
}
const most = 500
/** As for one record; people chosen for a step decide it in each approval that has the step. */
export interface RequestOfMany extends Pick<ChangeOptions, 'actId' | 'signature' | 'chosen'> {
  reason: string
}

/**
 * Asks for the change of many approved records at once. What cannot be asked for is told record by record and left out; the others that go the same way
 * (the same flow, steps and people) are one request: one approval, decided as a whole.
 */
export async function submitChanges(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  asked: readonly ChangeOfOne[],
  options: RequestOfMany,
): Promise<ChangeManyAnswer> {
  const c = kernel.resource(resource)
  const applicant = needApplicant(ctx)
  if (!c.r.approval) throw new Refusal('badRequest', `“${c.r.label}”不需要审批，可直接修改`)
  if (asked.length === 0 || asked.length > most) throw new Refusal('tooMany', `一次可申请变更 1 至 ${most} 条`)
  if (!options.reason.trim()) throw invalid([{ field: 'reason', message: '请填写变更的理由' }])
  return kernel.transaction(ctx, async (tx) => {
    const before = await repeated(tx, options.actId, applicant)
    if (before) return before
    const judged: Judged[] = []
    const results = new Map<string, ChangeManyAnswer['results'][number]>()
    // Held in one order, so that two people who choose the same records do not block each other.
    for (const one of asked.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const answer = await judge(kernel, tx, c, applicant, one).catch((error: unknown) => refusalIn(error, one.id))
      if (Array.isArray(answer)) judged.push(...answer)
      else results.set(one.id, answer)
    }
    const ways = Map.groupBy(judged, (one) => one.way)
    for (const [place, together] of [...ways.values()].entries()) {
      const instance = await begin(kernel, tx, c, together, { ...options, applicant }, place)
      for (const { stored } of together) results.set(stored.id, { record: stored.id, ok: true, instance, message: '' })
    }
    await tx.db.query(
      `UPDATE kernel.change_request SET submission = $1::uuid WHERE coalesce(batch, id) IN (SELECT request FROM kernel.flow_instance WHERE id = ANY($2::uuid[]))`,
      [options.actId, [...results.values()].flatMap(({ instance }) => instance ?? [])],
    )
    return { results: asked.flatMap(({ id }) => results.get(id) ?? []) }
  })
}

interface Judged {
  stored: ApiRecord
  group: string
  patch: Readonly<Record<string, unknown>>
  /** Flow, steps and people: records of the same way are decided together. */
  way: string
}
async function judge(kernel: Kernel, tx: Context, c: CompiledResource, applicant: string, one: ChangeOfOne): Promise<Judged[]> {
  const read = kernel.access.need(tx.actor, 'read', c.r.name)
  const write = kernel.access.need(tx.actor, 'update', c.r.name)
  const stored = await needChangeable(kernel, tx, c, one, [read, write])
  const whole = await judgePatch(kernel, tx, c, stored, one.changes, write.readOnly.union(read.hidden))
  if (Object.keys(whole).length === 0) throw new Refusal('badRequest', '没有改动任何内容')
  const judged: Judged[] = []
  for (const group of groupsOf(c, whole)) {
    const patch = Object.fromEntries(Object.entries(whole).filter(([key]) => groupOf(c, key) === group))
    const request = newRequest(c, stored, { group, occasion: 'change', patch }, { applicant, reason: '' })
    await needNoOther(tx, request.record, group)
    const shown = patched(stored, request)
    const flow = await chooseFlow(kernel, tx, c, 'change', shown, group)
    const { definition } = await currentVersion(kernel, tx, flow)
    const path = describePath(definition, { applicant }, await flowEnvironment(kernel, tx, { c, shown }, applicant))
    const way = JSON.stringify([group, flow, path.map(({ key, people }) => [key, people.map((p) => p.person)])])
    judged.push({ stored, group, patch, way })
  }
  return judged
}
async function needNoOther(tx: Context, record: string, group: string): Promise<void> {
  const [open] = await tx.db.query(
    `SELECT 1 FROM kernel.change_request WHERE record = $1::uuid AND state = 'open' AND (field_group = $2 OR occasion = 'delete')`,
    [record, group],
  )
  if (open) throw new Refusal('flowRefused', '该记录已有一份变更正在审批')
}
async function begin(
  kernel: Kernel,
  tx: Context,
  c: CompiledResource,
  together: readonly Judged[],
  { applicant, ...options }: RequestOfMany & { applicant: string },
  place: number,
): Promise<string> {
  const [first, ...others] = together as [Judged, ...Judged[]]
  const what = ({ group, patch }: Judged) => ({ group, patch, occasion: 'change' as const })
  const batch = others.length ? uuidv7() : undefined
  // The others stand before the approval begins, so that it knows how many it is about.
  for (const one of others) await insertRequest(kernel, tx, newRequest(c, one.stored, { ...what(one), id: uuidv7(), batch: batch! }, { applicant, reason: options.reason }))
  const { instance } = await beginRequest(kernel, tx, c, first.stored, { ...what(first), ...(batch ? { batch } : {}) }, options, place)
  return instance
} // prettier-ignore
function refusalIn(error: unknown, record: string): ChangeManyAnswer['results'][number] {
  if (!(error instanceof Refusal)) throw error
  const problems = (error.detail['problems'] as { message: string }[] | undefined) ?? []
  return { record, ok: false, instance: null, message: problems.map(({ message }) => message).join('；') || error.message }
}
/** Sent again, it is answered with the approvals that it began. */
async function repeated(tx: Context, actId: string, applicant: string): Promise<ChangeManyAnswer | null> {
  const rows = await tx.db.query<{ record: string; instance: string }>(
    `SELECT r.record, f.id AS instance FROM kernel.change_request r JOIN kernel.flow_instance f ON f.request = coalesce(r.batch, r.id)
     WHERE r.submission = $1::uuid AND r.applicant = $2::uuid AND f.parent IS NULL ORDER BY r.record`,
    [actId, applicant],
  )
  return rows.length ? { results: rows.map((row) => ({ ...row, ok: true, message: '' })) } : null
}

/** What a request over many records changes in each, of the fields that are shown. */
export async function readBatch(
  kernel: Kernel,
  ctx: Context,
  { c, stored, request }: Subject,
  asSeen: (changes: readonly ChangedField[]) => ChangedField[],
): Promise<Pick<ApprovalAnswer, 'batch' | 'baseVersion' | 'import'>> {
  if (!request) return { batch: [], baseVersion: null, import: null }
  if (request.occasion === 'import')
    return { batch: [], baseVersion: await baseVersionOf(ctx, c, request.id), import: await factsOf(ctx, request.id) }
  const others = await othersOf(kernel, ctx, request)
  const all = [{ request, record: stored }]
  for (const one of others) {
    const record = await loadRecord(kernel, ctx, c, one.record, { deleted: true })
    if (record) all.push({ request: one, record })
  }
  const line = ({ request: one, record }: (typeof all)[number]) => ({
    record: record.id,
    title: String((record[c.r.title] as string | null) ?? ''),
    changes: asSeen(changedFields(c, record, one)),
  })
  return { batch: others.length ? all.map(line) : [], baseVersion: versionOfAll(all.map(({ record }) => record)), import: null }
}
