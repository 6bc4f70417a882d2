import type { ApiRecord } from '#model'
import type { ReadCell } from '../../fields/texts/read-texts.ts'

/** The edited cells of a row, and the row as it was seen when the first of them was edited: it need not be in the list any more. */
export interface StagedRow {
  row: ApiRecord
  cells: ReadonlyMap<string, ReadCell>
}
/** Record id → its edited cells. */
export type Staged = ReadonlyMap<string, StagedRow>
export interface Entry {
  row: ApiRecord
  key: string
  /** Null: as it is stored. */
  cell: ReadCell | null
}
/** Edits not yet written, with the way back and forth. */
export interface Draft {
  staged: Staged
  undo: readonly Staged[]
  redo: readonly Staged[]
}
export const noDraft: Draft = { staged: new Map(), undo: [], redo: [] }
const mostUndo = 200

export function stage(draft: Draft, entries: readonly Entry[]): Draft {
  if (entries.length === 0) return draft
  return { staged: withEntries(draft.staged, entries), undo: [...draft.undo, draft.staged].slice(-mostUndo), redo: [] }
}
/** What has been written is no edit any more: there is no going back over it, but taking it back. A row that came back anew is the one seen from here on. */
export function settle(draft: Draft, entries: readonly Entry[]): Draft {
  const staged = new Map(withEntries(draft.staged, entries))
  for (const { row } of entries) {
    const own = staged.get(row.id)
    if (own) staged.set(row.id, { row, cells: own.cells })
  }
  return { staged, undo: [], redo: [] }
}
function withEntries(staged: Staged, entries: readonly Entry[]): Staged {
  const next = new Map(staged)
  for (const { row, key, cell } of entries) {
    const own = next.get(row.id)
    const cells = new Map(own?.cells)
    if (cell) cells.set(key, cell)
    else cells.delete(key)
    if (cells.size) next.set(row.id, { row: own?.row ?? row, cells })
    else next.delete(row.id)
  }
  return next
}
export function undone({ staged, undo, redo }: Draft): Draft {
  const last = undo.at(-1)
  return last ? { staged: last, undo: undo.slice(0, -1), redo: [...redo, staged] } : { staged, undo, redo }
}
export function redone({ staged, undo, redo }: Draft): Draft {
  const next = redo.at(-1)
  return next ? { staged: next, undo: [...undo, staged], redo: redo.slice(0, -1) } : { staged, undo, redo }
}
export const cellsIn = (staged: Staged): ReadCell[] => [...staged.values()].flatMap(({ cells }) => [...cells.values()])
export const isSameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

export interface RowToWrite {
  row: ApiRecord
  changes: Record<string, unknown>
}
/**
 * Rows to write with their right cells. A row is written on what is shown of it now (`rows`) unless somebody has meanwhile changed the very cells that were
 * edited: then on what was seen, so that the server tells of it.
 */
export function toWrite(staged: Staged, rows: readonly ApiRecord[]): RowToWrite[] {
  const shown = new Map(rows.map((row) => [row.id, row]))
  return [...staged].flatMap(([id, { row: seen, cells }]) => {
    const right = [...cells].filter(([, cell]) => !cell.problem)
    const now = shown.get(id)
    const row = now && right.every(([key]) => isSameValue(now[key], seen[key])) ? now : seen
    return right.length ? [{ row, changes: Object.fromEntries(right.map(([key, cell]) => [key, cell.value])) }] : []
  })
}
