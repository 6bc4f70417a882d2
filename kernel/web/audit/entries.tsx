import { formatInstant, type AuditItem } from '#model'
import { Link } from 'react-router'
import { useMe } from '../api/hooks.ts'
import { Tag } from '../parts/tag.tsx'

export const outcomes = { done: ['完成', 'neutral'], refused: ['被拒绝', 'bad'], failed: ['失败', 'warn'] } as const

// An audit is read to the second.
const toSecond = (at: string): string => `${formatInstant(at)}:${at.slice(17, 19)}`
const Outcome = ({ row }: { row: AuditItem }) => <Tag tone={outcomes[row.outcome][1]}>{outcomes[row.outcome][0]}</Tag>
const to = (asked: Record<string, string>): string => `/audit?${new URLSearchParams(asked).toString()}`

/** Who it was leads to all that he did. */
function Who({ row, nobody }: { row: AuditItem; nobody: string }) {
  const mayFollow = useMe().rights.includes('security.audit')
  if (!row.actor || !mayFollow) return <span className={row.actorName ? '' : 'x-faint'}>{row.actorName ?? nobody}</span>
  return (
    <Link to={to({ tab: 'person', actor: row.actor })} title="他的时间线">
      {row.actorName ?? '（没有名字）'}
    </Link>
  )
}
/** What it was done to leads to all that happened to it. */
function What({ row }: { row: AuditItem }) {
  const mayFollow = useMe().rights.includes('security.audit')
  if (!row.resource) return <span className="x-faint">—</span>
  const title = row.recordTitle
  if (!row.record || !mayFollow)
    return (
      <span>
        {row.resourceLabel ?? '其他记录'}
        {title && <small> {title}</small>}
      </span>
    )
  return (
    <Link to={to({ tab: 'record', resource: row.resource, record: row.record, ...(title ? { title } : {}) })} title="这条记录的时间线">
      {row.resourceLabel ?? '其他记录'}
      {title && <small> {title}</small>}
    </Link>
  )
}
function Words({ row }: { row: AuditItem }) {
  if (row.words.length === 0 && !row.mayHold) return null
  return (
    <span className="a-words">
      {row.mayHold && <Tag tone="warn">可能包含</Tag>}
      {row.words.map(({ label, value }) => (
        <span key={label + value}>
          <i>{label}</i> {value}
        </span>
      ))}
    </span>
  )
}

/** Entries in rows, for the desk. */
export function EntryTable({ rows }: { rows: readonly AuditItem[] }) {
  return (
    <div className="a-scroll">
      <table className="a-table a-entries">
        <thead>
          <tr>
            <th>时间</th>
            <th>人员</th>
            <th>操作</th>
            <th>对象</th>
            <th>说明</th>
            <th>结果</th>
            <th>地址</th>
            <th className="a-number">序号</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.seq}>
              <td>{toSecond(row.at)}</td>
              <td>
                <Who row={row} nobody="—" />
              </td>
              <td>{row.actLabel}</td>
              <td>
                <What row={row} />
              </td>
              <td>
                <Words row={row} />
              </td>
              <td>
                <Outcome row={row} />
              </td>
              <td className="x-faint">{row.address ?? '—'}</td>
              <td className="a-number x-faint">{row.seq}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The same entries for a phone: who did what first, the rest below. */
export function EntryList({ rows }: { rows: readonly AuditItem[] }) {
  return (
    <ul className="a-list">
      {rows.map((row) => (
        <li key={row.seq}>
          <div>
            <strong>
              <Who row={row} nobody="未登录" />
            </strong>
            <span>{row.actLabel}</span>
            {row.outcome !== 'done' && <Outcome row={row} />}
          </div>
          {row.resource && (
            <div>
              <What row={row} />
            </div>
          )}
          <Words row={row} />
          <small>
            {toSecond(row.at)}
            {row.address && ` · ${row.address}`}
          </small>
        </li>
      ))}
    </ul>
  )
}
