import { CloseOutlined } from '@ant-design/icons'
import { type FlowInsight, type FlowInsightFlow } from '#model'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { howLong } from '../parts/ago.ts'
import { DaySpan, spanOf } from '../parts/day-span.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAddress } from '../parts/use-address.ts'
import './insight.css'

const share = (part: number, of: number): string => (of ? `${Math.round((part / of) * 100)}%` : '—')
const time = (hours: number | null): string =>
  hours === null ? '—' : hours < 1 ? `${Math.round(hours * 60)} 分钟` : hours < 48 ? `${hours} 小时` : `${Math.round(hours / 24)} 天`

/** 流程分析: where approvals wait, with whom, and what comes back. */
export default function InsightPage() {
  const [get, put] = useAddress()
  const span = spanOf(get, 90)
  const flow = get('flow')
  const { data, error, refetch } = useQuery({
    queryKey: ['flow-insight', span, flow],
    queryFn: ({ signal }) => api.get<FlowInsight>('/api/flow-insight', { ...span, flow }, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="x-page">
      <PageHead title="流程分析" hint={data?.flowLabel} />
      <div className="x-list-bar">
        <DaySpan label="发起日期" span={span} onChange={put} />
        {flow && (
          <Button title="看全部流程" aria-label={`只看${data?.flowLabel ?? flow}，点击看全部流程`} onClick={() => put({ flow: '' })}>
            {data?.flowLabel ?? flow} <CloseOutlined aria-hidden />
          </Button>
        )}
        <span className="x-faint">按发起日期；时长为自然时间</span>
      </div>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={8} />
      ) : (
        <>
          {data.flows.length === 0 ? (
            <div className="x-card">
              <Notice kind="empty" title="这段时间没有发起过审批" />
            </div>
          ) : (
            <Flows flows={data.flows} chosen={flow} onChoose={(name) => put({ flow: name === flow ? '' : name })} />
          )}
          {flow && data.steps.length > 0 && <Steps data={data} />}
          <People data={data} />
          <Stuck data={data} />
        </>
      )}
    </div>
  )
}

/** A table whose rows are cards on a phone. */
function Rows({ label, heads, cut, children }: { label: string; heads: readonly string[]; cut?: string | false; children: ReactNode }) {
  return (
    <section className="x-card fi-table" aria-label={label}>
      <h2>{label}</h2>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      {cut && <p className="x-faint">{cut}</p>}
    </section>
  )
}
const Cells = ({ of }: { of: readonly (readonly [string, ReactNode])[] }) =>
  of.map(([head, value]) => (
    <td key={head} data-label={head}>
      {value}
    </td>
  ))

const Late = ({ of: { late } }: { of: { late: number } }) => (late ? <Tag tone="bad">{late}</Tag> : 0)

function Flows({ flows, chosen, onChoose }: { flows: readonly FlowInsightFlow[]; chosen: string; onChoose: (flow: string) => void }) {
  return (
    <Rows label="流程" heads={['流程', '发起', '进行中', '通过', '未通过', '撤回终止', '退回过', '办结用时（中位）', '慢的一成超过']}>
      {flows.map((one) => (
        <tr key={one.flow} className={one.flow === chosen ? 'on' : ''}>
          <th scope="row">
            <button type="button" className="x-link" aria-pressed={one.flow === chosen} onClick={() => onChoose(one.flow)}>
              {one.label}
            </button>
          </th>
          <Cells
            of={[
              ['发起', one.started],
              ['进行中', one.running],
              ['通过', one.approved],
              ['未通过', one.refused],
              ['撤回终止', one.withdrawn],
              ['退回过', share(one.returned, one.started)],
              ['办结用时', time(one.medianHours)],
              ['慢的一成', time(one.slowHours)],
            ]}
          />
        </tr>
      ))}
    </Rows>
  )
}

function Steps({ data: { steps, paths, cut } }: { data: FlowInsight }) {
  const longest = Math.max(0.1, ...steps.map((one) => one.slowHours ?? 0))
  return (
    <>
      <Rows label="各步骤等待" heads={['步骤', '已办', '待办', '等待（中位）', '慢的一成超过', '超时', '']}>
        {steps.map((one) => (
          <tr key={one.step}>
            <th scope="row">{one.label}</th>
            <Cells of={[['已办', one.done], ['待办', one.open], ['等待', time(one.medianHours)], ['慢的一成', time(one.slowHours)], ['超时', <Late key="late" of={one} />]]} />
            <td className="fi-bar" aria-hidden>
              <i style={{ width: `${((one.slowHours ?? 0) / longest) * 100}%` }} />
              <b style={{ width: `${((one.medianHours ?? 0) / longest) * 100}%` }} />
            </td>
          </tr>
        ))}
      </Rows>
      {paths.length > 0 && (
        <section className="x-card fi-table" aria-label="实际走过的路径">
          <h2>实际走过的路径</h2>
          <ol className="fi-paths">
            {paths.map(({ steps: way, count }) => (
              <li key={way.join()}>
                <b>{count} 件</b> {way.join(' → ')}
              </li>
            ))}
          </ol>
          {cut.includes('paths') && <p className="x-faint">只列出最常见的 {paths.length} 种</p>}
        </section>
      )}
    </>
  )
} // prettier-ignore

function People({ data: { people, cut } }: { data: FlowInsight }) {
  if (people.length === 0) return null
  return (
    <Rows label="各人等待" cut={cut.includes('people') && `只列出待办、已办最多的 ${people.length} 人`} heads={['人员', '科室', '已办', '待办', '等待（中位）', '慢的一成超过', '超时']}>
      {people.map((one) => (
        <tr key={one.person}>
          <th scope="row">{one.personName}</th>
          <Cells of={[['科室', one.unitName], ['已办', one.done], ['待办', one.open], ['等待', time(one.medianHours)], ['慢的一成', time(one.slowHours)], ['超时', <Late key="late" of={one} />]]} />
        </tr>
      ))}
    </Rows>
  )
} // prettier-ignore

function Stuck({ data: { stuck, cut } }: { data: FlowInsight }) {
  if (stuck.length === 0) return null
  return (
    <section className="x-card fi-table" aria-label="等得最久">
      <h2>等得最久</h2>
      <ul className="fi-paths">
        {stuck.map((one) => (
          <li key={`${one.instance}${one.stepLabel}`}>
            {one.mayOpen ? <Link to={`/approvals/${one.instance}`}>{one.number}</Link> : one.number} {one.flowLabel} · {one.stepLabel} · 等{' '}
            {one.people.slice(0, 5).join('、')}
            {one.people.length > 5 && ` 等 ${one.people.length} 人`} <Tag tone="warn">已 {howLong(one.since)}</Tag>
          </li>
        ))}
      </ul>
      {cut.includes('stuck') && <p className="x-faint">只列出等得最久的 {stuck.length} 项，不限发起日期</p>}
    </section>
  )
}
