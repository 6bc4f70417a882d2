import { ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined, HolderOutlined } from '@ant-design/icons'
import { kindLabels, type Group, type LayoutElement } from '#model'
import { fieldOf } from '#kernel/model/designs/index.ts'
import { Button, Input } from 'antd'
import { memo, useMemo, useRef } from 'react'
import { drawnClass, drawnStyle, InputOf } from '../fields/index.ts'
import type { Board, BoardField, DerivedKind, Place } from './board.ts'
import { dragType, readDragged, type Dragged } from './drag.ts'

export interface CanvasActs {
  select: (key: string | null) => void
  drop: (dragged: Dragged, to: Place) => void
  /** Puts what is kept from other records there. */
  derive: (what: DerivedKind, to: Place) => void
  copy: (key: string) => void
  remove: (key: string) => void
  /** Without dragging: before or after what stands beside it. */
  shift: (key: string, by: -1 | 1) => void
  setGroup: (at: number, part: Partial<Group>) => void
  removeGroup: (at: number) => void
  moveGroup: (at: number, by: -1 | 1) => void
  setElement: (place: Place, element: LayoutElement | null) => void
}
interface Props {
  board: Board
  selected: string | null
  faulty: ReadonlyMap<string, string>
  isPhone: boolean
  acts: CanvasActs
}
/** The form as it will look, to be rearranged. While something is carried over it nothing is drawn anew: the mark of the place is set on the element itself. */
export function Canvas({ board, selected, faulty, isPhone, acts }: Props) {
  const byKey = useMemo(() => new Map(board.fields.map((one) => [one.key, one])), [board.fields])
  const marked = useRef<Element | null>(null)
  const mark = (element: Element | null, side = '') => {
    if (marked.current && marked.current !== element) marked.current.removeAttribute('data-drop')
    element?.setAttribute('data-drop', side)
    marked.current = element
  }
  const over = (event: React.DragEvent<HTMLElement>) => {
    if (!event.dataTransfer.types.includes(dragType)) return
    event.preventDefault()
    const part = (event.target as Element).closest('[data-part]')
    if (!part) return mark((event.target as Element).closest('[data-group]'), 'end')
    const box = part.getBoundingClientRect()
    const isWide = box.width > event.currentTarget.getBoundingClientRect().width * 0.7
    mark(part, (isWide ? event.clientY < box.top + box.height / 2 : event.clientX < box.left + box.width / 2) ? 'before' : 'after')
  }
  const drop = (event: React.DragEvent) => {
    const target = marked.current
    const side = target?.getAttribute('data-drop')
    mark(null)
    const dragged = readDragged(event)
    if (!dragged || !target) return
    event.preventDefault()
    const group = Number(target.closest('[data-group]')?.getAttribute('data-group'))
    const at = target.getAttribute('data-part')
    acts.drop(dragged, at === null ? { group, at: board.groups[group]!.fields.length } : { group, at: Number(at) + (side === 'after' ? 1 : 0) })
  }
  return (
    <div className={`x-canvas ${isPhone ? 'phone' : ''}`} onDragOver={over} onDrop={drop} onDragEnd={() => mark(null)} onClick={() => acts.select(null)}>
      <div className="x-canvas-sheet">
        {board.groups.map((group, g) => (
          <section key={g} className="x-card x-canvas-group" data-group={g}>
            <GroupHead group={group} at={g} count={board.groups.length} acts={acts} />
            <div className="x-canvas-grid">
              {group.fields.map((part, at) =>
                typeof part === 'string' ? (
                  <CanvasField key={part} field={byKey.get(part)!} group={g} at={at} isSelected={selected === part} fault={faulty.get(part)} isPhone={isPhone} acts={acts} />
                ) : (
                  <Element key={`${at}`} element={part} place={{ group: g, at }} acts={acts} />
                ),
              )}
              {group.fields.length === 0 && <p className="x-canvas-empty">把左边的字段拖到这里，或点一下加到最后</p>}
            </div>
          </section>
        ))}
      </div>
    </div>
  )
} // prettier-ignore

function GroupHead({ group, at, count, acts }: { group: Group; at: number; count: number; acts: CanvasActs }) {
  if (count === 1 && !group.label && !group.tab) return null
  return (
    <header onClick={(event) => event.stopPropagation()}>
      <Input variant="borderless" aria-label="分组名称" placeholder="分组名称" maxLength={30} value={group.label} onChange={(event) => acts.setGroup(at, { label: event.target.value })} />
      <Input variant="borderless" aria-label="所在分页" placeholder="分页（可空）" maxLength={20} value={group.tab ?? ''} onChange={(event) => acts.setGroup(at, { tab: event.target.value })} />
      <Button size="small" type="text" icon={<ArrowUpOutlined />} aria-label="分组上移" disabled={at === 0} onClick={() => acts.moveGroup(at, -1)} />
      <Button size="small" type="text" icon={<ArrowDownOutlined />} aria-label="分组下移" disabled={at === count - 1} onClick={() => acts.moveGroup(at, 1)} />
      <Button size="small" type="text" icon={<DeleteOutlined />} aria-label="去掉分组" disabled={count === 1} onClick={() => acts.removeGroup(at)} />
    </header>
  )
} // prettier-ignore

interface FieldProps {
  field: BoardField
  group: number
  at: number
  isSelected: boolean
  fault: string | undefined
  isPhone: boolean
  acts: CanvasActs
}
const CanvasField = memo(function CanvasField({ field, group, at, isSelected, fault, isPhone, acts }: FieldProps) {
  const real = useMemo(() => fieldOf({ ...field, visibleWhen: undefined, requiredWhen: undefined }), [field])
  const isStopped = (field as { hidden?: boolean }).hidden === true
  const pick = (event: React.MouseEvent) => {
    event.stopPropagation()
    acts.select(field.key)
  }
  return (
    <div
      className={`x-canvas-field ${isSelected ? 'on' : ''} ${fault ? 'faulty' : ''} ${isStopped ? 'stopped' : ''} ${drawnClass(real)}`}
      style={drawnStyle(real, isPhone ? 4 : undefined)}
      data-part={at}
      data-key={field.key}
      draggable
      title={fault}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData(dragType, JSON.stringify({ is: 'part', from: { group, at } } satisfies Dragged))
      }}
      onClick={pick}
    >
      <button type="button" className="x-canvas-name" aria-pressed={isSelected} aria-label={`字段 ${field.label}`} onClick={pick} onKeyDown={(event) => {
        if (event.key === 'Delete' && !field.isBase) acts.remove(field.key)
        if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
          event.preventDefault()
          acts.shift(field.key, event.key === 'ArrowUp' ? -1 : 1)
        }
      }}>
        <HolderOutlined />
        {field.label || '未命名'}
        {field.required && <i className="x-required">*</i>}
        {isStopped && <small>已停用</small>}
        {(field.visibleWhen || field.requiredWhen) && <small>有条件</small>}
      </button>
      <div className="x-canvas-input" inert>
        {['formula', 'autoNumber', 'rows', 'richText', 'address', 'location', 'signature'].includes(field.kind) || field.derived ? (
          <span className="x-canvas-kind">{wordsOf(field)}</span>
        ) : (
          <InputOf id={field.key} field={real} value={null} isInvalid={false} isDisabled={false} describedBy="" onChange={nothing} onBlur={nothing} />
        )}
      </div>
      {isSelected && (
        <span className="x-canvas-acts">
          <Button size="small" icon={<CopyOutlined />} aria-label="复制字段" onClick={(event) => (event.stopPropagation(), acts.copy(field.key))} />
          {!field.isBase && <Button size="small" icon={<DeleteOutlined />} aria-label="删除字段" onClick={(event) => (event.stopPropagation(), acts.remove(field.key))} />}
        </span>
      )}
    </div>
  )
}) // prettier-ignore
const nothing = () => undefined
function wordsOf(field: BoardField): string {
  if (field.derived) return '取自其他记录'
  if (field.kind !== 'rows') return kindLabels[field.kind]
  return `子表：${((field.options['fields'] ?? []) as BoardField[]).map(({ label }) => label).join('、') || '还没有列'}`
}

function Element({ element, place, acts }: { element: LayoutElement; place: Place; acts: CanvasActs }) {
  const isNote = 'note' in element
  const text = isNote ? element.note : element.divider
  const set = (next: string) => acts.setElement(place, isNote ? { note: next } : { divider: next })
  return (
    <div
      className="x-canvas-element"
      data-part={place.at}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData(dragType, JSON.stringify({ is: 'part', from: place } satisfies Dragged))
      }}
      onClick={(event) => event.stopPropagation()}
    >
      <HolderOutlined />
      <Input.TextArea autoSize variant="borderless" aria-label={isNote ? '说明文字' : '分隔线标题'} placeholder={isNote ? '说明文字' : '分隔线标题（可空）'} maxLength={isNote ? 2000 : 60} value={text} onChange={(event) => set(event.target.value)} />
      <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={isNote ? '删除说明' : '删除分隔线'} onClick={() => acts.setElement(place, null)} />
    </div>
  )
} // prettier-ignore
