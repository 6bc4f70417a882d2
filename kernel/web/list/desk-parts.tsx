import { DownOutlined, MoreOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import type { ClientResource } from '#model'
import { Button, Dropdown, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { useComposedText } from '../fields/use-composed-text.ts'
import { Notice } from '../parts/states.tsx'
import { ShareDialog } from '../sharing/share-dialog.tsx'
import { mayMerge } from './batch-bar.tsx'
import { useExport } from './export.ts'
import { TotalCells, wordsSpan } from './groups/total-cells.tsx'
import { useSummary } from './groups/use-summary.ts'
import { fewLetters } from './filter-tree.ts'
import { fewestTyped, type ListAddress } from './list-address.ts'
import type { Columns } from './use-columns.ts'

export function Acts({ resource, address, paths }: { resource: ClientResource; address: ListAddress; paths: string[] }) {
  const navigate = useNavigate()
  const { run, isBusy } = useExport(resource)
  const [isSharing, setSharing] = useState(false)
  const { state, effective, set } = address
  const { today } = useMe()
  const asked = {
    filter: effective,
    search: state.search,
    sort: state.sort,
    columns: paths,
    deleted: state.deleted,
    ...(state.asOf ? { asOf: state.asOf } : {}),
  }
  const more = [
    ...(mayMerge(resource) ? [{ key: 'same', label: '查找重复', onClick: () => void navigate(`/r/${resource.name}/duplicates`) }] : []),
    ...(resource.may.create && resource.writtenBy !== 'module'
      ? [{ key: 'share', label: '分享空白表单', onClick: () => setSharing(true) }]
      : []),
    ...(resource.timeline && !state.deleted
      ? [{ key: 'asOf', label: '看某一天的情况', onClick: () => set({ asOf: today, look: '' }) }]
      : []),
    ...(resource.may.delete && !state.asOf
      ? [{ key: 'bin', label: state.deleted ? '离开回收站' : '回收站', onClick: () => set({ deleted: !state.deleted }) }]
      : []),
  ]
  return (
    <>
      {resource.may.import && !state.asOf && <Button onClick={() => void navigate(`/import/${resource.name}`)}>导入</Button>}
      {resource.may.export && (
        <Dropdown
          disabled={!address.isReady}
          menu={{
            items: [
              { key: 'xlsx', label: 'Excel 表格（xlsx）', onClick: () => void run({ ...asked, format: 'xlsx' }) },
              { key: 'csv', label: '文本表格（csv）', onClick: () => void run({ ...asked, format: 'csv' }) },
              { key: 'pdf', label: '打印列表（pdf）', onClick: () => void run({ ...asked, format: 'pdf' }) },
            ],
          }}
        >
          <Button loading={isBusy} disabled={!address.isReady}>
            导出 <DownOutlined style={{ fontSize: 10 }} />
          </Button>
        </Dropdown>
      )}
      {more.length > 0 && (
        <Dropdown menu={{ items: more }} trigger={['click']}>
          <Button icon={<MoreOutlined />} aria-label="更多" />
        </Dropdown>
      )}
      {isSharing && <ShareDialog resource={resource} records={[]} onClose={() => setSharing(false)} />}
      {resource.may.writeDirectly && resource.approval && !state.asOf && (
        <Button onClick={() => void navigate(`/r/${resource.name}/new?directly=1`)}>直接登记</Button>
      )}
      {resource.may.create && resource.writtenBy !== 'module' && !state.asOf && (
        <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(`/r/${resource.name}/new`)}>
          新建{resource.label}
        </Button>
      )}
    </>
  )
}

export function Totals({
  resource,
  address: { state, effective },
  columns,
}: {
  resource: ClientResource
  address: ListAddress
  columns: Columns
}) {
  const { search, deleted, asOf, totals } = state
  const { data, error } = useSummary(resource.name, { filter: effective, search, deleted, asOf, group: [], totals })
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

export function Search({ value, onSearch, resource }: { value: string; onSearch: (text: string) => void; resource: ClientResource }) {
  const { settled, input, set, text } = useComposedText(value, 300)
  const isShort = settled.trim() !== '' && [...settled.trim()].length < fewestTyped(resource)
  useEffect(() => {
    if (settled.trim() !== value && !isShort) onSearch(settled.trim())
    // Told when the words are finished, not when the address changes for another reason.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [settled])
  return (
    <Input
      {...input}
      type="search"
      status={isShort ? 'warning' : ''}
      suffix={isShort ? <small role="alert">{fewLetters}</small> : undefined}
      allowClear={text !== ''}
      onClear={() => set('')}
      prefix={<SearchOutlined className="x-faint" />}
      placeholder="名称、拼音首字母、编号"
      aria-label={`搜索${resource.label}`}
      style={{ width: 240 }}
    />
  )
}

export function SortWord({ resource, address: { state, set } }: { resource: ClientResource; address: ListAddress }) {
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

export function NothingFound({ resource, address: { effective, state, set } }: { resource: ClientResource; address: ListAddress }) {
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
