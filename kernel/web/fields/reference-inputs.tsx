import { isCondition, readFilter, type Filter } from '#model'
import { useMe } from '../api/hooks.ts'
import { scalarsOf } from './filter-values.tsx'
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

/** Kinds of unit that a condition on the kind leaves: the tree shows nothing else to choose. */
function unitKindsOf(among: unknown): readonly string[] | undefined {
  const filter = readFilter(among)
  if (!filter || !isCondition(filter) || filter.field !== 'kind') return undefined
  return scalarsOf(filter.value).map(String)
}

export function ReferenceInput(props: InputProps<'reference'>) {
  const { target, among } = props.field.options
  // Units are known to the page as a tree, whatever kind of field names them.
  if (target === 'directory.unit')
    return <UnitPicker {...shared(props)} kinds={unitKindsOf(among)} value={asText(props.value) || null} onChange={props.onChange} />
  return (
    <RecordPicker
      {...shared(props)}
      target={target}
      among={among as Filter | undefined}
      isClearable={!props.field.required}
      value={asText(props.value) || null}
      onChange={props.onChange}
    />
  )
}

export function PersonInput(props: InputProps<'person'>) {
  const { person } = useMe()
  const learn = useLearnTitle()
  const { target, among } = props.field.options
  return (
    <div className="x-person-input">
      <RecordPicker
        {...shared(props)}
        target={target}
        among={among as Filter | undefined}
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
  const { target, among } = props.field.options
  if (target === 'directory.unit')
    return (
      <UnitsPicker
        {...shared(props)}
        kinds={unitKindsOf(among)}
        value={asList(props.value)}
        onChange={(ids) => props.onChange(ids.length ? ids : null)}
      />
    )
  return (
    <RecordsPicker
      {...shared(props)}
      target={target}
      among={among as Filter | undefined}
      value={asList(props.value)}
      onChange={(ids) => props.onChange(ids.length ? ids : null)}
    />
  )
}

export function UnitInput(props: InputProps<'unit'>) {
  return (
    <UnitPicker {...shared(props)} kinds={props.field.options.unitKinds} value={asText(props.value) || null} onChange={props.onChange} />
  )
}
