import { mostGroups, readGroupKey, scalarsOf, type Condition, type Definitions, type GroupKey, type RollUp, type TotalKey } from '#model'
import type { CompiledResource } from './compiled.ts'
import { columnOf, quote } from './naming.ts'
import { Statement, type SqlWorld } from './sql.ts'
import { keySql, type SummaryQuery } from './summary.ts'

interface Sql {
  text: string
  values: unknown[]
}
/** The cells of a roll-up as the table has them now: of some units, or of all. Relies on the index that leads with the unit. */
export function cellsSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  rollUp: RollUp,
  units: readonly (string | null)[] | null,
): Sql {
  const s = new Statement(defs, world)
  const name = s.param(rollUp.name)
  const columnSql = (path: string) => `t.${quote(columnOf(path, c.r.fields[path]!))}`
  const keys = rollUp.keys.map((text) => `(${keySql(s, c, readGroupKey(text)!)})::text`)
  const unit = columnSql(rollUp.unit)
  const list = (parts: readonly string[], type: string) => `ARRAY[${parts.join(', ')}]::${type}[]`
  const sums = list(rollUp.sums.map((path) => `coalesce(sum(${columnSql(path)}), 0)`), 'numeric') // prettier-ignore
  const filled = list(rollUp.sums.map((path) => `count(${columnSql(path)})`), 'bigint') // prettier-ignore
  const known = units?.filter((one) => one !== null)
  const among = units && `(${unit} = ANY(${s.param(known, '::uuid[]')})${units.includes(null) ? ` OR ${unit} IS NULL` : ''})`
  return {
    text: `INSERT INTO kernel.roll_up_cell (roll_up, unit, keys, n, sums, filled)
      SELECT ${name}, ${unit}, ${list(keys, 'text')}, count(*), ${sums}, ${filled} FROM ${c.table} t WHERE t.deleted_at IS NULL${among ? ` AND ${among}` : ''} GROUP BY 2, 3`,
    values: s.values,
  } // prettier-ignore
}

interface Rolled extends Pick<SummaryQuery, 'ranked'> {
  rollUp: RollUp
  group: readonly GroupKey[]
  texts: readonly string[]
  totals: readonly TotalKey[]
  onKeys: readonly Condition[]
  /** Null: every unit, and rows of none. */
  units: { ids: readonly string[]; hasNone: boolean } | null
}
/** The same rows as `summarySql` answers, out of the cells: groups as text, figures as there. Relies on roll_up_cell_unit. */
export function rolledSql({ rollUp, texts, totals, onKeys, units, ranked }: Rolled): Sql {
  const values: unknown[] = [rollUp.name]
  const param = (value: unknown, cast: string) => `$${values.push(value)}${cast}`
  const keyOf = (text: string) => (text === rollUp.unit ? 'unit::text' : `keys[${rollUp.keys.indexOf(text) + 1}]`)
  const where = onKeys.map((one) => plainCondition(keyOf(one.field), one, param))
  if (units) where.push(`(unit = ANY(${param(units.ids, '::uuid[]')})${units.hasNone ? ' OR unit IS NULL' : ''})`)
  const sums = totals.map(({ path, by }) => {
    const at = rollUp.sums.indexOf(path) + 1
    const filled = `sum(filled[${at}])`
    const sum = `sum(sums[${at}])`
    return `CASE WHEN ${filled} > 0 THEN ${by === 'sum' ? sum : `round(${sum} / ${filled}, 2)`} END`
  })
  const by = ranked && (ranked.by < 0 ? 'sum(n)' : (sums[ranked.by] ?? 'sum(n)'))
  const rank = ranked ? `${by} ${ranked.isRising ? 'ASC' : 'DESC'} NULLS LAST, ` : ''
  const places = texts.map((_, at) => at + 1).join(', ')
  const order = texts.map((_, at) => `${at + 1} NULLS LAST`).join(', ')
  const grouping = texts.length ? ` GROUP BY ${places} ORDER BY ${rank}${order}` : ''
  const select = [...texts.map((text, at) => `${keyOf(text)} AS "k${at}"`), 'coalesce(sum(n), 0)::int AS count', ...sums.map((sql, at) => `(${sql})::text AS "t${at}"`)] // prettier-ignore
  return {
    text: `SELECT ${select.join(', ')} FROM kernel.roll_up_cell WHERE roll_up = $1${where.map((one) => ` AND ${one}`).join('')}${grouping} LIMIT ${(ranked?.most ?? mostGroups) + 1}`,
    values,
  }
}
function plainCondition(key: string, { op, value }: Condition, param: (value: unknown, cast: string) => string): string {
  if (op === 'empty' || op === 'notEmpty') return `${key} IS ${op === 'empty' ? '' : 'NOT '}NULL`
  const list = param(scalarsOf(value).map(String), '::text[]')
  return op === 'eq' || op === 'in' ? `${key} = ANY(${list})` : `(${key} IS NULL OR NOT ${key} = ANY(${list}))`
}
