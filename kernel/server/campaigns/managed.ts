import { Refusal, type ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { reaches } from '../records/rights-over.ts'
import { updateRecordOf } from '../records/write.ts'
import { readRows } from '../store/opening.ts'
import { updateMany } from '../store/bulk-update.ts'
import { noteBatch } from '../store/bulk.ts'

export const campaign = 'campaigns.campaign'
export const line = 'campaigns.line'
export const linePath = (id: string): string => `/campaigns/${id}`
export const todoKey = (id: string): string => `campaign:${id}`

/** The campaign, for who may change it by a role of his own. @throws {Refusal} 404 for others. */
export async function needManaged(kernel: Kernel, ctx: Context, id: string, lock = false): Promise<ApiRecord> {
  const stored = await loadRecord(kernel, ctx, kernel.resource(campaign), id, { lock })
  if (!stored || !(await mayDo(kernel, ctx, 'update', stored))) throw new Refusal('notFound', '没有这个填报任务')
  return stored
}
/** The same, for who may read it: his office began it, or he looks after all. */
export async function needSeen(kernel: Kernel, ctx: Context, id: string): Promise<{ stored: ApiRecord; mayManage: boolean }> {
  const stored = await loadRecord(kernel, ctx, kernel.resource(campaign), id)
  if (!stored || !(await mayDo(kernel, ctx, 'read', stored))) throw new Refusal('notFound', '没有这个填报任务')
  return { stored, mayManage: await mayDo(kernel, ctx, 'update', stored) }
}
async function mayDo(kernel: Kernel, ctx: Context, action: 'read' | 'update', stored: ApiRecord): Promise<boolean> {
  const permission = kernel.access.can(ctx.actor, action, campaign)
  return permission !== null && reaches(kernel, ctx, kernel.resource(campaign), permission.filter, stored)
}
/** The same, where it is going on. */
export async function needRunning(kernel: Kernel, ctx: Context, id: string): Promise<ApiRecord> {
  const stored = await needManaged(kernel, ctx, id, true)
  if (stored['status'] !== 'running')
    throw new Refusal('flowRefused', stored['status'] === 'draft' ? '填报任务还没有开始' : '填报任务已截止')
  return stored
}
export const writeCampaign = (kernel: Kernel, tx: Context, stored: ApiRecord, changes: object, act: string) =>
  updateRecordOf(kernel, tx, campaign, stored.id, stored.version, { ...changes }, { byModule: true, system: true, act })
export const writeLine = (kernel: Kernel, tx: Context, stored: ApiRecord, changes: object, act: string) =>
  updateRecordOf(kernel, tx, line, stored.id, stored.version, { ...changes }, { byModule: true, system: true, act })

/** Lines of a campaign, held until the transaction ends, in one order for everybody. */
export async function lockLines(kernel: Kernel, tx: Context, id: string, statuses: readonly string[], chosen: readonly string[] | null = null): Promise<ApiRecord[]> {
  const c = kernel.resource(line)
  const rows = await tx.db.query(
    `SELECT ${c.select} FROM ${c.table} t WHERE t.campaign = $1::uuid AND t.status = ANY ($2::text[]) AND ($3::uuid[] IS NULL OR t.id = ANY ($3)) AND t.deleted_at IS NULL ORDER BY t.id FOR UPDATE`,
    [id, statuses, chosen],
  )
  return readRows(kernel, tx.db, c, rows)
} // prettier-ignore
/** Changes many lines at once. */
export async function writeLines(kernel: Kernel, tx: Context, lines: readonly ApiRecord[], changes: (one: ApiRecord) => object, act: string, batch: string): Promise<void> {
  if (lines.length === 0) return
  const c = kernel.resource(line)
  const all = lines.map((before) => {
    const changed = changes(before)
    const after = { ...before, ...changed }
    return { id: before.id, version: before.version, before, after, keys: Object.keys(changed), searchRow: after }
  })
  await updateMany(kernel, tx, c, all, act)
  await noteBatch(tx, c, { act, batch }, lines.length)
} // prettier-ignore
