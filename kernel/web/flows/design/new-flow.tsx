import type { FlowDesign, FlowDesignItem } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { useSend } from '../../parts/use-send.tsx'
import { FormType } from './form-type.tsx'
import { designsKey } from './use-design.ts'

/** A flow of the hospital's own: for which form, how it is called, from an empty page or from another. */
export function NewFlow({ flows, onClose }: { flows: readonly FlowDesignItem[]; onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { isSending, setProblems, problem, send } = useSend()
  const [given, setGiven] = useState({ resource: '', label: '', copyOf: '' })
  async function make() {
    const lacking = { ...(given.resource ? {} : { resource: '请选择表单' }), ...(given.label.trim() ? {} : { label: '请填写名称' }) }
    setProblems(lacking)
    if (Object.keys(lacking).length) return
    await send(async () => {
      const { copyOf, ...rest } = given
      const design = await api.post<FlowDesign>('/api/flow-designs', { ...rest, ...(copyOf ? { copyOf } : {}) })
      void client.invalidateQueries({ queryKey: designsKey })
      await navigate(`/flows/design/${encodeURIComponent(design.flow)}`)
    })
  }
  return (
    <Modal open title="新建流程" okText="开始设计" cancelText="取消" okButtonProps={{ loading: isSending }} onCancel={onClose} onOk={() => void make()}>
      <div className="x-act-form">
        <label>
          用于哪种表单
          <FormType value={given.resource} onChange={(resource) => setGiven({ ...given, resource })} />
          {problem('resource')}
        </label>
        <label>
          名称
          <Input maxLength={60} placeholder="例如：东院请假审批" value={given.label} onChange={(event) => setGiven({ ...given, label: event.target.value })} />
          {problem('label')}
        </label>
        <label>
          从哪里开始
          <Select aria-label="从哪里开始" value={given.copyOf} showSearch={{ optionFilterProp: 'label' }} options={[{ value: '', label: '空白' }, ...flows.filter(({ version }) => version !== null).map(({ flow, label }) => ({ value: flow, label: `复制“${label}”` }))]} onChange={(copyOf: string) => setGiven({ ...given, copyOf })} />
        </label>
        {problem('')}
      </div>
    </Modal>
  )
} // prettier-ignore
