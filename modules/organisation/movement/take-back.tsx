import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import type { ApiRecord } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useMe, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { AskReason } from '#kernel/web/parts/ask-reason.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { lastRegret } from './movement.rules.ts'

export interface TakingBack {
  /** `撤销异动`: the button and the dialog. */
  act: string
  /** Where it is asked for. */
  path: (id: string) => string
  /** What is as before, once it is taken back: 科室、任职和权限. */
  restored: string
  /** What to do when it is too late. */
  instead: string
  placeholder: string
  /** What else has changed with it. */
  forget: (client: QueryClient, record: ApiRecord) => void
}
/** Until when something with a day may be taken back, and the act. */
export function TakeBack({ resource: name, id, of }: { resource: string; id: string; of: TakingBack }) {
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
  const from = String(record['from'])
  const last = lastRegret(from)
  async function give(reason: string) {
    setBusy(true)
    try {
      await api.post(of.path(id), { version: record.version, reason })
      setAsking(false)
      void message.success(`已撤销，${of.restored}恢复为此前的样子`)
      forgetRecord(client, name, id)
      of.forget(client, record)
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  if (record['status'] === 'revoked') return <p className="x-why">已经撤销，{of.restored}恢复为此前的样子；登记都留在台账里。</p>
  if (today > last) return <p className="x-why">反悔期到 {last} 为止。{of.instead}</p>
  return (
    <div className="x-why">
      <p>
        {from > today ? `还没有生效，${from} 起自动生效。` : `已经生效，${last} 以前可以反悔。`}
        撤销后{of.restored}恢复为此前的样子，登记都留在台账里。
      </p>
      {resource?.may.create && (
        <Button danger onClick={() => setAsking(true)}>
          {of.act}
        </Button>
      )}
      {isAsking && (
        <AskReason title={of.act} hint="有关人员和科主任会看到" placeholder={of.placeholder} isDanger isBusy={isBusy} onClose={() => setAsking(false)} onGive={(reason) => void give(reason)} />
      )}
    </div>
  )
} // prettier-ignore
