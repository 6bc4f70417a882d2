import { isTakeable, mayTakeOver, valueSources, type AutomationValue, type ClientResource, type Field } from '#model'
import { Input } from 'antd'
import { useId } from 'react'
import { InputOf } from '../fields/index.ts'
import { Pick } from '../flows/design/panel/set.tsx'
import { ExpressionInput } from '../studio/when-input.tsx'
import type { Drawing } from './use-automation.ts'

type From = AutomationValue['from']
interface Props {
  drawing: Drawing
  target: ClientResource
  field: Field
  value: AutomationValue
  onChange: (value: AutomationValue, about?: string) => void
}
/** What a field is filled with: something fixed, taken from the record, worked out, or what another system said. */
export function ValueInput({ drawing, target, field, value, onChange }: Props) {
  const id = useId()
  const { automation, resource } = drawing
  const sources = takeable(drawing, field)
  const isPerson = field.kind === 'person' || tableOf(drawing, field) === 'directory.person'
  const offered = (Object.keys(valueSources) as From[]).filter((from) => {
    if (from === 'hook') return automation.when.kind === 'webhook'
    if (from === 'field') return sources.length > 0
    if (from === 'expression') return resource !== undefined
    if (from === 'today') return field.kind === 'date'
    return from === 'runner' ? isPerson : true
  })
  const become = (from: From) => {
    if (from === 'field') onChange({ from, field: sources[0]?.value ?? '' })
    else if (from === 'expression') onChange({ from, text: '' })
    else if (from === 'hook') onChange({ from, key: '' })
    else onChange(from === 'constant' ? { from, value: null } : { from })
  }
  const label = field.label
  return (
    <div className="a-value">
      <Pick<From> label={`${label}：内容从哪里来`} value={value.from} options={[...new Set([...offered, value.from])].map((from) => ({ value: from, label: valueSources[from] }))} onChange={become} />
      {value.from === 'constant' && (
        <label className="a-constant">
          <span className="x-hidden-label">{label}</span>
          <InputOf id={id} field={field} value={value.value} onChange={(next) => onChange({ from: 'constant', value: next ?? null }, `${target.name} ${label}`)} />
        </label>
      )}
      {value.from === 'field' && <Pick label={`${label}：取哪个字段`} value={value.field} options={sources} onChange={(next) => onChange({ from: 'field', field: next })} />}
      {value.from === 'hook' && <Input aria-label={`${label}：通知里的哪一项`} placeholder="例如：amount" maxLength={60} value={value.key} onChange={(event) => onChange({ from: 'hook', key: event.target.value }, `${target.name} ${label}`)} />}
      {value.from === 'expression' && resource && (
        <ExpressionInput label="公式" hint="字段写作 [名称]，文字加引号，如 &quot;报销：&quot; + [事由]" value={value.text} fields={Object.entries(resource.fields).filter(([, one]) => isTakeable(one)).map(([key, one]) => ({ key, ...one }) as never)} onChange={(text) => onChange({ from: 'expression', text }, `${target.name} ${label}`)} />
      )}
    </div>
  )
} // prettier-ignore
const tableOf = ({ desk }: Drawing, field: Field): string | undefined => desk.tables[String((field.options as { target?: string }).target)]

/** Fields of the record whose value may stand here; the record itself, where it can be pointed at. */
function takeable({ desk, resource }: Drawing, field: Field): { value: string; label: string }[] {
  if (!resource) return []
  const tables = { resources: new Map(Object.entries(desk.tables).map(([name, table]) => [name, { table }])) }
  const r = { table: desk.tables[resource.name] ?? resource.name }
  const itself = mayTakeOver(tables, r, null, field) ? [{ value: 'id', label: '这条记录' }] : []
  const fields = Object.entries(resource.fields).filter(([, one]) => isTakeable(one) && mayTakeOver(tables, r, one, field))
  return [...itself, ...fields.map(([value, one]) => ({ value, label: one.label }))]
}
