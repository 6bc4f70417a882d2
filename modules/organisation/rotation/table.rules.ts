import type { Grid, RotationConflict, RotationUnit, Span } from './rotation.rules.ts'

/** GET /api/organisation/rotations/:id */
export interface RotationTable {
  id: string
  version: number
  name: string
  status: 'draft' | 'published' | 'ended'
  people: { id: string; name: string }[]
  units: (RotationUnit & { name: string })[]
  spans: Span[]
  grid: Grid
  conflicts: RotationConflict[]
  isMade: boolean
}
/** POST …/adjust */
export interface CellChange {
  person: string
  at: number
  unit: string | null
}

export const cellKey = (person: string, at: number): string => `${person} ${at}`
/** Cell → what is wrong there; what concerns a whole person stands at -1. */
export function marksOf({ conflicts, grid }: Pick<RotationTable, 'conflicts' | 'grid'>): Map<string, string[]> {
  const marks = new Map<string, string[]>()
  const add = (person: string, at: number, message: string) => marks.set(cellKey(person, at), [...(marks.get(cellKey(person, at)) ?? []), message])
  for (const { person, unit, at, message } of conflicts)
    if (person) add(person, at ?? -1, message)
    else if (at !== null) for (const [who, cells] of Object.entries(grid)) if (cells[at] === unit) add(who, at, message)
  return marks
} // prettier-ignore

/** One person's line in stretches, the empty ones too: period by period, or together. */
export function stretchesOf(
  cells: readonly (string | null)[],
  isTogether: boolean,
): { unit: string | null; at: number; periods: number }[] {
  const found: { unit: string | null; at: number; periods: number }[] = []
  for (const [at, unit] of cells.entries()) {
    const last = found.at(-1)
    if (last && last.unit === unit && (unit !== null || isTogether)) last.periods++
    else found.push({ unit, at, periods: 1 })
  }
  return found
}
/** A stretch of one person goes to a unit, or changes places with another person's same days. */
export function changesOf(
  { person, at, periods }: { person: string; at: number; periods: number },
  to: { unit: string | null } | { swap: string },
  grid: Grid,
): CellChange[] {
  return Array.from({ length: periods }, (_, n) => at + n).flatMap((one): CellChange[] =>
    'unit' in to
      ? [{ person, at: one, unit: to.unit }]
      : [
          { person, at: one, unit: grid[to.swap]?.[one] ?? null },
          { person: to.swap, at: one, unit: grid[person]?.[one] ?? null },
        ],
  )
}
