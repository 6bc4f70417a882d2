import { today } from '#model'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Permission } from './access.ts'

const alive = `withdrawn_at IS NULL AND until >= $2::date`
/** What a colleague gave this person of one record; field rules are the strictest of all roles'. Null: nothing. Relies on record_grant_one. */
export async function grantedPermission(
  kernel: Kernel,
  ctx: Pick<Context, 'actor' | 'db' | 'clock'>,
  action: 'read' | 'update',
  resource: string,
  record: string,
): Promise<Permission | null> {
  const person = personOf(ctx.actor)
  if (!person) return null
  const [row] = await ctx.db.query<{ level: 'read' | 'update' }>(
    `SELECT level FROM kernel.record_grant WHERE person = $1::uuid AND ${alive} AND record = $3::uuid AND resource = $4`,
    [person, today(ctx.clock), record, resource],
  )
  return row && (action === 'read' || row.level === 'update') ? kernel.access.strictest(resource) : null
}
/** The record types of which somebody was given a record. */
export async function grantedTypes(ctx: Pick<Context, 'actor' | 'db' | 'clock'>): Promise<ReadonlySet<string>> {
  const person = personOf(ctx.actor)
  if (!person) return new Set()
  const rows = await ctx.db.query<{ resource: string }>(
    `SELECT DISTINCT resource FROM kernel.record_grant WHERE person = $1::uuid AND ${alive}`,
    [person, today(ctx.clock)],
  )
  return new Set(rows.map(({ resource }) => resource))
}
