import { AlertOutlined } from '@ant-design/icons'
import { formatInstant, type ApiRecord } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useCallback, useEffect } from 'react'
import { TimeLeft } from './time-left.tsx'
import { forgetEmergency, useEmergency, useEnd } from './use-emergency.ts'
import './emergency.css'

/** Above a record that is open in an emergency only: how long, and the way to end it. What is ended elsewhere leaves the page, too. */
export function EmergencyBanner({ resource, record }: { resource: string; record: ApiRecord }) {
  return record.emergency ? <Running resource={resource} record={record.id} {...record.emergency} /> : null
}
function Running({ resource, record, id, until }: { resource: string; record: string; id: string; until: string }) {
  const client = useQueryClient()
  const end = useEnd()
  const { data, error } = useEmergency({ every: 20_000 })
  const isGone = error !== null || data?.open.every((one) => one.id !== id) === true
  const forget = useCallback(() => void forgetEmergency(client, { resource, record }), [client, resource, record])
  useEffect(() => {
    if (isGone) forget()
  }, [isGone, forget])
  return (
    <div className="x-emergency-banner" role="status">
      <AlertOutlined aria-hidden />
      <div>
        <b>
          应急访问 · <TimeLeft until={until} onOver={forget} />
        </b>
        <small>只能查看，至 {formatInstant(until).slice(11)}。每次读取都有记录，安全管理员将复核。</small>
      </div>
      <Button className="x-no-print" onClick={() => void end(id, { resource, record })}>
        结束
      </Button>
    </div>
  )
}
