import {
  chainLoop, dayOf, expression, findName, formatInstant, kindOf, moneyInWords, Refusal, stateLabels,
  type ApiRecord, type ApprovalAnswer, type Field, type KindOptions, type PrintTemplate, type PrintWord, type SealUse, type Titles,
} from '#model' // prettier-ignore
import { namesIn } from '#kernel/model/placeholders.ts'
import type { Context } from '../context.ts'
import { readApproval } from '../flow/reading.ts'
import { sealUses } from '../flow/printing.ts'
import type { Kernel } from '../kernel.ts'
import { markOf, type ExportMark } from '../marks/export-mark.ts'
import { getRecord, listRecords } from '../records/read.ts'
import { currentSettings } from '../settings.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** One act of printing: who, when, under which number, and where the system is reached. */
export interface Printing {
  readonly mark: ExportMark
  readonly hospital: string
  /** The address under which the printer reaches the system, for codes. */
  readonly origin: string
}
export async function beginPrinting(kernel: Kernel, ctx: Context, title: string, origin: string): Promise<Printing> {
  const { hospitalName } = await currentSettings(kernel, ctx.db)
  return { mark: markOf(kernel, ctx, title), hospital: hospitalName, origin }
}
/** What a record says to whoever prints it, under his rights, and what its approval said. */
export interface PrintSource {
  readonly kernel: Kernel
  readonly c: CompiledResource
  readonly record: ApiRecord
  readonly titles: Titles
  /** Values at the ends of paths, by path. */
  readonly along: Readonly<Record<string, unknown>>
  readonly approval: ApprovalAnswer | null
  readonly seals: readonly SealUse[]
  readonly printing: Printing
  readonly names: { readonly createdBy: string; readonly updatedBy: string }
}

/** Reads records to be printed, in their order. Refuses what lies in the bin, and what does not exist for him. */
export async function readSources(
  kernel: Kernel,
  ctx: Context,
  {
    name,
    ids,
    template,
    printing,
    pace,
  }: { name: string; ids: readonly string[]; template: Asking; printing: Printing; pace: Pace | null },
): Promise<PrintSource[]> {
  const c = kernel.resource(name)
  const paths = template.names.flatMap((one) => {
    const path = findName(kernel.defs, name, one)?.path
    return path?.includes('.') ? [path] : []
  })
  const along = await readAlong(kernel, ctx, name, ids, [...new Set(paths)])
  const sources: PrintSource[] = []
  for (const id of ids) {
    await pace?.passed(1)
    pace?.check()
    const { record, titles } = await getRecord(kernel, ctx, name, id)
    if (record.deletedAt) throw new Refusal('flowRefused', `“${titleOf(c, record, titles)}”在回收站里，不能打印；请先恢复`)
    const instance = template.asksApproval ? record.flow?.instance : undefined
    const person = (who: string | null) => (who ? ctx.directory.nameOf(who) : '系统')
    sources.push({
      kernel, c, record, along: along.values.get(id) ?? {}, printing,
      titles: { ...along.titles, ...mergedTitles(along.titles, titles) },
      approval: instance ? await readApproval(kernel, ctx, instance).catch(ifRefused) : null,
      seals: instance ? await sealUses(ctx, instance) : [],
      names: { createdBy: person(record.createdBy), updatedBy: person(record.updatedBy) },
    }) // prettier-ignore
  }
  return sources
}
function ifRefused(error: unknown): null {
  if (error instanceof Refusal) return null
  throw error
}
const mergedTitles = (a: Titles, b: Titles): Titles => Object.fromEntries(Object.keys(b).map((key) => [key, { ...a[key], ...b[key] }]))

/** Whoever watches over a long print: told how far it is, and stops it. */
export interface Pace {
  passed(rows: number): Promise<void>
  check(): void
}
/** What must be read for a template: the names its texts use, and whether it shows the approval. */
export interface Asking {
  readonly names: readonly string[]
  readonly asksApproval: boolean
}
export function askingOf({ blocks, header, footer, word }: PrintTemplate): Asking {
  if (word) return { names: word.names, asksApproval: word.names.includes(chainLoop) }
  const names = blocks.flatMap((block) => [
    ...(block.when === null ? [] : [block.when]),
    ...(block.kind === 'text' || block.kind === 'code' ? namesIn(block.text) : []),
    ...(block.kind === 'form' ? block.fields : []),
    ...((block.kind === 'picture' || block.kind === 'signature') && block.field !== null ? [block.field] : []),
  ])
  const edges = [header, footer].flatMap((edge) => Object.values(edge).flatMap(namesIn))
  const asksApproval = blocks.some(({ kind }) => kind === 'approval' || kind === 'signature' || kind === 'seal')
  return { names: [...names, ...edges], asksApproval }
}

/** Values beyond references, under the reader's rights: a path that he may not ask for is empty. */
async function readAlong(kernel: Kernel, ctx: Context, name: string, ids: readonly string[], paths: readonly string[]) {
  const values = new Map<string, Record<string, unknown>>()
  const titles: Record<string, Record<string, string>> = {}
  for (const path of paths)
    for (let at = 0; at < ids.length; at += 500) {
      const filter = { field: 'id', op: 'in', value: ids.slice(at, at + 500) } as const
      const page = await listRecords(kernel, ctx, name, { filter, columns: [path], limit: 500 }).catch(ifRefused)
      for (const row of page?.rows ?? []) values.set(row.id, { ...values.get(row.id), [path]: row[path] })
      for (const [target, named] of Object.entries(page?.titles ?? {})) Object.assign((titles[target] ??= {}), named)
    }
  return { values, titles }
}

const nameIn = (titles: Titles) => (target: string, id: string) => titles[target]?.[id] ?? ''
/** A value in words, as paper shows it: money in words too, where its field says so. */
export function wordsOf(field: Field, value: unknown, titles: Titles): string {
  if (value === null || value === undefined || kindOf(field).isWriteOnly) return ''
  const words = kindOf(field).format(value, field, nameIn(titles))
  if (field.kind === 'money' && (field.options as KindOptions['money']).inWords && typeof value === 'string' && /^-?[\d.]+$/.test(value))
    return `${words}（${moneyInWords(value)}）`
  return words
}
/** What the record is called. */
export function titleOf(c: CompiledResource, record: ApiRecord, titles: Titles): string {
  const field = c.r.fields[c.r.title]
  return (field ? wordsOf(field, record[c.r.title], titles) : '') || c.r.label
}

const said: Readonly<Record<PrintWord, (source: PrintSource) => string>> = {
  医院名称: ({ printing }) => printing.hospital,
  记录名称: ({ c, record, titles }) => titleOf(c, record, titles),
  记录类型: ({ c }) => c.r.label,
  记录状态: ({ record }) => stateLabels[record.state],
  记录地址: ({ printing, c, record }) => `${printing.origin}/r/${c.r.name}/${record.id}`,
  创建人: ({ names }) => names.createdBy,
  创建时间: ({ record }) => formatInstant(record.createdAt),
  修改人: ({ names }) => names.updatedBy,
  修改时间: ({ record }) => formatInstant(record.updatedAt),
  打印人: ({ printing }) => printing.mark.by,
  打印时间: ({ printing }) => formatInstant(printing.mark.at),
  打印日期: ({ printing }) => chineseDay(dayOf(printing.mark.at)),
  打印编号: ({ printing }) => printing.mark.number,
}
/** 2026年6月15日, as official documents date. */
const chineseDay = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}
/** What a name says in this record. A name that nobody knows any more says so where it stands, and the rest is printed. */
export function sayName(source: PrintSource, name: string): string {
  if (Object.hasOwn(said, name)) return plain(said[name as PrintWord](source))
  const found = findName(source.kernel.defs, source.c.r.name, name)
  if (!found) return `【没有字段“${name}”】`
  return plain(sayFound(source, found.path, found.field))
}
function sayFound(source: PrintSource, path: string, field: Field | undefined): string {
  const value = valueAt(source, path) as string | number | null | undefined
  if (field) return wordsOf(field, value, source.titles)
  if (value === null || value === undefined) return ''
  if (path.endsWith('At')) return formatInstant(value as string)
  if (path.endsWith('state')) return stateLabels[value as keyof typeof stateLabels]
  return path.endsWith('By') ? (source.titles['directory.person']?.[value as string] ?? '') : String(value)
}
export const valueAt = ({ record, along }: PrintSource, path: string): unknown => (path.includes('.') ? along[path] : record[path])

/** Controls stand for page numbers, so no value holds any; line breaks stay. */
export const plain = (text: string): string =>
  text.replaceAll('\t', ' ').replaceAll(/\r\n?/g, '\n').replaceAll(/(?!\n)\p{Cc}/gu, '') // prettier-ignore

/** Whether a field is there to be seen: this reader sees it, and the form's own rules show it. */
export function isShown({ c, record }: PrintSource, key: string): boolean {
  const field = c.r.fields[key]
  if (!field || !(key in record)) return false
  return !field.visibleWhen || expression(field.visibleWhen, c.r.fields).evaluate(record) === true
}
/** The rows of a sub-table as the reader sees them, and the columns that he sees. */
export function rowsAt({ c, record }: PrintSource, key: string): { field: Field; rows: Record<string, unknown>[] } | null {
  const field = c.r.fields[key]
  if (field?.kind !== 'rows' || !(key in record)) return null
  return { field, rows: (record[key] ?? []) as Record<string, unknown>[] }
}
