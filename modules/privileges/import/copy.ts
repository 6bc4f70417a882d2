import { among, both, type Filter } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { createAsBatch } from '#kernel/server/exchange/create-batch.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { listAll } from '#kernel/server/records/list-all.ts'

const copied = ['codeSystem', 'codeVersion', 'code', 'name', 'operationType'] as const

/** Takes procedures of the standard catalogue into the hospital's own list, as one batch that can be taken back; those already there stay as they are. */
export async function copyIntoHospital(
  kernel: Kernel,
  ctx: Context,
  selection: { ids: readonly string[] | null; filter: Filter | null },
): Promise<{ batch: string | null; created: number; already: number }> {
  kernel.access.need(ctx.actor, 'create', 'privileges.procedure')
  const filter = both(selection.ids ? among('id', selection.ids) : null, selection.filter)
  const { rows } = await listAll(kernel, ctx, 'privileges.standardProcedure', { filter, sort: ['code'], columns: [...copied] })
  const records = rows.map((row) => ({ standard: row.id, ...Object.fromEntries(copied.map((key) => [key, row[key] ?? null])) }))
  return createAsBatch(kernel, ctx, {
    profile: 'privileges.grading',
    resource: 'privileges.procedure',
    title: `从标准目录复制 ${records.length} 项`,
    key: ['codeSystem', 'codeVersion', 'code'],
    records,
  })
}
