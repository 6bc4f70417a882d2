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
const labels: Record<string, string> = { year: '年', month: '月', day: '日', hour: '时', minute: '分' }

/** The wheel turns a wall clock; days and instants are read off it in the hospital's zone. */
export default function DateWheel({ field, value, onDone, onClose }: Props) {
  const withTime = field.kind === 'dateTime'
  const { min, max } = field.options as { min?: string; max?: string }
  const wallOf = (text: string) => new Date(withTime ? formatInstant(text).replace(' ', 'T') : `${text}T00:00`)
  // What the hospital's clocks show now; the telephone may be set to another zone.
  const [now] = useState(() => new Date(formatInstant(new Date()).replace(' ', 'T')))
  const bound = (limit: string | undefined, years: number) =>
    new Date(`${dayLimit(limit)?.slice(0, 10) ?? `${now.getFullYear() + years}-12-31`}T23:59`)
  const [at, setAt] = useState(() => (value ? wallOf(value) : now))
  const take = () => {
    const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
    onDone(withTime ? new Date(`${day}T${pad(at.getHours())}:${pad(at.getMinutes())}:00+08:00`).toISOString() : day)
    onClose()
  }
  return (
    <Sheet title={field.label} onClose={onClose} act={{ label: '确定', run: take }}>
      <ConfigProvider locale={zhCN}>
        <DatePickerView
          value={at}
          precision={withTime ? 'minute' : 'day'}
          min={min ? bound(min, 0) : new Date('1920-01-01T00:00')}
          max={bound(max, 60)}
          renderLabel={(type, data) => `${data}${labels[type] ?? ''}`}
          onChange={setAt}
        />
      </ConfigProvider>
      {value && !field.required && (
        <button type="button" className="x-sheet-option" onClick={() => (onDone(null), onClose())}>
          <span>清除日期</span>
        </button>
      )}
    </Sheet>
  )
}
