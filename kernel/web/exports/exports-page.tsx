import { exportDays } from '#model'
import { Link } from 'react-router'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { ExportActs, HowFar, StateTag, Words } from './export-parts.tsx'
import { useExports } from './use-exports.ts'
import './exports.css'

/** 我的导出: what goes on in the background, and the files that it brought. */
export default function ExportsPage() {
  const catalog = useCatalog()
  const { data, error, refetch } = useExports()
  return (
    <div className="x-page">
      <PageHead title="我的导出" hint={`只有自己能下载，文件保留 ${exportDays} 天`} />
      <div className="x-card">
        {error && !data ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={4} />
        ) : data.length === 0 ? (
          <Notice kind="empty" title="还没有后台导出" text="列表记录较多时，导出会转到后台进行，进度和文件都在这里。" />
        ) : (
          <ul className="x-exports">
            {data.map((job) => (
              <li key={job.id}>
                <div>
                  <span className="x-export-title">
                    {catalog.resource(job.resource) ? <Link to={`/r/${job.resource}`}>{job.resourceLabel}</Link> : job.resourceLabel}
                    <StateTag job={job} />
                  </span>
                  <HowFar job={job} />
                  {job.note && <span className="x-problem">{job.note}</span>}
                  <small>
                    <Words job={job} />
                  </small>
                </div>
                <ExportActs job={job} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
