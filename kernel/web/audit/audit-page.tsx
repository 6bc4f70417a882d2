import type { AuditItem } from '#model'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, DatePicker, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { PersonPicker } from '../fields/record-picker.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { actOptions } from './act-labels.ts'
import { Assurance } from './assurance.tsx'
import { EntryList, EntryTable, outcomes } from './entries.tsx'
import { Verify } from './verify.tsx'
import './audit.css'

interface Page {
  rows: AuditItem[]
  next: string | null
}
type Asked = Record<string, string | undefined>

/** The security audit officer's page: every entry, and the proof that nobody changed them. */
export default function AuditPage() {
  const [asked, setAsked] = useState<Asked>({})
  return (
    <div className="x-page">
      <PageHead title="审计日志" hint="业务内容已脱敏" />
      <Assurance />
      <Verify />
      <Filters asked={asked} put={(part) => setAsked({ ...asked, ...part })} />
      <Entries asked={asked} />
    </div>
  )
}

function Filters({ asked, put }: { asked: Asked; put: (part: Asked) => void }) {
  return (
    <div className="x-card a-ask">
      <div className="a-person">
        <PersonPicker value={asked['actor'] ?? null} onChange={(id) => put({ actor: id ?? undefined })} placeholder="人员" />
      </div>
      <Select
        placeholder="操作"
        aria-label="操作"
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        options={actOptions}
        onChange={(act?: string) => put({ act })}
      />
      <Select
        placeholder="结果"
        aria-label="结果"
        allowClear
        options={Object.entries(outcomes).map(([value, [label]]) => ({ value, label }))}
        onChange={(outcome?: string) => put({ outcome })}
      />
      <DatePicker.RangePicker
        aria-label="日期"
        classNames={{ popup: { root: 'a-days' } }}
        onChange={(days) => put({ from: days?.[0]?.format('YYYY-MM-DD'), to: days?.[1]?.format('YYYY-MM-DD') })}
      />
    </div>
  )
}

function Entries({ asked }: { asked: Asked }) {
  const isPhone = useIsPhone()
  const query = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam, signal }) => api.get<Page>('/api/audit', { ...asked, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
  const rows = query.data?.pages.flatMap((p) => p.rows) ?? []
  return (
    <div className="x-card">
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton rows={10} />
      ) : rows.length === 0 ? (
        <Notice kind="empty" title="没有符合条件的日志" />
      ) : isPhone ? (
        <EntryList rows={rows} />
      ) : (
        <EntryTable rows={rows} />
      )}
      {query.hasNextPage && (
        <p className="a-more">
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            加载更多
          </Button>
        </p>
      )}
    </div>
  )
}
