import { today } from '#model'
import { personOf, type Context } from '../context.ts'

const alive = `withdrawn_at IS NULL AND until >= $2::date`
type Asker = Pick<Context, 'actor' | 'db' | 'clock'>
/** What a colleague gave somebody of one record. */
export type Given = 'read' | 'update'
const given = `SELECT level FROM kernel.record_grant WHERE person = $1::uuid AND ${alive} AND record = $3::uuid AND resource = $4`
/** What this person was given of a record; null: nothing. Relies on record_grant_one. */
export async function givenOver(ctx: Asker, resource: string, record: string): Promise<Given | null> {
  const person = personOf(ctx.actor)
  const [row] = person ? await ctx.db.query<{ level: Given }>(given, [person, today(ctx.clock), record, resource]) : []
  return row?.level ?? null
}
/** What ties a person to a record beside his roles, in one question: what he was given of it, and whether he follows it. */
export async function tiesOf(ctx: Asker, resource: string, record: string): Promise<{ given: Given | null; followed: boolean }> {
  const person = personOf(ctx.actor)
  if (!person) return { given: null, followed: false }
  const [row] = await ctx.db.query<{ given: Given | null; followed: boolean }>(
    `SELECT (${given}) AS given, EXISTS (SELECT 1 FROM kernel.follow WHERE person = $1::uuid AND record = $3::uuid) AS followed`,
    [person, today(ctx.clock), record, resource],
  )
  return row!
}
/** The record types of which somebody was given a record. */
export async function grantedTypes(ctx: Asker): Promise<ReadonlySet<string>> {
  const person = personOf(ctx.actor)
  if (!person) return new Set()
  const rows = await ctx.db.query<{ resource: string }>(
    `SELECT DISTINCT resource FROM kernel.record_grant WHERE person = $1::uuid AND ${alive}`,
    [person, today(ctx.clock)],
  )
  return new Set(rows.map(({ resource }) => resource))
}
