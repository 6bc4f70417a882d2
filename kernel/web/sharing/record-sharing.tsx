import type { ApiRecord, ClientResource } from '#model'
import { useState, type ReactNode } from 'react'
import { ShareDialog } from './share-dialog.tsx'

/** How a record is given to others: entries of its menu, and the dialogs they open. */
export function useRecordSharing(
  resource: ClientResource,
  record: ApiRecord,
): { items: { key: string; label: string; onClick: () => void }[]; dialogs: ReactNode } {
  const [open, setOpen] = useState<'link' | null>(null)
  const close = () => setOpen(null)
  return {
    items: record.deletedAt ? [] : [{ key: 'share', label: '分享链接和二维码', onClick: () => setOpen('link') }],
    dialogs: open === 'link' && <ShareDialog resource={resource} records={[record.id]} onClose={close} />,
  }
}
