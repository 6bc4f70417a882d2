import { CloudOutlined, FileSearchOutlined, HourglassOutlined, InboxOutlined, LockOutlined, WarningOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { ApiError, Unreachable, messageOf } from '../api/problem.ts'
import './parts.css'

const icons = {
  empty: InboxOutlined,
  noRight: LockOutlined,
  notFound: FileSearchOutlined,
  away: CloudOutlined,
  fault: WarningOutlined,
  slow: HourglassOutlined,
} as const

interface NoticeProps {
  kind: keyof typeof icons
  title: string
  text?: ReactNode
  act?: { label: string; run: () => void } | undefined
  children?: ReactNode
}
/** Nothing here, not allowed, not found, broken: what happened, why, what to do. */
export function Notice({ kind, title, text, act, children }: NoticeProps) {
  const Icon = icons[kind]
  return (
    <div className="x-notice" role={kind === 'empty' ? undefined : 'alert'}>
      <Icon className="x-notice-icon" aria-hidden />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {act && (
        <Button type={kind === 'empty' ? 'primary' : 'default'} onClick={act.run}>
          {act.label}
        </Button>
      )}
      {children}
    </div>
  )
}

/** What a failed request looks like in the place of what it should have brought. */
export function Failed({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const act = retry && { label: '重试', run: retry }
  if (error instanceof Unreachable || (error instanceof ApiError && error.status === 503))
    return <Notice kind="away" title="系统暂时不可用" text="正在恢复，通常不超过一分钟。会自动重试，也可以现在重试。" act={act} />
  if (error instanceof ApiError && error.status === 403)
    return <Notice kind="noRight" title="没有权限查看" text={`${error.message}。需要时请联系本院系统管理员。`} />
  if (error instanceof ApiError && error.status === 404) return <Notice kind="notFound" title="没有找到" text={error.message} />
  if (error instanceof ApiError && error.problem.code === 'slowQuery')
    return <Notice kind="slow" title="查询太慢" text="请增加筛选条件，例如限定科室或日期范围。" act={act} />
  return <Notice kind="fault" title="没有读到数据" text={messageOf(error)} act={act} />
}

/** Grey bars in the shape of what is coming. */
export function Skeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div className="x-skeleton" aria-busy="true" aria-label="正在加载">
      <i style={{ width: '22%', height: 22 }} />
      {Array.from({ length: rows }, (_, at) => (
        <i key={at} style={{ width: `${[96, 88, 92, 74][at % 4]}%` }} />
      ))}
    </div>
  )
}
