import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ago } from '../parts/ago.ts'
import { Avatar } from '../parts/avatar.tsx'
import { More } from '../parts/more.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { noticeKeys, useComments } from './hooks.ts'

/** 评论, newest first, with today's number. */
export function Comments({ id, mayComment }: { id: string; mayComment: boolean }) {
  const paged = useComments(id)
  const { data, error, refetch } = paged
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const [text, setText] = useState('')
  const [isSending, setSending] = useState(false)
  const changed = () => void client.invalidateQueries({ queryKey: noticeKeys.all })
  async function send() {
    setSending(true)
    try {
      await api.post(`/api/notices/${id}/comments`, { text })
      setText('')
      changed()
    } catch (fault) {
      void message.error(messageOf(fault))
    } finally {
      setSending(false)
    }
  }
  const remove = (comment: string) =>
    modal.confirm({
      title: '删除这条评论？',
      content: '删除后不再显示，后台仍留有记录。',
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () => api.delete(`/api/notices/${id}/comments/${comment}`).then(changed, (fault: unknown) => void message.error(messageOf(fault))),
    })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  const { total, today } = data.pages[0]!
  return (
    <>
      {mayComment && (
        <div className="n-say">
          <Input.TextArea aria-label="评论" placeholder="说点什么" value={text} maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} onChange={(event) => setText(event.target.value)} />
          <Button type="primary" disabled={!text.trim()} loading={isSending} onClick={() => void send()}>
            发表
          </Button>
        </div>
      )}
      {total > 0 && (
        <p className="x-faint">
          共 {total} 条，今天 {today} 条
        </p>
      )}
      {total === 0 && <Notice kind="empty" title={mayComment ? '还没有评论' : '这个通知没有评论'} />}
      <ul className="n-comments">
        {data.pages.flatMap((page) => page.rows).map((row) => (
          <li key={row.id}>
            <Avatar name={row.personName} />
            <div>
              <b>{row.personName}</b> <span className="x-faint">{row.unitName}</span> <time dateTime={row.at}>{ago(row.at)}</time>
              <p>{row.text}</p>
            </div>
            {row.mayRemove && (
              <Button type="text" size="small" onClick={() => void remove(row.id)}>
                删除
              </Button>
            )}
          </li>
        ))}
      </ul>
      <More of={paged}>显示更早的</More>
    </>
  )
} // prettier-ignore
