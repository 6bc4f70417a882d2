import {
  automaticTemplate,
  labelTemplate,
  officialTemplate,
  plainTemplate,
  usualFooter,
  type DesignAnswer,
  type PrintTemplateList,
  type PrintType,
} from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Modal, Select } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { FirstInput } from '../parts/first-input.tsx'
import { MadeList } from '../parts/made-list.tsx'
import { Tag } from '../parts/tag.tsx'
import type { About } from '../parts/use-making.ts'
import { templatesKey } from './use-drawing.ts'
import './designer.css'

const starts = {
  automatic: { label: '标准版式', make: automaticTemplate },
  official: { label: '红头文件', make: officialTemplate },
  label: { label: '标签', make: labelTemplate },
  empty: { label: '空白，或上传 Word', make: (type: PrintType) => ({ ...plainTemplate(type.name), footer: usualFooter }) },
} as const
/** 打印模板: what the hospital has drawn or uploaded, by record type. */
export default function PrintingPage() {
  const { data, error, refetch } = useQuery({ queryKey: templatesKey, queryFn: ({ signal }) => api.get<PrintTemplateList>('/api/print-templates', {}, signal), staleTime: 0 })
  return (
    <MadeList
      title="打印模板"
      noun="打印模板"
      about="每种记录都有标准版式和标签；需要本院自己的样式时，在这里设计或上传 Word。"
      items={data?.templates}
      error={error}
      refetch={refetch}
      search={{ placeholder: '名称或记录类型', words: ({ label, resourceLabel }) => [label, resourceLabel] }}
      listClass="d-list"
      row={(one) => (
        <li key={one.name}>
          <Link to={`/printing/${one.name}`}>{one.label}</Link>
          <Tag tone={one.version === null ? 'neutral' : 'good'}>{one.version === null ? '未发布' : '已发布'}</Tag>
          {one.draft && one.version !== null && <Tag tone="info">有草稿</Tag>}
          <small>
            {one.resourceLabel}
            {one.isWord && ' · Word'}
          </small>
        </li>
      )}
      making={(onClose, about) => data && <NewTemplate types={data.types} about={about} onClose={onClose} />}
    />
  )
} // prettier-ignore

function NewTemplate({ types, about, onClose }: { types: PrintTemplateList['types']; about: About | null; onClose: () => void }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [given, setGiven] = useState<{ resource: string | null; label: string; start: keyof typeof starts }>({ resource: about?.type ?? null, label: '', start: 'automatic' })
  const [isSending, setSending] = useState(false)
  async function make() {
    if (!given.resource) return void message.error('请选择记录类型')
    setSending(true)
    try {
      const type = await api.get<PrintType>(`/api/print-templates/types/${given.resource}`)
      const { label: usual, make: begin } = starts[given.start]
      const content = { ...begin(type), label: given.label.trim() || `${type.label}${usual.replace(/，.*/, '')}` }
      const { name } = await api.post<DesignAnswer>('/api/designs/print', { content })
      void client.invalidateQueries({ queryKey: templatesKey, exact: true })
      onClose()
      await navigate(`/printing/${name}`)
    } catch (error) {
      void message.error(messageOf(error))
    }
    setSending(false)
  }
  return (
    <Modal open title="新建打印模板" okText="开始设计" cancelText="取消" okButtonProps={{ loading: isSending }} onCancel={onClose} onOk={() => void make()}>
      <div className="x-act-form">
        <label>
          打印哪种记录
          <Select aria-label="打印哪种记录" showSearch={{ optionFilterProp: 'label' }} placeholder="请选择" value={given.resource} options={types.map(({ name, label }) => ({ value: name, label }))} onChange={(resource: string) => setGiven({ ...given, resource })} />
        </label>
        <label>
          名称
          <FirstInput maxLength={60} placeholder="例如：采购通知单" value={given.label} onChange={(event) => setGiven({ ...given, label: event.target.value })} onPressEnter={(event) => !event.nativeEvent.isComposing && void make()} />
        </label>
        <label>
          从哪里开始
          <Select aria-label="从哪里开始" value={given.start} options={Object.entries(starts).map(([value, { label }]) => ({ value: value as keyof typeof starts, label }))} onChange={(start) => setGiven({ ...given, start })} />
        </label>
      </div>
    </Modal>
  )
} // prettier-ignore
