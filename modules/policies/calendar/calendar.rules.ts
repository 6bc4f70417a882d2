import type { DayKind } from '#kernel/model/clock/index.ts'

/** What the page of a working calendar shows: one year of a unit, day by day. */
export interface CalendarYear {
  unit: { id: string; name: string } | null
  year: number
  /** Years that may be opened: those with holidays, and the next. */
  years: number[]
  days: { day: string; kind: DayKind; name: string | null; hours: string; missing: number | null; source: string }[]
  /** Nearest first: who says what. */
  layers: {
    record: string | null
    unit: string | null
    name: string
    hours: string | null
    holidays: 'national' | 'none' | null
    extra: number
  }[]
  hoursFrom: string
  holidaysFrom: string
  follows: 'national' | 'none'
  holidays: { source: string; readOn: string | null; certainty: 'A' | 'B' | 'C' } | null
  workdays: number
  /** Units with a calendar of their own. */
  others: { unit: string | null; name: string; record: string }[]
}
export const dayKindLabels: Record<DayKind, string> = {
  work: '工作日',
  off: '休息日',
  holiday: '节假日',
  makeUp: '调休上班',
  extraOn: '另行上班',
  extraOff: '另行放假',
}
export interface Trial {
  from: string
  at: string
  provisional: boolean
  missing: number[]
  /** 民法典 201: the day of the beginning does not count. */
  how: string
}
