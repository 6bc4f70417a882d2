import { formatInstant, type GrantedRecord } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { ShareList } from './share-list.tsx'

const tabs = [
  { key: 'mine', label: '我的分享' },
  { key: 'given', label: '分享给我的' },
] as const

/** What I have given out by link, and what colleagues opened to me. */
export default function MySharesPage() {
  const [tab, setTab] = useState<'mine' | 'given'>(() => (location.hash === '#given' ? 'given' : 'mine'))
  return (
    <div className="x-page">
      <PageHead title="我的分享" />
      <div className="x-tabs-line" role="tablist">
        {tabs.map(({ key, label }) => (
          <button key={key} type="button" role="tab" aria-selected={tab === key} onClick={() => setTab(key)}>
            {label}
          </button>
        ))}
      </div>
      <div className="x-card">{tab === 'mine' ? <ShareList which="mine" /> : <GivenToMe />}</div>
    </div>
  )
}

function GivenToMe() {
  const catalog = useCatalog()
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['given-records'],
    queryFn: async ({ signal }) => (await api.get<{ records: GrantedRecord[] }>('/api/given-records', {}, signal)).records,
  })
  // How a type looks that was not open to me before.
  const isNew = data?.some(({ resource }) => !catalog.resource(resource)) === true
  useEffect(() => {
    if (isNew) void client.invalidateQueries({ queryKey: ['definitions'] })
  }, [client, isNew])
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  if (data.length === 0) return <Notice kind="empty" title="还没有人与您分享记录" text="同事单独分享给您的记录列在这里，到期自动收回。" />
  return (
    <ul className="x-shares">
      {data.map((one) => (
        <li key={one.id}>
          <div>
            <Link className="x-share-title" to={`/r/${one.resource}/${one.record}`}>
              {one.title}
            </Link>
            <small>
              {one.resourceLabel} · {one.byName} 于 {formatInstant(one.at)} 分享 · 可以{one.level === 'update' ? '查看和修改' : '查看'}，至{' '}
              {one.until}
              {one.reason && ` · ${one.reason}`}
            </small>
          </div>
        </li>
      ))}
    </ul>
  )
}
