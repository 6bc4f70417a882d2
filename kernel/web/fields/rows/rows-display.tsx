import type { Field, Fields } from '#model'
import { createContext, useContext, type ReactNode } from 'react'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import type { DisplayProps } from '../field-view.ts'
import { CellOf, DisplayOf } from '../parts.tsx'
import { ClassMark } from '../../parts/class-mark.tsx'
import { RowsFoot, RowTotals } from './row-totals.tsx'

export type RowValue = Record<string, unknown>
export const rowsOf = (value: unknown): RowValue[] => (Array.isArray(value) ? (value as RowValue[]) : [])

/** Shows a cell that its reader may open for a reason; null: it is shown as it is. */
export type CellShown = (column: string, field: Field, row: RowValue) => ReactNode
export const CellContext = createContext<CellShown>(() => null)

/** A line in a few words, for a card. */
export function RowSummary({ fields, row, rowTitle }: { fields: Fields; row: RowValue; rowTitle: string | undefined }) {
  const filled = Object.entries(fields).filter(([key]) => row[key] !== null && row[key] !== undefined)
  const first = filled.find(([key]) => key === rowTitle) ?? filled[0]
  const others = filled.filter((entry) => entry !== first)
  const shown = useContext(CellContext)
  const cell = (key: string, field: Field) => shown(key, field, row) ?? <CellOf field={field} value={row[key]} />
  return (
    <>
      <b>{first ? cell(first[0], first[1]) : <span className="x-faint">未填写</span>}</b>
      {others.slice(0, 4).map(([key, field]) => (
        <span key={key} className="x-row-fact">
          {field.label} {cell(key, field)}
        </span>
      ))}
    </>
  )
}

export function RowsDisplay({ field, value }: DisplayProps<'rows'>) {
  const isPhone = useIsPhone()
  const shown = useContext(CellContext)
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
              <th key={key}>
                {f.label}
                <ClassMark field={f} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map(([key, f]) => (
                <td key={key}>{shown(key, f, row) ?? <DisplayOf field={f} value={row[key]} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
        <RowsFoot field={field} rows={rows} before={0} behind={0} />
      </table>
    </div>
  )
}
