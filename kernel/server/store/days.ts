import { hospitalZone, Refusal, type Day, type Definitions } from '#model'
import type { CompiledResource } from './compiled.ts'
import { conditionsOf, type ListQuery } from './list.ts'
import { Statement, type SqlWorld } from './sql.ts'

export interface DaysQuery extends Pick<ListQuery, 'filter' | 'search'> {
  on: string
  from: Day
  to: Day
  /** How many of each day are named. */
  each: number
}
/**
 * One row a day and record: the first `each` of every day, with how many there are. The filter already keeps to these days; an index on the field serves it.
 * A record of several days stands on each of them, the one begun first always first: what is named on its first day is named on all.
 */
export function daysSql(defs: Definitions, c: CompiledResource, world: SqlWorld, query: DaysQuery): { text: string; values: unknown[] } {
  const s = new Statement(defs, world)
  const conditions = conditionsOf(s, c, query)
  const { sql, field } = s.column(c.r.name, query.on)
  const [from, to] = [s.param(query.from, '::date'), s.param(query.to, '::date')]
  const day = {
    date: { days: `SELECT ${sql}`, begin: 't.id' },
    dateTime: { days: `SELECT (${sql} AT TIME ZONE '${hospitalZone}')::date`, begin: sql },
    dateRange: {
      days: `SELECT g::date FROM generate_series(greatest(lower(${sql}), ${from}), least(upper(${sql}) - 1, ${to}), interval '1 day') g`,
      begin: `lower(${sql})`,
    },
  }[field?.kind as 'date']
  if (!day) throw new Refusal('badFilter', `“${field?.label ?? query.on}”不是日期`)
  return {
    text: `SELECT day::text AS day, id, total FROM (
        SELECT d.day, t.id, row_number() OVER w AS place, (count(*) OVER (PARTITION BY d.day))::int AS total
        FROM ${c.table} t ${s.joinText} CROSS JOIN LATERAL (${day.days}) d (day)
        WHERE ${conditions.join(' AND ')} AND d.day BETWEEN ${from} AND ${to}
        WINDOW w AS (PARTITION BY d.day ORDER BY ${day.begin}, t.id)) n
      WHERE place <= ${s.param(query.each, '::int')} ORDER BY day, place`,
    values: s.values,
  }
}
