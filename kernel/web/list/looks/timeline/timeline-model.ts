import { addDays, addMonths, daysBetween, type Day, type Zoom } from '#model'
import { mondayOf } from '../calendar/calendar-model.ts'

/** How wide a day is drawn, and how its scale is divided: a large tick and the small ones within. */
const scales: Record<Zoom, { width: number; small: 'day' | 'week' | 'month'; large: 'month' | 'year' }> = {
  week: { width: 36, small: 'day', large: 'month' },
  month: { width: 14, small: 'week', large: 'month' },
  quarter: { width: 4, small: 'month', large: 'year' },
}
export const dayWidth = (zoom: Zoom): number => scales[zoom].width

/** The line of time begins and ends this many years from the day it was opened at: it is only drawn where it is looked at. */
const yearsAround = 10
export interface Line {
  first: Day
  days: number
}
export function lineAround(day: Day): Line {
  const year = Number(day.slice(0, 4))
  const first = `${year - yearsAround}-01-01`
  return { first, days: daysBetween(first, `${year + yearsAround + 1}-01-01`) }
}
export const placeOf = (line: Line, zoom: Zoom, day: Day): number => daysBetween(line.first, day) * dayWidth(zoom)
export const dayAt = (line: Line, zoom: Zoom, x: number): Day =>
  addDays(line.first, Math.max(0, Math.min(line.days - 1, Math.floor(x / dayWidth(zoom)))))

/** What is asked for around what is looked at: whole portions, so that scrolling a little asks for nothing new. */
export function windowAround(line: Line, zoom: Zoom, from: number, width: number): [first: Day, last: Day] {
  const portion = Math.max(28, Math.ceil(width / dayWidth(zoom)))
  const first = Math.floor(from / dayWidth(zoom) / portion) - 1
  const last = Math.floor((from + width) / dayWidth(zoom) / portion) + 1
  return [addDays(line.first, Math.max(0, first * portion)), addDays(line.first, Math.min(line.days, (last + 1) * portion) - 1)]
}

export interface Tick {
  day: Day
  left: number
  width: number
  label: string
}
const starts = {
  day: (day: Day) => day,
  week: mondayOf,
  month: (day: Day) => `${day.slice(0, 7)}-01`,
  year: (day: Day) => `${day.slice(0, 4)}-01-01`,
} as const
const next = {
  day: (day: Day) => addDays(day, 1),
  week: (day: Day) => addDays(day, 7),
  month: (day: Day) => addMonths(day, 1),
  year: (day: Day) => addMonths(day, 12),
} as const
function label(unit: keyof typeof starts, day: Day, isLarge: boolean): string {
  const [year, month, date] = day.split('-').map(Number)
  if (unit === 'year') return `${year} 年`
  if (unit === 'month') return isLarge ? `${year} 年 ${month} 月` : `${month} 月`
  return unit === 'week' ? `${month}/${date}` : `${date}`
}
/** The ticks between two days, and no others. */
export function ticksOf(line: Line, zoom: Zoom, first: Day, last: Day): { large: Tick[]; small: Tick[] } {
  const list = (unit: keyof typeof starts, isLarge: boolean): Tick[] => {
    const ticks: Tick[] = []
    for (let day = starts[unit](first); day <= last; day = next[unit](day)) {
      const left = placeOf(line, zoom, day)
      ticks.push({ day, left, width: placeOf(line, zoom, next[unit](day)) - left, label: label(unit, day, isLarge) })
    }
    return ticks
  }
  return { large: list(scales[zoom].large, true), small: list(scales[zoom].small, false) }
}

export interface BarPlace {
  left: number
  width: number
  /** It goes on beyond what is drawn, or has no end. */
  isOpen: boolean
}
/** Where a bar is drawn; both its days belong to it. A bar is never thinner than can be seen. */
export function barAt(line: Line, zoom: Zoom, span: { from: Day; to: Day | null }): BarPlace {
  const end = addDays(line.first, line.days - 1)
  const from = span.from < line.first ? line.first : span.from
  const to = span.to === null || span.to > end ? end : span.to
  const left = placeOf(line, zoom, from)
  return { left, width: Math.max(6, placeOf(line, zoom, addDays(to, 1)) - left), isOpen: span.to === null }
}
