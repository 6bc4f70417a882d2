import type { SearchAnswer, TalkAnswer } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { useSettledSearch } from '../fields/use-composed-text.ts'
import { talkKeys } from './hooks.ts'

/** Messages are being chosen that shall stand beside a record. */
export function AttachBar({ talk, chosen, onEnd }: { talk: TalkAnswer; chosen: readonly number[]; onEnd: () => void }) {
  const [isAsking, setAsking] = useState(false)
  return (
    <div className="t-choosing" role="status">
      <span>已选 {chosen.length} 条</span>
      <Button onClick={onEnd}>取消</Button>
      <Button type="primary" disabled={chosen.length === 0} onClick={() => setAsking(true)}>
        附到记录
      </Button>
      {isAsking && <AttachDialog talk={talk} chosen={chosen} onEnd={() => setAsking(false)} onDone={onEnd} />}
    </div>
  )
}
interface DialogProps {
  talk: TalkAnswer
  chosen: readonly number[]
  onEnd: () => void
  onDone: () => void
}
function AttachDialog({ talk, chosen, onEnd, onDone }: DialogProps) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [target, setTarget] = useState(talk.attachTo)
  const [note, setNote] = useState('')
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  async function attach() {
    setSending(true)
    try {
      await api.post(`/api/talks/${talk.id}/excerpts`, { messages: chosen, ...target, note })
      void message.success('已附到记录，成为它的沟通摘录')
      void client.invalidateQueries({ queryKey: talkKeys.excerpts(target!.record) })
      onDone()
    } catch (fault) {
      setProblem(messageOf(fault))
    } finally {
      setSending(false)
    }
  }
  return (
    <Modal
      open
      title="附到记录"
      okText="附上"
      okButtonProps={{ disabled: !target, loading: isSending }}
      onOk={() => void attach()}
      onCancel={onEnd}
    >
      <div className="t-attach">
        <p>选中的 {chosen.length} 条消息（谁、何时、说了什么，连同附件）将原样附在记录上，从此属于这条记录，按它的规定保存，不能再撤回。</p>
        {talk.attachTo ? <p>附到：{talk.title}</p> : <RecordChoice onChoose={setTarget} />}
        <Input.TextArea
          aria-label="说明"
          placeholder="说明（可不填）"
          maxLength={500}
          value={note}
          autoSize={{ minRows: 2 }}
          onChange={(event) => setNote(event.target.value)}
        />
        {problem && (
          <p className="x-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Modal>
  )
}
/** Any record that one can find. */
function RecordChoice({ onChoose }: { onChoose: (target: { resource: string; record: string }) => void }) {
  const { settled, onSearch, around } = useSettledSearch()
  const found = useQuery({
    queryKey: ['search', settled],
    queryFn: ({ signal }) => api.get<SearchAnswer>('/api/search', { q: settled }, signal),
    enabled: settled.length >= 2,
  })
  const options = (found.data?.groups ?? []).map(({ resource, label, records }) => ({
    label,
    options: records.map(({ id, title, hint }) => ({ value: `${resource} ${id}`, label: hint ? `${title} · ${hint}` : title })),
  }))
  return (
    <div {...around}>
      <Select
        aria-label="附到哪条记录"
        style={{ width: '100%' }}
        placeholder="输入名称、编号查找记录"
        showSearch={{ filterOption: false, onSearch }}
        options={options}
        loading={found.isFetching}
        notFoundContent={settled.length < 2 ? '请输入至少两个字' : found.isFetching ? '正在查找…' : `没有找到“${settled}”`}
        onChange={(value: string) => {
          const [resource = '', record = ''] = value.split(' ')
          onChoose({ resource, record })
        }}
      />
    </div>
  )
}
