import { Parser } from 'htmlparser2'
import { Refusal } from '#model'
import { readText, type Encoding } from './encoding.ts'
import type { FileRow } from './row.ts'

/** A table in a web page, or a sheet of an XML workbook: what systems hand out under the name of a spreadsheet. */
export interface MarkupTable {
  name: string
  /** Its place among all tables of the file. */
  nth: number
  cells: number
}
/** What the file's tables are written in: HTML, or the XML workbook of 2003. */
export type Markup = 'html' | 'xml'
interface Cell {
  text: string
  across: number
  down: number
  /** The column at which it says that it stands; 1 is the first. */
  column: number | null
}
interface OpenTable extends MarkupTable {
  at: number
  row: Cell[] | null
  cell: Cell | null
  /** Columns that a cell further up reaches down into, and for how many rows more. */
  covered: Map<number, number>
}
const mostColumns = 1000
const mostTables = 1000
/** Of tags within tags: what is never closed piles up. */
const deepest = 1000
const longestText = 65_536

/** Tells what kind of markup with tables a file begins with; null when it is none. */
export function detectMarkup(head: string): Markup | null {
  // The mark of UTF-8, read as Latin letters.
  const start = head
    .replace(/^(?:\uFEFF|\u00EF\u00BB\u00BF)/, '')
    .trimStart()
    .toLowerCase()
  if (!start.startsWith('<')) return null
  if (start.includes('urn:schemas-microsoft-com:office:spreadsheet') && start.includes('<?xml')) return 'xml'
  return /^<(!doctype html|html|head|meta|style|body|div|table|!--)/.test(start) || start.includes('<html') ? 'html' : null
}

/** The tables of a file, the largest first; those without a cell are left out. */
export async function tablesOf(path: string, encoding: Encoding, markup: Markup): Promise<MarkupTable[]> {
  const reader = new MarkupReader(markup)
  for await (const text of readText(path, encoding)) {
    reader.push(text)
    reader.taken()
  }
  reader.end()
  return reader.tables.filter((table) => table.cells > 0).toSorted((a, b) => b.cells - a.cells)
}
/** The lines of one table, streamed. A merged cell's text stands in its first one; the rest are empty. */
export async function* readMarkup(
  path: string,
  { encoding, markup, nth }: { encoding: Encoding; markup: Markup; nth: number },
  onBytes?: (done: number) => void,
): AsyncGenerator<FileRow[]> {
  const reader = new MarkupReader(markup, nth)
  for await (const text of readText(path, encoding, onBytes)) {
    reader.push(text)
    const rows = reader.taken()
    if (rows.length) yield rows
  }
  reader.end()
  const rows = reader.taken()
  if (rows.length) yield rows
}

/** Follows the tags of tables, rows and cells as they come; text of scripts, styles and comments is none. */
class MarkupReader {
  readonly tables: MarkupTable[] = []
  private readonly open: OpenTable[] = []
  private readonly wanted: number | null
  private readonly isXml: boolean
  private rows: FileRow[] = []
  /** Open scripts and styles. */
  private silent = 0
  private depth = 0
  private readonly parser: Parser
  constructor(markup: Markup, wanted: number | null = null) {
    this.wanted = wanted
    this.isXml = markup === 'xml'
    this.parser = new Parser(
      {
        onopentag: (name, attributes) => this.opened(localName(name), attributes),
        onclosetag: (name) => this.closed(localName(name)),
        ontext: (text) => this.heard(text),
      },
      { xmlMode: this.isXml, decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
    )
  }
  push(text: string): void {
    this.parser.write(text)
  }
  end(): void {
    this.parser.end()
    // What was never closed is taken as far as it came.
    while (this.open.length) this.endTable()
  }
  /** The lines since the last time. */
  taken(): FileRow[] {
    const { rows } = this
    this.rows = []
    return rows
  }

  private opened(name: string, attributes: Readonly<Record<string, string>>): void {
    const table = this.open.at(-1)
    if (++this.depth > deepest) throw tooMuch()
    if (name === 'script' || name === 'style') this.silent++
    else if (name === (this.isXml ? 'worksheet' : 'table')) this.beginTable(attributes['ss:name'] ?? attributes['title'])
    else if (!table) return
    else if (name === 'tr' || name === 'row') this.beginRow(table, attributes)
    else if (name === 'td' || name === 'th' || name === 'cell') this.beginCell(table, attributes)
    else if (name === 'br' || name === 'p' || name === 'div') this.append(table, '\n')
  }
  private closed(name: string): void {
    const table = this.open.at(-1)
    this.depth--
    if (name === 'script' || name === 'style') this.silent = Math.max(0, this.silent - 1)
    else if (!table) return
    else if (name === (this.isXml ? 'worksheet' : 'table')) this.endTable()
    else if (name === 'tr' || name === 'row') this.endRow(table)
    else if (name === 'td' || name === 'th' || name === 'cell') table.cell = null
  }
  private heard(text: string): void {
    const table = this.open.at(-1)
    // In a page line ends are spaces; the breaks are tags.
    if (table && this.silent === 0) this.append(table, this.isXml ? text : text.replace(/\s+/g, ' '))
  }
  private append({ cell }: OpenTable, text: string): void {
    if (cell && cell.text.length < longestText) cell.text += text.slice(0, longestText)
  }

  private beginTable(name: string | undefined): void {
    const nth = this.tables.length
    if (nth >= mostTables) throw tooMuch()
    const said = name?.trim()
    const isFree = said && this.tables.every((other) => other.name !== said)
    const table: OpenTable = {
      name: isFree ? said : `${said ?? '表格'} ${nth + 1}`,
      nth,
      cells: 0,
      at: 0,
      row: null,
      cell: null,
      covered: new Map(),
    }
    this.tables.push(table)
    this.open.push(table)
  }
  private endTable(): void {
    const table = this.open.at(-1)!
    this.endRow(table)
    this.open.pop()
  }
  private beginRow(table: OpenTable, attributes: Readonly<Record<string, string>>): void {
    this.endRow(table)
    // An XML workbook leaves empty lines out and says where the next one stands.
    table.at = Math.max(table.at + 1, this.isXml ? number(attributes['ss:index'], 0) : 0)
    table.row = []
  }
  private beginCell(table: OpenTable, attributes: Readonly<Record<string, string>>): void {
    if (!table.row) this.beginRow(table, {})
    const [across, down] = this.isXml
      ? [number(attributes['ss:mergeacross'], 0) + 1, number(attributes['ss:mergedown'], 0) + 1]
      : [number(attributes['colspan'], 1), number(attributes['rowspan'], 1)]
    table.cell = { text: '', across, down, column: this.isXml ? number(attributes['ss:index'], 0) || null : null }
    if (table.row!.length >= mostColumns) throw tooWide()
    table.row!.push(table.cell)
  }
  private endRow(table: OpenTable): void {
    const { row } = table
    table.row = table.cell = null
    if (!row) return
    table.cells += row.length
    const cells = placed(row, table.covered)
    if (table.nth === this.wanted) this.rows.push({ at: table.at, cells })
  }
}
const tooWide = () => new Refusal('importRefused', `表格超过 ${mostColumns} 列，不像是要导入的表`)
const tooMuch = () => new Refusal('importRefused', '网页中的表格或标签过多，不像是要导入的表，请用表格软件打开后另存为 .xlsx')
const localName = (name: string): string => name.slice(name.indexOf(':') + 1)
const number = (text: string | undefined, otherwise: number): number => {
  const value = Number.parseInt(text ?? '', 10)
  return Number.isInteger(value) && value > 0 ? Math.min(value, mostColumns) : otherwise
}

/** Puts cells into their columns, past those that cells further up reach down into. */
function placed(row: readonly Cell[], covered: Map<number, number>): string[] {
  const cells: string[] = []
  const reaching: [column: number, rows: number][] = []
  let column = 0
  const pass = () => {
    while (covered.has(column)) column++
  }
  for (const cell of row) {
    if (cell.column !== null) column = cell.column - 1
    pass()
    if (column + cell.across > mostColumns) throw tooWide()
    while (cells.length <= column) cells.push('')
    cells[column] = tidy(cell.text)
    if (cell.down > 1) for (let i = 0; i < cell.across; i++) reaching.push([column + i, cell.down])
    column += cell.across
  }
  for (const [at, rows] of covered)
    if (rows > 1) covered.set(at, rows - 1)
    else covered.delete(at)
  for (const [at, rows] of reaching) covered.set(at, rows - 1)
  return cells
}
const tidy = (text: string): string =>
  text
    .replaceAll('\u00A0', ' ')
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim()
