import { Button, Progress } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { formatInstant } from '#model'
import { askLines } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { DaySpan, type Span } from '../parts/day-span.tsx'
import { Tag } from '../parts/tag.tsx'

interface Report {
  findings: { stream: string; kind: string; seq: number; text: string }[]
  found: number
  entries: number
  seals: number
  archived: { entries: number; months: { month: string; folder: string; lastSeal: number; rows: number }[] }
  unsealed: { stream: 'audit' | 'history'; count: number; from: string | null; to: string | null }[]
}
interface Counted {
  entries: number
  total: number
}
type Line = { progress: Counted } | { report: Report } | { problem: string }
type Running = { progress: Counted | null; report: Report | null; problem: string }
const idle: Running = { progress: null, report: null, problem: '' }
const labelOf = (stream: string) => (stream === 'audit' ? '审计' : '历史')

/** Proves, for all or for some days, that nobody changed the log: says how far it is, then names what it found. */
export function Verify() {
  const [days, setDays] = useState<Span>({ from: '', to: '' })
  const [state, setState] = useState<Running>(idle)
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])

  async function run() {
    const leaving = (stop.current = new AbortController())
    setState({ ...idle, progress: { entries: 0, total: 0 } })
    const query = { progress: 1, from: days.from || undefined, to: days.to || undefined }
    try {
      for await (const line of askLines<Line>('POST', '/api/audit/verify', { query, body: {}, signal: leaving.signal }))
        setState((now) => ('progress' in line ? { ...now, ...line } : { ...idle, ...line }))
    } catch (error) {
      if (!leaving.signal.aborted) setState({ ...idle, problem: messageOf(error) })
    }
  }
  function cancel() {
    stop.current?.abort()
    setState(idle)
  }
  const { progress, report, problem } = state
  return (
    <section className="x-card a-verify" aria-label="核对封存">
      <div className="a-verify-row">
        <p className="a-verify-text">逐条核对封存，指出被修改、删除、插入或调换的记录。</p>
        <DaySpan label="核对的日期" span={days} onChange={setDays} mayBeOpen disabled={progress !== null} />
        {progress ? (
          <Button onClick={cancel}>停止</Button>
        ) : (
          <Button type="primary" onClick={() => void run()}>
            核对封存
          </Button>
        )}
      </div>
      <div aria-live="polite">
        {progress && <Progress percent={progress.total ? Math.floor((100 * progress.entries) / progress.total) : 0} />}
        {problem && <Tag tone="bad">{problem}</Tag>}
        {report && <Findings report={report} />}
      </div>
    </section>
  )
}

function Findings({ report }: { report: Report }) {
  const waiting = report.unsealed
    .filter((u) => u.count > 0)
    .map((u) => `${labelOf(u.stream)} ${u.count} 条（${formatInstant(u.from!)} 至 ${formatInstant(u.to!)}）`)
  const checked = `已核对 ${report.seals.toLocaleString('zh-CN')} 个封存、${report.entries.toLocaleString('zh-CN')} 条记录`
  return (
    <div className={`a-report ${report.found ? 'bad' : 'good'}`}>
      <strong>{report.found ? `发现 ${report.found} 处问题` : `${checked}，没有被改动`}</strong>
      {report.found > 0 && <p>{checked}。请立即保全现场（数据库、备份、日志服务器），不要重启或修补。</p>}
      {report.findings.length > 0 && (
        <ol>
          {report.findings.slice(0, 100).map((f) => (
            <li key={`${f.stream}${f.kind}${f.seq}`}>
              {labelOf(f.stream)}：{f.text}
            </li>
          ))}
        </ol>
      )}
      {report.found > 100 && <p>只列出前 100 处；全部用命令 audit verify 列出。</p>}
      {report.archived.entries > 0 && (
        <p>
          其中审计 {report.archived.entries.toLocaleString('zh-CN')} 条已归档（
          {report.archived.months.map(({ month }) => month.slice(0, 7)).join('、')}），这里只核对了封存；内容请用归档自带的核对程序核对。
        </p>
      )}
      {waiting.length > 0 && <p>尚未封存：{waiting.join('，')}</p>}
    </div>
  )
}
