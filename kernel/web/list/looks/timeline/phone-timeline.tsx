import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { addDays, addMonths, daysBetween, writeLook, zooms, type ClientResource, type Day, type Filter, type Zoom } from '#model'
import { Segmented } from 'antd'
import { Link } from 'react-router'
import { useMe } from '../../../api/hooks.ts'
import { messageOf } from '../../../api/problem.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import type { Found } from '../../../definitions/catalog.ts'
import { CellOf, TitlesProvider } from '../../../fields/index.ts'
import { Notice, Skeleton } from '../../../parts/states.tsx'
import { FormatMark } from '../../formats/format-mark.tsx'
import { useGroupRecords } from '../../groups/use-groups.ts'
import type { ListAddress } from '../../list-address.ts'
import { mondayOf } from '../calendar/calendar-model.ts'
import type { PhoneLookProps } from '../phone-look.tsx'
import { useSwipe } from '../use-swipe.ts'
import { spanText, useBarFields, type BarFields, type TimelineLook } from './use-bars.ts'

const zoomOptions = (Object.entries(zooms) as [Zoom, string][]).map(([value, label]) => ({ value, label }))
const quarterOf = (day: Day): Day => {
  const month = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1
  return `${day.slice(0, 4)}-${String(month).padStart(2, '0')}-01`
}
/** The week, month or quarter around a day. */
function stretchOf(zoom: Zoom, day: Day): { first: Day; next: Day; before: Day; label: string } {
  if (zoom === 'week') {
    const first = mondayOf(day)
    return { first, next: addDays(first, 7), before: addDays(first, -7), label: `${first} 起一周` }
  }
  const first = zoom === 'month' ? `${day.slice(0, 7)}-01` : quarterOf(day)
  const months = zoom === 'month' ? 1 : 3
  const [year, month] = [first.slice(0, 4), Number(first.slice(5, 7))]
  const label = zoom === 'month' ? `${year} 年 ${month} 月` : `${year} 年第 ${(month + 2) / 3} 季度`
  return { first, next: addMonths(first, months), before: addMonths(first, -months), label }
}

/** A stretch of time as a list of bars. */
export function PhoneTimeline({ resource, address, look }: PhoneLookProps<TimelineLook>) {
  const { today } = useMe()
  const catalog = useCatalog()
  const fields = useBarFields(resource, look)
  const day = address.state.at || today
  const { first, next, before, label } = stretchOf(look.zoom, day)
  const goTo = (at: Day) => address.set({ at: at === today ? '' : at })
  const swipe = useSwipe((by) => goTo(by === 1 ? next : before))
  const last = addDays(next, -1)
  return (
    <>
      <Segmented
        block
        aria-label="刻度"
        options={zoomOptions}
        value={look.zoom}
        onChange={(zoom) => address.set({ look: writeLook({ ...look, zoom }) })}
      />
      <section className="x-phone-month" aria-label="时间线" {...swipe}>
        <header>
          <button type="button" className="x-icon-button" aria-label="往前" onClick={() => goTo(before)}>
            <LeftOutlined />
          </button>
          <h2 aria-live="polite">{label}</h2>
          <button type="button" className="x-icon-button" aria-label="往后" onClick={() => goTo(next)}>
            <RightOutlined />
          </button>
        </header>
        <Bars
          key={first}
          {...{ resource, address, fields, first, last, today }}
          title={catalog.find(resource, resource.title)}
          filter={fields.during(address.effective, first, last)}
        />
      </section>
    </>
  )
}
interface BarsProps {
  resource: ClientResource
  address: ListAddress
  fields: BarFields
  title: Found | null
  filter: Filter
  first: Day
  last: Day
  today: Day
}
function Bars({ resource, address, fields, title, filter, first, last, today }: BarsProps) {
  const columns = [...(title ? [title] : []), ...(fields.by ? [fields.by] : []), ...fields.paths]
  const { rows, titles, format, isFetching, hasMore, error, more } = useGroupRecords(resource, address, columns, filter, true, [
    ...(fields.by ? [fields.by.path] : []),
    fields.from.path,
  ])
  const whole = daysBetween(first, last) + 1
  const part = (from: Day, to: Day | null): { left: string; width: string } => {
    const [begin, end] = [Math.max(0, daysBetween(first, from)), Math.min(whole, to === null ? whole : daysBetween(first, to) + 1)]
    return { left: `${(begin / whole) * 100}%`, width: `${Math.max(2, ((end - begin) / whole) * 100)}%` }
  }
  if (isFetching && rows.length === 0) return <Skeleton rows={6} />
  if (rows.length === 0 && !error) return <Notice kind="empty" title="这段时间没有记录" text="可以往前、往后看，或减少条件。" />
  return (
    <TitlesProvider titles={titles}>
      <ul className="x-phone-bars">
        {rows.map((row) => {
          const span = fields.spanOf(row)
          return (
            <li key={row.id}>
              <Link to={`/r/${resource.name}/${row.id}`}>
                <span>
                  <FormatMark rule={format(row.id, null)} />
                  <b>{title ? <CellOf field={title.field} value={row[title.path] ?? null} /> : resource.label}</b>
                  {fields.by && (
                    <small>
                      <CellOf field={fields.by.field} value={row[fields.by.path] ?? null} />
                    </small>
                  )}
                </span>
                {span && (
                  <>
                    <i aria-hidden>
                      <i style={part(span.from, span.to)} />
                      {today >= first && today <= last && <em style={{ left: part(today, today).left }} />}
                    </i>
                    <small>{spanText(span)}</small>
                  </>
                )}
              </Link>
            </li>
          )
        })}
      </ul>
      {(hasMore || error) && (
        <button type="button" className="x-link x-phone-more" disabled={isFetching} onClick={more}>
          {error ? `${messageOf(error)}，点此重试` : '再载入 50 条'}
        </button>
      )}
    </TitlesProvider>
  )
}
