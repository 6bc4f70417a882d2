import type { Context } from '../context.ts'

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
