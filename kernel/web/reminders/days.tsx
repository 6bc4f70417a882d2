import { weekdayLabels } from '#kernel/model/clock/index.ts'
import type { FlowName, ReminderDays, Rhythm } from '#model'
import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { Pick } from '../flows/design/panel/set.tsx'

const wordOf = (days: number): string => (days > 0 ? `前 ${days} 天` : days === 0 ? '当天' : `后 ${-days} 天`)
const keyOf = (one: ReminderDays): string => (typeof one === 'number' ? String(one) : `${one.rule} ${one.asOf}`)
const usual = [90, 60, 30, 14, 7, 3, 1, 0, -1, -7, -30]

/** Days before and after, some of them by a rule card: chosen, or any number added. */
export function DaysInput({ id, value, rules, onChange }: { id: string; value: readonly ReminderDays[]; rules: readonly FlowName[]; onChange: (days: ReminderDays[]) => void }) {
  const [number, setNumber] = useState<number | null>(null)
  const [side, setSide] = useState<'before' | 'after'>('before')
  const known = new Map<string, ReminderDays>([...usual, ...value].map((one) => [keyOf(one), one]))
  for (const { name } of rules) known.set(`${name} decision`, { rule: name, asOf: 'decision' })
  const labelOf = (one: ReminderDays) => (typeof one === 'number' ? wordOf(one) : `规则：${rules.find(({ name }) => name === one.rule)?.label ?? one.rule}`)
  const ordered = (days: ReminderDays[]) => days.toSorted((a, b) => (typeof b === 'number' ? b : 9999) - (typeof a === 'number' ? a : 9999))
  const put = (keys: readonly string[]) => onChange(ordered(keys.flatMap((key) => known.get(key) ?? [])))
  const add = () => {
    if (number === null) return
    const days = side === 'before' ? number : -number || 0
    if (!value.includes(days)) onChange(ordered([...value, days]))
    setNumber(null)
  }
  return (
    <>
      <Select
        id={id}
        mode="multiple"
        className="x-set-wide"
        placeholder="到期前、当天、过期后的哪几天"
        value={value.map(keyOf)}
        options={[...known].map(([key, one]) => ({ value: key, label: labelOf(one) }))}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={put}
      />
      <span className="r-inline">
        <Pick label="前后" value={side} options={[{ value: 'before', label: '前' }, { value: 'after', label: '后' }]} onChange={setSide} />
        <InputNumber aria-label="其他天数" min={0} max={3650} placeholder="其他天数" suffix="天" value={number} onChange={setNumber} onPressEnter={add} />
        <Button disabled={number === null} onClick={add}>
          加上
        </Button>
      </span>
    </>
  )
} // prettier-ignore

const rhythms = { day: '每天', workday: '每个工作日', week: '每周', month: '每月' } as const
export function RhythmInput({ id, value, onChange }: { id: string; value: Rhythm; onChange: (rhythm: Rhythm) => void }) {
  const become = (every: Rhythm['every']) => onChange(every === 'week' ? { every, on: [1] } : every === 'month' ? { every, on: [1] } : { every })
  return (
    <span className="r-inline">
      <Pick<Rhythm['every']> id={id} value={value.every} options={(Object.keys(rhythms) as Rhythm['every'][]).map((every) => ({ value: every, label: rhythms[every] }))} onChange={become} />
      {value.every === 'week' && (
        <Select mode="multiple" aria-label="星期几" className="r-grow" value={[...value.on]} options={Object.values(weekdayLabels).map((label, n) => ({ value: (n + 1) as 1, label }))} onChange={(on) => onChange({ every: 'week', on })} />
      )}
      {value.every === 'month' && (
        <Select mode="multiple" aria-label="每月几日" className="r-grow" value={[...value.on]} options={Array.from({ length: 31 }, (_, n) => ({ value: n + 1, label: `${n + 1} 日` }))} onChange={(on: number[]) => onChange({ every: 'month', on })} />
      )}
    </span>
  )
} // prettier-ignore
