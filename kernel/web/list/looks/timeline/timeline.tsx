import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { addDays, addMonths, writeLook, zooms, type Day, type Filter, type Zoom } from '#model'
import { Button, Segmented } from 'antd'
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react'
import { useMe } from '../../../api/hooks.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { TitlesProvider } from '../../../fields/index.ts'
import { Skeleton } from '../../../parts/states.tsx'
import { ListFailed } from '../../slow-question.tsx'
import { GroupKeyText } from '../../groups/group-words.tsx'
import { useSummary } from '../../groups/use-summary.ts'
import { useBoard } from '../board/use-board.ts'
import type { LookProps } from '../look-props.ts'
import { LookField } from '../look-switch.tsx'
import { lookFieldsOf } from '../offered.ts'
import { Section, type Sight } from './section.tsx'
import { dayAt, dayWidth, lineAround, placeOf, ticksOf, windowAround, type Line } from './timeline-model.ts'
import { useBarFields, type BarFields, type TimelineLook } from './use-bars.ts'
import './timeline.css'

const zoomOptions = (Object.entries(zooms) as [Zoom, string][]).map(([value, label]) => ({ value, label }))
const names = 220
/** The sight is told anew after so many pixels; so much more than it is drawn on both sides. */
const [coarse, ahead] = [120, 400]
const stepMonths: Record<Zoom, number> = { week: 1, month: 3, quarter: 12 }

/** A list as bars along the days: only the part of the line that is looked at is drawn and asked for. */
export default function Timeline({ resource, address, look, current, onOpen }: LookProps<TimelineLook>) {
  const { zoom } = look
  const { today } = useMe()
  const catalog = useCatalog()
  const fields = useBarFields(resource, look)
  const day = address.state.at || today
  const { box, line, sight, goTo } = useSight(day, zoom, (at) => address.set({ at: at === today ? '' : at }))
  const [first, last] = windowAround(line, zoom, sight.left, sight.right - sight.left)
  const filter = fields.during(address.effective, first, last)
  const fieldsOf = lookFieldsOf(catalog, resource)
  const set = (part: Partial<TimelineLook>) => address.set({ look: writeLook({ ...look, ...part }) })
  const seen: Sight = { ...sight, show: goTo }
  const parts = { resource, address, fields, title: catalog.find(resource, resource.title), sight: seen, filter, current, onOpen }
  return (
    <>
      <div className="x-look-bar">
        <span className="x-look-nav">
          <Button size="small" icon={<LeftOutlined />} aria-label="往前" onClick={() => goTo(addMonths(day, -stepMonths[zoom]))} />
          <Button size="small" onClick={() => goTo(today)}>
            今天
          </Button>
          <Button size="small" icon={<RightOutlined />} aria-label="往后" onClick={() => goTo(addMonths(day, stepMonths[zoom]))} />
        </span>
        <h2>{`${day.slice(0, 4)} 年 ${Number(day.slice(5, 7))} 月`}</h2>
        <span className="x-space" />
        <LookField
          label="起止"
          fields={[...fieldsOf.spans, ...(fieldsOf.moments.length > 1 ? fieldsOf.moments : [])]}
          value={look.from}
          onChange={(from) => from && set({ from, to: endFor(from, look, fieldsOf) })}
        />
        {look.to !== null && (
          <LookField
            label="至"
            fields={fieldsOf.moments.filter(({ path }) => path !== look.from)}
            value={look.to}
            onChange={(to) => to && set({ to })}
          />
        )}
        <LookField label="分组" none="不分组" fields={fieldsOf.columns} value={look.by} onChange={(by) => set({ by })} />
        <Segmented size="small" aria-label="刻度" options={zoomOptions} value={zoom} onChange={(next) => set({ zoom: next })} />
      </div>
      <div
        className="x-timeline"
        ref={box}
        tabIndex={0}
        role="region"
        aria-label={`${resource.label}时间线`}
        style={{ '--names': `${names}px` } as CSSProperties}
      >
        <div className="x-timeline-line" style={{ width: names + line.days * dayWidth(zoom) }}>
          <Scale sight={seen} today={today} label={resource.label} />
          {look.by ? <Groups {...parts} by={look.by} /> : <Alone {...parts} />}
        </div>
      </div>
    </>
  )
}
const endFor = (from: string, look: TimelineLook, { spans, moments }: ReturnType<typeof lookFieldsOf>): string | null =>
  spans.some(({ path }) => path === from)
    ? null
    : look.to && look.to !== from
      ? look.to
      : (moments.find(({ path }) => path !== from)?.path ?? null)

/** What is looked at of the line; kept in the middle while the scale changes, and told when it has come to rest. */
function useSight(day: Day, zoom: Zoom, onRest: (day: Day) => void) {
  const box = useRef<HTMLDivElement>(null)
  const [line, setLine] = useState<Line>(() => lineAround(day))
  const [seen, setSeen] = useState({ left: placeOf(line, zoom, day) - 600, width: 1200 })
  const shown = useRef<Day>('')
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const told = useRef(onRest)
  useEffect(() => {
    told.current = onRest
  })
  const isOnLine = day >= line.first && day < addDays(line.first, line.days)
  if (!isOnLine) setLine(lineAround(day))
  const width = (element: HTMLElement) => element.clientWidth - names
  // Wherever the day or the scale comes from, the day stands in the middle; not when it was told by scrolling itself.
  useLayoutEffect(() => {
    const element = box.current
    if (!element || shown.current === `${zoom} ${day}`) return
    shown.current = `${zoom} ${day}`
    element.scrollLeft = placeOf(line, zoom, day) - width(element) / 2
    setSeen({ left: element.scrollLeft, width: width(element) })
  }, [day, zoom, line])
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => {
      const left = element.scrollLeft
      setSeen((now) => (Math.abs(now.left - left) < coarse && now.width === width(element) ? now : { left, width: width(element) }))
      clearTimeout(rest.current)
      rest.current = setTimeout(() => {
        const middle = dayAt(line, zoom, element.scrollLeft + width(element) / 2)
        const isNear = Math.abs(placeOf(line, zoom, middle) - placeOf(line, zoom, shown.current.split(' ')[1]!)) < coarse
        if (isNear) return
        shown.current = `${zoom} ${middle}`
        told.current(middle)
      }, 300)
    }
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      clearTimeout(rest.current)
      element.removeEventListener('scroll', look)
    }
  }, [line, zoom])
  const goTo = (at: Day) => {
    // Asked for again, it is shown again, wherever one has scrolled since.
    shown.current = ''
    if (at === day && box.current) box.current.scrollTo({ left: placeOf(line, zoom, at) - width(box.current) / 2 })
    else told.current(at)
  }
  return { box, line, goTo, sight: { line, zoom, left: seen.left, right: seen.left + seen.width } }
}

/** The ticks in sight, and the line of today. */
function Scale({ sight: { line, zoom, left, right }, today, label }: { sight: Sight; today: Day; label: string }) {
  const { large, small } = ticksOf(line, zoom, dayAt(line, zoom, left - ahead), dayAt(line, zoom, right + ahead))
  return (
    <>
      <header className="x-scale">
        <span className="x-scale-corner">{label}</span>
        {large.map((tick) => (
          <b key={tick.day} style={{ left: tick.left, width: tick.width }}>
            <i>{tick.label}</i>
          </b>
        ))}
        {small.map((tick) => (
          <span key={tick.day} style={{ left: tick.left, width: tick.width }}>
            {tick.label}
          </span>
        ))}
      </header>
      <i className="x-today-line" title={`今天 ${today}`} style={{ left: placeOf(line, zoom, today) + dayWidth(zoom) / 2 }} />
    </>
  )
}

type Parts = Omit<Parameters<typeof Section>[0], 'head' | 'count'> & { fields: BarFields; filter: Filter }
function Groups({ by, ...parts }: Parts & { by: string }) {
  const { resource, address, filter } = parts
  const board = useBoard(resource, { ...address, effective: filter }, by)
  if (board.error) return <ListFailed address={address} error={board.error} retry={board.retry} />
  if (board.isPending) return <Skeleton rows={8} />
  const groups = board.columns.filter(({ count }) => count > 0)
  return (
    <TitlesProvider titles={board.titles}>
      {groups.length === 0 && <Nothing />}
      {groups.map((group) => (
        <Section
          key={`${by} ${String(group.key)}`}
          {...parts}
          filter={group.filter}
          count={group.count}
          head={<GroupKeyText text={by} field={board.found?.field} value={group.key} />}
        />
      ))}
      {board.more && <p className="x-bars-more">分组太多，只显示前面的；请加条件</p>}
    </TitlesProvider>
  )
}
function Alone(parts: Parts): ReactNode {
  const { resource, address, filter } = parts
  const { search, deleted } = address.state
  const { data, error, refetch } = useSummary(resource.name, { filter, search, deleted, group: [], totals: [] })
  if (error) return <ListFailed address={address} error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  const count = data.groups[0]?.count ?? 0
  return count === 0 ? <Nothing /> : <Section {...parts} count={count} />
}
const Nothing = () => <p className="x-bars-none">这段时间没有记录；可以往前、往后看，或减少条件。</p>
