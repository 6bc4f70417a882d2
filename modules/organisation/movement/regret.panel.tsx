import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useMe, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { definePanel } from '#kernel/web/pages.ts'
import { AskReason } from '#kernel/web/parts/ask-reason.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { lastRegret } from './movement.rules.ts'

/** Until when a movement may be taken back, and the act. */
function Regret({ resource: name, id }: { resource: string; id: string }) {
  const { today } = useMe()
  const { message } = App.useApp()
  const client = useQueryClient()
  const resource = useResource(name)
  const query = useRecord(name, id)
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={2} />
  const { record } = query.data
  const last = lastRegret(String(record['from']))
  const isPlanned = String(record['from']) > today
  async function give(reason: string) {
    setBusy(true)
    try {
      await api.post(`/api/organisation/movements/${id}/revoke`, { version: record.version, reason })
      setAsking(false)
      void message.success('已撤销，科室、任职和权限恢复为异动之前')
      forgetRecord(client, name, id)
      forgetRecord(client, 'directory.person', String(record['person']))
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  if (record['status'] === 'revoked') return <p className="x-why">这次异动已经撤销，科室、任职和权限恢复为异动之前；两次登记都留在台账里。</p>
  if (today > last) return <p className="x-why">反悔期到 {last} 为止。现在要改变，请办理新的异动。</p>
  return (
    <div className="x-why">
      <p>
        {isPlanned ? `还没有生效，${String(record['from'])} 起自动生效。` : `已经生效，${last} 以前可以反悔。`}
        撤销后科室、任职和权限恢复为异动之前，两次登记都留在台账里。
      </p>
      {resource?.may.create && (
        <Button danger onClick={() => setAsking(true)}>
          撤销异动
        </Button>
      )}
      {isAsking && (
        <AskReason title="撤销异动" hint="本人和科主任会看到" placeholder="如：登记有误、本人申请" isDanger isBusy={isBusy} onClose={() => setAsking(false)} onGive={(reason) => void give(reason)} />
      )}
    </div>
  )
} // prettier-ignore

export default definePanel({ label: '反悔', component: Regret })
