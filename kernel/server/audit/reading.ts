import type { AuditItem } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { mask } from '../store/compiled.ts'
import { namesOf } from '../records/titles.ts'

/** Names the records of audit entries for the officer: people and units by name, everything of a person's file or a patient masked. */
export async function titlesForAudit(kernel: Kernel, ctx: Context, rows: readonly AuditItem[]): Promise<AuditItem[]> {
  const wanted = new Map<string, Set<string>>()
  for (const row of rows) {
    if (!row.resource || !row.record || !kernel.defs.resources.has(row.resource)) continue
    const ids = wanted.get(row.resource) ?? new Set<string>()
    ids.add(row.record)
    wanted.set(row.resource, ids)
  }
  const titles = await namesOf(kernel, ctx, wanted)
  return rows.map((row) => {
    const resource = row.resource ? kernel.defs.resources.get(row.resource) : undefined
    const title = row.record && resource ? titles[resource.name]?.[row.record] : undefined
    const field = resource?.fields[resource.title]
    const isPlain = resource?.name.startsWith('directory.') === true || field?.kind === 'autoNumber'
    return {
      ...row,
      resourceLabel: resource?.label ?? null,
      recordTitle: title ? (isPlain || !field ? title : String(mask(field, title))) : null,
    }
  })
}
