import { PlusOutlined } from '@ant-design/icons'
import type { Day } from '#model'
import { Popover } from 'antd'
import { useState, type DragEvent, type MouseEvent, type ReactNode } from 'react'
import { dragType } from '../use-lift.ts'
import { barsOf, isWeekend, weekdays, weeksOf } from './calendar-model.ts'
import { Chip, type ChipHand } from './chip.tsx'
import type { Days } from './use-days.ts'

export const mostInDay = 3
export interface GridProps {
  day: Day
  today: Day
  days: Days
  hand: ChipHand
  /** Where the hand or the arrows would put it. */
  over: Day | null
  onOver: (day: Day | null) => void
  onDrop: (day: Day, minutes?: number) => void
  /** Absent where nothing may be added. */
  onAdd: ((day: Day, minutes?: number) => void) | null
  onDay: (day: Day) => void
  /** All records of a day: what does not fit in its cell. */
  listOf: (day: Day) => ReactNode
}
/** A month of weeks: several days are one bar, too many are counted. */
export function Month(props: GridProps) {
  return (
    <div className="x-month">
      <div className="x-month-head" aria-hidden>
        {weekdays.map((word) => (
          <span key={word}>周{word}</span>
        ))}
      </div>
      {weeksOf(props.day).map((week) => (
        <Week key={week[0]} {...props} week={week} />
      ))}
    </div>
  )
}
/** Which of the days of a row lies below the hand. */
const dayUnder = (event: MouseEvent | DragEvent, week: readonly Day[]): Day => {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return week[Math.max(0, Math.min(6, Math.floor(((event.clientX - left) / width) * 7)))]!
}
function Week({ week, day, today, days, hand, over, onOver, onDrop, onAdd, onDay, listOf }: GridProps & { week: Day[] }) {
  const bars = barsOf(week, days.rows, hand.on.path, mostInDay)
  const shownOn = (at: number) => bars.filter(({ first, last }) => first <= at && last >= at).length
  return (
    <div
      className="x-week"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(dragType)) return
        event.preventDefault()
        onOver(dayUnder(event, week))
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && onOver(null)}
      onDrop={(event) => {
        event.preventDefault()
        onDrop(dayUnder(event, week))
      }}
      onClick={(event) => (event.target as HTMLElement).matches('.x-week, .x-day, .x-day > header') && onAdd?.(dayUnder(event, week))}
    >
      {week.map((one, at) => {
        const left = days.countOn(one) - shownOn(at)
        const marks = [
          one === today && 'today',
          one.slice(0, 7) !== day.slice(0, 7) && 'other',
          isWeekend(one) && 'weekend',
          one === over && 'over',
        ]
        return (
          <div key={one} className={`x-day ${marks.filter(Boolean).join(' ')}`} style={{ gridColumn: at + 1 }} data-day={one}>
            <header>
              <button type="button" className="x-day-number" aria-label={`${one}，${days.countOn(one)} 条`} onClick={() => onDay(one)}>
                {Number(one.slice(8)) === 1 ? `${Number(one.slice(5, 7))} 月 1 日` : Number(one.slice(8))}
              </button>
              {onAdd && (
                <button type="button" className="x-icon-button x-day-add" aria-label={`在 ${one} 新建`} onClick={() => onAdd(one)}>
                  <PlusOutlined />
                </button>
              )}
            </header>
            {left > 0 && <More day={one} left={left} count={days.countOn(one)} listOf={listOf} />}
          </div>
        )
      })}
      {bars.map((bar) => (
        <Chip
          key={bar.row.id}
          hand={hand}
          row={bar.row}
          className={`${bar.isBefore ? 'before' : ''} ${bar.isAfter ? 'after' : ''}`}
          style={{ gridColumn: `${bar.first + 1} / ${bar.last + 2}`, gridRow: bar.lane + 2 }}
          dayUnder={(x, box) => week[bar.first + Math.floor(((x - box.left) / box.width) * (bar.last - bar.first + 1))]!}
        />
      ))}
    </div>
  )
}
function More({ day, left, count, listOf }: { day: Day; left: number; count: number; listOf: (day: Day) => ReactNode }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      trigger="click"
      destroyOnHidden
      title={`${day} · ${count} 条`}
      content={<div className="x-day-pop">{listOf(day)}</div>}
    >
      <button type="button" className="x-day-more" aria-expanded={isOpen}>
        还有 {left} 条
      </button>
    </Popover>
  )
}
