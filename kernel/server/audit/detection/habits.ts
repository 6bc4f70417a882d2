import { addDays } from '#model'
import type { Context } from '../../context.ts'
import type { Queryable } from '../../database/database.ts'
import { limits, type Habit } from './rules.ts'

const pastDays = 28
const mostPeers = 40
const isRead = `act IN ('read', 'emergency.read') AND outcome = 'done' AND record IS NOT NULL`
const midnight = (day: string) => `${day}T00:00:00+08:00`

/** Somebody's reads of one day; index audit_actor_at. */
export const readsOn = (db: Queryable, person: string, day: string): Promise<{ seq: number; at: string }[]> =>
  db.query<{ seq: number; at: string }>(
    `SELECT seq, at FROM kernel.audit_entry WHERE actor = $1::uuid AND at >= $2::timestamptz AND at < $3::timestamptz AND ${isRead} ORDER BY at, seq`,
    [person, midnight(day), midnight(addDays(day, 1))],
  )

/** What is usual for him and for those who hold one of his roles; null where too little was read today for anybody to ask. */
export async function habitOf(tx: Context, person: string, day: string, today: number): Promise<Habit | null> {
  if (today < limits.night) return null
  const peers = today > limits.volume ? peersOf(tx, person, day) : []
  const rows = await tx.db.query<{ actor: string; reads: number; night: number }>(
    `SELECT actor, count(*)::int AS reads, count(*) FILTER (WHERE extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') >= 22 OR extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') < 6)::int AS night
     FROM kernel.audit_entry WHERE actor = ANY($1::uuid[]) AND at >= $2::timestamptz AND at < $3::timestamptz AND ${isRead} GROUP BY actor, (at AT TIME ZONE 'Asia/Shanghai')::date`,
    [[person, ...peers], midnight(addDays(day, -pastDays)), midnight(day)],
  )
  const own = rows.filter((row) => row.actor === person)
  const all = own.reduce((sum, row) => sum + row.reads, 0)
  return {
    past: own.map((row) => row.reads),
    peers: rows.filter((row) => row.actor !== person).map((row) => row.reads),
    nightShare: all ? own.reduce((sum, row) => sum + row.night, 0) / all : 0,
  }
} // prettier-ignore

function peersOf({ directory }: Context, person: string, day: string): string[] {
  const roles = directory.rolesOf(person, day)
  const same = roles.flatMap((role) => directory.peopleWithRole(role, day))
  // Whoever has no role of his own is compared with his unit.
  const { unit } = directory.people.get(person) ?? {}
  const near = roles.length || !unit ? same : [...directory.people.values()].flatMap((p) => (p.unit === unit ? [p.id] : []))
  return [...new Set(near)].filter((one) => one !== person).slice(0, mostPeers)
}
