import type { ApiRecord } from '#model'
import type { Context } from '../context.ts'

/** Requests over a record that still run, for its page. */
export async function openRequestsOf(ctx: Pick<Context, 'db'>, record: string): Promise<NonNullable<ApiRecord['changing']>> {
  return ctx.db.query(
    `SELECT f.id AS instance, r.field_group AS "group", r.occasion, r.applicant, r.at FROM kernel.change_request r JOIN kernel.flow_instance f ON f.request = coalesce(r.batch, r.id) AND f.parent IS NULL WHERE r.record = $1::uuid AND r.state = 'open' AND r.occasion <> 'import' ORDER BY r.at`,
    [record],
  )
}
