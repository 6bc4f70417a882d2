import type { AuditItem } from '#model'
import { useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { More } from '../parts/more.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import type { Asked } from './ask.tsx'
import { EntryList, EntryTable } from './entries.tsx'

interface Page {
  rows: AuditItem[]
  next: string | null
}

/** Entries of the log as they were asked for, page by page, never counted. */
export function EntryStream({ asked, empty }: { asked: Asked; empty: string }) {
  const isPhone = useIsPhone()
  const query = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam, signal }) => api.get<Page>('/api/audit', { ...asked, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    // Each look stands in the log: none that nobody took.
    refetchOnWindowFocus: false,
  })
  const rows = query.data?.pages.flatMap((p) => p.rows) ?? []
  return (
    <div className="x-card">
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton rows={10} />
      ) : rows.length === 0 ? (
        <Notice kind="empty" title={empty} />
      ) : isPhone ? (
        <EntryList rows={rows} />
      ) : (
        <EntryTable rows={rows} />
      )}
      <More of={query}>加载更多</More>
    </div>
  )
}
