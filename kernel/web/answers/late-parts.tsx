import { ClockCircleOutlined, HourglassOutlined, LoadingOutlined } from '@ant-design/icons'
import { formatInstant } from '#model'
import { Button } from 'antd'
import { messageOf } from '../api/problem.ts'
import { Failed, Skeleton } from '../parts/states.tsx'
import { isAtWork, type Late } from './use-late.ts'
import './late.css'

interface Props {
  late: Late<unknown>
  error: unknown
  retry: () => void
}
/** In the place of what was asked: why it is not there, or how far the background is with it. */
export function LateOrFailed({ late, error, retry }: Props) {
  const { job, isAsked } = late
  if (!isAsked) return <Failed error={error} retry={retry} />
  if (late.error)
    return <Told icon={<HourglassOutlined />} title="没有读到后台计算的结果" text={messageOf(late.error)} late={late} act="重新计算" />
  if (job === undefined) return <Skeleton rows={3} />
  if (job === null)
    return (
      <Told icon={<HourglassOutlined />} title="记录很多，马上算不完" text="可以在后台慢慢算，完成后发消息给您；也可以增加条件后再看。" late={late} act="在后台计算" />
    )
  if (isAtWork(job))
    return (
      <div className="x-late" role="status">
        <LoadingOutlined className="x-late-icon" aria-hidden />
        <b>{job.state === 'waiting' ? '后台计算排队中' : '正在后台计算'}</b>
        <p>可以离开本页，完成后发消息给您。</p>
        <Button size="small" loading={late.isBusy} onClick={late.cancel}>
          取消计算
        </Button>
      </div>
    )
  if (job.state === 'done') return <Skeleton rows={3} />
  return <Told icon={<HourglassOutlined />} title={job.state === 'cancelled' ? '后台计算已取消' : '后台计算没有完成'} text={job.note ?? ''} late={late} act="重新计算" />
} // prettier-ignore
function Told({ icon, title, text, late, act }: { icon: React.ReactNode; title: string; text: string; late: Late<unknown>; act: string }) {
  return (
    <div className="x-late" role="alert">
      <span className="x-late-icon" aria-hidden>
        {icon}
      </span>
      <b>{title}</b>
      {text && <p>{text}</p>}
      <Button size="small" loading={late.isBusy} onClick={late.begin}>
        {act}
      </Button>
    </div>
  )
}

/** Above what the background brought: the moment it is of, and the way to have it counted anew. */
export function LateBar({ late }: { late: Late<unknown> }) {
  const { job, data } = late
  if (!data || !job?.at) return null
  return (
    <p className="x-late-bar">
      <ClockCircleOutlined aria-hidden />
      <span>
        <span className="x-late-word">后台计算的结果，</span>截至 {formatInstant(job.at)}
      </span>
      <button type="button" className="x-link" disabled={late.isBusy} onClick={late.begin}>
        重新计算
      </button>
    </p>
  )
}
