import { noticeKinds, type NoticeStatistic } from '#model'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { DaySpan, spanOf } from '../parts/day-span.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useAddress } from '../parts/use-address.ts'
import { noticeKeys } from './hooks.ts'

const share = (part: number, of: number): string => (of ? `${Math.round((part / of) * 100)}%` : '—')
/** 统计: what was published, hospital and units apart, and how far it was read. */
export function NoticeStatistics() {
  const [get, put] = useAddress()
  const span = spanOf(get, 90)
  const { data, error, refetch } = useQuery({
    queryKey: [...noticeKeys.all, 'statistics', span],
    queryFn: ({ signal }) => api.get<NoticeStatistic[]>('/api/notices/statistics', span, signal),
  })
  return (
    <>
      <div className="x-list-bar">
        <DaySpan label="发布日期" span={span} onChange={put} />
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={6} />
      ) : data.length === 0 ? (
        <div className="x-card">
          <Notice kind="empty" title="这段时间没有发布过通知" />
        </div>
      ) : (
        (['hospital', 'unit'] as const).map((kind) => <Table key={kind} label={noticeKinds[kind]} rows={data.filter((row) => row.kind === kind)} />)
      )}
    </>
  )
} // prettier-ignore

function Table({ label, rows }: { label: string; rows: readonly NoticeStatistic[] }) {
  if (rows.length === 0) return null
  const sum = (key: 'notices' | 'readers' | 'read' | 'comments') => rows.reduce((total, row) => total + row[key], 0)
  const line = (name: string, of: Pick<NoticeStatistic, 'notices' | 'readers' | 'read' | 'comments'>) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      <td>{of.notices}</td>
      <td>{of.readers}</td>
      <td>{of.read}</td>
      <td>{share(of.read, of.readers)}</td>
      <td>{of.comments}</td>
    </tr>
  )
  return (
    <section className="x-card x-counted n-table" aria-label={label}>
      <table>
        <thead>
          <tr>
            {[label, '通知', '应读人次', '已读人次', '阅读率', '评论'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{rows.map((row) => line(row.unitName, row))}</tbody>
        <tfoot>{line('合计', { notices: sum('notices'), readers: sum('readers'), read: sum('read'), comments: sum('comments') })}</tfoot>
      </table>
    </section>
  )
} // prettier-ignore
