/** A cell as it is to be written. `problem` keeps it from being written; `text` is what was typed where it could not be understood. */
export interface StagedCell {
  value: unknown
  text?: string
  problem?: string
  /** What its writer should know; it may be written all the same. */
  notice?: string
}
/** Record id → field → cell. */
export type Staged = ReadonlyMap<string, ReadonlyMap<string, StagedCell>>
export interface Entry {
  id: string
  key: string
  /** Null: as it is stored. */
  cell: StagedCell | null
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
  const next = new Map(draft.staged)
  for (const { id, key, cell } of entries) {
    const row = new Map(next.get(id))
    if (cell) row.set(key, cell)
    else row.delete(key)
    if (row.size) next.set(id, row)
    else next.delete(id)
  }
  return { staged: next, undo: [...draft.undo, draft.staged].slice(-mostUndo), redo: [] }
}
export function undone({ staged, undo, redo }: Draft): Draft {
  const last = undo.at(-1)
  return last ? { staged: last, undo: undo.slice(0, -1), redo: [...redo, staged] } : { staged, undo, redo }
}
export function redone({ staged, undo, redo }: Draft): Draft {
  const next = redo.at(-1)
  return next ? { staged: next, undo: [...undo, staged], redo: redo.slice(0, -1) } : { staged, undo, redo }
}
export const cellsIn = (staged: Staged): StagedCell[] => [...staged.values()].flatMap((row) => [...row.values()])
export const isSameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
