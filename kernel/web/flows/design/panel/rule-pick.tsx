import { AutoComplete } from 'antd'
import { useWorld } from '../context.ts'

/** A value of a rule card: chosen, or named as its card names it. */
export function RulePick({ id, value, onChange, isOptional = false }: { id: string; value: string | undefined; onChange: (rule: string) => void; isOptional?: boolean }) {
  const { names } = useWorld()
  return (
    <AutoComplete
      id={id}
      className="x-set-wide"
      value={value ?? ''}
      placeholder={isOptional ? '不要求' : '规则卡.取值'}
      options={names.rules.map(({ name, label }) => ({ value: name, label: `${label}（${name}）` }))}
      showSearch={{ filterOption: (text, option) => (option?.label ?? '').includes(text) }}
      onChange={(next: string) => onChange(next)}
    />
  )
} // prettier-ignore
