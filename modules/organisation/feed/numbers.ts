import { addDays, today } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'

const how = { byModule: true, system: true, act: 'feed.claim' } as const
interface Holder {
  system: string
  number: string
  person: string
}
/** A number that was used again is the new holder's from today. */
export async function endOthers(kernel: Kernel, ctx: Context, { system, number, person }: Holder): Promise<void> {
  const held = await ctx.db.query<{ id: string; version: number }>(
    `SELECT id, version FROM directory.identifier WHERE system = $1 AND value = $2 AND person <> $3::uuid AND deleted_at IS NULL AND ("to" IS NULL OR "to" >= $4::date)`,
    [system, number, person, today(ctx.clock)],
  )
  for (const { id, version } of held) await updateRecordOf(kernel, ctx, 'directory.identifier', id, version, { to: addDays(today(ctx.clock), -1) }, how)
} // prettier-ignore
/** From today the number means him. */
export async function giveNumber(kernel: Kernel, ctx: Context, holder: Holder): Promise<void> {
  await endOthers(kernel, ctx, holder)
  const { system, number, person } = holder
  const held = await ctx.db.query(
    `SELECT 1 FROM directory.identifier WHERE system = $1 AND value = $2 AND person = $3::uuid AND deleted_at IS NULL AND ("to" IS NULL OR "to" >= $4::date)`,
    [system, number, person, today(ctx.clock)],
  )
  if (held.length === 0) await createRecord(kernel, ctx, 'directory.identifier', { person, system, value: number, from: today(ctx.clock) }, how)
} // prettier-ignore
