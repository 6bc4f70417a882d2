import { kindOf } from '#model'
import { QuestionCircleOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { memo, useId, useMemo } from 'react'
import { DisplayOf, drawnClass, drawnStyle, FieldPlace, InputOf } from '../fields/index.ts'
import { ClassMark, placeOf } from '../parts/class-mark.tsx'
import { RowProblems } from '../fields/rows/row-problems.ts'
import { isComputed, type FormStore } from './form-store.ts'
import { useFieldState } from './use-form.ts'

interface Props {
  store: FormStore
  name: string
  isReadOnly: boolean
  /** Where a value came from that the system filled in. */
  origin?: string | undefined
}
/** One field of a form: drawn again only when its own state changes. */
export const FieldRow = memo(function FieldRow({ store, name, isReadOnly, origin }: Props) {
  const { value, problem, isVisible, isRequired, field, notice } = useFieldState(store, name)
  const id = useId()
  const place = useMemo(() => ({ resource: store.resource.name, key: name }), [store, name])
  if (!isVisible) return null
  const isLocked = isReadOnly || (isComputed(field) && !kindOf(field).isComputed)
  return (
    <div className={`x-field ${problem ? 'wrong' : ''} ${placeOf(field)} ${drawnClass(field)}`} style={drawnStyle(field)} data-field={name}>
      <label htmlFor={id}>
        {field.label}
        {isRequired && (
          <i className="x-required" aria-label="必填">
            *
          </i>
        )}
        <ClassMark field={field} />
        {field.help && (
          <Tooltip title={field.help}>
            <QuestionCircleOutlined className="x-help" tabIndex={0} aria-label={field.help} />
          </Tooltip>
        )}
      </label>
      <FieldPlace value={place}>
        <RowProblems value={(_, path) => store.problemAt(`${name}.${path}`)}>
          {field.derived ? (
            <output id={id} className="x-output">
              <DisplayOf field={field} value={value} />
            </output>
          ) : (
            <InputOf
              id={id}
              field={field}
              value={value}
              isInvalid={problem !== null}
              isDisabled={isLocked}
              describedBy={`${id}n`}
              onChange={(next) => store.set(name, next)}
              onBlur={() => store.touch(name)}
            />
          )}
        </RowProblems>
      </FieldPlace>
      <div id={`${id}n`} className="x-field-note" aria-live="polite">
        {problem ? (
          <span className="x-problem">{problem}</span>
        ) : notice ? (
          <span className="x-cleared">{notice}</span>
        ) : origin ? (
          <span className="x-origin">{origin}</span>
        ) : null}
      </div>
    </div>
  )
})
