import { addDays, daysBetween } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { setDeleted } from '#kernel/server/records/deletion.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'

const secondment = 'organisation.secondment'
const byMovement = { byModule: true, system: true, act: 'movement' } as const
type Kept = Record<string, unknown>
interface Held {
  id: string
  version: number
  from: string
  to: string | null
}

interface Leaving {
  /** What the regret needs. */
  kept: { lent: Kept[]; parts: Kept[] }
  /** Ends it all; what has not begun is in the bin then, and can be named no more. */
  carryOut: () => Promise<void>
}
/** Whoever has left helps nobody any more, and is in no team and no unit for a time: what runs ends the day before, what has not begun is taken back. */
export async function leavingOf(kernel: Kernel, ctx: Context, person: string, from: string): Promise<Leaving> {
  const lent = await lentUntil(ctx, person, from)
  const parts = await Promise.all(takenPart.map(async (part) => ({ part, held: await heldOf(kernel, ctx, part, person, from) })))
  const last = addDays(from, -1)
  return {
    kept: {
      lent: lent.map(({ id, to }) => ({ secondment: id, to })),
      parts: parts.flatMap(({ part, held }) =>
        held.map((one) => ({ [part.key]: one.id, what: one.from > last ? 'dropped' : 'ended', to: one.to })),
      ),
    },
    async carryOut() {
      for (const one of lent) await endLending(kernel, ctx, one, last)
      for (const { part, held } of parts) for (const one of held) await endPart(kernel, ctx, part, one, last)
    },
  }
}
/** All that ended with his leaving goes on as before. */
export async function restoreWith(kernel: Kernel, ctx: Context, { lent, parts }: Kept): Promise<void> {
  for (const row of (lent ?? []) as Kept[]) await restoreLending(kernel, ctx, row)
  for (const row of (parts ?? []) as Kept[]) await restorePart(kernel, ctx, row)
}

const lentUntil = (ctx: Context, person: string, from: string): Promise<Held[]> =>
  ctx.db.query<Held>(
    `SELECT id, version, "from", "to" FROM organisation.secondment WHERE person = $1::uuid AND status = 'active' AND deleted_at IS NULL AND "to" >= $2::date ORDER BY "from"`,
    [person, from],
  )
async function endLending(kernel: Kernel, ctx: Context, { id, version, from }: Held, last: string): Promise<void> {
  const changes = from <= last ? { to: last } : { status: 'revoked' }
  await updateRecordOf(kernel, ctx, secondment, id, version, { ...changes, termReason: '离职' }, byMovement)
}
async function restoreLending(kernel: Kernel, ctx: Context, { secondment: id, to }: Kept): Promise<void> {
  const lent = await loadRecord(kernel, ctx, kernel.resource(secondment), id as string)
  if (lent) await updateRecordOf(kernel, ctx, secondment, lent.id, lent.version, { to, status: 'active', termReason: null }, byMovement)
}

interface Part {
  /** Under which column of the movement's `parts` it stands. */
  key: 'member' | 'stay'
  type: string
  /** What follows from its days. */
  along: (from: string, to: string | null) => Kept
}
const takenPart: readonly Part[] = [
  { key: 'member', type: 'organisation.teamMember', along: () => ({}) },
  { key: 'stay', type: 'organisation.rotationStay', along: (from, to) => ({ days: to === null ? null : daysBetween(from, to) + 1 }) },
]
const heldOf = (kernel: Kernel, ctx: Context, { type }: Part, person: string, from: string): Promise<Held[]> =>
  ctx.db.query<Held>(
    `SELECT id, version, "from", "to" FROM ${kernel.resource(type).table} WHERE person = $1::uuid AND deleted_at IS NULL AND ("to" IS NULL OR "to" >= $2::date) ORDER BY "from", id`,
    [person, from],
  )
async function endPart(kernel: Kernel, ctx: Context, { type, along }: Part, { id, version, from }: Held, last: string): Promise<void> {
  if (from > last) await setDeleted(kernel, ctx, type, id, true, version, { byModule: true })
  else await updateRecordOf(kernel, ctx, type, id, version, { to: last, ...along(from, last) }, byMovement)
}
async function restorePart(kernel: Kernel, ctx: Context, row: Kept): Promise<void> {
  const part = takenPart.find(({ key }) => row[key])!
  const held = await loadRecord(kernel, ctx, kernel.resource(part.type), row[part.key] as string, { deleted: true })
  if (!held) return
  if (row['what'] === 'dropped') await setDeleted(kernel, ctx, part.type, held.id, false, held.version, { byModule: true })
  else await updateRecordOf(kernel, ctx, part.type, held.id, held.version, { to: row['to'], ...part.along(held['from'] as string, row['to'] as string | null) }, byMovement)
} // prettier-ignore
