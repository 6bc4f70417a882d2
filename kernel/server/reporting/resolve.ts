import {
  invalid, isProtected, isReportKey, isTotalled, kindOf, pathsOf, readGroupKey, readTotalKey, Refusal, reportFields,
  type Definitions, type Field, type FieldProblem, type Fields, type Filter, type GatheredColumn, type PathColumn, type ReportSpec,
} from '#model' // prettier-ignore
import type { Permission } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { refuseHidden } from '../records/may-ask.ts'
import { columnType } from '../store/columns.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** A report whose every name is known and may be seen by this reader. */
export interface ResolvedReport {
  spec: ReportSpec
  c: CompiledResource
  /** The rows of the base that he may see. */
  scopes: (Filter | null)[]
  paths: ResolvedPathColumn[]
  gathered: ResolvedGathered[]
  /** Every column under its letter. */
  fields: Fields
}
export interface ResolvedPathColumn {
  column: PathColumn
  field: Field
  /** The type whose field it is. */
  resource: string
  /** Shown with its middle hidden, or encrypted at rest: a column and nothing else. */
  isClosed: boolean
  isMasked: boolean
  /** Beyond a reference: only of records that he may see. */
  scope: Filter | null
}
export interface ResolvedGathered {
  column: GatheredColumn
  child: CompiledResource
  scopes: (Filter | null)[]
}

const gone = (): Refusal => new Refusal('badFilter', '报表用到的字段已经不存在')
const unseen = (): Refusal => new Refusal('badFilter', '报表用到了你没有权限查看的字段')

/** Proves a report for this reader: refused whole when a field has gone or is not his to see, telling nothing of it; what its author can mend is told at the column. */
export function resolveReport(kernel: Kernel, ctx: Context, spec: ReportSpec, action: 'read' | 'export' = 'read'): ResolvedReport {
  if (!kernel.defs.resources.has(spec.base)) throw gone()
  const c = kernel.resource(spec.base)
  const permission = kernel.access.need(ctx.actor, 'read', spec.base)
  const scopes = [permission.filter, ...(action === 'export' ? [kernel.access.need(ctx.actor, 'export', spec.base).filter] : [])]
  const paths = spec.columns.filter((column) => column.kind === 'path').map((column) => resolvePath(kernel, ctx, c, permission, column))
  const gathered = spec.columns
    .filter((column) => column.kind === 'gathered')
    .map((column) => resolveGathered(kernel, ctx, c, column, action))
  const { fields, problems } = reportFields(spec.columns, spec.base, (resource, path) => kernel.defs.path(resource, path)?.field)
  const closed = new Set(paths.filter((one) => one.isClosed).map(({ column }) => column.key))
  problems.push(...proveUses(spec, fields, closed))
  if (problems.length) throw invalid(problems)
  return { spec, c, scopes, paths, gathered, fields: opened(fields, closed) }
}
/** What is masked for this reader is no number and no fact to anything that works on it. */
const opened = (fields: Fields, closed: ReadonlySet<string>): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, closed.has(key) && !isProtected(field) ? { ...field, class: 'sensitive' as const } : field])) // prettier-ignore

function resolvePath(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, column: PathColumn): ResolvedPathColumn {
  const found = kernel.defs.path(c.r.name, column.path)
  if (!found?.field || found.hops.length > 1 || columnType(found.field) === null) throw gone()
  guardHidden(kernel, ctx, c, permission, [column.path])
  const isBeyond = found.hops.length > 0
  const seen = isBeyond ? kernel.access.can(ctx.actor, 'read', found.resource) : permission
  // Every list shows how a referenced record is called; anything more is told of records within his scope only.
  const isName = kernel.defs.resource(found.resource).title === found.key
  if (!seen && !isName) throw unseen()
  const isMasked = seen ? seen.masked.has(found.key) : isProtected(found.field)
  return {
    column,
    field: found.field,
    resource: found.resource,
    isMasked,
    isClosed: isMasked || isProtected(found.field),
    scope: isBeyond && !isName ? (seen?.filter ?? null) : null,
  }
}

function resolveGathered(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  column: GatheredColumn,
  action: 'read' | 'export',
): ResolvedGathered {
  const { of, by, field, date, where } = column
  if (!kernel.defs.resources.has(of)) throw gone()
  const child = kernel.resource(of)
  const permission = kernel.access.can(ctx.actor, 'read', of)
  const leaving = action === 'export' ? kernel.access.can(ctx.actor, 'export', of) : permission
  if (!permission || !leaving) throw unseen()
  const way = child.byKey.get(by)
  if (!way || way.type !== 'uuid' || !leadsTo(kernel.defs, way.field, c.r.table)) throw gone()
  const asked = where ? pathsOf(where) : []
  const used = [by, ...[field, date].filter((key) => key !== null)]
  for (const key of used) if (!child.byKey.has(key)) throw gone()
  for (const path of asked) if (!kernel.defs.path(of, path)) throw gone()
  guardHidden(kernel, ctx, child, permission, [...used, ...asked])
  const problem = (message: string) => invalid([{ field: `columns.${column.key}`, message }])
  if (date && !kindOf(child.r.fields[date]!).isDated) throw problem('先后要按一个日期')
  for (const path of [...used, ...asked]) {
    const found = kernel.defs.path(of, path)
    const masked = found && kernel.access.can(ctx.actor, 'read', found.resource)?.masked.has(found.key)
    if (masked || (found?.field && isProtected(found.field))) throw problem('受保护的字段不能从其他记录汇集')
  }
  return { column, child, scopes: [permission.filter, leaving.filter] }
}
const leadsTo = (defs: Definitions, field: Field, table: string): boolean => {
  const { target } = field.options as { target?: string }
  return target !== undefined && defs.resources.get(target)?.table === table
}
function guardHidden(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, paths: readonly string[]): void {
  try {
    refuseHidden(kernel, ctx, c, permission, paths)
  } catch (error) {
    if (error instanceof Refusal) throw unseen()
    throw error
  }
}

/** What conditions, order, groups and totals ask of the columns. */
function proveUses(spec: ReportSpec, fields: Fields, closed: ReadonlySet<string>): FieldProblem[] {
  const problems: FieldProblem[] = []
  const tell = (key: string, message: string) => void problems.push({ field: `columns.${key}`, message })
  const labelOf = (key: string): string => fields[key]?.label ?? key
  const filtered = spec.filter ? pathsOf(spec.filter) : []
  for (const key of [...filtered, ...spec.sort.map((one) => one.replace(/^-/, ''))])
    if (closed.has(key)) tell(key, `“${labelOf(key)}”受保护，不能作为条件或排序`)
  for (const text of spec.group) {
    const { path: key, grain, division, bands } = readGroupKey(text)!
    const field = fields[key]
    if (!field) continue
    const isDated = kindOf(field).isDated === true
    if (closed.has(key) || !isReportKey(field)) tell(key, `不能按“${field.label}”分组`)
    else if (division || (bands && (bands.by === 'value' ? !isTotalled(field) : !isDated))) tell(key, `“${field.label}”不能这样分组`)
    else if (!bands && (grain ? !isDated : field.kind === 'dateTime')) tell(key, `“${field.label}”请按年、季度、月、周或日分组`)
  }
  for (const text of spec.totals) {
    const { path: key } = readTotalKey(text)!
    const field = fields[key]
    if (field && (closed.has(key) || !isTotalled(field))) tell(key, `“${field.label}”不是可以汇总的数字`)
  }
  for (const column of spec.columns)
    if (column.kind === 'formula')
      for (const key of new Set(column.expression.match(/\b[A-Z]{1,2}\b/g) ?? []))
        if (closed.has(key)) tell(column.key, `公式不能用受保护的“${labelOf(key)}”`)
  return problems
}
