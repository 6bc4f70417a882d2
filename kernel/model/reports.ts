import { isProtected } from './fields/classes.ts'
import { boolean, decimal, formula, integer, text } from './fields/factories.ts'
import type { Field, Fields } from './fields/field.ts'
import { isTotalled } from './fields/totals.ts'
import { kindOf } from './fields/kinds.ts'
import { pathsOf, readFilter, type Filter, type Scalar } from './filter/filter.ts'
import { checkReportFormula, type FormulaType } from './expression/report-formula.ts'
import { group, may, module, page } from './module.ts'
import { readGroupKey } from './group-keys.ts'
import { invalid, type FieldProblem } from './refusals.ts'
import { listChartKinds, readTotalKey, type ChartKind, type SummaryGroup, type TotalValue } from './summary.ts'

/** How the records that point at a record are gathered into one value. */
export const gathers = { count: '个数', first: '最早一条的', last: '最近一条的', list: '逐条列出', sum: '合计', avg: '平均', min: '最小', max: '最大' } as const // prettier-ignore
export type Gather = keyof typeof gathers

interface Common {
  /** `A`, `B` … `AA`: what formulas, conditions and groups call it; keeps its letter when columns are moved. */
  key: string
  label: string
}
/** A field of the record, or of one that it references. */
export interface PathColumn extends Common {
  kind: 'path'
  path: string
}
/** Something of the records of another type that point at the record: only those approved. */
export interface GatheredColumn extends Common {
  kind: 'gathered'
  of: string
  by: string
  how: Gather
  /** What of them; none for their number. */
  field: string | null
  /** By which day they are first and last; by when they were entered, if none. */
  date: string | null
  /** Only these. */
  where: Filter | null
}
/** Worked out of the columns before it. */
export interface FormulaColumn extends Common {
  kind: 'formula'
  expression: string
}
export type ReportColumn = PathColumn | GatheredColumn | FormulaColumn
export interface ReportSpec {
  base: string
  columns: ReportColumn[]
  /** Over the columns' letters, as are sort (`-B`), groups (`C:month`) and totals (`sum:D`). */
  filter: Filter | null
  sort: string[]
  group: string[]
  totals: string[]
  chart: ChartKind | null
}
export interface Report {
  id: string
  name: string
  owner: string
  ownerName: string
  isShared: boolean
  isLocked: boolean
  /** Empty of content where there is a problem. */
  state: ReportSpec
  version: number
  mayChange: boolean
  /** Why it cannot be shown to this reader as it is kept. */
  problem: string | null
}
/** POST /api/reports/run */
export interface ReportAnswer {
  /** How many rows there are in all. */
  count: number
  rows: ({ id: string } & Record<string, unknown>)[]
  titles: Record<string, Record<string, string>>
  groups: SummaryGroup[]
  /** The totals over all rows. */
  totals: TotalValue[]
  /** There are more groups than are answered. */
  more: boolean
}
/** What a report may gather: a type that points at the base, by which field. GET /api/reports/sources/:base */
export interface ReportSource {
  of: string
  label: string
  by: string
  byLabel: string
}
export const mostColumns = 40
/** So many records are worked with at most; more ask for a narrower condition. */
export const mostReportRows = 20_000
export type GroupPath = readonly (Scalar | null)[]

export const reportsModule = module('reports', {
  label: '报表',
  rights: { 'reports.use': '查看和组合报表（各人只看到自己有权看的记录和字段）' },
  roles: {
    staffMember: [may.use('reports.use')],
  },
  menu: [group('统计', [page('/reports', '报表', 'reports.use', { icon: 'bar-chart' })])],
})

/** The letter of the n-th column: A … Z, AA … */
export const columnLetter = (at: number): string =>
  at < 26 ? String.fromCharCode(65 + at) : `${columnLetter(Math.floor(at / 26) - 1)}${columnLetter(at % 26)}`
/** The first letter that no column has. */
export function freeLetter(columns: readonly ReportColumn[]): string {
  const used = new Set(columns.map(({ key }) => key))
  for (let at = 0; ; at++) if (!used.has(columnLetter(at))) return columnLetter(at)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isWord = (value: unknown, most = 200): value is string => typeof value === 'string' && value.length > 0 && value.length <= most
const words = (value: unknown, most: number): string[] | null =>
  Array.isArray(value) && value.length <= most && value.every((one): one is string => isWord(one)) ? value : null

/** A report as it comes from outside; refuses what is none, each problem at its place. What its names mean is judged by whoever runs it. */
export function readReport(given: unknown): ReportSpec {
  const { base, columns, filter = null, sort = [], group: groups = [], totals = [], chart = null } = isObject(given) ? given : {}
  const problems: FieldProblem[] = []
  if (!isWord(base)) problems.push({ field: 'base', message: '请选择从哪类记录出发' })
  const read = Array.isArray(columns) ? columns.map((column, at) => readColumn(column, at, problems)) : []
  if (read.length === 0) problems.push({ field: 'columns', message: '请至少选择一列' })
  if (read.length > mostColumns) problems.push({ field: 'columns', message: `最多 ${mostColumns} 列` })
  const kept = read.filter((column) => column !== null)
  const keys = new Set(kept.map(({ key }) => key))
  if (keys.size !== kept.length) problems.push({ field: 'columns', message: '列的字母重复了' })
  const condition = filter === null ? null : readFilter(filter)
  if (filter !== null && !condition) problems.push({ field: 'filter', message: '看不懂条件' })
  const [sorts, grouped, sums] = [words(sort, 5), words(groups, 2), words(totals, 10)]
  if (
    !sorts ||
    !grouped?.every(readGroupKey) ||
    !sums?.every(readTotalKey) ||
    (chart !== null && !Object.hasOwn(listChartKinds, String(chart)))
  )
    problems.push({ field: 'columns', message: '看不懂这份报表' })
  else {
    const asked = [
      ...(condition ? pathsOf(condition) : []),
      ...sorts.map((key) => key.replace(/^-/, '')),
      ...grouped.map((one) => readGroupKey(one)!.path),
      ...sums.map((one) => readTotalKey(one)!.path),
    ]
    const gone = asked.find((key) => !keys.has(key))
    if (gone !== undefined && !problems.length) problems.push({ field: 'columns', message: `条件、排序或分组用到的列“${gone}”不在报表里` })
  }
  if (problems.length) throw invalid(problems)
  return {
    base: base as string,
    columns: kept,
    filter: condition,
    sort: sorts!,
    group: grouped!,
    totals: sums!,
    chart: chart as ChartKind | null,
  }
}
function readColumn(given: unknown, at: number, problems: FieldProblem[]): ReportColumn | null {
  const { kind, key, label, path, of, by, how, field = null, date = null, where = null, expression } = isObject(given) ? given : {}
  const place = `columns.${isWord(key, 2) ? key : at}`
  const bad = (message: string): null => {
    problems.push({ field: place, message })
    return null
  }
  if (!isWord(key, 2) || !/^[A-Z]{1,2}$/.test(key)) return bad('列的字母不对')
  if (!isWord(label, 40) || !label.trim()) return bad('请填写列名，不超过 40 字')
  const common = { key, label: label.trim() }
  if (kind === 'path') return isWord(path) ? { ...common, kind, path } : bad('请选择字段')
  if (kind === 'formula') return typeof expression === 'string' ? { ...common, kind, expression } : bad('请填写公式')
  if (kind !== 'gathered' || !isWord(of) || !isWord(by) || !isWord(how) || !Object.hasOwn(gathers, how)) return bad('看不懂这一列')
  if ((field !== null && !isWord(field)) || (date !== null && !isWord(date))) return bad('看不懂这一列')
  if (how !== 'count' && field === null) return bad('请选择取哪个字段')
  const condition = where === null ? null : readFilter(where)
  if (where !== null && !condition) return bad('看不懂条件')
  return { ...common, kind, of, by, how: how as Gather, field: how === 'count' ? null : field, date, where: condition }
}

/** Finds the field at a path of a type; undefined where there is none for this reader. */
export type FindField = (resource: string, path: string) => Field | undefined

/** Every column as a field of its own, under its letter: what conditions, cells and files need to know of it. What is wrong is told at the column. */
export function reportFields(
  columns: readonly ReportColumn[],
  base: string,
  find: FindField,
): { fields: Fields; problems: FieldProblem[] } {
  const fields: Record<string, Field> = {}
  const problems: FieldProblem[] = []
  for (const column of columns) {
    const made = column.kind === 'formula' ? formulaField(column, fields) : plainField(column, base, find)
    if (typeof made === 'string') problems.push({ field: `columns.${column.key}`, message: made })
    else fields[column.key] = made
  }
  return { fields, problems }
}
function plainField(column: PathColumn | GatheredColumn, base: string, find: FindField): Field | string {
  const { label } = column
  if (column.kind === 'gathered' && column.how === 'count') return integer(label)
  const field = column.kind === 'path' ? find(base, column.path) : find(column.of, column.field!)
  if (!field) return '这一列的字段已经不存在，或没有查看权限'
  if (isUnshowable(field)) return `“${field.label}”不能作为报表的列`
  if (column.kind === 'path') return bare(field, label)
  const isNumber = isTotalled(field)
  switch (column.how) {
    case 'list':
      return text(label)
    case 'avg':
      return isNumber ? decimal(label, 2) : `“${field.label}”不是可以平均的数字`
    case 'sum':
      return isNumber ? totalled(field, label) : `“${field.label}”不是可以合计的数字`
    case 'min':
    case 'max':
      return isNumber ? totalled(field, label) : kindOf(field).isDated ? bare(field, label) : `“${field.label}”不是数字或日期`
    default:
      return bare(field, label)
  }
}
/** The field as it is shown: nothing of how it is filled in. */
function bare({ kind, options, class: own }: Field, label: string): Field {
  return { kind, label, required: false, options, ...(own ? { class: own } : {}) }
}
function totalled(field: Field, label: string): Field {
  const { scale, result } = field.options as { scale?: number; result?: string }
  return scale !== undefined ? decimal(label, scale) : result === 'decimal' ? decimal(label, 2) : integer(label)
}
/** Sub-tables, files and what is never read back are no column of a report. */
export const isUnshowable = (field: Field): boolean =>
  field.kind === 'rows' || kindOf(field).isWriteOnly === true || kindOf(field).holdsFiles !== undefined

function formulaField(column: FormulaColumn, before: Fields): Field | string {
  const checked = checkReportFormula(column.expression, formulaTypes(before))
  if ('problem' in checked) return checked.problem
  if (checked.type === 'boolean') return boolean(column.label)
  return checked.type === 'text' ? text(column.label) : formula(column.label, column.expression, 'decimal')
}
/** What columns are to a formula: numbers, yes or no, else their words. Protected ones are nothing to it. */
export function formulaTypes(fields: Fields): Record<string, FormulaType> {
  const open = Object.entries(fields).filter(([, field]) => !isProtected(field))
  return Object.fromEntries(
    open.map(([key, field]) => [
      key,
      isTotalled(field) ? 'number' : kindOf(field).schema(field)['type'] === 'boolean' ? 'boolean' : 'text',
    ]),
  )
}
/** Can a report's rows be grouped by this column? */
export const isReportKey = (field: Field): boolean =>
  !isProtected(field) && !kindOf(field).isLong && !['array', 'object'].includes(String(kindOf(field).schema(field)['type']))
