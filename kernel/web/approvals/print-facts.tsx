import { kindOf, type ApprovalAnswer, type ClientResource, type Field, type Fields } from '#model'
import { isEmptyValue, PrintOf, RowsFoot, viewOf } from '../fields/index.ts'
import { Changes } from './changes.tsx'
import { lineStates } from './verdicts.ts'

type Entry = [string, Field]
type Row = { id: string } & Record<string, unknown>
const columnsOf = (field: Field | undefined): Fields => (field?.kind === 'rows' ? (field as Field<'rows'>).options.fields : {})

/** The form as it was filled in: fields two in a row, wide ones alone, sub-tables as tables, the lines with their results. */
export function PrintFacts({ approval, resource }: { approval: ApprovalAnswer; resource: ClientResource | undefined }) {
  const { record, itemsKey } = approval
  if (approval.import) return <PrintImport approval={approval} />
  const shown = Object.entries(resource?.fields ?? {}).filter(([key]) => key in record && key !== itemsKey && !isEmptyValue(record[key]))
  const plain = shown.filter(([, field]) => field.kind !== 'rows' && field.kind !== 'signature')
  const tables = shown.filter(([, field]) => field.kind === 'rows')
  return (
    <>
      <h2>申请内容</h2>
      <table className="x-paper-form">
        <tbody>
          {pairs(plain).map((pair) => (
            <tr key={pair[0]![0]}>
              {pair.map(([key, field]) => (
                <Cell key={key} field={field} value={record[key]} isAlone={pair.length === 1} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Changes approval={approval} resource={resource} />
      {tables.map(([key, field]) => (
        <RowTable key={key} field={field as Field<'rows'>} rows={record[key] as Row[]} />
      ))}
      {itemsKey && (
        <RowTable
          field={resource?.fields[itemsKey] as Field<'rows'> | undefined}
          rows={(record[itemsKey] ?? []) as Row[]}
          approval={approval}
        />
      )}
    </>
  )
}
/** An import has more rows than a form has room for: the paper says how many, and where they stand. */
function PrintImport({ approval: { import: what, reason } }: { approval: ApprovalAnswer }) {
  const entries = [['批次', `第 ${what!.number} 批`], ['文件', what!.fileName], ['新增', `${what!.created} 条`], ['修改', `${what!.changed} 条`], ['申请理由', reason]] // prettier-ignore
  return (
    <>
      <h2>申请内容（批量导入）</h2>
      <table className="x-paper-form">
        <tbody>
          {entries.map(([label, text]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td colSpan={3}>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>各条内容见系统中本申请的页面，整批一起决定。</p>
    </>
  )
}
/** Two short fields share a row; a wide one has its own. */
function pairs(fields: readonly Entry[]): Entry[][] {
  const rows: Entry[][] = []
  for (const one of fields) {
    const last = rows.at(-1)
    const isWide = viewOf(one[1]).isWide
    if (!isWide && last?.length === 1 && !viewOf(last[0]![1]).isWide) last.push(one)
    else rows.push([one])
  }
  return rows
}
function Cell({ field, value, isAlone }: { field: Field; value: unknown; isAlone: boolean }) {
  return (
    <>
      <th scope="row">{field.label}</th>
      <td colSpan={isAlone ? 3 : 1}>
        <PrintOf field={field} value={value} />
      </td>
    </>
  )
}

function RowTable({ field, rows, approval }: { field: Field<'rows'> | undefined; rows: readonly Row[]; approval?: ApprovalAnswer }) {
  const label = field?.label ?? '申请项目'
  const columns = columnsOf(field)
  const used = Object.entries(columns).filter(([key, field]) => !kindOf(field).holdsFiles && rows.some((row) => !isEmptyValue(row[key])))
  if (rows.length === 0) return null
  return (
    <section>
      <h2>
        {label}（{rows.length} 项）
      </h2>
      <table className="x-paper-rows">
        <thead>
          <tr>
            <th className="number">序号</th>
            {used.map(([key, field]) => (
              <th key={key}>{field.label}</th>
            ))}
            {approval && <th>结果</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={row.id}>
              <td>{at + 1}</td>
              {used.map(([key, field]) => (
                <td key={key}>
                  <PrintOf field={field} value={row[key] ?? null} />
                </td>
              ))}
              {approval && <td>{resultOf(approval, row.id)}</td>}
            </tr>
          ))}
        </tbody>
        {field && <RowsFoot field={field} rows={rows} before={1} behind={approval ? 1 : 0} columns={used.map(([key]) => key)} />}
      </table>
    </section>
  )
}
function resultOf({ items, narrow }: ApprovalAnswer, id: string): string {
  const line = items[id]
  const narrowed = narrow.find((one) => one.key === line?.terms.narrowTo)?.label
  const cases = line?.terms.supervisedCases
  return [lineStates[line?.state ?? 'open']!.label, narrowed, cases ? `带教 ${cases} 例` : null, line?.reason].filter(Boolean).join('，')
}
