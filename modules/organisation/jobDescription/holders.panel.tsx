import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { formatInstant } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { keys, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { definePanel } from '#kernel/web/pages.ts'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import type { Holders } from './job-description.rules.ts'
import './jobs.css'

/** Who holds the post, who of them has read the edition that holds, and a word to those who have not. */
function Readers({ resource: name, id }: { resource: string; id: string }) {
  const { message } = App.useApp()
  const mayRemind = useRecord(name, id).data?.record.may?.update === true
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.list('organisation.jobReading'), 'holders', id],
    queryFn: ({ signal }) => api.get<Holders>(`/api/organisation/jobs/${id}`, {}, signal),
  })
  const remind = useMutation({
    mutationFn: () => api.post<{ told: number }>(`/api/organisation/jobs/${id}/remind`),
    onSuccess: ({ told }) => void message.success(`已提醒 ${told} 人`),
    onError: (fault) => void message.error(messageOf(fault)),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  if (data.people.length === 0) return <Notice kind="empty" title="没有您能看到的担任者" text="登记任职后，这里显示谁已阅读、谁还没有。" />
  const late = data.people.filter(({ readAt }) => readAt === null)
  return (
    <section className="x-card oj-job" aria-label="阅读确认">
      <div className="oj-head">
        <b>
          {data.people.length - late.length} / {data.people.length} 人已确认
        </b>
        <span className="x-faint">{data.edition} 起执行的版本</span>
        <span className="x-space" />
        {mayRemind && late.length > 0 && (
          <Button loading={remind.isPending} disabled={remind.isSuccess} onClick={() => remind.mutate()}>
            提醒未确认的 {late.length} 人
          </Button>
        )}
      </div>
      <ul className="oj-people">
        {data.people
          .toSorted((a, b) => Number(a.readAt !== null) - Number(b.readAt !== null))
          .map(({ person, name: who, unitName, readAt }) => (
            <li key={person}>
              <b>{who}</b>
              <span className="x-faint">{unitName}</span>
              <Tag tone={readAt ? 'good' : 'warn'}>{readAt ? formatInstant(readAt) : '未确认'}</Tag>
            </li>
          ))}
      </ul>
    </section>
  )
} // prettier-ignore

export default definePanel({ label: '阅读情况', component: Readers, right: 'organisation.jobs' })
