import { formatInstant, type SealUse } from '#model'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { More } from '../parts/more.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import './flows.css'

/** 用印登记: what was sealed, with which seal, by whom; kept for good. */
export default function SealsPage() {
  const paged = useInfiniteQuery({
    queryKey: ['seal-uses'],
    queryFn: ({ pageParam, signal }) => api.get<SealUse[]>('/api/seal-uses', { before: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length === 100 ? page.at(-1)!.id : undefined),
    select: ({ pages }) => pages.flat(),
  })
  const { data, error, refetch } = paged
  return (
    <div className="x-page">
      <PageHead title="用印登记" />
      <div className="x-card x-seals">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={4} />
        ) : data.length === 0 ? (
          <Notice kind="empty" title="还没有用印" text="审批中的盖章步骤办理后登记在这里。" />
        ) : (
          <ul className="x-entries">
            {data.map((use) => (
              <li key={use.id}>
                <p>
                  <b>{use.seal}</b> {use.copies} 份 · <Link to={`/approvals/${use.instance}`}>{use.title}</Link>
                </p>
                <small>
                  {formatInstant(use.at)} · {use.number} · {use.personName}
                  {use.actor !== use.person && `（${use.actorName} 代）`}
                  {use.note && ` · ${use.note}`}
                </small>
              </li>
            ))}
          </ul>
        )}
        <More of={paged} />
      </div>
    </div>
  )
}
