import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useCounts } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { Failed, Skeleton } from '../parts/states.tsx'
import { noticeKeys, useNotice, useNoticeRead } from './hooks.ts'
import { NoticeText } from './notice-text.tsx'
import './notices.css'

/** 登录强制阅读: one after another, and nothing else until they are read. */
export default function MustRead() {
  const waiting = useCounts().data?.mustRead ?? 0
  const { data } = useQuery({
    queryKey: [...noticeKeys.all, 'must-read', waiting],
    queryFn: ({ signal }) => api.get<string[]>('/api/notices/must-read', {}, signal),
    enabled: waiting > 0,
    // Of what was answered a moment ago, one may have been read since.
    staleTime: 0,
  })
  const [first] = data ?? []
  return waiting > 0 && first ? <One key={first} id={first} left={data!.length} /> : null
}

function One({ id, left }: { id: string; left: number }) {
  const { data, error, refetch } = useNotice(id)
  const read = useNoticeRead()
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState('')
  async function done() {
    setSending(true)
    try {
      await read(id)
    } catch (fault) {
      setProblem(messageOf(fault))
    } finally {
      setSending(false)
    }
  }
  return (
    <Modal
      open
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      width={760}
      title={data?.title ?? '通知'}
      footer={
        <>
          {left > 1 && <span className="x-faint n-left">还有 {left - 1} 个须阅读</span>}
          {problem && <span className="x-problem">{problem}</span>}
          <Button type="primary" disabled={!data} loading={isSending} onClick={() => void done()}>
            我已阅读
          </Button>
        </>
      }
    >
      <div className="n-must">{error ? <Failed error={error} retry={() => void refetch()} /> : data ? <NoticeText notice={data} /> : <Skeleton rows={6} />}</div>
    </Modal>
  )
} // prettier-ignore
