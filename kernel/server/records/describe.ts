import { kindOf, referredBy, unreadableWords, type HistoryEntry } from '#model'
import type { Permission } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { mask, type CompiledResource, type StoredField } from '../store/compiled.ts'
import { Unreadable, type Opener } from '../protection/subject-keys.ts'
import { fromHistory, openerOfHistory } from '../store/history-values.ts'
import type { Changes } from '../store/write.ts'
import { sinceIn } from './timeline.ts'
import { namesOf } from './titles.ts'

/** History's changes in the reader's words: labels for keys, titles for ids, masks for what he may not see. */
export async function describeChanges(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  permission: Pick<Permission, 'hidden' | 'masked'>,
  { record, changes, opener }: { record: string; changes: Changes; /** Of many entries together. */ opener?: Opener },
): Promise<HistoryEntry['changes']> {
  const opening = opener ?? (await openerOfHistory(kernel, ctx.db, c, [changes]))
  const byId = new Map(c.fields.map((f) => [f.id, f]))
  const since = sinceIn(changes)
  const wanted = new Map<string, Set<string>>()
  for (const [id, pair] of [...Object.entries(changes), ...Object.entries(since?.changes ?? {})]) {
    const f = byId.get(id)
    for (const { target, id: to } of f ? pair.flatMap((value) => referredBy(f.field, value)) : [])
      wanted.set(target, (wanted.get(target) ?? new Set<string>()).add(to))
  }
  const titles = await namesOf(kernel, ctx, wanted)
  const nameOf = (target: string, id: string) => titles[target]?.[id] ?? id
  const named = Object.entries(since?.changes ?? {}).flatMap(([id, [before, after]]) => {
    const f = byId.get(id)
    if (!f || permission.hidden.has(f.key)) return []
    return [{ field: f.key, label: `${f.field.label}（${since!.day}起）`, before: show(permission, f, before, nameOf), after: show(permission, f, after, nameOf) }]
  }) // prettier-ignore
  const now = Object.entries(changes).flatMap(([id, [before, after]]) => {
    // It is said with its day.
    if (since?.changes[id]) return []
    const rows = c.rows.find((r) => r.id === id)
    if (rows)
      return permission.hidden.has(rows.key)
        ? []
        : [{ field: rows.key, label: rows.field.label, before: rowsText(before), after: rowsText(after) }]
    const f = byId.get(id)
    if (!f || permission.hidden.has(f.key)) return []
    const text = (value: unknown) => show(permission, f, value === null ? null : fromHistory(opening, c, record, f, value), nameOf)
    return [{ field: f.key, label: f.field.label, before: text(before), after: text(after) }]
  })
  return [...now, ...named]
}
const rowsText = (value: unknown): string => (Array.isArray(value) ? `${value.length} 行` : '')

function show(
  permission: Pick<Permission, 'hidden' | 'masked'>,
  f: StoredField,
  value: unknown,
  nameOf: (target: string, id: string) => string,
): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Unreadable) return unreadableWords[value.why]
  return permission.masked.has(f.key) ? String(mask(f.field, value)) : kindOf(f.field).format(value, f.field, nameOf)
}
