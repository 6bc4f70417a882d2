import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'

/** So long a number has to have stood in somebody's file before it proves who he is, days. */
export const daysToStand = 3

/**
 * Has this field of a person's file stood unchanged for three days? Whoever keeps files could else put a number of his own there, become him, and put the old one
 * back. What a file was made with counts at once: before there was a file nobody could be it.
 */
export async function hasStood(kernel: Kernel, db: Queryable, person: string, field: 'mobile' | 'staffNumber'): Promise<boolean> {
  const { r, byKey } = kernel.resource('directory.person')
  const since = new Date(kernel.clock.now().getTime() - daysToStand * 86_400_000).toISOString()
  const changes = await db.query(
    `SELECT 1 FROM kernel.history WHERE resource = $1 AND record = $2::uuid AND version > 1 AND changes ? $3 AND at > $4 LIMIT 1`,
    [r.table, person, byKey.get(field)!.id, since],
  )
  return changes.length === 0
}
