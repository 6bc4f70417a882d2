import { PlusOutlined } from '@ant-design/icons'
import type { FlowDesignItem } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { ago } from '../../parts/ago.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../../parts/states.tsx'
import { Tag } from '../../parts/tag.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import { ImportFlow } from './import-flow.tsx'
import { NewFlow } from './new-flow.tsx'
import { designsKey } from './use-design.ts'
import './designs.css'

/** 流程设计: every flow, what of it is in force, and who draws it. */
export default function DesignsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: designsKey,
    queryFn: ({ signal }) => api.get<FlowDesignItem[]>('/api/flow-designs', {}, signal),
    staleTime: 0,
  })
  const isPhone = useIsPhone()
  const [get, put] = useAddress()
  const [isMaking, setMaking] = useState(false)
  const search = get('q').trim()
  const found = data?.filter((one) => [one.label, one.flow, ...one.resources.map(({ label }) => label)].some((text) => text.includes(search)))
  return (
    <div className="x-page">
      <PageHead title="流程设计" hint={data && `${data.length} 个`} acts={isPhone ? null : <Acts onNew={() => setMaking(true)} />} />
      <div className="x-list-bar">
        <Input.Search allowClear placeholder="流程或表单" aria-label="查找流程" defaultValue={search} onChange={(event) => put({ q: event.target.value })} />
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !found ? (
        <Skeleton rows={8} />
      ) : found.length === 0 ? (
        <Notice kind="empty" title={search ? `没有找到“${search}”` : '还没有流程'} text="流程规定一种申请由谁、按什么次序审批。" />
      ) : isPhone ? (
        <ul className="x-card x-designs-phone">
          {found.map((one) => (
            <PhoneRow key={one.flow} item={one} />
          ))}
        </ul>
      ) : (
        <Table items={found} />
      )}
      {isMaking && data && <NewFlow flows={data} onClose={() => setMaking(false)} />}
    </div>
  )
} // prettier-ignore

const to = (flow: string): string => `/flows/design/${encodeURIComponent(flow)}`
function Table({ items }: { items: readonly FlowDesignItem[] }) {
  return (
    <div className="x-card x-designs">
      <table>
        <thead>
          <tr>
            <th>流程</th>
            <th>用于</th>
            <th>生效版本</th>
            <th>发布</th>
            <th>草稿</th>
            <th className="right">进行中</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.flow}>
              <td>
                <Link to={to(one.flow)}>{one.label}</Link>
                <Origin item={one} />
              </td>
              <td title={typesOf(one)}>{typesOf(one) || <span className="x-faint">尚未搭配</span>}</td>
              <td>{one.version === null ? <Tag tone="neutral">未发布</Tag> : `第 ${one.version} 版`}</td>
              <td>
                {one.publishedAt ? `${one.publishedBy ?? '系统'} · ${ago(one.publishedAt)}` : <span className="x-faint">随系统</span>}
              </td>
              <td>{one.draft && <Tag tone="warn">{`${one.draft.by} · ${ago(one.draft.at)}`}</Tag>}</td>
              <td className="right">{one.running || <span className="x-faint">0</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
const typesOf = (item: FlowDesignItem): string => item.resources.map(({ label }) => label).join('、')
function Origin({ item }: { item: FlowDesignItem }) {
  return (
    <>
      {item.from === 'hospital' && <Tag tone="info" icon={false}>本院</Tag>}
      {item.programChanged && <Tag tone="warn">系统原版有更新</Tag>}
    </>
  )
} // prettier-ignore
function PhoneRow({ item }: { item: FlowDesignItem }) {
  return (
    <li>
      <Link to={to(item.flow)}>
        <b>{item.label}</b> <Origin item={item} />
        <small>
          {[typesOf(item), item.version === null ? '未发布' : `第 ${item.version} 版`, item.running ? `${item.running} 件进行中` : ''].filter(Boolean).join(' · ')}
        </small>
        {item.draft && <Tag tone="warn">{`草稿：${item.draft.by} · ${ago(item.draft.at)}`}</Tag>}
      </Link>
    </li>
  )
} // prettier-ignore

/** A new flow, or one that another hospital wrote into a file. */
function Acts({ onNew }: { onNew: () => void }) {
  return (
    <>
      <ImportFlow />
      <Button type="primary" icon={<PlusOutlined />} onClick={onNew}>
        新建流程
      </Button>
    </>
  )
}
