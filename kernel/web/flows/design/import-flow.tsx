import { UploadOutlined } from '@ant-design/icons'
import type { FlowDesign } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Modal } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { ApiError, messageOf } from '../../api/problem.ts'
import { FileButton } from '../../parts/file-button.tsx'
import { useSend } from '../../parts/use-send.tsx'
import { FormType } from './form-type.tsx'
import { designsKey } from './use-design.ts'

/** Takes in a flow that another hospital wrote into a file; where its form is unknown here, asks which one it is for. */
export function ImportFlow() {
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<unknown>(null)
  async function take(file: unknown, resource?: string) {
    const design = await api.post<FlowDesign>('/api/flow-designs/import', { file, ...(resource ? { resource } : {}) })
    void client.invalidateQueries({ queryKey: designsKey })
    void message.success('已导入为草稿，核对后发布')
    await navigate(`/flows/design/${encodeURIComponent(design.flow)}`)
  }
  async function read(chosen: File) {
    let file: unknown
    try {
      file = JSON.parse(await chosen.text())
      await take(file)
    } catch (error) {
      const isAsked = error instanceof ApiError && error.fieldProblems.some(({ field }) => field === 'resource')
      if (isAsked) setAsking(file)
      else void message.error(error instanceof SyntaxError ? '这不是流程文件' : messageOf(error))
    }
  }
  return (
    <>
      <FileButton label="流程文件" accept=".json,application/json" icon={<UploadOutlined />} onFile={(file) => void read(file)}>
        导入
      </FileButton>
      {asking !== null && <AskType onGive={(resource) => take(asking, resource)} onClose={() => setAsking(null)} />}
    </>
  )
} // prettier-ignore

function AskType({ onGive, onClose }: { onGive: (resource: string) => Promise<void>; onClose: () => void }) {
  const [resource, setResource] = useState('')
  const { isSending, setProblems, problem, send } = useSend()
  const give = () => (resource ? void send(() => onGive(resource)) : setProblems({ resource: '请选择表单' }))
  return (
    <Modal open title="这个流程用于哪种表单" okText="导入" cancelText="取消" okButtonProps={{ loading: isSending }} onCancel={onClose} onOk={give}>
      <div className="x-act-form">
        <p className="x-muted">文件里的表单本院没有。请选择本院的一种；流程中用到而本院没有的字段、角色和人员，导入后会逐一标出。</p>
        <label>
          用于哪种表单
          <FormType value={resource} onChange={(next) => (setResource(next), setProblems({}))} />
          {problem('resource')}
        </label>
        {problem('file')}
        {problem('')}
      </div>
    </Modal>
  )
} // prettier-ignore
