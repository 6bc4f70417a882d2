import {
  both,
  cellOf as cellText,
  envelopeKinds,
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
import { audit } from '../audit/audit.ts'
import { nameOfActor, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords } from '../records/read.ts'
import { exportMark } from './pass.ts'
import { writeTable, type Cell } from './table-writer.ts'
import type { Readable } from 'node:stream'

export interface ExportQuery {
  filter?: Filter | null
  search?: string
  sort?: readonly string[]
  columns?: readonly string[]
  format: 'xlsx' | 'csv'
}
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

/** All records that the actor may export, streamed page by page with labels for keys and names for ids; masked as in lists; audited with how many left. */
export async function exportRecords(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: ExportQuery,
): Promise<{ stream: Readable; fileName: string }> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'export', name)
  const columns = exportColumns(
    kernel,
    name,
    query.columns?.length
      ? query.columns
      : (c.r.list?.columns ?? Object.keys(c.r.fields).filter((key) => c.byKey.has(key) && !kindOf(c.r.fields[key]!).isWriteOnly)),
  )
  const ask = { ...query, filter: both(query.filter, permission.filter), columns: columns.map((column) => column.path), limit: 500 }
  // The first page is read before the answer begins, so that a refusal is still a refusal.
  const first = await listRecords(kernel, ctx, name, ask)
  const at = kernel.clock.now()
  const by = nameOfActor(ctx.actor)
  let count = 0
  async function* lines(): AsyncGenerator<Cell[]> {
    yield columns.map((column) => column.label)
    for (let page = first; ; page = await listRecords(kernel, ctx, name, { ...ask, cursor: page.next })) {
      for (const row of page.rows) {
        count++
        yield columns.map((column) => cellOf(column, row, page.titles))
      }
      if (page.next === null) break
    }
    yield [`${exportMark}${by}于 ${formatInstant(at)} 从杏林导出“${c.r.label}”${count} 条，仅供工作使用`]
  }
  const stream = writeTable({
    lines: lines(),
    format: query.format,
    mark: { title: c.r.label, by, at },
    widths: columns.map((column) => Math.min(40, Math.max(10, column.label.length * 2 + 4))),
    onEnd: (error) => {
      const detail = {
        count,
        format: query.format,
        columns: columns.map((column) => column.path),
        filter: query.filter ?? null,
        search: query.search ?? null,
      }
      audit(ctx, { act: 'export', outcome: error ? 'failed' : 'done', resource: name, detail }).catch(() => undefined)
    },
  })
  return { stream, fileName: `${c.r.label}-${formatInstant(at).slice(0, 10)}.${query.format}` }
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
