import { TableOutlined } from '@ant-design/icons'
import { lookLabels, type ClientResource, type LookKind } from '#model'
import { Button } from 'antd'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Notice, Skeleton } from '../parts/states.tsx'
import { useUnsaved } from '../shell/page-context.tsx'
import { AsOfStrip } from '../since/as-of.tsx'
import { BatchBar } from './batch-bar.tsx'
import { ChartChooser } from './chart/chart-chooser.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import { Acts, NothingFound, Search, SortWord, Totals } from './desk-parts.tsx'
import { FormatChooser } from './formats/format-chooser.tsx'
import { GroupChooser } from './groups/group-chooser.tsx'
import { GroupedList } from './groups/grouped-list.tsx'
import { useListAddress } from './list-address.ts'
import { DeskLook } from './looks/desk-look.tsx'
import { LookSwitch } from './looks/look-switch.tsx'
import { neighbourOf } from './looks/neighbour.ts'
import { lookFor } from './looks/offered.ts'
import { Peek } from './peek.tsx'
import { RecordTable } from './record-table.tsx'
import { FilterSentence } from './sentence.tsx'
import { cellsIn, noDraft } from './sheet/staged.ts'
import { ExportStrip } from '../exports/export-strip.tsx'
import { ListFailed } from './slow-question.tsx'
import { useColumns } from './use-columns.ts'
import { countText, useList } from './use-list.ts'
import { ViewsBar } from './views/views-bar.tsx'
import './list.css'

const ListChartCard = lazy(() => import('./chart/list-chart.tsx'))
const SheetList = lazy(() => import('./sheet/sheet-list.tsx'))
const nobody: ReadonlySet<string> = new Set()

export default function DeskList({ resource }: { resource: ClientResource }) {
  const address = useListAddress(resource)
  const { state, set, saved, trouble } = address
  const catalog = useCatalog()
  const columns = useColumns(resource, undefined, {
    paths: state.columns,
    pinned: state.pinned,
    set: saved || state.columns.length ? set : undefined,
  })
  const paths = useMemo(() => columns.columns.map((column) => column.path), [columns.columns])
  const look = useMemo(() => lookFor(catalog, resource, state), [catalog, resource, state])
  const isGrouped = state.group.length > 0 && !look
  const isTable = !look && !isGrouped
  const [wantsSheet, setSheet] = useState(false)
  const maySheet = resource.may.update && resource.writtenBy !== 'module' && !state.deleted && !state.asOf && isTable
  const isSheet = wantsSheet && maySheet
  const [draft, setDraft] = useState(noDraft)
  const staged = cellsIn(draft.staged).length
  useUnsaved(staged > 0)
  const list = useList(resource, address, paths, isTable)
  const [selection, setSelection] = useState({ of: '', ids: nobody })
  const [peek, setPeek] = useState<string | null>(null)
  const card = useRef<HTMLDivElement>(null)
  const { pages, rows, count, total } = list
  // What is no longer shown is no longer meant.
  const shown = JSON.stringify([address.effective, state.search, state.deleted, state.asOf, state.look])
  const selected = selection.of === shown ? selection.ids : nobody
  const setSelected = (ids: ReadonlySet<string>) => setSelection({ of: shown, ids })
  const kind: LookKind = look?.kind ?? 'table'

  const tools = (
    <>
      <Search value={state.search} onSearch={(search) => set({ search })} resource={resource} />
      {maySheet && (
        <Button icon={<TableOutlined />} type={isSheet ? 'primary' : 'default'} aria-pressed={isSheet} onClick={() => setSheet(!isSheet)}>
          {staged > 0 && !isSheet ? `表格编辑（${staged} 格未保存）` : '表格编辑'}
        </Button>
      )}
      {!look && <GroupChooser resource={resource} address={address} />}
      {!look && <ChartChooser resource={resource} address={address} />}
      <FormatChooser resource={resource} address={address} columns={columns.columns} />
      <ColumnChooser resource={resource} columns={columns} />
    </>
  )
  const end = (
    <p className="x-list-end">
      {pages.isFetchNextPageError ? (
        <button type="button" className="x-link" onClick={() => void pages.fetchNextPage()}>
          后面的没有读到，点此重试
        </button>
      ) : pages.hasNextPage ? (
        '正在载入…'
      ) : rows.length > 20 ? (
        `共 ${rows.length} 条，已到末尾`
      ) : null}
    </p>
  )
  const instead = trouble ? (
    <Notice
      kind="noRight"
      title={trouble}
      text="可以改用“全部”，或请建立视图的人修改。"
      act={{ label: '显示全部', run: () => set({ view: '' }) }}
    />
  ) : !address.isReady || (isTable && pages.isPending) ? (
    <Skeleton rows={10} />
  ) : !isTable ? null : pages.error && rows.length === 0 ? (
    <ListFailed error={pages.error} address={address} retry={() => void pages.refetch()} />
  ) : rows.length === 0 ? (
    <NothingFound resource={resource} address={address} />
  ) : null
  /** The record before or after the one shown beside: of a table by its rows, else as they stand on the page. */
  const step = (by: 1 | -1) => {
    if (!isTable) return () => setPeek((now) => neighbourOf(card.current, now, by) ?? now)
    const next = rows[rows.findIndex((row) => row.id === peek) + by]
    return rows.some((row) => row.id === peek) && next ? () => setPeek(next.id) : undefined
  }
  return (
    <TitlesProvider titles={list.titles}>
      <div className="x-list-frame">
        <div className="x-page x-list">
          <PageHead
            title={state.deleted ? `${resource.label} · 回收站` : resource.label}
            tab={resource.label}
            hint={
              count && (
                <>
                  {total && total.count !== count.count
                    ? `${countText(total)} 条 · 已筛出 ${countText(count)} 条`
                    : `${countText(count)} 条`}
                  {pages.isFetching && <i className="x-busy" aria-label="正在更新" />}
                </>
              )
            }
            acts={<Acts resource={resource} address={address} paths={paths} />}
          />
          <ExportStrip resource={resource} />
          <AsOfStrip address={address} />
          <ViewsBar resource={resource} address={address} columns={columns}>
            {tools}
          </ViewsBar>
          <div className="x-views">
            <FilterSentence
              resource={resource}
              filter={state.filter}
              onChange={(filter) => set({ filter })}
              tail={
                <>
                  {kind !== 'calendar' && kind !== 'timeline' && <SortWord resource={resource} address={address} />}
                  <LookSwitch resource={resource} address={address} kind={kind} />
                </>
              }
            />
          </div>
          {state.chart.length > 0 && address.isReady && !look && (
            <Suspense fallback={<Skeleton rows={4} />}>
              <ListChartCard resource={resource} address={address} />
            </Suspense>
          )}
          <div className="x-card x-list-card" ref={card} aria-label={lookLabels[kind]}>
            {isSheet && !trouble ? (
              <Suspense fallback={<Skeleton rows={10} />}>
                <SheetList
                  resource={resource}
                  columns={columns}
                  rows={rows}
                  titles={list.titles}
                  draft={draft}
                  setDraft={setDraft}
                  upTo={list.upTo}
                  onEnd={list.more}
                  footer={end}
                  instead={instead}
                />
              </Suspense>
            ) : instead ? (
              instead
            ) : look ? (
              <DeskLook resource={resource} address={address} columns={columns} look={look} current={peek} onOpen={setPeek} />
            ) : isGrouped ? (
              <GroupedList resource={resource} address={address} columns={columns} current={peek} onOpen={setPeek} />
            ) : (
              <RecordTable
                resource={resource}
                columns={columns}
                rows={rows}
                sort={state.sort}
                onSort={(sort) => set({ sort })}
                selected={selected}
                onSelect={setSelected}
                current={peek}
                onOpen={setPeek}
                onEnd={list.more}
                format={list.format}
                isFaded={pages.isPlaceholderData}
                foot={state.totals.length > 0 && <Totals resource={resource} address={address} columns={columns} />}
                footer={end}
              />
            )}
          </div>
          {selected.size > 0 && !isSheet && !state.asOf && (
            <BatchBar
              resource={resource}
              rows={rows}
              selected={selected}
              columns={paths}
              isTrash={state.deleted}
              onDone={() => setSelected(nobody)}
            />
          )}
        </div>
        {peek && <Peek key={peek} resource={resource} id={peek} onClose={() => setPeek(null)} onPrevious={step(-1)} onNext={step(1)} />}
      </div>
    </TitlesProvider>
  )
}
