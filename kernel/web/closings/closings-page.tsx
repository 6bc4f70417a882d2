import { LockOutlined, UnlockOutlined } from '@ant-design/icons'
import { addDays, formatInstant, type ClosingItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useSend } from '../parts/use-send.tsx'
import './closings.css'

type Act = 'close' | 'reopen'

/** 封账: to which day each kind of record is closed, who closed it and why; closed further and opened again from here. */
export default function ClosingsPage() {
  const [asked, setAsked] = useState<{ item: ClosingItem; act: Act } | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: ['closings'],
    queryFn: async ({ signal }) => (await api.get<{ closings: ClosingItem[] }>('/api/closings', {}, signal)).closings,
  })
  return (
    <div className="x-page">
      <PageHead title="封账" hint="封账期间的记录任何人都不能再改，直到解封" />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={5} />
      ) : data.length === 0 ? (
        <div className="x-card">
          <Notice kind="empty" title="没有按期间封账的记录" text="哪些记录按日期封账，由其定义说明。" />
        </div>
      ) : (
        data.map((item) => (
          <section key={item.resource} className="x-card x-closing">
            <header>
              <h2>{item.label}</h2>
              {item.closed ? <Tag tone="info">封账到 {item.closed.through}</Tag> : <Tag>未封账</Tag>}
              <span className="x-space" />
              {item.mayClose && item.closed && (
                <Button icon={<UnlockOutlined />} onClick={() => setAsked({ item, act: 'reopen' })}>
                  解封
                </Button>
              )}
              {item.mayClose && (
                <Button type="primary" icon={<LockOutlined />} onClick={() => setAsked({ item, act: 'close' })}>
                  封账
                </Button>
              )}
            </header>
            <p className="x-faint">按“{item.dateLabel}”划分期间</p>
            {item.acts.length > 0 && (
              <ol>
                {item.acts.map((act, at) => (
                  <li key={at}>
                    <time dateTime={act.at}>{formatInstant(act.at)}</time>
                    <span>
                      {act.byName}{' '}
                      {act.act === 'close' ? `封账到 ${act.through}` : act.through ? `解封，仍封到 ${act.through}` : '全部解封'}
                    </span>
                    <span className="x-muted">{act.reason}</span>
                  </li>
                ))}
              </ol>
            )}
          </section>
        ))
      )}
      {asked && <ClosingDialog {...asked} onClose={() => setAsked(null)} />}
    </div>
  )
}

function ClosingDialog({ item, act, onClose }: { item: ClosingItem; act: Act; onClose: () => void }) {
  const { today } = useMe()
  const client = useQueryClient()
  const { message } = App.useApp()
  const monthBegin = `${today.slice(0, 8)}01`
  const { isSending, problem, send } = useSend()
  const [through, setThrough] = useState(act === 'close' ? addDays(monthBegin, -1) : '')
  const [reason, setReason] = useState('')
  const closeOrReopen = () =>
    send(async () => {
      await api.post(`/api/closings/${item.resource}`, { act, through: through || null, reason })
      void message.success(act === 'close' ? '已封账' : '已解封')
      await client.invalidateQueries({ queryKey: ['closings'] })
      void client.invalidateQueries({ queryKey: ['record', item.resource] })
      onClose()
    })
  return (
    <Modal
      open
      title={`${item.label}${act === 'close' ? '封账' : '解封'}`}
      okText={act === 'close' ? '封账' : '解封'}
      okButtonProps={{ loading: isSending, danger: act === 'reopen' }}
      onOk={() => void closeOrReopen()}
      onCancel={onClose}
    >
      <div className="x-act-form">
        <label>
          {act === 'close' ? '封到哪一天（含）' : '仍封到哪一天（含），不填为全部解封'}
          <Input type="date" max={today} value={through} onChange={(event) => setThrough(event.target.value)} />
        </label>
        {problem('through')}
        <label>
          理由
          <Input.TextArea rows={2} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        {problem('reason')}
        {problem('')}
        <small className="x-faint">
          {act === 'close'
            ? `“${item.dateLabel}”在这一天及以前的记录不能再新增、修改、删除、导入、合并或恢复，审批也不例外；没有日期的记录不受影响。`
            : '解封会写进审计。补录完毕请再封账。'}
        </small>
      </div>
    </Modal>
  )
}
