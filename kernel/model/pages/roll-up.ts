import type { Definitions, ResolvedResource } from '../definitions.ts'
import { isProtected } from '../fields/classes.ts'
import { isTotalled } from '../fields/totals.ts'
import { isCondition, pathsOf, type Condition, type Filter } from '../filter/filter.ts'
import { readGroupKey, type GroupKey } from '../group-keys.ts'
import { readTotalKey, type TotalKey } from '../summary.ts'
import type { ChartSpec, Page } from './page.ts'

/** Figures of one type counted beforehand by its unit and some keys. Without the unit it would answer nobody whose rights end at units. */
export interface RollUp {
  name: string
  resource: string
  unit: string
  /** `level`, `on:month` */
  keys: readonly string[]
  /** What is added up. */
  sums: readonly string[]
}
const mostKeys = 6
const cellGrains = new Set(['year', 'quarter', 'month'])

/** The unit that owns a row, where it is a field of the row itself. */
function unitOf(r: ResolvedResource): string | null {
  const { department } = r.owner
  const field = department === undefined ? undefined : r.fields[department]
  const isUnit = field !== undefined && 'target' in field.options && field.options.target === 'directory.unit'
  // A unit that follows another record moves without a line of history. Under approval not everybody sees every row of his units.
  return isUnit && !field.derived && !r.approval ? department! : null
}
function isKey(r: ResolvedResource, text: string): boolean {
  const key = readGroupKey(text)
  const field = key && r.fields[key.path]
  if (!field || isProtected(field) || field.derived) return false
  if (key.grain) return field.kind === 'date' && cellGrains.has(key.grain)
  return !key.bands && !key.division && (field.kind === 'choice' || field.kind === 'boolean')
}

/** What the charts of all pages ask of types that have a unit: a roll-up for each set of keys. */
export function rollUpsOf(defs: Definitions): RollUp[] {
  const found = [...defs.pages.values()].flatMap((page) =>
    page.blocks.flatMap((block) => (block.kind === 'chart' ? (rollUpOf(defs, page, block.chart) ?? []) : [])),
  )
  return [...new Map(found.map((one) => [one.name, one])).values()]
}
function rollUpOf(defs: Definitions, page: Page, chart: ChartSpec): RollUp | null {
  const r = defs.resources.get(chart.resource)
  const unit = r && unitOf(r)
  if (!r || !unit || chart.view !== null || chart.compare !== null) return null
  const shared = page.filters.flatMap(({ paths }) => paths.find((path) => defs.path(r.name, path)?.field) ?? [])
  const asked = [...chart.group, ...(chart.filter ? pathsOf(chart.filter) : []), ...(chart.detail ? [chart.detail] : [])]
  const needed = asked.filter((text) => text !== unit)
  if (!needed.every((text) => isKey(r, text))) return null
  const keys = [...new Set([...needed, ...shared.filter((path) => isKey(r, path))])].sort()
  const sums = [...new Set(chart.measures.flatMap((text) => readTotalKey(text)?.path ?? []))].sort()
  if (keys.length > mostKeys || !sums.every((path) => isSummed(r, path))) return null
  return { name: [r.name, unit, keys.join(), sums.join()].join(' '), resource: r.name, unit, keys, sums }
}
function isSummed(r: ResolvedResource, path: string): boolean {
  const field = r.fields[path]
  return field !== undefined && isTotalled(field) && !isProtected(field) && !field.derived && field.kind !== 'formula'
}

/** A question as a roll-up answers it: on units apart from on keys. */
export interface RolledQuestion {
  rollUp: RollUp
  /** Conditions over the unit alone. */
  onUnit: Filter[]
  /** Conditions over single keys, by plain comparison. */
  onKeys: Condition[]
}
const plainOperators = new Set(['eq', 'in', 'ne', 'notIn', 'empty', 'notEmpty'])

/** The roll-up by which every key and condition of a question can be answered; null where there is none. */
export function rolledBy(
  rollUps: readonly RollUp[],
  asked: { resource: string; group: readonly GroupKey[]; totals: readonly TotalKey[]; texts: readonly string[]; filter: Filter | null },
): RolledQuestion | null {
  const parts = asked.filter ? partsOf(asked.filter) : []
  for (const rollUp of rollUps) {
    if (rollUp.resource !== asked.resource) continue
    const isOnUnit = (part: Filter) => pathsOf(part).every((path) => path === rollUp.unit)
    const onUnit = parts.filter(isOnUnit)
    const onKeys = parts.filter((part): part is Condition => !isOnUnit(part) && isCondition(part))
    const fits =
      onUnit.length + onKeys.length === parts.length &&
      onKeys.every(({ field, op, value }) => rollUp.keys.includes(field) && plainOperators.has(op) && isPlain(value)) &&
      asked.texts.every((text) => text === rollUp.unit || rollUp.keys.includes(text)) &&
      asked.totals.every(({ path, by }) => (by === 'sum' || by === 'avg') && rollUp.sums.includes(path))
    if (fits) return { rollUp, onUnit, onKeys }
  }
  return null
}
const isPlain = (value: Condition['value']): boolean =>
  value === undefined || typeof value !== 'object' || (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
const partsOf = (filter: Filter): readonly Filter[] => ('and' in filter ? filter.and.flatMap(partsOf) : [filter])
