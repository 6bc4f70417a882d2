import type { FieldDesign } from '#kernel/model/designs/index.ts'
import { fieldsOf } from '#kernel/model/designs/index.ts'
import { kindOf, type Field } from '#model'
import { Button, Dropdown, Input, InputNumber, Segmented, Select } from 'antd'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useId, useMemo, useState } from 'react'
import {
  opsOf,
  problemOfExpression,
  readTerms,
  shownExpression,
  storedExpression,
  termOps,
  writeTerms,
  type Term,
} from './expression-text.ts'

interface Props {
  label: string
  hint?: string
  value: string
  fields: readonly FieldDesign[]
  onChange: (value: string) => void
  problem?: string | undefined
}
/** An expression with fields by their labels; says at once what is wrong with it. */
export function ExpressionInput({ label, hint, value, fields, onChange, problem }: Props) {
  const id = useId()
  const [text, setText] = useState<string | null>(null)
  const shown = text ?? shownExpression(value, fields)
  const set = (next: string) => {
    setText(next)
    onChange(storedExpression(next, fields))
  }
  const stored = storedExpression(shown, fields)
  const wrong = stored ? (problemOfExpression(stored, fields) ?? problem) : problem
  return (
    <div className="x-set">
      <label htmlFor={id}>{label}</label>
      <Input.TextArea id={id} autoSize={{ minRows: 2 }} maxLength={2000} spellCheck={false} value={shown} status={wrong ? 'error' : ''} onChange={(event) => set(event.target.value)} onBlur={() => setText(null)} />
      <Dropdown trigger={['click']} menu={{ className: 'x-studio-menu', items: fields.map((one) => ({ key: one.key, label: one.label })), onClick: ({ key }) => set(`${shown}[${fields.find((one) => one.key === key)!.label}]`) }}>
        <Button size="small" type="dashed" icon={<PlusOutlined />}>插入字段</Button>
      </Dropdown>
      {wrong && <p className="x-problem" role="alert">{wrong}</p>}
      {hint && <small>{hint}</small>}
    </div>
  )
} // prettier-ignore

/** A condition by clicking; what nobody could have clicked together is shown as its text. */
export function WhenInput({ label, value, fields, onChange, problem }: Props) {
  const own = useMemo(() => fieldsOf(fields), [fields])
  const [isText, setText] = useState(false)
  const read = useMemo(() => readTerms(value, own), [value, own])
  if (!read || isText) return <ExpressionInput label={label} hint="成立时；字段写作 [名称]，如 [天数] > 3 && [状态] == &quot;out&quot;" value={value} fields={fields} onChange={onChange} {...(problem ? { problem } : {})} />
  const { terms, joint } = read
  const write = (next: readonly Term[], by = joint) => onChange(writeTerms(next, by, own))
  const offered = fields.filter(({ key }) => opsOf(own, key).length > 0).map(({ key, label: name }) => ({ value: key, label: name }))
  return (
    <fieldset className="x-set x-when" aria-label={label}>
      <legend>{label}</legend>
      {terms.length > 1 && <Segmented<'&&' | '||'> size="small" options={[{ value: '&&', label: '都成立' }, { value: '||', label: '任一成立' }]} value={joint} onChange={(by) => write(terms, by)} />}
      {terms.map((term, at) => (
        <TermRow key={at} term={term} fields={own} offered={offered} onChange={(next) => write(next ? terms.with(at, next) : terms.toSpliced(at, 1))} />
      ))}
      <span className="x-row">
        <Button size="small" type="dashed" icon={<PlusOutlined />} disabled={offered.length === 0} onClick={() => write([...terms, firstTerm(own, offered[0]!.value)])}>添加条件</Button>
        <Button size="small" type="link" onClick={() => setText(true)}>写公式</Button>
      </span>
      {problem && <p className="x-problem" role="alert">{problem}</p>}
    </fieldset>
  )
} // prettier-ignore

const firstTerm = (fields: Readonly<Record<string, Field>>, key: string): Term => {
  const op = opsOf(fields, key)[0]!
  return { key, op, value: startValue(fields[key]!, op) }
}
function startValue(field: Field, op: Term['op']): Term['value'] {
  if (op === 'filled' || op === 'empty') return null
  const { choices } = field.options as { choices?: Record<string, unknown> }
  if (choices) return Object.keys(choices)[0] ?? ''
  const type = kindOf(field).schema(field)['type']
  return type === 'boolean' ? true : type === 'integer' || field.kind === 'decimal' || field.kind === 'money' ? 0 : ''
}
function TermRow({ term, fields, offered, onChange }: { term: Term; fields: Readonly<Record<string, Field>>; offered: { value: string; label: string }[]; onChange: (term: Term | null) => void }) {
  const ops = opsOf(fields, term.key)
  return (
    <div className="x-when-term">
      <Select size="small" aria-label="条件字段" value={term.key} showSearch={{ optionFilterProp: 'label' }} options={offered} popupMatchSelectWidth={200} onChange={(key: string) => onChange(firstTerm(fields, key))} />
      <Select size="small" aria-label="比较方式" value={term.op} options={ops.map((op) => ({ value: op, label: termOps[op] }))} onChange={(op: Term['op']) => onChange({ ...term, op, value: op === 'filled' || op === 'empty' ? null : (term.value ?? startValue(fields[term.key]!, op)) })} />
      {term.op !== 'filled' && term.op !== 'empty' && <TermValue field={fields[term.key]!} value={term.value} onChange={(value) => onChange({ ...term, value })} />}
      <Button size="small" type="text" icon={<DeleteOutlined />} aria-label="删除条件" onClick={() => onChange(null)} />
    </div>
  )
} // prettier-ignore
function TermValue({ field, value, onChange }: { field: Field; value: Term['value']; onChange: (value: Term['value']) => void }) {
  const { choices } = field.options as { choices?: Record<string, string | { label: string }> }
  if (choices) return <Select size="small" aria-label="条件值" value={String(value ?? '')} options={Object.entries(choices).map(([key, one]) => ({ value: key, label: typeof one === 'string' ? one : one.label }))} popupMatchSelectWidth={160} onChange={onChange} />
  if (typeof value === 'boolean') return <Select size="small" aria-label="条件值" value={value} options={[{ value: true, label: '是' }, { value: false, label: '否' }]} onChange={onChange} />
  if (typeof value === 'number') return <InputNumber size="small" aria-label="条件值" value={value} onChange={(next) => onChange(next ?? 0)} />
  return <Input size="small" aria-label="条件值" value={value ?? ''} onChange={(event) => onChange(event.target.value)} />
} // prettier-ignore
