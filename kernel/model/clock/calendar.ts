import { type Day, dayNumber } from './day.ts'

/** Minutes after midnight; beyond 1440 is the next day: a night shift that ends at six is [1320, 1800]. */
export type Minutes = number
/** 1 Monday … 7 Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** Hours worked on some weekdays. A lunch break is the gap between two of them, shifts are several that meet. */
export interface Period {
  readonly label?: string
  readonly weekdays: readonly Weekday[]
  readonly from: Minutes
  readonly to: Minutes
  /** Part of the year, `MM-DD` to `MM-DD` inclusive; may run over New Year. Absent: all year. */
  readonly season?: { readonly from: string; readonly to: string }
}
/** Days off or on beside weekdays and public holidays, and why. */
export interface ExtraDays {
  readonly from: Day
  readonly to: Day
  readonly kind: 'off' | 'on'
  readonly reason: string
  /** Hours of an extra working day; absent: those of an ordinary one. */
  readonly hours?: { readonly from: Minutes; readonly to: Minutes }
}
/** What one unit says about its working time. What it does not say comes from the unit above. */
export interface CalendarLayer {
  readonly name: string
  readonly unit: string | null
  /** `national`: public holidays and make-up days hold; `none`: it works through them (急诊); null: as above. */
  readonly holidays: 'national' | 'none' | null
  /** Empty: as above. */
  readonly periods: readonly Period[]
  /** Its own come before those of the units above. */
  readonly days: readonly ExtraDays[]
}
export interface ResolvedCalendar {
  readonly holidays: 'national' | 'none'
  readonly holidaysFrom: string
  readonly periods: readonly Period[]
  readonly periodsFrom: string
  /** Nearest first, each with the layer that says it. */
  readonly days: readonly (ExtraDays & { readonly source: string })[]
}

/** The calendar of a unit out of its own layer and those above it, nearest first; the last one must say hours. */
export function resolveCalendar(layers: readonly CalendarLayer[]): ResolvedCalendar {
  const hours = layers.find((layer) => layer.periods.length > 0)
  if (!hours) throw new RangeError('no layer of the calendar has working hours')
  const rule = layers.find((layer) => layer.holidays !== null)
  return {
    holidays: rule?.holidays ?? 'national',
    holidaysFrom: rule?.name ?? hours.name,
    periods: hours.periods,
    periodsFrom: hours.name,
    days: layers.flatMap((layer) => layer.days.map((days) => ({ ...days, source: layer.name }))),
  }
}

export interface CalendarProblem {
  /** `periods.0.to`, `days.2.reason`. */
  readonly at: string
  readonly message: string
}
const seasonDay = /^\d{2}-\d{2}$/
const isSeasonDay = (text: string): boolean => seasonDay.test(text) && dayNumber(`2024-${text}`) !== null
/** What is wrong with a layer, in Chinese, each at its place. */
export function calendarProblems(layer: Pick<CalendarLayer, 'periods' | 'days'>): CalendarProblem[] {
  const problems: CalendarProblem[] = []
  const say = (at: string, message: string) => problems.push({ at, message })
  layer.periods.forEach((period, at) => {
    if (period.weekdays.length === 0) say(`periods.${at}.weekdays`, '请选择星期')
    if (!inDay(period.from)) say(`periods.${at}.from`, '开始时间须在 0:00–24:00')
    else if (!(period.to > period.from && period.to - period.from <= 1440)) say(`periods.${at}.to`, '结束时间须晚于开始时间')
    if (period.season && !isSeasonDay(period.season.from)) say(`periods.${at}.season`, '季节起止请写成月-日，如 05-01')
    else if (period.season && !isSeasonDay(period.season.to)) say(`periods.${at}.season`, '季节起止请写成月-日，如 09-30')
  })
  layer.days.forEach((days, at) => {
    if (days.to < days.from) say(`days.${at}.to`, '止日不能早于起日')
    else if (dayNumber(days.to)! - dayNumber(days.from)! > 366) say(`days.${at}.to`, '一次最多一年')
    if (days.reason.trim() === '') say(`days.${at}.reason`, '请写明原因')
    if (days.hours && days.kind === 'off') say(`days.${at}.hours`, '放假的日子没有工作时间')
    else if (days.hours && !(days.hours.to > days.hours.from && days.hours.to - days.hours.from <= 1440))
      say(`days.${at}.hours`, '结束时间须晚于开始时间')
  })
  return problems
}
const inDay = (minutes: Minutes): boolean => Number.isInteger(minutes) && minutes >= 0 && minutes < 1440

const timeText = /^(次日)?([01]?\d|2[0-4]):([0-5]\d)$/
/** Minutes of `08:30`, `24:00` or `次日06:00`; null when it is no time. */
export function parseTime(text: string): Minutes | null {
  const found = timeText.exec(text.trim())
  if (!found) return null
  const minutes = Number(found[2]) * 60 + Number(found[3])
  return minutes > 1440 ? null : minutes + (found[1] ? 1440 : 0)
}
/** `08:30`; beyond midnight `次日06:00`. */
export const formatTime = (minutes: Minutes): string =>
  minutes > 1440
    ? `次日${formatTime(minutes - 1440)}`
    : `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
