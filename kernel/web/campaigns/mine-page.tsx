import { formatInstant, lineStates, type AskedItem } from '#model'
import { Link } from 'react-router'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useMine } from './hooks.ts'
import './campaigns.css'

/** 我的填报: what somebody is asked to fill in, himself or for his unit; what still waits stands first. */
export default function MinePage() {
  const { data, error, refetch } = useMine()
  const isWaiting = ({ status, state }: AskedItem) => status === 'open' && state === 'running'
  return (
    <div className="x-page">
      <PageHead title="我的填报" />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={6} />
      ) : data.length === 0 ? (
        <div className="x-card">
          <Notice kind="empty" title="没有要您填报的任务" text="发给您本人或您负责科室的自查、承诺、登记会列在这里。" />
        </div>
      ) : (
        <>
          <Section title="待填报" rows={data.filter(isWaiting)} empty="都填完了" />
          <Section title="已填报和已截止" rows={data.filter((one) => !isWaiting(one))} />
          {data.length === 100 && <p className="x-faint">只列最近的 100 项</p>}
        </>
      )}
    </div>
  )
}
function Section({ title, rows, empty }: { title: string; rows: readonly AskedItem[]; empty?: string }) {
  if (rows.length === 0 && !empty) return null
  return (
    <section className="x-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="x-muted">{rows.length || ''}</span>
      </header>
      {rows.length === 0 ? (
        <p className="c-empty x-faint">{empty}</p>
      ) : (
        <ul className="x-briefs">
          {rows.map((row) => (
            <Row key={row.line} row={row} />
          ))}
        </ul>
      )}
    </section>
  )
}
function Row({ row }: { row: AskedItem }) {
  const { label, tone } = lineStates[row.status]
  const isOver = row.state === 'closed'
  return (
    <li>
      <Link to={`/campaigns/${row.line}`} className="x-brief">
        <b>
          {row.title}
          {row.forUnit && <span className="x-muted">（{row.forUnit}）</span>}
        </b>
        <span className="x-faint">
          {isOver ? '已截止' : row.isLate ? '已过截止时间' : '截止'} {formatInstant(row.closedAt ?? row.due)}
        </span>
        <Tag tone={isOver && row.status === 'open' ? 'bad' : tone}>{row.status === 'has' && row.records > 1 ? `${label} ${row.records} 份` : label}</Tag>
      </Link>
    </li>
  )
} // prettier-ignore
