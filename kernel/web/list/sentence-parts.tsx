import { CloseOutlined, MoreOutlined } from '@ant-design/icons'
import type { ClientResource, Condition } from '#model'
import { Dropdown, Popover, type MenuProps } from 'antd'
import { useState, type DragEvent, type ReactNode } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { ConditionEditor } from './condition-editor.tsx'
import { ConditionText, wholeText } from './condition-text.tsx'
import {
  added, groupOf, groupsIn, isGroup, isNotTooDeep, isWhole, moved, otherJoin, partAt, replaced, tooDeepWord,
  type GroupPart, type Join, type Part, type Place,
} from './filter-tree.ts' // prettier-ignore
import { FieldThenValue, NewCondition } from './new-condition.tsx'

/** The sentence that is being edited: its whole, and how it becomes another. */
export interface Editing {
  resource: ClientResource
  root: GroupPart
  set: (root: GroupPart) => void
}
const dragged = 'application/x-filter-part'

/** What stands in one group, one after the other. */
export function Parts({ editing, group, at }: { editing: Editing; group: GroupPart; at: Place }) {
  const { root, set } = editing
  const flip = () => set(replaced(root, at, { ...group, join: otherJoin(group.join) }))
  return group.parts.map((part, i) => (
    <span key={i} className="x-sentence-part">
      {i > 0 && <JoinWord join={group.join} onFlip={flip} />}
      <OnePart editing={editing} part={part} join={group.join} at={[...at, i]} />
    </span>
  ))
}
function OnePart({ editing, part, join, at }: { editing: Editing; part: Part; join: Join; at: Place }) {
  const { root, set } = editing
  const remove = () => set(replaced(root, at, null))
  if (isGroup(part)) return <Group editing={editing} group={part} at={at} />
  if (isWhole(part)) return <Chip label={wholeText(part.whole)} onRemove={remove} />
  return <ConditionChip editing={editing} condition={part} join={join} at={at} onRemove={remove} />
}

const JoinWord = ({ join, onFlip }: { join: Join; onFlip: () => void }) => (
  <button type="button" className="x-join" title="点击切换 且 / 或" onClick={onFlip}>
    {join === 'and' ? '且' : '或'}
  </button>
)
function Chip({ label, onRemove }: { label: ReactNode; onRemove: () => void }) {
  return (
    <span className="x-chip">
      <span className="x-chip-text">{label}</span>
      <RemoveButton onRemove={onRemove} />
    </span>
  )
}
const RemoveButton = ({ onRemove }: { onRemove: () => void }) => (
  <button type="button" className="x-chip-remove" aria-label="移除条件" onClick={onRemove}>
    <CloseOutlined />
  </button>
)

/** A group in its brackets; conditions can be dragged into it, and moved by its menu and theirs. */
function Group({ editing, group, at }: { editing: Editing; group: GroupPart; at: Place }) {
  const { resource, root, set } = editing
  const drop = (event: DragEvent) => {
    const from = readPlace(event)
    if (!from) return
    event.preventDefault()
    event.stopPropagation()
    set(moved(root, from, at))
  }
  const items: MenuProps['items'] = [
    {
      key: 'not',
      label: group.isNegated ? '不再取反' : '取反：不满足这一组',
      onClick: () => set(replaced(root, at, { ...group, isNegated: !group.isNegated })),
      disabled: !group.isNegated && !isNotTooDeep(replaced(root, at, { ...group, isNegated: true })),
    },
    { key: 'flip', label: group.join === 'and' ? '改为“或”' : '改为“且”', onClick: () => set(replaced(root, at, { ...group, join: otherJoin(group.join) })) },
    ...moveMenu(editing, at),
    { key: 'open', label: '拆开这一组', disabled: group.isNegated, onClick: () => set(dissolved(root, at, group)) },
    { key: 'drop', label: '移除这一组', danger: true, onClick: () => set(replaced(root, at, null)) },
  ] // prettier-ignore
  const inner = groupOf(otherJoin(group.join), { field: 'id', op: 'notEmpty' })
  const isFull = !isNotTooDeep(added(root, at, inner))
  return (
    <span
      className="x-group"
      role="group"
      aria-label="一组条件"
      onDragOver={(event) => event.dataTransfer.types.includes(dragged) && event.preventDefault()}
      onDrop={drop}
    >
      {group.isNegated && <b className="x-not">不满足</b>}（
      <Parts editing={editing} group={group} at={at} />
      <NewCondition resource={resource} label="" hint="组内添加条件" onAdd={(condition) => set(added(root, at, condition))} />
      <NewCondition
        resource={resource}
        label="组"
        hint={isFull ? tooDeepWord : '组内添加一组条件'}
        isDisabled={isFull}
        onAdd={(condition) => set(added(root, at, groupOf(otherJoin(group.join), condition)))}
      />
      <Dropdown menu={{ items }} trigger={['click']}>
        <button type="button" className="x-chip-new" aria-label="这一组的操作">
          <MoreOutlined />
        </button>
      </Dropdown>
      ）
    </span>
  )
}
/** What was in the group stands where it stood. */
function dissolved(root: GroupPart, at: Place, group: GroupPart): GroupPart {
  const above = at.slice(0, -1)
  const outer = partAt(root, above)
  if (!outer || !isGroup(outer)) return root
  return replaced(root, above, { ...outer, parts: outer.parts.toSpliced(at.at(-1)!, 1, ...group.parts) })
}
function readPlace(event: DragEvent): Place | null {
  try {
    const given: unknown = JSON.parse(event.dataTransfer.getData(dragged))
    return Array.isArray(given) && given.every((one) => Number.isInteger(one)) ? (given as number[]) : null
  } catch {
    return null
  }
}
/** 移到: the other groups, by where they stand. */
function moveMenu({ root, set }: Editing, at: Place): NonNullable<MenuProps['items']> {
  const places = groupsIn(root).filter(({ place }) => moved(root, at, place) !== root && isNotTooDeep(moved(root, at, place)))
  const name = (place: Place) => (place.length ? `移到第 ${place.map((i) => i + 1).join('-')} 项的组` : '移到最外层')
  return places.map(({ place }) => ({ key: `to ${place.join('-')}`, label: name(place), onClick: () => set(moved(root, at, place)) }))
}

interface ChipProps {
  editing: Editing
  condition: Condition
  join: Join
  at: Place
  onRemove: () => void
}
function ConditionChip({ editing, condition, join, at, onRemove }: ChipProps) {
  const { resource, root, set } = editing
  const found = useCatalog().find(resource, condition.field)
  const [isOpen, setOpen] = useState(false)
  const [isAdding, setAdding] = useState(false)
  const become = (part: Part) => {
    setOpen(false)
    set(replaced(root, at, part))
  }
  const alternative = (other: Condition) => become(groupOf(otherJoin(join), condition, other))
  const items: MenuProps['items'] = [
    { key: 'not', label: '取反：不满足', onClick: () => become({ ...groupOf('and', condition), isNegated: true }) },
    ...moveMenu({ ...editing, set: (next) => (setOpen(false), set(next)) }, at),
  ]
  const mayNest = isNotTooDeep(replaced(root, at, groupOf('or', condition)))
  return (
    <span
      className="x-chip"
      draggable
      onDragStart={(event) => {
        event.stopPropagation()
        event.dataTransfer.setData(dragged, JSON.stringify(at))
        event.dataTransfer.effectAllowed = 'move'
      }}
    >
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
          isAdding ? (
            <FieldThenValue resource={resource} onAdd={alternative} />
          ) : (
            <>
              <ConditionEditor resource={resource} condition={condition} onChange={(next) => set(replaced(root, at, next))} />
              <div className="x-alternative">
                <button
                  type="button"
                  className="x-link x-small"
                  disabled={!mayNest}
                  title={mayNest ? undefined : tooDeepWord}
                  onClick={() => setAdding(true)}
                >
                  {join === 'and' ? '或者…' : '并且…'}
                </button>
                <Dropdown menu={{ items }} trigger={['click']}>
                  <button type="button" className="x-link x-small">
                    更多…
                  </button>
                </Dropdown>
              </div>
            </>
          )
        }
      >
        <button type="button" aria-expanded={isOpen}>
          <ConditionText found={found} condition={condition} />
        </button>
      </Popover>
      <RemoveButton onRemove={onRemove} />
    </span>
  )
}
