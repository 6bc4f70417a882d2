import { formatInstant, type Field } from '#model'
import DatePickerView from 'antd-mobile/es/components/date-picker-view'
import ConfigProvider from 'antd-mobile/es/components/config-provider'
import zhCN from 'antd-mobile/es/locales/zh-CN'
import 'antd-mobile/es/global'
import { useState } from 'react'
import { dayLimit } from '../date-inputs.tsx'
import { Sheet } from './sheet.tsx'

interface Props {
  field: Field
  value: string | null
  onDone: (value: string | null) => void
  onClose: () => void
}
const pad = (n: number) => String(n).padStart(2, '0')
interface Wheel {
  precision: 'year' | 'month' | 'day' | 'minute'
  /** How much of a day is the value. */
  length: number
  day: (text: string) => string
}
const wheels: Readonly<Partial<Record<Field['kind'], Wheel>>> = {
  date: { precision: 'day', length: 10, day: (text) => text },
  dateTime: { precision: 'minute', length: 10, day: (text) => text },
  yearMonth: { precision: 'month', length: 7, day: (text) => `${text}-01` },
  year: { precision: 'year', length: 4, day: (text) => `${text}-01-01` },
}
/** Limits as days, whatever the kind counts in. */
function limitsOf(field: Field, { day, precision }: Wheel): { min?: string; max?: string } {
  const { min, max } = field.options as { min?: string | number; max?: string | number }
  const asDay = (limit: string | number, end: string) =>
    precision === 'day' || precision === 'minute'
      ? String(limit)
      : `${day(String(limit)).slice(0, 4)}${precision === 'year' ? end : day(String(limit)).slice(4)}`
  return { ...(min === undefined ? {} : { min: asDay(min, '-01-01') }), ...(max === undefined ? {} : { max: asDay(max, '-12-31') }) }
}
const labels: Record<string, string> = { year: '年', month: '月', day: '日', hour: '时', minute: '分' }

/** The wheel turns a wall clock; days and instants are read off it in the hospital's zone. */
export default function DateWheel({ field, value, onDone, onClose }: Props) {
  const how = wheels[field.kind] ?? wheels['date']!
  const withTime = how.precision === 'minute'
  const { min, max } = limitsOf(field, how)
  const wallOf = (text: string) => new Date(withTime ? formatInstant(text).replace(' ', 'T') : `${how.day(text)}T00:00`)
  // What the hospital's clocks show now; the telephone may be set to another zone.
  const [now] = useState(() => new Date(formatInstant(new Date()).replace(' ', 'T')))
  const bound = (limit: string | undefined, years: number) =>
    new Date(`${dayLimit(limit)?.slice(0, 10) ?? `${now.getFullYear() + years}-12-31`}T23:59`)
  const [at, setAt] = useState(() => (value ? wallOf(value) : now))
  const take = () => {
    const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
    onDone(withTime ? new Date(`${day}T${pad(at.getHours())}:${pad(at.getMinutes())}:00+08:00`).toISOString() : day.slice(0, how.length))
    onClose()
  }
  return (
    <Sheet title={field.label} onClose={onClose} act={{ label: '确定', run: take }}>
      <ConfigProvider locale={zhCN}>
        <DatePickerView
          value={at}
          precision={how.precision}
          min={min ? bound(min, 0) : new Date('1920-01-01T00:00')}
          max={bound(max, 60)}
          renderLabel={(type, data) => `${data}${labels[type] ?? ''}`}
          onChange={setAt}
        />
      </ConfigProvider>
      {value && !field.required && (
        <button type="button" className="x-sheet-option" onClick={() => (onDone(null), onClose())}>
          <span>清除</span>
        </button>
      )}
    </Sheet>
  )
}
