import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { here } from '../api/place.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'

/** What a page shows, as a file: a word on the desk, a sign in the phone's bar (where `label` is only heard). */
export function DownloadButton({ href, label }: { href: string; label: string }) {
  return useIsPhone() ? (
    <Button type="text" icon={<DownloadOutlined />} href={here(href)} aria-label={label} />
  ) : (
    <Button icon={<DownloadOutlined aria-hidden />} href={here(href)}>
      {label}
    </Button>
  )
}
