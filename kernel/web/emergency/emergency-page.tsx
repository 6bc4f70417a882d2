import { emergencyCauses, emergencyLimits, formatInstant, type EmergencyAnswer, type EmergencyOpened } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Radio, Select } from 'antd'
import { useCallback, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { useSend, without } from '../parts/use-send.tsx'
import { TimeLeft } from './time-left.tsx'
import { forgetEmergency, useEmergency, useEnd } from './use-emergency.ts'
import './emergency.css'

/** 应急访问: which record, why, for how long; and what one has open. */
export default function EmergencyPage() {
  const { data, error, refetch } = useEmergency()
  return (
    <div className="x-page">
      <PageHead title="应急访问" hint={data && `今天还可发起 ${data.leftToday} 次`} />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={8} />
      ) : data.types.length === 0 ? (
        <Notice kind="empty" title="没有可应急查看的记录" text="本院还没有开放应急访问的记录类型。" />
      ) : (
        <div className="x-emergency">
          <Form types={data.types} />
          <OpenNow open={data.open} />
        </div>
      )}
    </div>
  )
}

const usualMinutes: number = emergencyLimits.minutes.usual
const minutesOffered = [15, 30, 60, 120, 240]
function Form({ types }: Pick<EmergencyAnswer, 'types'>) {
  const [search] = useSearchParams()
  const [draft, setDraft] = useState(() => {
    const type = types.find(({ name }) => name === search.get('type')) ?? types[0]!
    return { resource: type.name, key: type.keys[0]!.key, value: '', cause: null as string | null, reason: '', minutes: usualMinutes }
  })
  const { isSending, problems, setProblems, problem, send } = useSend()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = App.useApp()
  const put = (change: Partial<typeof draft>) => {
    setDraft((before) => ({ ...before, ...change }))
    setProblems((before) => without(before, '', ...Object.keys(change)))
  }
  const type = types.find(({ name }) => name === draft.resource)!
  const key = type.keys.find((one) => one.key === draft.key)!
  const choose = (name: string) => {
    const chosen = types.find((one) => one.name === name)!
    put({ resource: name, key: chosen.keys[0]!.key, value: '', minutes: Math.min(draft.minutes, chosen.maxMinutes) })
  }
  async function open() {
    const refused = await send(async () => {
      const { resource, record, access } = await api.post<EmergencyOpened>('/api/emergency', draft)
      await forgetEmergency(client, { resource, record })
      if (!access) void message.info('您本来就可以查看这条记录，没有计入应急访问')
      void navigate(`/r/${resource}/${record}`)
    })
    // Nothing is found by what was typed: said below it.
    if (refused instanceof ApiError && refused.problem.code === 'notFound') setProblems({ value: messageOf(refused) })
  }
  return (
    <section className="x-card x-emergency-form">
      <p className="x-why">
        只在情况紧急、按平时的权限看不到时使用。打开后只能查看这一条记录，受保护的内容仍不显示；会立即告知本人、您的科室负责人和安全管理员，安全管理员在 {emergencyLimits.reviewHours} 小时内复核。
      </p>
      <form className="x-act-form" onSubmit={(event) => (event.preventDefault(), void open())}>
        <label htmlFor="emergency-type">记录类型</label>
        <Select id="emergency-type" value={draft.resource} options={types.map(({ name, label }) => ({ value: name, label }))} onChange={choose} />
        {problem('resource')}
        {type.keys.length > 1 && (
          <Radio.Group aria-label="用什么查找" value={draft.key} options={type.keys.map((one) => ({ value: one.key, label: one.label }))} onChange={(event) => put({ key: event.target.value as string, value: '' })} />
        )}
        {problem('key')}
        <label htmlFor="emergency-key">{key.label}</label>
        <Input id="emergency-key" value={draft.value} maxLength={100} autoComplete="off" status={problems['value'] ? 'error' : ''} placeholder={`完整的${key.label}，不支持模糊查找`} onChange={(event) => put({ value: event.target.value })} />
        {problem('value')}
        <label htmlFor="emergency-cause">事由</label>
        <Select id="emergency-cause" value={draft.cause} placeholder="请选择" status={problems['cause'] ? 'error' : ''} options={Object.entries(emergencyCauses).map(([value, label]) => ({ value, label }))} onChange={(cause) => put({ cause })} />
        {problem('cause')}
        <label htmlFor="emergency-reason">具体说明</label>
        <Input.TextArea id="emergency-reason" rows={3} showCount value={draft.reason} maxLength={emergencyLimits.reason.most} status={problems['reason'] ? 'error' : ''} placeholder={`至少 ${emergencyLimits.reason.least} 个字，如：夜间值班，急会诊须核对其职称`} onChange={(event) => put({ reason: event.target.value })} />
        {problem('reason')}
        <fieldset>
          <legend>多长时间</legend>
          <Radio.Group optionType="button" value={draft.minutes} options={minutesOffered.filter((one) => one <= type.maxMinutes).map((one) => ({ value: one, label: one < 60 ? `${one} 分钟` : `${one / 60} 小时` }))} onChange={(event) => put({ minutes: event.target.value as number })} />
        </fieldset>
        {problem('minutes')}
        {problem('')}
        <Button type="primary" htmlType="submit" loading={isSending}>
          打开记录
        </Button>
      </form>
    </section>
  )
} // prettier-ignore

function OpenNow({ open }: Pick<EmergencyAnswer, 'open'>) {
  const client = useQueryClient()
  const end = useEnd()
  const over = useCallback(() => void client.invalidateQueries({ queryKey: ['emergency'] }), [client])
  return (
    <section className="x-card x-emergency-open">
      <h2>正在进行</h2>
      {open.length === 0 && <p className="x-faint">没有。同时最多 {emergencyLimits.atOnce} 项，到时自动结束。</p>}
      <ul>
        {open.map((one) => (
          <li key={one.id}>
            <div>
              <Link to={`/r/${one.resource}/${one.record}`}>{one.title}</Link>
              <small>
                {one.resourceLabel} · <TimeLeft until={one.until} onOver={over} />
                ，至 {formatInstant(one.until).slice(11)}
              </small>
              <small>{one.reason}</small>
            </div>
            <Button onClick={() => void end(one.id, one)}>结束</Button>
          </li>
        ))}
      </ul>
      <Link to="/r/security.emergencyAccess">我的应急访问记录</Link>
    </section>
  )
}
