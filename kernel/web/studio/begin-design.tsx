import type { DesignAnswer } from '#model'
import type { DesignKindName } from '#kernel/model/designs/index.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import type { About } from '../parts/use-making.ts'
import { FirstInput } from '../parts/first-input.tsx'
import { useSend } from '../parts/use-send.tsx'
import { designPath } from './design-path.ts'
import { designsKey } from './use-studio.ts'

interface Props {
  kind: DesignKindName
  title: string
  placeholder: string
  longest: number
  /** From what it may be begun; the first is what one gets unless one chooses. */
  offered: readonly { value: string; label: string }[]
  /** The content to begin with, but for its name. */
  beginning: (from: string) => Promise<object> | object
  /** How it is called unless it is named otherwise. */
  usual?: string
  /** What it is made about: its designer is told. */
  about?: About | null
  onClose: () => void
}
/** A piece of the hospital's own: named, begun, and then drawn at its address. */
export function BeginDesign({ kind, title, placeholder, longest, offered, beginning, usual = '', about = null, onClose }: Props) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { isSending, setProblems, problem, send } = useSend()
  const [label, setLabel] = useState(usual)
  const [from, setFrom] = useState(offered[0]!.value)
  async function make() {
    setProblems(label.trim() ? {} : { label: '请填写名称' })
    if (!label.trim()) return
    await send(async () => {
      const content = { ...(await beginning(from)), label: label.trim() }
      const made = await api.post<DesignAnswer>(`/api/designs/${kind}`, { content })
      void client.invalidateQueries({ queryKey: designsKey })
      onClose()
      await navigate(designPath(made), { state: { about } })
    })
  }
  return (
    <Modal open title={title} okText="开始设计" cancelText="取消" okButtonProps={{ loading: isSending }} onCancel={onClose} onOk={() => void make()}>
      <div className="x-act-form">
        <label>
          名称
          <FirstInput maxLength={longest} placeholder={placeholder} value={label} onChange={(event) => setLabel(event.target.value)} onPressEnter={(event) => !event.nativeEvent.isComposing && void make()} />
          {problem('label')}
        </label>
        <label>
          从哪里开始
          <Select aria-label="从哪里开始" value={from} showSearch={{ optionFilterProp: 'label' }} onChange={setFrom} options={[...offered]} />
        </label>
        {problem('')}
      </div>
    </Modal>
  )
} // prettier-ignore
