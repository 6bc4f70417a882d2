import { choice, choices, date, integer, rows, text, unit } from '../fields/factories.ts'
import { module } from '../module.ts'
import { resource } from '../resource.ts'
import { type CalendarLayer, type ExtraDays, formatTime, type Minutes, parseTime, type Period, type Weekday } from './calendar.ts'
import type { HolidayYear } from './holidays.ts'

export const weekdayLabels = { mon: '周一', tue: '周二', wed: '周三', thu: '周四', fri: '周五', sat: '周六', sun: '周日' } as const
const weekdayKeys = Object.keys(weekdayLabels)
const time = {
  pattern: '^(次日)?([01]?[0-9]|2[0-4])[:：][0-5][0-9]$',
  patternMessage: '请写成 08:30；过了半夜写 次日06:00',
  max: 8,
} as const
const monthDay = { pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', patternMessage: '请写成月-日，如 05-01', max: 5 } as const

/** The working time of the hospital (no unit) or of a campus or unit, which inherits what it does not say. */
export const calendars = resource('clock.calendar', {
  label: '工作日历',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('名称', { required: true, max: 60, search: true }),
    unit: unit('适用院区或科室', { help: '空 = 全院；下级没有写的，从上级继承' }),
    holidays: choice('节假日', { national: '按国家节假日与调休', none: '全年不休' }, { help: '空 = 同上级' }),
    periods: rows(
      '作息',
      {
        label: text('班次', { max: 20 }),
        weekdays: choices('星期', weekdayLabels, { required: true }),
        start: text('开始', { required: true, ...time }),
        end: text('结束', { required: true, ...time }),
        seasonFrom: text('季节起', monthDay),
        seasonTo: text('季节止', monthDay),
      },
      { help: '空 = 同上级；午休是两段之间的空档，夜班可写到次日' },
    ),
    days: rows(
      '特殊日期',
      {
        from: date('起', { required: true }),
        to: date('止', { required: true }),
        kind: choice('安排', { off: '放假', on: '上班' }, { required: true, default: 'off' }),
        reason: text('原因', { required: true, max: 100 }),
        start: text('开始', time),
        end: text('结束', time),
      },
      { rowTitle: 'reason' },
    ),
  },
  list: { columns: ['name', 'unit', 'holidays', 'periods', 'days'], filters: ['unit'], sort: ['name'] },
})

/** 节假日安排: a year that was announced after the product was made, or changed by a later notice. */
export const holidayYears = resource('clock.holidayYear', {
  label: '节假日安排',
  title: 'source',
  fields: {
    year: integer('年份', { required: true, min: 2000, max: 2100 }),
    source: text('依据（通知与文号）', { required: true, max: 200 }),
    announcedOn: date('发布日期', { max: 'today' }),
    days: rows(
      '日期',
      {
        name: text('节日', { required: true, max: 20 }),
        kind: choice('安排', { off: '放假', work: '调休上班' }, { required: true, default: 'off' }),
        from: date('起', { required: true }),
        to: date('止', { required: true }),
      },
      { min: 1, rowTitle: 'name' },
    ),
  },
  unique: [['year']],
  list: { columns: ['year', 'source', 'announcedOn', 'days'], sort: ['-year'] },
})

export const clockModule = module('clock', { label: '日历与时限', resources: [calendars, holidayYears] })

type RecordLike = Readonly<Record<string, unknown>>
const rowsOf = <T>(record: RecordLike, key: string): T[] => (record[key] ?? []) as T[]
const minutesOf = (text: string | null | undefined): Minutes => parseTime((text ?? '').replace('：', ':')) ?? NaN
interface PeriodRow {
  label?: string | null
  weekdays?: string[] | null
  start?: string | null
  end?: string | null
  seasonFrom?: string | null
  seasonTo?: string | null
}
type DaysRow = { from: string; to: string; kind: 'off' | 'on'; reason: string; start?: string | null; end?: string | null }
/** A stored calendar as a layer. */
export function layerOfRecord(record: RecordLike): CalendarLayer {
  return {
    name: String(record['name'] ?? ''),
    unit: (record['unit'] as string | null) ?? null,
    holidays: (record['holidays'] as CalendarLayer['holidays']) ?? null,
    periods: rowsOf<PeriodRow>(record, 'periods').map(periodOfRow),
    days: rowsOf<DaysRow>(record, 'days').map(daysOfRow),
  }
}
function periodOfRow(row: PeriodRow): Period {
  return {
    ...(row.label ? { label: row.label } : {}),
    weekdays: (row.weekdays ?? []).map((key) => (weekdayKeys.indexOf(key) + 1) as Weekday),
    from: minutesOf(row.start),
    to: minutesOf(row.end),
    ...(row.seasonFrom || row.seasonTo ? { season: { from: row.seasonFrom ?? '', to: row.seasonTo ?? '' } } : {}),
  }
}
function daysOfRow({ from, to, kind, reason, start, end }: DaysRow): ExtraDays {
  return { from, to, kind, reason, ...(start || end ? { hours: { from: minutesOf(start), to: minutesOf(end) } } : {}) }
}
/** A stored year as the table of holidays takes it. */
export function holidayYearOfRecord(record: RecordLike): HolidayYear {
  const days = rowsOf<{ name: string; kind: 'off' | 'work'; from: string; to: string }>(record, 'days')
  return {
    year: Number(record['year']),
    source: String(record['source'] ?? ''),
    readOn: (record['announcedOn'] as string | null) ?? null,
    certainty: 'A',
    off: days.filter((d) => d.kind === 'off').map((d) => [d.name, d.from, d.to] as const),
    work: days.filter((d) => d.kind === 'work').map((d) => [d.name, d.from] as const),
  }
}
/** `周一至周五 08:00–12:00、14:00–17:30` */
export function periodsText(periods: readonly Period[]): string {
  const lines = new Map<string, string[]>()
  for (const { weekdays, from, to, season, label } of periods) {
    const key = weekdaysText(weekdays) + (season ? `（${season.from} 至 ${season.to}）` : '')
    const hours = `${label ? `${label} ` : ''}${formatTime(from)}–${formatTime(to)}`
    lines.set(key, [...(lines.get(key) ?? []), hours])
  }
  return [...lines].map(([days, hours]) => `${days} ${hours.join('、')}`).join('；')
}
function weekdaysText(weekdays: readonly Weekday[]): string {
  const sorted = [...weekdays].sort((a, b) => a - b)
  const names = Object.values(weekdayLabels)
  if (sorted.length === 7) return '每天'
  const isRun = sorted.length > 2 && sorted.at(-1)! - sorted[0]! === sorted.length - 1
  return isRun ? `${names[sorted[0]! - 1]}至${names[sorted.at(-1)! - 1]}` : sorted.map((day) => names[day - 1]).join('、')
}
