import { useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Modal } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useMe, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { definePanel } from '#kernel/web/pages.ts'
import { AskReason } from '#kernel/web/parts/ask-reason.tsx'
import { FirstText } from '#kernel/web/parts/first-input.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'

/** Until when somebody is lent, and the acts: another last day, or taken back before it begins. */
function Term({ resource: name, id }: { resource: string; id: string }) {
  const { today } = useMe()
  const { message } = App.useApp()
  const client = useQueryClient()
  const resource = useResource(name)
  const query = useRecord(name, id)
  const [asking, setAsking] = useState<'term' | 'revoke' | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={2} />
  const { record } = query.data
  const [from, to] = [String(record['from']), String(record['to'])]
  async function give(next: string | null, reason: string) {
    setBusy(true)
    try {
      await api.post(`/api/organisation/secondments/${id}/term`, { version: record.version, to: next, reason })
      setAsking(null)
      void message.success(next === null ? '已撤销，对应的任职或离岗登记一并撤销' : `支援到 ${next} 为止，对应的任职随之调整`)
      forgetRecord(client, name, id)
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  if (record['status'] === 'revoked') return <p className="x-why">已在开始之前撤销。</p>
  return (
    <div className="x-why">
      <p>
        {from > today ? `${from} 开始，` : to < today ? '已经结束，' : '正在进行，'}
        {to} 止。{record['toUnit'] ? '期间在支援科室另有一个任职，到期自动卸任。' : '期间在职状态为离岗，到期次日自动返岗。'}
      </p>
      {resource?.may.create && (
        <>
          <Button onClick={() => setAsking('term')}>调整期限</Button>{' '}
          {from > today && (
            <Button danger onClick={() => setAsking('revoke')}>
              撤销
            </Button>
          )}
        </>
      )}
      {asking === 'term' && <AskTerm from={from} to={to} isBusy={isBusy} onClose={() => setAsking(null)} onGive={(next, reason) => void give(next, reason)} />}
      {asking === 'revoke' && (
        <AskReason title="撤销支援" hint="本人和科主任会看到" placeholder="如：对方科室不再需要" isDanger isBusy={isBusy} onClose={() => setAsking(null)} onGive={(reason) => void give(null, reason)} />
      )}
    </div>
  )
} // prettier-ignore

interface Asked {
  from: string
  to: string
  isBusy: boolean
  onClose: () => void
  onGive: (to: string, reason: string) => void
}
function AskTerm({ from, to, isBusy, onClose, onGive }: Asked) {
  const [day, setDay] = useState(to)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState('')
  const give = () => (day === to ? setProblem('请选择另外的结束日期') : reason.trim() ? onGive(day, reason.trim()) : setProblem('请写明原因'))
  return (
    <Modal title="调整期限" open onCancel={onClose} okText="调整" cancelText="取消" okButtonProps={{ loading: isBusy }} onOk={give}>
      <label>
        原因（本人和科主任会看到）
        <FirstText value={reason} maxLength={200} rows={2} placeholder="如：对方科室恢复满员" onChange={(event) => (setReason(event.target.value), setProblem(''))} />
      </label>
      <label>
        支援止
        <br />
        <DatePicker aria-label="支援止" value={dayjs(day)} allowClear={false} minDate={dayjs(from)} onChange={(next) => next && (setDay(next.format('YYYY-MM-DD')), setProblem(''))} />
      </label>
      {problem && <p className="x-problem" role="alert">{problem}</p>}
    </Modal>
  )
} // prettier-ignore

export default definePanel({ label: '期限', component: Term })
