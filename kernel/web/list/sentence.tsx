import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import type { ClientResource, Condition, Filter } from '#model'
import { Button, Popover, Select } from 'antd'
import { useState, type ReactNode } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { ConditionEditor, startOf } from './condition-editor.tsx'
import { ConditionText, wholeText } from './condition-text.tsx'
import { filterFields } from './filter-fields.ts'
import { isGroup, isWhole, operatorsOf, readTree, writeTree, type FilterTree, type Join, type Part } from './filter-tree.ts'
import './sentence.css'

interface Props {
  resource: ClientResource
  filter: Filter | null
  onChange: (filter: Filter | null) => void
  /** At the end of the line: how it is sorted. */
  tail?: ReactNode
}
/** The filter as a sentence whose words are changed by clicking them. */
export function FilterSentence({ resource, filter, onChange, tail }: Props) {
  const catalog = useCatalog()
  const tree = readTree(filter)
  const set = (next: FilterTree) => onChange(writeTree(next))
  const setPart = (at: number, part: Part | null) => set({ ...tree, parts: part ? tree.parts.with(at, part) : tree.parts.toSpliced(at, 1) })
  const add = (condition: Condition) => set({ ...tree, parts: [...tree.parts, condition] })
  const used = new Set(
    tree.parts.flatMap((part) => ('field' in part ? [part.field] : isGroup(part) ? part.conditions.map((c) => c.field) : [])),
  )
  const quick = (resource.list.filters ?? []).filter((path) => !used.has(path)).flatMap((path) => catalog.find(resource, path) ?? [])
  const flip = () => set({ ...tree, join: tree.join === 'and' ? 'or' : 'and' })
  return (
    <div className="x-sentence" role="group" aria-label="筛选条件">
      <span>
        显示{tree.parts.length ? '' : '全部'} <b>{resource.label}</b>
        {tree.parts.length > 0 && '，其中'}
      </span>
      {tree.parts.map((part, at) => (
        <span key={at} className="x-sentence-part">
          {at > 0 && <JoinWord join={tree.join} onFlip={flip} />}
          {isWhole(part) ? (
            <Chip label={wholeText(part.whole)} onRemove={() => setPart(at, null)} />
          ) : isGroup(part) ? (
            <Group
              resource={resource}
              join={part.join}
              conditions={part.conditions}
              onChange={(conditions, join) => setPart(at, conditions.length ? { join, conditions } : null)}
            />
          ) : (
            <ConditionChip
              resource={resource}
              condition={part}
              onChange={(next) => setPart(at, next)}
              onRemove={() => setPart(at, null)}
              onAlternative={(other) => setPart(at, { join: tree.join === 'and' ? 'or' : 'and', conditions: [part, other] })}
              alternative={tree.join === 'and' ? '或者…' : '并且…'}
            />
          )}
        </span>
      ))}
      {quick.map((found) => (
        <NewCondition key={found.path} resource={resource} path={found.path} label={found.label} onAdd={add} />
      ))}
      <NewCondition resource={resource} onAdd={add} label="条件" />
      {tree.parts.length > 0 && (
        <button type="button" className="x-link x-small" onClick={() => onChange(null)}>
          清除
        </button>
      )}
      <span className="x-space" />
      {tail}
    </div>
  )
}

const JoinWord = ({ join, onFlip }: { join: Join; onFlip: () => void }) => (
  <button type="button" className="x-join" title="点击切换 且 / 或" onClick={onFlip}>
    {join === 'and' ? '且' : '或'}
  </button>
)

function Chip({ label, onRemove, ...rest }: { label: ReactNode; onRemove?: () => void }) {
  return (
    <span className="x-chip">
      <button type="button" {...rest}>
        {label}
      </button>
      {onRemove && (
        <button type="button" className="x-chip-remove" aria-label="移除条件" onClick={onRemove}>
          <CloseOutlined />
        </button>
      )}
    </span>
  )
}

interface ChipProps {
  resource: ClientResource
  condition: Condition
  onChange: (condition: Condition) => void
  onRemove: () => void
  onAlternative?: (condition: Condition) => void
  alternative?: string
}
function ConditionChip({ resource, condition, onChange, onRemove, onAlternative, alternative }: ChipProps) {
  const found = useCatalog().find(resource, condition.field)
  const [isOpen, setOpen] = useState(false)
  const [isAdding, setAdding] = useState(false)
  return (
    <span className="x-chip">
      <Popover
        open={isOpen}
        onOpenChange={(open) => {
          setOpen(open)
          if (!open) setAdding(false)
        }}
        trigger="click"
        placement="bottomLeft"
        destroyOnHidden
        content={
          <>
            {isAdding && onAlternative ? (
              <FieldThenValue
                resource={resource}
                onAdd={(next) => {
                  setOpen(false)
                  onAlternative(next)
                }}
              />
            ) : (
              <ConditionEditor resource={resource} condition={condition} onChange={onChange} />
            )}
            {onAlternative && !isAdding && (
              <button type="button" className="x-link x-small x-alternative" onClick={() => setAdding(true)}>
                {alternative}
              </button>
            )}
          </>
        }
      >
        <button type="button" aria-expanded={isOpen}>
          <ConditionText found={found} condition={condition} />
        </button>
      </Popover>
      <button type="button" className="x-chip-remove" aria-label="移除条件" onClick={onRemove}>
        <CloseOutlined />
      </button>
    </span>
  )
}

interface GroupProps {
  resource: ClientResource
  join: Join
  conditions: Condition[]
  onChange: (conditions: Condition[], join: Join) => void
}
function Group({ resource, join, conditions, onChange }: GroupProps) {
  return (
    <span className="x-group">
      （
      {conditions.map((condition, at) => (
        <span key={at} className="x-sentence-part">
          {at > 0 && <JoinWord join={join} onFlip={() => onChange(conditions, join === 'and' ? 'or' : 'and')} />}
          <ConditionChip
            resource={resource}
            condition={condition}
            onChange={(next) => onChange(conditions.with(at, next), join)}
            onRemove={() => onChange(conditions.toSpliced(at, 1), join)}
          />
        </span>
      ))}
      <NewCondition resource={resource} label="" onAdd={(next) => onChange([...conditions, next], join)} />）
    </span>
  )
}

/** A condition not yet there: a quick one of a known field, or any. */
function NewCondition({
  resource,
  path,
  label,
  onAdd,
}: {
  resource: ClientResource
  path?: string
  label: string
  onAdd: (c: Condition) => void
}) {
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
      onOpenChange={(open) => (open ? setOpen(true) : finish())}
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
      <button type="button" className="x-chip-new" aria-expanded={isOpen} aria-label={label ? undefined : '组内添加条件'}>
        {path ? null : <PlusOutlined />}
        {label}
        {path && <span aria-hidden>▾</span>}
      </button>
    </Popover>
  )
}

function FieldThenValue({ resource, path, onAdd }: { resource: ClientResource; path?: string | undefined; onAdd: (c: Condition) => void }) {
  const catalog = useCatalog()
  const [chosen, setChosen] = useState(path)
  const found = chosen ? catalog.find(resource, chosen) : null
  if (found)
    return (
      <ConditionEditor
        resource={resource}
        condition={startOf(found.path, operatorsOf(found.field))}
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
