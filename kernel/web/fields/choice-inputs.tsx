import { choiceLabel, offeredChoices, type Choices } from '#model'
import { Checkbox, Radio, Select } from 'antd'
import { asList, asText, type InputProps } from './field-view.ts'

/** Few short options are seen at once; many are searched. */
const isShort = (labels: readonly string[]): boolean => labels.length <= 4 && labels.join('').length <= 16
export const isShortList = (choices: Choices): boolean => isShort(Object.keys(choices).map((key) => choiceLabel(choices, key)))

export function ChoiceInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'choice'>) {
  const options = offeredChoices(field.options.choices, [asText(value)])
  if (isShort(options.map((o) => o.label)))
    return (
      <Radio.Group
        id={id}
        value={value}
        options={options}
        disabled={isDisabled ?? false}
        aria-describedby={describedBy}
        className={isInvalid ? 'x-invalid' : ''}
        onChange={(event) => {
          onChange(event.target.value as string)
          onBlur?.()
        }}
      />
    )
  return (
    <Select
      id={id}
      value={asText(value) || null}
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
      allowClear={!field.required}
      placeholder={field.placeholder ?? '请选择'}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      onChange={(key: string | undefined) => onChange(key ?? null)}
      onBlur={onBlur}
    />
  )
}

export function ChoicesInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<'choices'>) {
  const chosen = asList(value)
  const options = offeredChoices(field.options.choices, chosen)
  const change = (keys: string[]) => onChange(keys.length ? keys : null)
  if (options.length <= 8)
    return (
      <Checkbox.Group
        value={chosen}
        options={options}
        disabled={isDisabled ?? false}
        className={isInvalid ? 'x-invalid' : ''}
        onChange={change}
      />
    )
  return (
    <Select
      id={id}
      mode="multiple"
      value={chosen}
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={field.placeholder ?? '可选多项'}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      onChange={change}
      onBlur={onBlur}
    />
  )
}

export function BooleanInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<'boolean'>) {
  return (
    <Radio.Group
      id={id}
      value={value ?? null}
      disabled={isDisabled ?? false}
      className={isInvalid ? 'x-invalid' : ''}
      options={[
        { value: true, label: field.options.yes ?? '是' },
        { value: false, label: field.options.no ?? '否' },
      ]}
      onChange={(event) => {
        onChange(event.target.value as boolean)
        onBlur?.()
      }}
    />
  )
}
