import { PlusOutlined } from '@ant-design/icons'
import type { ClientResource, Condition } from '#model'
import { Button, Popover, Select } from 'antd'
import { useState } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { ConditionEditor, startOf } from './condition-editor.tsx'
import { filterFields } from './filter-fields.ts'
import { operatorsOf } from './filter-tree.ts'

interface Props {
  resource: ClientResource
  /** A quick one of a known field; any when absent. */
  path?: string
  label: string
  /** What it does, where the label does not say. */
  hint?: string
  isDisabled?: boolean
  onAdd: (condition: Condition) => void
}
/** A condition not yet there. */
export function NewCondition({ resource, path, label, hint, isDisabled = false, onAdd }: Props) {
  const [isOpen, setOpen] = useState(false)
  const [pending, setPending] = useState<Condition | null>(null)
  const finish = () => {
    if (pending) onAdd(pending)
    setPending(null)
    setOpen(false)
  }
  return (
    <Popover
      open={isOpen}
      trigger="click"
      placement="bottomLeft"
      destroyOnHidden
      // Told when the box closes: with several values to tick, the box must not jump away at the first.
      onOpenChange={(open) => (open ? !isDisabled && setOpen(true) : finish())}
      content={
        <>
          <FieldThenValue resource={resource} path={path} onAdd={setPending} />
          {pending && (
            <div className="x-apply">
              <Button type="primary" size="small" onClick={finish}>
                应用
              </Button>
            </div>
          )}
        </>
      }
    >
      <button type="button" className="x-chip-new" aria-expanded={isOpen} aria-label={hint} title={hint} disabled={isDisabled}>
        {path ? null : <PlusOutlined />}
        {label}
        {path && <span aria-hidden>▾</span>}
      </button>
    </Popover>
  )
}

export function FieldThenValue({
  resource,
  path,
  onAdd,
}: {
  resource: ClientResource
  path?: string | undefined
  onAdd: (c: Condition) => void
}) {
  const catalog = useCatalog()
  const [chosen, setChosen] = useState(path)
  const found = chosen ? catalog.find(resource, chosen) : null
  if (found)
    return (
      <ConditionEditor
        resource={resource}
        condition={startOf(found.path, operatorsOf(found.field, found.isMasked))}
        mayChangeField={!path}
        onChange={onAdd}
      />
    )
  return (
    <Select
      open
      autoFocus
      style={{ width: 240 }}
      placeholder="选择字段"
      showSearch={{ optionFilterProp: 'label' }}
      getPopupContainer={(node: HTMLElement) => node.parentElement ?? document.body}
      options={filterFields(catalog, resource).map((f) => ({ value: f.path, label: f.label }))}
      onChange={setChosen}
    />
  )
}
