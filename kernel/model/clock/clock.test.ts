import { describe, expect, test } from 'vitest'
import { type CalendarLayer, calendarProblems, formatTime, parseTime, type Period, resolveCalendar } from './calendar.ts'
import { applyClock, type ClockEvent, type ClockState, isRefused, readClock, replan } from './case-clock.ts'
import { type CaseClocks, type ClockPlan, happen } from './case-plan.ts'
import { dayNumber, instantOfWall, wallOf } from './day.ts'
import { add, durationProblem, elapsed } from './duration.ts'
import { HolidayTable, type HolidayYear, shippedHolidays } from './holidays.ts'
import { isQuiet, nextSendable } from './quiet.ts'
import { WorkingCalendar } from './working-calendar.ts'

const office: Period[] = [
  { weekdays: [1, 2, 3, 4, 5], from: 480, to: 720 },
  { weekdays: [1, 2, 3, 4, 5], from: 840, to: 1050 },
]
const hospital: CalendarLayer = { name: '全院', unit: null, holidays: 'national', periods: office, days: [] }
const table = new HolidayTable(shippedHolidays)
const calendarOf = (...layers: Partial<CalendarLayer>[]) =>
  new WorkingCalendar(
    resolveCalendar([
      ...layers.map((l, i) => ({ name: `第${i + 1}层`, unit: `u${i}`, holidays: null, periods: [], days: [], ...l })),
      hospital,
    ]),
    table,
  )
const plain = calendarOf()
const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const shown = (date: Date) => new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
const due = (unit: 'hours' | 'days' | 'workingHours' | 'workingDays' | 'minutes', amount: number, from: string, calendar = plain) =>
  shown(add({ unit, amount }, at(from), calendar).at)

describe('limits on the hospital’s calendar', () => {
  test('the lunch break does not count, nor the night, nor the weekend', () => {
    expect(due('workingHours', 2, '2026-11-20 11:00')).toBe('2026-11-20 15:00')
    expect(due('workingHours', 5, '2026-11-20 16:00')).toBe('2026-11-23 11:30')
    expect(elapsed('workingHours', at('2026-11-20 11:30'), at('2026-11-20 14:15'), plain)).toBe(0.75)
  })
  test('the Spring Festival is skipped and the Saturday worked for it counts', () => {
    expect(due('workingDays', 1, '2026-02-13 10:00')).toBe('2026-02-14 17:30')
    expect(due('workingDays', 2, '2026-02-13 10:00')).toBe('2026-02-24 17:30')
    expect(due('workingHours', 8.5, '2026-02-13 17:00')).toBe('2026-02-24 08:30')
  })
  test('the day on which a period begins is not counted, and its last day counts whole', () => {
    expect(due('workingDays', 5, '2026-11-16 00:10')).toBe('2026-11-23 17:30')
    expect(due('workingDays', 1, '2026-11-21 09:00')).toBe('2026-11-23 17:30')
    expect(due('days', 7, '2026-11-16 09:00')).toBe('2026-11-23 23:59')
    expect([due('hours', 24, '2026-11-21 10:05'), due('minutes', 10, '2026-11-21 23:55')]).toEqual(['2026-11-22 10:05', '2026-11-22 00:05'])
  })
  test('a limit that reaches days whose holidays nobody has entered is provisional and names the year', () => {
    expect(add({ unit: 'workingDays', amount: 5 }, at('2026-12-30 10:00'), plain)).toMatchObject({ provisional: true, missing: [2027] })
    // The notice for 2027 may still change the last days of December.
    expect(add({ unit: 'workingDays', amount: 1 }, at('2026-12-28 10:00'), plain)).toMatchObject({ provisional: true, missing: [2027] })
    expect(add({ unit: 'workingDays', amount: 1 }, at('2026-12-24 10:00'), plain)).toMatchObject({ provisional: false, missing: [] })
    expect(add({ unit: 'hours', amount: 200 }, at('2026-12-30 10:00'), plain).provisional).toBe(false)
    expect(add({ unit: 'workingHours', amount: 1 }, at('2003-05-06 10:00'), plain)).toMatchObject({ provisional: true, missing: [2003] })
  })
  test('an emergency department works through the holidays, by shifts that run over midnight', () => {
    const everyDay = [1, 2, 3, 4, 5, 6, 7] as const
    const emergency = calendarOf({
      holidays: 'none',
      periods: [
        { label: '白班', weekdays: everyDay, from: 480, to: 1320 },
        { label: '夜班', weekdays: everyDay, from: 1320, to: 1920 },
      ],
    })
    expect(due('workingHours', 30, '2026-10-01 21:00', emergency)).toBe('2026-10-03 03:00')
    expect(add({ unit: 'workingDays', amount: 3 }, at('2027-02-05 08:00'), emergency).provisional).toBe(false)
    expect(due('workingDays', 1, '2026-10-01 21:00', emergency)).toBe('2026-10-02 23:59')
  })
  test('a unit inherits what it does not say itself, and its own extra days come first', () => {
    const campus = { name: '东院区', days: [{ from: '2026-11-23', to: '2026-11-24', kind: 'off', reason: '停电检修' }] } as const
    const clinic = {
      name: '眼科门诊',
      days: [{ from: '2026-11-23', to: '2026-11-23', kind: 'on', reason: '义诊', hours: { from: 540, to: 660 } }],
    } as const
    expect(due('workingDays', 1, '2026-11-20 09:00', calendarOf(campus))).toBe('2026-11-25 17:30')
    const both = calendarOf(clinic, campus)
    expect(due('workingDays', 1, '2026-11-20 09:00', both)).toBe('2026-11-23 11:00')
    expect(both.day('2026-11-24')).toMatchObject({ kind: 'extraOff', name: '停电检修', source: '东院区' })
    expect(both.day('2026-11-25')).toMatchObject({ kind: 'work', source: '全院' })
  })
  test('a make-up Saturday has a whole day’s hours even where Saturdays are half', () => {
    const halfSaturday = calendarOf({ periods: [...office, { weekdays: [6], from: 480, to: 720 }] })
    expect(halfSaturday.day('2026-02-14').hours).toEqual([[480, 720], [840, 1050]]) // prettier-ignore
    expect(halfSaturday.day('2026-03-14').hours).toEqual([[480, 720]])
  })
  test('summer hours hold in their season only', () => {
    const seasonal = calendarOf({
      periods: [
        { weekdays: [1, 2, 3, 4, 5], from: 480, to: 720 },
        { weekdays: [1, 2, 3, 4, 5], from: 870, to: 1080, season: { from: '05-01', to: '09-30' } },
        { weekdays: [1, 2, 3, 4, 5], from: 840, to: 1050, season: { from: '10-01', to: '04-30' } },
      ],
    })
    expect([due('workingDays', 1, '2026-07-01 09:00', seasonal), due('workingDays', 1, '2026-12-01 09:00', seasonal)]).toEqual([
      '2026-07-02 18:00',
      '2026-12-02 17:30',
    ])
  })
  test('holidays that were moved re-plan what is open; what has passed stays passed', () => {
    const year2026 = shippedHolidays.find((y) => y.year === 2026)!
    const longer: HolidayYear = { ...year2026, source: '延长假期的通知', off: [...year2026.off, ['春节', '2026-02-24', '2026-02-26']] }
    const changed = new WorkingCalendar(plain.resolved, new HolidayTable([...shippedHolidays, longer]))
    const limit = { unit: 'workingDays', amount: 2 } as const
    const planned = add(limit, at('2026-02-13 10:00'), plain).at
    const fresh = add(limit, at('2026-02-13 10:00'), changed).at
    expect([shown(planned), shown(fresh)]).toEqual(['2026-02-24 17:30', '2026-02-27 17:30'])
    expect(replan(planned, fresh, at('2026-02-20 09:00'))).toEqual(fresh)
    expect(replan(planned, fresh, at('2026-02-24 17:30'))).toEqual(planned)
    // The other way round: a holiday that falls away brings what is open forward, but never before now.
    expect(shown(replan(fresh, planned, at('2026-02-26 08:00')))).toBe('2026-02-26 08:00')
  })
  test('walls and instants agree in the summers of 1986 to 1991, and working time is what passed', () => {
    const night = instantOfWall(Date.UTC(1988, 6, 1, 23, 30))
    expect(new Date(night).toISOString()).toBe('1988-07-01T14:30:00.000Z')
    expect(wallOf(night)).toBe(Date.UTC(1988, 6, 1, 23, 30))
    const always = new WorkingCalendar(
      resolveCalendar([{ ...hospital, holidays: 'none', periods: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }] }]),
      table,
    )
    const [from, to] = [instantOfWall(Date.UTC(1988, 3, 16)), instantOfWall(Date.UTC(1988, 3, 18))]
    expect(elapsed('workingHours', new Date(from), new Date(to), always)).toBe(47)
    expect(add({ unit: 'workingHours', amount: 47 }, new Date(from), always).at.getTime()).toBe(to)
  })
  test('a calendar that never works is refused when it is written, and reckoning on one ends', () => {
    expect(calendarProblems({ periods: [{ weekdays: [], from: 480, to: 480 }], days: [{ from: '2026-05-02', to: '2026-05-01', kind: 'off', reason: ' ' }] }).map((p) => p.at)).toEqual([
      'periods.0.weekdays', 'periods.0.to', 'days.0.to', 'days.0.reason',
    ]) // prettier-ignore
    expect(() => resolveCalendar([{ ...hospital, periods: [] }])).toThrow('has working hours')
    const winterOnly = new WorkingCalendar(
      resolveCalendar([{ ...hospital, periods: [{ ...office[0]!, season: { from: '02-30', to: '02-30' } }] }]),
      table,
    )
    expect(() => add({ unit: 'workingHours', amount: 1 }, at('2026-01-01 08:00'), winterOnly)).toThrow('no working time')
  })
  test('times are read as people write them', () => {
    expect([parseTime('8:00'), parseTime('24:00'), parseTime('次日06:00'), parseTime('25:00'), parseTime('8点')]).toEqual([
      480,
      1440,
      1800,
      null,
      null,
    ])
    expect([formatTime(510), formatTime(1440), formatTime(1800)]).toEqual(['08:30', '24:00', '次日06:00'])
    expect([durationProblem({ unit: 'days', amount: 1.5 }), durationProblem({ unit: 'hours', amount: 0 }), durationProblem({ unit: 'hours', amount: 0.5 })]).toEqual(['天数须为整数', '时限须大于零', null]) // prettier-ignore
  })
})

describe('the shipped holidays', () => {
  test('every year from 2004 to 2026 is there, says where it was read, and no day is both off and worked', () => {
    expect(shippedHolidays.map((y) => y.year)).toEqual(Array.from({ length: 23 }, (_, i) => 2004 + i))
    for (const year of shippedHolidays) {
      expect(year.source).not.toBe('')
      for (const [, day] of year.work) expect(year.off.some(([, from, to]) => day >= from && day <= to)).toBe(false)
    }
    // What `missingFor` rests on: no notice has reached back before 29 December.
    const reachingBack = shippedHolidays.flatMap((y) => [...y.off.map(([, from]) => from), ...y.work.map(([, on]) => on)]).filter((day) => day.slice(5) > '11-01') // prettier-ignore
    expect(reachingBack.every((day) => day.slice(5) >= '12-29')).toBe(true)
  })
  test('2026 has 33 days off and 6 worked for them', () => {
    const days = Array.from({ length: 365 }, (_, i) => plain.fact(dayNumber('2026-01-01')! + i))
    expect([days.filter((d) => d.kind === 'holiday').length, days.filter((d) => d.kind === 'makeUp').length]).toEqual([33, 6])
    expect([days[0]!.day, days.filter((d) => d.isWorkday).length]).toEqual(['2026-01-01', 248])
  })
})

describe('a clock of a case', () => {
  const run = (...events: ClockEvent[]): ClockState =>
    events.reduce<ClockState | null>((state, event) => {
      const next = applyClock(state, event, plain)
      if (isRefused(next)) throw new Error(next.message)
      return next
    }, null)!
  const utc = (text: string) => at(text).toISOString()
  const start: ClockEvent = { kind: 'start', at: utc('2026-11-16 09:00'), limit: { unit: 'workingDays', amount: 5 } }
  const pause: ClockEvent = { kind: 'pause', at: utc('2026-11-17 10:00'), reason: '等待患者补充病历', evidence: ['file-1'] }
  const resume: ClockEvent = { kind: 'resume', at: utc('2026-11-19 10:00') }

  test('days that end while it rests do not count, and changing the limit keeps them', () => {
    expect(shown(readClock(run(start), utc('2026-11-16 09:00'), plain).due!.at)).toBe('2026-11-23 17:30')
    const resumed = run(start, pause, resume)
    expect(shown(readClock(resumed, utc('2026-11-19 11:00'), plain).due!.at)).toBe('2026-11-25 17:30')
    const longer = run(start, pause, resume, { kind: 'changeTarget', at: utc('2026-11-20 09:00'), limit: { unit: 'workingDays', amount: 10 }, reason: '须多科室会商' }) // prettier-ignore
    expect(shown(readClock(longer, utc('2026-11-20 09:00'), plain).due!.at)).toBe('2026-12-02 17:30')
    const inHours = run(start, pause, resume, { kind: 'changeTarget', at: utc('2026-11-20 09:00'), limit: { unit: 'workingHours', amount: 24 }, reason: '院内从严' }) // prettier-ignore
    expect(readClock(inHours, utc('2026-11-19 12:00'), plain).elapsed).toBe(6.5 + 2 + 2)
  })
  test('while it rests it has no due moment, and time does not pass', () => {
    const resting = run(start, pause)
    expect(readClock(resting, utc('2026-12-25 12:00'), plain)).toMatchObject({
      status: 'paused',
      due: null,
      elapsed: 0,
      remaining: 5,
      breachedAt: null,
    })
  })
  test('resting needs a reason, and what does not fit its state is refused', () => {
    const say = (state: ClockState | null, event: ClockEvent) => {
      const answer = applyClock(state, event, plain)
      return isRefused(answer) ? answer.refused : 'done'
    }
    const stopped = run(start, { kind: 'stop', at: utc('2026-11-18 09:00') })
    expect([
      say(null, pause),
      say(run(start), { ...pause, reason: '  ' }),
      say(run(start, pause), pause),
      say(run(start), resume),
      say(run(start), start),
      say(stopped, pause),
      say(run(start, pause), { kind: 'resume', at: utc('2026-11-16 10:00') }),
      say(null, { ...start, limit: { unit: 'days', amount: 0 } }),
      say(run(start), { kind: 'changeTarget', at: utc('2026-11-17 10:00'), limit: { unit: 'days', amount: 3 }, reason: '' }),
    ]).toEqual([
      'notStarted',
      'reasonNeeded',
      'isPaused',
      'notPaused',
      'alreadyStarted',
      'stopped',
      'outOfOrder',
      'badLimit',
      'reasonNeeded',
    ])
  })
  test('what ran over stays so: neither a longer limit nor other holidays take it back', () => {
    const late = run(start, {
      kind: 'changeTarget',
      at: utc('2026-11-24 09:00'),
      limit: { unit: 'workingDays', amount: 20 },
      reason: '延长',
    })
    expect(late.breachedAt).toBe(utc('2026-11-23 17:30'))
    const more = calendarOf({ days: [{ from: '2026-11-17', to: '2026-11-20', kind: 'off', reason: '台风' }] })
    expect(readClock(late, utc('2026-11-25 09:00'), more).breachedAt).toBe(utc('2026-11-23 17:30'))
    const onTime = run(start, { kind: 'stop', at: utc('2026-11-23 17:30') })
    expect(readClock(onTime, utc('2026-12-30 09:00'), plain)).toMatchObject({ status: 'stopped', breachedAt: null })
  })
  test('an update silences no clock: the first answer is still owed while the case moves on', () => {
    const plans: Record<string, ClockPlan> = {
      firstResponse: { label: '首次答复', limit: { unit: 'workingHours', amount: 4 }, startsOn: ['accepted'], stopsOn: ['answered'] },
      resolution: { label: '办结', limit: { unit: 'workingDays', amount: 5 }, startsOn: ['accepted'], pausesOn: ['waitingForPatient'], resumesOn: ['patientAnswered'], stopsOn: ['closed'] }, // prettier-ignore
    }
    let clocks: CaseClocks = {}
    for (const happening of [
      { what: 'accepted', at: utc('2026-11-16 09:00') },
      { what: 'updated', at: utc('2026-11-16 09:30') },
      { what: 'waitingForPatient', at: utc('2026-11-16 10:00'), reason: '等待病历' },
    ]) {
      const next = happen(plans, clocks, happening, plain)
      if ('message' in next) throw new Error(String(next.message))
      clocks = next
    }
    const read = (name: string) => readClock(clocks[name]!, utc('2026-11-17 09:00'), plain)
    expect([read('firstResponse').status, read('resolution').status]).toEqual(['running', 'paused'])
    expect(read('firstResponse').breachedAt).toBe(utc('2026-11-16 15:00'))
    expect(happen(plans, clocks, { what: 'waitingForPatient', at: utc('2026-11-17 09:00') }, plain)).toEqual(clocks)
    const resumed = happen(plans, clocks, { what: 'patientAnswered', at: utc('2026-11-17 10:00') }, plain) as CaseClocks
    expect(happen(plans, resumed, { what: 'waitingForPatient', at: utc('2026-11-17 11:00') }, plain)).toMatchObject({ refused: 'reasonNeeded', message: '办结：暂停计时须写明原因' }) // prettier-ignore
  })
})

describe('when a message may leave', () => {
  const quiet = { from: 21 * 60, to: 7 * 60 + 30 }
  const sendable = (text: string, urgent = false, calendar = plain) => shown(nextSendable(at(text), quiet, urgent, calendar))
  test('nothing leaves at night, at the weekend or on a holiday unless it is urgent', () => {
    expect(sendable('2026-11-19 22:10')).toBe('2026-11-20 07:30')
    expect(sendable('2026-11-20 21:00')).toBe('2026-11-23 07:30')
    expect(sendable('2026-09-30 23:00')).toBe('2026-10-08 07:30')
    expect(sendable('2026-02-14 06:00')).toBe('2026-02-14 07:30')
    expect(sendable('2026-11-20 12:30')).toBe('2026-11-20 12:30')
    expect(sendable('2026-11-21 03:00', true)).toBe('2026-11-21 03:00')
    expect([isQuiet(at('2026-11-20 21:00'), quiet), isQuiet(at('2026-11-20 07:30'), quiet), isQuiet(at('2026-11-20 02:00'), { from: 0, to: 0 })]).toEqual([true, false, false]) // prettier-ignore
  })
})
