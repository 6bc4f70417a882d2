import { formatInstant, type AuditItem } from '#model'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Alert, Button, DatePicker, Input, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { PersonPicker } from '../fields/record-picker.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { actLabel } from './act-labels.ts'
import './audit.css'

interface Page {
  rows: AuditItem[]
  next: string | null
}
interface Report {
  findings: { stream: string; kind: string; seq: number; text: string }[]
  found: number
  entries: number
  seals: number
  unsealed: { stream: 'audit' | 'history'; count: number; from: string | null; to: string | null }[]
}
const outcomes = { done: ['完成', 'neutral'], refused: ['被拒绝', 'bad'], failed: ['失败', 'warn'] } as const

/** The security audit officer's page: every entry, and the proof that nobody changed them. */
export default function AuditPage() {
  const [asked, setAsked] = useState<Record<string, string | undefined>>({})
  const query = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam, signal }) => api.get<Page>('/api/audit', { ...asked, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
  const rows = query.data?.pages.flatMap((p) => p.rows) ?? []
  const put = (part: Record<string, string | undefined>) => setAsked({ ...asked, ...part })
  return (
    <div className="x-page">
      <PageHead title="审计日志" hint="业务内容已脱敏" />
      <Verify />
      <div className="x-card a-ask">
        <div className="a-person">
          <PersonPicker value={asked['actor'] ?? null} onChange={(id) => put({ actor: id ?? undefined })} placeholder="谁" />
        </div>
        <Input
          placeholder="操作，如 signIn、read"
          aria-label="操作"
          allowClear
          onChange={(event) => put({ act: event.target.value || undefined })}
        />
        <Select
          placeholder="结果"
          aria-label="结果"
          allowClear
          options={Object.entries(outcomes).map(([value, [label]]) => ({ value, label }))}
          onChange={(outcome?: string) => put({ outcome })}
        />
        <DatePicker.RangePicker
          aria-label="日期"
          onChange={(days) => put({ from: days?.[0]?.format('YYYY-MM-DD'), to: days?.[1]?.format('YYYY-MM-DD') })}
        />
      </div>
      <div className="x-card">
        {query.error ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : !query.data ? (
          <Skeleton rows={10} />
        ) : rows.length === 0 ? (
          <Notice kind="empty" title="没有符合条件的日志" />
        ) : (
          <div className="a-scroll">
            <table className="a-table">
              <thead>
                <tr>
                  <th>时间</th>
                  <th>人员</th>
                  <th>操作</th>
                  <th>对象</th>
                  <th>结果</th>
                  <th>地址</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.seq}>
                    <td>{formatInstant(row.at)}</td>
                    <td>{row.actorName ?? '—'}</td>
                    <td title={row.act}>{actLabel(row.act)}</td>
                    <td>
                      {row.resourceLabel ?? row.resource ?? '—'}
                      {row.recordTitle && <small> {row.recordTitle}</small>}
                    </td>
                    <td>
                      <Tag tone={outcomes[row.outcome][1]}>{outcomes[row.outcome][0]}</Tag>
                    </td>
                    <td className="x-faint">{row.address ?? '—'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {query.hasNextPage && (
          <p className="a-more">
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              加载更多
            </Button>
          </p>
        )}
      </div>
    </div>
  )
}

function Verify() {
  const [report, setReport] = useState<Report | null>(null)
  const [problem, setProblem] = useState('')
  const [isRunning, setRunning] = useState(false)
  async function run() {
    setRunning(true)
    setProblem('')
    try {
      setReport(await api.post<Report>('/api/audit/verify'))
    } catch (error) {
      setProblem(messageOf(error))
    }
    setRunning(false)
  }
  const waiting = report?.unsealed
    .filter((u) => u.count > 0)
    .map((u) => `${u.stream === 'audit' ? '审计' : '历史'} ${u.count} 条（${formatInstant(u.from!)} 至 ${formatInstant(u.to!)}）`)
  return (
    <Alert
      type={report ? (report.found ? 'error' : 'success') : problem ? 'error' : 'info'}
      showIcon
      title={
        report
          ? report.found
            ? `发现 ${report.found} 处问题`
            : `已核对 ${report.seals} 个封存、${report.entries} 条记录，没有被改动`
          : problem || '每条审计和历史记录在数秒内封存。核对会逐条指出被修改、删除、插入或调换的记录。'
      }
      description={
        report && (
          <>
            {report.findings.slice(0, 50).map((f) => (
              <p key={`${f.stream}${f.kind}${f.seq}`}>
                {f.stream === 'audit' ? '审计' : '历史'}：{f.text}
              </p>
            ))}
            {waiting && waiting.length > 0 && <p>尚未封存：{waiting.join('，')}</p>}
          </>
        )
      }
      action={
        <Button size="small" loading={isRunning} onClick={() => void run()}>
          核对封存
        </Button>
      }
    />
  )
}
