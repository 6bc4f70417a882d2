import { isRowsPatch, patchRows, type ApiRecord, type RowValues } from '#model'
import { mask, type CompiledResource, type StoredField } from '../store/compiled.ts'
import { rowsToHistory, toHistory } from '../store/history-values.ts'
import type { RecordSeals } from '../store/sealing.ts'
import type { Changes } from '../store/write.ts'

/** The whole record as a change would leave it; of a sub-table what is done to which row. */
export function mergeChanges(c: CompiledResource, stored: ApiRecord, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const key of Object.keys(c.r.fields)) merged[key] = stored[key] ?? null
  for (const [key, value] of Object.entries(changes)) {
    const isPatch = isRowsPatch(value) && c.rows.some((rows) => rows.key === key)
    merged[key] = isPatch ? patchRows((stored[key] ?? []) as RowValues[], value) : value
  }
  return merged
}
/** A mask that comes back from whom these fields and columns are masked for says nothing: what it stands for stays. */
export function keepMasked(c: CompiledResource, stored: Readonly<Record<string, unknown>>, merged: Record<string, unknown>, masked: ReadonlySet<string>): void {
  const kept = (fields: readonly StoredField[], was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>, rowsKey = '') =>
    fields.filter(({ field, key }) => masked.has(rowsKey + key) && was[key] != null && is[key] !== was[key] && is[key] === mask(field, was[key])).map(({ key }) => [key, was[key]] as const)
  Object.assign(merged, Object.fromEntries(kept(c.fields, stored, merged)))
  for (const { key, fields } of c.rows) {
    const [was, is] = [stored[key], merged[key]]
    if (!Array.isArray(was) || !Array.isArray(is)) continue
    const byId = new Map((was as RowValues[]).map((row) => [row['id'], row]))
    merged[key] = (is as RowValues[]).map((row) => {
      const old = typeof row === 'object' && row !== null ? byId.get(row['id']) : undefined
      return old ? { ...row, ...Object.fromEntries(kept(fields, old, row, `${key}.`)) } : row
    })
  }
} // prettier-ignore
/** The cells that this writer may not touch, as they are stored: of the columns that are closed to him as `contacts.mobile`. A new row has nothing there. */
export function keepLockedCells(c: CompiledResource, stored: ApiRecord, merged: Record<string, unknown>, locked: ReadonlySet<string>): void {
  for (const { key, fields } of c.rows) {
    const closed = fields.filter((f) => locked.has(`${key}.${f.key}`))
    const is = merged[key]
    if (closed.length === 0 || !Array.isArray(is)) continue
    const byId = new Map(((stored[key] ?? []) as RowValues[]).map((row) => [row['id'], row]))
    merged[key] = (is as RowValues[]).map((row) => ({ ...row, ...Object.fromEntries(closed.map((f) => [f.key, byId.get(row['id'])?.[f.key] ?? null])) }))
  }
} // prettier-ignore

const text = (value: unknown): string => JSON.stringify(value ?? null)
/** Before and after by permanent field id. Protected values stand as cipher text. */
export function changesOf(
  seals: RecordSeals,
  c: CompiledResource,
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): Changes {
  const changes: Changes = {}
  for (const f of c.fields) {
    const [was, is] = [before?.[f.key] ?? null, after[f.key] ?? null]
    if (text(was) === text(is)) continue
    changes[f.id] = [toHistory(seals, f, was), toHistory(seals, f, is)]
  }
  for (const rows of c.rows) {
    const [was, is] = [before?.[rows.key] ?? [], after[rows.key] ?? []]
    const kept = (list: unknown) => rowsToHistory(seals, rows, list)
    if (text(was) !== text(is)) changes[rows.id] = [before ? kept(was) : null, kept(is)]
  }
  return changes
}
/** Does a change touch what is encrypted? */
export const touchesSecrets = (c: CompiledResource, before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): boolean =>
  [...c.secrets, ...c.rows.filter((rows) => rows.secrets.length)].some(({ key }) => text(before[key]) !== text(after[key])) // prettier-ignore
