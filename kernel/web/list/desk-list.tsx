import { DownOutlined, MoreOutlined, PlusOutlined, SearchOutlined, TableOutlined } from '@ant-design/icons'
import type { ClientResource } from '#model'
import { Button, Dropdown, Input } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { messageOf } from '../api/problem.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { useComposedText } from '../fields/use-composed-text.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Notice, Skeleton } from '../parts/states.tsx'
import { useUnsaved } from '../shell/page-context.tsx'
import { BatchBar, mayMerge } from './batch-bar.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import { useExport } from './export.ts'
import { GroupChooser } from './groups/group-chooser.tsx'
import { GroupedList } from './groups/grouped-list.tsx'
import { TotalCells, wordsSpan } from './groups/total-cells.tsx'
import { useSummary } from './groups/use-summary.ts'
import { useListAddress, type ListAddress } from './list-address.ts'
import { ShareDialog } from '../sharing/share-dialog.tsx'
import { Peek } from './peek.tsx'
import { RecordTable } from './record-table.tsx'
import { FilterSentence } from './sentence.tsx'
import { cellsIn, noDraft } from './sheet/staged.ts'
import { ListFailed } from './slow-question.tsx'
import { useColumns, type Columns } from './use-columns.ts'
import { countText, useList } from './use-list.ts'
import { ViewsBar } from './views/views-bar.tsx'
import './list.css'

const SheetList = lazy(() => import('./sheet/sheet-list.tsx'))
const nobody: ReadonlySet<string> = new Set()

export default function DeskList({ resource }: { resource: ClientResource }) {
  const address = useListAddress(resource)
  const { state, set, saved, trouble } = address
  const columns = useColumns(resource, undefined, {
    paths: state.columns,
    set: saved || state.columns.length ? (next) => set({ columns: next }) : undefined,
  })
  const paths = useMemo(() => columns.columns.map((column) => column.path), [columns.columns])
  const isGrouped = state.group.length > 0
  const [wantsSheet, setSheet] = useState(false)
  const maySheet = resource.may.update && resource.writtenBy !== 'module' && !state.deleted && !isGrouped
  const isSheet = wantsSheet && maySheet
  const [draft, setDraft] = useState(noDraft)
  const staged = cellsIn(draft.staged).length
  useUnsaved(staged > 0)
  const list = useList(resource, address, paths, !isGrouped)
  const [selection, setSelection] = useState({ of: '', ids: nobody })
  const [peek, setPeek] = useState<string | null>(null)
  const { pages, rows, count, total } = list
  // What is no longer shown is no longer meant.
  const shown = JSON.stringify([address.effective, state.search, state.deleted])
  const selected = selection.of === shown ? selection.ids : nobody
  const setSelected = (ids: ReadonlySet<string>) => setSelection({ of: shown, ids })

  const tools = (
    <>
      <Search value={state.search} onSearch={(search) => set({ search })} label={resource.label} />
      {maySheet && (
        <Button icon={<TableOutlined />} type={isSheet ? 'primary' : 'default'} aria-pressed={isSheet} onClick={() => setSheet(!isSheet)}>
          {staged > 0 && !isSheet ? `表格编辑（${staged} 格未保存）` : '表格编辑'}
        </Button>
      )}
      <GroupChooser resource={resource} address={address} />
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
  ) : isGrouped ? null : pages.isPending ? (
    <Skeleton rows={10} />
  ) : pages.error && rows.length === 0 ? (
    <ListFailed error={pages.error} address={address} retry={() => void pages.refetch()} />
  ) : rows.length === 0 ? (
    <NothingFound resource={resource} address={address} />
  ) : null
  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === peek)
    const next = rows[at + by]
    return at >= 0 && next ? () => setPeek(next.id) : undefined
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
          <ViewsBar resource={resource} address={address} columns={paths}>
            {tools}
          </ViewsBar>
          <div className="x-views">
            <FilterSentence
              resource={resource}
              filter={state.filter}
              onChange={(filter) => set({ filter })}
              tail={<SortWord resource={resource} address={address} />}
            />
          </div>
          <div className="x-card x-list-card">
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
                isFaded={pages.isPlaceholderData}
                foot={state.totals.length > 0 && <Totals resource={resource} address={address} columns={columns} />}
                footer={end}
              />
            )}
          </div>
          {selected.size > 0 && !isSheet && (
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

function Acts({ resource, address, paths }: { resource: ClientResource; address: ListAddress; paths: string[] }) {
  const navigate = useNavigate()
  const { run, isBusy } = useExport(resource)
  const [isSharing, setSharing] = useState(false)
  const { state, effective, set } = address
  const asked = { filter: effective, search: state.search, sort: state.sort, columns: paths }
  const more = [
    { key: 'print', label: '打印', onClick: () => window.print() },
    ...(mayMerge(resource) ? [{ key: 'same', label: '查找重复', onClick: () => void navigate(`/r/${resource.name}/duplicates`) }] : []),
    ...(resource.may.create && resource.writtenBy !== 'module'
      ? [{ key: 'share', label: '分享空白表单', onClick: () => setSharing(true) }]
      : []),
    ...(resource.may.delete
      ? [{ key: 'bin', label: state.deleted ? '离开回收站' : '回收站', onClick: () => set({ deleted: !state.deleted }) }]
      : []),
  ]
  return (
    <>
      {resource.may.import && <Button onClick={() => void navigate(`/import/${resource.name}`)}>导入</Button>}
      {resource.may.export && (
        <Dropdown
          menu={{
            items: [
              { key: 'xlsx', label: 'Excel 表格（xlsx）', onClick: () => void run({ ...asked, format: 'xlsx' }) },
              { key: 'csv', label: '文本表格（csv）', onClick: () => void run({ ...asked, format: 'csv' }) },
            ],
          }}
        >
          <Button loading={isBusy}>
            导出 <DownOutlined style={{ fontSize: 10 }} />
          </Button>
        </Dropdown>
      )}
      <Dropdown menu={{ items: more }} trigger={['click']}>
        <Button icon={<MoreOutlined />} aria-label="更多" />
      </Dropdown>
      {isSharing && <ShareDialog resource={resource} records={[]} onClose={() => setSharing(false)} />}
      {resource.may.create && resource.writtenBy !== 'module' && (
        <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(`/r/${resource.name}/new`)}>
          新建{resource.label}
        </Button>
      )}
    </>
  )
}

function Totals({
  resource,
  address: { state, effective },
  columns,
}: {
  resource: ClientResource
  address: ListAddress
  columns: Columns
}) {
  const { search, deleted, totals } = state
  const { data, error } = useSummary(resource.name, { filter: effective, search, deleted, group: [], totals })
  const span = wordsSpan(columns, totals)
  const all = data?.groups[0]
  return (
    <tr>
      <td colSpan={span + 1}>
        {all ? `全部 ${all.count.toLocaleString('zh-CN')} 条` : error ? `没有汇总：${messageOf(error)}` : '正在汇总…'}
      </td>
      <TotalCells columns={columns} totals={totals} values={all?.totals ?? []} from={span} />
      <td />
    </tr>
  )
}

function Search({ value, onSearch, label }: { value: string; onSearch: (text: string) => void; label: string }) {
  const { settled, input, set, text } = useComposedText(value, 300)
  useEffect(() => {
    onSearch(settled.trim())
    // Told when the words are finished, not when the address changes for another reason.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [settled])
  return (
    <Input
      {...input}
      type="search"
      allowClear={text !== ''}
      onClear={() => set('')}
      prefix={<SearchOutlined className="x-faint" />}
      placeholder="名称、拼音首字母、编号"
      aria-label={`搜索${label}`}
      style={{ width: 240 }}
    />
  )
}

function SortWord({ resource, address: { state, set } }: { resource: ClientResource; address: ListAddress }) {
  const catalog = useCatalog()
  const words = state.sort.map((key) => `${catalog.find(resource, key.replace(/^-/, ''))?.label ?? key} ${key.startsWith('-') ? '↓' : '↑'}`)
  const isUsual = state.sort.join() === (resource.list.sort ?? []).join()
  return words.length ? (
    <span className="x-sort x-faint">
      按 <b>{words.join('、')}</b> 排序
      {!isUsual && (
        <button type="button" className="x-link x-small" onClick={() => set({ sort: [...(resource.list.sort ?? [])] })}>
          还原
        </button>
      )}
    </span>
  ) : null
}

function NothingFound({ resource, address: { effective, state, set } }: { resource: ClientResource; address: ListAddress }) {
  const navigate = useNavigate()
  if (effective || state.search)
    return (
      <Notice
        kind="empty"
        title="没有符合条件的记录"
        text="可以减少条件，或检查搜索的文字。"
        act={{ label: '清除全部条件', run: () => set({ filter: null, search: '', view: '' }) }}
      />
    )
  if (state.deleted) return <Notice kind="empty" title="回收站是空的" text="删除的记录在这里保留，可以恢复。" />
  const mayCreate = resource.may.create && resource.writtenBy !== 'module'
  return (
    <Notice
      kind="empty"
      title={`还没有${resource.label}`}
      text={mayCreate ? (resource.may.import ? '可以新建一条，也可以从表格导入。' : '新建第一条。') : '有了之后会显示在这里。'}
      act={mayCreate ? { label: `新建${resource.label}`, run: () => void navigate(`/r/${resource.name}/new`) } : undefined}
    />
  )
}
