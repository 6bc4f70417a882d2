import { CaretDownOutlined, CaretRightOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons'
import type { ApiRecord, ClientResource, Day, Filter, Zoom } from '#model'
import { useState, type ReactNode } from 'react'
import { messageOf } from '../../../api/problem.ts'
import type { Found } from '../../../definitions/catalog.ts'
import { titleOfRecord } from '../../../detail/record-title.tsx'
import { CellOf, TitlesProvider } from '../../../fields/index.ts'
import { FormatMark, formatClass } from '../../formats/format-mark.tsx'
import type { Format } from '../../formats/formatter.ts'
import { useGroupRecords } from '../../groups/use-groups.ts'
import type { ListAddress } from '../../list-address.ts'
import { useSeen } from '../use-seen.ts'
import { barAt, type Line } from './timeline-model.ts'
import { spanText, type BarFields } from './use-bars.ts'

export interface Sight {
  line: Line
  zoom: Zoom
  /** What is looked at, in pixels of the line; drawn is a little more. */
  left: number
  right: number
  show: (day: Day) => void
}
interface Props {
  resource: ClientResource
  address: ListAddress
  fields: BarFields
  title: Found | null
  sight: Sight
  filter: Filter
  /** Absent: all in one, without a head. */
  head?: ReactNode
  count: number
  current: string | null
  onOpen: (id: string) => void
}
const rowHeight = 34
const page = 50

/** The bars of one group; it keeps their room until it is seen. */
export function Section(props: Props) {
  const { resource, address, fields, title, filter, head, count } = props
  const [place, isSeen] = useSeen<HTMLElement>('400px')
  const [isOpen, setOpen] = useState(true)
  const columns = [...(title ? [title] : []), ...fields.paths]
  const isShown = isOpen && isSeen
  const { rows, titles, format, isFetching, hasMore, error, more } = useGroupRecords(resource, address, columns, filter, isShown, [
    fields.from.path,
  ])
  const Caret = isOpen ? CaretDownOutlined : CaretRightOutlined
  return (
    <section ref={place} className="x-bars">
      {head !== undefined && (
        <h3>
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <Caret aria-hidden /> <b>{head}</b> <small>{count.toLocaleString('zh-CN')} 条</small>
          </button>
        </h3>
      )}
      {isOpen && (
        <TitlesProvider titles={titles}>
          <ul style={rows.length === 0 ? { height: Math.min(count, page) * rowHeight } : undefined}>
            {rows.map((row) => (
              <BarRow key={row.id} {...props} row={row} format={format} />
            ))}
          </ul>
          {(isFetching || hasMore || error) && isShown && (
            <p className="x-bars-more">
              {isFetching ? (
                '正在载入…'
              ) : (
                <button type="button" className="x-link" onClick={more}>
                  {error ? `${messageOf(error)}，点此重试` : `再载入 ${page} 条`}
                </button>
              )}
            </p>
          )}
        </TitlesProvider>
      )}
    </section>
  )
}
function BarRow({ resource, fields, title, sight, row, format, current, onOpen }: Props & { row: ApiRecord; format: Format }) {
  const span = fields.spanOf(row)
  if (!span) return null
  const bar = barAt(sight.line, sight.zoom, span)
  const isLeft = bar.left + bar.width < sight.left
  const isRight = bar.left > sight.right
  const name = titleOfRecord(resource, { record: row, titles: {} })
  const rule = format(row.id, null) ?? (title ? format(row.id, title.path) : undefined)
  return (
    <li className={current === row.id ? 'current' : ''}>
      <div className="x-bar-name">
        <button type="button" data-record={row.id} title={name} onClick={() => onOpen(row.id)}>
          <FormatMark rule={rule} />
          <span className={formatClass(rule)}>{title ? <CellOf field={title.field} value={row[title.path] ?? null} /> : name}</span>
        </button>
        {(isLeft || isRight) && (
          <button
            type="button"
            className="x-icon-button"
            aria-label={`转到 ${span.from}`}
            title={spanText(span)}
            onClick={() => sight.show(span.from)}
          >
            {isLeft ? <LeftOutlined /> : <RightOutlined />}
          </button>
        )}
      </div>
      {!isLeft && !isRight && (
        <button
          type="button"
          tabIndex={-1}
          className={`x-time-bar ${bar.isOpen ? 'open' : ''} ${rule ? `x-format ${rule.tone}` : ''}`}
          style={{ left: bar.left, width: bar.width }}
          title={`${name}：${spanText(span)}`}
          onClick={() => onOpen(row.id)}
        >
          <span style={{ marginLeft: Math.max(0, Math.min(bar.width - 40, sight.left - bar.left)) }}>{spanText(span)}</span>
        </button>
      )}
    </li>
  )
}
