import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons'
import { kindOf, type ClientResource } from '#model'
import { useRef, type PointerEvent } from 'react'
import type { Found } from '../definitions/catalog.ts'
import { sideOf, viewOf } from '../fields/index.ts'
import { ClassMark } from '../parts/class-mark.tsx'
import type { Columns, Density } from './use-columns.ts'

export const rowHeights: Record<Density, number> = { tight: 30, normal: 37, loose: 46 }

export function widthOf(column: Found, { widths }: Columns, resource: ClientResource): number {
  const usual = viewOf(column.field).width
  return widths[column.path] ?? Math.max(column.path === resource.title ? Math.max(usual, 200) : usual, column.short.length * 13 + 34)
}
/** Where the pinned columns stay: path → pixels from the left. */
export function pinnedPlaces(columns: Columns, resource: ClientResource, squeeze: number, before: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  let left = before
  for (const column of columns.columns) {
    if (!columns.pinned.includes(column.path)) break
    places.set(column.path, left)
    left += Math.max(64, widthOf(column, columns, resource) * squeeze)
  }
  return places
}
interface Props {
  resource: ClientResource
  columns: Columns
  column: Found
  sort?: readonly string[] | undefined
  onSort?: ((sort: string[]) => void) | undefined
  /** Where it stays while others scroll, in pixels from the left. */
  pinnedAt?: number | undefined
}
export function HeadCell({ column, columns, resource, sort = [], onSort, pinnedAt }: Props) {
  const start = useRef<{ x: number; width: number } | null>(null)
  const { path, short, field } = column
  const label = columns.columns.some((other) => other !== column && other.short === short) ? column.label : short
  const isSortable = onSort && kindOf(field).sortable
  const direction = sort.includes(path) ? 'ascending' : sort.includes(`-${path}`) ? 'descending' : 'none'
  const next = { none: [path], ascending: [`-${path}`], descending: [] }[direction]
  const resize = (event: PointerEvent) => {
    if (start.current) columns.setWidth(path, Math.max(60, Math.round(start.current.width + event.clientX - start.current.x)))
  }
  return (
    <th
      scope="col"
      role="columnheader"
      aria-sort={direction}
      className={`${sideOf(field)} ${pinnedAt === undefined ? '' : 'pinned'}`}
      style={{ left: pinnedAt }}
    >
      {isSortable ? (
        <button type="button" onClick={() => onSort(next)} title={`${label}：点击排序`}>
          {label}
          {direction === 'ascending' && <ArrowUpOutlined aria-hidden />}
          {direction === 'descending' && <ArrowDownOutlined aria-hidden />}
        </button>
      ) : (
        <span title={label}>{label}</span>
      )}
      <ClassMark field={field} isBrief />
      <i
        className="x-resize"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          start.current = { x: event.clientX, width: widthOf(column, columns, resource) }
        }}
        onPointerMove={resize}
        onPointerUp={() => (start.current = null)}
      />
    </th>
  )
}
