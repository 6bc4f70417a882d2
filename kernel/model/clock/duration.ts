import { dayNumberAt, endOfDay, type WorkingCalendar } from './working-calendar.ts'

/**
 * Units of a limit. Minutes and hours run through; working hours only within the calendar's hours. Days are counted without the one
 * on which the period begins (民法典 第二百零一条): `days` end at midnight, `workingDays` at the end of that day's hours (第二百零三条).
 */
export const durationUnits = {
  minutes: '分钟',
  hours: '小时',
  workingHours: '工作小时',
  days: '天',
  workingDays: '个工作日',
} as const
export type DurationUnit = keyof typeof durationUnits
export interface Duration {
  readonly unit: DurationUnit
  /** More than nothing; whole for days. */
  readonly amount: number
}
/** `24 小时`, `5 个工作日` */
export const durationLabel = ({ unit, amount }: Duration): string => `${amount} ${durationUnits[unit]}`
/** What is wrong with a limit, in Chinese; null when it can be reckoned. */
export function durationProblem({ unit, amount }: Duration): string | null {
  if (!(amount > 0) || !Number.isFinite(amount)) return '时限须大于零'
  if (isInDays(unit) && !Number.isInteger(amount)) return '天数须为整数'
  return amount * (unit === 'minutes' ? 1 / 1440 : unit === 'hours' || unit === 'workingHours' ? 1 / 8 : 1) > 3650 ? '时限太长' : null
}

export interface Due {
  readonly at: Date
  /** 暂定: the reckoning reaches days whose holidays nobody has entered. */
  readonly provisional: boolean
  /** The years that are missing. */
  readonly missing: readonly number[]
}
export const isInDays = (unit: DurationUnit): unit is 'days' | 'workingDays' => unit === 'days' || unit === 'workingDays'
const isWorking = (unit: DurationUnit): boolean => unit === 'workingHours' || unit === 'workingDays'
/** What is counted, exactly: milliseconds, or days. */
export const ticksPer: Record<DurationUnit, number> = {
  minutes: 60_000,
  hours: 3_600_000,
  workingHours: 3_600_000,
  days: 1,
  workingDays: 1,
}
export const ticksOf = ({ unit, amount }: Duration): number => Math.round(amount * ticksPer[unit])

/** When a limit that begins at `from` is used up. */
export const add = (duration: Duration, from: Date, calendar: WorkingCalendar): Due =>
  dueOfRun(duration.unit, ticksOf(duration), from.getTime(), dayNumberAt(from.getTime()), calendar)

/** How much of a unit lies between two instants: hours and minutes with their fraction, days as those that ended in between. */
export const elapsed = (unit: DurationUnit, from: Date, to: Date, calendar: WorkingCalendar): number =>
  ticksInRun(unit, from.getTime(), to.getTime(), dayNumberAt(from.getTime()), calendar) / ticksPer[unit]

/** The ticks of one stretch of a clock that began on `startDay` and may have rested since: days that end while it rests do not count. */
export function ticksInRun(unit: DurationUnit, from: number, to: number, startDay: number, calendar: WorkingCalendar): number {
  if (to <= from) return 0
  if (unit === 'workingHours') return calendar.workingTime(from, to)
  if (!isInDays(unit)) return to - from
  // Days whose end lies in (from, to]; the day on which the clock began is none of them.
  return daysEndedBy(unit, to, startDay, calendar) - daysEndedBy(unit, from, startDay, calendar)
}
function daysEndedBy(unit: 'days' | 'workingDays', instant: number, startDay: number, calendar: WorkingCalendar): number {
  const day = dayNumberAt(instant)
  if (day <= startDay) return 0
  const hasEnded = instant >= (unit === 'days' ? endOfDay(day) : calendar.closeOf(day))
  const last = hasEnded ? day : day - 1
  return unit === 'days' ? last - startDay : calendar.workdaysAfter(startDay, last)
}

/** When so many more ticks are used up, running on from `from`, by a clock that began on `startDay`. */
export function dueOfRun(unit: DurationUnit, ticks: number, from: number, startDay: number, calendar: WorkingCalendar): Due {
  const at = instantOfRun(unit, ticks, from, startDay, calendar)
  const missing = isWorking(unit) ? calendar.missingBetween(dayNumberAt(from), dayNumberAt(at)) : []
  return { at: new Date(at), provisional: missing.length > 0, missing }
}
function instantOfRun(unit: DurationUnit, ticks: number, from: number, startDay: number, calendar: WorkingCalendar): number {
  if (ticks <= 0) return from
  if (unit === 'workingHours') return calendar.advance(from, ticks)
  if (!isInDays(unit)) return from + ticks
  const before = daysEndedBy(unit, from, startDay, calendar)
  return unit === 'days' ? endOfDay(startDay + before + ticks) : calendar.closeOf(calendar.workdayAfter(startDay, before + ticks))
}
