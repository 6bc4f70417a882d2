import { StarFilled, StarOutlined } from '@ant-design/icons'
import type { ApiRecord, ClientResource } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useState, type ReactNode } from 'react'
import { api } from '../api/client.ts'
import { keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { ColleagueDialog } from './colleague-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'

/** How a record is given to others: entries of its menu, and the dialogs they open. */
export function useRecordSharing(
  resource: ClientResource,
  record: ApiRecord,
): { items: { key: string; label: string; onClick: () => void }[]; dialogs: ReactNode } {
  const [open, setOpen] = useState<'link' | 'colleague' | null>(null)
  const close = () => setOpen(null)
  const items = [
    ...(resource.may.read && !record.deletedAt ? [{ key: 'share', label: '分享链接和二维码', onClick: () => setOpen('link') }] : []),
    ...(record.may?.share ? [{ key: 'colleague', label: '分享给同事', onClick: () => setOpen('colleague') }] : []),
  ]
  return {
    items,
    dialogs: (
      <>
        {open === 'link' && <ShareDialog resource={resource} records={[record.id]} onClose={close} />}
        {open === 'colleague' && <ColleagueDialog resource={resource} record={record} onClose={close} />}
      </>
    ),
  }
}

/** The star on a record: what others change of it is told. */
export function FollowStar({ resource, record }: { resource: ClientResource; record: ApiRecord }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  const isOn = record.followed === true
  async function toggle() {
    setBusy(true)
    const path = `/api/records/${resource.name}/${record.id}/follow`
    try {
      await (isOn ? api.delete(path) : api.put(path, {}))
      void message.success(isOn ? '不再关注' : '已关注：别人改动后会发消息给您')
      await client.invalidateQueries({ queryKey: keys.record(resource.name, record.id) })
      void client.invalidateQueries({ queryKey: ['follows'] })
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  return (
    <button
      type="button"
      className="x-icon-button x-star"
      aria-label="关注"
      aria-pressed={isOn}
      title={isOn ? '不再关注' : '关注：别人改动后收到消息'}
      disabled={isBusy}
      onClick={() => void toggle()}
    >
      {isOn ? <StarFilled /> : <StarOutlined />}
    </button>
  )
}
