import { DownloadOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons'
import type { DesignItem, PublishingItem } from '#model'
import { designKinds } from '#kernel/model/designs/index.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, askFile } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { saveFile } from '../list/export.ts'
import { ago } from '../parts/ago.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'
import { useLibraryHead } from '../library/hooks.ts'
import { OfferDialog } from '../library/offer-dialog.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { TrialCard } from '../trials/trial-card.tsx'
import { TrialDialog } from '../trials/trial-dialog.tsx'
import { useTrial } from '../trials/use-trial.ts'
import { ChooseBase } from './choose-base.tsx'
import { designPath, versionsPath } from './design-path.ts'
import { ImportDesigns } from './import-designs.tsx'
import { NewType } from './new-type.tsx'
import { isOver, Job, PublishDialog } from './publish-dialog.tsx'
import { ReleasesTab } from './releases-tab.tsx'
import { designsKey, useDesigns } from './use-studio.ts'
import '../flows/design/designs.css'
import './studio.css'

type Dialog = 'new' | 'base' | 'import' | 'try' | 'publish'
/** 应用搭建: everything that the hospital has made or said otherwise, what of it is in force, what waits to be published. */
export default function DesignsPage() {
  const { data, error, refetch } = useDesigns()
  const isPhone = useIsPhone()
  const [get, put] = useAddress()
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const tab = get('tab') === 'releases' ? 'releases' : 'pieces'
  const search = get('q').trim()
  const found = data?.items.filter(({ label, name }) => label.includes(search) || name.includes(search))
  const drafts = data?.items.filter(({ draft }) => draft) ?? []
  return (
    <div className="x-page">
      <PageHead title="应用搭建" hint={data && `${data.items.length} 个`} acts={isPhone ? <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog('new')}>新建</Button> : <Acts drafts={drafts.length} onOpen={setDialog} />} />
      <TabsLine tabs={[{ key: 'pieces', label: '定义' }, { key: 'releases', label: '发布记录' }]} shown={tab} onShow={(key) => put({ tab: key === 'pieces' ? '' : key })} />
      {tab === 'releases' ? <ReleasesTab /> : (
        <>
          <Running />
          <Tried />
          <div className="x-list-bar">
            <Input.Search allowClear placeholder="名称" aria-label="查找定义" defaultValue={search} onChange={(event) => put({ q: event.target.value })} />
          </div>
          {error ? <Failed error={error} retry={() => void refetch()} /> : !found ? <Skeleton rows={6} /> : found.length === 0 ? (
            <Notice kind="empty" title={search ? `没有找到“${search}”` : '还没有自己的定义'} text="新建一类记录，或在系统已有的记录上增加字段、改名称、改必填：不用写代码，发布后马上能用。" {...(search ? {} : { act: { label: '新建记录类型', run: () => setDialog('new') } })} />
          ) : isPhone ? (
            <ul className="x-card x-designs-phone">{found.map((one) => <li key={`${one.kind} ${one.name}`}><Link to={designPath(one)}><b>{one.label}</b><small>{designKinds[one.kind]} · {stateOf(one)}</small></Link></li>)}</ul>
          ) : <Table items={found} />}
        </>
      )}
      {dialog === 'new' && data && <NewType items={data.items} onClose={() => setDialog(null)} />}
      {dialog === 'base' && data && <ChooseBase offered={data.offered} onClose={() => setDialog(null)} />}
      {dialog === 'import' && <ImportDesigns onClose={() => setDialog(null)} />}
      {dialog === 'try' && <TrialDialog items={drafts} flush={() => Promise.resolve(0)} onClose={() => setDialog(null)} />}
      {dialog === 'publish' && <PublishDialog items={drafts} flush={() => Promise.resolve(0)} onClose={() => setDialog(null)} onDone={() => void refetch()} onFault={() => setDialog(null)} />}
    </div>
  )
} // prettier-ignore

const stateOf = (one: DesignItem): string => (one.isStopped ? '已停用' : one.version === null ? '未发布' : `第 ${one.version} 版`)
function Table({ items }: { items: readonly DesignItem[] }) {
  const onExport = useExport()
  const { data: library } = useLibraryHead()
  const [offered, setOffered] = useState<string | null>(null)
  return (
    <div className="x-card x-studio-table">
      <table>
        <thead><tr><th>名称</th><th>种类</th><th>生效版本</th><th>草稿</th><th /></tr></thead>
        <tbody>
          {items.map((one) => (
            <tr key={`${one.kind} ${one.name}`}>
              <td>
                <Link to={designPath(one)}>{one.label}</Link>
                {one.resting && <Tag tone="bad">不适用当前系统版本，未生效</Tag>}
                {one.conflicts > 0 && <Tag tone="warn">{`系统升级后有 ${one.conflicts} 处待确认`}</Tag>}
              </td>
              <td>{designKinds[one.kind]}</td>
              <td>{one.version === null ? <Tag tone="neutral">{stateOf(one)}</Tag> : stateOf(one)}</td>
              <td>{one.draft && <Tag tone="warn">{`${one.draft.by} · ${ago(one.draft.at)}`}</Tag>}</td>
              <td className="right">
                {one.version !== null && <button type="button" className="x-link" onClick={() => void onExport([one.name])}>导出</button>}
                {one.version !== null && <button type="button" className="x-link" disabled={!library} onClick={() => setOffered(one.name)}>共享到表单库</button>}
                {one.kind === 'type' && one.version !== null && <Link to={`/r/${one.name}`}>打开台账</Link>}
                {one.kind === 'page' && (one.version !== null || one.isStopped) && <Link to={versionsPath(one)}>版本</Link>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {offered !== null && library && <OfferDialog name={offered} connection={library.connection} onClose={() => setOffered(null)} />}
    </div>
  )
} // prettier-ignore
/** Takes definitions away as a file: these, or all where none is named. */
function useExport(): (names: readonly string[]) => Promise<void> {
  const { message } = App.useApp()
  return async (names) => {
    try {
      const { blob, name } = await askFile('POST', '/api/design-files/export', { body: { names } })
      saveFile(blob, name ?? '应用定义.json')
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
}
function Acts({ drafts, onOpen }: { drafts: number; onOpen: (dialog: Dialog) => void }) {
  const onExport = useExport()
  return (
    <>
      <Button icon={<UploadOutlined />} onClick={() => onOpen('import')}>导入</Button>
      <Button icon={<DownloadOutlined />} onClick={() => void onExport([])}>导出</Button>
      {drafts > 1 && <Button onClick={() => onOpen('try')}>一起试用</Button>}
      {drafts > 1 && <Button onClick={() => onOpen('publish')}>一起发布 {drafts} 个草稿</Button>}
      <Button onClick={() => onOpen('base')}>调整内置类型</Button>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => onOpen('new')}>新建记录类型</Button>
    </>
  )
} // prettier-ignore

/** What is tried at present. */
function Tried() {
  const { data } = useTrial()
  return data ? <TrialCard trial={data} mayEnd /> : null
}
/** Publishes on their way, whoever began them, and those that failed until somebody has taken note. */
function Running() {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { data } = useQuery({
    queryKey: [...designsKey, 'publishings'],
    queryFn: ({ signal }) => api.get<PublishingItem[]>('/api/publishings', {}, signal),
    refetchInterval: ({ state }) => (state.data?.some((one) => !isOver(one)) ? 1000 : 15_000),
  })
  const shown = data?.filter((one) => !isOver(one) || one.state === 'failed') ?? []
  const putAway = (id: string) =>
    api.post(`/api/publishings/${id}/stop`).then(
      () => client.invalidateQueries({ queryKey: [...designsKey, 'publishings'] }),
      (error: unknown) => void message.error(messageOf(error)),
    )
  if (shown.length === 0) return null
  return (
    <section className="x-card x-studio-running" aria-label="正在发布">
      {shown.map((one) => (
        <div key={one.id}>
          <b>{one.by}</b> {one.state === 'failed' ? `${ago(one.at)}发布` : '正在发布'}
          {one.note && `：${one.note}`}
          <Job job={one} />
          {one.state === 'failed' && (
            <Button size="small" onClick={() => void putAway(one.id)}>
              知道了
            </Button>
          )}
        </div>
      ))}
    </section>
  )
}
