import type { IncidentItem } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { howLong } from '../parts/ago.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import './flows.css'

const whyWords: Record<IncidentItem['why'], string> = {
  nobodyFound: '找不到审批人',
  quorumImpossible: '人数不足，无法表决',
  serviceFailed: '系统调用失败',
  noMoment: '没有到期时间',
  due: '到时处理失败',
}
/** What nobody can act on: longest waiting first; each opens where it is repaired. */
export default function IncidentsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['incidents'],
    queryFn: ({ signal }) => api.get<IncidentItem[]>('/api/incidents', {}, signal),
    refetchInterval: 60_000,
  })
  return (
    <div className="x-page">
      <PageHead title="流程异常" hint={data?.length ? `${data.length} 件` : null} />
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={4} />
        ) : data.length === 0 ? (
          <Notice kind="empty" title="没有停滞的审批" text="找不到审批人、人数不足或系统调用失败的审批会列在这里。" />
        ) : (
          <ul className="x-entries">
            {data.map((one) => (
              <li key={`${one.instance} ${one.entry}`}>
                <p>
                  <Link to={`/approvals/${one.instance}`}>{one.title}</Link> <Tag tone="bad">{whyWords[one.why]}</Tag>
                </p>
                <small>
                  {one.number} · {one.flowLabel} · {one.stepLabel} · 已停 {howLong(one.since)}
                  {one.problem && ` · ${one.problem}`}
                </small>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
