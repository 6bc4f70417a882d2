import { DownloadOutlined } from '@ant-design/icons'
import { exportStates, formatBytes, formatInstant, type ExportJob } from '#model'
import { Button, Progress } from 'antd'
import { here } from '../api/place.ts'
import { Tag, type Tone } from '../parts/tag.tsx'
import { isOpen, useCancelExport } from './use-exports.ts'

const tones: Record<ExportJob['state'], Tone> = {
  waiting: 'neutral',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  gone: 'neutral',
}
const formats = { xlsx: 'Excel', csv: 'CSV', pdf: 'PDF' } as const
const number = (count: number): string => count.toLocaleString('zh-CN')

export const StateTag = ({ job }: { job: ExportJob }) => <Tag tone={tones[job.state]}>{exportStates[job.state]}</Tag>

/** How far it is, where it is at work. */
export function HowFar({ job }: { job: ExportJob }) {
  if (job.state !== 'running') return null
  // About how many there are is a guess; a bar that is full before the end would be a lie.
  const share = job.expected ? Math.min(99, Math.floor((job.rows / job.expected) * 100)) : 0
  return <Progress percent={share} size="small" status="active" aria-label={`已导出 ${number(job.rows)} 条`} />
}
/** What it is, in one line: 12,000 条 · Excel · 3.2 MB · 3 个条件 … */
export function Words({ job }: { job: ExportJob }) {
  const { state, rows, expected, format, bytes, conditions, search, createdAt, until } = job
  const count =
    state === 'running'
      ? `${number(rows)} / 约 ${number(Math.max(rows, expected ?? 0))} 条`
      : state === 'done'
        ? `${number(rows)} 条`
        : state === 'waiting' && expected !== null
          ? `约 ${number(expected)} 条`
          : ''
  const words = [
    count,
    formats[format],
    bytes !== null && formatBytes(bytes),
    conditions > 0 && `${conditions} 个条件`,
    search && `搜索“${search}”`,
    `${formatInstant(createdAt)} 发起`,
    until && `文件保留到 ${formatInstant(until).slice(0, 10)}`,
  ].filter(Boolean)
  // Broken between, not within.
  return words.map((word, i) => (
    <span key={i} className="x-export-word">
      {word}
    </span>
  ))
}
/** What can be done with it now. */
export function ExportActs({ job }: { job: ExportJob }) {
  const cancel = useCancelExport()
  if (isOpen(job))
    return (
      <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
        取消
      </Button>
    )
  if (job.state !== 'done') return null
  return job.mayDownload ? (
    <Button
      size="small"
      type="primary"
      icon={<DownloadOutlined />}
      href={here(`/api/exports/${job.id}/file`)}
      download={job.fileName ?? ''}
    >
      下载
    </Button>
  ) : (
    <span className="x-faint">已没有导出权限</span>
  )
}
