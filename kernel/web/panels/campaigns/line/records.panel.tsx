import type { LineRecords } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api } from '../../../api/client.ts'
import '../../../campaigns/campaigns.css'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { definePanel } from '../../../pages.ts'
import { Failed, Notice, Skeleton } from '../../../parts/states.tsx'

/** What was filled in for a line. */
function Records({ id }: { resource: string; id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['campaigns', 'records', id],
    queryFn: ({ signal }) => api.get<LineRecords>(`/api/campaigns/lines/${id}/records`, {}, signal),
  })
  const catalog = useCatalog()
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={3} />
  const mayRead = catalog.resource(data.form)?.may.read === true
  return (
    <section className="x-card">
      {data.rows.length === 0 ? (
        <Notice kind="empty" title="没有填报的内容" />
      ) : (
        <ul className="x-briefs">
          {data.rows.map((one) => (
            <li key={one.id} className="x-brief">
              <b>{mayRead ? <Link to={`/r/${data.form}/${one.id}`}>{one.title}</Link> : one.title}</b>
              <span className="x-faint">
                {one.by} {one.at}
              </span>
            </li>
          ))}
        </ul>
      )}
      {data.approval && (
        <p className="c-approval">
          <Link to={`/approvals/${data.approval}`}>回写的变更申请</Link>
        </p>
      )}
    </section>
  )
}
export default definePanel({ label: '填报的内容', component: Records, right: 'campaigns.progress' })
