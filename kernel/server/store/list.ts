import { Refusal, both, isCondition, kindOf, resolveOperand, type Definitions, type Filter } from '#model'
import type { CompiledResource } from './compiled.ts'
import { quote } from './naming.ts'
import { pinyinCollation } from './naming.ts'
import { searchQuery } from './search.ts'
import { columnModel } from './columns.ts'
import { likeText } from './like.ts'
import { filterSql, sqlTypeOf, Statement, type SqlWorld } from './sql.ts'

export interface ListQuery {
  filter?: Filter | null
  search?: string
  /** `-field` descends; paths through references allowed. */
  sort?: readonly string[]
  /** Columns asked for beyond the resource's own fields: paths through references. */
  paths?: readonly string[]
  limit: number
  cursor?: string | null
  deleted?: boolean
  /** Only these keys of the resource; all when absent. */
  keys?: readonly string[]
}
interface SortKey {
  path: string
  descending: boolean
  sql: string
  /** As selected for the cursor. */
  plain: string
  type: string
}

/** The SQL of one page by key. Null sorts last in either direction; the id makes the order total. */
export function listSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  query: ListQuery,
): { text: string; values: unknown[]; paths: string[]; sortPaths: string[] } {
  const s = new Statement(defs, world)
  const conditions = [query.deleted ? 't.deleted_at IS NOT NULL' : 't.deleted_at IS NULL', ...unseenSql(s, c, world)]
  const filter = query.filter ?? null
  const spread = unitSpread(c, filter, world, query)
  if (filter) conditions.push(filterSql(s, c.r.name, spread ? spread.rest : filter))
  if (query.search) conditions.push(searchSql(s, c, query.search))
  const sort = sortKeys(s, c, query.sort ?? [])
  if (query.cursor) conditions.push(afterCursor(s, sort, query.cursor))
  const keys = query.keys ? new Set(query.keys) : null
  const own = c.fields.filter((f) => !keys || keys.has(f.key)).map((f) => `t.${quote(f.column)}`)
  const paths = [...(query.paths ?? [])]
  const pathColumns = paths.map((path, i) => `${s.column(c.r.name, path).sql} AS "p${i}"`)
  const cursorColumns = sort.map((key, i) => `${key.plain} AS "k${i}"`)
  const envelope = ['id', 'version', 'state', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at'].map((k) => `t.${k}`)
  const select = [...envelope, ...own, ...pathColumns, ...cursorColumns].join(', ')
  const order = sort.map((key) => `${key.sql}${key.descending ? ' DESC NULLS LAST' : ''}`)
  const limit = s.param(query.limit + 1, '::int')
  const where = conditions.join(' AND ')
  if (spread) {
    // Few units, many rows: each unit's index range is read in order and the heads are merged.
    const outer = sort.map((key, i) => `"k${i}"${key.collate}${key.descending ? ' DESC NULLS LAST' : ''}`)
    return {
      text: `SELECT t.* FROM unnest(${s.param(spread.units, '::uuid[]')}) u(id) CROSS JOIN LATERAL (SELECT ${select} FROM ${c.table} t WHERE t.${quote(spread.column)} = u.id AND ${where} ORDER BY ${order.join(', ')} LIMIT ${limit}) t ORDER BY ${outer.join(', ')} LIMIT ${limit}`,
      values: s.values,
      paths,
      sortPaths: sort.map((k) => k.path),
    }
  }
  return {
    text: `SELECT ${select} FROM ${c.table} t ${s.joinText} WHERE ${where} ORDER BY ${order.join(', ')} LIMIT ${limit}`,
    values: s.values,
    paths,
    sortPaths: sort.map((k) => k.path),
  }
}

/** What a list's state asks of a row. */
export function conditionsOf(s: Statement, c: CompiledResource, query: Pick<ListQuery, 'filter' | 'search' | 'deleted'>): string[] {
  const conditions = [query.deleted ? 't.deleted_at IS NOT NULL' : 't.deleted_at IS NULL', ...unseenSql(s, c, s.world)]
  if (query.filter) conditions.push(filterSql(s, c.r.name, query.filter))
  if (query.search) conditions.push(searchSql(s, c, query.search))
  return conditions
}
/** Counts exactly up to a cap. */
export function countSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  query: Pick<ListQuery, 'filter' | 'search' | 'deleted'>,
  cap: number,
): { text: string; values: unknown[] } {
  const s = new Statement(defs, world)
  const conditions = conditionsOf(s, c, query)
  return {
    text: `SELECT count(*)::int AS count FROM (SELECT 1 FROM ${c.table} t ${s.joinText} WHERE ${conditions.join(' AND ')} LIMIT ${cap + 1}) n`,
    values: s.values,
  }
}

/** A condition over ids that the filter lets through: for a write's check before and after. */
export function allowsSql(
  defs: Definitions,
  c: CompiledResource,
  world: SqlWorld,
  filter: Filter,
  id: string,
): { text: string; values: unknown[] } {
  const s = new Statement(defs, world)
  const condition = filterSql(s, c.r.name, filter)
  return { text: `SELECT 1 AS ok FROM ${c.table} t ${s.joinText} WHERE t.id = ${s.param(id, '::uuid')} AND ${condition}`, values: s.values }
}

/**
 * What came in with an import and waits for the batch's approval (or did not get it) has no approval of its own: nobody but who sent it sees it in the
 * type's lists. Relies on flow_instance_record.
 */
function unseenSql(s: Statement, c: CompiledResource, { asker, isSystem }: SqlWorld): string[] {
  if (!c.r.approval || isSystem) return []
  return [
    `(t.state = 'approved' OR t.created_by = ${s.param(asker?.person ?? null, '::uuid')} OR EXISTS (SELECT 1 FROM kernel.flow_instance f WHERE f.record = t.id))`,
  ]
}

const maxSpread = 50
/** When the filter asks for a few units and an index leads with that unit and the sort, the page is read per unit (`unnest … LATERAL`). */
function unitSpread(
  c: CompiledResource,
  filter: Filter | null,
  world: SqlWorld,
  query: ListQuery,
): { column: string; units: string[]; rest: Filter } | null {
  if (!filter || query.search || (query.paths ?? []).length || (query.sort ?? []).some((key) => key.includes('.'))) return null
  const parts = 'and' in filter ? flatten(filter) : [filter]
  const at = parts.findIndex((f) => isCondition(f) && (f.op === 'under' || f.op === 'in') && c.byKey.get(f.field)?.field.kind === 'unit')
  if (at < 0) return null
  const condition = parts[at] as Extract<Filter, { field: string }>
  const sort = query.sort?.length ? query.sort : ['-createdAt']
  const indexes = [...(c.r.indexes ?? []), [c.r.owner.department ?? '', '-createdAt']]
  if (!indexes.some((keys) => keys[0] === condition.field && keys.slice(1).join() === sort.join())) return null
  const operand = resolveOperand(condition.value, world)
  const given = (Array.isArray(operand) ? operand : operand === null ? [] : [operand]).map(String)
  const units = [...new Set(condition.op === 'under' ? given.flatMap((u) => world.unitsUnder(u)) : given)]
  if (units.length === 0 || units.length > maxSpread || units.some((u) => !/^[0-9a-f-]{36}$/.test(u))) return null
  const rest = both(...parts.filter((_, i) => i !== at))
  return { column: c.byKey.get(condition.field)!.column, units, rest }
}
const flatten = (filter: Filter): Filter[] => ('and' in filter ? filter.and.flatMap(flatten) : [filter])

function searchSql(s: Statement, c: CompiledResource, typed: string): string {
  if (!c.hasSearch) throw new Refusal('badFilter', '此列表不支持快速查找')
  const words = searchQuery(typed).split(' ').filter(Boolean).slice(0, 5)
  if (words.length === 0) return 'TRUE'
  return words
    .map((word) => {
      const like = `t.search_text LIKE ${s.param(`%${likeText(word)}%`)}`
      // One character makes no pair; the planner then reads in the sort's order.
      return word.length < 2 ? like : `(kernel.bigrams(t.search_text) @> kernel.bigrams(${s.param(word)}) AND ${like})`
    })
    .join(' AND ')
}

function sortKeys(s: Statement, c: CompiledResource, asked: readonly string[]): (SortKey & { collate: string })[] {
  const sort = asked.length ? asked : ['-createdAt']
  if (sort.length > 5) throw new Refusal('badFilter', '最多按 5 个字段排序')
  const descendingId = sort.at(-1)!.startsWith('-')
  const keys = [...sort.filter((key) => key.replace(/^-/, '') !== 'id'), descendingId ? '-id' : 'id']
  return keys.map((key) => {
    const path = key.replace(/^-/, '')
    const column = s.column(c.r.name, path)
    if (column.field && c.byKey.get(path)?.secret) throw new Refusal('badFilter', `“${column.field.label}”受保护，不能排序`)
    if (column.field && !kindOf(column.field).sortable) throw new Refusal('badFilter', `“${column.field.label}”不能排序`)
    const model = column.field && columnModel(column.field)
    const order = model?.order?.(column.sql) ?? { sql: column.sql, type: sqlTypeOf(column).replace(/\(.*\)$/, '') }
    const collate = model?.isCollated ? ` COLLATE ${pinyinCollation}` : ''
    return { path, descending: key.startsWith('-'), sql: order.sql + collate, plain: order.sql, type: order.type, collate }
  })
}
/** Rows after the cursor, spelled out per direction and null: `a > $1 OR (a = $1 AND (b < $2 …))`. */
function afterCursor(s: Statement, sort: SortKey[], cursor: string): string {
  const values = readCursor(cursor, sort.length)
  let text = 'FALSE'
  for (let i = sort.length - 1; i >= 0; i--) {
    const key = sort[i]!
    const value = values[i]
    if (value === null) text = `(${key.sql} IS NULL AND ${text})`
    else {
      const p = s.param(value, `::${key.type}`)
      const beyond = `${key.sql} ${key.descending ? '<' : '>'} ${p}`
      const nulls = key.path === 'id' || key.path === 'createdAt' ? '' : ` OR ${key.sql} IS NULL`
      text = i === sort.length - 1 ? `(${beyond}${nulls})` : `(${beyond}${nulls} OR (${key.sql} = ${p} AND ${text}))`
    }
  }
  // The leading key alone bounds the index range; the spelled-out form refines it.
  const lead = sort[0]!
  const first = values[0]
  if (sort.length > 1 && first !== null && (lead.path === 'createdAt' || lead.path === 'id'))
    text = `(${lead.sql} ${lead.descending ? '<=' : '>='} ${s.param(first, `::${lead.type}`)} AND ${text})`
  return text
}

export const makeCursor = (values: readonly unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url')
function readCursor(cursor: string, length: number): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (
      Array.isArray(values) &&
      values.length === length &&
      values.every((v) => v === null || ['string', 'number', 'boolean'].includes(typeof v))
    )
      return values
  } catch {
    // falls through to the refusal
  }
  throw new Refusal('badCursor')
}
