import { useMe } from '../api/hooks.ts'
import { FilterOutlined, HistoryOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import type { ClientResource } from '#model'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from 'antd'
import { Link } from 'react-router'
import PullToRefresh from 'antd-mobile/es/components/pull-to-refresh'
import 'antd-mobile/es/global'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { useComposedText } from '../fields/use-composed-text.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Notice, Skeleton } from '../parts/states.tsx'
import { AsOfStrip } from '../since/as-of.tsx'
import { BatchBar } from './batch-bar.tsx'
import { fewLetters, readTree } from './filter-tree.ts'
import { PhoneFoot, PhoneGroups } from './groups/phone-groups.tsx'
import { RecordCard } from './record-card.tsx'
import { fewestTyped, useListAddress } from './list-address.ts'
import { LookSwitch } from './looks/look-switch.tsx'
import { lookFor } from './looks/offered.ts'
import { FilterSheet } from './phone-filter.tsx'
import { ExportStrip } from '../exports/export-strip.tsx'
import { ListFailed } from './slow-question.tsx'
import { useColumns } from './use-columns.ts'
import { countText, useList } from './use-list.ts'
import './phone-list.css'
import './record-table.css'
import './sentence.css'

const PhoneLook = lazy(() => import('./looks/phone-look.tsx'))
const ListChartCard = lazy(() => import('./chart/list-chart.tsx'))
const pullTexts: Record<string, string> = { pulling: '下拉刷新', canRelease: '松开刷新', refreshing: '正在刷新…', complete: '已是最新' }

export default function PhoneList({ resource }: { resource: ClientResource }) {
  const address = useListAddress(resource)
  const { state, set, trouble } = address
  const catalog = useCatalog()
  const look = useMemo(() => lookFor(catalog, resource, state), [catalog, resource, state])
  const { columns } = useColumns(resource, resource.list.columns.length ? resource.list.columns : undefined, {
    paths: state.columns,
  })
  const paths = useMemo(() => columns.map((column) => column.path), [columns])
  const isGrouped = state.group.length > 0 && !look
  const { pages, rows, titles, format, more, count } = useList(resource, address, paths, !isGrouped && !look)
  const [isFiltering, setFiltering] = useState(false)
  // Null while nothing is being chosen: a touch then opens.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null)
  const conditions = readTree(state.filter).parts.length
  const { today } = useMe()
  const mayCreate = resource.may.create && resource.writtenBy !== 'module' && !state.asOf
  const shownViews = [
    { name: '', label: '全部' },
    ...(resource.list.views ?? []),
    ...address.views.map(({ id, name }) => ({ name: id, label: name })),
  ]
  return (
    <TitlesProvider titles={titles}>
      <div className="x-page x-phone-list">
        <PageHead
          title={state.deleted ? `${resource.label} · 回收站` : resource.label}
          hint={count && `${countText(count)} 条`}
          acts={
            <>
              {resource.timeline && !state.deleted && !state.asOf && (
                <Button type="text" icon={<HistoryOutlined />} aria-label="看某一天的情况" onClick={() => set({ asOf: today, look: '' })} />
              )}
              {rows.length > 0 && !state.asOf && (
                <Button type="text" onClick={() => setChosen(chosen ? null : new Set())}>
                  {chosen ? '取消' : '选择'}
                </Button>
              )}
            </>
          }
        />
        <ExportStrip resource={resource} />
        <AsOfStrip address={address} />
        <div className="x-phone-search">
          <PhoneSearch resource={resource} value={state.search} onSearch={(search) => set({ search })} />
          <button
            type="button"
            className="x-icon-button"
            aria-label={`筛选${conditions ? `，${conditions} 个条件` : ''}`}
            onClick={() => setFiltering(true)}
          >
            <FilterOutlined />
            {conditions > 0 && <b>{conditions}</b>}
          </button>
        </div>
        {shownViews.length > 1 && (
          <div className="x-phone-views" role="tablist" aria-label="视图">
            {shownViews.map((view) => (
              <button
                key={view.name}
                type="button"
                role="tab"
                aria-selected={state.view === view.name}
                onClick={() => address.show(view.name)}
              >
                {view.label}
              </button>
            ))}
          </div>
        )}
        <LookSwitch resource={resource} address={address} kind={look?.kind ?? 'table'} />
        {state.chart.length > 0 && address.isReady && !look && (
          <Suspense fallback={<Skeleton rows={3} />}>
            <ListChartCard resource={resource} address={address} />
          </Suspense>
        )}
        {trouble ? (
          <Notice kind="noRight" title={trouble} act={{ label: '显示全部', run: () => set({ view: '' }) }} />
        ) : !address.isReady ? (
          <Skeleton rows={8} />
        ) : look ? (
          <Suspense fallback={<Skeleton rows={8} />}>
            <PhoneLook resource={resource} address={address} columns={columns} look={look} />
          </Suspense>
        ) : isGrouped ? (
          <PhoneGroups resource={resource} address={address} columns={columns} filter={address.effective} />
        ) : pages.isPending ? (
          <Skeleton rows={8} />
        ) : pages.error && rows.length === 0 ? (
          <ListFailed error={pages.error} address={address} retry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Notice
            kind="empty"
            title={conditions || state.search || state.view ? '没有符合条件的记录' : `还没有${resource.label}`}
            text={mayCreate ? '点右下角的加号新建。' : undefined}
          />
        ) : (
          <PullToRefresh onRefresh={() => pages.refetch()} renderText={(status) => pullTexts[status]}>
            <ul className="x-record-cards">
              {rows.map((row) => (
                <RecordCard
                  key={row.id}
                  resource={resource}
                  row={row}
                  columns={columns}
                  format={format}
                  isChosen={chosen?.has(row.id) ?? false}
                  onChoose={chosen ? () => setChosen(toggled(chosen, row.id)) : undefined}
                />
              ))}
            </ul>
            <Sentinel onSeen={more} />
            <p className="x-list-end">{pages.hasNextPage ? '正在载入…' : rows.length > 8 ? '没有更多了' : ''}</p>
          </PullToRefresh>
        )}
        {state.totals.length > 0 && address.isReady && <PhoneFoot resource={resource} address={address} />}
        {chosen && chosen.size > 0 && (
          <BatchBar
            resource={resource}
            rows={rows}
            selected={chosen}
            columns={paths}
            isTrash={state.deleted}
            onDone={() => setChosen(null)}
          />
        )}
        {mayCreate && !chosen && (
          <Link to={`/r/${resource.name}/new`} className="x-float" aria-label={`新建${resource.label}`}>
            <PlusOutlined />
          </Link>
        )}
        {isFiltering && (
          <FilterSheet
            resource={resource}
            filter={state.filter}
            onChange={(filter) => set({ filter })}
            onClose={() => setFiltering(false)}
          />
        )}
      </div>
    </TitlesProvider>
  )
}

const toggled = (set: ReadonlySet<string>, id: string): Set<string> => new Set(set.has(id) ? [...set].filter((one) => one !== id) : [...set, id]) // prettier-ignore

function PhoneSearch({ value, onSearch, resource }: { value: string; onSearch: (text: string) => void; resource: ClientResource }) {
  const { settled, input } = useComposedText(value, 350)
  const isShort = settled.trim() !== '' && [...settled.trim()].length < fewestTyped(resource)
  useEffect(() => {
    if (settled.trim() !== value && !isShort) onSearch(settled.trim())
    // oxlint-disable-next-line react/exhaustive-deps
  }, [settled])
  return (
    <label>
      <SearchOutlined aria-hidden />
      <input {...input} type="search" enterKeyHint="search" placeholder="名称、拼音首字母、编号" aria-label="搜索" />
      {isShort && <small role="alert">{fewLetters}</small>}
    </label>
  )
}

function Sentinel({ onSeen }: { onSeen: () => void }) {
  const mark = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!mark.current) return
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && onSeen(), {
      rootMargin: '600px',
    })
    observer.observe(mark.current)
    return () => observer.disconnect()
  }, [onSeen])
  return <div ref={mark} />
}
