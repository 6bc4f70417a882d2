import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { prepareLongWork } from '../store/batch-work.ts'
import { noteBatch } from '../store/bulk.ts'
import { updateBatch, type BatchRow } from './batches.ts'
import { pass } from './pass.ts'
import type { ImportProfile } from './profile.ts'
import type { FileTable } from './read/row.ts'
import { sendForApproval, withdrawSent } from './sending.ts'
import { oneAtATime } from './serial.ts'
import type { ImportSession } from './session.ts'
import { undoBatch } from './undo.ts'
import { progressOf, type OnProgress } from './work.ts'

interface Running {
  batch: BatchRow
  table: FileTable
  sessionIn: (ctx: Context) => ImportSession
  onProgress: OnProgress | undefined
}
/** The real one: everything in one transaction and at one moment; in force at once, or sent for approval as one request. */
export async function writeBatch(kernel: Kernel, ctx: Context, { batch, table, sessionIn, onProgress }: Running): Promise<void> {
  const { id } = batch
  const at = kernel.clock.now()
  const directory = await kernel.directory()
  await kernel.transaction({ ...ctx, directory, origin: 'import', clock: { now: () => at } }, async (inner) => {
    await prepareLongWork(inner, batch.resource)
    const session = sessionIn({ ...inner, db: oneAtATime(inner.db) })
    const builder = await pass(session, table, { write: true, onProgress: progressOf(kernel, id, '导入', onProgress) })
    // Said before the batch's row is written: from then on this transaction holds it.
    await progressOf(kernel, id, '写入', onProgress)(table.bytes, table.bytes)
    if (session.way) await sendForApproval(session, builder.counts)
    else {
      await session.profile.afterWrite?.(kernel, inner)
      await noteBatch(inner, session.c, { act: 'import', batch: id }, builder.counts.created + builder.counts.changed)
    }
    const report = withAnswers(await builder.finish(batch.report), batch)
    await updateBatch(kernel, inner.db, id, { report, counts: builder.counts, state: 'done', doneAt: at.toISOString(), progress: null })
    if (!session.way && session.c.r.table.startsWith('directory.')) inner.afterCommit.push(() => kernel.directoryChanged())
  })
}
/** Questions already answered stay listed, so that an answer can be changed. */
export function withAnswers(report: BatchRow['report'], batch: BatchRow): BatchRow['report'] {
  const asked = new Set(report.doubts.map((doubt) => doubt.key))
  return {
    ...report,
    doubts: [...report.doubts, ...batch.report.doubts.filter((doubt) => doubt.key in batch.choices && !asked.has(doubt.key))],
  }
}

interface TakingBack {
  batch: BatchRow
  undoId: string
  profile: ImportProfile
  onProgress: OnProgress | undefined
}
/** The undo's own work, in one transaction: what waits for an approval is withdrawn before its rows go. */
export async function takeBack(kernel: Kernel, ctx: Context, { batch, undoId, profile, onProgress }: TakingBack): Promise<void> {
  const at = kernel.clock.now()
  await kernel.transaction({ ...ctx, origin: 'import', clock: { now: () => at } }, async (inner) => {
    await withdrawSent(kernel, inner, batch)
    const { counts, report } = await undoBatch(kernel, inner, batch, undoId)
    await profile.afterWrite?.(kernel, inner)
    await progressOf(kernel, undoId, '撤销', onProgress)(1, 1)
    await updateBatch(kernel, inner.db, undoId, { report, counts, state: 'done', doneAt: at.toISOString(), progress: null })
    if (kernel.resource(batch.resource).r.table.startsWith('directory.')) inner.afterCommit.push(() => kernel.directoryChanged())
  })
}
