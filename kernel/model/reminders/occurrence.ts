import { weekdayOf, type WorkingCalendar } from '../clock/working-calendar.ts'
import { addDays, dayNumber, daysBetween, fromDayNumber, type Day } from '../clock/day.ts'
import type { Receiver, Reminder, RestDays, Rhythm } from './definition.ts'

/** What was missed is made up for so many days, where no date sets an end. */
export const catchUpDays = 7

/** Whom the thresholds reach, and then each escalation: the same thing at other days. */
export interface Stage {
  readonly level: number
  readonly whom: readonly Receiver[]
  readonly repeat: number | null
  /** Days after the date, or after it was first told; null: the thresholds themselves. */
  readonly after: number | null
}
export const stagesOf = ({ whom, repeat, escalate }: Reminder): Stage[] => [
  { level: 0, whom, repeat, after: null },
  ...escalate.map((one, n) => ({ level: n + 1, whom: one.whom, repeat: one.repeat, after: one.after })),
]

/** How far occurrences count on a day: what falls on rest days ahead is told before them, what fell on them waits for the working day after. */
export function reachOn(day: Day, restDays: RestDays, calendar: WorkingCalendar): Day {
  const n = dayNumber(day)!
  if (restDays === 'same') return day
  if (restDays === 'before') return fromDayNumber(calendar.workdayAfter(n, 1) - 1)
  let last = n
  while (!calendar.fact(last).isWorkday) last--
  return fromDayNumber(last)
}
/** Is anything told on this day at all? */
export const runsOn = (day: Day, restDays: RestDays, calendar: WorkingCalendar): boolean =>
  restDays === 'same' || calendar.day(day).isWorkday

/** The last day, not after `reach`, on which somebody is to be told about a date: by thresholds (days before it), then every `repeat` days. Null: none yet. */
export function lastOccurrence(date: Day, days: readonly number[], repeat: number | null, reach: Day): Day | null {
  const passed = days.map((one) => addDays(date, -one)).filter((day) => day <= reach)
  if (passed.length === 0) return null
  const last = passed.reduce((a, b) => (a > b ? a : b))
  if (repeat === null || passed.length < days.length) return last
  return addDays(last, Math.floor(daysBetween(last, reach) / repeat) * repeat)
}
/** Days before the date at which the last of it lies, if it were for the thresholds alone; null: it never ends. */
export function furthestBack(days: readonly number[], stages: readonly Stage[]): number | null {
  if (stages.some(({ repeat }) => repeat !== null)) return null
  const last = Math.max(...days.map((one) => -one), ...stages.flatMap(({ after }) => after ?? []))
  return last < 0 ? 0 : last + catchUpDays
}

/** The last day of a rhythm that is not after `reach`; null: none within the days that are made up for. */
export function lastOfRhythm(rhythm: Rhythm, reach: Day, calendar: WorkingCalendar): Day | null {
  for (let back = 0; back <= catchUpDays; back++) {
    const day = addDays(reach, -back)
    if (isOfRhythm(rhythm, day, calendar)) return day
  }
  return null
}
export function isOfRhythm(rhythm: Rhythm, day: Day, calendar: WorkingCalendar): boolean {
  if (rhythm.every === 'day') return true
  if (rhythm.every === 'workday') return calendar.day(day).isWorkday
  if (rhythm.every === 'week') return rhythm.on.includes(weekdayOf(dayNumber(day)!))
  const isLast = addDays(day, 1).endsWith('-01')
  const date = Number(day.slice(8))
  return rhythm.on.some((one) => one === date || (isLast && one > date))
}
