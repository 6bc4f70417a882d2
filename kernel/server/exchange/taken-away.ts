import type { Readable } from 'node:stream'
import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { writeTable, type TableFile } from './table-writer.ts'

/**
 * Writes a table for somebody who takes it away. That he does stands in the log before its first byte leaves: where the log takes nothing, nothing leaves. A second
 * entry says how it ended, with what `detail` tells then.
 */
export async function writeTakenAway(
  ctx: Context,
  { act = 'export', resource = null, detail }: { act?: 'export' | 'audit.file'; resource?: string | null; detail: () => Record<string, unknown> },
  file: TableFile,
): Promise<Readable> {
  const mark = file.mark.number
  await audit(ctx, { act: 'export.begin', outcome: 'done', resource, detail: { mark, format: file.format, title: file.mark.title } })
  const onEnd = (error: Error | null): void =>
    // Lost only with the log itself; that it left stands there already.
    void audit(ctx, { act, outcome: error ? 'failed' : 'done', resource, detail: { ...detail(), mark } }).catch(() => undefined)
  return writeTable({ ...file, onEnd })
} // prettier-ignore
