import type { FlowMoveAnswer, FlowMovePage, FlowVersions } from '#model'
import { formatInstant } from '#model'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { Replacements } from './replacements.tsx'
import { Results } from './results.tsx'
import './flows.css'

const key = ['flow-versions']
interface Chosen {
  flow: string
  label: string
  version: number
  newest: number | null
}
/** 流程版本: what still runs under an older version, and how it comes to the newest. */
export default function VersionsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<FlowVersions[]>('/api/flow-versions', {}, signal),
  })
  const [chosen, setChosen] = useState<Chosen | null>(null)
  return (
    <div className="x-page">
      <PageHead title="流程版本" />
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={6} />
        ) : (
          <ul className="x-entries">
            {data.map((flow) => (
              <FlowRow key={flow.flow} flow={flow} onOpen={setChosen} />
            ))}
          </ul>
        )}
      </div>
      <Replacements />
      {chosen && <Running chosen={chosen} onClose={() => setChosen(null)} />}
    </div>
  )
}

function FlowRow({ flow, onOpen }: { flow: FlowVersions; onOpen: (chosen: Chosen) => void }) {
  const { newest, versions } = flow
  const shown = versions.filter((one) => one.version === newest || one.running > 0)
  return (
    <li>
      <p>
        <b>{flow.label}</b> {newest === null && <Tag tone="warn">系统中已无此流程</Tag>}
      </p>
      <ol className="x-versions">
        {shown.map(({ version, at, running }) => (
          <li key={version}>
            <span>
              第 {version} 版{version === newest && '（最新）'}
              <small> · {formatInstant(at).slice(0, 10)} 起</small>
            </span>
            <span>{running ? `${running} 件进行中` : '没有进行中的'}</span>
            {version !== newest && (
              <Button size="small" onClick={() => onOpen({ flow: flow.flow, label: flow.label, version, newest })}>
                移到最新版本
              </Button>
            )}
          </li>
        ))}
      </ol>
    </li>
  )
}

/** What runs under one older version: who can be moved, who cannot and why. */
function Running({ chosen, onClose }: { chosen: Chosen; onClose: () => void }) {
  const url = `/api/flow-versions/${chosen.flow}/${chosen.version}`
  const pages = useInfiniteQuery({
    queryKey: [...key, chosen.flow, chosen.version],
    queryFn: ({ pageParam, signal }) => api.get<FlowMovePage>(`${url}/running`, { after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [results, setResults] = useState<FlowMoveAnswer['results']>([])
  const [isBusy, setBusy] = useState(false)
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  const picked = rows.filter((row) => !left.has(row.instance))
  const movable = picked.filter((row) => row.obstacles.length === 0).map((row) => row.instance)
  const others = picked.filter((row) => row.obstacles.length > 0).map((row) => row.instance)
  async function run(path: string, instances: string[], more: object = {}) {
    setBusy(true)
    try {
      // So many at once as one request takes.
      const answers: FlowMoveAnswer['results'] = []
      for (let at = 0; at < instances.length; at += 50)
        answers.push(...(await api.post<FlowMoveAnswer>(`${url}/${path}`, { instances: instances.slice(at, at + 50), ...more })).results)
      setResults(answers)
      void client.invalidateQueries({ queryKey: key })
    } catch (error) {
      void message.error(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  function end() {
    let reason = ''
    modal.confirm({
      title: `终止 ${others.length} 件，由申请人重新提交？`,
      content: (
        <Input aria-label="理由" placeholder="理由，会告知申请人" maxLength={200} onChange={(event) => (reason = event.target.value)} />
      ),
      okText: '终止并复制',
      onOk: () => (reason.trim() ? run('terminate', others, { reason }) : Promise.reject(new Error('reason'))),
    })
  }
  return (
    <Modal open width={760} title={`${chosen.label} · 第 ${chosen.version} 版`} onCancel={onClose} footer={null}>
      {pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.isPending ? (
        <Skeleton rows={4} />
      ) : rows.length === 0 ? (
        <Notice kind="empty" title="这个版本已没有进行中的申请" />
      ) : (
        <ul className="x-entries">
          {rows.map((row) => (
            <li key={row.instance}>
              <Checkbox
                aria-label={row.title}
                checked={!left.has(row.instance)}
                onChange={(event) => setLeft(new Set([...left, row.instance].filter((id) => id !== row.instance || !event.target.checked)))}
              />{' '}
              <Link to={`/approvals/${row.instance}`}>{row.title}</Link>{' '}
              {row.obstacles.length ? <Tag tone="bad">不能移</Tag> : <Tag tone="good">可以移</Tag>}
              <MoveText row={row} />
            </li>
          ))}
        </ul>
      )}
      {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>更多</Button>}
      {results.length > 0 && <Results results={results} />}
      <div className="x-versions-acts">
        {chosen.newest !== null && (
          <Button type="primary" loading={isBusy} disabled={movable.length === 0} onClick={() => void run('move', movable)}>
            移到第 {chosen.newest} 版（{movable.length} 件）
          </Button>
        )}
        <Button danger loading={isBusy} disabled={others.length === 0} onClick={end}>
          终止并复制（{others.length} 件）
        </Button>
      </div>
    </Modal>
  )
}

/** What the move would change for one request, or what stands against it. */
function MoveText({ row }: { row: FlowMovePage['rows'][number] }) {
  const lines = [
    row.number,
    ...row.obstacles.map(({ place, message: text }) => (place ? `${place}：${text}` : text)),
    ...row.renamed.map(({ from, to }) => `字段 ${from} 改为“${to}”`),
    ...(row.steps.length ? [`审批人改变：${row.steps.join('、')}`] : []),
    ...(row.losesTask.length ? [`不再审批：${row.losesTask.join('、')}`] : []),
    ...(row.getsTask.length ? [`改由审批：${row.getsTask.join('、')}`] : []),
  ]
  return (
    <div>
      {lines.map((line) => (
        <small key={line}>
          {line}
          <br />
        </small>
      ))}
    </div>
  )
}
