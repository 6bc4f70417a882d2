import { aggregates, type TotalValue } from '#model'
import type { Columns } from '../use-columns.ts'
import { totalsByColumn } from './group-words.tsx'

interface Props {
  columns: Columns
  totals: readonly string[]
  values: readonly TotalValue[]
  /** Columns that the words before have taken. */
  from: number
}
/** Totals, each under its column. */
export function TotalCells({ columns, totals, values, from }: Props) {
  const said = totalsByColumn(totals, values)
  return columns.columns.slice(from).map(({ path }) => (
    <td key={path} className="x-total">
      {said.get(path)?.map(({ key, text }) => (
        <span key={key.by}>
          <small>{aggregates[key.by]}</small> {text}
        </span>
      ))}
    </td>
  ))
}
/** How many columns the words before the first total may take. */
export function wordsSpan(columns: Columns, totals: readonly string[]): number {
  const said = totalsByColumn(totals, [])
  const first = columns.columns.findIndex(({ path }) => said.has(path))
  return first < 0 ? columns.columns.length : Math.max(1, first)
}
