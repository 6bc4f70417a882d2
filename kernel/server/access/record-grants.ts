import { today } from '#model'
import { personOf, type Context } from '../context.ts'

type Asker = Pick<Context, 'actor' | 'db' | 'clock'>
/** What somebody was given of one record: by a colleague until a day, or by himself in an emergency until an instant. */
export interface Given {
  level: 'read' | 'update'
  /** The emergency access by which he has it; null: a colleague gave it. */
  emergency: string | null
  endsAt: string | null
}
const alive = `withdrawn_at IS NULL AND until >= $2::date AND (ends_at IS NULL OR ends_at > $3::timestamptz)`
// What a colleague gave goes before what an emergency opened: who has both needs no emergency.
const given = `SELECT level, emergency, ends_at AS "endsAt" FROM kernel.record_grant WHERE person = $1::uuid AND ${alive} AND record = $4::uuid AND resource = $5 ORDER BY emergency NULLS FIRST LIMIT 1`
const asked = (ctx: Asker, person: string): unknown[] => [person, today(ctx.clock), ctx.clock.now().toISOString()]

/** What this person was given of a record; null: nothing. Relies on record_grant_one. */
export async function givenOver(ctx: Asker, resource: string, record: string): Promise<Given | null> {
  const person = personOf(ctx.actor)
  const [row] = person ? await ctx.db.query<Given & object>(given, [...asked(ctx, person), record, resource]) : []
  return row ?? null
}
/** What ties a person to a record beside his roles, in one question: what he was given of it, and whether he follows it. */
export async function tiesOf(ctx: Asker, resource: string, record: string): Promise<{ given: Given | null; followed: boolean }> {
  const person = personOf(ctx.actor)
  if (!person) return { given: null, followed: false }
  const [row] = await ctx.db.query<{ level: Given['level'] | null; emergency: string | null; endsAt: string | null; followed: boolean }>(
    `SELECT g.*, EXISTS (SELECT 1 FROM kernel.follow WHERE person = $1::uuid AND record = $4::uuid) AS followed FROM (SELECT 1) one LEFT JOIN (${given}) g ON true`,
    [...asked(ctx, person), record, resource],
  )
  const { level, emergency, endsAt, followed } = row!
  return { given: level && { level, emergency, endsAt }, followed }
}
/** The record types of which somebody was given a record. */
export async function grantedTypes(ctx: Asker): Promise<ReadonlySet<string>> {
  const person = personOf(ctx.actor)
  if (!person) return new Set()
  const rows = await ctx.db.query<{ resource: string }>(
    `SELECT DISTINCT resource FROM kernel.record_grant WHERE person = $1::uuid AND ${alive}`,
    asked(ctx, person),
  )
  return new Set(rows.map(({ resource }) => resource))
}
