import { Refusal } from '#model'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { derive } from '../derived/derive.ts'
import { copyRecords } from '../store/bulk.ts'
import { columnValues, searchValue, type CompiledResource, type StoredField } from '../store/compiled.ts'
import { blindOf, quote } from '../store/naming.ts'
import { filterSql, Statement } from '../store/sql.ts'
import type { Changes } from '../store/write.ts'
import { searchRecord, textForm } from './existing.ts'
import { scopeIsOwn, type Judged } from './judge.ts'
import type { ImportSession } from './session.ts'

/** Which records a batch touched and how: what undo goes by. */
export type ChangeKind = 'created' | 'updated' | 'deleted' | 'restored'
export async function noteChanges(
  ctx: Context,
  batch: string,
  kind: ChangeKind,
  records: readonly { id: string; version: number }[],
): Promise<void> {
  if (records.length === 0) return
  await ctx.db.query(`INSERT INTO kernel.import_change (batch, kind, records, versions) VALUES ($1::uuid, $2, $3::uuid[], $4::int[])`, [
    batch, kind, records.map((r) => r.id), records.map((r) => r.version),
  ]) // prettier-ignore
}

/** Long work in one transaction: no time-outs, and one import into a record type at a time. */
export async function prepareLongWork(ctx: Context, resource: string): Promise<void> {
  await ctx.db.once(`SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10min'`)
  await ctx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7013))`, [`import ${resource}`])
}

/** Writes what a portion creates and changes. In the run's transaction. */
export async function writePortion(session: ImportSession, judged: readonly Judged[], nth: number): Promise<void> {
  const { kernel, ctx, c, profile, batch } = session
  const created = judged.flatMap((one) => (one.verdict === 'created' ? [one.record!] : []))
  for (const [i, record] of created.entries()) profile.complete?.(record, nth + i, batch)
  if (created.length) {
    await giveNumbers(ctx, c, created)
    const ids = await copyRecords(kernel, ctx, c, created, 'import')
    await derive(kernel, ctx, { table: c.r.table, ids, isNew: true })
    await noteChanges(ctx, batch.id, 'created', ids.map((id) => ({ id, version: 1 }))) // prettier-ignore
    if (!scopeIsOwn(session)) await refuseOutside(session, ids)
  }
  const changed = judged.filter((one) => one.verdict === 'changed')
  if (changed.length === 0) return
  const written = await updateMany(kernel, ctx, c, changed.map((one) => changeOf(session, one)), 'import') // prettier-ignore
  if (written.length < changed.length)
    throw new Refusal('importRefused', '导入期间有记录被别人修改，为免覆盖，本次没有写入任何内容，请重新导入')
  await noteChanges(ctx, batch.id, 'updated', written)
  if (!scopeIsOwn(session)) await refuseOutside(session, written.map((w) => w.id)) // prettier-ignore
}
function changeOf(session: ImportSession, { stored, record, keys, search }: Judged): RecordChange {
  return {
    id: stored!.id,
    version: stored!.version,
    before: stored!,
    after: record!,
    keys: keys!,
    searchRow: searchRecord(session, record!, search ?? {}),
  }
}

/** Document numbers of a portion from one look at the counter. */
async function giveNumbers(ctx: Context, c: CompiledResource, records: readonly Record<string, unknown>[]): Promise<void> {
  for (const f of c.fields) {
    const lacking = f.field.kind === 'autoNumber' ? records.filter((record) => !record[f.key]) : []
    if (lacking.length === 0) continue
    const { prefix, digits, perYear } = f.field.options as { prefix: string; digits: number; perYear?: boolean }
    const year = ctx.clock.now().toISOString().slice(0, 4)
    const series = `${c.r.name}.${f.id}${perYear ? `.${year}` : ''}`
    const [row] = await ctx.db.query<{ value: number }>(
      `INSERT INTO kernel.counter VALUES ($1, $2::bigint) ON CONFLICT (name) DO UPDATE SET value = kernel.counter.value + $2::bigint RETURNING value`,
      [series, lacking.length],
    )
    const first = row!.value - lacking.length + 1
    for (const [i, record] of lacking.entries())
      record[f.key] = `${prefix}-${perYear ? `${year}-` : ''}${String(first + i).padStart(digits, '0')}`
  }
}

async function refuseOutside(session: ImportSession, ids: readonly string[]): Promise<void> {
  const { kernel, ctx, c, permission } = session
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const condition = filterSql(s, c.r.name, permission.filter!)
  const [outside] = await ctx.db.once(
    `SELECT t.id FROM ${c.table} t ${s.joinText} WHERE t.id = ANY(${s.param(ids, '::uuid[]')}) AND NOT coalesce(${condition}, FALSE) LIMIT 1`,
    s.values,
  )
  if (outside) throw new Refusal('noRight', `文件中有超出您权限范围的${c.r.label}，没有写入任何内容`)
}

export interface RecordChange {
  id: string
  version: number
  before: Readonly<Record<string, unknown>>
  after: Readonly<Record<string, unknown>>
  keys: readonly string[]
  /** What the search text is made of; absent where it does not change. */
  searchRow?: Readonly<Record<string, unknown>>
}
/** Changes many records, each only in its changed fields and only when nobody wrote it meanwhile; one statement for all that change the same fields, with a history row each. Answers what was written. */
export async function updateMany(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  changes: readonly RecordChange[],
  act: string,
): Promise<{ id: string; version: number }[]> {
  const groups = new Map<string, RecordChange[]>()
  for (const change of changes) {
    const key = [...change.keys].sort().join()
    const group = groups.get(key)
    if (group) group.push(change)
    else groups.set(key, [change])
  }
  const written: { id: string; version: number }[] = []
  for (const group of groups.values()) written.push(...(await updateGroup(kernel, ctx, c, group, act)))
  const keys = [...new Set(changes.flatMap((change) => change.keys))]
  await derive(kernel, ctx, { table: c.r.table, ids: written.map((one) => one.id), keys, before: changes.map((change) => change.before) })
  return written
}
async function updateGroup(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  group: readonly RecordChange[],
  act: string,
): Promise<{ id: string; version: number }[]> {
  const fields = c.fields.filter((f) => group[0]!.keys.includes(f.key))
  const values: unknown[] = [ctx.clock.now().toISOString(), personOf(ctx.actor), ctx.onBehalfOf ?? null, ctx.origin, act]
  const arrays: string[] = []
  const array = (list: readonly unknown[], cast: string) => `u.a${arrays.push(`$${values.push(list)}::${cast}[]`)}`
  const id = array(group.map((change) => change.id), 'uuid') // prettier-ignore
  const version = array(group.map((change) => change.version), 'int') // prettier-ignore
  const changes = array(group.map((change) => JSON.stringify(changesOf(kernel, c, fields, change))), 'text') // prettier-ignore
  const sets = fields.flatMap((f) => {
    const both = group.map((change) => columnValues(kernel.protector, c.r.table, f, change.after[f.key]))
    const value = `${quote(f.column)} = ${array(both.map((v) => textForm(v[0])), 'text')}::${f.secret ? 'bytea' : f.type}` // prettier-ignore
    return f.secret ? [value, `${quote(blindOf(f.column))} = ${array(both.map((v) => textForm(v[1])), 'text')}::bytea`] : [value] // prettier-ignore
  })
  if (c.hasSearch && group.every((change) => change.searchRow)) sets.push(`search_text = ${array(group.map((change) => searchValue(kernel.defs, c, change.searchRow!)), 'text')}`) // prettier-ignore
  const names = arrays.map((_, i) => `a${i + 1}`).join(', ')
  return ctx.db.once<{ id: string; version: number }>(
    `WITH w AS (UPDATE ${c.table} t SET ${['version = t.version + 1', 'updated_at = $1::timestamptz', 'updated_by = $2::uuid', ...sets].join(', ')}
       FROM unnest(${arrays.join(', ')}) AS u(${names}) WHERE t.id = ${id} AND t.version = ${version} AND t.deleted_at IS NULL RETURNING t.id, t.version, ${changes}::jsonb AS changes),
     h AS (INSERT INTO kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes)
       SELECT $1::timestamptz, '${c.r.table}', w.id, w.version, $2::uuid, $3::uuid, $4::text, $5::text, w.changes FROM w)
     SELECT id, version FROM w`,
    values,
  )
}
/** Before and after by permanent field id; protected values stand as cipher text. */
function changesOf(kernel: Kernel, c: CompiledResource, fields: readonly StoredField[], { before, after }: RecordChange): Changes {
  const shown = (f: StoredField, value: unknown) =>
    value === null || value === undefined
      ? null
      : f.secret
        ? (columnValues(kernel.protector, c.r.table, f, value)[0] as Buffer).toString('base64')
        : value
  return Object.fromEntries(fields.map((f) => [f.id, [shown(f, before[f.key]), shown(f, after[f.key])]]))
}

/** Moves many records to the recycle bin, or back; only those still at the version given. */
export async function setDeletedMany(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  records: readonly { id: string; version: number }[],
  isDeleted: boolean,
  act: string,
): Promise<{ id: string; version: number }[]> {
  if (records.length === 0) return []
  const done = await ctx.db.once<{ id: string; version: number }>(
    `WITH w AS (UPDATE ${c.table} t SET version = t.version + 1, updated_at = $1::timestamptz, updated_by = $2::uuid, deleted_at = ${isDeleted ? '$1::timestamptz' : 'NULL'}
       FROM unnest($6::uuid[], $7::int[]) AS u(id, version) WHERE t.id = u.id AND t.version = u.version AND (t.deleted_at IS NULL) = ${String(isDeleted)} RETURNING t.id, t.version),
     h AS (INSERT INTO kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes)
       SELECT $1::timestamptz, '${c.r.table}', w.id, w.version, $2::uuid, $3::uuid, $4::text, $5::text, '{}' FROM w)
     SELECT id, version FROM w`,
    [
      ctx.clock.now().toISOString(),
      personOf(ctx.actor),
      ctx.onBehalfOf ?? null,
      ctx.origin,
      act,
      records.map((r) => r.id),
      records.map((r) => r.version),
    ],
  )
  await derive(kernel, ctx, { table: c.r.table, ids: done.map((one) => one.id) })
  return done
}
