import { is, type Holding } from '#model'
import { App, Input, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, newId } from '../api/client.ts'
import { useChoices, useMe } from '../api/hooks.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { useSend } from '../parts/use-send.tsx'

const kinds = [
  { value: 'correct', label: '更正、补充' },
  { value: 'delete', label: '删除' },
  { value: 'explain', label: '解释说明' },
  { value: 'copy', label: '转移副本' },
]
interface Props {
  register: string | null
  holdings: readonly Holding[]
  onClose: () => void
}
/** Asks the hospital about one's own information. */
export function RequestDialog({ register, holdings, onClose }: Props) {
  const { isSending, problem, send } = useSend()
  const [draft, setDraft] = useState({ kind: 'correct', register, record: null as string | null, what: '', reason: '' })
  const [actId] = useState(newId)
  const { message } = App.useApp()
  const navigate = useNavigate()
  const chosen = holdings.find(({ resource }) => resource === draft.register)
  const me = useMe().person?.id
  const owner = useResource(chosen?.resource ?? '')?.owner.person
  const choices = useChoices(chosen?.resource ?? '', '', { filter: owner && me ? is(owner, me) : null, enabled: chosen?.isOpen === true && owner !== undefined, limit: 50 })
  const records = chosen?.isOpen ? (choices.data?.options ?? []) : []
  const put = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }))
  const ask = () =>
    send(async () => {
      const { record } = await api.post<{ record: string }>('/api/me/personal/requests', { ...draft, reason: draft.reason || null }, actId)
      void message.success('已提交，15 个工作日内答复')
      onClose()
      void navigate(`/r/personal.request/${record}`)
    })
  return (
    <Modal title="提出个人信息请求" open onCancel={onClose} okText="提交请求" cancelText="取消" confirmLoading={isSending} onOk={() => void ask()}>
      <div className="x-act-form">
        <fieldset>
          <legend>请求</legend>
          <Radio.Group options={kinds} value={draft.kind} onChange={(event) => put({ kind: String(event.target.value) })} />
          {problem('kind')}
        </fieldset>
        <label>
          哪一类信息
          <Select
            aria-label="哪一类信息"
            allowClear
            placeholder="不清楚可不选"
            value={draft.register}
            options={holdings.map(({ resource, label }) => ({ value: resource, label }))}
            onChange={(value: string | undefined) => put({ register: value ?? null, record: null })}
          />
          {problem('register')}
        </label>
        {records.length > 0 && (
          <label>
            哪一条
            <Select aria-label="哪一条" allowClear placeholder="不清楚可不选" value={draft.record} options={records.map(({ id, title }) => ({ value: id, label: title }))} onChange={(value: string | undefined) => put({ record: value ?? null })} />
            {problem('record')}
          </label>
        )}
        <label>
          要求
          <Input aria-label="要求" maxLength={200} placeholder="如：手机号改为……；删除 2019 年的证书照片" value={draft.what} onChange={(event) => put({ what: event.target.value })} />
          {problem('what')}
        </label>
        <label>
          理由（可不填）
          <Input.TextArea aria-label="理由" rows={3} maxLength={1000} value={draft.reason} onChange={(event) => put({ reason: event.target.value })} />
        </label>
        {draft.kind === 'delete' && <p className="x-why">法律、行政法规规定的保存期限未满，或正在诉讼、调查的，不能删除，会改为限制处理：只保存，不再显示和使用。答复会写明依据。</p>}
        {problem('')}
      </div>
    </Modal>
  )
} // prettier-ignore
