import type { Scalar } from './filter/filter.ts'
import { readGroupKey } from './group-keys.ts'

export const aggregates = { sum: '合计', avg: '平均', min: '最小', max: '最大' } as const
export type Aggregate = keyof typeof aggregates

/** `sum:points` → what is worked out of which numbers. */
export interface TotalKey {
  path: string
  by: Aggregate
}
export function readTotalKey(text: string): TotalKey | null {
  const [by = '', path = '', ...rest] = text.split(':')
  return path && rest.length === 0 && Object.hasOwn(aggregates, by) ? { path, by: by as Aggregate } : null
}

export const chartKinds = {
  number: '数字', bar: '条形图', stacked: '堆积条形图', column: '柱形图', line: '折线图', axes: '双轴图', pie: '饼图', ring: '环形图',
  radar: '雷达图', funnel: '漏斗图', pivot: '透视表', division: '行政区划图', scatter: '散点图',
} as const // prettier-ignore
export type ChartKind = keyof typeof chartKinds
/** How many keys and measures a kind draws, from and to. */
export const chartNeeds: Readonly<
  Record<ChartKind, { keys: readonly [least: number, most: number]; measures: readonly [least: number, most: number] }>
> = {
  number: { keys: [0, 0], measures: [1, 1] },
  bar: { keys: [1, 2], measures: [1, 4] },
  stacked: { keys: [1, 2], measures: [1, 4] },
  column: { keys: [1, 2], measures: [1, 4] },
  line: { keys: [1, 2], measures: [1, 4] },
  axes: { keys: [1, 1], measures: [2, 2] },
  pie: { keys: [1, 1], measures: [1, 1] },
  ring: { keys: [1, 1], measures: [1, 1] },
  radar: { keys: [1, 2], measures: [1, 4] },
  funnel: { keys: [1, 1], measures: [1, 1] },
  pivot: { keys: [1, 2], measures: [1, 4] },
  division: { keys: [1, 1], measures: [1, 1] },
  scatter: { keys: [1, 2], measures: [2, 2] },
}
/** What a list and a report can be drawn as: with one measure. */
export const listChartKinds = Object.fromEntries(
  Object.entries(chartKinds).filter(([kind]) => chartNeeds[kind as ChartKind].measures[0] === 1),
) as Partial<Record<ChartKind, string>>
/** A list's chart: by one key or two, counting or of one total. */
export interface ListChart {
  kind: ChartKind
  group: string[]
  total: string | null
}
/** `bar,level,on:month,sum:points` as it stands in addresses and views; null when it is none. */
export function readListChart([kind = '', ...rest]: readonly string[]): ListChart | null {
  if (!Object.hasOwn(listChartKinds, kind)) return null
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
