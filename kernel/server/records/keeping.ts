import { addMonths, dayOf, Refusal, today, type ApiRecord } from '#model'
import type { Context } from '../context.ts'
import type { CompiledResource } from '../store/compiled.ts'

interface Hold {
  matter: string
  basis: string
  from: string
  until: string | null
}

/** Refuses, with the basis, to destroy what must be kept: under a legal hold, or while the period runs that its type declares. */
export async function refuseKept(ctx: Pick<Context, 'db' | 'clock'>, c: CompiledResource, record: ApiRecord): Promise<void> {
  const hold = await holdOver(ctx, c, record)
  if (hold)
    throw new Refusal('flowRefused', `不能删除：自 ${hold.from} 起保全${hold.until ? `，至 ${hold.until}` : ''}，事由是“${hold.matter}”，依据是“${hold.basis}”`)
  const until = keptUntil(c, record)
  if (until && today(ctx.clock) < until)
    throw new Refusal('flowRefused', `不能删除：“${c.r.label}”须保存 ${c.r.retention!.years} 年，这一条至 ${until}，依据是“${c.r.retention!.basis}”`)
} // prettier-ignore

/** The first day on which a record need no longer be kept; null where its type declares nothing. Without the day from which it counts, from its creation. */
export function keptUntil(c: CompiledResource, record: ApiRecord): string | null {
  if (!c.r.retention) return null
  const { years, from } = c.r.retention
  const given = record[from]
  const day = typeof given !== 'string' ? record.createdAt : given
  return addMonths(day.length > 10 ? dayOf(new Date(day)) : day, years * 12)
}

/** The hold that runs over this record: over it alone, over its person, or over its kind of his. Relies on the indexes of personal.hold. */
async function holdOver(ctx: Pick<Context, 'db' | 'clock'>, c: CompiledResource, record: ApiRecord): Promise<Hold | null> {
  const owner = c.r.owner.person === 'id' ? record.id : c.r.owner.person && record[c.r.owner.person]
  const [hold] = await ctx.db.query<Hold & object>(
    `SELECT matter, basis, "from", until FROM personal.hold
     WHERE deleted_at IS NULL AND "from" <= $3::date AND (until IS NULL OR until >= $3::date)
       AND (record = $1 OR (record IS NULL AND person = $2::uuid AND (register IS NULL OR register = ANY ($4::text[])))) ORDER BY id LIMIT 1`,
    [record.id, typeof owner === 'string' ? owner : null, today(ctx.clock), [c.r.name, c.r.table]],
  )
  return hold ?? null
}
