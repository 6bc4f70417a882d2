import type { Kernel } from '#kernel/server/kernel.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'

type File = Readonly<Record<string, unknown>>
interface Worked {
  /** What the log calls it, and why it is done. */
  act: string
  reason: string
  /** Field → column: what it is worked out of, and what is worked out. */
  columns: Readonly<Record<string, string>>
  /** Whose files, of those in force. */
  where: string
  /** The fields as they should stand. */
  of(file: File): Record<string, unknown>
}
/** Files that say otherwise than their facts do: because a day has passed, because they were entered under the person's own name, or by an import. Answers how many. */
export async function settleFiles(kernel: Kernel, { act, reason, columns, where, of }: Worked): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason }, 'job')
  const read = Object.entries(columns).map(([field, column]) => `${column} AS "${field}"`)
  const rows = await kernel.db.once<{ id: string; version: number } & Record<string, unknown>>(
    `SELECT id, version, ${read.join(', ')} FROM directory.person WHERE deleted_at IS NULL AND state = 'approved' AND ${where}`,
  )
  let count = 0
  for (const row of rows) {
    const fields = of(row)
    if (Object.entries(fields).every(([key, value]) => (row[key] ?? null) === value)) continue
    await updateRecordOf(kernel, ctx, 'staff.practitioner', row.id, row.version, fields, { byModule: true, system: true, act })
    count++
  }
  return count
}
