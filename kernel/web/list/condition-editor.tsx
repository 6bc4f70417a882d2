import { operatorWord, type ClientResource, type Condition, type Operator } from '#model'
import { Select } from 'antd'
import { useState } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { FilterValueOf } from '../fields/index.ts'
import { filterFields } from './filter-fields.ts'
import { isComplete, operatorsOf, withOperator } from './filter-tree.ts'
import './sentence.css'

interface Props {
  resource: ClientResource
  condition: Condition
  onChange: (condition: Condition) => void
  /** Another field may be chosen. */
  mayChangeField?: boolean
}
/** Field, operator, value: told as soon as it is a whole condition. */
export function ConditionEditor({ resource, condition, onChange, mayChangeField = true }: Props) {
  const catalog = useCatalog()
  const [draft, setDraft] = useState(condition)
  const found = catalog.find(resource, draft.field)
  const set = (next: Condition) => {
    setDraft(next)
    if (isComplete(next)) onChange(next)
  }
  if (!found) return <p className="x-muted">这个字段已不可用，请移除此条件。</p>
  const offered = operatorsOf(found.field, found.isMasked)
  return (
    <div className="x-condition">
      <div className="x-condition-head">
        {mayChangeField ? (
          <Select
            value={draft.field}
            showSearch={{ optionFilterProp: 'label' }}
            options={filterFields(catalog, resource).map((f) => ({ value: f.path, label: f.label }))}
            aria-label="字段"
            popupMatchSelectWidth={220}
            onChange={(path: string) => {
              const { field, isMasked } = catalog.find(resource, path) ?? found
              setDraft(startOf(path, operatorsOf(field, isMasked)))
            }}
          />
        ) : (
          <b>{found.label}</b>
        )}
        <Select
          value={draft.op}
          aria-label="比较方式"
          options={offered.map((op) => ({ value: op, label: operatorWord(found.field, op) }))}
          popupMatchSelectWidth={130}
          onChange={(op: Operator) => set(withOperator(draft, op))}
        />
      </div>
      {draft.op !== 'empty' && draft.op !== 'notEmpty' && (
        <FilterValueOf
          key={`${draft.field} ${draft.op}`}
          field={found.field}
          op={draft.op}
          value={draft.value}
          onChange={(value) => {
            const { field, op } = draft
            set(value === undefined ? { field, op } : { field, op, value })
          }}
        />
      )}
    </div>
  )
}

export const startOf = (field: string, offered: readonly Operator[]): Condition => ({ field, op: offered[0] ?? 'notEmpty' })
