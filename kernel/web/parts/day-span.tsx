import { addDays, dayOf } from '#model'
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import './parts.css'

/** Two days; a side that is open is an empty text. */
export type Span = { from: string; to: string }
const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text)
const ago = (days: number): string => addDays(dayOf(new Date()), -days)
/** The span that the page's address names; where it names none, this many days up to today, or all there ever was. */
export const spanOf = (get: (key: string) => string, days?: number): Span =>
  days ? { from: get('from') || ago(days - 1), to: get('to') || ago(0) } : { from: get('from'), to: get('to') }

interface DaySpanProps {
  label?: string
  span: Span
  onChange: (span: Span) => void
  /** Whether a side may stay open. */
  mayBeOpen?: boolean
  disabled?: boolean
}
/** Two days of a calendar, which on a narrow screen shows one month at a time. */
export function DaySpan({ label = '日期', span, onChange, mayBeOpen = false, disabled = false }: DaySpanProps) {
  const shown = (text: string) => (isDay(text) ? dayjs(text) : null)
  return (
    <DatePicker.RangePicker
      aria-label={label}
      placeholder={mayBeOpen ? ['开始日期', '结束日期'] : undefined}
      value={[shown(span.from), shown(span.to)]}
      allowClear={mayBeOpen}
      allowEmpty={[mayBeOpen, mayBeOpen]}
      disabled={disabled}
      classNames={{ popup: { root: 'x-days' } }}
      onChange={(days) => onChange({ from: days?.[0]?.format('YYYY-MM-DD') ?? '', to: days?.[1]?.format('YYYY-MM-DD') ?? '' })}
    />
  )
}
