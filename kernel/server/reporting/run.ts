import { compileReportFormula, formulaNumber, type FormulaValue } from '#kernel/model/expression/report-formula.ts'
import {
  bandOf, bandOfDay, dayOf, formulaTypes, grainOf, isCondition, isProtected, isTotalled, kindOf, matches, mostGroups, pathsOf, readGroupKey, readTotalKey, Refusal, totalOf,
  type Field, type Filter, type GroupKey, type GroupPath, type ReportAnswer, type ReportSpec, type Scalar, type Titles, type Total, type TotalValue,
} from '#model' // prettier-ignore
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { namesOf } from '../records/titles.ts'
import { inOrder, type Compare } from './order.ts'
import { resolveReport, type ResolvedReport } from './resolve.ts'
import { parted, readRows, wantedOf, wordsOf, type ReportRow } from './rows.ts'

export interface Evaluated {
  report: ResolvedReport
  rows: ReportRow[]
  titles: Titles
}
/** As with lists: what takes longer is refused. Milliseconds. */
const longest = 5000
/** So many rows are worked through before others get their turn. */
const atOnce = 1000

/** All rows of a report for this reader, in its order. Read at one moment: what is added up belongs together. */
export async function evaluateReport(
  kernel: Kernel,
  ctx: Context,
  spec: ReportSpec,
  action: 'read' | 'export' = 'read',
): Promise<Evaluated> {
  const report = judgeReport(kernel, ctx, spec, action)
  return kernel.transaction(ctx, async (tx) => {
    await tx.db.once('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await tx.db.once(`SET LOCAL statement_timeout = ${longest}`)
    return evaluateWithin(kernel, tx, report)
  })
}
/** Refuses what this reader may not ask, without asking. */
export function judgeReport(kernel: Kernel, ctx: Context, spec: ReportSpec, action: 'read' | 'export' = 'read'): ResolvedReport {
  const report = resolveReport(kernel, ctx, spec, action)
  refuseTrees(report, parted(report).late)
  return report
}
/** The same within a transaction that sees one moment, and is as patient as its caller wants. */
export async function evaluateWithin(kernel: Kernel, tx: Context, report: ResolvedReport): Promise<Evaluated> {
  const { late } = parted(report)
  const all = await readRows(kernel, tx, report)
  const referring = Object.entries(report.fields).filter(([key]) => report.paths.some((p) => p.column.key === key) || report.gathered.some((g) => g.column.key === key)) // prettier-ignore
  const titles = await namesOf(kernel, tx, wantedOf(referring.map(([key, field]) => [field, all.map((row) => row[key])] as const)))
  await compute(kernel, tx, report, all, titles)
  const world = { ...kernel.world(tx), read: (row: Readonly<Record<string, unknown>>, key: string) => row[key], fieldAt: (key: string) => report.fields[key] } // prettier-ignore
  const rows = late ? all.filter((row) => matches(late, row, world)) : all
  return inItsOrder({ report, rows, titles })
}

/** As the report sorts. */
export const inItsOrder = ({ report, rows, titles }: Evaluated): Evaluated => ({
  report,
  rows: rows.sort(comparing(report, titles)),
  titles,
})

export interface ReportPart {
  offset: number
  limit: number
  /** Narrows it to one group. */
  within: GroupPath | null
}
/** One page of a report, its groups and totals. */
export async function runReport(kernel: Kernel, ctx: Context, spec: ReportSpec, part: ReportPart): Promise<ReportAnswer> {
  return partOf(await evaluateReport(kernel, ctx, spec), part, kernel.world(ctx).today)
}
/** The same of what was evaluated that day. */
export function partOf(evaluated: Evaluated, { offset, limit, within: asked }: ReportPart, today: string): ReportAnswer {
  const groups = groupsOf(evaluated, today)
  const within = asked && keyText(asked)
  const rows = within ? (groups.get(within)?.rows ?? []) : evaluated.rows
  const figures = [...groups.values()].map(({ keys, rows: own }) => ({ keys, count: own.length, totals: totalsOf(evaluated, own) }))
  return {
    count: rows.length,
    rows: rows.slice(offset, offset + limit),
    titles: evaluated.titles,
    groups: figures.slice(0, mostGroups),
    totals: totalsOf(evaluated, rows),
    more: figures.length > mostGroups,
  }
}

/** Formula columns, from left to right, over what the columns say: numbers as numbers, everything else in words. */
async function compute(kernel: Kernel, ctx: Context, report: ResolvedReport, rows: readonly ReportRow[], titles: Titles): Promise<void> {
  const types = formulaTypes(report.fields)
  const readers = Object.entries(types).map(([key, type]) => ({ key, type, field: report.fields[key]! }))
  const formulas = report.spec.columns.filter((column) => column.kind === 'formula')
  if (formulas.length === 0) return
  const run = formulas.map((column) => ({ key: column.key, isNumber: types[column.key] === 'number', value: compileReportFormula(column.expression, types) })) // prettier-ignore
  const { today } = kernel.world(ctx)
  for (const [at, row] of rows.entries()) {
    if (at % atOnce === atOnce - 1) await new Promise(setImmediate)
    const given: Record<string, FormulaValue> = { today }
    for (const { key, type, field } of readers) given[key] = operand(row[key], type, field, titles)
    for (const { key, isNumber, value } of run) {
      const found = value(given)
      given[key] = found
      row[key] = isNumber && typeof found === 'number' ? formulaNumber(found) : found
    }
  }
}
function operand(value: unknown, type: 'number' | 'text' | 'boolean', field: Field, titles: Titles): FormulaValue {
  if (value === null || value === undefined) return null
  if (type === 'number') return Number(value)
  if (type === 'boolean') return value === true
  return field.kind === 'date' ? String(value) : wordsOf(field, value, titles)
}

interface Gathered {
  keys: (Scalar | null)[]
  rows: ReportRow[]
}
function groupsOf({ report, rows, titles }: Evaluated, today: string): Map<string, Gathered> {
  const asked = report.spec.group.map((text) => readGroupKey(text)!)
  const groups = new Map<string, Gathered>()
  if (asked.length === 0) return groups
  for (const row of rows) {
    const keys = asked.map((key) => keyOf(row[key.path], report.fields[key.path]!, key, today))
    const text = keyText(keys)
    const known = groups.get(text)
    if (known) known.rows.push(row)
    else groups.set(text, { keys, rows: [row] })
  }
  const compares = asked.map(({ path, grain, bands }) => (bands ? numeric : grain ? plain : inOrder(report.fields[path]!, titles)))
  return new Map([...groups].sort(([, a], [, b]) => firstOther(compares.map((compare, at) => emptyLast(compare, a.keys[at], b.keys[at])))))
}
const keyText = (keys: GroupPath): string => JSON.stringify(keys)
function keyOf(value: unknown, field: Field, { grain, bands }: GroupKey, today: string): Scalar | null {
  if (value === null || value === undefined || value === '') return null
  if (bands?.by === 'value') return bandOf(Number(value), bands.edges)
  if (!grain && !bands) return value as Scalar
  const day = field.kind === 'dateTime' ? dayOf(new Date(String(value))) : String(value)
  return bands ? bandOfDay(day, bands, today) : grainOf(day, grain!)
}

const totalNames: Readonly<Record<string, Total>> = { sum: 'sum', avg: 'average', min: 'min', max: 'max' }
const totalsOf = ({ report }: Evaluated, rows: readonly ReportRow[]): TotalValue[] =>
  report.spec.totals.map((text) => {
    const { path, by } = readTotalKey(text)!
    return totalOf(
      totalNames[by]!,
      rows.map((row) => row[path]),
    )
  })

function comparing({ spec, fields }: ResolvedReport, titles: Titles): (a: ReportRow, b: ReportRow) => number {
  const order = spec.sort.map((text) => {
    const key = text.replace(/^-/, '')
    return { key, sign: text.startsWith('-') ? -1 : 1, compare: isTotalled(fields[key]!) ? numeric : inOrder(fields[key]!, titles) }
  })
  return (a, b) =>
    firstOther(order.map(({ key, sign, compare }) => emptyLast((x, y) => sign * compare(x, y), a[key], b[key]))) || plain(a.id, b.id)
}
const firstOther = (list: readonly number[]): number => list.find((one) => one !== 0) ?? 0
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''
const emptyLast = (compare: Compare, a: unknown, b: unknown): number =>
  isEmpty(a) || isEmpty(b) ? Number(isEmpty(a)) - Number(isEmpty(b)) : compare(a, b)
const plain: Compare = (a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0)
const numeric: Compare = (a, b) => Number(a) - Number(b)

/** What stands below a record of a tree is known to the database only. */
function refuseTrees({ fields }: ResolvedReport, late: Filter | null): void {
  if (!late) return
  const visit = (filter: Filter): Filter[] =>
    isCondition(filter) ? [filter] : 'and' in filter ? filter.and.flatMap(visit) : 'or' in filter ? filter.or.flatMap(visit) : 'not' in filter ? visit(filter.not) : [filter] // prettier-ignore
  for (const one of visit(late)) {
    const [key = ''] = pathsOf(one)
    const field = fields[key]
    const isTree = field && 'parent' in field.options && (field.options as { target: string }).target !== 'directory.unit'
    if (!isCondition(one) || !field || isProtected(field) || !kindOf(field).operators.includes(one.op) || (isTree && one.op === 'under'))
      throw new Refusal('badFilter', `“${field?.label ?? key}”的这个条件不能和汇集或公式列一起用`)
  }
}
