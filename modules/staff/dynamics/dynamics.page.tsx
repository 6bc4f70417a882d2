import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { definePage } from '#kernel/web/pages.ts'
import { DownloadButton } from '#kernel/web/parts/download-button.tsx'
import { optionsOf } from '#kernel/web/parts/options-of.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import { useStored } from '#kernel/web/shell/use-stored.ts'
import { DynamicsPhone } from './dynamics-phone.tsx'
import { DynamicsTable } from './dynamics-table.tsx'
import { figureParts, figures, periods, sinceOf, type Dynamics, type FigurePart, type Period } from './dynamics.rules.ts'
import { linesOf } from './lines.rules.ts'
import './dynamics.css'

const parts = Object.keys(figureParts) as FigurePart[]

/** 医师动态: how many of which kind are in each unit on any day; each figure opens its people. */
function DynamicsPage() {
  const { today } = useMe()
  const isPhone = useIsPhone()
  const [search, setSearch] = useSearchParams()
  const day = search.get('asOf') ?? today
  const period = (search.get('period') ?? 'year') as Period
  const [typed, setTyped] = useState('')
  // What each person wants to see is his own; who has chosen nothing sees all.
  const [hidden, setHidden] = useStored<FigurePart[]>('staff.dynamics.hidden', [])
  const since = sinceOf(period in periods ? period : 'year', day)
  const asked = { asOf: day, ...(since ? { since } : {}) }
  const query = useQuery({
    queryKey: ['staff', 'dynamics', day, since],
    queryFn: ({ signal }) => api.get<Dynamics>('/api/staff/dynamics', asked, signal),
  })
  const lines = useMemo(() => linesOf(query.data, typed.trim()), [query.data, typed])
  const columns = figures.filter(({ key, part }) => query.data?.shown.includes(key) && !hidden.includes(part))
  const set = (key: string, value: string, usual: string) => {
    const next = new URLSearchParams(search)
    if (value === usual) next.delete(key)
    else next.set(key, value)
    setSearch(next, { replace: true })
  }
  return (
    <div className="x-page">
      <PageHead
        title={day === today ? '医师动态' : `医师动态 · ${day}`}
        hint={since && !isPhone ? `调出、辞退、辞职、退休从 ${since} 起算` : undefined}
        acts={query.data?.mayExport && <DownloadButton href={`/api/staff/dynamics/export?${new URLSearchParams(asked).toString()}`} label="导出" />}
      />
      <div className="d-asked">
        <Input.Search allowClear aria-label="查找科室" placeholder="名称、编码、片区" value={typed} onChange={(event) => setTyped(event.target.value)} />
        <DatePicker aria-label="看哪一天" value={dayjs(day)} allowClear={false} onChange={(next) => next && set('asOf', next.format('YYYY-MM-DD'), today)} />
        {day !== today && <Button onClick={() => set('asOf', today, today)}>回到今天</Button>}
        <Select aria-label="期间" value={period} options={optionsOf(periods)} onChange={(next) => set('period', next, 'year')} />
        <Select
          aria-label="显示的内容"
          mode="multiple"
          maxTagCount={0}
          maxTagPlaceholder={() => (hidden.length ? `显示 ${parts.length - hidden.length}/${parts.length} 类` : '显示全部内容')}
          value={parts.filter((one) => !hidden.includes(one))}
          options={optionsOf(figureParts)}
          onChange={(next) => setHidden(parts.filter((one) => !next.includes(one)))}
          showSearch={false}
        />
      </div>
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton rows={12} />
      ) : query.data.units.length === 0 ? (
        <Notice kind="empty" title="这一天还没有机构与科室" text="换一个日期，或先在“组织机构”里登记。" />
      ) : columns.length === 0 ? (
        <Notice kind="empty" title="没有选择要显示的内容" text="在“显示的内容”里至少选择一类。" />
      ) : lines.length === 0 ? (
        <Notice kind="empty" title="没有符合的科室" />
      ) : isPhone ? (
        <DynamicsPhone answer={query.data} lines={lines} columns={columns} today={today} />
      ) : (
        <DynamicsTable answer={query.data} lines={lines} columns={columns} today={today} isFlat={typed.trim() !== ''} />
      )}
    </div>
  )
} // prettier-ignore

export default definePage({ title: '医师动态', path: '/staff/dynamics', component: DynamicsPage })
