import { Modal } from 'antd'
import { useState } from 'react'
import { FirstText } from './first-input.tsx'

interface Asked {
  title: string
  /** Who will read it: 申请人会看到. */
  hint?: string
  placeholder: string
  /** On the button; the title when not said. */
  act?: string
  isDanger?: boolean
  isBusy?: boolean
  onClose: () => void
  onGive: (reason: string) => void
}
/** Asks for the reason of an act that has to have one. */
export function AskReason({ title, hint, placeholder, act = title, isDanger = false, isBusy = false, onClose, onGive }: Asked) {
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState('')
  const give = () => (reason.trim() ? onGive(reason.trim()) : setProblem(`请写明${title}的原因`))
  return (
    <Modal title={title} open onCancel={onClose} okText={act} cancelText="取消" okButtonProps={{ danger: isDanger, loading: isBusy }} onOk={give}>
      <label>
        原因{hint && `（${hint}）`}
        <FirstText value={reason} maxLength={200} rows={3} status={problem ? 'error' : ''} onChange={(event) => (setReason(event.target.value), setProblem(''))} placeholder={placeholder} />
      </label>
      {problem && <p className="x-problem" role="alert">{problem}</p>}
    </Modal>
  )
} // prettier-ignore
