import { addDays, awayKinds, today } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { createRecord } from '#kernel/server/records/write.ts'

const how = { byModule: true, system: true, act: 'movement.return' } as const
interface Over {
  person: string
  /** The last day away. */
  until: string
  away: keyof typeof awayKinds
  why?: string
}
/** Whoever was lent to another house, or away by a request of another system, is back on the day after, unless something else was entered for him since. */
export async function bringBack(kernel: Kernel): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '离岗到期' }, 'job')
  const over = await ctx.db.query<Over>(
    `SELECT m.person, m.until, m.away FROM organisation.movement m JOIN directory.person p ON p.id = m.person AND p.status = 'away'
      WHERE m.kind = 'away' AND m.status = 'active' AND m.deleted_at IS NULL AND m.until < $1::date
        AND (EXISTS (SELECT 1 FROM organisation.secondment s WHERE s.movement = m.id AND s.status = 'active' AND s.deleted_at IS NULL)
          OR EXISTS (SELECT 1 FROM organisation.absence a WHERE a.movement = m.id AND a.status = 'active' AND a.deleted_at IS NULL))
        AND NOT EXISTS (SELECT 1 FROM organisation.movement l WHERE l.person = m.person AND l.status = 'active' AND l.deleted_at IS NULL AND l."from" > m."from")
      ORDER BY m.id`,
    [today(ctx.clock)],
  )
  for (const one of over) await takeBack(kernel, ctx, one)
} // prettier-ignore
export async function takeBack(kernel: Kernel, ctx: Context, { person, until, away, why }: Over): Promise<void> {
  const draft = { person, kind: 'back', from: addDays(until, 1), reason: why ?? `${awayKinds[away]}期满` }
  await createRecord(kernel, ctx, 'organisation.movement', draft, how)
}
/** The return that came of itself on this day. */
export async function backSince(
  ctx: Context,
  person: string,
  from: string,
  day: string,
): Promise<{ id: string; version: number } | undefined> {
  const [back] = await ctx.db.query<{ id: string; version: number }>(
    `SELECT id, version FROM organisation.movement WHERE person = $1::uuid AND kind = 'back' AND status = 'active' AND deleted_at IS NULL AND "from" > $2::date AND "from" = $3::date`,
    [person, from, day],
  )
  return back
}
