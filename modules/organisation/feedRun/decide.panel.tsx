import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useMe, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { definePanel } from '#kernel/web/pages.ts'
import { AskReason } from '#kernel/web/parts/ask-reason.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'

/** A run that would change too much: carried out after all, or dropped; and where its lines stand. */
function Decide({ resource: name, id }: { resource: string; id: string }) {
  const { message } = App.useApp()
  const { rights } = useMe()
  const client = useQueryClient()
  const query = useRecord(name, id)
  const [asking, setAsking] = useState<boolean | null>(null)
  const [isBusy, setBusy] = useState(false)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={2} />
  const { record } = query.data
  async function decide(apply: boolean, reason: string) {
    setBusy(true)
    try {
      await api.post(`/api/organisation/feed-runs/${id}/decide`, { version: record.version, apply, reason })
      setAsking(null)
      void message.success(apply ? '已执行' : '已放弃，什么都没有改变')
      forgetRecord(client, name, id)
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  const lines = `/r/organisation.feedLine?${new URLSearchParams({ filter: JSON.stringify({ field: 'run', op: 'eq', value: id }) }).toString()}`
  return (
    <div className="x-why">
      {record['status'] === 'stopped' && <p>{String(record['message'])}。还没有改变任何档案；请核对明细后决定。</p>}
      <p>
        <Link to={lines}>查看这一批的明细</Link>
      </p>
      {record['status'] === 'stopped' && rights.includes('organisation.feedClaim') && (
        <>
          <Button type="primary" onClick={() => setAsking(true)}>
            确认执行
          </Button>{' '}
          <Button danger onClick={() => setAsking(false)}>
            放弃这一批
          </Button>
        </>
      )}
      {asking !== null && (
        <AskReason
          title={asking ? '确认执行' : '放弃这一批'}
          placeholder={asking ? '如：新院区并入，已与人事核对' : '如：对方导出不完整'}
          isDanger={!asking}
          isBusy={isBusy}
          onClose={() => setAsking(null)}
          onGive={(reason) => void decide(asking, reason)}
        />
      )}
    </div>
  )
}

export default definePanel({ label: '确认', component: Decide })
