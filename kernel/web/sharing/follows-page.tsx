import { formatInstant, type FollowItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import './sharing.css'

/** 我关注的: the records whose changes I am told. */
export default function FollowsPage() {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { data, error, refetch } = useQuery({
    queryKey: ['follows'],
    queryFn: async ({ signal }) => (await api.get<{ follows: FollowItem[] }>('/api/follows', {}, signal)).follows,
  })
  async function end({ resource, record }: FollowItem) {
    try {
      await api.delete(`/api/records/${resource}/${record}/follow`)
      void client.invalidateQueries({ queryKey: keys.record(resource, record) })
      await refetch()
    } catch (fault) {
      void message.error(messageOf(fault))
    }
  }
  return (
    <div className="x-page">
      <PageHead title="我关注的" hint="别人改动后会发消息给您" />
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={4} />
        ) : data.length === 0 ? (
          <Notice kind="empty" title="还没有关注的记录" text="打开一条记录，点标题旁的星即可关注。" />
        ) : (
          <ul className="x-shares">
            {data.map((one) => (
              <li key={one.record}>
                <div>
                  {one.title === null ? (
                    <span className="x-muted">（已删除，或已无权查看）</span>
                  ) : (
                    <Link className="x-share-title" to={`/r/${one.resource}/${one.record}`}>
                      {one.title}
                    </Link>
                  )}
                  <small>
                    {one.resourceLabel} · {formatInstant(one.at)} 起关注
                  </small>
                </div>
                <Button size="small" onClick={() => void end(one)}>
                  不再关注
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
