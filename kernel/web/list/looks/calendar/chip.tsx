import { formatInstant, type ApiRecord, type ClientResource, type Day } from '#model'
import type { CSSProperties, KeyboardEvent } from 'react'
import type { Found } from '../../../definitions/catalog.ts'
import { StateTag, titleOfRecord } from '../../../detail/record-title.tsx'
import { CellOf } from '../../../fields/index.ts'
import { FormatMark, formatClass } from '../../formats/format-mark.tsx'
import type { Format } from '../../formats/formatter.ts'
import { dragType } from '../use-lift.ts'

export interface ChipHand {
  resource: ClientResource
  on: Found
  title: Found | null
  format: Format
  current: string | null
  lifted: string | null
  onOpen: (id: string) => void
  onDrag: (row: ApiRecord | null, grabbed?: Day) => void
  onLift: (row: ApiRecord, event: KeyboardEvent) => void
  whyStays: (row: ApiRecord) => string | null
}
interface Props {
  hand: ChipHand
  row: ApiRecord
  className?: string
  style?: CSSProperties
  /** The day by which a bar of several is held: that one goes where the hand goes. Absent: its first. */
  dayUnder?: (x: number, box: DOMRect) => Day
}
/** A record in a calendar: its hour, where it has one, and its name. */
export function Chip({ hand, row, className = '', style, dayUnder }: Props) {
  const { resource, on, title, format, current, lifted } = hand
  // A chip shows little: what stands out at its name or date does so as a whole.
  const rule = format(row.id, null) ?? format(row.id, resource.title) ?? format(row.id, on.path)
  const why = hand.whyStays(row)
  const value = row[on.path]
  const hour = typeof value === 'string' && value.includes('T') ? formatInstant(value).slice(11) : null
  return (
    <div
      className={`x-chip-day ${className} ${formatClass(rule)} ${current === row.id ? 'current' : ''} ${lifted === row.id ? 'lifted' : ''}`}
      style={style}
      role="button"
      tabIndex={0}
      data-record={row.id}
      aria-roledescription={why ? undefined : '可移动的记录'}
      title={
        why ? `${titleOfRecord(resource, { record: row, titles: {} })}（${why}）` : titleOfRecord(resource, { record: row, titles: {} })
      }
      draggable={why === null}
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, row.id)
        event.dataTransfer.effectAllowed = 'move'
        hand.onDrag(row, dayUnder?.(event.clientX, event.currentTarget.getBoundingClientRect()))
      }}
      onDragEnd={() => hand.onDrag(null)}
      onClick={(event) => {
        event.stopPropagation()
        hand.onOpen(row.id)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && lifted !== row.id) return hand.onOpen(row.id)
        hand.onLift(row, event)
      }}
    >
      <FormatMark rule={rule} />
      {hour && <time>{hour}</time>}
      <span>{title ? <CellOf field={title.field} value={row[title.path] ?? null} /> : resource.label}</span>
      {resource.approval && row.state !== 'approved' && <StateTag resource={resource} record={row} />}
    </div>
  )
}
