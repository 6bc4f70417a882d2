import { dayOf, daysBetween, formatInstant, type MessageItem } from '#model'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useCounts, useMessages, useReadMessages } from '../api/hooks.ts'
import { More } from '../parts/more.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'
import { MessageRow } from './message-row.tsx'

/** 消息: all that one was told, kept for ever, newest first. */
export default function MessagesPage() {
  const [get, put] = useAddress()
  const unread = get('view') === 'unread'
  const [q, setQ] = useState('')
  const waiting = useCounts().data?.messages ?? 0
  const read = useReadMessages()
  return (
    <div className="x-page">
      <PageHead
        title="消息"
        isRoot
        acts={
          <>
            {waiting > 0 && <Button onClick={() => void read({ all: true })}>全部已读</Button>}
            <Link to="/messages/ways" className="x-link">
              接收设置
            </Link>
          </>
        }
      />
      <TabsLine
        tabs={[
          { key: '', label: '全部' },
          { key: 'unread', label: <>未读{waiting > 0 && <Tag icon={false}>{waiting > 999 ? '999+' : waiting}</Tag>}</> },
        ]}
        shown={unread ? 'unread' : ''}
        onShow={(view) => put({ view })}
      />
      <div className="x-list-bar">
        <Input.Search allowClear placeholder="标题、内容" aria-label="查找消息" onSearch={(text) => setQ(text.trim())} />
      </div>
      <Messages key={`${String(unread)}${q}`} unread={unread} q={q} />
    </div>
  )
}

function Messages({ unread, q }: { unread: boolean; q: string }) {
  const paged = useMessages({ unread, q })
  const { data, error, refetch } = paged
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  if (data.length === 0)
    return (
      <div className="x-card">
        {q ? <Notice kind="empty" title={`没有含“${q}”的消息`} /> : unread ? <Notice kind="empty" title="没有未读消息" /> : <Notice kind="empty" title="还没有消息" text="审批结果、到期提醒会发到这里，长期保存。" />}
      </div>
    )
  return (
    <>
      {[...Map.groupBy(data, groupOf)].map(([label, messages]) => (
        <section key={label} className="x-card x-messages" aria-label={label}>
          <h2>{label}</h2>
          <ul>
            {messages.map((message) => (
              <MessageRow key={message.id} message={message} />
            ))}
          </ul>
        </section>
      ))}
      <More of={paged}>显示更早的</More>
    </>
  )
} // prettier-ignore

/** 今天 / 昨天 / 7 天内 / 2026年11月 */
function groupOf({ at }: MessageItem): string {
  const day = formatInstant(at).slice(0, 10)
  const days = daysBetween(day, dayOf(new Date()))
  if (days <= 0) return '今天'
  if (days === 1) return '昨天'
  return days < 7 ? '7 天内' : `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月`
}
