import { totalOf, totalWord, type Field, type Total } from '#model'
import { viewOf } from '../parts.tsx'

type RowValue = Readonly<Record<string, unknown>>
interface Props {
  field: Field<'rows'>
  rows: readonly RowValue[]
  /** Empty cells before the first column and behind the last. */
  before: number
  behind: number
  /** Only these columns are drawn. */
  columns?: readonly string[]
}
const textOf = (how: Total, rows: readonly RowValue[], key: string) => totalOf(how, rows.map((row) => row[key])) // prettier-ignore
const hasTotals = ({ options }: Field<'rows'>): boolean => Object.keys(options.totals ?? {}).length > 0

/** The foot of a table: what its columns come to. */
export function RowsFoot({ field, rows, before, behind, columns }: Props) {
  const { fields, totals = {} } = field.options
  if (!hasTotals(field) || rows.length === 0) return null
  const keys = columns ?? Object.keys(fields)
  return (
    <tfoot>
      <tr>
        {before > 0 && <td colSpan={before} />}
        {keys.map((key) => {
          const how = totals[key]
          const text = how ? textOf(how, rows, key) : null
          return (
            <td key={key} className={viewOf(fields[key]!).align ?? ''}>
              {how && (
                <>
                  <small>{totalWord(how)}</small>
                  {text === null || how === 'count' || how === 'average' ? (text ?? '—') : <TotalValue field={fields[key]!} text={text} />}
                </>
              )}
            </td>
          )
        })}
        {behind > 0 && <td colSpan={behind} />}
      </tr>
    </tfoot>
  )
}
/** The same below cards. */
export function RowTotals({ field, rows }: Pick<Props, 'field' | 'rows'>) {
  const { fields, totals = {} } = field.options
  if (!hasTotals(field) || rows.length === 0) return null
  return (
    <div className="x-row-totals">
      {Object.entries(totals).map(([key, how]) => {
        const text = textOf(how, rows, key)
        return (
          <span key={key}>
            <small>
              {fields[key]!.label}
              {totalWord(how)}
            </small>
            {text === null || how === 'count' || how === 'average' ? (text ?? '—') : <TotalValue field={fields[key]!} text={text} />}
          </span>
        )
      })}
    </div>
  )
}
/** A sum is shown as one of its kind: with sign, unit and places. */
function TotalValue({ field, text }: { field: Field; text: string }) {
  const { Cell } = viewOf(field)
  return <Cell field={field} value={text} />
}
