import type { DesignAnswer, DesignItem } from '#model'
import { newKey, starters, type TypeDesign } from '#kernel/model/designs/index.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { useSend } from '../parts/use-send.tsx'
import { designsKey, designUrl } from './use-studio.ts'

/** A type of the hospital's own: empty, from a template, or a copy of another. */
export function NewType({ items, onClose }: { items: readonly DesignItem[]; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { isSending, setProblems, problem, send } = useSend()
  const [label, setLabel] = useState('')
  const [from, setFrom] = useState('')
  const own = items.filter(({ kind }) => kind === 'type')
  async function make() {
    setProblems(label.trim() ? {} : { label: '请填写名称' })
    if (!label.trim()) return
    await send(async () => {
      const content = { ...(await beginning(from)), label: label.trim() }
      const made = await api.post<DesignAnswer>('/api/designs/type', { content })
      void client.invalidateQueries({ queryKey: designsKey })
      await navigate(`/designs/type/${encodeURIComponent(made.name)}`)
    })
  }
  return (
    <Modal open title="新建记录类型" okText="开始设计" cancelText="取消" okButtonProps={{ loading: isSending }} onCancel={onClose} onOk={() => void make()}>
      <div className="x-act-form">
        <label>
          名称
          <Input autoFocus maxLength={60} placeholder="例如：设备借用登记" value={label} onChange={(event) => setLabel(event.target.value)} onPressEnter={(event) => !event.nativeEvent.isComposing && void make()} />
          {problem('label')}
        </label>
        <label>
          从哪里开始
          <Select aria-label="从哪里开始" value={from} showSearch={{ optionFilterProp: 'label' }} onChange={setFrom}
            options={[{ value: '', label: '空白' }, ...starters.map((one, n) => ({ value: `template ${n}`, label: `模板：${one.label}` })), ...own.map(({ name, label: of }) => ({ value: name, label: `复制“${of}”` }))]} />
        </label>
        {problem('')}
      </div>
    </Modal>
  )
} // prettier-ignore

/** What it begins with: a name, whose it is, and who may use it. */
async function beginning(from: string): Promise<Partial<TypeDesign>> {
  if (from.startsWith('template ')) return starters[Number(from.slice(9))]!
  if (from) return (await api.get<DesignAnswer>(designUrl('type', from))).content as TypeDesign
  const [name, unit] = [newKey(), newKey()]
  return {
    fields: [
      { key: name, kind: 'text', label: '名称', required: true, search: true, options: {} },
      { key: unit, kind: 'unit', label: '科室', required: false, default: 'myUnit', options: {} },
    ],
    title: name,
    owner: { person: 'createdBy', department: unit },
    grants: [
      { role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' },
      { role: 'medicalOffice', actions: ['read', 'create', 'update', 'delete', 'import', 'export'], scope: 'hospital' },
    ],
  }
}
