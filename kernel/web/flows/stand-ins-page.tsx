import type { Field, StandInItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { keys, useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { DateInput } from '../fields/date-inputs.tsx'
import { PersonPicker } from '../fields/record-picker.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useSend } from '../parts/use-send.tsx'
import './flows.css'

const states = { coming: ['未开始', 'info'], running: ['进行中', 'good'], ended: ['已结束', 'neutral'] } as const
const key = ['stand-ins']

/** 委托: who decides in my name while I am away, and in whose name I decide. */
export default function StandInsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<StandInItem[]>('/api/stand-ins', {}, signal),
  })
  const flows =
    useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => api.get<{ name: string; label: string }[]>('/api/flows', {}, signal) }).data ??
    []
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const [isMaking, setMaking] = useState(false)
  const forget = () => {
    for (const queryKey of [key, keys.tasks, keys.counts]) void client.invalidateQueries({ queryKey })
  }
  const end = (rule: StandInItem) =>
    modal.confirm({
      title: `结束对 ${rule.deputyName} 的委托？`,
      content: '还没有办的审批立即回到您这里。',
      okText: '结束委托',
      onOk: () => api.post(`/api/stand-ins/${rule.id}/end`).then(forget, (problem: unknown) => void message.error(messageOf(problem))),
    })
  const flowsOf = (rule: StandInItem) =>
    rule.flows === null ? '全部审批' : rule.flows.map((name) => flows.find((flow) => flow.name === name)?.label ?? name).join('、')
  return (
    <div className="x-page">
      <PageHead
        title="委托代办"
        acts={
          <Button key="new" type="primary" onClick={() => setMaking(true)}>
            新建委托
          </Button>
        }
      />
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={4} />
        ) : data.length === 0 ? (
          <Notice kind="empty" title="没有委托" text="外出期间可委托同事代为审批：经过中记两人姓名，到期自动收回。" />
        ) : (
          <ul className="x-entries">
            {data.map((rule) => (
              <li key={rule.id}>
                <p>
                  <b>{rule.mine ? `委托 ${rule.deputyName}` : `${rule.personName} 委托您`}</b>{' '}
                  <Tag tone={states[rule.state][1]}>{states[rule.state][0]}</Tag>
                </p>
                <small>
                  {rule.from} 至 {rule.to} · {flowsOf(rule)}
                  {rule.reason && ` · ${rule.reason}`}
                </small>
                {rule.mine && rule.state !== 'ended' && (
                  <Button size="small" onClick={() => end(rule)}>
                    结束
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      {isMaking && <NewStandIn flows={flows} onClose={() => setMaking(false)} onMade={forget} />}
    </div>
  )
}

/** A day, typed or picked. */
function Day({ value, min, onChange }: { value: string; min: string; onChange: (day: string) => void }) {
  const field = { kind: 'date', label: '', options: { min } } as unknown as Field<'date'>
  return (
    <DateInput
      id={`day-${min}`}
      field={field}
      value={value || null}
      onChange={(day) => onChange((day as string | null) ?? '')}
      onBlur={() => undefined}
      isInvalid={false}
      isDisabled={false}
    />
  )
}
interface NewProps {
  flows: readonly { name: string; label: string }[]
  onClose: () => void
  onMade: () => void
}
function NewStandIn({ flows, onClose, onMade }: NewProps) {
  const { today } = useMe()
  const { message } = App.useApp()
  const { isSending, problems, problem, send } = useSend()
  const [rule, setRule] = useState({ deputy: null as string | null, from: today, to: '', flows: [] as string[], reason: '' })
  const put = (change: Partial<typeof rule>) => setRule({ ...rule, ...change })
  const make = () =>
    send(async () => {
      await api.post('/api/stand-ins', { ...rule, flows: rule.flows.length ? rule.flows : null })
      void message.success('已委托')
      onMade()
      onClose()
    })
  return (
    <Modal
      open
      title="新建委托"
      okText="委托"
      cancelText="取消"
      okButtonProps={{ loading: isSending }}
      onCancel={onClose}
      onOk={() => void make()}
    >
      <div className="x-act-form">
        <label htmlFor="deputy">委托给</label>
        <PersonPicker id="deputy" value={rule.deputy} onChange={(deputy) => put({ deputy })} isInvalid={!!problems['deputy']} />
        {problem('deputy')}
        <div className="x-two">
          <label>
            开始日期
            <Day value={rule.from} min={today} onChange={(from) => put({ from })} />
          </label>
          <label>
            结束日期（含）
            <Day value={rule.to} min={rule.from} onChange={(to) => put({ to })} />
          </label>
        </div>
        {problem('from')}
        {problem('to')}
        <label htmlFor="stand-in-flows">哪些审批</label>
        <Select
          id="stand-in-flows"
          mode="multiple"
          placeholder="全部"
          value={rule.flows}
          options={flows.map(({ name, label }) => ({ value: name, label }))}
          onChange={(chosen: string[]) => put({ flows: chosen })}
        />
        {problem('flows')}
        <label>
          原因
          <Input value={rule.reason} maxLength={200} placeholder="如：外出学习" onChange={(event) => put({ reason: event.target.value })} />
        </label>
        {problem('')}
      </div>
    </Modal>
  )
}
