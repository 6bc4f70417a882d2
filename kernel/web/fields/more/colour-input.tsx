import { kindOf } from '#model'
import { ColorPicker } from 'antd'
import { asText, type InputProps } from '../field-view.ts'
import './inputs.css'

const usual = ['#1f6f78', '#e59f3c', '#c2362b', '#2c7a4b', '#2f6fb2', '#6b4fa0', '#546367', '#182224']
/** A colour is picked from a few, from the field of all, or typed. */
export function ColourInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'colour'>) {
  const text = asText(value)
  return (
    <div className={`x-colour ${isInvalid ? 'x-invalid' : ''}`}>
      <ColorPicker
        {...(/^#[\da-f]{6}$/i.test(text) ? { value: text } : { value: null })}
        disabledAlpha
        format="hex"
        disabled={isDisabled ?? false}
        presets={[{ label: '常用', colors: [...(field.options.suggest ?? usual)] }]}
        onChangeComplete={(colour) => onChange(colour.toHexString().slice(0, 7).toLowerCase())}
      />
      <input
        id={id}
        value={text}
        disabled={isDisabled}
        placeholder={field.placeholder ?? '#1f6f78'}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.value || null)}
        onBlur={() => {
          const read = text ? kindOf(field).check(text, field) : null
          if (read && 'value' in read && read.value !== value) onChange(read.value)
          onBlur?.()
        }}
      />
    </div>
  )
}
