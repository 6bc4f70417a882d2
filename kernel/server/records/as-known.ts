import type { ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { Unreadable } from '../protection/subject-keys.ts'
import { fromHistory, openerOfHistory, rowsFromHistory } from '../store/history-values.ts'
import { quote } from '../store/naming.ts'
import { readRows } from '../store/opening.ts'
import type { Changes } from '../store/write.ts'

/** Where to look: records by id, or all that point at something through one field. */
export type Looked = { ids: readonly string[] } | { field: string; is: string }

/**
 * The records as they were known at a moment: today's rows with every later change undone, newest first (history holds both sides of
 * each). What was made later is not there, what was deleted later is. Sub-tables are given as they were where a change touched them.
 */
export async function recordsAsKnown(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  resource: string,
  looked: Looked,
  knownAt: Date,
): Promise<ApiRecord[]> {
  const c = kernel.resource(resource)
  const column = 'ids' in looked ? 'id' : quote(c.byKey.get(looked.field)?.column ?? '')
  const rows = await ctx.db.query(`SELECT ${c.select} FROM ${c.table} t WHERE t.${column} = ANY ($1::uuid[])`, [
    'ids' in looked ? looked.ids : [looked.is],
  ])
  const records = new Map((await readRows(kernel, ctx.db, c, rows)).map((record) => [record.id, record]))
  const later = await ctx.db.query<{ record: string; version: number; act: string; changes: Changes }>(
    `SELECT record, version, act, changes FROM kernel.history WHERE resource = $1 AND record = ANY ($2::uuid[]) AND at > $3 ORDER BY record, version DESC, seq DESC`,
    [c.r.table, [...records.keys()], knownAt.toISOString()],
  )
  const opener = await openerOfHistory(kernel, ctx.db, c, later.map(({ changes }) => changes)) // prettier-ignore
  const keys = new Map([...c.fields, ...c.rows].map((f) => [f.id, f]))
  for (const { record: id, version, act, changes } of later) {
    const record = records.get(id)
    if (!record) continue
    if (version === 1) {
      records.delete(id)
      continue
    }
    for (const [field, [before]] of Object.entries(changes)) {
      const f = keys.get(field)
      if (!f) continue
      const value = 'table' in f ? rowsFromHistory(opener, id, f, before) : fromHistory(opener, c, id, f, before)
      record[f.key] = value instanceof Unreadable ? null : value
    }
    // The bin is no field: its acts stand in history with no change of one.
    if (act === 'delete') record.deletedAt = null
    else if (act === 'restore') record.deletedAt = knownAt.toISOString()
    record.version = version - 1
  }
  for (const [id, record] of records) {
    if (record.createdAt > knownAt.toISOString()) records.delete(id)
    else if (record.deletedAt && record.deletedAt > knownAt.toISOString()) record.deletedAt = null
  }
  return [...records.values()].filter((r) => !r.deletedAt)
}
