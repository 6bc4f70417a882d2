import { computeFormulas, isProtected, type ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRows } from '../records/load.ts'
import { columnValues, searchValue, type CompiledResource, type StoredField } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { readRows } from '../store/opening.ts'
import { sealsOf } from '../store/sealing.ts'

/** Formulas of these records, worked out anew by the same evaluator as on every write. The system's own columns: no version, no history. */
export async function recompute(kernel: Kernel, ctx: Context, resource: string, keys: readonly string[], ids: readonly string[]): Promise<void> {
  const c = kernel.resource(resource)
  const fields = c.fields.filter((f) => keys.includes(f.key))
  const moved = new Map<StoredField, { id: string; value: unknown }[]>()
  for (const record of await recordsOf(kernel, ctx, c, ids)) {
    const values = { ...record }
    computeFormulas(c.r.fields, values)
    for (const f of fields)
      if ((values[f.key] ?? null) !== (record[f.key] ?? null)) moved.set(f, [...(moved.get(f) ?? []), { id: record.id, value: values[f.key] }])
  }
  for (const [f, rows] of moved) await write(kernel, ctx, c, f, rows)
}
async function write(kernel: Kernel, ctx: Context, c: CompiledResource, f: StoredField, rows: readonly { id: string; value: unknown }[]): Promise<void> {
  const ids = rows.map(({ id }) => id)
  const seals = await sealsOf(kernel.subjectKeys, ctx.db, c, ids, isProtected(f.field))
  for (const { id } of f.secret ? rows : []) await seals.get(id)!.store(ctx.db)
  const values = rows.map(({ id, value }) => columnValues(seals.get(id)!, f, value)[0])
  await ctx.db.query(
    `UPDATE ${c.table} t SET ${quote(f.column)} = u.value FROM unnest($1::uuid[], $2::${f.type}[]) AS u(id, value) WHERE t.id = u.id`,
    [ids, values],
  )
}
/** What these records are searched by. */
export async function recomputeSearch(kernel: Kernel, ctx: Context, resource: string, ids: readonly string[]): Promise<void> {
  // Seen as whatever extends the table: every searched field of a row stands in one of its types.
  const records = new Map<string, ApiRecord>()
  for (const r of kernel.defs.resources.values())
    if (r.table === resource)
      for (const record of await recordsOf(kernel, ctx, kernel.resource(r.name), ids)) records.set(record.id, { ...records.get(record.id), ...record })
  const c = kernel.resource(resource)
  const texts = ids.map((id) => (records.has(id) ? searchValue(kernel.defs, c, records.get(id)!) : null))
  await ctx.db.query(
    `UPDATE ${c.table} t SET search_text = u.text FROM unnest($1::uuid[], $2::text[]) AS u(id, text) WHERE t.id = u.id AND t.search_text IS DISTINCT FROM u.text`,
    [ids, texts],
  )
}
async function recordsOf(kernel: Kernel, ctx: Context, c: CompiledResource, ids: readonly string[]): Promise<ApiRecord[]> {
  const rows = await ctx.db.query(`SELECT ${c.select} FROM ${c.table} t WHERE t.id = ANY($1::uuid[])`, [ids])
  const records = await readRows(kernel, ctx.db, c, rows)
  await loadRows(kernel, ctx, c, records)
  return records
}
