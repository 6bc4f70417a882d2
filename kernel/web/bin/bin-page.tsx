import { formatInstant, type BinAnswer, type BinItem } from '#model'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { forgetRecord } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { PersonPicker } from '../fields/index.ts'
import { More } from '../parts/more.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import './bin.css'

/** What was deleted, by whom and when, over all kinds; brought back from here. */
export default function BinPage() {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [resource, setResource] = useState<string | undefined>()
  const [by, setBy] = useState<string | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const paged = useInfiniteQuery({
    queryKey: ['bin', resource, by],
    queryFn: ({ pageParam, signal }) => api.get<BinAnswer>('/api/bin', { resource, by, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const { data, error, refetch } = paged
  const items = data?.pages.flatMap((page) => page.items) ?? []
  async function restore({ resource: kind, id, version, title }: BinItem) {
    setBusy(id)
    try {
      await api.post(`/api/records/${kind}/${id}/restore`, { version })
      forgetRecord(client, kind, id)
      message.success(`“${title}”已恢复`)
      await refetch()
    } catch (fault) {
      message.error(messageOf(fault))
    }
    setBusy(null)
  }
  return (
    <div className="x-page">
      <PageHead title="回收站" hint="删除的记录在这里保留，可以恢复" />
      <div className="x-bin-filters">
        <Select
          allowClear
          aria-label="记录种类"
          placeholder="全部种类"
          value={resource ?? null}
          showSearch={{ optionFilterProp: 'label' }}
          options={data?.pages[0]?.kinds.map(({ name, label }) => ({ value: name, label })) ?? []}
          onChange={(next: string | null) => setResource(next ?? undefined)}
        />
        <PersonPicker value={by} onChange={(person) => setBy(person)} placeholder="由谁删除" />
      </div>
      <div className="x-card x-bin">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={6} />
        ) : items.length === 0 ? (
          <Notice kind="empty" title="回收站是空的" text={resource || by ? '换一种记录或换一个人再看。' : '删除的记录会列在这里。'} />
        ) : (
          <ul className="x-entries">
            {items.map((item) => (
              <li key={item.id}>
                <div>
                  <Link to={`/r/${item.resource}/${item.id}`}>{item.title || '（无名称）'}</Link>
                  <small>
                    {item.label} · {item.deletedBy} 于 {formatInstant(item.deletedAt)} 删除
                  </small>
                </div>
                <Button size="small" loading={busy === item.id} onClick={() => void restore(item)}>
                  恢复
                </Button>
              </li>
            ))}
          </ul>
        )}
        <More of={paged}>显示更早删除的</More>
      </div>
    </div>
  )
}
