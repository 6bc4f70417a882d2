import { writeLook, type ApiRecord, type Look, type Scalar } from '#model'
import { useState, type KeyboardEvent } from 'react'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { TitlesProvider } from '../../../fields/index.ts'
import { Skeleton } from '../../../parts/states.tsx'
import { ListFailed } from '../../slow-question.tsx'
import { GroupKeyText } from '../../groups/group-words.tsx'
import { whyFixed, whyStays } from '../fixed.ts'
import { LookField } from '../look-switch.tsx'
import type { LookProps } from '../look-props.ts'
import { lookFieldsOf } from '../offered.ts'
import { newAddress } from '../new-address.ts'
import { useLift, type Arrow } from '../use-lift.ts'
import { useMove } from '../use-move.tsx'
import { titleOfRecord } from '../../../detail/record-title.tsx'
import { BoardColumn, type CardHand } from './board-column.tsx'
import { columnName, mostColumns, useBoard } from './use-board.ts'
import './board.css'

/** A list in columns by one of its fields; a card carried to another column is that field written. */
export default function Board({ resource, address, columns, look, current, onOpen }: LookProps<Extract<Look, { kind: 'board' }>>) {
  const { by } = look
  const catalog = useCatalog()
  const board = useBoard(resource, address, by)
  const { move, dialog } = useMove(resource)
  // Shown where they were put while the server is asked.
  const [moving, setMoving] = useState<readonly { row: ApiRecord; to: Scalar | null }[]>([])
  const [dragged, setDragged] = useState<ApiRecord | null>(null)
  const [over, setOver] = useState<number | null>(null)
  const field = board.found?.field
  const at = (row: ApiRecord) => board.columns.findIndex(({ key }) => key === ((row[by] ?? null) as Scalar | null))
  const nameOf = (place: number) =>
    columnName(field, board.columns[place]?.key ?? null, (target, id) => board.titles[target]?.[id] ?? catalog.units.get(id)?.name)

  async function put(row: ApiRecord, place: number) {
    const to = board.columns[place]?.key
    if (to === undefined || place === at(row)) return
    const one = { row, to }
    if (!resource.approval) setMoving((now) => [...now, one])
    await move({ row, title: titleOfRecord(resource, { record: row, titles: {} }), changes: { [by]: to } })
    setMoving((now) => now.filter((other) => other !== one))
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-record="${row.id}"]`)?.focus())
  }
  const lift = useLift<number>({
    start: at,
    step: (from, arrow) => stepped(from, arrow, board.columns.length),
    nameOf: (place) => `“${nameOf(place)}”`,
    drop: (row, place) => void put(row, place),
    whyStays: (row) => whyStays(resource, by, row),
  })
  if (board.error) return <ListFailed address={address} error={board.error} retry={board.retry} />
  if (board.isPending) return <Skeleton rows={8} />
  const hand: CardHand = {
    current,
    lifted: lift.lifted?.row.id ?? null,
    onOpen,
    onLift: (row: ApiRecord, event: KeyboardEvent) => (isWalk(event) && !lift.lifted ? walk(event) : lift.onKeyDown(row, event)),
    onDrag: (row) => {
      setDragged(row)
      if (!row) setOver(null)
    },
    whyStays: (row) => whyStays(resource, by, row),
  }
  const why = whyFixed(resource, by)
  const target = lift.lifted ? lift.lifted.at : over
  return (
    <TitlesProvider titles={board.titles}>
      <div className="x-look-bar">
        <LookField
          label="列"
          fields={lookFieldsOf(catalog, resource).columns}
          value={by}
          onChange={(path) => path && address.set({ look: writeLook({ kind: 'board', by: path }) })}
        />
        <span className="x-faint">
          {why ?? (resource.approval ? `“${resource.label}”须经审批：移动卡片即提交变更申请` : '拖动卡片，或选中后按空格用方向键移动')}
        </span>
        {board.more && <span className="x-faint">列太多，只显示前 {mostColumns} 列；请加条件</span>}
      </div>
      <div className="x-board" role="group" aria-label={`${resource.label}看板`}>
        {board.columns.map((column, place) => (
          <BoardColumn
            key={`${by} ${String(column.key)}`}
            resource={resource}
            address={address}
            by={by}
            facts={columns.columns}
            column={column}
            name={<GroupKeyText text={by} field={field} value={column.key} />}
            leaving={new Set(moving.filter(({ to }) => to !== column.key).map(({ row }) => row.id))}
            coming={moving.filter(({ to }) => to === column.key).map(({ row }) => row)}
            isOver={target === place && (lift.lifted !== null || dragged !== null)}
            hand={hand}
            onOver={(isOver) => setOver((now) => (isOver ? place : now === place ? null : now))}
            onDrop={() => {
              setOver(null)
              if (dragged) void put(dragged, place)
            }}
            addTo={why ? null : newAddress(resource, { [by]: column.key })}
          />
        ))}
      </div>
      <p className="x-said" role="status" aria-live="polite">
        {lift.said}
      </p>
      {dialog}
    </TitlesProvider>
  )
}
const stepped = (from: number, arrow: Arrow, count: number): number | null => {
  const to = from + (arrow === 'ArrowLeft' ? -1 : arrow === 'ArrowRight' ? 1 : 0)
  return to < 0 || to >= count ? null : to
}
const isWalk = (event: KeyboardEvent): boolean => event.key.startsWith('Arrow')
/** Arrows go from card to card, and to the neighbouring column. */
function walk(event: KeyboardEvent): void {
  const card = event.currentTarget as HTMLElement
  const column = card.closest('.x-board-column')
  const columns = [...(column?.parentElement?.children ?? [])]
  const cards = [...(column?.querySelectorAll<HTMLElement>('[data-record]') ?? [])]
  const at = cards.indexOf(card)
  const side = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
  const neighbours = side < 0 ? columns.slice(0, columns.indexOf(column!)).toReversed() : columns.slice(columns.indexOf(column!) + 1)
  const other = side ? neighbours.find((one) => one.querySelector('[data-record]')) : undefined
  const there = [...(other?.querySelectorAll<HTMLElement>('[data-record]') ?? [])]
  const next = side ? there[Math.min(at, there.length - 1)] : cards[at + (event.key === 'ArrowUp' ? -1 : 1)]
  if (!next) return
  event.preventDefault()
  next.focus()
}
