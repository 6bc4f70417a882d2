import { addDays, type SignInTime } from '#model'
import type { Context } from '../context.ts'

/** How long each account was signed in within these days, the longest first; index (at) of the log of sign-ins. A session counts to the day on which it began. */
export async function signInTimes(ctx: Context, asked: { from: string; to: string; person: string | null }): Promise<SignInTime[]> {
  const rows = await ctx.db.query<Omit<SignInTime, 'personName' | 'unit'> & object>(
    `SELECT s.account, min(s.name) AS name, min(s.person::text) AS person,
       coalesce(sum(s.times) FILTER (WHERE s.outcome = 'done'), 0)::int AS "signIns",
       coalesce(sum(coalesce(s.minutes, CASE WHEN s.ended_at IS NULL THEN greatest(0, extract(epoch FROM $4::timestamptz - s.at) / 60) END)) FILTER (WHERE s.outcome = 'done'), 0)::int AS minutes,
       coalesce(max(s.minutes) FILTER (WHERE s.outcome = 'done'), 0)::int AS longest,
       coalesce(sum(s.times) FILTER (WHERE s.outcome NOT IN ('done', 'locked')), 0)::int AS refused,
       coalesce(sum(s.times) FILTER (WHERE s.outcome = 'locked'), 0)::int AS locked,
       max(s.at) FILTER (WHERE s.outcome = 'done') AS "lastAt"
     FROM security.sign_in s
     WHERE s.at >= $1::timestamptz AND s.at < $2::timestamptz AND ($3::uuid IS NULL OR s.person = $3::uuid) AND s.deleted_at IS NULL
     GROUP BY s.account, CASE WHEN s.account IS NULL THEN s.name END ORDER BY minutes DESC, refused DESC, name LIMIT 500`,
    [`${asked.from}T00:00:00+08:00`, `${addDays(asked.to, 1)}T00:00:00+08:00`, asked.person, ctx.clock.now().toISOString()],
  )
  return rows.map((row) => {
    const person = row.person ? ctx.directory.people.get(row.person) : undefined
    return { ...row, personName: person?.name ?? null, unit: person ? ctx.directory.unitName(person.unit) : null }
  })
}
