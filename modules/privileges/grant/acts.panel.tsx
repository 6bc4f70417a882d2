import { useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Input, Modal } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useMe, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { definePanel } from '#kernel/web/pages.ts'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { here } from '#kernel/web/api/place.ts'
import './grant.css'

const endings = { withdraw: '取消授权', revoke: '吊销授权', resign: '自主退出' } as const
type Ending = keyof typeof endings
const explain: Record<Ending, string> = {
  withdraw: '取消是中性的：不再需要、转岗、合并等。',
  revoke: '吊销是处分：将通知本人，原因与依据留存在档案中。',
  resign: '退出后需要时可重新申请。',
}

/** What may be done with a grant: its letter, its reason, and the three ways in which it ends. 暂停 is an order of its own. */
function GrantActs({ id }: { resource: string; id: string }) {
  const { person, rights } = useMe()
  const { message } = App.useApp()
  const client = useQueryClient()
  const query = useRecord('privileges.grant', id)
  const [ending, setEnding] = useState<Ending | null>(null)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={3} />
  const { record } = query.data
  const practitioner = String(record['practitioner'])
  const isRunning = record['status'] === 'active' || record['status'] === 'suspended'
  const isMine = practitioner === person?.id
  const mayManage = rights.includes('privileges.manage')

  async function print() {
    try {
      const { id: letter } = await api.post<{ id: string }>('/api/privileges/letters', { practitioner })
      window.open(here(`/api/privileges/letters/${letter}/pdf`), '_blank', 'noopener')
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  async function end(given: { reason: string; from: string; basisNumber: string }): Promise<void> {
    try {
      await api.post(`/api/privileges/grants/${id}/${ending}`, {
        ...given,
        basisNumber: given.basisNumber || undefined,
        version: record.version,
      })
      void message.success('已办理')
      setEnding(null)
      forgetRecord(client, 'privileges.grant', id)
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  return (
    <div className="g-acts">
      <Link to={`/privileges/why?practitioner=${practitioner}&procedure=${String(record['procedure'])}`}>现在能不能做，为什么</Link>
      {(isMine || mayManage) && <Button onClick={() => void print()}>出具授权书</Button>}
      {isRunning && mayManage && (
        <Link to={`/r/privileges.suspension/new?practitioner=${practitioner}&procedure=${String(record['procedure'])}`}>下达暂停令</Link>
      )}
      {isRunning && mayManage && <Button onClick={() => setEnding('withdraw')}>取消授权</Button>}
      {isRunning && mayManage && (
        <Button danger onClick={() => setEnding('revoke')}>
          吊销授权
        </Button>
      )}
      {isRunning && isMine && <Button onClick={() => setEnding('resign')}>自主退出</Button>}
      {ending && <EndDialog ending={ending} onClose={() => setEnding(null)} onEnd={end} />}
    </div>
  )
}

function EndDialog({
  ending,
  onClose,
  onEnd,
}: {
  ending: Ending
  onClose: () => void
  onEnd: (given: { reason: string; from: string; basisNumber: string }) => Promise<void>
}) {
  const { today } = useMe()
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState(today)
  const [basisNumber, setBasis] = useState('')
  const [isChecked, setChecked] = useState(false)
  function submit() {
    setChecked(true)
    if (reason.trim()) void onEnd({ reason, from, basisNumber })
  }
  return (
    <Modal
      open
      title={endings[ending]}
      okText={endings[ending]}
      okButtonProps={{ danger: ending === 'revoke' }}
      cancelText="不办理"
      onCancel={onClose}
      onOk={submit}
    >
      <p className="x-faint">{explain[ending]}</p>
      <div className="g-form">
        <Input.TextArea
          aria-label="原因"
          placeholder="原因（必填）"
          maxLength={500}
          autoSize={{ minRows: 2 }}
          status={isChecked && !reason.trim() ? 'error' : ''}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {isChecked && !reason.trim() && <p className="g-problem">请填写原因</p>}
        <DatePicker
          aria-label="自哪天起"
          value={dayjs(from)}
          minDate={dayjs(today)}
          allowClear={false}
          onChange={(day) => setFrom(day?.format('YYYY-MM-DD') ?? today)}
        />
        {ending !== 'resign' && (
          <Input
            aria-label="依据文号"
            placeholder="依据文号（可不填）"
            maxLength={100}
            value={basisNumber}
            onChange={(event) => setBasis(event.target.value)}
          />
        )}
      </div>
    </Modal>
  )
}

export default definePanel({ label: '办理', component: GrantActs })
