import { v7 as uuidv7 } from 'uuid'
import { Refusal, type ImportCounts } from '#model'
import { personOf, type Context } from '../context.ts'
import { act } from '../flow/act.ts'
import { loadInstance } from '../flow/instances.ts'
import { submitImport } from '../flow/submit-import.ts'
import type { Kernel } from '../kernel.ts'
import { updateBatch, type BatchRow } from './batches.ts'
import type { ImportSession } from './session.ts'

/** Begins the approval over a batch whose rows are written but not in force; nothing to ask for begins none. In the run's transaction. */
export async function sendForApproval(session: ImportSession, counts: ImportCounts): Promise<void> {
  const { kernel, ctx, c, way, batch, settings } = session
  if (!way?.first) return
  // How many it is about is what the approval is called by.
  await updateBatch(kernel, ctx.db, batch.id, { counts })
  const { values, flow } = way.first
  const { instance } = await submitImport(kernel, ctx, c, { batch: batch.id, number: batch.number, flow, first: values, reason: settings.basis.trim() })
  await updateBatch(kernel, ctx.db, batch.id, { approval: instance })
} // prettier-ignore

/** A batch that still waits for its approval is taken back by withdrawing that: only who asked may. In the undo's transaction. */
export async function withdrawSent(kernel: Kernel, ctx: Context, batch: BatchRow): Promise<void> {
  if (!batch.approval || !isWaiting(batch.approval)) return
  const { state } = await loadInstance(kernel, ctx.db, batch.approval.instance)
  if (personOf(ctx.actor) !== state.applicant)
    throw new Refusal('flowRefused', `这批导入正在审批，只有申请人${ctx.directory.nameOf(state.applicant)}可以撤销（撤回申请）`)
  await act(kernel, ctx, batch.approval.instance, { kind: 'withdraw', actId: uuidv7(), seenVersion: 1, opinion: '撤销导入' })
}
const isWaiting = ({ status }: { status: string }): boolean => status === 'running' || status === 'returned'

/** An undo that withdrew a request is not taken back: it would put into force what nobody has approved. */
export function needApproved(undone: BatchRow): void {
  if (undone.approval && undone.approval.status !== 'approved')
    throw new Refusal('flowRefused', '这批导入没有获得批准，不能恢复；请重新导入并送审')
}
