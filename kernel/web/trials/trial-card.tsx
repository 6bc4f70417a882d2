import { ExperimentOutlined } from '@ant-design/icons'
import type { TrialItem } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm, Progress } from 'antd'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { Tag } from '../parts/tag.tsx'
import { trialKey, wayIn } from './use-trial.ts'
import './trials.css'

/** What is tried, by whom, until when; the way in, and how it ends. `mayEnd`: whoever draws. */
export function TrialCard({ trial, mayEnd = false }: { trial: TrialItem; mayEnd?: boolean }) {
  const end = useEnd(trial)
  return (
    <section className="x-card x-trial" aria-label="试用空间">
      <h2>
        <ExperimentOutlined aria-hidden /> {trial.label}
      </h2>
      <p className="x-muted">
        {trial.by} 发起，{trial.until} 前有效。其中的记录、审批和消息都只在试用空间里，结束或发布后清空。
      </p>
      {trial.pieces.some(({ isStale }) => isStale) && <p><Tag tone="warn">草稿后来有改动</Tag> 试用的还是开始时的样子；结束后重新开始，就用现在的草稿。</p>}
      {trial.leftOut.length > 0 && <p className="x-muted">没有带入：{trial.leftOut.join('、')}</p>}
      {mayEnd && <p className="x-muted">试用的人：{trial.people.map(({ name }) => name).join('、')}</p>}
      {trial.state === 'waiting' && (
        <div role="status">
          <Progress percent={100} status="active" showInfo={false} />
          正在准备试用空间…
        </div>
      )}
      {trial.state === 'failed' && <p className="x-problem" role="alert">没有准备成：{trial.problem}</p>}
      <div className="x-trial-acts">
        {trial.state === 'open' && trial.isInvited && <Button type="primary" href={wayIn(trial)}>进入试用</Button>}
        {mayEnd && (
          <Popconfirm title="结束试用？" description="试用空间里的内容会清空，不能恢复。" okText="结束" cancelText="再等等" onConfirm={end}>
            <Button>结束试用</Button>
          </Popconfirm>
        )}
      </div>
    </section>
  )
} // prettier-ignore

function useEnd({ id }: TrialItem): () => Promise<void> {
  const client = useQueryClient()
  const { message } = App.useApp()
  return async () => {
    try {
      await api.post(`/api/trial/${id}/end`)
      void message.success('试用已结束')
    } catch (error) {
      void message.error(messageOf(error))
    }
    await client.invalidateQueries({ queryKey: trialKey })
  }
}
