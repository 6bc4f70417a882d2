import type { MessagingAnswer, MessagingSettings } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useAddress } from '../parts/use-address.ts'
import { SaveFoot, useSettings } from '../settings/use-settings.tsx'
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
  const client = useQueryClient()
  const form = useSettings(
    seen.settings,
    async (draft) => {
      const settings = await api.put<MessagingSettings>('/api/messaging', { settings: draft, seen: seen.settings })
      client.setQueryData(key, { ...seen, settings })
    },
    '模板有误，请修改后再保存',
  )
  const { draft, put, problems } = form
  return (
    <>
      {isTemplates ? (
        <TemplatesTab draft={draft} problems={problems} hospital={seen.hospital} address={seen.address} onChange={put} />
      ) : (
        <UsesTab draft={draft} installed={seen.installed} onChange={put} />
      )}
      <SaveFoot of={form} />
    </>
  )
}
