import type { Readable } from 'node:stream'
import { formatInstant } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { markOf } from '../marks/export-mark.ts'
import { exportMark } from './pass.ts'
import { blocksOf, tableTypes, type Cell } from './table-writer.ts'
import { writeTakenAway } from './taken-away.ts'

export type TableFormat = 'xlsx' | 'csv'
interface Taken {
  title: string
  /** The type whose records it tells of; its caller has asked whether the actor may take them. */
  resource: string
  /** Its first line names the columns. */
  table: readonly Cell[][]
  /** How much is in it, in words: 12 组. */
  extent: string
  format: TableFormat
  /** What the log says of it. */
  detail: Readonly<Record<string, unknown>>
}
export interface TakenTable {
  stream: Readable
  fileName: string
  type: string
}

/** A table of figures as a marked file that is taken away; audited. */
export async function takeTable(kernel: Kernel, ctx: Context, { title, resource, table, extent, format, detail }: Taken): Promise<TakenTable> {
  const mark = markOf(kernel, ctx, title)
  const end = [`${exportMark}${mark.by}于 ${formatInstant(mark.at)} 从杏林导出“${title}”${extent}，编号 ${mark.number}，仅供工作使用`]
  const widths = table[0]!.map((head) => Math.min(40, Math.max(10, String(head).length * 2 + 4)))
  const stream = await writeTakenAway(ctx, { resource, detail: () => ({ ...detail, format }) }, { blocks: blocksOf([...table, end]), format, mark, widths })
  return { stream, fileName: `${title}-${formatInstant(mark.at).slice(0, 10)}.${format}`, type: tableTypes[format] }
} // prettier-ignore
