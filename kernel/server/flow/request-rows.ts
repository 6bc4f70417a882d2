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
