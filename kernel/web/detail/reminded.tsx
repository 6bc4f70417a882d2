import { formatInstant, type RecordReminded } from '#model'
import { api } from '../api/client.ts'
import { useQuery } from '@tanstack/react-query'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'

const few = 5
/** 提醒: who was told of this record, when, by which reminder. */
export function Reminded({ resource, id }: { resource: string; id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['reminded', resource, id],
    queryFn: ({ signal }) => api.get<RecordReminded[]>(`/api/records/${resource}/${id}/reminded`, {}, signal),
    staleTime: 0,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  if (!data.length) return <Notice kind="empty" title="这条记录还没有提醒过谁" />
  return (
    <ol className="x-card x-history">
      {data.map((one) => (
        <li key={`${one.at} ${one.reminder} ${one.stage}`}>
          <div className="x-row">
            <b>{one.reminder}</b>
            {one.stage > 0 && <Tag tone="warn">{`升级 ${one.stage}`}</Tag>}
            <span>
              {one.people.slice(0, few).join('、')}
              {one.people.length > few && ` 等 ${one.people.length} 人`}
            </span>
            <span className="x-space" />
            <time className="x-faint x-small" dateTime={one.at}>
              {formatInstant(one.at)}
            </time>
          </div>
        </li>
      ))}
    </ol>
  )
}
