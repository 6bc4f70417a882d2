import { Checkbox, InputNumber, Select } from 'antd'
import { type RuleValue, valueUnits } from '#kernel/model/rules/index.ts'

interface Props {
  id: string
  /** Gives unit, order and members to choose from. */
  like: RuleValue
  value: RuleValue | null
  isInvalid: boolean
  onChange: (value: RuleValue | null) => void
}
/** The input of a value by its tightening order; empty leaves it to the layer above. */
export function ValueInput({ id, like, value, isInvalid, onChange }: Props) {
  const status = isInvalid ? 'error' : ''
  if (like.order === 'subset')
    return (
      <Select
        id={id}
        mode="multiple"
        allowClear
        status={status}
        placeholder="随上级"
        value={value?.order === 'subset' ? [...value.members] : []}
        options={like.members.map((member) => ({ value: member, label: member }))}
        onChange={(members) => onChange(members.length ? { ...like, members } : null)}
      />
    )
  if (like.order === 'flag')
    return (
      <Checkbox
        id={id}
        checked={value?.order === 'flag' && value.flag}
        onChange={(event) => onChange(event.target.checked ? { ...like, flag: true } : null)}
      >
        须做到
      </Checkbox>
    )
  return (
    <InputNumber
      id={id}
      min={0}
      status={status}
      placeholder="随上级"
      suffix={valueUnits[like.unit]}
      value={value && 'amount' in value ? value.amount : null}
      onChange={(amount) => onChange(amount === null ? null : { ...like, amount })}
    />
  )
}
