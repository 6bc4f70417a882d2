import type { DesignNames } from '#model'
import { Input, InputNumber, Select } from 'antd'
import type { FieldDesign, OptionSpec } from '#kernel/model/designs/index.ts'
import { Pick, Setting, SettingSwitch } from '../flows/design/panel/set.tsx'
import { ChoicesInput } from './choices-input.tsx'
import { TreeInput } from './tree-input.tsx'
import { ExpressionInput } from './when-input.tsx'
import { optionsOf } from '../parts/options-of.ts'

interface Props {
  spec: OptionSpec
  value: unknown
  names: DesignNames
  field: FieldDesign
  /** Fields that an expression of it may name. */
  fields: readonly FieldDesign[]
  problem: string | undefined
  onChange: (value: unknown) => void
}
/** One option of a field's kind, as its form asks for it. Nothing typed is nothing said. */
export function OptionInput({ spec, value, names, field, fields, problem, onChange }: Props) {
  const { label, as: form, help, offered = {} } = spec
  const hint = help
  const set = (next: unknown) => onChange(next === '' || next === null || (Array.isArray(next) && next.length === 0) ? undefined : next)
  const setting = (input: (id: string) => React.ReactNode) => (
    <Setting label={label} hint={hint} problem={problem ?? null}>
      {input}
    </Setting>
  )
  switch (form) {
    case 'boolean':
      return <SettingSwitch label={label} value={value === true} onChange={(next) => set(next || undefined)} />
    case 'integer':
      return setting((id) => <InputNumber id={id} className="x-set-wide" precision={0} value={(value as number | undefined) ?? null} min={spec.min ?? Number.MIN_SAFE_INTEGER} max={spec.max ?? Number.MAX_SAFE_INTEGER} onChange={set} />)
    case 'oneOf':
      return setting((id) => <Select id={id} allowClear={!spec.isNeeded} className="x-set-wide" placeholder="按系统默认" value={value as string | undefined} options={optionsOf(offered)} onChange={set} />)
    case 'someOf':
      return setting((id) => <Select id={id} mode="multiple" allowClear className="x-set-wide" placeholder="不限" value={(value as string[] | undefined) ?? []} options={optionsOf(offered)} onChange={set} />)
    case 'words':
      return setting((id) => <Select id={id} mode="tags" className="x-set-wide" tokenSeparators={['、', '，', ',']} placeholder="输入后回车" value={(value as string[] | undefined) ?? []} onChange={set} />)
    case 'target':
      return setting((id) => <Pick id={id} value={value as string} options={names.types.map((one) => ({ value: one.name, label: one.label }))} onChange={set} />)
    case 'field':
      return setting((id) => <Pick id={id} value={value as string} options={pointing(names, field)} onChange={set} />)
    case 'choices':
      return <ChoicesInput value={(value ?? {}) as Record<string, string>} problem={problem} onChange={set} />
    case 'tree':
      return <TreeInput value={value} problem={problem} onChange={set} />
    case 'expression':
      return <ExpressionInput label={label} hint="如 [天数] * [单价]；文字用引号，条件写 甲 ? 乙 : 丙" value={(value as string | undefined) ?? ''} fields={fields} onChange={onChange} {...(problem ? { problem } : {})} />
    case 'columns':
    case 'totals':
    case 'filter':
      return null
    default:
      return setting((id) => <Input id={id} value={(value as string | undefined) ?? ''} maxLength={spec.max ?? 200} status={problem ? 'error' : ''} placeholder={examples[form]} onChange={(event) => set(event.target.value)} />)
  }
} // prettier-ignore
const examples: Partial<Record<OptionSpec['as'], string>> = {
  day: '2026-01-01 或 today',
  month: '2026-01',
  time: '08:30',
  pattern: '如 [A-Z]{2}\\d{4}',
  decimal: '如 0.5',
}
/** Fields of the target that lead to records of its own kind. */
function pointing(names: DesignNames, { options }: FieldDesign) {
  const target = names.types.find(({ name }) => name === options['target'])
  return (target?.fields ?? []).filter((one) => one.target !== undefined).map(({ key, label }) => ({ value: key, label }))
}
