import type { ApprovalAnswer, ClientResource } from '#model'
import { CellOf } from '../fields/index.ts'
import { Tag } from '../parts/tag.tsx'

/** A request over many records: each with what changes in it; decided as a whole. */
export function BatchChanges({ approval, resource }: { approval: ApprovalAnswer; resource: ClientResource | undefined }) {
  return (
    <section className="x-card x-changes">
      <h2>变更内容 · {approval.batch.length} 条</h2>
      {approval.reason && <p>理由：{approval.reason}</p>}
      <ChangesOfMany of={approval.resource} rows={approval.batch} resource={resource} />
    </section>
  )
}

interface Props {
  /** The record type's name. */
  of: string
  rows: ApprovalAnswer['batch']
  resource: ClientResource | undefined
}
/** Before and after, record by record. */
export function ChangesOfMany({ of, rows, resource }: Props) {
  const shown = (key: string, value: unknown) => {
    const field = resource?.fields[key]
    if (value === null || value === undefined || value === '') return <span className="x-faint">（空）</span>
    return field ? <CellOf field={field} value={value} /> : '（已改动）'
  }
  return (
    <table>
      <thead>
        <tr>
          <th>{resource?.label ?? '记录'}</th>
          <th>项目</th>
          <th>变更前</th>
          <th>变更后</th>
        </tr>
      </thead>
      <tbody>
        {rows.flatMap(({ record, title, changes }) =>
          changes.map((one, at) => (
            <tr key={`${record} ${one.field}`}>
              <th scope="row">{at === 0 && <a href={`/r/${of}/${record}`}>{title || '（无名称）'}</a>}</th>
              <td>{one.label}</td>
              <td>
                <del>{shown(one.field, one.was)}</del>
              </td>
              <td>
                <ins>{shown(one.field, one.wanted)}</ins>
                {'now' in one && (
                  <div>
                    <Tag tone="warn">申请后改动</Tag> 现为 {shown(one.field, one.now)}
                  </div>
                )}
              </td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  )
}
