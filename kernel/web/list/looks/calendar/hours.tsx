import type { Day } from '#model'
import { useLayoutEffect, useRef, type DragEvent, type MouseEvent } from 'react'
import { dragType } from '../use-lift.ts'
import { isWeekend, minutesOf, sideBySide, weekdays, weekOf } from './calendar-model.ts'
import { Chip } from './chip.tsx'
import type { GridProps } from './month.tsx'

const hourHeight = 48
/** How long a record looks that only says when it begins. */
const minutesShown = 40
const quarter = 15

/** A week or a day. With hours where the field has them; else a column a day. */
export function DayColumns(props: GridProps & { isWeek: boolean; hasHours: boolean }) {
  const { day, isWeek, hasHours, days, today } = props
  const shown = isWeek ? weekOf(day) : [day]
  const box = useRef<HTMLDivElement>(null)
  // The working day is in sight, or what stands before it.
  const earliest = Math.min(
    8 * 60,
    ...shown.flatMap((one) => days.rowsOn(one).map((row) => (hasHours ? minutesOf(String(row[props.hand.on.path])) : 480))),
  )
  const start = Math.max(0, Math.floor(earliest / 60) - 0.25)
  useLayoutEffect(() => {
    if (hasHours && box.current) box.current.scrollTop = start * hourHeight
  }, [hasHours, start, day])
  return (
    <div className={`x-days ${hasHours ? 'hours' : ''}`} ref={box}>
      <div className="x-days-head">
        {hasHours && <span className="x-hour-rule" />}
        {shown.map((one, at) => (
          <button key={one} type="button" className={one === today ? 'today' : ''} onClick={() => props.onDay(one)}>
            {isWeek && `周${weekdays[at]} `}
            <b>
              {Number(one.slice(5, 7))}/{Number(one.slice(8))}
            </b>{' '}
            <small>{days.countOn(one)} 条</small>
          </button>
        ))}
      </div>
      <div className="x-days-body" style={hasHours ? { height: 24 * hourHeight } : undefined}>
        {hasHours && (
          <div className="x-hour-rule" aria-hidden>
            {Array.from({ length: 24 }, (_, hour) => (
              <span key={hour} style={{ top: hour * hourHeight }}>
                {hour ? `${String(hour).padStart(2, '0')}:00` : ''}
              </span>
            ))}
          </div>
        )}
        {shown.map((one) => (
          <Column key={one} {...props} column={one} />
        ))}
      </div>
    </div>
  )
}
function Column(props: GridProps & { hasHours: boolean; column: Day }) {
  const { column, hasHours, days, hand, over, onOver, onDrop, onAdd } = props
  const minutes = (event: MouseEvent | DragEvent) => {
    if (!hasHours) return undefined
    const { top } = event.currentTarget.getBoundingClientRect()
    return Math.max(0, Math.min(24 * 60 - quarter, Math.round(((event.clientY - top) / hourHeight) * (60 / quarter)) * quarter))
  }
  const rows = days.rowsOn(column)
  const left = days.countOn(column) - rows.length
  return (
    <div
      className={`x-day-column ${isWeekend(column) ? 'weekend' : ''} ${over === column ? 'over' : ''}`}
      data-day={column}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(dragType)) return
        event.preventDefault()
        onOver(column)
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && onOver(null)}
      onDrop={(event) => {
        event.preventDefault()
        onDrop(column, minutes(event))
      }}
      onClick={(event) => event.target === event.currentTarget && onAdd?.(column, minutes(event))}
    >
      {hasHours
        ? sideBySide(rows, hand.on.path, minutesShown).map(({ row, at, place, of }) => (
            <Chip
              key={row.id}
              hand={hand}
              row={row}
              style={{
                position: 'absolute',
                top: (at / 60) * hourHeight,
                height: (minutesShown / 60) * hourHeight - 2,
                left: `${(place / of) * 100}%`,
                width: `calc(${100 / of}% - 3px)`,
              }}
            />
          ))
        : rows.map((row) => <Chip key={row.id} hand={hand} row={row} />)}
      {left > 0 && (
        <p className="x-day-left">
          还有 {left} 条，请看{hasHours ? '列表' : '日视图'}或加条件
        </p>
      )}
    </div>
  )
}
