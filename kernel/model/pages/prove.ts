import type { Definitions, ResolvedResource } from '../definitions.ts'
import { isProtected } from '../fields/classes.ts'
import { kindOf } from '../fields/kinds.ts'
import { isTotalled } from '../fields/totals.ts'
import { pathsOf, type Filter } from '../filter/filter.ts'
import { readGroupKey } from '../group-keys.ts'
import type { FieldProblem } from '../refusals.ts'
import { readTotalKey } from '../summary.ts'
import type { ChartSpec, ListBlock, Page, PageBlock } from './page.ts'
import { lacksOf } from './read.ts'

type Report = (field: string, message: string) => void

/** What a page lacks, and what does not fit this program: types, fields and roles that nobody knows, fields that cannot be grouped or added up; each at its place. Empty when all is well. */
export function provePage(defs: Definitions, page: Page): FieldProblem[] {
  const problems: FieldProblem[] = [...lacksOf(page)]
  const report: Report = (field, message) => problems.push({ field, message })
  for (const at of ['who', 'home'] as const)
    page[at].forEach((role, n) => {
      if (!defs.roles.has(role)) report(`${at}.${n}`, '这个角色已经不存在')
      else if (at === 'home' && page.who.length && !page.who.includes(role)) report(`${at}.${n}`, '这个角色看不到本页')
    })
  page.filters.forEach(({ resource, paths }, n) => {
    if (!defs.path(resource, paths[0]!)?.field) report(`filters.${n}`, '这个字段已经不存在')
    else if (isProtected(defs.path(resource, paths[0]!)!.field!)) report(`filters.${n}`, '受保护的字段不能作为共用筛选')
  })
  for (const block of page.blocks) proveBlock(defs, block, (field, message) => report(`blocks.${block.id}${field && `.${field}`}`, message))
  return problems
}
function proveBlock(defs: Definitions, block: PageBlock, report: Report): void {
  if (block.kind === 'chart') proveChart(defs, block.chart, report)
  if (block.kind === 'list') proveList(defs, block, report)
}
/** The type that a block is of; one without is told among what it lacks. */
function proveSource(defs: Definitions, { resource, view, filter }: ChartSpec | ListBlock, report: Report): ResolvedResource | null {
  const r = defs.resources.get(resource)
  if (!resource) return null
  if (!r) return (report('resource', '这种记录已经不存在'), null)
  if (view !== null && !isId(view) && !r.list?.views?.some(({ name }) => name === view)) report('view', '这个视图已经不存在')
  proveFilter(defs, r, filter, report)
  return r
}
const isId = (view: string): boolean => view.length === 36
function proveFilter(defs: Definitions, r: ResolvedResource, filter: Filter | null, report: Report): void {
  const rows = (path: string): boolean => r.fields[path.split('.')[0]!]?.kind === 'rows'
  const gone = filter && pathsOf(filter).find((path) => !rows(path) && !defs.path(r.name, path))
  if (gone) report('filter', `“${gone}”这个字段已经不存在`)
}
function proveList(defs: Definitions, block: ListBlock, report: Report): void {
  const r = proveSource(defs, block, report)
  if (!r) return
  for (const path of block.columns) if (!defs.path(r.name, path)) report('columns', `“${path}”这个字段已经不存在`)
  for (const key of block.sort) if (!defs.path(r.name, key.replace(/^-/, ''))) report('sort', `“${key}”这个字段已经不存在`)
}
function proveChart(defs: Definitions, chart: ChartSpec, report: Report): void {
  const r = proveSource(defs, chart, report)
  if (!r) return
  for (const text of chart.group) proveGroup(defs, r, text, (message) => report('group', message))
  if (chart.detail !== null) proveGroup(defs, r, chart.detail, (message) => report('detail', message))
  for (const text of chart.measures) {
    const key = readTotalKey(text)
    if (!key) continue
    const field = defs.path(r.name, key.path)?.field
    if (!field) report('measures', `“${key.path}”这个字段已经不存在`)
    else if (isProtected(field) || !isTotalled(field)) report('measures', `“${field.label}”不是可以汇总的数字`)
  }
  const compared = chart.compare && defs.path(r.name, chart.compare.date)
  if (chart.compare && (!compared || (compared.kind !== 'date' && compared.kind !== 'dateTime'))) report('compare', '请选择日期字段')
}
const unkeyed = new Set(['longText', 'signature', 'rows'])
function proveGroup(defs: Definitions, r: ResolvedResource, text: string, report: (message: string) => void): void {
  const key = readGroupKey(text)
  const found = key && defs.path(r.name, key.path)
  if (!key || !found) return report(`“${key?.path ?? text}”这个字段已经不存在`)
  const label = found.field?.label ?? key.path
  const isDated = found.kind === 'date' || found.kind === 'dateTime'
  if (found.field && isProtected(found.field)) return report(`“${label}”受保护，不能分组`)
  if (key.division) return found.kind === 'address' ? undefined : report(`“${label}”不是地址，不能按省市分组`)
  if (key.bands) return (key.bands.by === 'value' ? found.field && isTotalled(found.field) : isDated) ? undefined : report(`“${label}”不能这样分段`) // prettier-ignore
  if (key.grain ? !isDated : found.kind === 'dateTime') return report(`“${label}”请按年、季度、月、周或日分组`)
  if (unkeyed.has(found.kind) || (found.field && kindOf(found.field).schema(found.field)['type'] === 'array'))
    report(`不能按“${label}”分组`)
}
