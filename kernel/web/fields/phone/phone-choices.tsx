import { CheckOutlined } from '@ant-design/icons'
import { choiceLabel, offeredChoices, type Choices } from '#model'
import { useState } from 'react'
import { isShortList } from '../choice-inputs.tsx'
import { asList, asText, type InputProps } from '../field-view.ts'
import { Sheet, SheetTrigger } from './sheet.tsx'

/** One line of a sheet that is chosen by touching it. */
export function Option({
  title,
  hint,
  isChosen,
  onPick,
}: {
  title: string
  hint?: string | undefined
  isChosen: boolean
  onPick: () => void
}) {
  return (
    <button type="button" role="option" aria-selected={isChosen} className="x-sheet-option" onClick={onPick}>
      <span>
        {title} {hint && <small>{hint}</small>}
      </span>
      {isChosen && <CheckOutlined aria-hidden />}
    </button>
  )
}

/** Few short options are chosen with one touch. */
function PhonePills({ props, options }: { props: InputProps; options: readonly (readonly [value: string | boolean, label: string])[] }) {
  const { id, field, value, onChange, isInvalid, isDisabled } = props
  return (
    <div id={id} role="radiogroup" aria-label={field.label} className={`x-pills ${isInvalid ? 'x-invalid' : ''}`}>
      {options.map(([key, label]) => (
        <button
          key={label}
          type="button"
          role="radio"
          aria-checked={key === value}
          disabled={isDisabled}
          onClick={() => onChange(key === value && !field.required ? null : key)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

export const PhoneBooleanInput = (props: InputProps<'boolean'>) => (
  <PhonePills
    props={props}
    options={[
      [true, props.field.options.yes ?? '是'],
      [false, props.field.options.no ?? '否'],
    ]}
  />
)

function PhoneOptions({ props, choices, isMany }: { props: InputProps; choices: Choices; isMany: boolean }) {
  const { id, field, value, onChange, isInvalid, isDisabled } = props
  const [isOpen, setOpen] = useState(false)
  const chosen = isMany ? asList(value) : asText(value) ? [asText(value)] : []
  const pick = (key: string) => {
    if (!isMany) {
      onChange(key === value && !field.required ? null : key)
      return setOpen(false)
    }
    const next = chosen.includes(key) ? chosen.filter((k) => k !== key) : [...chosen, key]
    onChange(next.length ? next : null)
  }
  return (
    <>
      <SheetTrigger
        id={id}
        isDisabled={isDisabled}
        isInvalid={isInvalid}
        placeholder={field.placeholder ?? '请选择'}
        onOpen={() => setOpen(true)}
      >
        {chosen.length ? chosen.map((key) => choiceLabel(choices, key)).join('、') : undefined}
      </SheetTrigger>
      {isOpen && (
        <Sheet title={field.label} onClose={() => setOpen(false)} act={isMany ? { label: '完成', run: () => setOpen(false) } : undefined}>
          <div role="listbox" aria-multiselectable={isMany}>
            {offeredChoices(choices, chosen).map(({ value: key, label }) => (
              <Option key={key} title={label} isChosen={chosen.includes(key)} onPick={() => pick(key)} />
            ))}
          </div>
        </Sheet>
      )}
    </>
  )
}
export const PhoneChoiceInput = (props: InputProps<'choice'>) => {
  const { choices } = props.field.options
  return isShortList(choices) ? (
    <PhonePills props={props} options={offeredChoices(choices, [asText(props.value)]).map(({ value, label }) => [value, label])} />
  ) : (
    <PhoneOptions props={props} choices={choices} isMany={false} />
  )
}
export const PhoneChoicesInput = (props: InputProps<'choices'>) => (
  <PhoneOptions props={props} choices={props.field.options.choices} isMany />
)
