import PickerView from 'antd-mobile/es/components/picker-view'
import 'antd-mobile/es/global'
import { formatInstant, type Field } from '#model'
import { useState } from 'react'
import { Sheet } from './sheet.tsx'

interface Props {
  field: Field<'time'>
  value: string | null
  onDone: (value: string | null) => void
  onClose: () => void
}
const pad = (n: number) => String(n).padStart(2, '0')
const hours = Array.from({ length: 24 }, (_, n) => ({ label: `${pad(n)} 时`, value: pad(n) }))

/** Hour and minute on two wheels; begins with what the hospital's clocks show. */
export default function TimeWheel({ field, value, onDone, onClose }: Props) {
  const step = field.options.minuteStep ?? 5
  const [at, setAt] = useState<string[]>(() => {
    const [hour = '08', minute = '00'] = (value ?? formatInstant(new Date()).slice(11, 16)).split(':')
    return [hour, value ? minute : pad(Math.floor(Number(minute) / step) * step)]
  })
  const minutes = Array.from({ length: 60 }, (_, n) => pad(n)).filter((n) => Number(n) % step === 0 || n === at[1])
  const take = () => {
    onDone(at.join(':'))
    onClose()
  }
  return (
    <Sheet title={field.label} onClose={onClose} act={{ label: '确定', run: take }}>
      <PickerView
        columns={[hours, minutes.map((n) => ({ label: `${n} 分`, value: n }))]}
        value={at}
        onChange={(next) => setAt(next.map(String))}
      />
      {value && !field.required && (
        <button type="button" className="x-sheet-option" onClick={() => (onDone(null), onClose())}>
          <span>清除时刻</span>
        </button>
      )}
    </Sheet>
  )
}
