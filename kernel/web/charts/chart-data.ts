import {
  finenessText,
  kindOf,
  readGroupKey,
  type ChartKind,
  type Field,
  type Scalar,
  type SummaryGroup,
  type Titles,
  type TotalValue,
} from '#model'

export interface Series {
  key: Scalar | null
  text: string
  values: number[]
}
/** Groups as a chart draws them: the first key gives the categories, the second the series; without a second there is one. */
export interface ChartData {
  categories: { key: Scalar | null; text: string }[]
  series: Series[]
  /** The series are measures of the same groups, not groups of their own. */
  isMeasures?: boolean
  /** Figures may be added up: counts and sums, never averages. */
  isAdditive?: boolean
  /** What the categories are: 科室. */
  head?: string
}
/** How one group key is called. */
export function keyWord(
  text: string,
  field: Field | undefined,
  value: Scalar | null,
  titles: Titles,
  unitName: (id: string) => string | undefined,
): string {
  if (value === null || value === '') return '（空）'
  const key = readGroupKey(text)
  const said = key && finenessText(key, value)
  if (said) return said
  const nameOf = (target: string, id: string) => titles[target]?.[id] ?? (target === 'directory.unit' ? unitName(id) : undefined) ?? '…'
  return field ? kindOf(field).format(value, field, nameOf) : String(value)
}
const numberOf = (value: TotalValue | undefined): number => (value === null || value === undefined ? 0 : Number(value))

/** `measure` −1 counts, else it names one of the totals; `wordOf` says what a key of a level is called. */
export function chartOf(
  groups: readonly SummaryGroup[],
  measure: number,
  wordOf: (level: number, key: Scalar | null) => string,
): ChartData {
  const idOf = (key: Scalar | null | undefined) => JSON.stringify(key ?? null)
  const categories = new Map<string, { key: Scalar | null; text: string }>()
  const series = new Map<string, Series>()
  const isSplit = (groups[0]?.keys.length ?? 0) > 1
  for (const { keys: [first = null, second = null] } of groups) {
    if (!categories.has(idOf(first))) categories.set(idOf(first), { key: first, text: wordOf(0, first) })
    if (!series.has(idOf(second))) series.set(idOf(second), { key: second, text: isSplit ? wordOf(1, second) : '', values: [] })
  } // prettier-ignore
  const places = new Map([...categories.keys()].map((id, at) => [id, at]))
  for (const one of series.values()) one.values = Array.from({ length: categories.size }, () => 0)
  for (const { keys: [first, second], count, totals } of groups)
    series.get(idOf(second))!.values[places.get(idOf(first))!] = measure < 0 ? count : numberOf(totals[measure]) // prettier-ignore
  return { categories: [...categories.values()], series: [...series.values()] }
}
/** Kinds that draw each group's figure once: further series are added up. */
export const drawsOnce: ReadonlySet<ChartKind> = new Set(['pie', 'ring', 'funnel', 'division'])
/** The series added up, for what draws each group once. */
export const summed = (data: ChartData): ChartData =>
  data.series.length < 2
    ? data
    : { ...data, series: [{ key: null, text: '', values: data.categories.map((_, at) => data.series.reduce((sum, one) => sum + (one.values[at] ?? 0), 0)) }] } // prettier-ignore
/** 25.0% */
export const shareText = (value: number, whole: number): string => `${((value / (whole || 1)) * 100).toFixed(1)}%`
/** 中级 津贴合计 1,101.5: one figure in words. */
export const valueSaid = (
  { categories, series }: Pick<ChartData, 'categories' | 'series'>,
  label: string,
  at: number,
  of: number,
  format: (value: number) => string,
): string =>
  [categories[at]?.text, series[of]?.text, series.length > 1 && series[of]?.text === label ? '' : label, format(series[of]?.values[at] ?? 0)].filter(Boolean).join(' ') // prettier-ignore
/** 1,234.5 */
export const figureText = (value: number): string => {
  const [whole = '', part] = String(Math.round(value * 100) / 100).split('.')
  const said = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? said : `${said}.${part}`
}
/** A round number at or above the largest value, for an axis that begins at nothing. */
export function axisTop(largest: number): number {
  if (largest <= 0) return 1
  const unit = 10 ** Math.floor(Math.log10(largest))
  return unit * ([1, 2, 2.5, 5, 10].find((step) => step * unit >= largest) ?? 10)
}
