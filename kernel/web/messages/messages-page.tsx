import { Button } from 'antd'
import { useMessages, useReadMessages } from '../api/hooks.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { MessageRow } from './message-row.tsx'

export default function MessagesPage() {
  const { data, error, refetch } = useMessages()
  const read = useReadMessages()
  const unread = data?.filter((message) => !message.readAt).length ?? 0
  return (
    <div className="x-page">
      <PageHead
        title="消息"
        isRoot
        hint={unread > 0 ? `${unread} 条未读` : null}
        acts={unread > 0 && <Button onClick={() => void read({ all: true })}>全部已读</Button>}
      />
      <div className="x-card">
        {error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : !data ? (
          <Skeleton rows={6} />
        ) : data.length === 0 ? (
          <Notice kind="empty" title="还没有消息" text="审批结果、到期提醒会发到这里，长期保存。" />
        ) : (
          <ul>
            {data.map((message) => (
              <MessageRow key={message.id} message={message} />
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
