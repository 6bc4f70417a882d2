import { PassThrough, type Readable } from 'node:stream'
import type { ExportMark } from '../marks/export-mark.ts'
import { writeLongXlsx } from './writing/long-xlsx.ts'
import { writePdf } from './writing/pdf.ts'
import { send } from './writing/send.ts'
import { writeXlsx } from './writing/xlsx.ts'

export type Cell = string | number | boolean | null
export type TableFormat = 'xlsx' | 'csv' | 'pdf'
export type Line = readonly Cell[]
export interface Sheet {
  title: string
  blocks: AsyncIterable<readonly Line[]>
  widths?: readonly number[]
}
export interface TableFile {
  /** Lines by the hundred: handed on one by one, a million of them would cost more than what is in them. The first of all is the heading. */
  blocks: AsyncIterable<readonly Line[]>
  format: TableFormat
  /** Who took it, when and under which number: head, foot and properties of a workbook, the watermark of a PDF. */
  mark: ExportMark
  widths?: readonly number[]
  /** Further sheets of a workbook that is not long, each with its heading. */
  sheets?: readonly Sheet[]
  /** So many lines that a thread of its own is worth its while. */
  isLong?: boolean
  /** A cut-off or a fault while it is being written. */
  onEnd?: (error: Error | null) => void
}
export const tableTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
} as const

const writers = {
  xlsx: (out: PassThrough, file: TableFile) => (file.isLong ? writeLongXlsx : writeXlsx)(out, file),
  csv: writeCsv,
  pdf: writePdf,
} as const
/** Writes lines as a file while they come; a PDF when all are there. */
export function writeTable(file: TableFile): Readable {
  const out = new PassThrough()
  writers[file.format](out, file).then(
    () => file.onEnd?.(null),
    (error: Error) => {
      file.onEnd?.(error)
      out.destroy(error)
    },
  )
  return out
}

/** Lines that come one by one, as few do. */
export async function* blocksOf(lines: AsyncIterable<Line> | Iterable<Line>): AsyncGenerator<readonly Line[]> {
  let block: Line[] = []
  for await (const line of lines) {
    if (block.push(line) < 100) continue
    yield block
    block = []
  }
  yield block
}

/** What a spreadsheet would compute instead of show gets an apostrophe in front. Numbers of ours are numbers and stay. */
const isNumber = /^-?\d+(\.\d+)?$/
export const guarded = (cell: Cell): string =>
  typeof cell === 'string' ? (/^[=+\-@\t\r]/.test(cell) && !isNumber.test(cell) ? `'${cell}` : cell) : cell === null ? '' : String(cell)
const csvCell = (cell: Cell): string => {
  const text = guarded(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeCsv(out: PassThrough, { blocks }: TableFile): Promise<void> {
  // The mark makes spreadsheets read it as UTF-8.
  let text = '\uFEFF'
  for await (const block of blocks) {
    for (const line of block) text += `${line.map(csvCell).join(',')}\r\n`
    if (text.length < 65_536) continue
    await send(out, text)
    text = ''
  }
  await send(out, text)
  out.end()
}
