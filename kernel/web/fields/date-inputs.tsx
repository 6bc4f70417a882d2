import { dayOf, formatInstant, parseDayText } from '#model'
import { DatePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import type { FocusEvent } from 'react'
import type { InputProps } from './field-view.ts'

// As people type days; the first is how they are shown.
const dayFormats = ['YYYY-MM-DD', 'YYYYMMDD', 'YYYY/M/D', 'YYYY.M.D', 'YYYY-M-D', 'YYYY年M月D日']
const timeFormats = ['YYYY-MM-DD HH:mm', 'YYYYMMDDHHmm', 'YYYY/M/D H:mm']

export const dayLimit = (limit: string | undefined): string | undefined => (limit === 'today' ? dayOf(new Date()) : limit)
const outside = (at: Dayjs, min: string | undefined, max: string | undefined): boolean => {
  const day = at.format('YYYY-MM-DD')
  const [first, last] = [dayLimit(min)?.slice(0, 10), dayLimit(max)?.slice(0, 10)]
  return (first !== undefined && day < first) || (last !== undefined && day > last)
}

/** What was typed counts as the field is left: the picker itself would take it only after a click that already saves. */
export const takeTyped =
  <V,>(parse: (text: string) => V | null, { value, onChange, onBlur }: Pick<InputProps, 'value' | 'onChange' | 'onBlur'>) =>
  (event: FocusEvent<HTMLElement>): void => {
    const typed = event.target instanceof HTMLInputElement ? parse(event.target.value) : null
    if (typed !== null && typed !== value) onChange(typed)
    onBlur?.()
  }

export function DateInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'date'>) {
  const day = typeof value === 'string' ? parseDayText(value) : null
  const { min, max } = field.options
  return (
    <DatePicker
      id={id}
      value={day ? dayjs(day) : null}
      format={dayFormats}
      placeholder={field.placeholder ?? '如 20260503'}
      disabledDate={(at) => outside(at, min, max)}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      aria-describedby={describedBy}
      onChange={(at) => onChange(at ? at.format('YYYY-MM-DD') : null)}
      onBlur={takeTyped(parseDayText, { value, onChange, onBlur })}
    />
  )
}

/** The wall clock of the hospital, whatever zone the browser stands in. */
export const toWall = (instant: unknown): Dayjs | null => (typeof instant === 'string' && instant ? dayjs(formatInstant(instant)) : null)
export const fromWall = (at: Dayjs): string => new Date(`${at.format('YYYY-MM-DDTHH:mm')}:00+08:00`).toISOString()

export function DateTimeInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'dateTime'>) {
  const { min, max } = field.options
  return (
    <DatePicker
      id={id}
      value={toWall(value)}
      showTime={{ format: 'HH:mm', minuteStep: 5 }}
      format={timeFormats}
      placeholder={field.placeholder ?? '请选择时间'}
      disabledDate={(at) => outside(at, min, max)}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      aria-describedby={describedBy}
      onChange={(at) => onChange(at ? fromWall(at) : null)}
      onBlur={() => onBlur?.()}
    />
  )
}
