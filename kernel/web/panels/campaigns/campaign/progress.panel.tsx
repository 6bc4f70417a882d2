import { all, campaignStates, formatInstant, is, type CampaignProgress, type ChaseAnswer } from '#model'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../../../api/client.ts'
import { useRecord } from '../../../api/hooks.ts'
import { ApiError, messageOf } from '../../../api/problem.ts'
import '../../../campaigns/campaigns.css'
import { linesAt, useForgetCampaigns, useProgress } from '../../../campaigns/hooks.ts'
import { WriteBack } from '../../../campaigns/write-back.tsx'
import { useResource } from '../../../definitions/use-catalog.tsx'
import { InputOf } from '../../../fields/index.ts'
import { useExport } from '../../../list/export.ts'
import { definePanel } from '../../../pages.ts'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Tag } from '../../../parts/tag.tsx'
import { useSend } from '../../../parts/use-send.tsx'
import { Part } from '../../../security/own-page.tsx'
import '../../../security/security.css'

/** How a campaign stands, and what its office does with it. */
function Progress({ id }: { resource: string; id: string }) {
  const { data, error, refetch } = useProgress(id)
  const record = useRecord('campaigns.campaign', id).data?.record
  const act = useActs(id)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !record) return <Skeleton rows={6} />
  const isUnits = record['asked'] === 'units'
  return (
    <div className="x-security">
      {data.status === 'draft' ? <Draft data={data} isUnits={isUnits} act={act} /> : <Standing id={id} data={data} isUnits={isUnits} act={act} />}
      {(data.mayManage || data.file) && <WriteBack id={id} form={String(record['form'])} isUnits={isUnits} progress={data} />}
      {data.status !== 'draft' && <Units id={id} data={data} />}
    </div>
  )
} // prettier-ignore
export default definePanel({ label: '填报进展', component: Progress, right: 'campaigns.progress' })

type Act = (path: string, body: object, said: (answer: Record<string, number>) => string) => Promise<void>
function useActs(id: string): Act {
  const { message } = App.useApp()
  const forget = useForgetCampaigns()
  return async (path, body, said) => {
    try {
      void message.success(said(await api.post(`/api/campaigns/${id}/${path}`, body)))
    } catch (fault) {
      const problems = fault instanceof ApiError ? (fault.problem.problems ?? []) : []
      void message.error(problems.map((one) => one.message).join('；') || messageOf(fault))
    }
    forget()
  }
}
const counted = (n: number, isUnits: boolean) => (isUnits ? `${n} 个科室` : `${n} 人`)

function Draft({ data, isUnits, act }: { data: CampaignProgress; isUnits: boolean; act: Act }) {
  const { modal } = App.useApp()
  const start = () =>
    modal.confirm({
      title: '开始这个填报任务？',
      content: `将发给 ${counted(data.wouldAsk, isUnits)}，每人收到消息和待办；表单和对象此后不能再改，期限可以延长。`,
      okText: '开始',
      onOk: () => act('start', { version: data.version }, ({ asked }) => `已发给 ${counted(asked!, isUnits)}`),
    })
  return (
    <Part title="还没有开始" hint={<Tag tone={campaignStates.draft.tone}>{campaignStates.draft.label}</Tag>} acts={data.mayManage && <Button type="primary" disabled={data.problems.length > 0} onClick={() => void start()}>开始填报</Button>}>
      <p className="x-muted">按现在的范围将发给 {counted(data.wouldAsk, isUnits)}。</p>
      {data.problems.map((one) => (
        <p key={one} className="x-problem">
          {one}
        </p>
      ))}
    </Part>
  )
} // prettier-ignore

function Standing({ id, data, isUnits, act }: { id: string; data: CampaignProgress; isUnits: boolean; act: Act }) {
  const { modal } = App.useApp()
  const [isExtending, setExtending] = useState(false)
  const isRunning = data.status === 'running' && data.mayManage
  const { label, tone } = campaignStates[data.status]
  const total = data.has + data.none + data.open
  const saidOf = ({ people, lines, already, gone }: ChaseAnswer) =>
    [lines ? `已催 ${people} 人${isUnits ? `（${lines} 个科室）` : ''}` : '没有要催的', already ? `${already} 个今天催过` : '', gone ? `${gone} 个已离职或无人填报` : ''].filter(Boolean).join('，')
  const chase = () => modal.confirm({ title: '催报？', content: '给所有未报的发一条消息，每人每天至多一次。', okText: '催报', onOk: () => act('chase', {}, (answer) => saidOf(answer as unknown as ChaseAnswer)) })
  const close = () => modal.confirm({ title: '现在截止？', content: data.open ? `还有 ${counted(data.open, isUnits)}未报。截止后不能再填报，也不能恢复。` : '截止后不能再填报，也不能恢复。', okText: '截止', okButtonProps: { danger: true }, onOk: () => act('close', {}, () => '已截止') })
  const counts = [['有', data.has, 'has'], ['无', data.none, 'none'], ['未报', data.open, 'open']] as const
  return (
    <Part
      title={`共 ${counted(total, isUnits)}，已报 ${total ? Math.round(((data.has + data.none) / total) * 100) : 0}%`}
      hint={<><Tag tone={tone}>{label}</Tag> {data.closedAt ? formatInstant(data.closedAt) : `截止 ${formatInstant(data.due)}`}</>}
      acts={
        isRunning && (
          <>
            <Button onClick={() => void act('add', {}, ({ asked }) => (asked ? `已补发 ${counted(asked, isUnits)}` : '没有新加入的'))}>补发新加入的</Button>
            <Button onClick={() => setExtending(true)}>延期</Button>
            <Button danger onClick={() => void close()}>截止</Button>
            <Button type="primary" disabled={data.open === 0} onClick={() => void chase()}>催报</Button>
          </>
        )
      }
    >
      <ul className="c-counts" aria-label="填报情况">
        {counts.map(([name, n, status]) => (
          <li key={status}>
            <Link to={linesAt(all(is('campaign', id), is('status', status)))}><b>{n}</b> {name}</Link>
          </li>
        ))}
        {data.late > 0 && <li><Link to={linesAt(all(is('campaign', id), is('late', true)))}><b>{data.late}</b> 逾期</Link></li>}
        {data.gone > 0 && <li><span><b>{data.gone}</b> 未报且已离职或无人填报</span></li>}
      </ul>
      {isExtending && <Extend id={id} due={data.due} onClose={() => setExtending(false)} />}
    </Part>
  )
} // prettier-ignore

function Extend({ id, due, onClose }: { id: string; due: string; onClose: () => void }) {
  const field = useResource('campaigns.campaign')?.fields['due']
  const [value, setValue] = useState<unknown>(due)
  const { send, problem, isSending } = useSend()
  const forget = useForgetCampaigns()
  const { message } = App.useApp()
  const save = () => send(async () => {
    await api.post(`/api/campaigns/${id}/extend`, { due: value })
    void message.success('已延期')
    forget()
    onClose()
  })
  return (
    <Modal title="延长填报" open onCancel={onClose} okText="延期" okButtonProps={{ loading: isSending }} onOk={() => void save()}>
      <label htmlFor="c-due">新的截止时间</label>
      {field && <InputOf id="c-due" field={field} value={value} onChange={setValue} />}
      {problem('due')}
      {problem('')}
    </Modal>
  )
} // prettier-ignore

function Units({ id, data }: { id: string; data: CampaignProgress }) {
  const lines = useResource('campaigns.line')
  return (
    <Part title="按科室" acts={lines?.may.export && <Download id={id} />}>
      <div className="x-counted">
        <table>
          <thead>
            <tr>
              {['科室', '有', '无', '未报', '已报'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.units.map(({ unit, unitName, has, none, open }) => (
              <tr key={unit ?? ''}>
                <th scope="row">{unit ? <Link to={linesAt(all(is('campaign', id), is('unit', unit)))}>{unitName}</Link> : unitName}</th>
                <td>{has}</td>
                <td>{none}</td>
                <td>{open}</td>
                <td>{Math.round(((has + none) / (has + none + open)) * 100)}%</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  )
}
function Download({ id }: { id: string }) {
  const lines = useResource('campaigns.line')!
  const { run, isBusy } = useExport(lines)
  return (
    <Button loading={isBusy} onClick={() => void run({ filter: is('campaign', id), columns: lines.list.columns, format: 'xlsx' })}>
      下载名单
    </Button>
  )
}
