/** Days as `YYYY-MM-DD` strings. They never pass through a local-time Date: Asia/Shanghai had summer time in 1986–1991. */
export type Day = string

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/
export const millisecondsADay = 86_400_000

/** Days since 1970-01-01, or null when the text is not a real day. */
export function dayNumber(day: string): number | null {
  const found = dayPattern.exec(day)
  if (!found) return null
  const [year, month, date] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const at = Date.UTC(year, month - 1, date)
  const back = new Date(at)
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === date ? at / millisecondsADay : null
}
export const isDay = (text: unknown): text is Day => typeof text === 'string' && dayNumber(text) !== null

export function fromDayNumber(number: number): Day {
  return new Date(number * millisecondsADay).toISOString().slice(0, 10)
}
export function addDays(day: Day, days: number): Day {
  const number = dayNumber(day)
  if (number === null) throw new RangeError(`not a day: ${day}`)
  return fromDayNumber(number + days)
}
/** Adds months; the 31st falls back to the month's last day. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date, last))).toISOString().slice(0, 10)
}
export const daysBetween = (from: Day, to: Day): number => (dayNumber(to) ?? 0) - (dayNumber(from) ?? 0)

/** The hospital's zone is fixed at +08:00: China keeps one time and has had no summer time since 1991; instants before are shown by the zone database. */
export const hospitalZone = 'Asia/Shanghai'
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: hospitalZone, year: 'numeric', month: '2-digit', day: '2-digit' })
const timeFormat = new Intl.DateTimeFormat('en-GB', { timeZone: hospitalZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const wallFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: hospitalZone, hourCycle: 'h23',
  year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
}) // prettier-ignore

// Since 1992 the zone is +08:00 without exception, which arithmetic knows faster than the zone database.
const steadySince = Date.UTC(1992, 0, 1)
const eightHours = 28_800_000
/** The day an instant falls on in the hospital. */
export const dayOf = (instant: Date): Day =>
  instant.getTime() >= steadySince ? new Date(instant.getTime() + eightHours).toISOString().slice(0, 10) : dayFormat.format(instant)
/** The wall clock of the hospital at an instant, as milliseconds since 1970-01-01 00:00 on that wall. */
export function wallOf(instant: number): number {
  if (instant >= steadySince) return instant + eightHours
  const part = Object.fromEntries(wallFormat.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  return (
    Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'], part['second']) +
    (((instant % 1000) + 1000) % 1000)
  )
}
/** The instant (milliseconds) at which the hospital's wall clock shows this; a time that summer time skipped is the moment after the leap. */
export function instantOfWall(wall: number): number {
  const plain = wall - eightHours
  if (plain >= steadySince) return plain
  // Two rounds settle the offset on both sides of a change.
  const once = plain - (wallOf(plain) - wall)
  return once - (wallOf(once) - wall)
}
/** The instant at which a day begins in the hospital. */
export const startOfDay = (day: Day): Date => new Date(instantOfWall(dayNumber(day)! * millisecondsADay))
/** `2026-11-21 08:30` in the hospital's zone. */
export const formatInstant = (instant: Date | string): string => {
  const at = typeof instant === 'string' ? new Date(instant) : instant
  // Lists and exports write millions of them; since the clock stands still the zone need not be asked.
  if (at.getTime() >= steadySince) {
    const wall = new Date(at.getTime() + eightHours).toISOString()
    return `${wall.slice(0, 10)} ${wall.slice(11, 16)}`
  }
  return `${dayFormat.format(at)} ${timeFormat.format(at)}`
}
/** `11月21日 星期六` */
export const formatDayWithWeekday = (day: Day): string => {
  const number = dayNumber(day) ?? 0
  const [, month, date] = day.split('-').map(Number) as [number, number, number]
  return `${month}月${date}日 星期${'四五六日一二三'[((number % 7) + 7) % 7]}`
}

const offsetPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/
/** An instant with its zone stated; null for a time without zone or no time at all. */
export function parseInstant(text: unknown): Date | null {
  if (typeof text !== 'string' || !offsetPattern.test(text) || !isDay(text.slice(0, 10))) return null
  const at = new Date(text)
  // By its offset it may lie beyond the years that are written with four digits.
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999 || at.getUTCFullYear() < 0 ? null : at
}

/** A source of now. Tests set it; business code never asks the machine or the database for the time. */
export interface Clock {
  now(): Date
}
export const systemClock: Clock = { now: () => new Date() }
export const today = (clock: Clock): Day => dayOf(clock.now())
