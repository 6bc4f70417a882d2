import { createHash } from 'node:crypto'
import { findName, formatInstant, isUuid, mostPrints, printsAtOnce, Refusal, stateLabels, untold, type PrintTemplate } from '#model'
import { v7 as uuidv7 } from 'uuid'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import { markInfo } from '../documents/pdf.ts'
import { setInThread } from '../documents/pdf-threads.ts'
import type { FileStore } from '../files/files.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords } from '../records/read.ts'
import { loadPictures } from './pictures.ts'
import { picturesIn, setSheet } from './set.ts'
import { cellsOf, mostCells, type PrintWork, type Sheet } from './sheet.ts'
import { askingOf, beginPrinting, readSources, sayName, titleOf, type Pace, type Printing, type PrintSource } from './source.ts'
import { addressOf, nameOfFile, newCode, wordPapers, type Made, type Paper, type PrintWorkload } from './papers.ts'
import { needTemplate, type NamedTemplate } from './templates.ts'
import { sealTold, type Told } from './told.ts'

/** What is to be printed: records in their order, by the template of this name. */
export interface PrintAsk {
  readonly resource: string
  readonly ids: readonly string[]
  readonly template: string
  /** Under which the printer reaches the system. */
  readonly origin: string
}
export interface Printed {
  readonly content: Uint8Array
  readonly type: string
  readonly fileName: string
  readonly number: string
}

/** Prints records as their printer may see them: one PDF for all, or a Word file of each. What was printed is kept and audited before it leaves. */
export async function printRecords(
  kernel: Kernel,
  ctx: Context,
  files: FileStore,
  ask: PrintAsk,
  pace: Pace | null = null,
): Promise<Printed> {
  const named = await needPrintable(kernel, ctx, ask)
  const printing = await beginPrinting(kernel, ctx, kernel.resource(ask.resource).r.label, ask.origin)
  const sources = await readSources(kernel, ctx, { name: ask.resource, ids: ask.ids, template: askingOf(named.template), printing, pace })
  needStates(named, sources)
  const made = await (named.template.word ? wordPapers : sheetPapers)(ctx, files, { named, sources, printing })
  await keepPrints(kernel, ctx, ask, named, made.papers, printing)
  return { content: made.content, type: made.type, fileName: fileNameOf(sources, printing, made.ending), number: printing.mark.number }
}
async function sheetPapers(ctx: Context, files: FileStore, { named, sources, printing }: PrintWorkload): Promise<Made> {
  const papers = sources.map((source) => paperOf(named, source, printing))
  const content = await setSheets(ctx, files, papers.map(({ sheet }) => sheet), { template: named.template, printing, watermark: named.template.watermark ? watermarkOf(printing) : null })
  return { papers, content, type: 'application/pdf', ending: 'pdf' }
} // prettier-ignore

/** Refuses what may not be printed so: another template, more than the right to export allows, too many. */
export async function needPrintable(kernel: Kernel, ctx: Context, { resource, ids, template }: Omit<PrintAsk, 'origin'>): Promise<NamedTemplate> {
  kernel.resource(resource)
  if (ids.length === 0) throw new Refusal('badRequest', '请选择要打印的记录')
  if (ids.length > mostPrints) throw new Refusal('tooMany', `一次最多打印 ${mostPrints} 条，请分批打印`)
  const named = needTemplate(kernel, ctx, resource, template)
  if (named.template.word && ids.length > printsAtOnce) throw new Refusal('tooMany', `Word 模板一次最多打印 ${printsAtOnce} 条，请分批打印`)
  if (ids.length === 1) return named
  // Who prints many takes them away: within what he may export, and no further.
  const { filter: within } = kernel.access.need(ctx.actor, 'export', resource)
  const { rows } = await listRecords(kernel, ctx, resource, { filter: { field: 'id', op: 'in', value: [...ids] }, within, columns: ['id'], limit: mostPrints })
  if (rows.length < new Set(ids).size) throw new Refusal('notFound', `选中的记录中有 ${new Set(ids).size - rows.length} 条已删除，或不在你可以导出的范围内`)
  return named
} // prettier-ignore
function needStates({ label, template }: NamedTemplate, sources: readonly PrintSource[]): void {
  const others = sources.filter(({ record }) => !template.states.includes(record.state))
  if (others.length === 0) return
  const named = others.slice(0, 5).map(({ c, record, titles }) => `“${titleOf(c, record, titles)}”（${stateLabels[record.state]}）`)
  throw new Refusal('flowRefused', `“${label}”只能打印${template.states.map((state) => stateLabels[state]).join('、')}的记录；${named.join('、')}${others.length > 5 ? `等 ${others.length} 条` : ''}不能打印`)
} // prettier-ignore

function paperOf({ template }: NamedTemplate, source: PrintSource, { origin }: Printing): Paper & { sheet: Sheet } {
  const code = newCode(template)
  const bare = setSheet(template, source, null)
  const hash = createHash('sha256').update(JSON.stringify([bare.parts, bare.placed])).digest()
  return { source, sheet: code === null ? bare : setSheet(template, source, addressOf(origin, code)), hash, code }
} // prettier-ignore
export const digestOf = (code: string): Buffer => createHash('sha256').update(code).digest()
const watermarkOf = ({ mark }: Printing): string => [mark.by, mark.staffNumber, formatInstant(mark.at)].filter(Boolean).join(' ')

/** Sets sheets on paper, with their pictures, in a thread. */
export async function setSheets(ctx: Context, files: FileStore, sheets: readonly Sheet[], { template, printing, watermark }: { template: PrintTemplate; printing: Printing; watermark: string | null }): Promise<Uint8Array> {
  const cells = cellsOf(sheets)
  if (cells > mostCells) throw new Refusal('tooMany', `内容太多（约 ${cells} 格，一次最多 ${mostCells} 格），请分批打印，或导出为 Excel`)
  const { addresses, others } = await loadPictures(ctx, files, sheets.flatMap(picturesIn).filter(isUuid), template)
  const work: PrintWork = { info: markInfo(printing.mark), watermark, sheets: sheets.map((sheet) => withNames(sheet, others)), pictures: addresses }
  return setInThread(new URL('./print-thread.ts', import.meta.url), work)
} // prettier-ignore
/** Files that are no pictures stand on paper with their names. */
function withNames(sheet: Sheet, others: Readonly<Record<string, string>>): Sheet {
  if (Object.keys(others).length === 0) return sheet
  const named = <C extends { text: string; pictures?: readonly string[] }>(cell: C): C => {
    const names = cell.pictures?.flatMap((id) => others[id] ?? []) ?? []
    return names.length ? { ...cell, text: names.join('\n'), pictures: cell.pictures!.filter((id) => !(id in others)) } : cell
  }
  const parts = sheet.parts.map((part) =>
    part.kind === 'form' ? { ...part, cells: part.cells.map(named) } : part.kind === 'table' ? { ...part, rows: part.rows.map((row) => row.map(named)) } : part,
  )
  return { ...sheet, parts }
} // prettier-ignore

/** Keeps what was printed, for whoever asks about a paper later. */
export async function keepPrints(kernel: Kernel, ctx: Context, ask: PrintAsk, named: NamedTemplate, papers: readonly Paper[], { mark }: Printing): Promise<void> {
  const prints = papers.map((paper) => ({ ...paper, id: uuidv7() }))
  const tellings = prints.flatMap(({ id, source, code }) => (code === null ? [] : [{ print: id, record: source.record.id, told: toldOf(named, source) }]))
  await kernel.transaction(ctx, async (tx) => {
    const told = await sealTold(kernel, tx.db, kernel.resource(ask.resource).isOnes, tellings)
    for (const { id, source, hash, code } of prints) {
      const { record } = source
      await tx.db.query(
        `INSERT INTO kernel.print (id, at, number, resource, record, version, template, template_label, release, person, content_hash, code_hash, told)
         VALUES ($1::uuid, $2::timestamptz, $3, $4, $5::uuid, $6, $7, $8, $9, $10::uuid, $11, $12, $13)`,
        [id, mark.at.toISOString(), mark.number, ask.resource, record.id, record.version, named.name, named.label, kernel.release, personOf(ctx.actor), hash, code === null ? null : digestOf(code), told.get(id) ?? null],
      )
      await audit(tx, { act: 'print', outcome: 'done', resource: ask.resource, record: record.id, detail: { mark: mark.number, template: named.name, release: kernel.release, of: papers.length } })
    }
  })
} // prettier-ignore
/** What a stranger is told who holds the paper: fields that the template names, as far as they may be told still. */
const toldOf = ({ template }: NamedTemplate, source: PrintSource): Told =>
  (template.verify ?? []).flatMap((name) => {
    const { defs } = source.kernel
    const field = findName(defs, source.c.r.name, name)?.field
    return field && untold(defs, field) === null ? [{ label: field.label, text: sayName(source, name) }] : []
  })
export function fileNameOf(sources: readonly PrintSource[], { mark }: Printing, ending: string): string {
  const { c, record, titles } = sources[0]!
  const title = sources.length === 1 ? titleOf(c, record, titles) : `${sources.length} 条`
  return `${c.r.label}-${nameOfFile(title)}-${formatInstant(mark.at).slice(0, 10)}.${ending}`
}
