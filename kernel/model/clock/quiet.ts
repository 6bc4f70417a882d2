import { instantOfWall, millisecondsADay, wallOf } from './day.ts'
import type { Minutes } from './calendar.ts'
import { dayNumberAt, type WorkingCalendar } from './working-calendar.ts'

/** When nobody is to be disturbed; `from` after `to` runs over midnight (21:00–07:30). Equal: never quiet. */
export interface QuietHours {
  readonly from: Minutes
  readonly to: Minutes
}

/**
 * When a message may leave: an urgent one at once; any other at the first moment from now on that is on a working day and outside the
 * quiet hours. A shift at night does not make the night loud.
 */
export function nextSendable(moment: Date, quiet: QuietHours, isUrgent: boolean, calendar: WorkingCalendar): Date {
  if (isUrgent) return moment
  const now = moment.getTime()
  let day = dayNumberAt(now)
  for (let tried = 0; tried < 400; tried++, day++) {
    if (!calendar.fact(day).isWorkday) continue
    for (const [from, to] of loudStretches(quiet)) {
      const start = Math.max(now, instantOfWall(day * millisecondsADay + from * 60_000))
      if (start < instantOfWall(day * millisecondsADay + to * 60_000)) return new Date(start)
    }
  }
  throw new RangeError('the calendar has no working day within a year')
}
const loudStretches = ({ from, to }: QuietHours): (readonly [Minutes, Minutes])[] =>
  from === to ? [[0, 1440]] : from > to ? [[to, from]] : [[0, from], [to, 1440]] // prettier-ignore

/** Whether it is quiet at this instant. */
export function isQuiet(moment: Date, quiet: QuietHours): boolean {
  const minute = (((wallOf(moment.getTime()) % millisecondsADay) + millisecondsADay) % millisecondsADay) / 60_000
  return !loudStretches(quiet).some(([from, to]) => minute >= from && minute < to)
}

/** The first moment from now on that is in none of these quiet hours; where together they leave no minute of a day, that of the first of them. */
export function loudFrom(moment: Date, quiets: readonly QuietHours[]): Date {
  let at = moment
  for (let tried = 0; tried < 3; tried++) {
    const quiet = quiets.find((one) => isQuiet(at, one))
    if (!quiet) return at
    at = endOf(at, quiet)
  }
  const [first] = quiets
  return first && isQuiet(moment, first) ? endOf(moment, first) : moment
}
/** When the quiet that holds at this moment ends. */
function endOf(moment: Date, { to }: QuietHours): Date {
  const wall = wallOf(moment.getTime())
  const midnight = Math.floor(wall / millisecondsADay) * millisecondsADay
  const today = midnight + to * 60_000
  return new Date(instantOfWall(today > wall ? today : today + millisecondsADay))
}
