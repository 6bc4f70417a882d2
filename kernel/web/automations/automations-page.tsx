import { runStates, type Automation, type AutomationItem, type DesignAnswer, type PublishingItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Input, Modal, Switch } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { ago } from '../parts/ago.ts'
import { MadeList } from '../parts/made-list.tsx'
import { Tag } from '../parts/tag.tsx'
import { designUrl } from '../studio/use-studio.ts'
import { runTones } from './runs.tsx'
import { automationsKey, urlOf } from './use-automation.ts'
import '../reminders/reminders.css'
import './automations.css'

const kinds = { on: '已启用', off: '没有启用', draft: '有草稿', wrong: '有失败或已暂停' } as const
type Kind = keyof typeof kinds
const isKind = (one: AutomationItem, kind: Kind): boolean =>
  ({ on: one.version !== null, off: one.version === null, draft: one.hasDraft, wrong: one.failed > 0 || one.paused !== null })[kind]

/** 自动化: every one of them, what it means, whether it is on, and what it did of late. */
export default function AutomationsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: automationsKey,
    queryFn: ({ signal }) => api.get<AutomationItem[]>('/api/automations', {}, signal),
    staleTime: 0,
  })
  return (
    <MadeList
      title="自动化"
      noun="自动化"
      about="什么时候、如果怎样、就做什么：新建或修改记录、提交审批、发消息、通知其他系统，由系统自动完成。"
      items={data}
      error={error}
      refetch={refetch}
      search={{ placeholder: '名称或内容', words: (one) => [one.label, one.sentence] }}
      kinds={{ label: '状态', className: 'r-kind a-kind', labels: kinds, is: isKind }}
      listClass="r-list"
      row={(one) => <Row key={one.name} item={one} onDone={() => void refetch()} />}
      making={(onClose) => <NewAutomation onClose={onClose} />}
    />
  )
}

function Row({ item, onDone }: { item: AutomationItem; onDone: () => void }) {
  return (
    <li className={item.version === null ? 'off' : ''}>
      <div className="r-what">
        <Link to={urlOf(item.name)}>{item.label}</Link>
        {item.hasDraft && <Tag tone="info">{item.version === null ? '草稿' : '有草稿'}</Tag>}
        {item.paused && <Tag tone="bad">已暂停</Tag>}
        <p>{item.sentence}</p>
        {item.paused && <p className="x-problem">{item.paused}</p>}
      </div>
      <dl>
        <dt>最近</dt>
        <dd>
          {item.last ? (
            <Link to={`${urlOf(item.name)}?tab=runs`}>
              {ago(item.last.at)} <Tag tone={runTones[item.last.state]}>{runStates[item.last.state]}</Tag>
            </Link>
          ) : (
            <span className="x-faint">还没有执行过</span>
          )}
        </dd>
        <dt>24 小时</dt>
        <dd>
          {item.done} 次{item.failed > 0 && <span className="x-problem">，失败 {item.failed} 次</span>}
        </dd>
        <dt>身份</dt>
        <dd>{item.runsAs}</dd>
      </dl>
      <OnSwitch item={item} onDone={onDone} />
    </li>
  )
}
/** On by publishing what is drawn, else what was in force before; off by taking it out of force. */
function OnSwitch({ item, onDone }: { item: AutomationItem; onDone: () => void }) {
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  async function turn(isOn: boolean) {
    setBusy(true)
    try {
      if (!isOn) await api.post(designUrl('automation', item.name, '/stop'), { note: '' })
      else if (item.hasDraft) await api.post<PublishingItem>('/api/publishings', { items: [{ kind: 'automation', name: item.name }], note: '' })
      else await bringBack(item.name)
      void message.success(isOn ? '已启用' : '已停用')
    } catch (error) {
      void message.error(error instanceof ApiError && error.fieldProblems.length ? `请先改好：${error.fieldProblems[0]!.message}` : messageOf(error))
    }
    setBusy(false)
    onDone()
  }
  return <Switch aria-label={`${item.label}：开关`} checked={item.version !== null} loading={isBusy} checkedChildren="开" unCheckedChildren="关" onChange={(isOn) => void turn(isOn)} />
} // prettier-ignore
async function bringBack(name: string): Promise<void> {
  const versions = await api.get<{ version: number; isGone: boolean }[]>(designUrl('automation', name, '/versions'))
  const version = Math.max(...versions.filter(({ isGone }) => !isGone).map((one) => one.version))
  await api.post(designUrl('automation', name, '/roll-back'), { version, note: '' })
}

/** Begins one: how it is called; the rest is drawn. */
function NewAutomation({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [label, setLabel] = useState('')
  const [isSending, setSending] = useState(false)
  async function make() {
    setSending(true)
    try {
      const content: Automation = { label: label.trim(), resource: '', when: { kind: 'created' }, where: null, was: null, acts: [], runsAs: null }
      const { name } = await api.post<DesignAnswer>('/api/designs/automation', { content })
      void client.invalidateQueries({ queryKey: automationsKey })
      onClose()
      await navigate(urlOf(name))
    } catch (error) {
      void message.error(messageOf(error))
    }
    setSending(false)
  }
  return (
    <Modal open title="新建自动化" okText="开始设计" cancelText="取消" okButtonProps={{ loading: isSending, disabled: !label.trim() }} onCancel={onClose} onOk={() => void make()}>
      <div className="x-act-form">
        <label>
          名称
          <Input autoFocus maxLength={60} placeholder="例如：外出登记通过后建报销待办" value={label} onChange={(event) => setLabel(event.target.value)} onPressEnter={() => label.trim() && void make()} />
        </label>
      </div>
    </Modal>
  )
} // prettier-ignore
