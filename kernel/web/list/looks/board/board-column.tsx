import { PlusOutlined } from '@ant-design/icons'
import type { ApiRecord, ClientResource } from '#model'
import { useEffect, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import { Link } from 'react-router'
import { messageOf } from '../../../api/problem.ts'
import type { Found } from '../../../definitions/catalog.ts'
import { TitlesProvider } from '../../../fields/index.ts'
import { useGroupRecords } from '../../groups/use-groups.ts'
import type { ListAddress } from '../../list-address.ts'
import { RecordFacts } from '../record-facts.tsx'
import { dragType } from '../use-lift.ts'
import { useSeen } from '../use-seen.ts'
import type { BoardColumnData } from './use-board.ts'

export interface CardHand {
  current: string | null
  lifted: string | null
  onOpen: (id: string) => void
  onLift: (row: ApiRecord, event: KeyboardEvent) => void
  onDrag: (row: ApiRecord | null) => void
  whyStays: (row: ApiRecord) => string | null
}
interface Props {
  resource: ClientResource
  address: ListAddress
  by: string
  facts: readonly Found[]
  column: BoardColumnData
  name: ReactNode
  /** Records on their way: those that have left are not drawn, those that have come are. */
  leaving: ReadonlySet<string>
  coming: readonly ApiRecord[]
  isOver: boolean
  hand: CardHand
  onOver: (isOver: boolean) => void
  onDrop: () => void
  addTo: string | null
}
/** One column: it counts and pages by itself. */
export function BoardColumn(props: Props) {
  const { resource, address, by, column, leaving, coming, hand, isOver, addTo } = props
  const [place, isSeen] = useSeen<HTMLElement>()
  const { rows, titles, format, isFetching, hasMore, error, more } = useGroupRecords(resource, address, props.facts, column.filter, isSeen)
  const shown = [...coming.filter(({ id }) => !rows.some((row) => row.id === id)), ...rows.filter(({ id }) => !leaving.has(id))]
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(dragType)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'move'
    props.onOver(true)
  }
  return (
    <section
      ref={place}
      className={`x-board-column ${isOver ? 'over' : ''}`}
      data-column={String(column.key)}
      onDragOver={over}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && props.onOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        props.onDrop()
      }}
    >
      <header>
        <h2>{props.name}</h2>
        <small>{column.count.toLocaleString('zh-CN')}</small>
        <span className="x-space" />
        {addTo && (
          <Link to={addTo} className="x-icon-button" aria-label="在这一列新建" title="在这一列新建">
            <PlusOutlined />
          </Link>
        )}
      </header>
      <TitlesProvider titles={titles}>
        <ul>
          {shown.map((row) => (
            <li key={row.id}>
              <Card row={row} hand={hand}>
                <RecordFacts resource={resource} row={row} columns={props.facts} without={[by]} format={format} />
              </Card>
            </li>
          ))}
          {shown.length === 0 && !isFetching && !error && isSeen && <li className="x-board-none">没有记录</li>}
          {error ? (
            <li>
              <button type="button" className="x-link" onClick={more}>
                {messageOf(error)}，点此重试
              </button>
            </li>
          ) : (
            (hasMore || (isFetching && rows.length === 0)) && <Further key={rows.length} isFetching={isFetching} onSeen={more} />
          )}
        </ul>
      </TitlesProvider>
    </section>
  )
}
/** The end of what is loaded: the next page comes when it is seen. A new one a page, for once seen it stays so. */
function Further({ isFetching, onSeen }: { isFetching: boolean; onSeen: () => void }) {
  const [mark, isSeen] = useSeen<HTMLLIElement>()
  const wants = isSeen && !isFetching
  useEffect(() => {
    if (wants) onSeen()
    // Asked for once each time the mark is seen.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [wants])
  return (
    <li ref={mark} className="x-board-none" aria-busy>
      正在载入…
    </li>
  )
}

function Card({ row, hand, children }: { row: ApiRecord; hand: CardHand; children: ReactNode }) {
  const why = hand.whyStays(row)
  return (
    <div
      className={`x-board-card ${hand.current === row.id ? 'current' : ''} ${hand.lifted === row.id ? 'lifted' : ''}`}
      role="button"
      tabIndex={0}
      aria-roledescription={why ? undefined : '可移动的卡片'}
      data-record={row.id}
      title={why ?? undefined}
      draggable={why === null}
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, row.id)
        event.dataTransfer.effectAllowed = 'move'
        hand.onDrag(row)
      }}
      onDragEnd={() => hand.onDrag(null)}
      onClick={(event) => !(event.target as HTMLElement).closest('a, button') && hand.onOpen(row.id)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return
        if (event.key === 'Enter' && hand.lifted !== row.id) return hand.onOpen(row.id)
        hand.onLift(row, event)
      }}
    >
      {children}
    </div>
  )
}
