import { Checkbox, Modal, Select } from 'antd'
import { useState } from 'react'
import { loadOf } from './rotation.rules.ts'
import type { Picked } from './table.tsx'
import { changesOf, type CellChange, type RotationTable } from './table.rules.ts'

interface Props {
  table: RotationTable
  picked: Picked
  isBusy: boolean
  onClose: () => void
  onGive: (changes: CellChange[]) => void
}
const nowhere = 'none'
/** Another unit for a stretch, or another person to change places with. */
export function AdjustDialog({ table, picked, isBusy, onClose, onGive }: Props) {
  const [unit, setUnit] = useState<string>(picked.unit ?? nowhere)
  const [swap, setSwap] = useState<string | null>(null)
  const [isWhole, setWhole] = useState(true)
  const [problem, setProblem] = useState('')
  const stretch = { person: picked.person, at: picked.at, periods: isWhole ? picked.periods : 1 }
  const load = loadOf(table.grid)
  const nameOf = (id: string | null | undefined) => table.units.find((one) => one.unit === id)?.name ?? '未安排'
  const who = table.people.find(({ id }) => id === picked.person)?.name
  const units = table.units.map((one) => ({ value: one.unit, label: `${one.name}（现有 ${load.get(one.unit)?.[picked.at] ?? 0} / 容量 ${one.capacity}）` }))
  const others = table.people.filter(({ id }) => id !== picked.person).map(({ id, name }) => ({ value: id, label: `${name}（${nameOf(table.grid[id]?.[picked.at])}）` }))
  function give() {
    if (!swap && unit === (picked.unit ?? nowhere)) return setProblem('请选择另一个科室，或选择对调的人')
    onGive(changesOf(stretch, swap ? { swap } : { unit: unit === nowhere ? null : unit }, table.grid))
  }
  return (
    <Modal open title={`调整：${who}`} okText={swap ? '对调' : '调整'} cancelText="取消" okButtonProps={{ loading: isBusy }} onCancel={onClose} onOk={give}>
      <div className="x-act-form">
        <p className="x-faint">
          {table.spans[picked.at]!.from} 至 {table.spans[picked.at + stretch.periods - 1]!.to}，现在：{nameOf(picked.unit)}
        </p>
        {picked.periods > 1 && (
          <Checkbox checked={isWhole} onChange={(event) => setWhole(event.target.checked)}>
            整段 {picked.periods} 期一起
          </Checkbox>
        )}
        <label>
          改到科室
          <Select aria-label="改到科室" value={unit} disabled={swap !== null} options={[...units, { value: nowhere, label: '不安排' }]} onChange={(next: string) => (setUnit(next), setProblem(''))} />
        </label>
        <label>
          或与同期的人对调
          <Select aria-label="与同期的人对调" value={swap} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder="选择人员" options={others} onChange={(next: string | undefined) => (setSwap(next ?? null), setProblem(''))} />
        </label>
        {problem && <p className="x-problem" role="alert">{problem}</p>}
      </div>
    </Modal>
  )
} // prettier-ignore
