import { addDays, addMonths, dayNumber, fromDayNumber, type Day } from './clock/day.ts'
import { divisionText, noDivision } from './fields/kinds/places.ts'
import type { Condition, Filter, Scalar } from './filter/filter.ts'

/** How finely days and instants are grouped. */
export const grains = { year: '年', quarter: '季度', month: '月', week: '周', day: '日' } as const
export type Grain = keyof typeof grains
/** To which level addresses are gathered. */
export const divisionGrains = { province: '省', city: '市' } as const
export type DivisionGrain = keyof typeof divisionGrains
/** By what values are put into bands: numbers by their size, days by how far they lie from today. */
export const bandKinds = {
  value: { label: '数值分段', unit: '' },
  age: { label: '年龄分段', unit: '岁' },
  years: { label: '距今满几年', unit: '年' },
  months: { label: '距今满几个月', unit: '个月' },
  days: { label: '距今几天', unit: '天' },
  left: { label: '还剩几天', unit: '天' },
} as const
export type BandKind = keyof typeof bandKinds
/** `20, 30, 40`: below 20, from 20 to below 30, from 30 to below 40, from 40. */
export interface Bands {
  by: BandKind
  edges: readonly number[]
}
/** `from:month`, `home:province`, `birthDate:age/20/30/40` → what is grouped by, and how finely. */
export interface GroupKey {
  path: string
  grain: Grain | null
  division: DivisionGrain | null
  bands: Bands | null
}
export const mostBands = 30

/** Reads a grouping as it stands in addresses and views; null when it is none. */
export function readGroupKey(text: string): GroupKey | null {
  const [path = '', fineness, ...rest] = text.split(':')
  if (!path || rest.length) return null
  const plain = { path, grain: null, division: null, bands: null }
  if (fineness === undefined) return plain
  if (Object.hasOwn(grains, fineness)) return { ...plain, grain: fineness as Grain }
  if (Object.hasOwn(divisionGrains, fineness)) return { ...plain, division: fineness as DivisionGrain }
  const bands = readBands(fineness)
  return bands && { ...plain, bands }
}
/** The path alone: by every value of its own. */
export const plainKey = (path: string): GroupKey => ({ path, grain: null, division: null, bands: null })
export function writeGroupKey({ path, grain, division, bands }: GroupKey): string {
  const fineness = grain ?? division ?? (bands && [bands.by, ...bands.edges].join('/'))
  return fineness ? `${path}:${fineness}` : path
}
function readBands(text: string): Bands | null {
  const [by = '', ...edges] = text.split('/')
  const numbers = edges.map(Number)
  const isWhole = edges.length > 0 && edges.length <= mostBands && edges.every((edge) => /^-?\d{1,12}(\.\d{1,6})?$/.test(edge))
  const isRising = numbers.every((edge, at) => at === 0 || edge > numbers[at - 1]!)
  if (!Object.hasOwn(bandKinds, by) || !isWhole || !isRising) return null
  // Days are whole; further than this no calendar leads.
  if (by !== 'value' && !numbers.every((edge) => Number.isInteger(edge) && Math.abs(edge) <= (by === 'days' || by === 'left' ? 40_000 : 1_300))) return null // prettier-ignore
  return { by: by as BandKind, edges: numbers }
}

/** The band of a number; days first become `bandDays`. */
export const bandOf = (value: number, edges: readonly number[]): number => edges.filter((edge) => edge <= value).length
/** For bands by the distance from today: on which day each edge is reached. Distances into the past fall as days rise. */
export function bandDays({ by, edges }: Bands, today: Day): { days: Day[]; isRising: boolean } {
  const shift: Record<Exclude<BandKind, 'value'>, (edge: number) => Day> = {
    age: (edge) => addMonths(today, -12 * edge),
    years: (edge) => addMonths(today, -12 * edge),
    months: (edge) => addMonths(today, -edge),
    days: (edge) => addDays(today, -edge),
    left: (edge) => addDays(today, edge),
  }
  return { days: edges.map(shift[by as Exclude<BandKind, 'value'>]), isRising: by === 'left' }
}
/** The band of a day. */
export function bandOfDay(day: Day, bands: Bands, today: Day): number {
  const { days, isRising } = bandDays(bands, today)
  return days.filter((edge) => (isRising ? day >= edge : day <= edge)).length
}
/** 不足 20 岁, 20–29 岁, 满 60 岁 */
export function bandText({ by, edges }: Bands, band: number): string {
  const { unit } = bandKinds[by]
  const [from, to] = [edges[band - 1], edges[band]]
  const said = unit && ` ${unit}`
  if (from === undefined) return `${by === 'value' ? '小于' : '不足'} ${to}${said}`
  if (to === undefined) return `${from}${said}及以上`
  if (by === 'value') return `${from} 起不足 ${to}`
  return to - from === 1 ? `${from}${said}` : `${from}–${to - 1}${said}`
}

/** The filter that lets through the rows of one group: a figure that is clicked leads to the records that make it. */
export function groupFilter({ path, grain, division, bands }: GroupKey, key: Scalar | null, isInstant: boolean, today: Day): Filter {
  if (key === null) return valueFilter(path, key)
  if (division) return { field: path, op: isWhole(String(key), division) ? 'under' : 'eq', value: key }
  if (grain) return daysFilter(path, span(String(key), grain), isInstant)
  if (!bands) return valueFilter(path, key)
  const band = Number(key)
  if (bands.by !== 'value') return daysFilter(path, bandSpan(bands, band, today), isInstant)
  const [from, to] = [bands.edges[band - 1], bands.edges[band]]
  return joined([
    ...(from === undefined ? [] : [{ field: path, op: 'gte', value: from } as const]),
    ...(to === undefined ? [] : [{ field: path, op: 'lt', value: to } as const]),
  ])
}
/** Whether everything below a division is of its group; an address that stops above is a group of its own. */
const isWhole = (code: string, division: DivisionGrain): boolean =>
  code !== noDivision && (division === 'province' || !code.endsWith('0000'))
/** The rows whose field holds this value, or none. */
export const valueFilter = (path: string, key: Scalar | null): Condition =>
  key === null ? { field: path, op: 'empty' } : { field: path, op: 'eq', value: key }
const joined = (parts: readonly Condition[]): Filter => (parts.length === 1 ? parts[0]! : { and: parts })
/** From the first day to before the day after the last. */
type DaySpan = readonly [first: Day | null, next: Day | null]
function daysFilter(path: string, [first, next]: DaySpan, isInstant: boolean): Filter {
  if (first && next && !isInstant) return { field: path, op: 'between', value: [first, addDays(next, -1)] }
  return joined([
    ...(first ? [{ field: path, op: 'gte', value: first } as const] : []),
    ...(next ? [{ field: path, op: 'lt', value: next } as const] : []),
  ])
}
function bandSpan(bands: Bands, band: number, today: Day): DaySpan {
  const { days, isRising } = bandDays(bands, today)
  const [from, to] = [days[band - 1] ?? null, days[band] ?? null]
  if (isRising) return [from, to]
  return [to && addDays(to, 1), from && addDays(from, 1)]
}
/** The first day of a year, quarter, month, week or day, and the first after it. */
export function span(key: string, grain: Grain): readonly [first: Day, next: Day] {
  if (grain === 'day') return [key, addDays(key, 1)]
  if (grain === 'week') return [key, addDays(key, 7)]
  const [year = '', part = ''] = key.split('-')
  const month = grain === 'year' ? 1 : grain === 'quarter' ? 3 * Number(part.slice(1)) - 2 : Number(part)
  const first = `${year}-${String(month).padStart(2, '0')}-01`
  return [first, addMonths(first, { year: 12, quarter: 3, month: 1 }[grain])]
}
/** In which year, quarter, month, week or day a day lies: `2026`, `2026-Q2`, `2026-06`, the week's Monday, the day. */
export function grainOf(day: Day, grain: Grain): string {
  const [year = '', month = ''] = day.split('-')
  if (grain === 'year') return year
  if (grain === 'quarter') return `${year}-Q${Math.ceil(Number(month) / 3)}`
  if (grain === 'month') return `${year}-${month}`
  const number = dayNumber(day) ?? 0
  // 1970-01-01 was a Thursday.
  return grain === 'week' ? fromDayNumber(number - ((((number + 3) % 7) + 7) % 7)) : day
}
/** How a group of a fineness is called; null where its value says it itself. */
export function finenessText({ grain, division, bands }: GroupKey, value: Scalar): string | null {
  if (grain) return grainText(String(value), grain)
  if (bands) return bandText(bands, Number(value))
  if (!division) return null
  return `${divisionText(String(value))}${isWhole(String(value), division) || value === noDivision ? '' : '（未填到市）'}`
}
/** 月, 省, 年龄分段 */
export const finenessWord = ({ grain, division, bands }: GroupKey): string | null =>
  grain ? grains[grain] : division ? divisionGrains[division] : bands && bandKinds[bands.by].label
/** `2026-06` → `2026 年 6 月` */
export function grainText(key: string, grain: Grain): string {
  if (grain === 'quarter') return `${key.slice(0, 4)} 年第 ${key.slice(6)} 季度`
  const [year, month, day] = key.split('-').map(Number)
  const said = `${year} 年 ${month} 月 ${day} 日`
  return { year: `${year} 年`, month: `${year} 年 ${month} 月`, day: said, week: `${said}起一周` }[grain]
}
