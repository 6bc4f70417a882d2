import { personOf, type Context } from '../context.ts'
import { derive } from '../derived/derive.ts'
import type { Kernel } from '../kernel.ts'
import { refuseClosed, refuseClosedIds } from './closing.ts'
import { columnValues, searchValue, type CompiledResource, type StoredField } from './compiled.ts'
import { columnOf, quote } from './naming.ts'
import { searchKeys } from './schema.ts'
import type { Changes } from './write.ts'
import { toHistory } from './history-values.ts'
import { sealsOf, storeMade, type RecordSeals } from './sealing.ts'

/** The text under which a value is compared and sent in an array of texts; null stays null. */
export function textForm(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
  if (Array.isArray(value)) return `{${value.map((part) => `"${String(part).replace(/["\\]/g, (c) => `\\${c}`)}"`).join(',')}}`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Columns of the search text that belong to other views on the same table: an update must not lose them. */
export function otherSearchColumns(kernel: Kernel, c: CompiledResource): string[] {
  const fields = kernel.defs.tables.get(c.r.table) ?? {}
  return c.hasSearch ? searchKeys(fields).filter((key) => !c.byKey.has(key)).map((key) => columnOf(key, fields[key]!)) : [] // prettier-ignore
}
/** The whole row as far as the search text reads it; `others` holds the columns of other views. */
export function searchRecord(
  kernel: Kernel,
  c: CompiledResource,
  record: Readonly<Record<string, unknown>>,
  others: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields = kernel.defs.tables.get(c.r.table) ?? {}
  return { ...Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, others[columnOf(key, field)]])), ...record }
}

export interface RecordChange {
  id: string
  version: number
  before: Readonly<Record<string, unknown>>
  after: Readonly<Record<string, unknown>>
  keys: readonly string[]
  /** What the search text is made of: the whole row of the table. */
  searchRow: Readonly<Record<string, unknown>>
}
/** Changes many records, each only in its changed fields and only when nobody wrote it meanwhile; one statement for all that change the same fields, with a history row each. Answers what was written. */
export async function updateMany(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  changes: readonly RecordChange[],
  act: string,
): Promise<{ id: string; version: number }[]> {
  await refuseClosed(ctx, c, changes.flatMap(({ before, after }) => [before, after])) // prettier-ignore
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
  // Asked for only where something is sealed: whoever changes plain fields needs no keys.
  const seals = await sealsOf(kernel.subjectKeys, ctx.db, c, group.map(({ id }) => id), fields.some((f) => f.secret)) // prettier-ignore
  const values: unknown[] = [ctx.clock.now().toISOString(), personOf(ctx.actor), ctx.onBehalfOf ?? null, ctx.origin, act]
  const arrays: string[] = []
  const array = (list: readonly unknown[], cast: string) => `u.a${arrays.push(`$${values.push(list)}::${cast}[]`)}`
  const id = array(group.map((change) => change.id), 'uuid') // prettier-ignore
  const version = array(group.map((change) => change.version), 'int') // prettier-ignore
  const changes = array(group.map((change) => JSON.stringify(changesOf(seals, fields, change))), 'text') // prettier-ignore
  const sets = fields.flatMap((f) => {
    const both = group.map((change) => columnValues(seals.get(change.id)!, f, change.after[f.key]))
    return f.stored.map(({ name, type }, i) => `${quote(name)} = ${array(both.map((v) => textForm(v[i])), 'text')}::${type}`) // prettier-ignore
  })
  if (c.hasSearch) sets.push(`search_text = ${array(group.map((change) => searchValue(kernel.defs, c, change.searchRow)), 'text')}`) // prettier-ignore
  await storeMade(kernel.subjectKeys, ctx.db, seals.values())
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
function changesOf(seals: ReadonlyMap<string, RecordSeals>, fields: readonly StoredField[], { id, before, after }: RecordChange): Changes {
  const shown = (f: StoredField, value: unknown) => toHistory(seals.get(id)!, f, value)
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
  await refuseClosedIds(ctx, c, records.map(({ id }) => id)) // prettier-ignore
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
