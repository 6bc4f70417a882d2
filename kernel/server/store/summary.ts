import { bandDays, hospitalZone, mostGroups, Refusal, type Bands, type Definitions, type GroupKey, type TotalKey } from '#model'
import { noDivision } from '#kernel/model/fields/kinds/places.ts'
import { columnType } from './columns.ts'
import type { CompiledResource } from './compiled.ts'
import { conditionsOf, type ListQuery } from './list.ts'
import { Statement, type SqlWorld } from './sql.ts'

export interface SummaryQuery extends Pick<ListQuery, 'filter' | 'search' | 'deleted'> {
  group: readonly GroupKey[]
  totals: readonly TotalKey[]
  /** Only so many groups, the largest or the smallest first by the number of rows or by one of the totals; all by their keys where it is not said. */
  ranked?: { by: number; isRising: boolean; most: number } | null
}
const grainForm = { year: 'YYYY', quarter: 'YYYY-"Q"Q', month: 'YYYY-MM', week: 'YYYY-MM-DD', day: 'YYYY-MM-DD' } as const
const plainTypes = new Set(['text', 'uuid', 'boolean', 'integer', 'smallint', 'date', 'timestamptz'])
const wholeTypes = new Set(['integer', 'smallint', 'bigint'])
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
  const order = keys.map((_, i) => `${i + 1} NULLS LAST`).join(', ')
  const { ranked } = query
  const by = ranked && (ranked.by < 0 ? 'count(*)' : (totals[ranked.by]?.replace(/::text$/, '') ?? 'count(*)'))
  const rank = ranked ? `${by} ${ranked.isRising ? 'ASC' : 'DESC'} NULLS LAST, ` : ''
  const grouping = keys.length ? ` GROUP BY ${places} ORDER BY ${rank}${order}` : ''
  return {
    text: `SELECT ${select.join(', ')} FROM ${c.table} t ${s.joinText} WHERE ${where}${grouping} LIMIT ${(ranked?.most ?? mostGroups) + 1}`,
    values: s.values,
  }
}

/** What a record is grouped by. */
export function keySql(s: Statement, c: CompiledResource, { path, grain, division, bands }: GroupKey): string {
  const column = s.column(c.r.name, path)
  const label = column.field?.label ?? path
  if (division) {
    // A protected address is stored as cipher text.
    if (column.field?.kind !== 'address' || columnType(column.field) !== 'json') throw new Refusal('badFilter', `“${label}”不能按省市分组`)
    const code = `coalesce(${column.sql} ->> 'code', '${noDivision}')`
    return `CASE WHEN ${column.sql} IS NOT NULL THEN ${division === 'province' ? `left(${code}, 2) || '0000'` : `left(${code}, 4) || '00'`} END`
  }
  const type = column.field
    ? columnType(column.field)
    : column.kind === 'dateTime'
      ? 'timestamptz'
      : column.kind === 'choice'
        ? 'text'
        : 'uuid'
  const isTime = type === 'date' || type === 'timestamptz'
  const day = type === 'date' ? column.sql : `(${column.sql} AT TIME ZONE '${hospitalZone}')`
  if (bands) {
    if (bands.by === 'value' ? !type || !isNumber(type) : !isTime) throw new Refusal('badFilter', `“${label}”不能这样分段`)
    if (type && wholeTypes.has(type) && !bands.edges.every(Number.isInteger))
      throw new Refusal('badFilter', `“${label}”是整数，请用整数分段`)
    return bandSql(s, bands, bands.by === 'value' ? column.sql : `${day}::date`)
  }
  // A protected value tells by its groups what it hides; long text is no heading.
  if (!type || !plainTypes.has(type) || column.kind === 'longText' || column.kind === 'signature')
    throw new Refusal('badFilter', `不能按“${label}”分组`)
  if (grain ? !isTime : type === 'timestamptz') throw new Refusal('badFilter', `“${label}”请按年、季度、月、周或日分组`)
  // No word is no word, whichever way it is stored: so says the condition “为空”, too.
  if (!grain) return type === 'text' ? `nullif(${column.sql}, '')` : column.sql
  return `to_char(${grain === 'week' ? `date_trunc('week', ${day})` : day}, '${grainForm[grain]}')`
}
/** Which band: 0 below the first edge. */
function bandSql(s: Statement, bands: Bands, value: string): string {
  const isDay = bands.by !== 'value'
  const { days, isRising } = isDay ? bandDays(bands, s.world.today) : { days: [], isRising: true }
  const cases = bands.edges.map((edge, at) =>
    isDay ? `WHEN ${value} ${isRising ? '<' : '>'} ${s.param(days[at], '::date')} THEN ${at}` : `WHEN ${value} < ${s.param(String(edge), '::numeric')} THEN ${at}`,
  ) // prettier-ignore
  return `CASE WHEN ${value} IS NULL THEN NULL ${cases.join(' ')} ELSE ${bands.edges.length} END`
}
function totalSql(s: Statement, c: CompiledResource, { path, by }: TotalKey): string {
  const column = s.column(c.r.name, path)
  const type = column.field ? columnType(column.field) : null
  if (!type || !isNumber(type)) throw new Refusal('badFilter', `“${column.field?.label ?? path}”不是可以汇总的数字`)
  if (by === 'avg') return `round(avg(${column.sql}), 2)::text`
  return isNumber(type) && !type.startsWith('numeric') && by !== 'sum' ? `${by}(${column.sql})` : `${by}(${column.sql})::text`
}
