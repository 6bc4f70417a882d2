import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { addDays, calendarSpans, daysBetween, writeLook, type ApiRecord, type CalendarSpan, type Day, type Look } from '#model'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useMe } from '../../../api/hooks.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { titleOfRecord } from '../../../detail/record-title.tsx'
import { TitlesProvider } from '../../../fields/index.ts'
import { Skeleton } from '../../../parts/states.tsx'
import { ListFailed } from '../../slow-question.tsx'
import { whyFixed, whyStays } from '../fixed.ts'
import { LookField } from '../look-switch.tsx'
import type { LookProps } from '../look-props.ts'
import { newAddress } from '../new-address.ts'
import { lookFieldsOf } from '../offered.ts'
import { useLift, type Arrow } from '../use-lift.ts'
import { useMove } from '../use-move.tsx'
import { daysOf, minutesOf, shifted, shownDays, stepped, titleOf, valueOn } from './calendar-model.ts'
import type { ChipHand } from './chip.tsx'
import { DayList } from './day-list.tsx'
import { DayColumns } from './hours.tsx'
import { Month, mostInDay, type GridProps } from './month.tsx'
import { useDays } from './use-days.ts'
import './calendar.css'

const spanOptions = (Object.entries(calendarSpans) as [CalendarSpan, string][]).map(([value, label]) => ({ value, label }))
const arrows: Record<Arrow, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
/** How many records of a day a week or day is drawn with. */
const mostInColumn = { month: mostInDay, week: 70, day: 500 } as const

/** A list by one of its dates; a record carried to another day is that date written. */
export default function Calendar({ resource, address, columns, look, current, onOpen }: LookProps<Extract<Look, { kind: 'calendar' }>>) {
  const { span } = look
  const { today } = useMe()
  const catalog = useCatalog()
  const navigate = useNavigate()
  const on = catalog.find(resource, look.on)!
  const day = address.state.at || today
  const [first, last] = shownDays(span, day)
  const paths = columns.columns.map(({ path }) => path)
  const days = useDays(resource, address, { on: on.path, from: first, to: last, each: mostInColumn[span], columns: paths })
  const { move, dialog } = useMove(resource)
  const [dragged, setDragged] = useState<{ row: ApiRecord; from: Day } | null>(null)
  const [over, setOver] = useState<Day | null>(null)
  const goTo = (at: Day) => address.set({ at: at === today ? '' : at })
  const setSpan = (next: CalendarSpan) => address.set({ look: writeLook({ ...look, span: next }) })
  const beginOf = (row: ApiRecord): Day => daysOf(row[on.path])?.from ?? day

  async function put(row: ApiRecord, from: Day, to: Day, minutes?: number) {
    const value = row[on.path]
    const later = minutes === undefined ? 0 : minutes - minutesOf(String(value))
    const days = daysBetween(from, to)
    if (days === 0 && later === 0) return
    const title = titleOfRecord(resource, { record: row, titles: {} })
    await move({ row, title, changes: { [on.path]: shifted(value, days, later) } })
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-record="${row.id}"]`)?.focus())
  }
  const lift = useLift<Day>({
    start: beginOf,
    step: (from, arrow) => {
      const to = addDays(from, arrows[arrow])
      return to < first || to > last ? null : to
    },
    nameOf: (to) => `${to}`,
    drop: (row, to) => void put(row, beginOf(row), to),
    whyStays: (row) => whyStays(resource, on.path, row),
  })
  if (days.error) return <ListFailed address={address} error={days.error} retry={days.retry} />
  const why = whyFixed(resource, on.path)
  const hand: ChipHand = {
    resource,
    on,
    title: catalog.find(resource, resource.title),
    format: days.format,
    current,
    lifted: lift.lifted?.row.id ?? null,
    onOpen,
    onLift: lift.onKeyDown,
    onDrag: (row, grabbed) => {
      if (!row) setOver(null)
      setDragged(row && { row, from: grabbed ?? beginOf(row) })
    },
    whyStays: (row) => whyStays(resource, on.path, row),
  }
  const mayAdd = newAddress(resource, {}) !== null && why === null
  const grid: GridProps = {
    day,
    today,
    days,
    hand,
    over: lift.lifted?.at ?? over,
    onOver: setOver,
    onDrop: (to, minutes) => {
      setOver(null)
      if (dragged) void put(dragged.row, dragged.from, to, minutes)
    },
    onAdd: mayAdd ? (at, minutes) => void navigate(newAddress(resource, { [on.path]: valueOn(on.field, at, minutes) })!) : null,
    onDay: (at) => address.set({ at: at === today ? '' : at, look: writeLook({ ...look, span: 'day' }) }),
    listOf: (at) => <DayList resource={resource} address={address} facts={columns.columns} on={on} day={at} onOpen={onOpen} />,
  }
  const hasHours = on.field.kind === 'dateTime'
  return (
    <TitlesProvider titles={days.titles}>
      <div className="x-look-bar">
        <span className="x-look-nav">
          <Button
            size="small"
            icon={<LeftOutlined />}
            aria-label={`前一${calendarSpans[span]}`}
            onClick={() => goTo(stepped(span, day, -1))}
          />
          <Button size="small" onClick={() => goTo(today)}>
            今天
          </Button>
          <Button
            size="small"
            icon={<RightOutlined />}
            aria-label={`后一${calendarSpans[span]}`}
            onClick={() => goTo(stepped(span, day, 1))}
          />
        </span>
        <h2 aria-live="polite">{titleOf(span, day)}</h2>
        {days.isFetching && <i className="x-busy" aria-label="正在更新" />}
        <span className="x-faint">
          {why ??
            (resource.approval ? `“${resource.label}”须经审批：移动即提交变更申请` : mayAdd ? '拖动改日期，点空白处新建' : '拖动改日期')}
        </span>
        <span className="x-space" />
        <LookField
          label="日期"
          fields={lookFieldsOf(catalog, resource).when}
          value={look.on}
          onChange={(path) => path && address.set({ look: writeLook({ ...look, on: path }) })}
        />
        <Segmented size="small" aria-label="范围" options={spanOptions} value={span} onChange={setSpan} />
      </div>
      {days.isPending ? (
        <Skeleton rows={8} />
      ) : span === 'month' ? (
        <Month {...grid} />
      ) : span === 'day' && !hasHours ? (
        <div className="x-day-whole">{grid.listOf(day)}</div>
      ) : (
        <DayColumns {...grid} isWeek={span === 'week'} hasHours={hasHours} />
      )}
      <p className="x-said" role="status" aria-live="polite">
        {lift.said}
      </p>
      {dialog}
    </TitlesProvider>
  )
}
