import { MinusOutlined, PlusOutlined } from '@ant-design/icons'
import { Rate, Slider, Switch } from 'antd'
import type { InputProps } from '../field-view.ts'
import './inputs.css'

const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null)

export function SwitchInput({ id, field, value, onChange, onBlur, isDisabled, describedBy }: InputProps<'switch'>) {
  const isOn = value === true
  return (
    <label className="x-switch">
      <Switch
        id={id}
        checked={isOn}
        disabled={isDisabled ?? false}
        aria-describedby={describedBy}
        onChange={(next) => {
          onChange(next)
          onBlur?.()
        }}
      />
      <span className={isOn ? '' : 'x-faint'}>{isOn ? (field.options.yes ?? '是') : (field.options.no ?? '否')}</span>
    </label>
  )
}

/** A slider says what it stands at, and may be typed: a tenth of a millimetre of the thumb is no number. */
export function SliderInput({ id, field, value, onChange, onBlur, isDisabled, isInvalid }: InputProps<'slider'>) {
  const { min = 0, max = 100, step = 1, unit = '' } = field.options
  const at = numberIn(value)
  return (
    <div className={`x-slider ${isInvalid ? 'x-invalid' : ''}`}>
      <Slider
        min={min}
        max={max}
        step={step}
        value={at ?? min}
        disabled={isDisabled ?? false}
        included={at !== null}
        tooltip={{ formatter: (n) => `${n}${unit}` }}
        ariaLabelForHandle={field.label}
        onChange={onChange}
        onChangeComplete={() => onBlur?.()}
      />
      <input
        id={id}
        inputMode="numeric"
        disabled={isDisabled}
        value={at === null ? (typeof value === 'string' ? value : '') : String(at)}
        placeholder="未填"
        onChange={(event) => onChange(typed(event.target.value))}
        onBlur={onBlur}
      />
      <span className="x-faint">{unit}</span>
    </div>
  )
}
/** What is no number yet stays as typed; the check says so. */
function typed(text: string): unknown {
  const plain = text.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).trim()
  return plain === '' ? null : /^-?\d{1,9}$/.test(plain) ? Number(plain) : text
}

export function RatingInput({ id, field, value, onChange, onBlur, isDisabled, isInvalid }: InputProps<'rating'>) {
  const { max = 5, words } = field.options
  const at = numberIn(value)
  return (
    <div id={id} className={`x-rate ${isInvalid ? 'x-invalid' : ''}`}>
      <Rate
        count={max}
        value={at ?? 0}
        disabled={isDisabled ?? false}
        {...(words ? { tooltips: [...words] } : {})}
        onChange={(next) => {
          onChange(next || null)
          onBlur?.()
        }}
      />
      <span className="x-faint">{at === null ? '未评' : (words?.[at - 1] ?? `${at} 分`)}</span>
    </div>
  )
}

/** A counter is counted up and down with the thumb, and may be typed. */
export function CounterInput({ id, field, value, onChange, onBlur, isDisabled, isInvalid, describedBy }: InputProps<'counter'>) {
  const { min = 0, max = 2_147_483_647, step = 1, unit } = field.options
  const at = numberIn(value)
  const move = (by: number) => {
    onChange(Math.min(max, Math.max(min, at === null ? (by > 0 ? Math.max(min, step) : min) : at + by)))
    onBlur?.()
  }
  return (
    <div className={`x-counter ${isInvalid ? 'x-invalid' : ''}`}>
      <button type="button" aria-label={`减少${field.label}`} disabled={isDisabled || (at ?? min) <= min} onClick={() => move(-step)}>
        <MinusOutlined />
      </button>
      <input
        id={id}
        inputMode="numeric"
        disabled={isDisabled}
        aria-describedby={describedBy}
        value={at === null ? (typeof value === 'string' ? value : '') : String(at)}
        placeholder={String(min)}
        onChange={(event) => onChange(typed(event.target.value))}
        onBlur={onBlur}
      />
      <button type="button" aria-label={`增加${field.label}`} disabled={isDisabled || (at ?? min) >= max} onClick={() => move(step)}>
        <PlusOutlined />
      </button>
      {unit && <span className="x-faint">{unit}</span>}
    </div>
  )
}
