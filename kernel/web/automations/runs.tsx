import { formatInstant, runStates, type AutomationRunItem, type AutomationRunState } from '#model'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag, type Tone } from '../parts/tag.tsx'
import { Results } from './results.tsx'
import { apiOf, automationsKey } from './use-automation.ts'

export const runTones: Readonly<Record<AutomationRunState, Tone>> = { waiting: 'warn', done: 'good', failed: 'bad', skipped: 'neutral' }
interface Page {
  runs: AutomationRunItem[]
  next: string | null
}
/** 执行记录: what led to each run, what it did, and why not where it did not. */
export function Runs({ name }: { name: string }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...automationsKey, name, 'runs'],
    queryFn: ({ signal, pageParam }) => api.get<Page>(apiOf(name, '/runs'), pageParam ? { before: pageParam } : {}, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
    refetchInterval: 5000,
  })
  const client = useQueryClient()
  const { message } = App.useApp()
  async function again(id: string) {
    try {
      await api.post(`/api/automation-runs/${id}/again`)
      void message.success('几秒内重新执行')
      await client.invalidateQueries({ queryKey: automationsKey })
    } catch (problem) {
      void message.error(messageOf(problem))
    }
  }
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  const runs = data.pages.flatMap((page) => page.runs)
  if (runs.length === 0) return <Notice kind="empty" title="还没有执行过" text="发布以后，时机到了就会执行；不符合条件的不留记录。执行记录保留 180 天。" />
  return (
    <>
      <ul className="x-card a-runs">
        {runs.map((run) => (
          <li key={run.id}>
            <header>
              <time>{formatInstant(run.at)}</time>
              <span>
                {run.record ? <Link to={run.record.link}>{run.record.title}</Link> : null} {run.cause}
                <small className="x-faint"> · 第 {run.version} 版{run.depth > 0 && ` · 由自动化引起，第 ${run.depth} 层`}</small>
              </span>
              <Tag tone={runTones[run.state]}>{runStates[run.state]}</Tag>
              {run.state === 'failed' && <Button size="small" onClick={() => void again(run.id)}>重新执行</Button>}
            </header>
            {run.problem && <p className={run.state === 'failed' ? 'x-problem' : 'x-faint'}>{run.problem}</p>}
            <Results results={run.results} />
          </li>
        ))}
      </ul>
      {hasNextPage && <Button block loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>更早的</Button>}
    </>
  )
} // prettier-ignore
