import excel from '@protobi/exceljs'
import { createReadStream } from 'node:fs'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { Refusal } from '#model'
import { refuseBomb } from './guard.ts'
import type { FileRow } from './row.ts'

export interface Sheet {
  name: string
  /** The number in `sheet3.xml`: what the streaming reader knows a sheet by. */
  id: string
}
/** Names of the visible sheets; what would fill memory is refused. */
export async function sheetsOf(path: string): Promise<Sheet[]> {
  await refuseBomb(path).catch((error: unknown) => {
    throw error instanceof Refusal ? error : damaged()
  })
  const zip = await yauzl.openPromise(path)
  try {
    const texts = new Map<string, string>()
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName === 'xl/workbook.xml' || entry.fileName === 'xl/_rels/workbook.xml.rels')
        texts.set(entry.fileName, await textOf(zip, entry))
    }
    const targets = new Map(elements(texts.get('xl/_rels/workbook.xml.rels'), 'Relationship').map((e) => [e['Id'], e['Target'] ?? '']))
    return elements(texts.get('xl/workbook.xml'), 'sheet').flatMap((sheet) => {
      const id = /sheet(\d+)\.xml$/.exec(targets.get(sheet['r:id'] ?? '') ?? '')?.[1]
      return id && !sheet['state']?.toLowerCase().includes('hidden') ? [{ name: sheet['name'] ?? id, id }] : []
    })
  } catch (error) {
    throw error instanceof Refusal ? error : damaged()
  } finally {
    zip.close()
  }
}
const damaged = (): Refusal => new Refusal('importRefused', '表格文件已损坏或加了密码，无法打开')

async function textOf(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > 4 * 1024 * 1024) throw damaged()
  const parts: Buffer[] = []
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
function elements(xml: string | undefined, name: string): Record<string, string>[] {
  return [...(xml ?? '').matchAll(new RegExp(`<(?:\\w+:)?${name}\\s([^>]*)>`, 'g'))].map(([, attributes]) =>
    Object.fromEntries(
      [...attributes!.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [
        key!,
        value!.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (_, d: string, h: string, n: string) =>
          d ? String.fromCodePoint(Number(d)) : h ? String.fromCodePoint(Number.parseInt(h, 16)) : (entities[n] ?? ''),
        ),
      ]),
    ),
  )
}

const portion = 500
/** The lines of one sheet, streamed. A merged head's text stands in its first cell only; the rest are empty. */
export async function* readXlsx(path: string, sheet: Sheet, onBytes?: (done: number) => void): AsyncGenerator<FileRow[]> {
  const source = createReadStream(path, { highWaterMark: 1 << 18 })
  source.on('data', () => onBytes?.(source.bytesRead))
  const reader = new excel.stream.xlsx.WorkbookReader(source, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    hyperlinks: 'ignore',
    styles: 'cache',
    entries: 'ignore',
  })
  let rows: FileRow[] = []
  try {
    for await (const found of reader) {
      const isWanted = String((found as unknown as { id: string | number }).id) === sheet.id
      for await (const row of found) {
        // Every sheet before the wanted one has to be read through: the zip is a stream.
        if (!isWanted) continue
        rows.push({ at: row.number, cells: cellsOf(row) })
        if (rows.length < portion) continue
        yield rows
        rows = []
      }
      if (isWanted) break
    }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged()
  } finally {
    source.destroy()
  }
  if (rows.length) yield rows
}

function cellsOf(row: excel.Row): string[] {
  const cells: string[] = []
  row.eachCell({ includeEmpty: false }, (cell, column) => {
    while (cells.length < column) cells.push('')
    cells[column - 1] = textOfCell(cell.value, cell.numFmt)
  })
  return cells
}
/** A cell as the person sees it: a number kept to the places of its format, dates as days. */
function textOfCell(value: excel.CellValue, format: string | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return numberText(value, format)
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value !== 'object') return String(value)
  if ('richText' in value) return value.richText.map((part) => part.text).join('')
  if ('result' in value || 'formula' in value || 'sharedFormula' in value)
    return textOfCell((value as { result?: excel.CellValue }).result ?? null, format)
  if ('text' in value) return textOfCell(value.text, format)
  return 'error' in value ? String(value.error) : ''
}
function numberText(value: number, format: string | undefined): string {
  const places = /^(0+)(?:\.(0+))?$/.exec(format ?? '')
  if (places) {
    const [whole, part] = value.toFixed(places[2]?.length ?? 0).split('.') as [string, string?]
    return whole.padStart(places[1]!.length, '0') + (part ? `.${part}` : '')
  }
  // 15 digits are what a spreadsheet itself keeps: 0.1 + 0.2 is shown as 0.3.
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)))
}
function dateText(value: Date): string {
  const text = value.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ')
}
