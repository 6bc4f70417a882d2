import { audit } from '../audit/audit.ts'
import type { Context } from '../context.ts'

/** Every reading of what an emergency opened is counted, and stands in the audit with the access's id. */
export async function noteEmergencyRead(ctx: Context, access: string, resource: string, record: string): Promise<void> {
  await ctx.db.query(`UPDATE kernel.record_grant SET reads = reads + 1 WHERE emergency = $1::uuid`, [access])
  await audit(ctx, { act: 'emergency.read', outcome: 'done', resource, record, detail: { access } })
}
