import { SwapOutlined } from '@ant-design/icons'
import { writeLook, type ApiRecord, type ClientResource, type Look, type Scalar } from '#model'
import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../../../api/problem.ts'
import type { Found } from '../../../definitions/catalog.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { titleOfRecord } from '../../../detail/record-title.tsx'
import { Sheet, TitlesProvider } from '../../../fields/index.ts'
import { Notice, Skeleton } from '../../../parts/states.tsx'
import { ListFailed } from '../../slow-question.tsx'
import { GroupKeyText } from '../../groups/group-words.tsx'
import { useGroupRecords } from '../../groups/use-groups.ts'
import { RecordCard } from '../../record-card.tsx'
import { whyFixed, whyStays } from '../fixed.ts'
import { LookField } from '../look-switch.tsx'
import { lookFieldsOf } from '../offered.ts'
import type { PhoneLookProps } from '../phone-look.tsx'
import { useMove } from '../use-move.tsx'
import { useSwipe } from '../use-swipe.ts'
import { useBoard, type BoardColumnData, type BoardData } from './use-board.ts'

/** A board one column at a time: by tabs, or a stroke to the side. */
export function PhoneBoard({ resource, address, columns, look }: PhoneLookProps<Extract<Look, { kind: 'board' }>>) {
  const { by } = look
  const catalog = useCatalog()
  const board = useBoard(resource, address, by)
  const [chosen, setChosen] = useState<{ key: Scalar | null } | null>(null)
  const tabs = useRef<HTMLDivElement>(null)
  const at = Math.max(0, board.columns.findIndex(({ key }) => chosen && key === chosen.key)) // prettier-ignore
  const column = board.columns[at]
  const swipe = useSwipe((side) => {
    const next = board.columns[at + side]
    if (next) setChosen(next)
  })
  useEffect(() => {
    tabs.current?.children[at]?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [at])
  if (board.error) return <ListFailed address={address} error={board.error} retry={board.retry} />
  if (board.isPending) return <Skeleton rows={8} />
  if (!column) return <Notice kind="empty" title="没有符合条件的记录" />
  return (
    <TitlesProvider titles={board.titles}>
      <LookField
        label="列"
        fields={lookFieldsOf(catalog, resource).columns}
        value={by}
        onChange={(path) => path && address.set({ look: writeLook({ kind: 'board', by: path }) })}
      />
      <div className="x-phone-views" role="tablist" aria-label="看板的列" ref={tabs}>
        {board.columns.map((one, i) => (
          <button key={String(one.key)} type="button" role="tab" aria-selected={i === at} onClick={() => setChosen(one)}>
            <GroupKeyText text={by} field={board.found?.field} value={one.key} /> {one.count.toLocaleString('zh-CN')}
          </button>
        ))}
      </div>
      <div className="x-phone-column" {...swipe}>
        <Cards key={`${by} ${String(column.key)}`} {...{ resource, address, columns, by, board, column }} />
      </div>
    </TitlesProvider>
  )
}
interface CardsProps {
  resource: ClientResource
  address: PhoneLookProps['address']
  columns: readonly Found[]
  by: string
  board: BoardData
  column: BoardColumnData
}
function Cards({ resource, address, columns, by, board, column }: CardsProps) {
  const { rows, titles, format, isFetching, hasMore, error, more } = useGroupRecords(resource, address, columns, column.filter)
  const [moved, setMoved] = useState<ApiRecord | null>(null)
  const { move, dialog } = useMove(resource)
  const isFixed = whyFixed(resource, by) !== null
  if (isFetching && rows.length === 0) return <Skeleton rows={6} />
  const put = (row: ApiRecord, to: Scalar | null) => {
    setMoved(null)
    if (to !== column.key) void move({ row, title: titleOfRecord(resource, { record: row, titles }), changes: { [by]: to } })
  }
  return (
    <TitlesProvider titles={titles}>
      {rows.length === 0 && !error && <Notice kind="empty" title="这一列没有记录" />}
      <ul className="x-record-cards">
        {rows.map((row) => (
          <RecordCard
            key={row.id}
            resource={resource}
            row={row}
            columns={columns.filter(({ path }) => path !== by)}
            format={format}
            aside={
              !isFixed &&
              whyStays(resource, by, row) === null && (
                <button type="button" className="x-icon-button" aria-label="移到另一列" onClick={() => setMoved(row)}>
                  <SwapOutlined />
                </button>
              )
            }
          />
        ))}
      </ul>
      {(hasMore || error) && (
        <button type="button" className="x-link x-phone-more" disabled={isFetching} onClick={more}>
          {error ? `${messageOf(error)}，点此重试` : '再载入 50 条'}
        </button>
      )}
      {moved && (
        <Sheet title={`把“${titleOfRecord(resource, { record: moved, titles })}”移到`} onClose={() => setMoved(null)}>
          <TitlesProvider titles={board.titles}>
            {board.columns.map(({ key }) => (
              <button
                key={String(key)}
                type="button"
                className="x-sheet-option"
                aria-pressed={key === column.key}
                onClick={() => put(moved, key)}
              >
                <span>
                  <GroupKeyText text={by} field={board.found?.field} value={key} />
                </span>
                {key === column.key && <small>现在在此</small>}
              </button>
            ))}
          </TitlesProvider>
        </Sheet>
      )}
      {dialog}
    </TitlesProvider>
  )
}
