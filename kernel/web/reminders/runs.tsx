import { formatInstant, reminderRunStates, type ReminderRun, type ReminderTold, type ReminderVersion } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag, type Tone } from '../parts/tag.tsx'
import { remindersKey } from './use-reminder.ts'

const tones: Readonly<Record<ReminderRun['state'], Tone>> = { waiting: 'warn', running: 'warn', done: 'good', failed: 'bad' }
/** One run in a line. */
export function RunWords({ run }: { run: ReminderRun }) {
  if (run.state !== 'done') return <Tag tone={tones[run.state]}>{`${run.day} ${reminderRunStates[run.state]}`}</Tag>
  return (
    <span>
      {run.day} · {run.told > 0 ? `${run.people} 人，${run.told} 条` : '没有新的'}
    </span>
  )
}

/** 执行记录: when it ran, and who was told of what. */
export function Runs({ name, resource }: { name: string; resource: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...remindersKey, name, 'history'],
    queryFn: ({ signal }) =>
      api.get<{ runs: ReminderRun[]; told: ReminderTold[] }>(`/api/reminders/${encodeURIComponent(name)}/history`, {}, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.runs.some((run) => run.state === 'waiting' || run.state === 'running') ? 2000 : false),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  if (data.runs.length === 0) return <Notice kind="empty" title="还没有执行过" text="打开以后，到了时间就会执行。" />
  return (
    <div className="r-history">
      <section className="x-card" aria-label="每日执行">
        <header>每日执行</header>
        <ul>
          {data.runs.map((run) => (
            <li key={run.day}>
              <time>{run.day}</time>
              <span>
                到期 {run.records} 项 · 提醒 {run.people} 人 {run.told} 条{run.withheld > 0 && ` · ${run.withheld} 人次没有提醒`}
                {run.problem && <small>{run.problem}</small>}
              </span>
              <Tag tone={tones[run.state]}>{reminderRunStates[run.state]}</Tag>
            </li>
          ))}
        </ul>
      </section>
      <section className="x-card" aria-label="提醒过谁">
        <header>提醒过谁{data.told.length === 50 && '（最近 50 条）'}</header>
        {data.told.length === 0 ? (
          <Notice kind="empty" title="还没有提醒过谁" />
        ) : (
          <ul>
            {data.told.map((one) => (
              <li key={`${one.at} ${one.person} ${one.record} ${one.stage}`}>
                <time>{formatInstant(one.at)}</time>
                <span>
                  <b>{one.person}</b>
                  {one.title === null ? (
                    <span className="x-faint">（您无权查看这条记录）</span>
                  ) : (
                    <Link to={`/r/${resource}/${one.record}`}>{one.title}</Link>
                  )}
                </span>
                {one.stage > 0 && <Tag tone="warn">{`升级 ${one.stage}`}</Tag>}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

/** 版本: what it meant when, and the way back. */
export function Versions({ name, onBack }: { name: string; onBack: (version: number) => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...remindersKey, name, 'versions'],
    queryFn: ({ signal }) => api.get<ReminderVersion[]>(`/api/reminders/${encodeURIComponent(name)}/versions`, {}, signal),
    staleTime: 0,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={5} />
  if (data.length === 0) return <Notice kind="empty" title="本院没有改过" text="现在是系统原版。保存一次就有一个版本，可以随时恢复。" />
  return (
    <ul className="x-card r-versions">
      {data.map((one) => (
        <li key={one.version}>
          <div>
            <b>第 {one.version} 版</b> {one.inForce && <Tag tone="good">现行</Tag>}
            <span className="x-faint x-small">
              {one.by} · {formatInstant(one.at)}
              {one.note && ` · ${one.note}`}
            </span>
            <p>{one.sentence}</p>
          </div>
          {!one.inForce && (
            <Button size="small" onClick={() => onBack(one.version)}>
              恢复这一版
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
