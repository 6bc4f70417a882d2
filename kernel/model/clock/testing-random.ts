/** Random calendars and histories, and the comparison of the two clocks. For tests only. */
import fc from 'fast-check'
import { type CalendarLayer, type ExtraDays, type Period, resolveCalendar, type Weekday } from './calendar.ts'
import { applyClock, type ClockEvent, type ClockState, isRefused, readClock } from './case-clock.ts'
import { addDays } from './day.ts'
import type { Duration, DurationUnit } from './duration.ts'
import { HolidayTable, shippedHolidays } from './holidays.ts'
import { nextSendable, type QuietHours } from './quiet.ts'
import { SlowCalendar, slowReading, slowSendable } from './testing-slow.ts'
import { WorkingCalendar } from './working-calendar.ts'

const minute = 60_000
const season = fc.option(
  fc.constantFrom({ from: '05-01', to: '09-30' }, { from: '10-01', to: '04-30' }, { from: '12-15', to: '02-15' }),
  { nil: undefined, freq: 4 },
) // prettier-ignore
const weekdays = fc.constantFrom<Weekday[]>([1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6], [6], [1, 3, 5], [1, 2, 3, 4, 5, 6, 7], [3])
const span = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([from, length]) => ({ from, to: from + length }))
const commonSpans = fc.constantFrom(
  { from: 480, to: 720 },
  { from: 840, to: 1050 },
  { from: 0, to: 1440 },
  { from: 1320, to: 1800 },
  { from: 450, to: 690 },
)
const period: fc.Arbitrary<Period> = fc
  .tuple(weekdays, fc.oneof({ weight: 3, arbitrary: commonSpans }, span), season)
  .map(([days, { from, to }, when]) => ({ weekdays: days, from, to, ...(when ? { season: when } : {}) }))
const year2026 = fc.integer({ min: -20, max: 380 }).map((n) => addDays('2026-01-01', n))
const extraDays: fc.Arbitrary<ExtraDays> = fc
  .tuple(year2026, fc.integer({ min: 0, max: 9 }), fc.constantFrom('off' as const, 'on' as const), fc.option(span, { nil: undefined }))
  .map(([from, length, kind, hours]) => ({
    from,
    to: addDays(from, length),
    kind,
    reason: '院庆',
    ...(hours && kind === 'on' ? { hours } : {}),
  }))
const layer = (name: string, minPeriods: number): fc.Arbitrary<CalendarLayer> =>
  fc.record({
    name: fc.constant(name),
    unit: fc.constant(name),
    holidays: fc.constantFrom('national', 'national', 'none', null),
    periods: fc.array(period, { minLength: minPeriods, maxLength: 3 }),
    days: fc.array(extraDays, { maxLength: 4 }),
  })
// The hospital's own layer works every Wednesday, so that no random calendar is without an end.
const always: Period = { weekdays: [3], from: 540, to: 600 }
const root = layer('全院', 1).map((one) => ({ ...one, periods: [...one.periods, always] }))
const lower = (name: string) => layer(name, 0).map((one) => ({ ...one, periods: one.periods.length ? [...one.periods, always] : [] }))
const layers = fc.oneof(
  fc.tuple(root),
  fc.tuple(lower('急诊科'), root),
  fc.tuple(lower('急诊一病区'), lower('东院区'), root),
) as fc.Arbitrary<CalendarLayer[]>
const limit: fc.Arbitrary<Duration> = fc
  .tuple(
    fc.constantFrom<DurationUnit>('minutes', 'hours', 'workingHours', 'workingHours', 'days', 'workingDays', 'workingDays'),
    fc.integer({ min: 1, max: 8 }),
  )
  .map(([unit, amount]) => ({ unit, amount: unit === 'minutes' ? amount * 10 : unit === 'hours' ? amount * 4 : amount }))

interface History {
  layers: CalendarLayer[]
  events: ClockEvent[]
  now: number
  quiet: QuietHours
}
const quiet = fc.constantFrom<QuietHours>({ from: 1260, to: 450 }, { from: 0, to: 420 }, { from: 720, to: 840 }, { from: 600, to: 600 })
type Draw = { kind: 'pause' | 'resume' | 'changeTarget' | 'stop'; gap: number; limit: Duration }
const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom('pause', 'pause', 'resume', 'resume', 'resume', 'changeTarget', 'stop'),
  // Often within the day, sometimes for days; now and then at the same moment.
  gap: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 4000 })),
  limit,
})
/** A clock's life: only what it allows, at whole minutes between the last weeks of 2025 and the first of 2027, whose holidays nobody knows. */
export const history: fc.Arbitrary<History> = fc
  .record({
    layers,
    limit,
    day: fc.oneof(year2026, fc.constantFrom('2026-02-13', '2026-09-30', '2026-12-28', '2026-12-31', '2026-05-08')),
    minute: fc.oneof(fc.integer({ min: 0, max: 1439 }), fc.constantFrom(0, 480, 720, 1050, 1439)),
    draws: fc.array(draw, { maxLength: 6 }),
    after: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6000 })),
    quiet,
  })
  .map((given) => {
    let at = Date.parse(`${given.day}T00:00:00+08:00`) + given.minute * minute
    const events: ClockEvent[] = [{ kind: 'start', at: iso(at), limit: given.limit }]
    let status: 'running' | 'paused' | 'stopped' = 'running'
    for (const one of given.draws) {
      if (status === 'stopped') break
      if (one.kind === (status === 'running' ? 'resume' : 'pause')) continue
      at += one.gap * minute
      if (one.kind === 'changeTarget') events.push({ kind: 'changeTarget', at: iso(at), limit: one.limit, reason: '上级要求' })
      else if (one.kind === 'pause') events.push({ kind: 'pause', at: iso(at), reason: '等待患者补充材料' })
      else events.push({ kind: one.kind, at: iso(at) })
      if (one.kind !== 'changeTarget') status = one.kind === 'pause' ? 'paused' : one.kind === 'resume' ? 'running' : 'stopped'
    }
    return { layers: given.layers, events, now: at + given.after * minute, quiet: given.quiet }
  })
const iso = (at: number): string => new Date(at).toISOString()
const table = new HolidayTable(shippedHolidays)

/** What both clocks say of one history, in one form. */
export function bothReadings({ layers: given, events, now, quiet: hours }: History): { fast: unknown; slow: unknown } {
  const calendar = new WorkingCalendar(resolveCalendar(given), table)
  let state: ClockState | null = null
  for (const event of events) {
    const answer = applyClock(state, event, calendar)
    if (isRefused(answer)) throw new Error(`${event.kind}: ${answer.message}`)
    state = answer
  }
  const read = readClock(state!, iso(now), calendar)
  const slowly = new SlowCalendar(given, shippedHolidays)
  const slow = slowReading(events, now, slowly)
  const sent = { urgent: nextSendable(new Date(now), hours, true, calendar).getTime(), plain: nextSendable(new Date(now), hours, false, calendar).getTime() } // prettier-ignore
  return {
    fast: { status: read.status, elapsed: read.elapsed, breachedAt: read.breachedAt, due: read.due && { at: read.due.at.toISOString(), provisional: read.due.provisional }, sent },
    slow: { status: slow.status, elapsed: slow.elapsed, breachedAt: slow.breachedAt === null ? null : iso(slow.breachedAt), due: slow.due && { at: iso(slow.due.at), provisional: slow.due.provisional }, sent: { urgent: now, plain: slowSendable(now, hours, slowly) } },
  } // prettier-ignore
}
