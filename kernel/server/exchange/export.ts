import {
  isProtected,
  cellOf as cellText,
  envelopeKinds,
  everything,
  formatInstant,
  kindOf,
  Refusal,
  stateLabels,
  type ApiRecord,
  type Field,
  type Filter,
  type ListAnswer,
  type RecordState,
} from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { markOf } from '../marks/export-mark.ts'
import { countRecords, listRecords } from '../records/read.ts'
import { asOfDay } from '../records/timeline.ts'
import { exportMark } from './pass.ts'
import { type Cell, type Line, type TableFile, type TableFormat } from './table-writer.ts'
import { writeTakenAway } from './taken-away.ts'
import { pdfProblem } from './writing/pdf.ts'
import type { Readable } from 'node:stream'

/** What a list shows, to be taken away: filter, search, sort, columns, and whether it shows the bin. */
export interface ExportQuery {
  filter?: Filter | null
  search?: string
  sort?: readonly string[]
  columns?: readonly string[]
  deleted?: boolean
  /** As they were on a day. */
  asOf?: string
  format: TableFormat
  /** Not as a table: each record on paper, by this template. */
  print?: { ids: readonly string[]; template: string; origin: string }
}
/** More than this is worked on in the background; the numbers of what a person waits for. */
const mostAtOnce: Record<TableFormat, number> = { xlsx: 5000, csv: 5000, pdf: 300 }
const envelopeLabels: Record<string, string> = {
  id: 'id',
  version: '版本',
  state: '状态',
  createdAt: '创建时间',
  createdBy: '创建人',
  updatedAt: '修改时间',
  updatedBy: '修改人',
  deletedAt: '删除时间',
}

/** What is asked for as the records path takes it, under the rights to see and to take away; refused without the latter. */
export function exportAsk(kernel: Kernel, ctx: Context, name: string, query: ExportQuery) {
  const c = kernel.resource(name)
  const { filter: within } = kernel.access.need(ctx.actor, 'export', name)
  const usual = () =>
    c.r.list?.columns ?? Object.keys(c.r.fields).filter((key) => c.byKey.has(key) && !kindOf(c.r.fields[key]!).isWriteOnly)
  const columns = exportColumns(kernel, name, query.columns?.length ? query.columns : usual())
  const { filter, search, sort, deleted } = query
  const ask = { filter: filter ?? null, within, columns: columns.map(({ path }) => path), ...(search ? { search } : {}), ...(sort?.length ? { sort } : {}), ...(deleted ? { deleted } : {}) } // prettier-ignore
  return { c, columns, ask }
}
/** How many there are to take away, and whether that is more than a person waits for. Refuses what is too much for the format. */
export async function sizeOfExport(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: ExportQuery,
): Promise<{ rows: number; isLong: boolean }> {
  const { ask, columns } = exportAsk(kernel, ctx, name, query)
  const { count } = await asOfDay(kernel, ctx, name, query.asOf, (on) => countRecords(kernel, on, name, ask))
  const problem = query.format === 'pdf' ? pdfProblem(count, columns.length) : null
  if (problem) throw problem
  return { rows: count, isLong: count > mostAtOnce[query.format] }
}

/** A table that is written as it is read. */
export interface ExportTable {
  file: TableFile
  fileName: string
  /** How many records it has taken so far. */
  count: () => number
}
/** Records as lines under a heading, labels for keys and names for ids, and at the end who took how many when; read from the portions as the file is written. */
export function exportTable(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: ExportQuery,
  portions: AsyncIterable<Pick<ListAnswer, 'rows' | 'titles'>>,
): ExportTable {
  const { c, columns } = exportAsk(kernel, ctx, name, query)
  const mark = markOf(kernel, ctx, c.r.label)
  const { at, by } = mark
  let count = 0
  async function* blocks(): AsyncGenerator<Line[]> {
    yield [columns.map((column) => column.label)]
    for await (const { rows, titles } of portions) {
      count += rows.length
      yield rows.map((row) => columns.map((column) => cellOf(column, row, titles)))
    }
    yield [
      [
        `${exportMark}${by}于 ${formatInstant(at)} 从杏林导出“${c.r.label}”${query.asOf ? `（${query.asOf} 的情况）` : ''}${count} 条，编号 ${mark.number}，仅供工作使用`,
      ],
    ]
  }
  return {
    file: {
      blocks: blocks(),
      format: query.format,
      mark,
      widths: columns.map((column) => Math.min(40, Math.max(10, column.label.length * 2 + 4))),
    },
    fileName: `${c.r.label}-${query.asOf ? `${query.asOf}的情况-` : ''}${formatInstant(at).slice(0, 10)}.${query.format}`,
    count: () => count,
  }
}
/** What the audit keeps of an export: what was asked, and how many left. Values of protected fields are not told. */
export const exportDetail = (kernel: Kernel, name: string, query: ExportQuery, count: number): Record<string, unknown> => ({
  count,
  format: query.format,
  columns: query.columns ?? null,
  ...(query.asOf ? { asOf: query.asOf } : {}),
  filter: query.filter ? veiled(kernel, name, query.filter) : null,
  search: query.search && kernel.resource(name).byPart.length ? '***' : (query.search ?? null),
})
function veiled(kernel: Kernel, name: string, filter: Filter): Filter {
  if ('and' in filter) return { and: filter.and.map((one) => veiled(kernel, name, one)) }
  if ('or' in filter) return { or: filter.or.map((one) => veiled(kernel, name, one)) }
  if ('not' in filter) return { not: veiled(kernel, name, filter.not) }
  // Of rows within a record it is told that they were asked about, not what.
  if ('some' in filter) return { some: filter.some, where: everything }
  const field = kernel.defs.path(name, filter.field)?.field
  return field && isProtected(field) ? { ...filter, value: '***' } : filter
}

/** Streams what is soon done, page by page; audited with how many left. */
export async function exportRecords(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: ExportQuery,
): Promise<{ stream: Readable; fileName: string }> {
  const { ask } = exportAsk(kernel, ctx, name, query)
  // The first page is read before the answer begins, so that a refusal is still a refusal.
  const read = (cursor: string | null) =>
    asOfDay(kernel, ctx, name, query.asOf, (on) => listRecords(kernel, on, name, { ...ask, limit: 500, cursor }))
  const first = await read(null)
  async function* pages(): AsyncGenerator<ListAnswer> {
    for (let page = first; ; page = await read(page.next)) {
      yield page
      if (page.next === null) return
    }
  }
  const { file, fileName, count } = exportTable(kernel, ctx, name, query, pages())
  const detail = () => exportDetail(kernel, name, { ...query, columns: ask.columns }, count())
  return { stream: await writeTakenAway(ctx, { resource: name, detail }, file), fileName }
}

interface ExportColumn {
  path: string
  label: string
  field: Field | undefined
  kind: string
  target: string | null
}
function exportColumns(kernel: Kernel, name: string, paths: readonly string[]): ExportColumn[] {
  return paths.slice(0, 100).map((path) => {
    const found = kernel.defs.path(name, path)
    if (!found) throw new Refusal('badFilter', `没有“${path}”这个字段`)
    const through = found.hops.map((hop, i) => {
      const at = i === 0 ? name : found.hops[i - 1]!.target
      return kernel.defs.resource(at).fields[hop.key]?.label ?? hop.key
    })
    const label = [...through, found.field?.label ?? envelopeLabels[found.key] ?? found.key].join('·')
    const target =
      found.field && 'target' in found.field.options
        ? (found.field.options as { target: string }).target
        : found.kind === 'person'
          ? 'directory.person'
          : null
    return {
      path,
      label,
      field: found.field,
      kind: found.field ? found.field.kind : envelopeKinds[found.key as keyof typeof envelopeKinds],
      target,
    }
  })
}
function cellOf({ path, field, kind, target }: ExportColumn, row: ApiRecord, titles: ListAnswer['titles']): Cell {
  const value = row[path]
  if (value === null || value === undefined) return ''
  const plain = typeof value === 'string' ? value : JSON.stringify(value)
  if (path === 'state') return stateLabels[value as RecordState] ?? plain
  const nameOf = (of: string, id: string) => titles[of]?.[id] ?? ''
  if (field) return kindOf(field).isWriteOnly ? '' : cellText(field, value, nameOf)
  if (kind === 'integer') return value as number
  if (kind === 'dateTime') return formatInstant(value as string)
  return target ? nameOf(target, plain) : plain
}
