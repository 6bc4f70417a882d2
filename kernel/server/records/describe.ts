import { kindOf, referredBy, type HistoryEntry } from '#model'
import type { Permission } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { mask, type CompiledResource, type StoredField } from '../store/compiled.ts'
import { fromHistory } from '../store/history-values.ts'
import type { Changes } from '../store/write.ts'
import { namesOf } from './titles.ts'

/** History's changes in the reader's words: labels for keys, titles for ids, masks for what he may not see. */
export async function describeChanges(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  permission: Pick<Permission, 'hidden' | 'masked'>,
  changes: Changes,
): Promise<HistoryEntry['changes']> {
  const byId = new Map(c.fields.map((f) => [f.id, f]))
  const wanted = new Map<string, Set<string>>()
  for (const [id, pair] of Object.entries(changes)) {
    const f = byId.get(id)
    for (const { target, id: to } of f ? pair.flatMap((value) => referredBy(f.field, value)) : [])
      wanted.set(target, (wanted.get(target) ?? new Set<string>()).add(to))
  }
  const titles = await namesOf(kernel, ctx, wanted)
  const nameOf = (target: string, id: string) => titles[target]?.[id] ?? id
  return Object.entries(changes).flatMap(([id, [before, after]]) => {
    const rows = c.rows.find((r) => r.id === id)
    if (rows)
      return permission.hidden.has(rows.key)
        ? []
        : [{ field: rows.key, label: rows.field.label, before: rowsText(before), after: rowsText(after) }]
    const f = byId.get(id)
    if (!f || permission.hidden.has(f.key)) return []
    const text = (value: unknown) => show(kernel, c, permission, f, value, nameOf)
    return [{ field: f.key, label: f.field.label, before: text(before), after: text(after) }]
  })
}
const rowsText = (value: unknown): string => (Array.isArray(value) ? `${value.length} 行` : '')

function show(
  kernel: Kernel,
  c: CompiledResource,
  permission: Pick<Permission, 'hidden' | 'masked'>,
  f: StoredField,
  stored: unknown,
  nameOf: (target: string, id: string) => string,
): string {
  if (stored === null || stored === undefined) return ''
  const value = fromHistory(kernel.protector, c, f, stored)
  return permission.masked.has(f.key) ? String(mask(f.field, value)) : kindOf(f.field).format(value, f.field, nameOf)
}
