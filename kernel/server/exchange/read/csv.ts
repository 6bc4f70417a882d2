import { Refusal } from '#model'
import { readText, type Encoding } from './encoding.ts'
import type { FileRow } from './row.ts'

/**
 * A reader of our own because it must survive what people send: a quote that is never closed costs its own line, not the rest of the file,
 * and lines without quotes (nearly all) are split at several times the speed of a character machine.
 */
export async function* readCsv(
  path: string,
  encoding: Encoding,
  delimiter: string,
  onBytes?: (done: number) => void,
): AsyncGenerator<FileRow[]> {
  const reader = new CsvReader(delimiter)
  for await (const text of readText(path, encoding, onBytes)) {
    const rows = reader.push(text, false)
    if (rows.length) yield rows
  }
  const rows = reader.push('', true)
  if (rows.length) yield rows
}

const longestRecord = 65_536
const longestLine = 4 * 1024 * 1024
const unclosed = '引号没有成对，此行无法识别'

/** Splits text that comes in portions into lines of cells. */
export class CsvReader {
  private readonly delimiter: string
  private rest = ''
  private at = 0
  private hasBegun = false
  constructor(delimiter: string) {
    this.delimiter = delimiter
  }

  push(chunk: string, isLast: boolean): FileRow[] {
    let text = this.rest + chunk
    // A carriage return at the very end may be half of a line end.
    if (!isLast && text.endsWith('\r')) {
      this.rest = text
      return []
    }
    if (!this.hasBegun && text) {
      this.hasBegun = true
      text = text.replace(/^\uFEFF?(sep=.\r?\n)?/, (mark) => {
        if (mark.includes('sep=')) this.at++
        return ''
      })
    }
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n')
    const rows: FileRow[] = []
    let from = 0
    while (from < text.length) {
      let end = text.indexOf('\n', from)
      if (end < 0) {
        if (!isLast) break
        end = text.length
      }
      const line = text.slice(from, end)
      if (!line.includes('"')) {
        rows.push({ at: ++this.at, cells: line.split(this.delimiter) })
        from = end + 1
        continue
      }
      const record = readQuoted(text, from, this.delimiter, isLast)
      if (record === 'more') break
      if (record === null) {
        rows.push({ at: ++this.at, cells: line.split(this.delimiter), broken: unclosed })
        from = end + 1
        continue
      }
      rows.push({ at: ++this.at, cells: record.cells })
      from = record.next
    }
    this.rest = text.slice(from)
    if (this.rest.length > longestLine) throw new Refusal('importRefused', `第 ${this.at + 1} 行过长，不像是表格文件`)
    return rows
  }
}

/** A record with quoted cells; null when its quotes do not close in reason; 'more' when the text ends too early to tell. */
function readQuoted(text: string, start: number, delimiter: string, isLast: boolean): { cells: string[]; next: number } | null | 'more' {
  const cells: string[] = []
  let at = start
  for (;;) {
    let cell = ''
    if (text[at] === '"') {
      const closed = closeQuote(text, at + 1, start, isLast)
      if (typeof closed !== 'object' || closed === null) return closed
      cell = closed.cell
      at = closed.next
      const stop = endOfCell(text, at, delimiter)
      const trailing = text.slice(at, stop)
      // Text behind a closing quote: on one line it belongs to the cell, across lines the quote was a stray one.
      if (trailing.trim() && cell.includes('\n')) return null
      cell += trailing
      at = stop
    } else {
      const stop = endOfCell(text, at, delimiter)
      cell = text.slice(at, stop)
      at = stop
    }
    cells.push(cell)
    if (at >= text.length) return isLast ? { cells, next: at + 1 } : 'more'
    if (text[at] === '\n') return { cells, next: at + 1 }
    at += delimiter.length
  }
}
function closeQuote(text: string, from: number, start: number, isLast: boolean): { cell: string; next: number } | null | 'more' {
  let cell = ''
  for (let at = from; ;) {
    const quote = text.indexOf('"', at)
    if (quote < 0 || quote - start > longestRecord) return text.length - start > longestRecord || isLast ? null : 'more'
    if (quote + 1 >= text.length && !isLast) return 'more'
    if (text[quote + 1] !== '"') return { cell: cell + text.slice(at, quote), next: quote + 1 }
    cell += text.slice(at, quote + 1)
    at = quote + 2
  }
}
function endOfCell(text: string, from: number, delimiter: string): number {
  const next = text.indexOf(delimiter, from)
  const line = text.indexOf('\n', from)
  if (next < 0) return line < 0 ? text.length : line
  return line < 0 || next < line ? next : line
}

/** The delimiter that splits the first lines most evenly. */
export function detectDelimiter(head: string): string {
  const said = /^\uFEFF?sep=(.)\r?\n/.exec(head)?.[1]
  if (said) return said
  const lines = head.replace(/"[^"]*"/g, '').split(/\r\n?|\n/).filter((line) => line.trim()).slice(0, 30) // prettier-ignore
  const score = (delimiter: string) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1)
    const most = Math.max(0, ...counts)
    return most === 0 ? 0 : counts.filter((n) => n === most).length + most / 100
  }
  return [',', '\t', ';'].map((delimiter) => [delimiter, score(delimiter)] as const).sort((a, b) => b[1] - a[1])[0]![0]
}
