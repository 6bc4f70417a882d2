import type { ApiRecord, ClientResource } from '#model'
import { Checkbox } from 'antd'
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { CellOf, sideOf } from '../fields/index.ts'
import { UnreadableMark } from '../parts/unreadable-mark.tsx'
import { FormatMark, formatClass } from './formats/format-mark.tsx'
import type { Format } from './formats/formatter.ts'
import { HeadCell, pinnedPlaces, rowHeights, widthOf } from './table-head.tsx'
import type { Columns } from './use-columns.ts'
import './record-table.css'

export interface RecordTableProps {
  resource: ClientResource
  columns: Columns
  rows: readonly ApiRecord[]
  sort?: readonly string[]
  onSort?: (sort: string[]) => void
  selected?: ReadonlySet<string>
  onSelect?: (selected: ReadonlySet<string>) => void
  /** The row shown beside the list. */
  current?: string | null
  onOpen?: (id: string) => void
  /** Near the end of what is loaded. */
  onEnd?: () => void
  isFaded?: boolean
  format?: Format
  footer?: ReactNode
  /** A last row that stays in sight: totals. */
  foot?: ReactNode
}
const ahead = 12

/** The table of every list: only the rows in sight are drawn, so that its position stays and ten thousand rows scroll as ten do. */
export function RecordTable(props: RecordTableProps) {
  const { rows, columns, onSelect, selected, onOpen, current, onEnd, isFaded, format, footer, foot } = props
  const box = useRef<HTMLDivElement>(null)
  const anchor = useRef<number | null>(null)
  const [first, setFirst] = useState(0)
  const [visible, setVisible] = useState(30)
  const [active, setActive] = useState(0)
  const [width, setWidth] = useState(0)
  const height = rowHeights[columns.density]
  const from = Math.max(0, Math.min(first - ahead, rows.length - 1))
  const to = Math.min(rows.length, first + visible + ahead)

  // A little too wide is made to fit; much too wide scrolls.
  const wanted = columns.columns.reduce((sum, column) => sum + widthOf(column, columns, props.resource), onSelect ? 40 : 0)
  const squeeze = width > 0 && wanted > width && wanted * 0.75 <= width ? (width - 40) / (wanted - 40) : 1

  useEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => {
      setVisible(Math.ceil(element.clientHeight / height))
      setWidth(element.clientWidth)
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [height])
  const places = pinnedPlaces(columns, props.resource, squeeze, onSelect ? 40 : 0)
  // Stepping on beside the list keeps the row in sight here.
  const place = current ? rows.findIndex((row) => row.id === current) : -1
  useEffect(() => {
    if (place >= 0) reveal(box.current, place, height)
  }, [place, height])
  useEffect(() => {
    if (rows.length > 0 && first + visible + ahead >= rows.length) onEnd?.()
  }, [first, visible, rows.length, onEnd])

  const toggle = (at: number, isRange: boolean) => {
    if (!onSelect) return
    const next = new Set(selected)
    const [low, high] = isRange && anchor.current !== null ? [Math.min(anchor.current, at), Math.max(anchor.current, at)] : [at, at]
    const isOn = !selected?.has(rows[at]?.id ?? '')
    for (const row of rows.slice(low, high + 1)) if (isOn) next.add(row.id)
    else next.delete(row.id) // prettier-ignore
    anchor.current = at
    onSelect(next)
  }
  const move = (to: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, to))
    setActive(at)
    reveal(box.current, at, height)
    const row = rows[at]
    if (current && row) onOpen?.(row.id)
  }
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(active + 1),
    ArrowUp: () => move(active - 1),
    PageDown: () => move(active + visible - 2),
    PageUp: () => move(active - visible + 2),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    Enter: () => rows[active] && onOpen?.(rows[active].id),
    ' ': () => toggle(active, false),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.target === box.current ? keys[event.key] : undefined
    if (!act) return
    event.preventDefault()
    act()
  }
  const all = rows.length > 0 && rows.every((row) => selected?.has(row.id))
  return (
    <div
      ref={box}
      className={`x-table ${columns.density} ${isFaded ? 'faded' : ''} ${places.size ? 'pins' : ''}`}
      style={{ '--row': `${height}px` } as CSSProperties}
      role="grid"
      aria-label={props.resource.label}
      aria-rowcount={rows.length}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => setFirst(Math.floor(event.currentTarget.scrollTop / height))}
    >
      <table role="presentation">
        <colgroup>
          {onSelect && <col style={{ width: 40 }} />}
          {columns.columns.map((column) => (
            <col key={column.path} style={{ width: Math.max(64, widthOf(column, columns, props.resource) * squeeze) }} />
          ))}
          <col />
        </colgroup>
        <thead>
          <tr role="row">
            {onSelect && (
              <th className="x-check">
                <Checkbox
                  checked={all}
                  indeterminate={!all && (selected?.size ?? 0) > 0}
                  aria-label="选择已载入的全部"
                  onChange={() => onSelect(all ? new Set() : new Set(rows.map((row) => row.id)))}
                />
              </th>
            )}
            {columns.columns.map((column) => (
              <HeadCell
                key={column.path}
                column={column}
                columns={columns}
                resource={props.resource}
                sort={props.sort}
                onSort={props.onSort}
                pinnedAt={places.get(column.path)}
              />
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          {from > 0 && <tr style={{ height: from * height }} aria-hidden />}
          {rows.slice(from, to).map((row, index) => {
            const at = from + index
            const whole = format?.(row.id, null)
            const isSelected = selected?.has(row.id) ?? false
            const open = (event: MouseEvent) => {
              if ((event.target as HTMLElement).closest('a, button, label, input')) return
              setActive(at)
              onOpen?.(row.id)
            }
            return (
              <tr
                key={row.id}
                role="row"
                aria-rowindex={at + 1}
                aria-selected={isSelected}
                className={`${formatClass(whole)} ${isSelected ? 'selected' : ''} ${row.id === current ? 'current' : ''} ${at === active ? 'active' : ''}`}
                onClick={open}
              >
                {onSelect && (
                  <td className="x-check">
                    <Checkbox checked={isSelected} aria-label="选择" onClick={(event) => toggle(at, event.shiftKey)} />
                  </td>
                )}
                {columns.columns.map((column, place) => {
                  const rule = format?.(row.id, column.path)
                  const left = places.get(column.path)
                  const marks = [place === 0 && 'first', sideOf(column.field), left !== undefined && 'pinned', formatClass(rule)]
                  return (
                    <td key={column.path} role="gridcell" className={marks.filter(Boolean).join(' ')} style={{ left }}>
                      <FormatMark rule={rule ?? (place === 0 ? whole : undefined)} />
                      <CellOf field={column.field} value={row[column.path] ?? null} />
                      {row.computing?.includes(column.path) && <span className="x-computing">计算中</span>}
                      <UnreadableMark record={row} field={column.path} />
                    </td>
                  )
                })}
                <td />
              </tr>
            )
          })}
          {to < rows.length && <tr style={{ height: (rows.length - to) * height }} aria-hidden />}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
      {footer}
    </div>
  )
}

/** Brings a row into sight, with the head above it. */
function reveal(box: HTMLElement | null, at: number, height: number): void {
  if (!box) return
  const [top, bottom] = [at * height, (at + 1) * height + 36]
  if (top < box.scrollTop) box.scrollTop = top
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight
}
