import type { PublishingItem, PublishPreview, ReleaseItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ago } from '../parts/ago.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { remindersKey } from '../reminders/use-reminder.ts'
import { Preview } from './publish-dialog.tsx'
import { designsKey } from './use-studio.ts'

const acts = { publish: '发布', rollBack: '恢复', import: '导入' } as const
/** 发布记录: every release with what it changed; two compared; the way back to one. */
export function ReleasesTab() {
  const { data, error, refetch } = useQuery({ queryKey: [...designsKey, 'releases'], queryFn: ({ signal }) => api.get<ReleaseItem[]>('/api/releases', {}, signal), staleTime: 0 })
  const [back, setBack] = useState<ReleaseItem | null>(null)
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const [comparing, setComparing] = useState<ReleaseItem | null>(null)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  if (data.length === 0) return <Notice kind="empty" title="还没有发布过" text="每次发布自动留一份全部定义的备份，可以比较、恢复和导出。" />
  return (
    <ol className="x-card x-releases">
      {data.map((one) => (
        <li key={one.no}>
          <header>
            <b>第 {one.no} 次</b> {one.isCurrent && <Tag tone="good">现在生效</Tag>} <Tag tone="neutral" icon={false}>{acts[one.act]}</Tag>
            <span className="x-muted">{one.by} · {ago(one.at)}</span>
            <span className="x-space" />
            <Button size="small" onClick={() => setComparing(one)}>比较</Button>
            {!one.isCurrent && <Button size="small" onClick={() => setBack(one)}>恢复到这时</Button>}
          </header>
          {one.note && <p>{one.note}</p>}
          <ul>{(open.has(one.no) ? one.words : one.words.slice(0, 5)).map((words, at) => <li key={at}>{words}</li>)}</ul>
          {one.words.length > 5 && !open.has(one.no) && <button type="button" className="x-link" onClick={() => setOpen(new Set([...open, one.no]))}>其余 {one.words.length - 5} 处</button>}
        </li>
      ))}
      {back && <Back release={back} onClose={() => setBack(null)} />}
      {comparing && <Compare to={comparing} releases={data} onClose={() => setComparing(null)} />}
    </ol>
  )
} // prettier-ignore

function Back({ release, onClose }: { release: ReleaseItem; onClose: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [note, setNote] = useState('')
  const [takesAlong, setTakesAlong] = useState(true)
  const { data, error, refetch } = useQuery({ queryKey: [...designsKey, 'back', release.no], queryFn: () => api.post<PublishPreview>(`/api/releases/${release.no}/preview`), staleTime: 0, gcTime: 0 })
  async function go() {
    try {
      const job = await api.post<PublishingItem>(`/api/releases/${release.no}/roll-back`, { note: note.trim(), along: takesAlong })
      void message.success(job.state === 'done' ? '已恢复' : '正在恢复，完成后生效')
      for (const queryKey of [designsKey, ['definitions'], ['flow-designs'], remindersKey]) void client.invalidateQueries({ queryKey })
      onClose()
    } catch (problem) {
      void message.error(messageOf(problem))
    }
  }
  return (
    <Modal open width={640} title={`恢复到第 ${release.no} 次发布之后`} okText="恢复" cancelText="取消" okButtonProps={{ disabled: !data || data.problems.length > 0 }} onOk={() => void go()} onCancel={onClose}>
      {error ? <Failed error={error} retry={() => void refetch()} /> : !data ? <Skeleton rows={4} /> : <Preview data={data} onFault={() => undefined} />}
      {data?.along && data.along.length > 0 && (
        <section className="x-publish">
          <Checkbox checked={takesAlong} onChange={({ target }) => setTakesAlong(target.checked)}>那时的流程和提醒也一起恢复</Checkbox>
          <ul>{data.along.map(({ kind, name, label, words }) => <li key={`${kind} ${name}`}>{kind === 'flow' ? '流程' : '提醒'}“{label}”：{words.join('；')}</li>)}</ul>
        </section>
      )}
      <p className="x-muted">后来增加的字段停用，填写过的内容保留；再恢复回来时还在。</p>
      <Input.TextArea aria-label="说明" rows={2} maxLength={500} placeholder="为什么恢复（可不填）" value={note} onChange={(event) => setNote(event.target.value)} />
    </Modal>
  )
} // prettier-ignore
function Compare({ to, releases, onClose }: { to: ReleaseItem; releases: readonly ReleaseItem[]; onClose: () => void }) {
  const [from, setFrom] = useState(Math.max(0, to.no - 1))
  const { data, error, refetch } = useQuery({
    queryKey: [...designsKey, 'difference', from, to.no],
    queryFn: ({ signal }) => api.get<{ kind: string; name: string; label: string; words: string[] }[]>('/api/releases/difference', { from, to: to.no }, signal),
  })
  return (
    <Modal open width={640} title={`第 ${to.no} 次发布后与之前的不同`} footer={null} onCancel={onClose}>
      <label className="x-row">
        与 <Select aria-label="与哪一次比较" value={from} options={[{ value: 0, label: '最初（没有自建）' }, ...releases.filter(({ no }) => no !== to.no).map(({ no }) => ({ value: no, label: `第 ${no} 次` }))]} onChange={setFrom} /> 比较
      </label>
      {error ? <Failed error={error} retry={() => void refetch()} /> : !data ? <Skeleton rows={4} /> : data.length === 0 ? <p className="x-muted">没有不同</p> : (
        <div className="x-publish">{data.map(({ kind, name, label, words }) => <section key={`${kind} ${name}`}><h3>{label}</h3><ul>{words.map((one) => <li key={one}>{one}</li>)}</ul></section>)}</div>
      )}
    </Modal>
  )
} // prettier-ignore
