import {
  aggregates, both, groupFilter, readGroupKey, readTotalKey, grains,
  type ChartAnswer, type ChartSpec, type ClientResource, type FigureFormat, type Filter, type Scalar, type SummaryGroup,
} from '#model' // prettier-ignore
import { chartOf, figureText, keyWord, type ChartData } from '../charts/chart-data.ts'
import type { Catalog } from '../definitions/catalog.ts'
import { inOrder } from '../list/groups/group-order.ts'
import { keyLabel } from '../list/groups/group-words.tsx'

/** A chart's figures as they are drawn, and the way from each to its records. */
export interface Drawn {
  data: ChartData
  label: string
  whole: string
  /** How it moved against the period before. */
  beside: string | undefined
  format: (value: number) => string
  /** The records behind a figure; null where there is no way to them. */
  filterOf: (category: number, series: number) => Filter | null
}
interface Given {
  chart: ChartSpec
  answer: ChartAnswer
  catalog: Catalog
  resource: ClientResource
  today: string
}

const restKey = '\u0000rest'
const scales = { plain: 1, thousand: 1000, tenThousand: 10_000, percent: 0.01 } as const
/** 1.2 万元 */
export function figureFormat({ scale, digits, unit }: FigureFormat): (value: number) => string {
  const behind = `${{ plain: '', thousand: ' 千', tenThousand: ' 万', percent: '%' }[scale]}${unit && ` ${unit}`}`
  return (value) => {
    const scaled = value / scales[scale]
    const said = digits === null ? figureText(scaled) : scaled.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
    return said + behind
  }
}
/** 学分合计; 条数 */
export function measureLabel(text: string, catalog: Catalog, resource: ClientResource): string {
  const key = readTotalKey(text)
  return key ? `${catalog.find(resource, key.path)?.label ?? key.path}${aggregates[key.by]}` : '条数'
}
const isAdditive = (measure: string): boolean => measure === 'count' || measure.startsWith('sum:')

export function drawn(given: Given): Drawn {
  const { chart, answer, catalog, resource } = given
  const { group, measures, compare } = chart
  const format = figureFormat(chart.format)
  const labels = measures.map((text) => measureLabel(text, catalog, resource))
  const wordOf = (level: number, key: Scalar | null) =>
    key === restKey ? '其他' : keyWord(group[level] ?? '', fieldAt(given, level)?.field, key, answer.titles, catalog.unitName)
  const figure = ({ count, totals }: SummaryGroup, at: number): number => {
    const place = measures.slice(0, at).filter((text) => text !== 'count').length
    return measures[at] === 'count' ? count : Number(totals[place] ?? 0)
  }
  const groups = arranged(given, figure)
  const data: ChartData = {
    ...(measures.length > 1 || (compare && group.length === 1)
      ? bySeries(groups, compare ? [figure0(answer.groups, figure), figure0(answer.before?.groups ?? [], figure)] : measures.map((_, at) => (one) => figure(one, at)), compare ? periodWords(compare.period) : labels, wordOf)
      : chartOf(groups.map((one) => ({ ...one, count: figure(one, 0) })), -1, wordOf)),
    isMeasures: measures.length > 1,
    isAdditive: measures.every(isAdditive),
    head: group[0] ? keyLabel(group[0], (path) => catalog.find(resource, path)) : '',
  } // prettier-ignore
  const whole = figure(answer.whole, 0)
  return {
    data,
    label: labels[0] ?? '条数',
    whole: format(whole),
    beside: compare && answer.before && group.length === 0 ? movedText(whole, figure(answer.before.whole, 0), compare, format) : undefined,
    format,
    filterOf: (category, series) => filterOf(given, data, category, series),
  }
}
const fieldAt = ({ chart, catalog, resource }: Given, level: number) =>
  catalog.find(resource, readGroupKey(chart.group[level] ?? '')?.path ?? '')
const idOf = (keys: readonly (Scalar | null)[]): string => JSON.stringify(keys)
/** The figure of the same group among these; nothing where it is not. */
const figure0 = (groups: readonly SummaryGroup[], figure: (one: SummaryGroup, at: number) => number) => {
  const known = new Map(groups.map((one) => [idOf(one.keys), figure(one, 0)]))
  return ({ keys }: SummaryGroup): number => known.get(idOf(keys)) ?? 0
}
function bySeries(
  groups: readonly SummaryGroup[],
  figures: readonly ((one: SummaryGroup) => number)[],
  labels: readonly string[],
  wordOf: (level: number, key: Scalar | null) => string,
): ChartData {
  return {
    categories: groups.map(({ keys: [key = null] }) => ({ key, text: wordOf(0, key) })),
    series: figures.map((figure, at) => ({ key: null, text: labels[at] ?? '', values: groups.map(figure) })),
  }
}
const periodWords = (period: keyof typeof grains): [string, string] => {
  const word = { year: '年', quarter: '季度', month: '月', week: '周', day: '日' }[period]
  return [`本${word}`, period === 'year' ? '去年' : period === 'day' ? '昨日' : `上${word}`]
}
function movedText(now: number, before: number, { period, upTo }: NonNullable<ChartSpec['compare']>, format: (value: number) => string): string {
  const [, last] = periodWords(period)
  const moved = now - before
  const share = before === 0 ? '' : `（${moved >= 0 ? '+' : '−'}${Math.abs((moved / before) * 100).toFixed(1)}%）`
  const said = moved === 0 ? '持平' : `${moved > 0 ? '↑' : '↓'} ${format(Math.abs(moved))}${share}`
  return `较${last}${upTo === 'today' ? '同期' : ''} ${said}`
} // prettier-ignore

/** Groups in the order asked for, no more than asked for, the others together behind them. */
function arranged(given: Given, figure: (one: SummaryGroup, at: number) => number): SummaryGroup[] {
  const { chart, answer } = given
  const { group, order, top, measures } = chart
  // Groups that only the period before has are drawn, too.
  const now = new Set(answer.groups.map(({ keys }) => idOf(keys)))
  const gone = (answer.before?.groups ?? []).filter(({ keys }) => !now.has(idOf(keys))).map(({ keys }) => ({ keys, count: 0, totals: measures.map(() => null) })) // prettier-ignore
  const usual = inOrder([...answer.groups, ...(top === null ? gone : [])], fieldAt(given, 0), answer.titles, [])
  const sums = new Map<string, number>()
  for (const one of usual) sums.set(idOf(one.keys.slice(0, 1)), (sums.get(idOf(one.keys.slice(0, 1))) ?? 0) + figure(one, 0))
  const sumOf = ({ keys }: SummaryGroup) => sums.get(idOf(keys.slice(0, 1))) ?? 0
  const sign = order === 'least' ? 1 : -1
  const sorted = order === 'usual' ? usual : usual.toSorted((a, b) => sign * (sumOf(a) - sumOf(b)))
  if (top === null || !measures.every(isAdditive)) return sorted
  if (group.length === 1) {
    const rest = restOf(answer.whole, sorted)
    return answer.more && rest ? [...sorted, { ...rest, keys: [restKey] }] : sorted
  }
  const kept = new Set([...sums].toSorted(([, a], [, b]) => sign * (a - b) || b - a).slice(0, top).map(([id]) => id)) // prettier-ignore
  const others = Map.groupBy(sorted.filter(({ keys }) => !kept.has(idOf(keys.slice(0, 1)))), ({ keys }) => keys[1] ?? null) // prettier-ignore
  return [
    ...sorted.filter(({ keys }) => kept.has(idOf(keys.slice(0, 1)))),
    ...[...others].map(([second, list]) => ({ keys: [restKey, second], ...together(list) })),
  ]
}
const together = (list: readonly SummaryGroup[]): Omit<SummaryGroup, 'keys'> => ({
  count: list.reduce((sum, { count }) => sum + count, 0),
  totals: (list[0]?.totals ?? []).map((_, at) => list.reduce((sum, { totals }) => sum + Number(totals[at] ?? 0), 0)),
})
function restOf(whole: SummaryGroup, shown: readonly SummaryGroup[]): Omit<SummaryGroup, 'keys'> | null {
  const known = together(shown)
  const count = whole.count - known.count
  return count > 0 ? { count, totals: whole.totals.map((total, at) => Number(total ?? 0) - Number(known.totals[at] ?? 0)) } : null
}

function filterOf(given: Given, data: ChartData, category: number, series: number): Filter | null {
  const { chart, answer, today } = given
  const source = chart.compare && chart.group.length === 1 && series === 1 ? answer.before!.filter : answer.filter
  if (chart.group.length === 0) return source
  const partOf = (level: number, key: Scalar | null): Filter => {
    const isInstant = fieldAt(given, level)?.field.kind === 'dateTime'
    return groupFilter(readGroupKey(chart.group[level]!)!, key, isInstant, today)
  }
  const first = data.categories[category]?.key ?? null
  const shown = data.categories.filter(({ key }) => key !== restKey)
  const own = first === restKey ? ({ not: { or: shown.map(({ key }) => partOf(0, key)) } } as const) : partOf(0, first)
  const second = chart.group.length > 1 ? data.series[series] : undefined
  return both(source, own, second ? partOf(1, second.key) : null)
}
