import type { DesignAnswer, PublishingItem, PublishPreview } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import '../flows/design/panel/panel.css'
import '../flows/design/trials.css'
import { pagesKey } from '../pages/use-pages.ts'
import { designsKey } from './use-studio.ts'

export const isOver = ({ state }: PublishingItem): boolean => state === 'done' || state === 'failed' || state === 'stopped'
interface Props {
  items: readonly Pick<DesignAnswer, 'kind' | 'name'>[]
  /** Saves what waits; null: it could not be saved. */
  flush: () => Promise<number | null>
  onClose: () => void
  onDone: () => void
  onFault: (kind: string, field: string) => void
}
/** 发布: what would count from now on and what happens to the tables, seen before it does; then its progress. */
export function PublishDialog({ items, flush, onClose, onDone, onFault }: Props) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [note, setNote] = useState('')
  const [isSending, setSending] = useState(false)
  const [job, setJob] = useState<PublishingItem | null>(null)
  const preview = useQuery({
    queryKey: [...designsKey, 'publish', items],
    queryFn: async () => {
      if ((await flush()) === null) return null
      return api.post<PublishPreview>('/api/publishings/preview', { items })
    },
    staleTime: 0,
    gcTime: 0,
  })
  const { data } = preview
  const isSame = data?.pieces.every(({ words }) => words.length === 0) ?? false
  const isStopped = !data || isSame || data.problems.length > 0
  useProgress(job, setJob)
  useEffect(() => {
    if (job?.state !== 'done') return
    for (const queryKey of [designsKey, pagesKey, ['definitions'], ['flow-designs']]) void client.invalidateQueries({ queryKey })
    void message.success('已发布')
    onDone()
    onClose()
    // Told once, when it is done.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [job?.state])
  async function publish({ pieces }: PublishPreview) {
    setSending(true)
    try {
      setJob(await api.post<PublishingItem>('/api/publishings', { items: pieces.map(({ kind, name, revision }) => ({ kind, name, revision })), note: note.trim() }))
    } catch (error) {
      void message.error(messageOf(error))
    }
    setSending(false)
  }
  return (
    <Modal
      open
      width={640}
      title="发布"
      onCancel={onClose}
      footer={job ? [<Button key="close" onClick={onClose}>关闭</Button>] : [<Button key="no" onClick={onClose}>再改改</Button>, <Button key="yes" type="primary" loading={isSending} disabled={isStopped} onClick={() => data && void publish(data)}>发布</Button>]}
    >
      {job ? <Job job={job} /> : preview.error ? <Failed error={preview.error} retry={() => void preview.refetch()} /> : data === null ? <Notice kind="fault" title="改动还没有保存，不能发布" act={{ label: '重试', run: () => void preview.refetch() }} /> : !data ? <Skeleton rows={5} /> : <Preview data={data} onFault={onFault} />}
      {!job && isSame && data?.problems.length === 0 && <p className="x-muted">没有改动，不必发布。</p>}
      {!job && !isStopped && (
        <label className="x-set">
          说明（与这一版一起保存，可不填）
          <Input.TextArea value={note} rows={2} maxLength={500} placeholder="改了什么，为什么" onChange={(event) => setNote(event.target.value)} />
        </label>
      )}
    </Modal>
  )
} // prettier-ignore

/** What a publish would do, or speaks against it. */
export function Preview({ data, onFault }: { data: PublishPreview; onFault: (kind: string, field: string) => void }) {
  return (
    <div className="x-publish">
      {data.problems.length > 0 && (
        <section>
          <h3>还有 {data.problems.length} 处问题，改好才能发布</h3>
          <ul className="x-panel-faults">
            {data.problems.map((one, at) => (
              <li key={at}>
                <button type="button" className="x-link" onClick={() => onFault(one.kind, one.field)}>{one.message}</button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {data.pieces.map(({ kind, name, label, words }) => (
        <section key={`${kind} ${name}`}>
          <h3>{label}</h3>
          <ul>{words.length ? words.map((one) => <li key={one}>{one}</li>) : <li className="x-muted">没有改动</li>}</ul>
        </section>
      ))}
      {data.notes.length > 0 && (
        <section>
          <h3>请留意</h3>
          <ul>{data.notes.map((one) => <li key={one}>{one}</li>)}</ul>
        </section>
      )}
      {data.steps.length > 0 && (
        <section>
          <h3>数据库的改变</h3>
          <ol>{data.steps.map(({ words, isLong }) => <li key={words}>{words}{isLong && <small className="x-muted">（记录多时需要几分钟）</small>}</li>)}</ol>
        </section>
      )}
    </div>
  )
} // prettier-ignore

export function Job({ job }: { job: PublishingItem }) {
  const total = Math.max(1, job.steps.length)
  if (job.state === 'failed') return <Notice kind="fault" title="没有发布成" text={`${job.problem ?? ''}。草稿还在，改好后可以再发布。`} />
  return (
    <div className="x-publish-job" role="status">
      <Progress percent={Math.round((job.step / total) * 100)} status={job.state === 'done' ? 'success' : 'active'} />
      <p>
        {job.state === 'waiting'
          ? '正在排队…'
          : job.state === 'done'
            ? '已发布'
            : (job.steps[Math.min(job.step, job.steps.length - 1)]?.words ?? '正在生效…')}
      </p>
      <p className="x-muted">可以离开这一页，发布会继续进行；期间大家照常使用原来的定义。</p>
    </div>
  )
}
/** Asks how far it is until it is over. */
function useProgress(job: PublishingItem | null, set: (job: PublishingItem) => void): void {
  const { data } = useQuery({
    queryKey: ['publishing', job?.id],
    queryFn: ({ signal }) => api.get<PublishingItem>(`/api/publishings/${job!.id}`, {}, signal),
    enabled: job !== null && !isOver(job),
    refetchInterval: 700,
    gcTime: 0,
  })
  useEffect(() => {
    if (data && job && data !== job) set(data)
  }, [data, job, set])
}
