import { addDays, addMonths, today, type ApiRecord } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { createRecord, updateRecordOf } from '#kernel/server/records/write.ts'
import { service, type FlowEffect } from '#kernel/server/service.ts'

/** How long a grant runs when nothing else is said: two years, in months. A setting of the hospital later. */
export const grantMonths = 24

/** The passed lines of an application become grants; a renewal follows on the grant that it continues. Runs in the transaction of the last decision. */
async function grantItems(kernel: Kernel, ctx: Context, effect: FlowEffect): Promise<void> {
  const application = effect.record
  const rows = application['items'] as { id: string; procedure: string }[]
  const order = new Map(rows.map((row, at) => [row.id, at]))
  for (const passed of effect.items) {
    const row = rows.find((r) => r.id === passed.item)
    if (!row) continue
    await grantOne(kernel, ctx, effect, row.procedure, passed, (order.get(row.id) ?? 0) + 1)
  }
}

async function grantOne(
  kernel: Kernel,
  ctx: Context,
  effect: FlowEffect,
  procedure: string,
  passed: FlowEffect['items'][number],
  position: number,
): Promise<void> {
  const application = effect.record
  const day = today(ctx.clock)
  const before = await activeGrant(kernel, ctx, application['practitioner'] as string, procedure)
  const follows = before?.['to'] && (before['to'] as string) >= day ? addDays(before['to'] as string, 1) : day
  // The same right renewed under the same terms runs on from its end; other terms hold from today and close the old one.
  const isSame = before !== null && passed.narrowTo === undefined && !passed.supervisedCases && before['narrowedTo'] === null
  const from = isSame ? follows : day
  const listed = await loadRecord(kernel, ctx, kernel.resource('privileges.procedure'), procedure)
  await createRecord(
    kernel,
    ctx,
    'privileges.grant',
    {
      number: `${effect.number}-${String(position).padStart(2, '0')}`,
      practitioner: application['practitioner'],
      unit: application['unit'],
      procedure,
      level: listed?.['level'] ?? null,
      mode: 'item',
      from,
      to: addDays(addMonths(from, grantMonths), -1),
      narrowedTo: passed.narrowTo ?? null,
      supervisedCases: passed.supervisedCases ?? 0,
      supervisedDone: 0,
      status: 'active',
      basisNumber: effect.basis,
      basisDate: effect.decidedOn,
      basisScan: effect.scan ? [effect.scan] : [],
      application: application.id,
      renewal: before !== null,
    },
    // The scan of the minutes is its secretary's; whoever decides last writes the grant.
    { byModule: true, act: 'grant', ...(effect.scan ? { files: new Set([effect.scan]) } : {}) },
  )
  if (before && !isSame) {
    const end = addDays(day, -1)
    const changes =
      (before['from'] as string) <= end ? { to: end } : { status: 'withdrawn', endedOn: day, reason: `由 ${effect.number} 重新授权取代` }
    await updateRecordOf(kernel, ctx, 'privileges.grant', before.id, before.version, changes, { byModule: true, act: 'supersede' })
  }
}

async function activeGrant(kernel: Kernel, ctx: Context, practitioner: string, procedure: string): Promise<ApiRecord | null> {
  const [row] = await ctx.db.query<{ id: string }>(
    `SELECT id FROM privileges.grant WHERE practitioner = $1::uuid AND procedure = $2::uuid AND status IN ('active', 'suspended') AND deleted_at IS NULL ORDER BY coalesce("to", 'infinity') DESC LIMIT 1`,
    [practitioner, procedure],
  )
  return row ? loadRecord(kernel, ctx, kernel.resource('privileges.grant'), row.id) : null
}

export default service({ name: 'privileges.grant', effects: { 'privileges.grantItems': grantItems } })
