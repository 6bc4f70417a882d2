import { formatInstant, type NoticeReaders } from '#model'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Input, Progress, Segmented } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { More } from '../parts/more.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { noticeKeys } from './hooks.ts'

/** 阅读情况: who read it when, newest first; who has not; those who are watched. */
export function Readers({ id }: { id: string }) {
  const [view, setView] = useState('read')
  const [q, setQ] = useState('')
  const paged = useInfiniteQuery({
    queryKey: [...noticeKeys.readers(id), view, q],
    queryFn: ({ pageParam, signal }) => api.get<NoticeReaders>(`/api/notices/${id}/readers`, { view, q, before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  const { data, error, refetch } = paged
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  const { total, read, readToday, watched, watchedRead } = data.pages[0]!
  const rows = data.pages.flatMap((page) => page.rows)
  const views = [
    { value: 'read', label: `已读 ${read}` },
    { value: 'unread', label: `未读 ${total - read}` },
    ...(watched ? [{ value: 'watched', label: `特别关注 ${watchedRead}/${watched}` }] : []),
  ]
  return (
    <>
      <div className="n-sums">
        <Progress percent={total ? Math.round((read / total) * 100) : 0} />
        <p>
          {total} 人，已读 {read} 人，今天 {readToday} 人
        </p>
      </div>
      <div className="x-list-bar">
        <Segmented options={views} value={view} onChange={setView} />
        <Input.Search allowClear placeholder="姓名、工号" aria-label="查找人员" onSearch={(text) => setQ(text.trim())} />
      </div>
      {rows.length === 0 ? (
        <Notice kind="empty" title={q ? '没有这个人' : view === 'read' ? '还没有人读过' : '都读过了'} />
      ) : (
        <ol className="n-readers">
          {rows.map((row) => (
            <li key={row.person}>
              <b>{row.personName}</b> <span className="x-faint">{row.unitName}</span> {row.watched && <Tag tone="info">关注</Tag>}
              {row.readAt ? <time dateTime={row.readAt}>{formatInstant(row.readAt)}</time> : <span className="x-faint">未读</span>}
            </li>
          ))}
        </ol>
      )}
      <More of={paged} />
    </>
  )
} // prettier-ignore
