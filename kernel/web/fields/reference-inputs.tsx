import { amongOf } from '#model'
import { useMe } from '../api/hooks.ts'
import { asList, asText, type InputProps } from './field-view.ts'
import { RecordPicker, RecordsPicker } from './record-picker.tsx'
import { useLearnTitle } from './titles.tsx'
import { UnitPicker, UnitsPicker } from './unit-picker.tsx'

const shared = ({ id, field, isInvalid, isDisabled, onBlur }: InputProps) => ({
  id,
  isInvalid,
  isDisabled,
  onBlur,
  ...(field.placeholder ? { placeholder: field.placeholder } : {}),
})

export function ReferenceInput(props: InputProps<'reference'>) {
  const { target } = props.field.options
  const among = amongOf(props.field)
  // Units are known to the page as a tree, whatever kind of field names them.
  if (target === 'directory.unit')
    return <UnitPicker {...shared(props)} among={among} value={asText(props.value) || null} onChange={props.onChange} />
  return (
    <RecordPicker
      {...shared(props)}
      target={target}
      among={among}
      isClearable={!props.field.required}
      value={asText(props.value) || null}
      onChange={props.onChange}
    />
  )
}

export function PersonInput(props: InputProps<'person'>) {
  const { person } = useMe()
  const learn = useLearnTitle()
  const { target } = props.field.options
  const among = amongOf(props.field)
  return (
    <div className="x-person-input">
      <RecordPicker
        {...shared(props)}
        target={target}
        among={among}
        placeholder="姓名、拼音首字母或工号"
        value={asText(props.value) || null}
        onChange={props.onChange}
      />
      {person && !props.value && !props.isDisabled && (
        <button
          type="button"
          className="x-link"
          onClick={() => {
            learn(target, person.id, person.name)
            props.onChange(person.id)
          }}
        >
          填本人
        </button>
      )}
    </div>
  )
}

export function ReferencesInput(props: InputProps<'references'>) {
  const { target } = props.field.options
  const among = amongOf(props.field)
  if (target === 'directory.unit')
    return (
      <UnitsPicker
        {...shared(props)}
        among={among}
        value={asList(props.value)}
        onChange={(ids) => props.onChange(ids.length ? ids : null)}
      />
    )
  return (
    <RecordsPicker
      {...shared(props)}
      target={target}
      among={among}
      value={asList(props.value)}
      onChange={(ids) => props.onChange(ids.length ? ids : null)}
    />
  )
}

export function UnitInput(props: InputProps<'unit'>) {
  return <UnitPicker {...shared(props)} among={amongOf(props.field)} value={asText(props.value) || null} onChange={props.onChange} />
}
