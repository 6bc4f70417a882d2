import { kindOf } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords } from '../records/read.ts'

interface Named {
  link: string
  title: string
}
/** What a record is called for this reader, and where it stands; null where he may not see it. */
export const titleFor = async (kernel: Kernel, ctx: Context, resource: string, record: string): Promise<Named | null> =>
  (await titlesFor(kernel, ctx, [{ resource, record }])).get(record) ?? null
/** The same of many, by id. */
export async function titlesFor(kernel: Kernel, ctx: Context, runs: readonly { resource: string | null; record: string | null }[]): Promise<Map<string, Named>> {
  const found = new Map<string, Named>()
  for (const [resource, list] of Map.groupBy(runs, (one) => one.resource)) {
    const r = resource === null ? undefined : kernel.defs.resources.get(resource)
    const value = [...new Set(list.flatMap(({ record }) => record ?? []))]
    if (!r || value.length === 0 || !kernel.access.can(ctx.actor, 'read', r.name)) continue
    const { rows, titles } = await listRecords(kernel, ctx, r.name, { filter: { field: 'id', op: 'in', value }, columns: [r.title], limit: 500 })
    for (const row of rows) {
      const field = r.fields[r.title]!
      const title = row[r.title] === null ? '' : kindOf(field).format(row[r.title], field, (target, id) => titles[target]?.[id] ?? '')
      found.set(row.id, { link: `/r/${r.name}/${row.id}`, title: title || r.label })
    }
  }
  return found
} // prettier-ignore
