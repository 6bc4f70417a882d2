import type { ApiRecord } from '#model'
import type { Kernel } from '../kernel.ts'
import type { Context } from '../context.ts'
import { Together } from '../database/together.ts'
import type { Opener } from '../protection/subject-keys.ts'
import { decode } from '../store/columns.ts'
import { readable, type CompiledResource, type StoredRows } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { buffersIn, readRows } from '../store/opening.ts'
import { inRow } from '../store/sealing.ts'

/** The stored record whatever its rights: for the pipeline and services. Sub-tables included. `lock` holds the row until the transaction ends. */
export async function loadRecord(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  c: CompiledResource,
  id: string,
  options: { lock?: boolean; deleted?: boolean } = {},
): Promise<ApiRecord | null> {
  const [row] = await ctx.db.query(
    `SELECT ${c.select} FROM ${c.table} t WHERE t.id = $1::uuid${options.deleted ? '' : ' AND t.deleted_at IS NULL'}${options.lock ? ' FOR UPDATE' : ''}`,
    [id],
  )
  if (!row) return null
  const [record] = (await readRows(kernel, ctx.db, c, [row])) as [ApiRecord]
  await loadRows(kernel, ctx, c, [record])
  return record
}
/** Gives stored records their sub-tables. */
export async function loadRows(kernel: Kernel, ctx: Pick<Context, 'db'>, c: CompiledResource, records: readonly ApiRecord[]): Promise<void> {
  for (const rows of c.rows) {
    const list = await ctx.db.query(
      `SELECT parent, id, ${rows.fields.map((f) => quote(f.column)).join(', ')} FROM ${rows.table} WHERE parent = ANY ($1::uuid[]) ORDER BY parent, position, id`,
      [records.map((record) => record.id)],
    )
    const opener = await kernel.subjectKeys.opener(ctx.db, buffersIn(list.flatMap((r) => rows.secrets.map((f) => r[f.column]))))
    const byParent = Map.groupBy(list, (r) => r['parent'] as string)
    for (const record of records) record[rows.key] = (byParent.get(record.id) ?? []).map((r) => rowOf(opener, record, rows, r))
  }
}
function rowOf(opener: Opener, record: ApiRecord, rows: StoredRows, stored: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const id = stored['id'] as string
  const row: Record<string, unknown> = { id }
  for (const f of rows.fields) {
    const value = stored[f.column] ?? null
    if (value !== null && f.secret) {
      const place = { resource: rows.place, record: inRow(record.id, id), field: f.id }
      row[f.key] = readable(
        record,
        `${rows.key}.${id}.${f.key}`,
        decode(opener, () => place, f.field, value),
      )
    } else row[f.key] = value !== null && f.toJson ? f.toJson(value) : value
  }
  return row
}

const loaders = new WeakMap<CompiledResource, Together<string, ApiRecord | null>>()
/** `loadRecord` outside any transaction: what is asked at the same time is read together. */
export function loadTogether(kernel: Kernel, c: CompiledResource, id: string): Promise<ApiRecord | null> {
  let loader = loaders.get(c)
  if (!loader) loaders.set(c, (loader = new Together((ids) => loadMany(kernel, c, ids), { atOnce: 2, most: 50 })))
  return loader.ask(id)
}
async function loadMany(kernel: Kernel, c: CompiledResource, ids: readonly string[]): Promise<(ApiRecord | null)[]> {
  const rows = await kernel.db.query(`SELECT ${c.select} FROM ${c.table} t WHERE t.id = ANY ($1::uuid[]) AND t.deleted_at IS NULL`, [ids])
  const records = await readRows(kernel, kernel.db, c, rows)
  await loadRows(kernel, kernel, c, records)
  const byId = new Map(records.map((record) => [record.id, record]))
  return ids.map((id) => byId.get(id) ?? null)
}
