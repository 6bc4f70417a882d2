import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import type { CalendarYear } from './calendar.rules.ts'
import { DayCard, SaidCard } from './calendar-cards.tsx'
import { TrialCard } from './trial-card.tsx'
import { YearGrid } from './year-grid.tsx'
import './calendar.css'

/** 工作日历: one year of the hospital or a unit, who says what, and what would be due if it began now. */
function CalendarPage() {
  const { today } = useMe()
  const isPhone = useIsPhone()
  const [search, setSearch] = useSearchParams()
  const unit = search.get('unit')
  const year = Number(search.get('year') ?? today.slice(0, 4))
  const [day, setDay] = useState(today)
  const put = (key: string, value: string | null) =>
    setSearch((before) => {
      if (value) before.set(key, value)
      else before.delete(key)
      return before
    })
  const query = useQuery({
    queryKey: ['clock', 'year', unit, year],
    queryFn: ({ signal }) => api.get<CalendarYear>('/api/clock/year', { unit, year }, signal),
  })
  const c = query.data
  const choose = (
    <>
      <div className="c-unit">
        <UnitPicker value={unit} onChange={(id) => put('unit', id)} placeholder="全院" />
      </div>
      <Select
        aria-label="年份"
        value={year}
        options={(c?.years ?? [year]).map((value) => ({ value, label: `${value} 年` }))}
        onChange={(value) => put('year', String(value))}
      />
    </>
  )
  return (
    <div className="x-page c-page">
      <PageHead
        title={c?.unit ? `${c.unit.name} · 工作日历` : '工作日历'}
        hint={c && `${c.year} 年 · ${c.workdays} 个工作日${c.days.some((d) => d.missing) ? '（暂定）' : ''}`}
        acts={!isPhone && [choose, c && <ChangeButton key="change" calendar={c} />]}
      />
      {isPhone && <div className="x-row c-choose">{choose}</div>}
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !c ? (
        <Skeleton rows={12} />
      ) : (
        <>
          <MissingNotice calendar={c} />
          <div className="c-body">
            <YearGrid calendar={c} today={today} chosen={day} onChoose={setDay} />
            <aside className="c-side">
              <TrialCard unit={unit} />
              <DayCard calendar={c} day={day} />
              <SaidCard calendar={c} onUnit={(id) => put('unit', id)} />
            </aside>
          </div>
        </>
      )}
    </div>
  )
}

/** Opens the layer of this very unit for change, or begins one. */
function ChangeButton({ calendar }: { calendar: CalendarYear }) {
  const resource = useResource('clock.calendar')
  const own = calendar.layers.find((layer) => layer.unit === (calendar.unit?.id ?? null) && layer.record)
  if (own && resource?.may.update)
    return (
      <Link key="change" to={`/r/clock.calendar/${own.record}/edit`}>
        <Button type="primary">修改作息与特殊日期</Button>
      </Link>
    )
  if (own || !resource?.may.create) return null
  return (
    <Link key="change" to={`/r/clock.calendar/new?name=${encodeURIComponent(calendar.unit?.name ?? '全院')}${calendar.unit ? `&unit=${calendar.unit.id}` : ''}`}>
      <Button type="primary">{calendar.unit ? '单独设置日历' : '设置全院作息'}</Button>
    </Link>
  ) // prettier-ignore
}

function MissingNotice({ calendar }: { calendar: CalendarYear }) {
  const resource = useResource('clock.holidayYear')
  const missing = [...new Set(calendar.days.flatMap((d) => d.missing ?? []))]
  if (missing.length === 0) return null
  const first = calendar.days.find((d) => d.missing)!.day
  return (
    <p className="c-missing" role="status">
      <b>{missing.join('、')} 年节假日安排尚未录入</b>
      <span>
        {first.endsWith('-01-01') ? '全年' : `${Number(first.slice(5, 7))} 月 ${Number(first.slice(8))} 日起`}
        只按平常周历推算，跨入这些日子的时限一律标为“暂定”。
      </span>
      {resource?.may.create && <Link to={`/r/clock.holidayYear/new?year=${missing[0]}`}>录入 {missing[0]} 年安排</Link>}
    </p>
  )
}

export default definePage({ title: '工作日历', path: '/policies/calendar', component: CalendarPage })
