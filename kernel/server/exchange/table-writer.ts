import excel from '@protobi/exceljs'
import { PassThrough, type Readable } from 'node:stream'

export type Cell = string | number | boolean | null
export interface TableFile {
  lines: AsyncIterable<readonly Cell[]>
  format: 'xlsx' | 'csv'
  /** Who made it and when: a property of the workbook and its footer. */
  mark: { title: string; by: string; at: Date }
  widths?: readonly number[]
  /** A cut-off or a fault while it is being written. */
  onEnd?: (error: Error | null) => void
}
export const tableTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const

/** Writes lines as a file while they come. */
export function writeTable(file: TableFile): Readable {
  const out = new PassThrough()
  const work = file.format === 'csv' ? writeCsv(out, file) : writeXlsx(out, file)
  work.then(
    () => file.onEnd?.(null),
    (error: Error) => {
      file.onEnd?.(error)
      out.destroy(error)
    },
  )
  return out
}

/** What a spreadsheet would compute instead of show gets an apostrophe in front. Numbers of ours are numbers and stay. */
const isNumber = /^-?\d+(\.\d+)?$/
export const guarded = (cell: Cell): string =>
  typeof cell === 'string' ? (/^[=+\-@\t\r]/.test(cell) && !isNumber.test(cell) ? `'${cell}` : cell) : cell === null ? '' : String(cell)
const csvCell = (cell: Cell): string => {
  const text = guarded(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeCsv(out: PassThrough, { lines }: TableFile): Promise<void> {
  // The mark makes spreadsheets read it as UTF-8.
  let text = '\uFEFF'
  for await (const line of lines) {
    text += `${line.map(csvCell).join(',')}\r\n`
    if (text.length < 65_536) continue
    await send(out, text)
    text = ''
  }
  await send(out, text)
  out.end()
}
async function send(out: PassThrough, text: string): Promise<void> {
  if (out.destroyed) throw new Error('接收方已断开')
  if (!out.write(text)) await new Promise<void>((done) => { out.once('drain', done); out.once('close', done) }) // prettier-ignore
}

async function writeXlsx(out: PassThrough, { lines, mark, widths }: TableFile): Promise<void> {
  const book = new excel.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
  book.creator = mark.by
  book.created = mark.at
  book.title = mark.title
  const sheet = book.addWorksheet(mark.title.replace(/[[\]*?:/\\]/g, '').slice(0, 31) || '数据', {
    views: [{ state: 'frozen', ySplit: 1 }],
    headerFooter: { oddFooter: `&L${mark.by.replaceAll('&', '')}&C&P / &N&R${mark.at.toISOString().slice(0, 16)}` },
  })
  if (widths) sheet.columns = widths.map((width) => ({ width, style: { numFmt: '@' } }))
  let isHead = true
  for await (const line of lines) {
    if (out.destroyed) throw new Error('接收方已断开')
    const row = sheet.addRow(line.map((cell) => cell ?? ''))
    if (isHead) row.font = { bold: true }
    isHead = false
    row.commit()
    // The zip writer buffers without end when nobody reads: wait for the reader.
    if (out.writableNeedDrain) await new Promise<void>((done) => { out.once('drain', done); out.once('close', done) }) // prettier-ignore
  }
  sheet.commit()
  await book.commit()
}
