import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useNavigate } from 'react-router'
import { formatInstant } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, keys, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { RecordFields } from '#kernel/web/detail/record-fields.tsx'
import { TitlesProvider } from '#kernel/web/fields/index.ts'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import { useLabels } from '../teams/labels.tsx'
import type { OwnJob } from './job-description.rules.ts'
import './jobs.css'

const name = 'organisation.jobDescription'
const key = [...keys.list('organisation.jobReading'), 'mine'] as const
/** 我的岗位: what each of one's posts is there for, and that one has read it. */
function MinePage() {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<OwnJob[]>('/api/organisation/jobs', {}, signal) })
  const waiting = data?.filter(({ description, readAt }) => description && !readAt).length
  return (
    <div className="x-page">
      <PageHead title="我的岗位" hint={waiting ? `${waiting} 份待确认` : undefined} />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={8} />
      ) : data.length === 0 ? (
        <Notice kind="empty" title="还没有任职" text="科室秘书或医务处登记您的任职后，这里显示岗位说明书。" />
      ) : (
        data.map((job) => <Job key={`${job.unit} ${job.post}`} job={job} />)
      )}
    </div>
  )
} // prettier-ignore

function Job({ job }: { job: OwnJob }) {
  const label = useLabels()
  return (
    <section className="x-card oj-job" aria-label={`${job.unitName} ${job.post}`}>
      <div className="oj-head">
        <h2>{label('directory.membership', 'post', job.post)}</h2>
        <span className="x-faint">{job.unitName}</span>
        {job.description && <Tag tone={job.readAt ? 'good' : 'warn'}>{job.readAt ? `${formatInstant(job.readAt)} 已确认` : '待确认'}</Tag>}
      </div>
      {job.description ? <Text job={job} id={job.description} /> : <p className="x-faint">这个岗位还没有说明书。</p>}
    </section>
  )
}
function Text({ job, id }: { job: OwnJob; id: string }) {
  const resource = useResource(name)
  const navigate = useNavigate()
  const { message } = App.useApp()
  const client = useQueryClient()
  const { data, error, refetch } = useRecord(name, id)
  const confirm = useMutation({
    mutationFn: () => api.post<OwnJob[]>(`/api/organisation/jobs/${id}/confirm`),
    onSuccess: (jobs) => {
      client.setQueryData(key, jobs)
      forgetRecord(client, 'organisation.jobReading')
      void message.success('已确认')
    },
    onError: (fault) => void message.error(messageOf(fault)),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !resource) return <Skeleton rows={6} />
  return (
    <TitlesProvider titles={data.titles}>
      <RecordFields resource={resource} record={data.record} isNarrow />
      <div className="oj-head">
        {!job.readAt && (
          <Button type="primary" loading={confirm.isPending} onClick={() => confirm.mutate()}>
            已阅读并确认
          </Button>
        )}
        <Button onClick={() => void navigate(`/r/${name}/${id}`)}>沿革与全文</Button>
        <span className="x-faint">{job.edition} 起执行的版本</span>
      </div>
    </TitlesProvider>
  )
}

export default definePage({ title: '我的岗位', path: '/organisation/jobDescription/mine', component: MinePage })
