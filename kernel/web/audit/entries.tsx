import { formatInstant, type AuditItem } from '#model'
import { Tag } from '../parts/tag.tsx'
import { actLabel } from './act-labels.ts'

export const outcomes = { done: ['完成', 'neutral'], refused: ['被拒绝', 'bad'], failed: ['失败', 'warn'] } as const

// An audit is read to the second.
const toSecond = (at: string): string => `${formatInstant(at)}:${at.slice(17, 19)}`
const Outcome = ({ row }: { row: AuditItem }) => <Tag tone={outcomes[row.outcome][1]}>{outcomes[row.outcome][0]}</Tag>
const Act = ({ act }: { act: string }) => {
  const label = actLabel(act)
  return label === act ? <code className="a-route">{act}</code> : <span title={act}>{label}</span>
}
const What = ({ row }: { row: AuditItem }) =>
  row.resource ? (
    <>
      {row.resourceLabel ?? row.resource}
      {row.recordTitle && <small> {row.recordTitle}</small>}
    </>
  ) : (
    <span className="x-faint">—</span>
  )

/** Entries in rows, for the desk. */
export function EntryTable({ rows }: { rows: readonly AuditItem[] }) {
  return (
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
            <th className="a-number">序号</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.seq}>
              <td>{toSecond(row.at)}</td>
              <td>{row.actorName ?? <span className="x-faint">—</span>}</td>
              <td>
                <Act act={row.act} />
              </td>
              <td>
                <What row={row} />
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
            <strong>{row.actorName ?? '未登录'}</strong>
            <Act act={row.act} />
            {row.outcome !== 'done' && <Outcome row={row} />}
          </div>
          {row.resource && (
            <div>
              <What row={row} />
            </div>
          )}
          <small>
            {toSecond(row.at)}
            {row.address && ` · ${row.address}`}
          </small>
        </li>
      ))}
    </ul>
  )
}
