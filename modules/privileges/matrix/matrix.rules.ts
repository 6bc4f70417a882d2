import type { CheckResult } from '../check/codes.rules.ts'

/** One cell of 科室授权一览: what this person may do of this procedure on the day. */
export interface MatrixCell {
  result: CheckResult
  /** The grant behind it, and its last day. */
  grant: string | null
  to: string | null
  /** Suspended by an order, or by what the grant depends on. */
  suspended: boolean
  sentence: string
}
export interface MatrixPerson {
  id: string
  name: string
  title: string | null
}
export interface MatrixProcedure {
  id: string
  code: string
  name: string
  level: string | null
  restricted: boolean
}
export interface Matrix {
  unit: { id: string; name: string }
  asOf: string
  people: MatrixPerson[]
  procedures: MatrixProcedure[]
  /** `person/procedure` → cell; absent where nothing was ever granted. */
  cells: Record<string, MatrixCell>
}
export const cellKey = (person: string, procedure: string): string => `${person}/${procedure}`

/** How a cell is shown: symbol and words, never colour alone. */
export type CellLook = 'valid' | 'ending' | 'supervised' | 'suspended' | 'none'
export function lookOf(cell: MatrixCell | undefined, asOf: string, endingDays = 30): CellLook {
  if (!cell) return 'none'
  if (cell.suspended) return 'suspended'
  if (cell.result === 'denied') return 'none'
  if (cell.result === 'allowedUnderSupervision') return 'supervised'
  return cell.to !== null && (Date.parse(cell.to) - Date.parse(asOf)) / 86_400_000 <= endingDays ? 'ending' : 'valid'
}

/** Procedures that nobody, or only one person, may do alone on the day. */
export function coverage(matrix: Pick<Matrix, 'people' | 'procedures' | 'cells'>): Map<string, string[]> {
  return new Map(
    matrix.procedures.map((p) => [
      p.id,
      matrix.people.filter((person) => matrix.cells[cellKey(person.id, p.id)]?.result === 'allowed').map((person) => person.id),
    ]),
  )
}
