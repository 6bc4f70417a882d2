import { v7 as uuidv7 } from 'uuid'
import { diffRows, invalid, isRowsPatch, isUuid, patchRows, type RowsPatch, type RowValues } from '#model'
import type { CompiledResource } from '../store/compiled.ts'

type Values = Readonly<Record<string, unknown>>
export const rowsOf = (value: unknown): RowValues[] => (Array.isArray(value) ? (value as RowValues[]) : [])

/** Sub-tables are asked for by operations on rows, and new rows get their ids here. A whole array would undo what others do to the rows meanwhile: refused. */
export function readRowOperations(c: CompiledResource, changes: Values): Values {
  const keys = new Set(c.rows.map((rows) => rows.key))
  const whole = Object.keys(changes).filter((key) => keys.has(key) && !isRowsPatch(changes[key]))
  if (whole.length) throw invalid(whole.map((field) => ({ field, message: '明细请按行提交新增、修改、删除或移动，不能整表替换' })))
  return Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, keys.has(key) ? withNamedRows(value as RowsPatch) : value]))
}
const withNamedRows = (patch: RowsPatch): RowsPatch =>
  patch.add ? { ...patch, add: patch.add.map((row) => (isUuid(row['id']) ? row : { ...row, id: uuidv7() })) } : patch

/** What a patched field holds, given what it holds now and held when the patch was made. */
export const merged = (now: unknown, base: unknown, value: unknown): unknown =>
  isRowsPatch(value) ? patchRows(rowsOf(now), value, rowsOf(base)) : value

/** A judged value as the patch keeps it: of a sub-table the operations that lead to its judged rows. */
export const patchToStore = (stored: unknown, asked: unknown, judged: unknown): unknown =>
  isRowsPatch(asked) ? diffRows(rowsOf(stored), rowsOf(judged)) : judged

/** An edit of a patch: its operations come after those of the patch. */
export const composed = (stored: unknown, base: unknown, patch: unknown, edit: unknown): unknown =>
  isRowsPatch(edit) ? diffRows(rowsOf(stored), patchRows(rowsOf(merged(stored, base, patch ?? {})), edit)) : edit

/** What the edited patch starts from: as at the request, with the rows that came since. */
export function baseAfterEdit(base: unknown, stored: unknown, patch: unknown): unknown {
  if (!isRowsPatch(patch) || base === undefined) return base ?? stored ?? null
  const known = new Set(rowsOf(base).map((row) => row['id']))
  return [...rowsOf(base), ...rowsOf(stored).filter((row) => !known.has(row['id']))]
}

/** What a change touches, as rights name it: fields, columns of rows that were there (`items.level`), the sub-table itself where rows come, go or move, with what new ones hold. */
export function touchedParts(c: CompiledResource, before: Values, changes: Values): string[] {
  const parts = Object.entries(changes).flatMap(([key, value]) => {
    const table = c.rows.find((one) => one.key === key)
    if (!table) return [key]
    // Rows that come as a whole are emptied of what they do not say.
    const empty = Object.fromEntries(table.fields.map((field) => [field.key, null]))
    const { add = [], change = {}, remove = [], move = [] } = isRowsPatch(value) ? value : diffRows(rowsOf(before[key]), rowsOf(value).map((row) => ({ ...empty, ...row })))
    const was = new Map(rowsOf(before[key]).map((row) => [row['id'], row]))
    const changed = Object.entries(change).flatMap(([id, row]) => Object.keys(row).filter((column) => !isSame(was.get(id)?.[column], row[column])))
    const held = add.flatMap((row) => Object.keys(row).filter((column) => (row[column] ?? null) !== null))
    const columns = [...changed, ...held].filter((column) => column !== 'id')
    return [...(add.length || remove.length || move.length ? [key] : []), ...columns.map((column) => `${key}.${column}`)]
  })
  return [...new Set(parts)]
} // prettier-ignore
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
