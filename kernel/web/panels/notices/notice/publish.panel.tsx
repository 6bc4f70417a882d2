import { formatInstant, noticeStates } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../../../api/client.ts'
import { forgetRecord, useRecord } from '../../../api/hooks.ts'
import { ApiError, messageOf } from '../../../api/problem.ts'
import { noticeKeys } from '../../../notices/hooks.ts'
import { definePanel } from '../../../pages.ts'
import { AskReason } from '../../../parts/ask-reason.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Tag } from '../../../parts/tag.tsx'
import { Part } from '../../../security/own-page.tsx'
import '../../../security/security.css'

const resource = 'notices.notice'
/** Publishes a draft, takes back what was published. */
function Publish({ id }: { resource: string; id: string }) {
  const { data, error, refetch } = useRecord(resource, id)
  const { message, modal } = App.useApp()
  const client = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={3} />
  const { record } = data
  const status = record['status'] as keyof typeof noticeStates
  async function act(path: string, body: object, done: (answer: { readers?: number }) => string) {
    try {
      void message.success(done(await api.post<{ readers?: number }>(`/api/notices/${id}/${path}`, body)))
      setAsking(false)
    } catch (fault) {
      const problems = fault instanceof ApiError ? (fault.problem.problems ?? []) : []
      void message.error(problems.map((one) => one.message).join('；') || messageOf(fault))
    }
    forgetRecord(client, resource, id)
    void client.invalidateQueries({ queryKey: noticeKeys.all })
  }
  const publish = () =>
    modal.confirm({
      title: '发布这个通知？',
      content: '发布后接收人立即收到，内容不能再改；有误时可撤回后另发。',
      okText: '发布',
      onOk: () => act('publish', { version: record.version }, ({ readers }) => `已发布给 ${readers} 人`),
    })
  return (
    <div className="x-security">
      <Part
        title="发布"
        hint={<Tag tone={noticeStates[status].tone}>{noticeStates[status].label}</Tag>}
        acts={
          <>
            {status !== 'draft' && <Link to={`/notices/${id}?tab=readers`}>阅读情况</Link>}
            {status === 'draft' && (
              <Button type="primary" onClick={() => void publish()}>
                发布
              </Button>
            )}
            {status === 'published' && (
              <Button danger onClick={() => setAsking(true)}>
                撤回
              </Button>
            )}
          </>
        }
      >
        <p className="x-muted">
          {status === 'draft'
            ? '还是草稿，只有能管理它的人看得到。'
            : status === 'published'
              ? `${formatInstant(record['publishedAt'] as string)} 发布，接收人在“通知”中阅读。`
              : `已撤回：${String(record['withdrawnReason'] ?? '')}`}
        </p>
      </Part>
      {isAsking && (
        <AskReason title="撤回" hint="读过的人会看到" placeholder="如：内容有误，将另行发布" isDanger onClose={() => setAsking(false)} onGive={(reason) => void act('withdraw', { reason }, () => '已撤回')} />
      )}
    </div>
  )
} // prettier-ignore
export default definePanel({ label: '发布', component: Publish })
