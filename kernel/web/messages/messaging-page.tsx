import type { MessagingAnswer, MessagingSettings } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useAddress } from '../parts/use-address.ts'
import { DeliveriesTab } from './deliveries-tab.tsx'
import { TemplatesTab } from './templates-tab.tsx'
import { UsesTab } from './uses-tab.tsx'
import './messaging.css'

const key = ['messaging']
const tabs = [
  { key: '', label: '发送方式' },
  { key: 'templates', label: '模板' },
  { key: 'deliveries', label: '外发记录' },
]
/** 消息设置: which way people are told what, in which words, and what became of it. */
export default function MessagingPage() {
  const [get, put] = useAddress()
  const shown = tabs.find((tab) => tab.key === get('tab'))?.key ?? ''
  return (
    <div className="x-page">
      <PageHead title="消息设置" />
      <TabsLine tabs={tabs} shown={shown} onShow={(tab) => put({ tab, state: '', channel: '', person: '' })} />
      {shown === 'deliveries' ? <DeliveriesTab /> : <Settings isTemplates={shown === 'templates'} />}
    </div>
  )
}

function Settings({ isTemplates }: { isTemplates: boolean }) {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<MessagingAnswer>('/api/messaging', {}, signal) })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  return data ? <SettingsForm key={JSON.stringify(data.settings)} seen={data} isTemplates={isTemplates} /> : <Skeleton rows={8} />
} // prettier-ignore

function SettingsForm({ seen, isTemplates }: { seen: MessagingAnswer; isTemplates: boolean }) {
  const [draft, setDraft] = useState(seen.settings)
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const [isSaving, setSaving] = useState(false)
  const client = useQueryClient()
  const { message } = App.useApp()
  const put = (change: Partial<MessagingSettings>) => setDraft((before) => ({ ...before, ...change }))
  const isChanged = JSON.stringify(draft) !== JSON.stringify(seen.settings)
  async function save() {
    setSaving(true)
    try {
      const settings = await api.put<MessagingSettings>('/api/messaging', { settings: draft, seen: seen.settings })
      void message.success('已保存')
      client.setQueryData(key, { ...seen, settings })
    } catch (fault) {
      const found = fault instanceof ApiError ? (fault.problem.problems ?? []) : []
      setProblems(Object.fromEntries(found.map((one) => [one.field, one.message])))
      void message.error(found.length ? '模板有误，请修改后再保存' : messageOf(fault))
    } finally {
      setSaving(false)
    }
  }
  return (
    <>
      {isTemplates ? (
        <TemplatesTab draft={draft} problems={problems} hospital={seen.hospital} onChange={put} />
      ) : (
        <UsesTab draft={draft} installed={seen.installed} onChange={put} />
      )}
      {isChanged && (
        <footer className="m-save">
          <Button onClick={() => setDraft(seen.settings)}>还原</Button>
          <Button type="primary" loading={isSaving} onClick={() => void save()}>
            保存
          </Button>
        </footer>
      )}
    </>
  )
}
