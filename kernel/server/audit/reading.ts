import { auditActLabel, detailWords, fieldOrColumn, type AuditItem, type DetailNames } from '#model'
import type { Context } from '../context.ts'
import { flowsInForce } from '../flow/in-force.ts'
import type { Kernel } from '../kernel.ts'
import { mask } from '../store/compiled.ts'
import { namesOf } from '../records/titles.ts'
import type { AuditRow } from './questions.ts'

/** Entries as the officer reads them: everything in words; people and units by name, everything of a person's file or a patient masked. */
export async function readableEntries(kernel: Kernel, ctx: Context, rows: readonly AuditRow[]): Promise<AuditItem[]> {
  const wanted = new Map<string, Set<string>>()
  for (const row of rows) {
    if (!row.resource || !row.record || !kernel.defs.resources.has(row.resource)) continue
    const ids = wanted.get(row.resource) ?? new Set<string>()
    ids.add(row.record)
    wanted.set(row.resource, ids)
  }
  const titles = await namesOf(kernel, ctx, wanted)
  const names = detailNames(kernel, ctx, await flowsInForce(kernel))
  return rows.map((read) => {
    const { place: _, ...row } = read
    const resource = row.resource ? kernel.defs.resources.get(row.resource) : undefined
    const title = row.record && resource ? titles[resource.name]?.[row.record] : undefined
    const field = resource?.fields[resource.title]
    // Accounts and the like are the officers' own matter, not anybody's file.
    const isPlain = /^(directory|security)\./.test(resource?.name ?? '') || field?.kind === 'autoNumber'
    const person = row.actor ? ctx.directory.people.get(row.actor)?.name : undefined
    return {
      ...row,
      // Sign-in knows the account's name only.
      actorName: person && row.actorName && row.actorName !== person ? `${person}（${row.actorName}）` : row.actorName,
      actLabel: auditActLabel(row.act, (name) => kernel.defs.modules.find((m) => m.name === name)?.label),
      words: detailWords(row.detail, row.resource, names),
      resourceLabel: resource?.label ?? null,
      recordTitle: title ? (isPlain || !field ? title : String(mask(field, title))) : null,
    }
  })
}

/** Names for what details point at: people and units; everything else is the record's own matter. */
function detailNames(kernel: Kernel, { directory }: Context, flows: ReadonlyMap<string, { label: string }>): DetailNames {
  return {
    record: (id) => directory.people.get(id)?.name ?? directory.units.get(id)?.name,
    resource: (name) => kernel.defs.resources.get(name)?.label,
    field: (resource, key) => (resource ? fieldOrColumn(kernel.defs.resources.get(resource)?.fields ?? {}, key)?.label : undefined),
    flow: (name) => flows.get(name)?.label,
  }
}
