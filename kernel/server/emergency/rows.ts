import { today, type EmergencyEnd, type EmergencyState } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { updateRecordOf } from '../records/write.ts'

export const resource = 'security.emergencyAccess'
export interface AccessRow {
  id: string
  version: number
  person: string
  unit: string | null
  recordType: string
  recordLabel: string
  record: string
  recordTitle: string
  reason: string
  told: string[] | null
  from: string
  until: string
  status: EmergencyState
  reviewDue: string
}
const columns = `id, version, person, unit, record_type AS "recordType", record_label AS "recordLabel", record, record_title AS "recordTitle", reason, told, "from", until, status, review_due AS "reviewDue"`

/** Accesses that pass a condition on their columns. */
export const accessesWhere = (ctx: Pick<Context, 'db'>, condition: string, values: readonly unknown[]): Promise<(AccessRow & object)[]> =>
  ctx.db.query<AccessRow & object>(`SELECT ${columns} FROM security.emergency_access WHERE ${condition} AND deleted_at IS NULL`, [
    ...values,
  ])
/** The access, held until the transaction ends; null when there is none. */
export async function lockAccess(tx: Context, id: string): Promise<AccessRow | null> {
  await tx.db.query(`SELECT 1 FROM security.emergency_access WHERE id = $1::uuid FOR UPDATE`, [id])
  return (await accessesWhere(tx, 'id = $1::uuid', [id]))[0] ?? null
}
/** Takes the right away that an open access gives, and writes down how it ended and how much was read. */
export async function endAccess(kernel: Kernel, tx: Context, row: AccessRow, end: EmergencyEnd): Promise<number> {
  const now = tx.clock.now().toISOString()
  const [grant] = await tx.db.query<{ reads: number }>(
    `UPDATE kernel.record_grant SET withdrawn_at = $2 WHERE emergency = $1::uuid RETURNING reads`,
    [row.id, now],
  )
  const endedAt = end === 'expired' ? row.until : now
  const changes = { status: 'ended', end, endedAt: new Date(endedAt).toISOString(), reads: grant?.reads ?? 0 }
  const { record } = await updateRecordOf(kernel, tx, resource, row.id, row.version, changes, { byModule: true, act: 'emergency.end' })
  return record.version
}
/** The officers of security, or of another kind. */
export function officersOf(kernel: Kernel, ctx: Pick<Context, 'directory' | 'clock'>, kind: 'security' | 'audit'): string[] {
  const roles = [...kernel.defs.roles.values()].filter(({ officer }) => officer === kind)
  return [...new Set(roles.flatMap(({ name }) => ctx.directory.peopleWithRole(name, today(ctx.clock))))]
}
/** Who answers for somebody: the heads of his unit; where he is the head himself, those above. */
export function headsOver({ directory, clock }: Pick<Context, 'directory' | 'clock'>, person: string): string[] {
  const unit = directory.people.get(person)?.unit
  if (!unit) return []
  const others = (level: number) => directory.headsOf(unit, today(clock), level).filter((one) => one !== person)
  const own = others(0)
  return own.length ? own : others(1)
}
