import type { Writable } from 'node:stream'
import type { Line, Sheet, TableFile } from '../table-writer.ts'
import { markProperty, markWords } from '../../marks/export-mark.ts'
import { ZipWriter } from './zip.ts'

// What a spreadsheet takes: rows of a sheet, characters of a cell, of a sheet's name.
const mostRows = 1_048_576
const mostText = 32_767
const mostName = 31
// A sheet's own file stays well below what a zip can tell of.
const mostBytes = 3_000_000_000
const chunk = 48 * 1024

/**
 * Writes lines as a workbook while they come, in memory that does not grow with them. Texts are inline and formatted as text, so that nothing of them is
 * computed and codes keep their zeros; what is too long for one sheet goes on in the next, under the same heading.
 */
export async function writeXlsx(out: Writable, { blocks, mark, widths, sheets = [] }: Workbook): Promise<void> {
  const zip = new ZipWriter(out)
  const names: string[] = []
  for (const one of [{ title: mark.title, blocks, ...(widths ? { widths } : {}) }, ...sheets]) await addSheets(zip, names, one, mark)
  for (const [name, text] of partsOf(names, mark)) await zip.add(name, [text])
  await zip.end()
}
type Workbook = Pick<TableFile, 'blocks' | 'mark' | 'widths' | 'sheets'>

/** Adds lines as a sheet, or as several where they are too many for one; their names go to `names`. */
async function addSheets(zip: ZipWriter, names: string[], { title, blocks, widths }: Sheet, mark: TableFile['mark']): Promise<void> {
  const rows = new Lines(blocks)
  const plain = title.replace(/[[\]*?:/\\'\p{Cc}]/gu, '').trim() || '数据'
  await rows.fill()
  const heading = rows.take() ?? []
  await rows.fill()
  const first = names.length
  do {
    const suffix = names.length > first ? `（${names.length - first + 1}）` : ''
    names.push(plain.slice(0, mostName - suffix.length) + suffix)
    await zip.add(`xl/worksheets/sheet${names.length}.xml`, sheet())
  } while (rows.isMore)

  async function* sheet(): AsyncGenerator<string> {
    let text = `${sheetHead(widths ?? [])}${rowText(1, heading, 2)}`
    for (let [row, bytes] = [2, 0]; rows.isMore && row <= mostRows && bytes < mostBytes; await rows.fill()) {
      for (let line = rows.take(); line; line = row <= mostRows ? rows.take() : null) text += rowText(row++, line)
      if (text.length < chunk) continue
      bytes += text.length * 2
      yield text
      text = ''
    }
    yield `${text}</sheetData>${footer(mark)}</worksheet>`
  }
}

/** Lines out of blocks: taken without waiting as long as there are some. */
class Lines {
  private readonly blocks: AsyncIterator<readonly Line[]>
  private block: readonly Line[] = []
  private at = 0
  isMore = true
  constructor(blocks: AsyncIterable<readonly Line[]>) {
    this.blocks = blocks[Symbol.asyncIterator]()
  }
  /** Waits until one can be taken, or there are no more. */
  async fill(): Promise<void> {
    while (this.isMore && this.at >= this.block.length) {
      const next = await this.blocks.next()
      if (next.done) this.isMore = false
      else [this.block, this.at] = [next.value, 0]
    }
  }
  take(): Line | null {
    return this.at < this.block.length ? this.block[this.at++]! : null
  }
}

/** Styles of cells: 0 numbers, 1 text, 2 headings. What is empty is left out. */
function rowText(row: number, line: Line, style = 1): string {
  let text = `<row r="${row}">`
  for (let i = 0; i < line.length; i++) {
    const cell = line[i]
    if (cell === null || cell === undefined || cell === '') continue
    text +=
      typeof cell === 'number' && Number.isFinite(cell)
        ? `<c r="${letterOf(i)}${row}"><v>${cell}</v></c>`
        : `<c r="${letterOf(i)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(String(cell).slice(0, mostText))}</t></is></c>`
  }
  return `${text}</row>`
}
const letters: string[] = []
/** A, B … Z, AA … */
function letterOf(column: number): string {
  for (let i = letters.length; i <= column; i++)
    letters.push((i < 26 ? '' : letters[Math.floor(i / 26) - 1]!) + String.fromCharCode(65 + (i % 26)))
  return letters[column]!
}
// What XML cannot say, half characters among it, is left out.
const odd = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u
const unsayable = /[^\P{Cc}\t\n\r]|[\p{Cs}\uFFFE\uFFFF]/gu
const special = /[&<>"]/
function escaped(given: string): string {
  const text = odd.test(given) ? given.replace(unsayable, '').replaceAll('\r\n', '\n').replaceAll('\r', '\n') : given
  return special.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;') : text
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'

function sheetHead(widths: readonly number[]): string {
  const cols = widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1" style="1"/>`)
  return `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${cols.length ? `<cols>${cols.join('')}</cols>` : ''}<sheetData>`
}
/** On every printed page of every sheet: what it is, who took it, when, under which number. */
const footer = (mark: TableFile['mark']): string => {
  const said = (text: string) => text.replaceAll('&', '')
  return `<headerFooter><oddHeader>${escaped(`&L${said(mark.title)}&R${said(mark.number)}`)}</oddHeader><oddFooter>${escaped(`&L${said(markWords(mark))}&R&P / &N`)}</oddFooter></headerFooter>`
}

/** The rest of a workbook, by the names of its sheets. */
function partsOf(names: readonly string[], { title, by, at, number, sealed }: TableFile['mark']): [name: string, text: string][] {
  const each = (one: (n: number, name: string) => string) => names.map((name, i) => one(i + 1, name)).join('')
  const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return [
    [
      'xl/styles.xml',
      `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each((n, name) => `<sheet name="${escaped(name)}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${packages}/relationships">${each((n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${names.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${packages}/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="${office}/custom-properties" Target="docProps/custom.xml"/></Relationships>`,
    ],
    [
      'docProps/core.xml',
      `<cp:coreProperties xmlns:cp="${packages}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escaped(title)}</dc:title><dc:creator>${escaped(by)}</dc:creator><cp:keywords>${escaped(number)}</cp:keywords><dcterms:created xsi:type="dcterms:W3CDTF">${at.toISOString()}</dcterms:created></cp:coreProperties>`,
    ],
    [
      'docProps/custom.xml',
      `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="${markProperty}"><vt:lpwstr>${sealed}</vt:lpwstr></property></Properties>`,
    ],
    [
      '[Content_Types].xml',
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${sheetType}.styles+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${sheetType}.worksheet+xml"/>`)}<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>`,
    ],
  ].map(([name, text]) => [name!, xml + text!] as [string, string])
}
