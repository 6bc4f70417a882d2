import { formatInstant, type AssignmentChange, type RightsChange, type RightsVersion } from '#model'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { historyActs } from '../detail/history.tsx'
import { PersonPicker } from '../fields/record-picker.tsx'
import { More } from '../parts/more.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'

/** 变更记录: who gave or took which role when, and what came with each version of the program. */
export function ChangesTab() {
  return (
    <>
      <Versions />
      <Assignments />
    </>
  )
}

const acts: Readonly<Record<string, string>> = { ...historyActs, create: '分配' }
interface Page {
  rows: AssignmentChange[]
  next: string | null
}
function Assignments() {
  const [get, put] = useAddress()
  const person = get('who')
  const paged = useInfiniteQuery({
    queryKey: ['rights', 'assignments', person],
    queryFn: ({ pageParam, signal }) => api.get<Page>('/api/rights/assignments', { person, before: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })
  const { data, error, refetch } = paged
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <section className="x-card x-rights-changes" aria-label="角色分配的变更">
      <h2>角色分配的变更</h2>
      <div className="x-rights-ask">
        <PersonPicker value={person || null} placeholder="全部人员" onChange={(id) => put({ who: id })} />
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={5} />
      ) : rows.length === 0 ? (
        <Notice kind="empty" title={person ? '没有给过他个人角色' : '还没有分配过角色'} text={person ? '他可能因科室或职务而有角色，见“人员权限”。' : undefined} />
      ) : (
        <ol>
          {rows.map((row) => (
            <Assignment key={row.seq} row={row} />
          ))}
        </ol>
      )}
      <More of={paged}>加载更多</More>
    </section>
  )
} // prettier-ignore
function Assignment({ row }: { row: AssignmentChange }) {
  const assignments = useResource('directory.roleAssignment')
  // What is new changes nothing.
  const changes = row.changes.some(({ before }) => before) ? row.changes : []
  const what = [row.role, row.to].filter(Boolean).join(' → ')
  return (
    <li>
      <div className="x-rights-entry">
        <b>{acts[row.act] ?? row.act}</b>
        {assignments ? <Link to={`/r/directory.roleAssignment/${row.record}`}>{what}</Link> : <span>{what}</span>}
        <span className="x-space" />
        <span className="x-faint x-small">
          {row.actorName}
          {row.actorNumber && `（${row.actorNumber}）`} · <time dateTime={row.at}>{formatInstant(row.at)}</time>
        </span>
      </div>
      {changes.length > 0 && (
        <p className="x-small">{changes.map(({ label, before, after }) => `${label}：${before || '空'} → ${after || '空'}`).join('；')}</p>
      )}
    </li>
  )
}

const tones = { given: ['给了', 'good'], taken: ['收了', 'bad'], changed: ['改了', 'warn'] } as const
function Versions() {
  const [get, put] = useAddress()
  const { data, error, refetch } = useQuery({
    queryKey: ['rights', 'versions'],
    queryFn: async ({ signal }) => (await api.get<{ versions: RightsVersion[] }>('/api/rights/versions', {}, signal)).versions,
  })
  const named = (key: string) => data?.find(({ number }) => String(number) === get(key))?.number
  const to = named('to') ?? data?.[0]?.number
  const from = named('from') ?? data?.find(({ number }) => to !== undefined && number < to)?.number
  const options = (data ?? []).map(({ number, at, program }) => ({
    value: number,
    label: `第 ${number} 版 · ${program} · ${formatInstant(at)}`,
  }))
  return (
    <section className="x-card x-rights-changes" aria-label="角色权限的版本">
      <h2>角色权限的版本</h2>
      <p className="x-muted">每个角色能做什么由程序规定，随升级而变；启动时与上次不同就记一版。</p>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={3} />
      ) : data.length === 0 ? (
        <Notice kind="empty" title="还没有记过版本" text="后台任务启动后会记下第一版。" />
      ) : data.length === 1 ? (
        <p>
          只有第 {data[0]!.number} 版（程序 {data[0]!.program}，{formatInstant(data[0]!.at)} 起），角色权限此后没有变过。
        </p>
      ) : (
        <>
          <div className="x-rights-ask wide">
            <Select aria-label="从" value={from ?? null} options={options} onChange={(number: number) => put({ from: String(number) })} />
            <Select aria-label="到" value={to ?? null} options={options} onChange={(number: number) => put({ to: String(number) })} />
          </div>
          {from !== undefined && to !== undefined && <Difference from={from} to={to} />}
        </>
      )}
    </section>
  )
}
function Difference({ from, to }: { from: number; to: number }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['rights', 'difference', from, to],
    queryFn: async ({ signal }) => (await api.get<{ changes: RightsChange[] }>('/api/rights/difference', { from, to }, signal)).changes,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={3} />
  if (data.length === 0) return <p className="x-faint">两版没有差别</p>
  return (
    <ol>
      {data.map(({ kind, words }) => (
        <li key={words} className="x-rights-entry">
          <Tag tone={tones[kind][1]} icon={false}>
            {tones[kind][0]}
          </Tag>
          <span>{words.replace(/^(给了|收了)/, '')}</span>
        </li>
      ))}
    </ol>
  )
}
