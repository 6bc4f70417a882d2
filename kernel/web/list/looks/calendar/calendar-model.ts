import {
  addDays, addMonths, dayNumber, dayOf, daysBetween, fromDayNumber, instantOfWall, isRange, millisecondsADay, wallOf,
  type ApiRecord, type CalendarSpan, type Day, type Field,
} from '#model' // prettier-ignore

/** Monday of the week: 1970-01-01 was a Thursday. */
export const mondayOf = (day: Day): Day => {
  const number = dayNumber(day) ?? 0
  return fromDayNumber(number - ((((number + 3) % 7) + 7) % 7))
}
export const weekdays = ['一', '二', '三', '四', '五', '六', '日'] as const
export const isWeekend = (day: Day): boolean => daysBetween(mondayOf(day), day) > 4
export const weekOf = (day: Day): Day[] => Array.from({ length: 7 }, (_, i) => addDays(mondayOf(day), i))
/** The weeks that a month touches. */
export function weeksOf(day: Day): Day[][] {
  const first = `${day.slice(0, 7)}-01`
  const last = addDays(addMonths(first, 1), -1)
  const count = (daysBetween(mondayOf(first), mondayOf(last)) + 7) / 7
  return Array.from({ length: count }, (_, i) => weekOf(addDays(mondayOf(first), i * 7)))
}
/** The days that a calendar shows around one. */
export function shownDays(span: CalendarSpan, day: Day): [first: Day, last: Day] {
  if (span === 'day') return [day, day]
  if (span === 'week') return [mondayOf(day), addDays(mondayOf(day), 6)]
  const weeks = weeksOf(day)
  return [weeks[0]![0]!, weeks.at(-1)![6]!]
}
export const stepped = (span: CalendarSpan, day: Day, by: number): Day =>
  span === 'month' ? addMonths(`${day.slice(0, 7)}-01`, by) : addDays(day, by * (span === 'week' ? 7 : 1))
export function titleOf(span: CalendarSpan, day: Day): string {
  const [year, month, date] = day.split('-').map(Number)
  if (span === 'month') return `${year} 年 ${month} 月`
  if (span === 'day') return `${year} 年 ${month} 月 ${date} 日 星期${weekdays[daysBetween(mondayOf(day), day)]}`
  const [first, last] = shownDays('week', day)
  const [y, m, d] = last.split('-').map(Number)
  const [y0, m0, d0] = first.split('-').map(Number)
  return `${y0} 年 ${m0} 月 ${d0} 日 – ${y === y0 ? '' : `${y} 年 `}${m === m0 ? '' : `${m} 月 `}${d} 日`
}

/** From which day to which a record stands, by the field's value; null when it has none. Without end it goes on: `to` null. */
export function daysOf(value: unknown): { from: Day; to: Day | null } | null {
  if (isRange(value)) return value
  if (typeof value !== 'string' || !value) return null
  const day = value.includes('T') ? dayOf(new Date(value)) : value
  return dayNumber(day) === null ? null : { from: day, to: day }
}
/** The same moment or span, days later or earlier: the hour on the wall and the length stay. */
export function shifted(value: unknown, days: number, minutes = 0): unknown {
  if (isRange(value)) return { from: addDays(value.from, days), to: value.to && addDays(value.to, days) }
  const text = String(value)
  if (!text.includes('T')) return addDays(text, days)
  return new Date(instantOfWall(wallOf(Date.parse(text)) + days * millisecondsADay + minutes * 60_000)).toISOString()
}
/** What a field is filled with when a record is added on a day; an instant begins at nine unless said otherwise. */
export function valueOn(field: Field, day: Day, minutes = 9 * 60): unknown {
  if (field.kind === 'dateRange') return { from: day, to: day }
  if (field.kind === 'date') return day
  return new Date(instantOfWall((dayNumber(day) ?? 0) * millisecondsADay + minutes * 60_000)).toISOString()
}
/** Minutes since midnight on the hospital's wall. */
export const minutesOf = (instant: string): number => Math.floor((wallOf(Date.parse(instant)) % millisecondsADay) / 60_000)

/** A record in a week: from which of its days to which, and in which line below the numbers. */
export interface Bar {
  row: ApiRecord
  first: number
  last: number
  lane: number
  /** It goes on before, or after, this week. */
  isBefore: boolean
  isAfter: boolean
}
/** Lines of a week: what begins first stands first; what is not in the first `most` lines is left to the count. */
export function barsOf(week: readonly Day[], rows: readonly ApiRecord[], on: string, most: number): Bar[] {
  const [monday, sunday] = [week[0]!, week.at(-1)!]
  const spans = rows
    .flatMap((row) => {
      const days = daysOf(row[on])
      return days && days.from <= sunday && (days.to ?? sunday) >= monday ? [{ row, ...days }] : []
    })
    .toSorted((a, b) => begin(a, on).localeCompare(begin(b, on)) || a.row.id.localeCompare(b.row.id))
  const free: number[] = []
  return spans.flatMap(({ row, from, to }) => {
    const isBefore = from < monday
    const isAfter = to === null || to > sunday
    const first = isBefore ? 0 : daysBetween(monday, from)
    const last = isAfter ? 6 : daysBetween(monday, to)
    const found = free.findIndex((until) => until < first)
    const lane = found < 0 ? free.length : found
    free[lane] = last
    return lane < most ? [{ row, first, last, lane, isBefore, isAfter }] : []
  })
}
const begin = ({ row, from }: { row: ApiRecord; from: Day }, on: string): string => {
  const value = row[on]
  return typeof value === 'string' ? value : from
}

/** Side by side where they would cover each other: for each its place and among how many. */
export function sideBySide(
  rows: readonly ApiRecord[],
  on: string,
  length: number,
): { row: ApiRecord; at: number; place: number; of: number }[] {
  const list = rows
    .map((row) => ({ row, at: minutesOf(String(row[on])), place: 0, of: 1 }))
    .toSorted((a, b) => a.at - b.at || a.row.id.localeCompare(b.row.id))
  let bunch: typeof list = []
  const close = () => {
    const of = Math.max(0, ...bunch.map(({ place }) => place)) + 1
    for (const one of bunch) one.of = of
    bunch = []
  }
  for (const one of list) {
    if (bunch.length && bunch.every((other) => other.at + length <= one.at)) close()
    const taken = new Set(bunch.filter((other) => other.at + length > one.at).map(({ place }) => place))
    while (taken.has(one.place)) one.place++
    bunch.push(one)
  }
  close()
  return list
}
