import type { ReminderDetail, ReminderItem } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Modal, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { FirstInput } from '../parts/first-input.tsx'
import type { About } from '../parts/use-making.ts'
import { remindersKey, urlOf } from './use-reminder.ts'

interface Props {
  reminders: readonly ReminderItem[]
  /** The type that it is to be about, where one came from there. */
  about?: About | null
  /** Begins as a copy of this one. */
  copyOf?: string
  onClose: () => void
}
/** A reminder of the hospital's own: of which records, how it is called; switched off until it has been looked at. */
export function NewReminder({ reminders, about = null, copyOf: begun = '', onClose }: Props) {
  const catalog = useCatalog()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [given, setGiven] = useState({ resource: about?.type ?? '', label: about ? `${about.label}提醒` : '', copyOf: begun })
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const [isSending, setSending] = useState(false)
  const types = catalog.definitions.resources.filter(({ may }) => may.read).map(({ name, label, moduleLabel }) => ({ value: name, label: moduleLabel && moduleLabel !== label ? `${label}（${moduleLabel}）` : label }))
  async function make() {
    const lacking = { ...(given.resource || given.copyOf ? {} : { resource: '请选择记录类型' }), ...(given.label.trim() ? {} : { label: '请填写名称' }) }
    setProblems(lacking)
    if (Object.keys(lacking).length) return
    setSending(true)
    try {
      const { copyOf, resource, label } = given
      const made = await api.post<ReminderDetail>('/api/reminders', { label, ...(copyOf ? { copyOf } : { resource }) })
      void client.invalidateQueries({ queryKey: remindersKey })
      onClose()
      await navigate(urlOf(made.name))
    } catch (error) {
      const found = error instanceof ApiError ? error.fieldProblems : []
      setProblems(Object.fromEntries(found.map((one) => [one.field, one.message])))
      if (found.length === 0) void message.error(messageOf(error))
    }
    setSending(false)
  }
  const problem = (field: string) => problems[field] && <p className="x-problem" role="alert">{problems[field]}</p>
  return (
    <Modal open title={begun ? '复制提醒' : '新建提醒'} okText="开始设置" cancelText="取消" okButtonProps={{ loading: isSending }} onCancel={onClose} onOk={() => void make()}>
      <div className="x-act-form">
        <label>
          名称
          <FirstInput maxLength={60} placeholder="例如：执业证到期提醒" value={given.label} onChange={(event) => setGiven({ ...given, label: event.target.value })} onPressEnter={(event) => !event.nativeEvent.isComposing && void make()} />
          {problem('label')}
        </label>
        <label>
          从哪里开始
          <Select aria-label="从哪里开始" value={given.copyOf} showSearch={{ optionFilterProp: 'label' }} options={[{ value: '', label: '空白' }, ...reminders.map(({ name, label }) => ({ value: name, label: `复制“${label}”` }))]} onChange={(copyOf: string) => setGiven({ ...given, copyOf })} />
        </label>
        {!given.copyOf && (
          <label>
            提醒哪种记录
            <Select aria-label="提醒哪种记录" placeholder="请选择" {...(given.resource ? { value: given.resource } : {})} showSearch={{ optionFilterProp: 'label' }} options={types} onChange={(resource: string) => setGiven({ ...given, resource })} />
            {problem('resource')}
          </label>
        )}
      </div>
    </Modal>
  )
} // prettier-ignore
