import type { ApprovalAnswer, ChangedField, ClientResource, Field } from '#model'
import { CellOf } from '../fields/index.ts'
import { Tag } from '../parts/tag.tsx'
import { BatchChanges } from './batch-changes.tsx'
import { ImportRows } from './import-rows.tsx'
import { RowChanges } from './row-changes.tsx'

/** What a change request changes, before and after; where the record holds something else meanwhile, that too. */
export function Changes({ approval, resource }: { approval: ApprovalAnswer; resource: ClientResource | undefined }) {
  if (approval.occasion === 'delete')
    return (
      <section className="x-card x-changes">
        <h2>申请删除这条记录</h2>
        {approval.reason && <p>理由：{approval.reason}</p>}
      </section>
    )
  if (approval.import) return <ImportRows approval={approval} resource={resource} />
  if (approval.batch.length > 0) return <BatchChanges approval={approval} resource={resource} />
  if (approval.changes.length === 0) return null
  const hasNow = approval.changes.some((one) => 'now' in one)
  return (
    <section className="x-card x-changes">
      <h2>变更内容</h2>
      {approval.reason && <p>理由：{approval.reason}</p>}
      <table>
        <thead hidden={approval.changes.every((one) => one.rows)}>
          <tr>
            <th>项目</th>
            <th>变更前</th>
            <th>变更后</th>
            {hasNow && <th>现在</th>}
          </tr>
        </thead>
        <tbody>
          {approval.changes.map((one) => (
            <ChangeRow key={one.field} one={one} field={resource?.fields[one.field]} hasNow={hasNow} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
function ChangeRow({ one, field, hasNow }: { one: ChangedField; field: Field | undefined; hasNow: boolean }) {
  if (one.rows && field?.kind === 'rows') return <RowChanges one={one} field={field as Field<'rows'>} span={hasNow ? 4 : 3} />
  const shown = (value: unknown) =>
    value === null || value === undefined || value === '' ? <span className="x-faint">（空）</span> : field ? <CellOf field={field} value={value} /> : '（已改动）' // prettier-ignore
  return (
    <tr>
      <th scope="row">{one.label}</th>
      <td>
        <del>{shown(one.was)}</del>
      </td>
      <td>
        <ins>{shown(one.wanted)}</ins>
      </td>
      {hasNow && (
        <td>
          {'now' in one && (
            <>
              {shown(one.now)} <Tag tone="warn">申请后改动</Tag>
            </>
          )}
        </td>
      )}
    </tr>
  )
}
