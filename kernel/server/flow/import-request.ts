import { v7 as uuidv7 } from 'uuid'
import { Refusal, today, validateRecord, type ApiRecord, type FieldProblem } from '#model'
import { type Context, personOf } from '../context.ts'
import { brokenConstraint } from '../database/database.ts'
import { derive } from '../derived/derive.ts'
import type { Kernel } from '../kernel.ts'
import { translateConstraint } from '../records/constraints.ts'
import { unfitChoices } from '../records/fitting.ts'
import { noteChange } from '../records/write.ts'
import { noteChanges, prepareLongWork } from '../store/batch-work.ts'
import { copyText, noteBatch } from '../store/bulk.ts'
import { otherSearchColumns, searchRecord, updateMany, type RecordChange } from '../store/bulk-update.ts'
import { refuseClosedIds } from '../store/closing.ts'
import { type CompiledResource } from '../store/compiled.ts'
import { readRows } from '../store/opening.ts'
import { quote } from '../store/naming.ts'
import { changedFields, groupsOf, named, needFreeKeys, requestsOf, sealPatch, wantedValues, type ChangeRequest } from './change-requests.ts'
import { factsOf } from './import-facts.ts'

type Values = Readonly<Record<string, unknown>>
export interface ChangeInBatch {
  stored: ApiRecord
  /** The whole record as it is to be, and which of its fields change. */
  record: Values
  keys: readonly string[]
}
/** Keeps the changes of a portion as patches under the batch's request; in the import's transaction. */
export async function keepChanges(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  batch: string,
  changes: readonly ChangeInBatch[],
): Promise<void> {
  const at = ctx.clock.now().toISOString()
  const applicant = personOf(ctx.actor)
  const lines: string[] = []
  for (const { stored, record, keys } of changes) {
    // The database holds keys of rows, not of patches: only a change of a key is looked at one by one.
    if ((c.r.unique ?? []).some((key) => key.some((field) => keys.includes(field)))) await needFreeKeys(kernel, ctx, c, stored.id, record, keys)
    const patch = Object.fromEntries(keys.map((key) => [key, record[key] ?? null]))
    const base = Object.fromEntries(keys.map((key) => [key, stored[key] ?? null]))
    const [group] = groupsOf(c, patch)
    const id = uuidv7()
    const row = [id, c.r.name, stored.id, group, 'change', 1, stored.version, sealPatch(kernel, id, 'base', base), sealPatch(kernel, id, 'patch', patch), '', 'open', applicant, at, batch]
    lines.push(`${row.map(copyText).join('\t')}\n`)
  } // prettier-ignore
  const columns = 'id, resource, record, field_group, occasion, version, base_version, base, patch, reason, state, applicant, at, batch'
  await ctx.db.copyIn(`COPY kernel.change_request (${columns}) FROM STDIN`, lines)
}
/** Which of these records have a change under approval already. */
export async function underChange(ctx: Pick<Context, 'db'>, records: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await ctx.db.query<{ record: string }>(
    `SELECT DISTINCT record FROM kernel.change_request WHERE record = ANY($1::uuid[]) AND state = 'open'`,
    [records],
  )
  return new Set(rows.map(({ record }) => record))
}

const portion = 2000
/**
 * Brings an approved batch into force: its new rows and its changes in one transaction, set-wise. A record that holds something else than when the file
 * was read stops all of it, until the decider has seen that.
 */
export async function applyImport(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  request: ChangeRequest,
  seenBase: number | null,
): Promise<void> {
  const facts = await factsOf(ctx, request.id)
  await prepareLongWork(ctx, c.r.name)
  try {
    const moved = await moveRows(kernel, ctx, c, request.id, 'approved')
    if (moved < facts.created) throw gone(facts.created - moved)
    await applyChanges(kernel, ctx, c, request, seenBase)
  } catch (error) {
    throw brokenConstraint(error)?.kind === 'unique' ? clash(translateConstraint(c, error)) : error
  }
  const profile = await profileOf(kernel, ctx, request.id)
  await profile?.afterWrite?.(kernel, ctx)
  await noteBatch(ctx, c, { act: 'import', batch: request.id }, facts.created + facts.changed)
  noteChange(kernel, ctx, c)
}
/** A batch that does not come into force: its rows are refused as one, and hold no keys any more. */
export const dropImport = (kernel: Kernel, ctx: Context, c: CompiledResource, { id }: ChangeRequest): Promise<number> =>
  moveRows(kernel, ctx, c, id, 'refused')

const gone = (count: number): Refusal =>
  new Refusal('flowRefused', `有 ${count} 条记录已被删除，这批导入无法生效，请拒绝或让申请人撤回`, { refusal: 'recordGone' })
const clash = (problem: unknown): Refusal =>
  new Refusal('flowRefused', `生效后会与现有记录重复（${problem instanceof Refusal ? problem.message : ''}），没有写入任何内容`, {
    refusal: 'duplicate',
  })
async function profileOf(kernel: Kernel, ctx: Context, batch: string) {
  const [row] = await ctx.db.query<{ profile: string }>(`SELECT profile FROM kernel.import_batch WHERE id = $1::uuid`, [batch])
  return kernel.services.flatMap((one) => one.imports ?? []).find(({ name }) => name === row?.profile)
}

/** The state of all new rows of a batch, with a history row each. Relies on the key of import_change (batch, seq). */
async function moveRows(kernel: Kernel, ctx: Context, c: CompiledResource, batch: string, state: 'approved' | 'refused'): Promise<number> {
  const moved = await ctx.db.once<{ id: string }>(
    `WITH mine AS (SELECT r.id FROM kernel.import_change b, unnest(b.records) AS r(id) WHERE b.batch = $1::uuid AND b.kind = 'created'),
       moved AS (UPDATE ${c.table} t SET state = $2 FROM mine WHERE t.id = mine.id AND t.state = 'pending' AND t.deleted_at IS NULL RETURNING t.id, t.version),
       h AS (INSERT INTO kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes)
         SELECT $3::timestamptz, $4, id, version, $5::uuid, NULL, $6, 'state.' || $2, '{}' FROM moved)
     SELECT id FROM moved`,
    [batch, state, ctx.clock.now().toISOString(), c.r.table, personOf(ctx.actor), ctx.origin],
  )
  if (state === 'approved') await refuseClosedIds(ctx, c, moved.map(({ id }) => id)) // prettier-ignore
  await derive(kernel, ctx, { table: c.r.table, ids: moved.map(({ id }) => id) })
  return moved.length
}

async function applyChanges(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  request: ChangeRequest,
  seenBase: number | null,
): Promise<void> {
  const baseVersion = await lockBase(ctx, c, request.id)
  const conflicts: ReturnType<typeof changedFields> = []
  for (let from = 0; ; from += portion) {
    const requests = await requestsOf(kernel, ctx, request.id, { from, limit: portion })
    if (requests.length === 0) break
    const records = await loadForChange(kernel, ctx, c, requests.map(({ record }) => record)) // prettier-ignore
    const missing = requests.filter(({ record }) => !records.has(record)).length
    if (missing) throw gone(missing)
    for (const one of requests) conflicts.push(...changedFields(c, records.get(one.record)!.stored, one).filter((field) => 'now' in field))
    // Once one conflict stands, the rest is only looked at.
    if (conflicts.length && seenBase !== baseVersion) continue
    const changes = requests.map((one) => changeOf(kernel, ctx, c, one, records.get(one.record)!))
    await needFitting(kernel, ctx, c, changes)
    const written = await updateMany(kernel, ctx, c, changes, 'change')
    await noteChanges(ctx, request.id, 'updated', written)
  }
  if (conflicts.length && seenBase !== baseVersion) {
    const labels = [...new Set(conflicts.map((one) => `“${one.label}”`))]
    const message = `申请之后，有 ${conflicts.length} 处（${labels.join('、')}）已被改动，请核对后再定`
    throw new Refusal('changeConflict', message, { conflicts: named(conflicts.slice(0, 100)), baseVersion })
  }
}
/** Holds the records of a batch in one order, and says what they add up to: every change of any of them raises it. */
async function lockBase(ctx: Context, c: CompiledResource, batch: string): Promise<number> {
  const which = `SELECT record FROM kernel.change_request WHERE batch = $1::uuid`
  await ctx.db.once(`SELECT 1 FROM ${c.table} WHERE id IN (${which}) ORDER BY id FOR UPDATE`, [batch])
  return baseVersionOf(ctx, c, batch)
}
/** The sum of the versions of the records that a batch changes. */
export async function baseVersionOf(ctx: Pick<Context, 'db'>, c: CompiledResource, batch: string): Promise<number> {
  const [row] = await ctx.db.query<{ n: number }>(
    `SELECT coalesce(sum(t.version), 0)::int AS n FROM ${c.table} t JOIN kernel.change_request r ON r.record = t.id WHERE r.batch = $1::uuid`,
    [batch],
  )
  return row!.n
}
interface Held {
  stored: ApiRecord
  others: Values
}
async function loadForChange(kernel: Kernel, ctx: Context, c: CompiledResource, ids: readonly string[]): Promise<Map<string, Held>> {
  const columns = otherSearchColumns(kernel, c)
  const extra = columns.map((column) => `t.${quote(column)} AS ${quote(`s_${column}`)}`)
  const rows = await ctx.db.once(
    `SELECT ${[c.select, ...extra].join(', ')} FROM ${c.table} t WHERE t.id = ANY($1::uuid[]) AND t.deleted_at IS NULL`,
    [ids],
  )
  const records = await readRows(kernel, ctx.db, c, rows)
  return new Map(
    rows.map((row, at) => {
      const others = Object.fromEntries(columns.map((column) => [column, row[`s_${column}`]]))
      return [row['id'] as string, { stored: records[at]!, others }]
    }),
  )
}
function changeOf(kernel: Kernel, ctx: Context, c: CompiledResource, request: ChangeRequest, { stored, others }: Held): RecordChange {
  const after = { ...stored, ...wantedValues(stored, request) }
  const keys = Object.keys(request.patch)
  if (stored.version !== request.baseVersion) needValid(ctx, c, stored, after, keys)
  return { id: stored.id, version: stored.version, before: stored, after, keys, searchRow: searchRecord(kernel, c, after, others) }
}
/** What was chosen may have ceased to fit since the file was read. */
async function needFitting(kernel: Kernel, ctx: Context, c: CompiledResource, changes: readonly RecordChange[]): Promise<void> {
  const asked = changes.map(({ before, after }) => ({ values: after, stored: before }))
  for (const [i, problems] of (await unfitChoices(kernel, ctx, c, asked)).entries())
    if (problems.length) throw unfit(c, changes[i]!.before, problems)
}
/** What others changed meanwhile may not fit what the file says. */
function needValid(ctx: Context, c: CompiledResource, stored: ApiRecord, after: ApiRecord, keys: readonly string[]): void {
  const values = Object.fromEntries(Object.keys(c.r.fields).map((key) => [key, after[key] ?? null]))
  const { problems } = validateRecord(c.r.fields, values, {
    today: today(ctx.clock),
    changed: new Set(keys),
    ...(c.r.rules ? { rules: c.r.rules } : {}),
  })
  if (problems.length) throw unfit(c, stored, problems)
}
function unfit(c: CompiledResource, stored: Values, problems: readonly FieldProblem[]): Refusal {
  const title = String((stored[c.r.title] as string | null) ?? '')
  return new Refusal('flowRefused', `“${title}”在申请之后有改动，按导入的内容写入会不合要求：${problems.map(({ message }) => message).join('；')}`)
} // prettier-ignore
