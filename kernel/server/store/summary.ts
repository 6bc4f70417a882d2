import { hospitalZone, mostGroups, Refusal, type Definitions, type GroupKey, type TotalKey } from '#model'
import { columnType } from './columns.ts'
import type { CompiledResource } from './compiled.ts'
import { conditionsOf, type ListQuery } from './list.ts'
import { Statement, type SqlWorld } from './sql.ts'

export interface SummaryQuery extends Pick<ListQuery, 'filter' | 'search' | 'deleted'> {
  group: readonly GroupKey[]
  totals: readonly TotalKey[]
}
const grainForm = { year: 'YYYY', month: 'YYYY-MM', day: 'YYYY-MM-DD' } as const
const plainTypes = new Set(['text', 'uuid', 'boolean', 'integer', 'smallint', 'date', 'timestamptz'])
const isNumber = (type: string): boolean => type === 'integer' || type === 'smallint' || type.startsWith('numeric') || type === 'bigint'

/** One row a group: its keys as `k0 …`, how many, and the totals as `t0 …` — numbers with a fraction as text, exact. One group more than is answered tells that there are more. */
export function summarySql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  query: SummaryQuery,
): { text: string; values: unknown[] } {
  const s = new Statement(defs, world)
  const keys = query.group.map((key) => keySql(s, c, key))
  const totals = query.totals.map((total) => totalSql(s, c, total))
  const where = conditionsOf(s, c, query).join(' AND ')
  const select = [...keys.map((sql, i) => `${sql} AS "k${i}"`), 'count(*)::int AS count', ...totals.map((sql, i) => `${sql} AS "t${i}"`)]
  const places = keys.map((_, i) => i + 1).join(', ')
  const grouping = keys.length ? ` GROUP BY ${places} ORDER BY ${keys.map((_, i) => `${i + 1} NULLS LAST`).join(', ')}` : ''
  return {
    text: `SELECT ${select.join(', ')} FROM ${c.table} t ${s.joinText} WHERE ${where}${grouping} LIMIT ${mostGroups + 1}`,
    values: s.values,
  }
}

function keySql(s: Statement, c: CompiledResource, { path, grain }: GroupKey): string {
  const column = s.column(c.r.name, path)
  const type = column.field
    ? columnType(column.field)
    : column.kind === 'dateTime'
      ? 'timestamptz'
      : column.kind === 'choice'
        ? 'text'
        : 'uuid'
  const label = column.field?.label ?? path
  const isTime = type === 'date' || type === 'timestamptz'
  // A protected value tells by its groups what it hides; long text is no heading.
  if (!type || !plainTypes.has(type) || column.kind === 'longText' || column.kind === 'signature')
    throw new Refusal('badFilter', `不能按“${label}”分组`)
  if (grain ? !isTime : type === 'timestamptz') throw new Refusal('badFilter', `“${label}”请按年、月或日分组`)
  // No word is no word, whichever way it is stored: so says the condition “为空”, too.
  if (!grain) return type === 'text' ? `nullif(${column.sql}, '')` : column.sql
  return `to_char(${type === 'date' ? column.sql : `${column.sql} AT TIME ZONE '${hospitalZone}'`}, '${grainForm[grain]}')`
}
function totalSql(s: Statement, c: CompiledResource, { path, by }: TotalKey): string {
  const column = s.column(c.r.name, path)
  const type = column.field ? columnType(column.field) : null
  if (!type || !isNumber(type)) throw new Refusal('badFilter', `“${column.field?.label ?? path}”不是可以汇总的数字`)
  if (by === 'avg') return `round(avg(${column.sql}), 2)::text`
  return isNumber(type) && !type.startsWith('numeric') && by !== 'sum' ? `${by}(${column.sql})` : `${by}(${column.sql})::text`
}
