import { dayOf } from './clock/day.ts'
import type { Filter, Scalar } from './filter/filter.ts'

/** How finely days and instants are grouped. */
export const grains = { year: '年', month: '月', day: '日' } as const
export type Grain = keyof typeof grains
export const aggregates = { sum: '合计', avg: '平均', min: '最小', max: '最大' } as const
export type Aggregate = keyof typeof aggregates

/** `from:month` → what is grouped by, and how finely. */
export interface GroupKey {
  path: string
  grain: Grain | null
}
/** `sum:points` → what is worked out of which numbers. */
export interface TotalKey {
  path: string
  by: Aggregate
}
/** Reads a grouping as it stands in addresses and views; null when it is none. */
export function readGroupKey(text: string): GroupKey | null {
  const [path = '', grain = null, ...rest] = text.split(':')
  if (!path || rest.length || (grain !== null && !Object.hasOwn(grains, grain))) return null
  return { path, grain: grain as Grain | null }
}
export function readTotalKey(text: string): TotalKey | null {
  const [by = '', path = '', ...rest] = text.split(':')
  return path && rest.length === 0 && Object.hasOwn(aggregates, by) ? { path, by: by as Aggregate } : null
}

export const chartKinds = { bar: '条形图', stacked: '堆积条形图', line: '折线图', ring: '环形图', number: '数字' } as const
export type ChartKind = keyof typeof chartKinds
/** A list's chart: by one key or two, counting or of one total. */
export interface ListChart {
  kind: ChartKind
  group: string[]
  total: string | null
}
/** `bar,level,on:month,sum:points` as it stands in addresses and views; null when it is none. */
export function readListChart([kind = '', ...rest]: readonly string[]): ListChart | null {
  if (!Object.hasOwn(chartKinds, kind)) return null
  const total = rest.find((text) => readTotalKey(text) !== null) ?? null
  const group = rest.filter((text) => text !== total)
  const isWhole = group.length <= 2 && (group.length > 0 || kind === 'number')
  return isWhole && group.every((text) => readGroupKey(text) !== null) ? { kind: kind as ChartKind, group, total } : null
}
export const writeListChart = ({ kind, group, total }: ListChart): string[] => [kind, ...group, ...(total ? [total] : [])]

/** Numbers with a fraction travel as text, exact. */
export type TotalValue = number | string | null
export interface SummaryGroup {
  keys: (Scalar | null)[]
  count: number
  totals: TotalValue[]
}
export interface SummaryAnswer {
  groups: SummaryGroup[]
  titles: Record<string, Record<string, string>>
  /** There are more groups than are answered. */
  more: boolean
}
export const mostGroups = 500

/** The filter that lets through the rows of one group: a figure that is clicked leads to the records that make it. */
export function groupFilter({ path, grain }: GroupKey, key: Scalar | null, isInstant: boolean): Filter {
  if (key === null) return { field: path, op: 'empty' }
  if (grain === null) return { field: path, op: 'eq', value: key }
  const [first, next] = span(String(key), grain)
  if (isInstant) return { and: [{ field: path, op: 'gte', value: first }, { field: path, op: 'lt', value: next }] } // prettier-ignore
  const last = new Date(Date.parse(`${next}T12:00:00Z`) - 86_400_000)
  return { field: path, op: 'between', value: [first, dayOf(last)] }
}
/** The first day of a year, month or day, and the first after it. */
function span(key: string, grain: Grain): [first: string, next: string] {
  const [year = 0, month = 1, day = 1] = key.split('-').map(Number)
  const text = (y: number, m: number, d: number) => new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10)
  const next = { year: text(year + 1, 1, 1), month: text(year, month + 1, 1), day: text(year, month, day + 1) }[grain]
  return [text(year, grain === 'year' ? 1 : month, grain === 'day' ? day : 1), next]
}
/** `2026-06` → `2026 年 6 月` */
export function grainText(key: string, grain: Grain): string {
  const [year, month, day] = key.split('-').map(Number)
  return { year: `${year} 年`, month: `${year} 年 ${month} 月`, day: `${year} 年 ${month} 月 ${day} 日` }[grain]
}
