import { exportDays } from '#model'
import type { FileStore } from '../../files/files.ts'
import type { Kernel } from '../../kernel.ts'
import { service, type Service } from '../../service.ts'
import { exportJobs, openedJob } from './jobs.ts'
import { placeOfExport, runExport } from './run.ts'

const dayMs = 86_400_000
/** Days for which the list tells of an export whose file is gone. */
const listedDays = 30
const mostMs = 30 * 60_000

/** Works exports as they come, two at once. */
export const startExports = (
  kernel: Kernel,
  files: FileStore,
  onError: (error: unknown) => void,
  options: { mostMs?: number; everyMs?: number } = {},
): (() => Promise<void>) =>
  exportJobs.start(
    kernel,
    (row, signal) => runExport(kernel, files, openedJob(kernel, row), { mostMs: options.mostMs ?? mostMs, signal }),
    {
      everyMs: options.everyMs ?? 500,
      onError,
    },
  )

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
