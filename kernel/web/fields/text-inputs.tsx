import { currencySigns, halfWidth, kindOf, readMoneyText, type Field } from '#model'
import { AutoComplete, Input } from 'antd'
import { useState, type ComponentProps } from 'react'
import { asText, type InputProps } from './field-view.ts'
import { LineInput } from './line-input.tsx'

type Attributes = Pick<ComponentProps<typeof LineInput>, 'inputMode' | 'autoComplete' | 'maxLength' | 'suffix'>

/** On leaving, what was typed becomes what will be stored: trimmed, full-width digits and letters made plain where the kind asks for it. */
function normalise(field: Field, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null
  const checked = kindOf(field).check(value, field)
  return 'value' in checked ? checked.value : value
}

function Line({ props, attributes }: { props: InputProps; attributes?: Attributes }) {
  const { id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy, autoFocus } = props
  return (
    <LineInput
      id={id}
      value={asText(value)}
      placeholder={field.placeholder}
      isInvalid={isInvalid}
      disabled={isDisabled}
      autoFocus={autoFocus}
      aria-describedby={describedBy}
      {...attributes}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      onBlur={() => {
        const next = normalise(field, value)
        if (next !== value) onChange(next)
        onBlur?.()
      }}
    />
  )
}

export function TextInput(props: InputProps<'text'>) {
  const { suggest } = props.field.options
  if (!suggest) return <Line props={props} attributes={{ maxLength: props.field.options.max ?? 500 }} />
  const { id, field, value, onChange, onBlur, isInvalid, isDisabled } = props
  return (
    <AutoComplete
      id={id}
      value={asText(value)}
      options={suggest.map((text) => ({ value: text }))}
      showSearch={{ filterOption: (typed, option) => String(option?.value).includes(typed) }}
      placeholder={field.placeholder ?? '可选择，也可直接填写'}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      onChange={(text: string | undefined) => onChange(text || null)}
      onBlur={onBlur}
    />
  )
}
export const PhoneNumberInput = (props: InputProps<'phone'>) => <Line props={props} attributes={{ inputMode: 'tel', maxLength: 24 }} />
export const EmailInput = (props: InputProps<'email'>) => <Line props={props} attributes={{ inputMode: 'email', maxLength: 254 }} />
export const UrlInput = (props: InputProps<'url'>) => <Line props={props} attributes={{ inputMode: 'url', maxLength: 2000 }} />
export const IdentityNumberInput = (props: InputProps<'identityNumber'>) => <Line props={props} attributes={{ maxLength: 24 }} />

export function LongTextInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'longText'>) {
  return (
    <Input.TextArea
      id={id}
      value={asText(value)}
      placeholder={field.placeholder}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled}
      autoSize={{ minRows: 3, maxRows: 14 }}
      maxLength={field.options.max ?? 20_000}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.value || null)}
      onBlur={onBlur}
    />
  )
}

const readInteger = (text: string): unknown => {
  const plain = halfWidth(text).replace(/,/g, '')
  return /^-?\d{1,15}$/.test(plain) ? Number(plain) : text
}
// A decimal stays text as typed; on leaving it is brought to its scale.
const readDecimal = (text: string): unknown => text

function NumberLine({
  props,
  unit,
  read,
  mode,
}: {
  props: InputProps
  unit: string | undefined
  read: (text: string) => unknown
  mode: 'numeric' | 'decimal'
}) {
  const { value, onChange } = props
  const [typed, setTyped] = useState('')
  const shown = typed !== '' && read(typed) === value ? typed : asText(value)
  const change = (next: unknown) => {
    const text = asText(next)
    setTyped(text)
    onChange(text === '' ? null : read(text))
  }
  // On leaving, the number is shown as it will be stored.
  const leave = () => {
    setTyped('')
    props.onBlur?.()
  }
  return (
    <Line
      props={{ ...props, value: shown, onChange: change, onBlur: leave }}
      attributes={{ inputMode: mode, ...(unit ? { suffix: unit } : {}) }}
    />
  )
}
export const IntegerInput = (props: InputProps<'integer'>) => (
  <NumberLine props={props} unit={props.field.options.unit} read={readInteger} mode="numeric" />
)
/** A sum may be pasted as it stands in a table: ¥1,200.50, 3.5万. */
export const MoneyInput = (props: InputProps<'money'>) => {
  const { field, onChange } = props
  const change = (typed: unknown) => {
    const read = typeof typed === 'string' ? readMoneyText(typed) : null
    onChange(typed !== null && read && 'value' in read && !/^[\d.-]*$/.test(String(typed)) ? read.value : typed)
  }
  return <NumberLine props={{ ...props, onChange: change }} unit={unitOf(field)} read={readDecimal} mode="decimal" />
}
const unitOf = ({ options }: Field<'money'>): string =>
  options.currency && options.currency !== 'CNY' ? currencySigns[options.currency] : '元'
export const DecimalInput = (props: InputProps<'decimal'>) => (
  <NumberLine props={props} unit={props.field.options.unit} read={readDecimal} mode="decimal" />
)
