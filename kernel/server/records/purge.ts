import { invalid, Refusal } from '#model'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { refuseClosedIds } from '../store/closing.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { pointingAt, refusePointed } from './pointing.ts'
import { refuseRestricted } from './restriction.ts'
import { eraseValues } from '../protection/erase.ts'
import { refuseKept } from './keeping.ts'
import { loadRecord } from './load.ts'
import { reaches } from './rights-over.ts'
import { noteChange } from './write.ts'

/**
 * Takes a record out of the recycle bin for good; its title stays, for where it was named. Refused, with the list, while a record points at it whose
 * reference would lead nowhere; records that were deleted along with it go along.
 */
export async function purgeRecord(kernel: Kernel, ctx: Context, name: string, id: string, reason: string): Promise<void> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'purge', name)
  if (!reason.trim()) throw invalid([{ field: 'reason', message: '请填写彻底删除的理由' }])
  if (reason.includes('\u0000') || !reason.isWellFormed()) throw invalid([{ field: 'reason', message: '含有无法保存的字符' }])
  await kernel.transaction(ctx, async (tx) => {
    const stored = await loadRecord(kernel, tx, c, id, { lock: true, deleted: true })
    if (!stored || !(await reaches(kernel, tx, c, permission.filter, stored))) throw new Refusal('notFound')
    if (!stored.deletedAt) throw new Refusal('flowRefused', '只有回收站里的记录可以彻底删除，请先删除')
    const along = await tx.db.query<{ record: string; resource: string }>(
      `SELECT record, resource FROM kernel.deleted_with WHERE root = $1::uuid ORDER BY position DESC`,
      [id],
    )
    for (const one of along) await destroy(kernel, tx, kernel.resource(one.resource), one.record, reason)
    await destroy(kernel, tx, c, id, reason)
  })
}

async function destroy(kernel: Kernel, tx: Context, c: CompiledResource, id: string, reason: string): Promise<void> {
  await refuseClosedIds(tx, c, [id])
  await refuseRestricted(tx, id)
  const stored = await loadRecord(kernel, tx, c, id, { deleted: true })
  if (stored) await refuseKept(tx, c, stored)
  const [approval] = await tx.db.query(`SELECT 1 FROM kernel.flow_instance WHERE record = $1::uuid LIMIT 1`, [id])
  if (approval) throw new Refusal('referenced', `“${c.r.label}”的这条记录有审批档案，须予保留，不能彻底删除`)
  refusePointed(await pointingAt(kernel, tx, c.r.table, id, ({ isMany }) => !isMany, { deleted: true }), '彻底删除')
  await removeRow(kernel, tx, c, id, reason, await titleOf(tx, c, id))
  await eraseValues(kernel, tx, c, id, { isGone: true })
}
/** Takes the row away and leaves a stone with its title, a line of history and an entry of the audit. Its keys are the caller's matter. */
export async function removeRow(
  kernel: Kernel,
  tx: Context,
  c: CompiledResource,
  id: string,
  reason: string,
  title: string,
): Promise<void> {
  const at = tx.clock.now().toISOString()
  const [gone] = await tx.db.query<{ version: number }>(`DELETE FROM ${c.table} WHERE id = $1::uuid RETURNING version`, [id])
  if (!gone) throw new Refusal('notFound')
  await tx.db.query(`DELETE FROM kernel.deleted_with WHERE record = $1::uuid`, [id])
  await tx.db.query(`INSERT INTO kernel.tombstone (id, resource, title, at, actor, reason) VALUES ($1, $2, $3, $4, $5, $6)`, [id, c.r.table, title, at, personOf(tx.actor), reason.trim()]) // prettier-ignore
  await tx.db.query(
    `INSERT INTO kernel.history (at, resource, record, version, actor, on_behalf_of, origin, act, changes) VALUES ($1, $2, $3, $4, $5, NULL, $6, 'purge', '{}')`,
    [at, c.r.table, id, gone.version + 1, personOf(tx.actor), tx.origin],
  )
  await tx.db.query(`INSERT INTO kernel.outbox (at, topic, resource, record, payload) VALUES ($1, 'record.purged', $2, $3, '{}')`, [at, c.r.table, id]) // prettier-ignore
  await audit(tx, { act: 'purge', outcome: 'done', resource: c.r.name, record: id, detail: { reason: reason.trim() } })
  noteChange(kernel, tx, c)
}
/** How the record is called; a protected title leaves none. */
async function titleOf(tx: Context, c: CompiledResource, id: string): Promise<string> {
  const title = c.byKey.get(c.r.title)
  if (!title || title.secret) return ''
  const [row] = await tx.db.query<{ title: string | null }>(`SELECT t."${title.column}"::text AS title FROM ${c.table} t WHERE id = $1::uuid`, [id]) // prettier-ignore
  return row?.title ?? ''
}
