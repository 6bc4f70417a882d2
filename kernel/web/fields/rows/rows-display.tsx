import type { Fields } from '#model'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import type { DisplayProps } from '../field-view.ts'
import { CellOf, DisplayOf } from '../parts.tsx'
import { RowsFoot, RowTotals } from './row-totals.tsx'

export type RowValue = Record<string, unknown>
export const rowsOf = (value: unknown): RowValue[] => (Array.isArray(value) ? (value as RowValue[]) : [])

/** A line in a few words, for a card. */
export function RowSummary({ fields, row, rowTitle }: { fields: Fields; row: RowValue; rowTitle: string | undefined }) {
  const filled = Object.entries(fields).filter(([key]) => row[key] !== null && row[key] !== undefined)
  const first = filled.find(([key]) => key === rowTitle) ?? filled[0]
  const others = filled.filter((entry) => entry !== first)
  return (
    <>
      <b>{first ? <CellOf field={first[1]} value={row[first[0]]} /> : <span className="x-faint">未填写</span>}</b>
      {others.slice(0, 4).map(([key, field]) => (
        <span key={key} className="x-row-fact">
          {field.label} <CellOf field={field} value={row[key]} />
        </span>
      ))}
    </>
  )
}

export function RowsDisplay({ field, value }: DisplayProps<'rows'>) {
  const isPhone = useIsPhone()
  const rows = rowsOf(value)
  const columns = Object.entries(field.options.fields)
  if (!rows.length) return <span className="x-faint">—</span>
  if (isPhone)
    return (
      <div className="x-row-cards">
        {rows.map((row, at) => (
          <div key={at} className="x-row-card">
            <RowSummary fields={field.options.fields} row={row} rowTitle={field.options.rowTitle} />
          </div>
        ))}
        <RowTotals field={field} rows={rows} />
      </div>
    )
  return (
    <div className="x-rows">
      <table>
        <thead>
          <tr>
            {columns.map(([key, f]) => (
              <th key={key}>{f.label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map(([key, f]) => (
                <td key={key}>
                  <DisplayOf field={f} value={row[key]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <RowsFoot field={field} rows={rows} before={0} behind={0} />
      </table>
    </div>
  )
}
