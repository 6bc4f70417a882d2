import { FilterOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import type { ClientResource, Filter } from '#model'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Button } from 'antd'
import { Link } from 'react-router'
import PullToRefresh from 'antd-mobile/es/components/pull-to-refresh'
import 'antd-mobile/es/global'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Sheet, TitlesProvider } from '../fields/index.ts'
import { useComposedText } from '../fields/use-composed-text.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Notice, Skeleton } from '../parts/states.tsx'
import { BatchBar } from './batch-bar.tsx'
import { ConditionEditor, startOf } from './condition-editor.tsx'
import { operatorsOf, readTree, writeTree } from './filter-tree.ts'
import { filterFields } from './filter-fields.ts'
import { ConditionText } from './condition-text.tsx'
import { PhoneFoot, PhoneGroups } from './groups/phone-groups.tsx'
import { RecordCard } from './record-card.tsx'
import { useListAddress } from './list-address.ts'
import { ListFailed } from './slow-question.tsx'
import { useColumns } from './use-columns.ts'
import { countText, useList } from './use-list.ts'
import './phone-list.css'
import './record-table.css'
import './sentence.css'

const pullTexts: Record<string, string> = { pulling: '下拉刷新', canRelease: '松开刷新', refreshing: '正在刷新…', complete: '已是最新' }

export default function PhoneList({ resource }: { resource: ClientResource }) {
  const address = useListAddress(resource)
  const { columns } = useColumns(resource, resource.list.columns.length ? resource.list.columns : undefined, {
    paths: address.state.columns,
  })
  const paths = useMemo(() => columns.map((column) => column.path), [columns])
  const isGrouped = address.state.group.length > 0
  const { pages, rows, titles, more, count } = useList(resource, address, paths, !isGrouped)
  const [isFiltering, setFiltering] = useState(false)
  // Null while nothing is being chosen: a touch then opens.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null)
  const { state, set, trouble } = address
  const conditions = readTree(state.filter).parts.length
  const mayCreate = resource.may.create && resource.writtenBy !== 'module'
  const shownViews = [
    { name: '', label: '全部' },
    ...(resource.list.views ?? []),
    ...address.views.map(({ id, name }) => ({ name: id, label: name })),
  ]
  return (
    <TitlesProvider titles={titles}>
      <div className="x-page x-phone-list">
        <PageHead
          title={resource.label}
          hint={count && `${countText(count)} 条`}
          acts={
            rows.length > 0 && (
              <Button type="text" onClick={() => setChosen(chosen ? null : new Set())}>
                {chosen ? '取消' : '选择'}
              </Button>
            )
          }
        />
        <div className="x-phone-search">
          <PhoneSearch value={state.search} onSearch={(search) => set({ search })} />
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
        {trouble ? (
          <Notice kind="noRight" title={trouble} act={{ label: '显示全部', run: () => set({ view: '' }) }} />
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
                  isChosen={chosen?.has(row.id) ?? false}
                  onChoose={chosen ? () => setChosen(toggled(chosen, row.id)) : undefined}
                />
              ))}
            </ul>
            <Sentinel onSeen={more} />
            <p className="x-list-end">{pages.hasNextPage ? '正在载入…' : rows.length > 8 ? '没有更多了' : ''}</p>
          </PullToRefresh>
        )}
        {state.totals.length > 0 && !trouble && <PhoneFoot resource={resource} address={address} />}
        {chosen && chosen.size > 0 && (
          <BatchBar resource={resource} rows={rows} selected={chosen} columns={paths} isTrash={false} onDone={() => setChosen(null)} />
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

function PhoneSearch({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const { settled, input } = useComposedText(value, 350)
  useEffect(() => {
    onSearch(settled.trim())
    // oxlint-disable-next-line react/exhaustive-deps
  }, [settled])
  return (
    <label>
      <SearchOutlined aria-hidden />
      <input {...input} type="search" enterKeyHint="search" placeholder="名称、拼音首字母、编号" aria-label="搜索" />
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

interface FilterSheetProps {
  resource: ClientResource
  filter: Filter | null
  onChange: (filter: Filter | null) => void
  onClose: () => void
}
function FilterSheet({ resource, filter, onChange, onClose }: FilterSheetProps) {
  const catalog = useCatalog()
  const tree = readTree(filter)
  const [open, setOpen] = useState<string | null>(null)
  const quick = resource.list.filters ?? []
  const fields = filterFields(catalog, resource).sort((a, b) => rank(a.path) - rank(b.path))
  function rank(path: string): number {
    const at = quick.indexOf(path)
    return at < 0 ? 99 : at
  }
  return (
    <Sheet title="筛选" isTall onClose={onClose} act={{ label: '完成', run: onClose }}>
      <ul className="x-filter-sheet">
        {fields.map((found) => {
          const at = tree.parts.findIndex((part) => 'field' in part && part.field === found.path)
          const part = tree.parts[at]
          const condition = part && 'field' in part ? part : null
          const set = (next: NonNullable<typeof condition>) =>
            onChange(writeTree({ ...tree, parts: at < 0 ? [...tree.parts, next] : tree.parts.with(at, next) }))
          return (
            <li key={found.path}>
              <button
                type="button"
                className="x-sheet-option"
                aria-expanded={open === found.path}
                onClick={() => setOpen(open === found.path ? null : found.path)}
              >
                <span>{condition ? <ConditionText found={found} condition={condition} /> : found.label}</span>
                <small>{condition ? '' : '不限'}</small>
              </button>
              {open === found.path && (
                <div className="x-filter-sheet-editor">
                  <ConditionEditor
                    resource={resource}
                    mayChangeField={false}
                    condition={condition ?? startOf(found.path, operatorsOf(found.field))}
                    onChange={set}
                  />
                  {condition && (
                    <button
                      type="button"
                      className="x-link"
                      onClick={() => onChange(writeTree({ ...tree, parts: tree.parts.toSpliced(at, 1) }))}
                    >
                      不限
                    </button>
                  )}
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </Sheet>
  )
}
