import { isRowsPatch, patchRows, type ApiRecord, type RowValues } from '#model'
import type { CompiledResource } from '../store/compiled.ts'
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
