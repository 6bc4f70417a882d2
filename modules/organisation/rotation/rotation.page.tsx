import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord } from '#kernel/web/api/hooks.ts'
import { ApiError, messageOf } from '#kernel/web/api/problem.ts'
import { definePage } from '#kernel/web/pages.ts'
import { AskReason } from '#kernel/web/parts/ask-reason.tsx'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import { usePage } from '#kernel/web/shell/page-context.tsx'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import { AdjustDialog } from './adjust-dialog.tsx'
import { JoinDialog } from './join-dialog.tsx'
import { conflictKinds } from './rotation.rules.ts'
import { Table, type Picked } from './table.tsx'
import type { RotationTable } from './table.rules.ts'
import './rotation.css'

const statuses = { draft: ['warn', '编排中'], published: ['good', '已发布'], ended: ['neutral', '已结束'] } as const
const plan = 'organisation.rotationPlan'

/** 轮转表: made by one key, mended by picking, published. */
function RotationPage() {
  const { rest: id } = usePage()
  const isPhone = useIsPhone()
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const key = ['organisation', 'rotation', id]
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<RotationTable>(`/api/organisation/rotations/${id}`, {}, signal), enabled: id !== '' })
  const [picked, setPicked] = useState<Picked | null>(null)
  const [asking, setAsking] = useState<'join' | 'reason' | null>(null)
  const [busy, setBusy] = useState('')
  if (!id) return <div className="x-page"><PageHead title="轮转表" /><Notice kind="empty" title="请从“轮转计划”打开一张轮转表" /></div>
  if (query.error) return <div className="x-page"><PageHead title="轮转表" /><Failed error={query.error} retry={() => void query.refetch()} /></div>
  const table = query.data
  if (!table) return <div className="x-page"><PageHead title="轮转表" /><Skeleton rows={10} /></div>
  const isDraft = table.status === 'draft'
  const { conflicts } = table

  async function run(verb: string, said: string, more: object = {}) {
    setBusy(verb)
    try {
      const next = await api.post<RotationTable>(`/api/organisation/rotations/${id}/${verb}`, { version: table!.version, ...more })
      client.setQueryData(key, next)
      setPicked(null)
      setAsking(null)
      for (const name of [plan, 'organisation.rotationStay']) forgetRecord(client, name, name === plan ? id : undefined)
      void message.success(said)
    } catch (error) {
      void message.error(messageOf(error))
      if (error instanceof ApiError && error.status === 409) void query.refetch()
    }
    setBusy('')
  }
  const generate = () => {
    const go = () => run('generate', '轮转表已生成')
    if (!table.isMade) return void go()
    modal.confirm({ title: '重新生成轮转表？', content: '手工调整过的格子会被新的安排取代。', okText: '重新生成', onOk: go })
  }
  const publish = () =>
    conflicts.length
      ? setAsking('reason')
      : modal.confirm({ title: '发布这张轮转表？', content: '发布后通知每位轮转人员、各科主任和科室秘书。', okText: '发布', onOk: () => run('publish', '已发布，并通知了有关人员') })
  const acts = isDraft ? (
    <>
      <Button onClick={() => setAsking('join')}>加入人员</Button>
      <Button type={table.isMade ? 'default' : 'primary'} loading={busy === 'generate'} onClick={generate}>{table.isMade ? '重新生成' : '一键生成'}</Button>
      {table.isMade && <Button type="primary" loading={busy === 'publish'} onClick={publish}>发布</Button>}
    </>
  ) : table.status === 'published' ? (
    <Button onClick={() => modal.confirm({ title: '撤回发布？', content: '已安排的轮转全部撤回，回到编排中；有人入科以后不能撤回。', okText: '撤回发布', onOk: () => run('withdraw', '已撤回，可以重新编排') })}>撤回发布</Button>
  ) : null
  const [tone, word] = statuses[table.status]
  return (
    <div className="x-page">
      <PageHead title={table.name} tab="轮转表" hint={<><Tag tone={tone}>{word}</Tag>{!isPhone && `${table.people.length} 人 × ${table.spans.length} 期`}</>} acts={isPhone ? null : <><Button onClick={() => void navigate(`/r/${plan}/${id}`)}>计划与科室</Button>{acts}</>} />
      {isPhone && <div className="ro-acts">{acts}</div>}
      {conflicts.length > 0 && <Conflicts table={table} />}
      {table.people.length === 0 ? (
        <Notice kind="empty" title="还没有轮转人员" text="从人员池按类型加入，或按姓名添加。" act={isDraft ? { label: '加入人员', run: () => setAsking('join') } : undefined} />
      ) : table.spans.length === 0 ? (
        <Notice kind="empty" title="还没有轮转科室" text="请先在计划里填写科室、期数和容量。"><Link to={`/r/${plan}/${id}/edit`}>填写轮转科室</Link></Notice>
      ) : (
        <>
          {!table.isMade && <p className="x-why">还没有生成。“一键生成”按必轮、选轮、期数和容量排好每个人；也可以直接点格子逐一安排。</p>}
          <Table table={table} mayEdit={isDraft} onPick={setPicked} />
        </>
      )}
      {picked && <AdjustDialog table={table} picked={picked} isBusy={busy === 'adjust'} onClose={() => setPicked(null)} onGive={(changes) => void run('adjust', '已调整', { changes })} />}
      {asking === 'join' && <JoinDialog present={table.people.map((one) => one.id)} isBusy={busy === 'join'} onClose={() => setAsking(null)} onGive={(people) => void run('join', `已加入 ${people.length} 人`, { people })} />}
      {asking === 'reason' && <AskReason title="仍要发布" hint={`还有 ${conflicts.length} 处冲突`} placeholder="如：容量已与科室协调" isBusy={busy === 'publish'} onClose={() => setAsking(null)} onGive={(reason) => void run('publish', '已发布，并通知了有关人员', { reason })} />}
    </div>
  )
} // prettier-ignore

const shown = 6
function Conflicts({ table: { conflicts } }: { table: RotationTable }) {
  const [isOpen, setOpen] = useState(false)
  const counts = [...Map.groupBy(conflicts, ({ kind }) => kind)].map(([kind, list]) => `${conflictKinds[kind]} ${list.length}`)
  return (
    <section className="x-card ro-conflicts" aria-label="冲突">
      <b>{conflicts.length} 处冲突</b> <span className="x-faint">{counts.join('，')}</span>
      <ul>
        {(isOpen ? conflicts : conflicts.slice(0, shown)).map(({ message }, n) => (
          <li key={n}>{message}</li>
        ))}
      </ul>
      {conflicts.length > shown && (
        <button type="button" className="x-link" onClick={() => setOpen(!isOpen)}>
          {isOpen ? '收起' : `全部 ${conflicts.length} 处`}
        </button>
      )}
    </section>
  )
}

export default definePage({ title: '轮转表', path: '/organisation/rotation', component: RotationPage })
