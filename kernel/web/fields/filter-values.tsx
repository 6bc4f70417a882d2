import { amongOf, choiceLabel, kindOf, scalarsOf, type Operand, type RelativeDay, type Scalar } from '#model'
import { Checkbox, DatePicker, Input, Radio, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useMe } from '../api/hooks.ts'
import type { FilterValueProps } from './field-view.ts'
import { fewLetters, isTooShort } from '../list/filter-tree.ts'
import { RecordsPicker } from './record-picker.tsx'
import { useComposedText } from './use-composed-text.ts'
import { UnitsPicker } from './unit-picker.tsx'
import { useEffect } from 'react'

const textsOf = (value: Operand | undefined): string[] => scalarsOf(value).map(String)
export const isMine = (value: Operand | undefined): boolean => typeof value === 'object' && 'my' in value
const orNone = <T extends Operand>(list: T): T | undefined => (Array.isArray(list) && list.length === 0 ? undefined : list)

/** Text: asked when a word is finished. */
export function TextFilterValue({ field, op, value, onChange }: FilterValueProps) {
  if (op === 'in' || op === 'notIn')
    return (
      <Select
        mode="tags"
        value={textsOf(value)}
        tokenSeparators={[',', '，', '、', ' ', '\n']}
        placeholder="可填多个，回车分开"
        style={{ width: '100%' }}
        onChange={(list: string[]) => onChange(orNone(list))}
      />
    )
  // Of a protected field one letter finds nothing: it waits for the next, and says so.
  const tooShort = (text: string) => (isTooShort(field, op, text) ? fewLetters : null)
  return <OneText value={textsOf(value)[0] ?? ''} problemOf={tooShort} onChange={(text) => onChange(tooShort(text) ? undefined : text || undefined)} />
} // prettier-ignore
interface OneTextProps {
  value: string
  onChange: (text: string) => void
  mode?: 'decimal'
  problemOf?: (text: string) => string | null
}
function OneText({ value, onChange, mode, problemOf }: OneTextProps) {
  const { settled, input } = useComposedText(value, 300)
  const problem = problemOf?.(settled.trim()) ?? null
  useEffect(() => {
    if (settled.trim() !== value) onChange(settled.trim())
    // Only what was typed is told; the condition's own change comes back as `value`.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [settled])
  return (
    <>
      <Input {...input} autoFocus placeholder="填写要比较的内容" inputMode={mode ?? 'text'} status={problem ? 'warning' : ''} />
      {problem && <small role="alert">{problem}</small>}
    </>
  )
}

export function NumberFilterValue({ field, op, value, onChange }: FilterValueProps) {
  // What is pasted from a table (¥1,200, １２) is read as the field itself reads it.
  const plain = (text: string): string => {
    const parsed = /[^\d.-]/.test(text) ? kindOf(field).parse(text, field) : null
    return parsed && 'value' in parsed ? String(parsed.value) : text
  }
  const read = (typed: string): Scalar | undefined => {
    const text = plain(typed)
    return text === '' ? undefined : kindOf(field).schema(field)['type'] === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text
  }
  const [low, high] = textsOf(value)
  if (op !== 'between') return <OneText mode="decimal" value={low ?? ''} onChange={(text) => onChange(read(text))} />
  const set = (from: string | undefined, to: string | undefined) => onChange([read(from ?? '') ?? 0, read(to ?? '') ?? 0])
  return (
    <div className="x-pair">
      <OneText mode="decimal" value={low ?? ''} onChange={(text) => set(text, high)} />
      至
      <OneText mode="decimal" value={high ?? ''} onChange={(text) => set(low, text)} />
    </div>
  )
}

const span = (from: number, to: number): readonly RelativeDay[] => [{ today: from }, { today: to }]
/** Spans that move with the day: a kept view stays true tomorrow. */
const spans: readonly { label: string; value: readonly RelativeDay[] }[] = [
  { label: '今天', value: span(0, 0) },
  { label: '近 7 天', value: span(-6, 0) },
  { label: '近 30 天', value: span(-29, 0) },
  { label: '近一年', value: span(-364, 0) },
  { label: '今后 7 天', value: span(0, 7) },
  { label: '今后 30 天', value: span(0, 30) },
  { label: '今后 90 天', value: span(0, 90) },
]
const same = (a: Operand | undefined, b: Operand): boolean => JSON.stringify(a) === JSON.stringify(b)
const dayjsOf = (value: unknown): Dayjs | null => (typeof value === 'string' ? dayjs(value.slice(0, 10)) : null)

export function DateFilterValue({ op, value, onChange }: FilterValueProps) {
  if (op !== 'between')
    return (
      <div className="x-date-filter">
        <div className="x-presets">
          <Preset label="今天" isOn={same(value, { today: 0 })} onPick={() => onChange({ today: 0 })} />
          <Preset label="30 天后" isOn={same(value, { today: 30 })} onPick={() => onChange({ today: 30 })} />
        </div>
        <DatePicker
          value={dayjsOf(value)}
          style={{ width: '100%' }}
          onChange={(at) => onChange(at ? at.format('YYYY-MM-DD') : undefined)}
        />
      </div>
    )
  const [from, to] = Array.isArray(value) ? (value as readonly unknown[]) : []
  return (
    <div className="x-date-filter">
      <div className="x-presets">
        {spans.map((s) => (
          <Preset key={s.label} label={s.label} isOn={same(value, s.value)} onPick={() => onChange(s.value)} />
        ))}
      </div>
      <DatePicker.RangePicker
        value={[dayjsOf(from), dayjsOf(to)]}
        style={{ width: '100%' }}
        onChange={(range) => {
          const [first, last] = range ?? []
          onChange(first && last ? [first.format('YYYY-MM-DD'), last.format('YYYY-MM-DD')] : undefined)
        }}
      />
    </div>
  )
}
const Preset = ({ label, isOn, onPick }: { label: string; isOn: boolean; onPick: () => void }) => (
  <button type="button" className={`x-preset ${isOn ? 'on' : ''}`} aria-pressed={isOn} onClick={onPick}>
    {label}
  </button>
)

export function BooleanFilterValue({ field, value, onChange }: FilterValueProps<'boolean'> | FilterValueProps<'switch'>) {
  return (
    <Radio.Group
      value={value}
      options={[
        { value: true, label: field.options.yes ?? '是' },
        { value: false, label: field.options.no ?? '否' },
      ]}
      onChange={(event) => onChange(event.target.value as boolean)}
    />
  )
}

export function ChoiceFilterValue({ field, value, onChange }: FilterValueProps<'choice'> | FilterValueProps<'choices'>) {
  const options = Object.keys(field.options.choices).map((key) => ({ value: key, label: choiceLabel(field.options.choices, key) }))
  const change = (keys: string[]) => onChange(orNone(keys))
  if (options.length > 10)
    return (
      <Select
        mode="multiple"
        value={textsOf(value)}
        options={options}
        showSearch={{ optionFilterProp: 'label' }}
        style={{ width: '100%' }}
        onChange={change}
      />
    )
  return <Checkbox.Group className="x-check-list" value={textsOf(value)} options={options} onChange={change} />
}

export function ReferenceFilterValue({
  field,
  value,
  onChange,
}: FilterValueProps<'reference'> | FilterValueProps<'person'> | FilterValueProps<'references'>) {
  const { person } = useMe()
  const isPerson = field.kind === 'person'
  return (
    <div className="x-date-filter">
      {isPerson && person && (
        <div className="x-presets">
          <Preset label="我本人" isOn={isMine(value)} onPick={() => onChange(isMine(value) ? undefined : { my: 'person' })} />
        </div>
      )}
      {!isMine(value) && (
        <RecordsPicker
          target={field.options.target}
          among={amongOf(field)}
          value={textsOf(value)}
          onChange={(ids) => onChange(orNone(ids))}
          placeholder="输入名称、拼音首字母或编号"
        />
      )}
    </div>
  )
}

export function UnitFilterValue({ value, onChange }: FilterValueProps<'unit'>) {
  return (
    <div className="x-date-filter">
      <div className="x-presets">
        <Preset label="我的科室" isOn={same(value, { my: 'units' })} onPick={() => onChange({ my: 'units' })} />
        <Preset label="我的院区" isOn={same(value, { my: 'campus' })} onPick={() => onChange({ my: 'campus' })} />
      </div>
      {!isMine(value) && <UnitsPicker value={textsOf(value)} onChange={(ids) => onChange(orNone(ids))} />}
    </div>
  )
}
