import { useQueryClient } from '@tanstack/react-query'
import { App, Input, Modal } from 'antd'
import { useState } from 'react'
import { api } from '#kernel/web/api/client.ts'
import { ApiError, messageOf } from '#kernel/web/api/problem.ts'
import type { CardView } from './rule.rules.ts'

/** 签署: somebody answers for a proposed card; from then on it counts. */
export function SignDialog({ view, onClose }: { view: CardView; onClose: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [opinion, setOpinion] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  async function sign() {
    setSending(true)
    try {
      await api.post('/api/rules/sign', { card: view.card.id, opinion })
      void message.success('已签署，即日生效')
      void client.invalidateQueries({ queryKey: ['rules'] })
      onClose()
    } catch (error) {
      const found = error instanceof ApiError ? error.fieldProblems.find((p) => p.field === 'opinion') : undefined
      setProblem(found?.message ?? messageOf(error))
    }
    setSending(false)
  }
  return (
    <Modal open title={`签署“${view.card.label}”`} okText="签署" cancelText="取消" confirmLoading={isSending} onOk={() => void sign()} onCancel={onClose}>
      <div className="pr-form">
        <ul className="pr-proposed">
          {Object.entries(view.card.values).map(([name, value]) => (
            <li key={name}>
              {value.label}：{view.texts[name]}
            </li>
          ))}
        </ul>
        <p className="x-muted">{view.basis}</p>
        <label htmlFor="opinion">签署意见</label>
        <Input.TextArea
          id="opinion"
          rows={3}
          value={opinion}
          placeholder="依据核对到哪里，本院为何采用"
          status={problem ? 'error' : ''}
          onChange={(event) => setOpinion(event.target.value)}
        />
        {problem && <p className="pr-problem">{problem}</p>}
      </div>
    </Modal>
  ) // prettier-ignore
}
