import { audit } from '../audit/audit.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { service, type Service } from '../service.ts'
import type { FileStore } from './files.ts'

/** Scans what was taken while the scanner was away, oldest first, until it is away again. Answers how many were scanned. */
export async function scanWaiting(kernel: Kernel, files: FileStore): Promise<number> {
  if (!files.scanning) return 0
  const ctx = await kernel.context({ kind: 'system', reason: '病毒检查' }, 'system')
  const waiting = await ctx.db.query<{ id: string; hash: string; name: string; created_by: string | null }>(
    `SELECT id, hash, name, created_by FROM kernel.file WHERE unscanned_since IS NOT NULL ORDER BY unscanned_since, id LIMIT 100`,
  )
  let scanned = 0
  for (const file of waiting) {
    let virus: string | null
    try {
      virus = await files.scanning.scanner.scan(await files.local(file))
    } catch {
      return scanned
    }
    await kernel.transaction(ctx, async (tx) => {
      const done = await tx.db.query(`UPDATE kernel.file SET unscanned_since = NULL, virus = $2 WHERE id = $1::uuid AND unscanned_since IS NOT NULL RETURNING id`, [file.id, virus]) // prettier-ignore
      if (done.length === 0 || virus === null) return
      await audit(tx, { act: 'file.virus', outcome: 'refused', detail: { file: file.id, name: file.name, virus } })
      if (file.created_by) await tell(tx, [file.created_by], { kind: 'other', title: `您上传的“${file.name}”含有病毒，已隔离`, body: `检出 ${virus}。请在本机查杀后重新上传。`, link: '/messages' }) // prettier-ignore
    })
    scanned++
  }
  return scanned
}

/** Looks every minute for files that wait to be scanned. */
export const scanService = (files: FileStore): Service =>
  service({
    name: 'files.scanning',
    start: (kernel) =>
      Promise.resolve(files.scanning ? repeatEvery(60_000, async () => void (await scanWaiting(kernel, files)), () => undefined) : undefined), // prettier-ignore
  })
