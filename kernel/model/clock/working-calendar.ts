import type { ExtraDays, Minutes, ResolvedCalendar, Weekday } from './calendar.ts'
import { type Day, dayNumber, fromDayNumber, instantOfWall, millisecondsADay, wallOf } from './day.ts'
import type { HolidayTable } from './holidays.ts'

export type DayKind = 'work' | 'off' | 'holiday' | 'makeUp' | 'extraOn' | 'extraOff'
/** What a day is, and who says so. */
export interface DayFact {
  readonly day: Day
  readonly kind: DayKind
  readonly isWorkday: boolean
  /** The holiday's name, or the reason of an extra day. */
  readonly name: string | null
  /** The layer or notice that decides. */
  readonly source: string
  /** Own hours in minutes, merged; those of a night shift run beyond 1440. */
  readonly hours: readonly (readonly [from: Minutes, to: Minutes])[]
  /** The year whose holidays nobody has entered, so that this day may still change; null when it is settled. */
  readonly missing: number | null
}
interface Year {
  readonly first: number
  readonly length: number
  /** Before each day of the year and after its last: working milliseconds, working days, unsettled days. */
  readonly time: Float64Array
  readonly workdays: Int32Array
  readonly unsettled: Int32Array
}
const furthestYears = 30

/** A calendar made ready for reckoning: each year is worked out once, later questions are sums and searches. */
export class WorkingCalendar {
  readonly resolved: ResolvedCalendar
  private readonly holidays: HolidayTable
  private readonly extra = new Map<number, ExtraDays & { source: string }>()
  private readonly facts = new Map<number, DayFact>()
  private readonly years = new Map<number, Year>()

  constructor(resolved: ResolvedCalendar, holidays: HolidayTable) {
    this.resolved = resolved
    this.holidays = holidays
    // The farthest layer first, so that the nearest has the last word; within a layer the later line.
    const layers = [...new Set(resolved.days.map((days) => days.source))].reverse()
    for (const layer of layers)
      for (const days of resolved.days.filter(({ source }) => source === layer))
        for (let n = dayNumber(days.from)!; n <= dayNumber(days.to)!; n++) this.extra.set(n, days)
  }

  day(day: Day): DayFact {
    return this.fact(dayNumber(day)!)
  }
  fact(n: number): DayFact {
    let fact = this.facts.get(n)
    if (!fact) this.facts.set(n, (fact = this.judge(n)))
    return fact
  }

  private judge(n: number): DayFact {
    const day = fromDayNumber(n)
    const extra = this.extra.get(n)
    if (extra?.kind === 'off')
      return { day, kind: 'extraOff', isWorkday: false, name: extra.reason, source: extra.source, hours: [], missing: null }
    if (extra) {
      const hours = extra.hours ? merged([[extra.hours.from, extra.hours.to]]) : this.ordinaryHours(day)
      return { day, kind: 'extraOn', isWorkday: true, name: extra.reason, source: extra.source, hours, missing: null }
    }
    const national = this.resolved.holidays === 'national'
    const holiday = national ? this.holidays.on(n) : undefined
    const missing = national ? this.holidays.missingFor(n) : null
    const notice = this.holidays.years.get(Number(day.slice(0, 4)))?.source ?? ''
    if (holiday?.kind === 'holiday')
      return { day, kind: 'holiday', isWorkday: false, name: holiday.name, source: notice, hours: [], missing }
    if (holiday)
      return { day, kind: 'makeUp', isWorkday: true, name: holiday.name, source: notice, hours: this.ordinaryHours(day), missing }
    const hours = this.hoursOf(day, weekdayOf(n))
    const isWorkday = hours.length > 0
    return { day, kind: isWorkday ? 'work' : 'off', isWorkday, name: null, source: this.resolved.periodsFrom, hours, missing }
  }
  private hoursOf(day: Day, weekday: Weekday): DayFact['hours'] {
    const date = day.slice(5)
    return merged(
      this.resolved.periods.filter((p) => p.weekdays.includes(weekday) && isInSeason(p.season, date)).map((p) => [p.from, p.to]),
    )
  }
  /** Hours of a day that is worked out of turn: those of the first weekday that has any, as a Saturday may be half a day. */
  private ordinaryHours(day: Day): DayFact['hours'] {
    for (const weekday of weekdays) {
      const hours = this.hoursOf(day, weekday)
      if (hours.length > 0) return hours
    }
    return []
  }

  /** Working stretches within this day as instants: its own, and what the shift of the day before leaves after midnight. */
  stretches(n: number): (readonly [from: number, to: number])[] {
    const spill = this.fact(n - 1).hours.filter(([, to]) => to > 1440).map(([from, to]) => [Math.max(0, from - 1440), to - 1440] as const) // prettier-ignore
    const own = this.fact(n).hours.filter(([from]) => from < 1440).map(([from, to]) => [from, Math.min(to, 1440)] as const) // prettier-ignore
    const start = n * millisecondsADay
    return merged([...spill, ...own]).map(([from, to]) => [instantOfWall(start + from * 60_000), instantOfWall(start + to * 60_000)])
  }
  /** The moment at which a working day ends: end of its hours, at the latest the end of the day (民法典 第二百零三条). */
  closeOf(n: number): number {
    const last = this.fact(n).hours.at(-1)?.[1] ?? 1440
    return last >= 1440 ? endOfDay(n) : instantOfWall(n * millisecondsADay + last * 60_000)
  }

  /** Working milliseconds from one instant to a later one. */
  workingTime(from: number, to: number): number {
    return to <= from ? 0 : this.timeBefore(to) - this.timeBefore(from)
  }
  /** The first instant at which so many working milliseconds have passed since `from`. */
  advance(from: number, amount: number): number {
    if (amount <= 0) return from
    const wanted = this.timeBefore(from) + amount
    const { first, time } = this.yearReaching(yearOf(from), (year) => year.time[year.length]! >= wanted)
    const at = lastBelow(time, wanted)
    let left = wanted - time[at]!
    for (const [start, end] of this.stretches(first + at)) {
      if (end - start >= left) return start + left
      left -= end - start
    }
    throw new Error('sums and stretches of a day disagree')
  }
  private timeBefore(instant: number): number {
    const n = dayNumberAt(instant)
    const year = this.year(yearOf(instant))
    const within = this.stretches(n).reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, instant) - start), 0)
    return year.time[n - year.first]! + within
  }

  /** How many working days lie after the day `a` up to the day `b`, inclusive. */
  workdaysAfter(a: number, b: number): number {
    return b <= a ? 0 : this.workdaysUpTo(b) - this.workdaysUpTo(a)
  }
  /** The n-th working day after the day `a`. */
  workdayAfter(a: number, count: number): number {
    const wanted = this.workdaysUpTo(a) + count
    const { first, workdays } = this.yearReaching(yearOfDay(a), (year) => year.workdays[year.length]! >= wanted)
    return first + lastBelow(workdays, wanted)
  }
  private yearReaching(from: number, reaches: (year: Year) => boolean): Year {
    for (let y = from; y < from + furthestYears; y++) if (reaches(this.year(y))) return this.year(y)
    throw new RangeError('the calendar has no working time ahead')
  }
  private workdaysUpTo(n: number): number {
    const year = this.year(yearOfDay(n))
    return year.workdays[n - year.first + 1]!
  }

  /** The years whose missing holidays leave something open between two days, inclusive. */
  missingBetween(from: number, to: number): number[] {
    const found = new Set<number>()
    for (let y = yearOfDay(from); y <= yearOfDay(to); y++) {
      const { first, length, unsettled } = this.year(y)
      const [a, b] = [Math.max(from, first), Math.min(to, first + length - 1)]
      if (unsettled[b - first + 1]! === unsettled[a - first]!) continue
      for (let n = a; n <= b; n++) {
        const { missing } = this.fact(n)
        if (missing !== null) found.add(missing)
      }
    }
    return [...found]
  }

  // Sums run on from year to year, so that a difference needs no loop; the years before the first asked one count from it.
  private origin: number | null = null
  private year(y: number): Year {
    const known = this.years.get(y)
    if (known) return known
    this.origin ??= y
    const first = dayNumber(`${y}-01-01`)!
    const length = dayNumber(`${y + 1}-01-01`)! - first
    const made: Year = { first, length, time: new Float64Array(length + 1), workdays: new Int32Array(length + 1), unsettled: new Int32Array(length + 1) } // prettier-ignore
    for (let i = 0; i < length; i++) {
      const fact = this.fact(first + i)
      made.time[i + 1] = made.time[i]! + this.stretches(first + i).reduce((sum, [from, to]) => sum + to - from, 0)
      made.workdays[i + 1] = made.workdays[i]! + (fact.isWorkday ? 1 : 0)
      made.unsettled[i + 1] = made.unsettled[i]! + (fact.missing === null ? 0 : 1)
    }
    this.years.set(y, made)
    if (y > this.origin) {
      const before = this.year(y - 1)
      shift(made, before.time[before.length]!, before.workdays[before.length]!)
    } else if (y < this.origin) {
      const after = this.year(y + 1)
      shift(made, after.time[0]! - made.time[length]!, after.workdays[0]! - made.workdays[length]!)
    }
    return made
  }
}
function shift(year: Year, time: number, workdays: number): void {
  for (let i = 0; i <= year.length; i++) {
    year.time[i]! += time
    year.workdays[i]! += workdays
  }
}

const weekdays: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]
/** 1970-01-01 was a Thursday. */
export const weekdayOf = (n: number): Weekday => (((((n + 3) % 7) + 7) % 7) + 1) as Weekday
export const dayNumberAt = (instant: number): number => Math.floor(wallOf(instant) / millisecondsADay)
/** The last millisecond of a day, so that what is due "on that day" is also shown on it. */
export const endOfDay = (n: number): number => instantOfWall((n + 1) * millisecondsADay) - 1
const yearOfDay = (n: number): number => Number(fromDayNumber(n).slice(0, 4))
const yearOf = (instant: number): number => yearOfDay(dayNumberAt(instant))
const isInSeason = (season: { from: string; to: string } | undefined, date: string): boolean =>
  !season || (season.from <= season.to ? date >= season.from && date <= season.to : date >= season.from || date <= season.to)

/** Ordered, overlapping and touching ones joined. */
function merged(hours: readonly (readonly [number, number])[]): [number, number][] {
  const joined: [number, number][] = []
  for (const [from, to] of [...hours].sort(([a], [b]) => a - b)) {
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}
/** The last place whose sum is below `wanted`: there the wanted one is reached. */
function lastBelow(sums: Float64Array | Int32Array, wanted: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (sums[middle]! < wanted) low = middle
    else high = middle - 1
  }
  return low
}
