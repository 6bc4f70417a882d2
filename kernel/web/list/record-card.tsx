import { CheckCircleFilled } from '@ant-design/icons'
import type { ApiRecord, ClientResource } from '#model'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import type { Found } from '../definitions/catalog.ts'
import { StateTag } from '../detail/record-title.tsx'
import { CellOf } from '../fields/index.ts'
import { UnreadableMark } from '../parts/unreadable-mark.tsx'
import { FormatMark, formatClass } from './formats/format-mark.tsx'
import type { Format } from './formats/formatter.ts'
import './phone-list.css'

interface Props {
  resource: ClientResource
  row: ApiRecord
  columns: readonly Found[]
  format?: Format | undefined
  /** Choosing several: is this one among them, and what a touch does then. */
  isChosen?: boolean
  onChoose?: (() => void) | undefined
  /** What can be done with it beside opening it. */
  aside?: ReactNode
  isFaint?: boolean
}
/** One record as a card: its name large, then the columns as facts. */
export function RecordCard({ resource, row, columns, format, isChosen = false, onChoose, aside, isFaint = false }: Props) {
  const navigate = useNavigate()
  const isEmpty = ({ path }: Found) => row[path] === null || row[path] === undefined || row[path] === ''
  const head = columns.find((column) => column.path === resource.title) ?? columns[0]
  const facts = columns.filter((column) => column !== head && column.path !== 'state' && !isEmpty(column)).slice(0, 5)
  const whole = format?.(row.id, null) ?? (head && format?.(row.id, head.path))
  return (
    <li className={`${aside ? 'x-card-beside' : ''} ${isFaint ? 'x-card-faint' : ''}`}>
      <button
        type="button"
        className={isChosen ? 'x-record-card chosen' : 'x-record-card'}
        {...(onChoose ? { role: 'checkbox', 'aria-checked': isChosen } : {})}
        onClick={onChoose ?? (() => void navigate(`/r/${resource.name}/${row.id}`))}
      >
        <span className="x-record-card-head">
          {onChoose && (isChosen ? <CheckCircleFilled className="x-chosen" aria-hidden /> : <i className="x-unchosen" aria-hidden />)}
          <FormatMark rule={whole} />
          <b className={formatClass(whole)}>{head && <CellOf field={head.field} value={row[head.path] ?? null} />}</b>
          <StateTag resource={resource} record={row} />
        </span>
        <span className="x-record-card-facts">
          {facts.map((column) => (
            <span key={column.path}>
              <small>{column.short}</small> <FormatMark rule={format?.(row.id, column.path)} />
              <CellOf field={column.field} value={row[column.path] ?? null} />
              {row.computing?.includes(column.path) && <span className="x-computing">计算中</span>}
              <UnreadableMark record={row} field={column.path} />
            </span>
          ))}
        </span>
      </button>
      {aside}
    </li>
  )
}
