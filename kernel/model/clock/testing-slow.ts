/** The slow and obvious clock, for tests only: it walks minute by minute and asks the calendar's layers anew for every day. Shares nothing with the fast one. */
import type { CalendarLayer } from './calendar.ts'
import type { ClockEvent } from './case-clock.ts'
import type { DurationUnit } from './duration.ts'
import type { HolidayYear } from './holidays.ts'
import type { QuietHours } from './quiet.ts'

const minute = 60_000
const zone = 8 * 60 * minute
const texts = new Map<number, string>()
function dayText(instant: number): string {
  const n = Math.floor((instant + zone) / (1440 * minute))
  if (!texts.has(n)) texts.set(n, new Date(n * 1440 * minute).toISOString().slice(0, 10))
  return texts.get(n)!
}
const minuteOfDay = (instant: number): number => Math.floor(((instant + zone) / minute) % 1440)
const midnightOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) - zone
const nextDay = (day: string): string => dayText(midnightOf(day) + 1440 * minute)

interface SlowDay {
  isWorkday: boolean
  isOpen: boolean
  /** Minutes worked that belong to this day; from 1440 on they fall on the next. */
  worked: Uint8Array
  /** The last of them, -1 without. */
  last: number
}
export class SlowCalendar {
  private readonly layers: readonly CalendarLayer[]
  private readonly holidays: readonly HolidayYear[]
  private readonly known = new Map<string, SlowDay>()
  constructor(layers: readonly CalendarLayer[], holidays: readonly HolidayYear[]) {
    this.layers = layers
    this.holidays = holidays
  }
  day(day: string): SlowDay {
    let found = this.known.get(day)
    if (!found) {
      const seen = this.look(day)
      this.known.set(day, (found = { ...seen, last: seen.worked.lastIndexOf(1) }))
    }
    return found
  }
  private look(day: string): Omit<SlowDay, 'last'> {
    const worked = new Uint8Array(2880)
    const work = (from: number, to: number) => worked.fill(1, from, to)
    const workAsUsual = () => {
      for (let weekday = 1; weekday <= 7 && !worked.includes(1); weekday++) this.workWeekday(day, weekday, work)
    }
    for (const layer of this.layers)
      for (const extra of [...layer.days].reverse()) {
        if (day < extra.from || day > extra.to) continue
        if (extra.kind === 'off') return { isWorkday: false, isOpen: false, worked }
        if (extra.hours) work(extra.hours.from, extra.hours.to)
        else workAsUsual()
        return { isWorkday: true, isOpen: false, worked }
      }
    const isNational = (this.layers.find((layer) => layer.holidays !== null)?.holidays ?? 'national') === 'national'
    const has = (year: number) => this.holidays.some((h) => h.year === year)
    const year = Number(day.slice(0, 4))
    const isOpen = isNational && (!has(year) || (day.slice(5) >= '12-29' && !has(year + 1)))
    if (isNational) {
      if (this.holidays.some((h) => h.work.some(([, on]) => on === day))) {
        workAsUsual()
        return { isWorkday: true, isOpen, worked }
      }
      if (this.holidays.some((h) => h.off.some(([, from, to]) => day >= from && day <= to))) return { isWorkday: false, isOpen, worked }
    }
    this.workWeekday(day, new Date(`${day}T00:00:00Z`).getUTCDay() || 7, work)
    return { isWorkday: worked.includes(1), isOpen, worked }
  }
  private workWeekday(day: string, weekday: number, work: (from: number, to: number) => void): void {
    const periods = this.layers.find((layer) => layer.periods.length > 0)!.periods
    for (const { weekdays, from, to, season } of periods) {
      const date = day.slice(5)
      const inSeason =
        !season || (season.from <= season.to ? season.from <= date && date <= season.to : !(season.to < date && date < season.from))
      if (weekdays.some((w) => w === weekday) && inSeason) work(from, to)
    }
  }
  isWorking(instant: number): boolean {
    const at = minuteOfDay(instant)
    return this.day(dayText(instant)).worked[at] === 1 || this.day(dayText(instant - 1440 * minute)).worked[at + 1440] === 1
  }
  /** The instant at which the day's hours end; the last millisecond of the day when they run to its end or beyond. */
  close(day: string): number {
    const midnight = midnightOf(day)
    const last = this.day(day).last
    return last === -1 || last >= 1439 ? midnight + 1440 * minute - 1 : midnight + (last + 1) * minute
  }
}

/** Minute by minute from a whole minute on: the first on a working day at which it is not quiet. */
export function slowSendable(from: number, quiet: QuietHours, calendar: SlowCalendar): number {
  const isLoud = (at: number): boolean => {
    if (quiet.from === quiet.to) return true
    const isWithin = quiet.from < quiet.to ? at >= quiet.from && at < quiet.to : at >= quiet.from || at < quiet.to
    return !isWithin
  }
  for (let t = from; t < from + horizon * 2 * minute;) {
    const day = dayText(t)
    const isWorkday = calendar.day(day).isWorkday
    if (isWorkday && isLoud(minuteOfDay(t))) return t
    t = isWorkday ? t + minute : midnightOf(nextDay(day))
  }
  throw new Error('the slow clock found no moment to send')
}

export interface SlowReading {
  elapsed: number
  due: { at: number; provisional: boolean } | null
  breachedAt: number | null
  status: 'running' | 'paused' | 'stopped'
}
const perUnit: Record<DurationUnit, number> = { minutes: 1, hours: 60, workingHours: 60, days: 1, workingDays: 1 }
/** How long it walks on beyond now before it gives up. */
const horizon = 200 * 1440

/** Lives through the events minute by minute and says what the clock shows at `now`. Instants are whole minutes. */
export function slowReading(events: readonly ClockEvent[], now: number, calendar: SlowCalendar): SlowReading {
  const start = events[0]!
  if (start.kind !== 'start') throw new Error('the first event starts the clock')
  let limit = start.limit
  let status: SlowReading['status'] = 'running'
  let breachedAt: number | null = null
  let from = Date.parse(start.at)
  let ranUntil = from
  let elapsedNow = 0
  const startDay = dayText(from)
  const ticks: Record<DurationUnit, { at: number; from: number }[]> = {
    minutes: [],
    hours: [],
    workingHours: [],
    days: [],
    workingDays: [],
  }
  const dueTick = () => ticks[limit.unit][limit.amount * perUnit[limit.unit] - 1]
  const waiting = events.slice(1)
  for (let t = from; ; t += minute) {
    // Ends of days first: a clock put to rest at the very end has lived through the day.
    if (status === 'running' && t > from) noteDayEnds(t)
    if (t <= now)
      while (waiting.length > 0 && Date.parse(waiting[0]!.at) === t) {
        const event = waiting.shift()!
        if (event.kind === 'pause') status = 'paused'
        else if (event.kind === 'stop') status = 'stopped'
        else if (event.kind === 'resume') [status, from] = ['running', t]
        else if (event.kind === 'changeTarget') {
          noteBreach(t)
          limit = event.limit
        }
      }
    if (t === now) {
      noteBreach(t)
      elapsedNow = ticks[limit.unit].length / perUnit[limit.unit]
    }
    if (t >= now && (status !== 'running' || dueTick())) break
    if (t > now + horizon * minute) throw new Error('the slow clock found no end')
    if (status === 'running') {
      const tick = { at: t + minute, from }
      ticks.minutes.push(tick)
      ticks.hours.push(tick)
      if (calendar.isWorking(t)) ticks.workingHours.push(tick)
      ranUntil = t + minute
    }
  }
  const due = dueTick()
  return { elapsed: elapsedNow, breachedAt, status, due: due ? { at: due.at, provisional: isProvisional(due) } : null }

  function noteDayEnds(t: number): void {
    // Ends at whole minutes belong to this minute; the last millisecond of a day to the midnight after it.
    for (const at of [t - 1, t]) {
      const day = dayText(at)
      if (day === startDay) continue
      if (dayText(at + 1) !== day) ticks.days.push({ at, from })
      if (calendar.day(day).isWorkday && at === calendar.close(day)) ticks.workingDays.push({ at, from })
    }
  }
  function isProvisional(due: { at: number; from: number }): boolean {
    if (limit.unit !== 'workingHours' && limit.unit !== 'workingDays') return false
    for (let day = dayText(due.from); day <= dayText(due.at); day = nextDay(day)) if (calendar.day(day).isOpen) return true
    return false
  }
  function noteBreach(t: number): void {
    const due = dueTick()
    if (due && due.at < (status === 'running' ? t : ranUntil)) breachedAt ??= due.at
  }
}
