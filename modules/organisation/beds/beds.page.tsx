import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { definePage } from '#kernel/web/pages.ts'
import { ago } from '#kernel/web/parts/ago.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { useAddress } from '#kernel/web/parts/use-address.ts'
import { BedSheet } from './bed-sheet.tsx'
import {
  dimensionKeys,
  groupings,
  groupsOf,
  listFilter,
  passes,
  type BedFilter,
  type BedMap,
  type BedSpot,
  type Grouping,
} from './beds.rules.ts'
import { Cards } from './cards.tsx'
import { Figures } from './figures.tsx'
import { useLooks, type Looks } from './look.tsx'
import { Rooms } from './rooms.tsx'
import './beds.css'

/** Of whoever stands far from a bed nobody asks for seconds. */
const everyMs = 10_000

/** 床位视图: all wards or specialities, each with its counts; one of them opened room by room. Every figure opens the list behind it. */
function BedsPage() {
  const looks = useLooks()
  const query = useQuery({
    queryKey: ['organisation', 'beds'],
    queryFn: ({ signal }) => api.get<BedMap>('/api/organisation/beds', {}, signal),
    refetchInterval: everyMs,
  })
  const map = query.data
  const heard = map?.heardAt ? ` · 最近消息 ${ago(map.heardAt)}` : ''
  return (
    <div className="x-page">
      <PageHead title="床位视图" hint={map && `开放 ${map.beds.length} 张${heard}`} />
      {query.error && !map ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !looks ? (
        <Notice kind="noRight" title="没有权限查看床位" text="需要时请联系本院系统管理员。" />
      ) : !map ? (
        <Skeleton rows={12} />
      ) : map.beds.length === 0 ? (
        <Notice kind="empty" title="还没有开放的床位" text="您能看到的病区还没有登记床位；由医务管理部门在“病房”和“床位”里登记或导入。" />
      ) : (
        <Shown map={map} looks={looks} again={() => void query.refetch()} />
      )}
    </div>
  )
}

function Shown({ map, looks, again }: { map: BedMap; looks: Looks; again: () => void }) {
  const [get, put] = useAddress()
  const [open, setOpen] = useState<BedSpot | null>(null)
  const by: Grouping = get('by') === 'speciality' ? 'speciality' : 'ward'
  const filter: BedFilter = Object.fromEntries(dimensionKeys.flatMap((key) => (get(key) ? [[key, get(key) === none ? '' : get(key)]] : [])))
  const isFiltered = Object.keys(filter).length > 0
  const groups = groupsOf(map, map.beds, by)
  const chosen = groups.find(({ unit }) => (unit?.id ?? none) === get('unit'))
  const within = chosen?.spots ?? map.beds
  const address = (more: BedFilter): string => `/r/organisation.bed?filter=${encodeURIComponent(JSON.stringify(listFilter({ by, unit: chosen && (chosen.unit?.id ?? null) }, more)))}`
  const fitting = within.filter((spot) => passes(map, spot, filter))
  return (
    <>
      <nav className="bed-scope" aria-label="范围">
        <Segmented options={Object.entries(groupings).map(([value, label]) => ({ value, label }))} value={by} onChange={(next) => put({ by: next === 'ward' ? null : next, unit: null })} />
        <span className="bed-where">
          {chosen ? <Button type="link" onClick={() => put({ unit: null })}>全部</Button> : <b>全部</b>}
          {chosen && <> / <b>{chosen.unit?.name ?? '未分专科'}</b></>}
        </span>
        <span className="x-space" />
        {isFiltered && <Button onClick={() => put(Object.fromEntries(dimensionKeys.map((key) => [key, null])))}>清除筛选</Button>}
        <Link className="bed-all" to={address(filter)}>{isFiltered ? '符合' : '共'} <b>{fitting.length}</b> 张，看列表</Link>
      </nav>
      <Figures map={map} spots={within} looks={looks} filter={filter} addressOf={address} onPick={(key, value) => put({ [key]: filter[key] === value ? null : value || none })} />
      {fitting.length === 0 ? (
        <Notice kind="empty" title="没有符合条件的床位" act={{ label: '清除筛选', run: () => put(Object.fromEntries(dimensionKeys.map((key) => [key, null]))) }} />
      ) : chosen ? (
        <Rooms map={map} spots={fitting} looks={looks} isAcross={by === 'speciality'} onOpen={setOpen} />
      ) : (
        <Cards map={map} groups={groups} filter={filter} looks={looks} onOpen={(id) => put({ unit: id ?? none })} />
      )}
      {open && <BedSheet spot={map.beds.find(({ id }) => id === open.id) ?? open} ward={map.units[open.ward]!.name} looks={looks} onClose={() => setOpen(null)} onDone={() => (setOpen(null), again())} />}
    </>
  )
} // prettier-ignore
/** In the address nothing stands for no wish: what has none is called so. */
const none = 'none'

export default definePage({ title: '床位视图', path: '/organisation/beds', component: BedsPage })
