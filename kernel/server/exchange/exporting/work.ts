import { exportDays } from '#model'
import type { FileStore } from '../../files/files.ts'
import { repeatEvery } from '../../jobs/outbox.ts'
import type { Kernel } from '../../kernel.ts'
import { service, type Service } from '../../service.ts'
import { mostAtWork, takeJob } from './jobs.ts'
import { placeOfExport, runExport } from './run.ts'

const dayMs = 86_400_000
/** Days for which the list tells of an export whose file is gone. */
const listedDays = 30
const mostMs = 30 * 60_000

/** Works exports as they come, two at once. Stopping gives back what is at work, so that another process begins it anew. */
export function startExports(
  kernel: Kernel,
  files: FileStore,
  onError: (error: unknown) => void,
  options: { mostMs?: number; everyMs?: number } = {},
): () => Promise<void> {
  const stopping = new AbortController()
  const atWork = new Set<Promise<void>>()
  const stop = repeatEvery(
    options.everyMs ?? 500,
    async () => {
      while (!stopping.signal.aborted && atWork.size < mostAtWork) {
        const job = await takeJob(kernel)
        if (!job) return
        const work = runExport(kernel, files, job, { mostMs: options.mostMs ?? mostMs, signal: stopping.signal }).catch(onError)
        atWork.add(work)
        void work.then(() => atWork.delete(work))
      }
    },
    onError,
  )
  return async () => {
    stopping.abort()
    await stop()
    await Promise.all(atWork)
  }
}

/** Files of exports go after a week; a month after, the list forgets them. */
export const exportService = (files: FileStore): Service =>
  service({
    name: 'exports',
    daily: {
      cleaning: (kernel) => clearExports(kernel, files),
    },
  })
/** Takes away the files whose time is over, also those that a killed try left behind. */
export async function clearExports(kernel: Kernel, files: FileStore): Promise<void> {
  const before = (days: number) => new Date(kernel.clock.now().getTime() - days * dayMs).toISOString()
  const old = await kernel.db.query<{ id: string; tries: number }>(
    `SELECT id, tries FROM kernel.export_job WHERE state = 'done' AND done_at < $1::timestamptz OR state IN ('failed', 'cancelled') AND done_at < $2::timestamptz`,
    [before(exportDays), before(listedDays)],
  )
  for (const { id, tries: last } of old) {
    for (let tries = 1; tries <= last; tries++) await files.store.remove(placeOfExport({ id, tries }))
    await kernel.db.query(`UPDATE kernel.export_job SET state = 'gone', bytes = NULL WHERE id = $1::uuid`, [id])
  }
  await kernel.db.query(`DELETE FROM kernel.export_job WHERE state = 'gone' AND done_at < $1::timestamptz`, [before(listedDays)])
}
