import { DesktopOutlined, MobileOutlined } from '@ant-design/icons'
import type { SessionItem } from '#model'
import { Button, Popconfirm } from 'antd'
import { ago } from '../parts/ago.ts'
import { Tag } from '../parts/tag.tsx'

const isPhone = (device: string) => /iPhone|iPad|Android|鸿蒙/.test(device)
/** Where an account is signed in: device, place, since when; each may be ended. */
export function SessionList({ sessions, onEnd }: { sessions: readonly SessionItem[]; onEnd?: (id: string) => void }) {
  if (sessions.length === 0) return <p className="x-faint">没有在登录</p>
  return (
    <ul className="x-sessions">
      {sessions.map((one) => (
        <li key={one.id}>
          {isPhone(one.device) ? <MobileOutlined aria-hidden /> : <DesktopOutlined aria-hidden />}
          <div>
            <b>
              {one.device} {one.isThis && <Tag tone="good">本机</Tag>}
            </b>
            <span className="x-muted">
              {one.place} · {one.address} · {ago(one.at)}登录，{ago(one.seenAt)}使用
            </span>
          </div>
          {onEnd && !one.isThis && (
            <Popconfirm title="让这台设备退出登录？" okText="退出" cancelText="取消" onConfirm={() => onEnd(one.id)}>
              <Button size="small">退出</Button>
            </Popconfirm>
          )}
        </li>
      ))}
    </ul>
  )
}
