import {
  isProtected,
  fewestLetters,
  isFoundByPart,
  Refusal,
  resolveOperand,
  type Condition,
  type Definitions,
  type Field,
  type Filter,
  type FilterWorld,
  type Scalar,
} from '#model'
import { columnModel, columns, columnType } from './columns.ts'
import { likeText } from './like.ts'
import { blindOf, childTableOf, columnOf, idOf, quote, snake, tableOf, tagsOf } from './naming.ts'
import { rowsOnDay } from './timeline.ts'
import { partTags } from './part-tags.ts'
import type { Protector } from '../protection/cipher.ts'

/** A column within a statement. `id`: SQL of its row's id. `place`: what its cipher texts and blind indexes are made for. */
interface StatementColumn {
  sql: string
  id: string
  field: Field | undefined
  kind: Field['kind']
  key: string
  place: string
}
/** What the building of one statement carries along: parameters, joins, and the world the filter is asked in. */
export class Statement {
  readonly values: unknown[] = []
  readonly defs: Definitions
  readonly world: SqlWorld
  /** May it ask for parts of protected values? Its answer is more than what matches: whoever sets this decrypts and judges every row (`by-part.ts`). */
  byPart = false
  /** Within a `not`: there a condition must not say more than what matches. */
  isDenied = false
  private readonly joins = new Map<string, string>()
  constructor(defs: Definitions, world: SqlWorld) {
    this.defs = defs
    this.world = world
  }
  param(value: unknown, cast = ''): string {
    this.values.push(value)
    return `$${this.values.length}${cast}`
  }
  /** The joins that paths have asked for, in order. */
  get joinText(): string {
    return [...this.joins.values()].join(' ')
  }
  /** The column behind a path from a resource, joining what lies on the way. */
  column(resource: string, path: string, root = 't'): StatementColumn {
    const found = this.defs.path(resource, path)
    if (!found) throw new Refusal('badFilter', `没有“${path}”这个字段`)
    let alias = root
    let at = resource
    for (const hop of found.hops) {
      const next = `${alias}_${snake(hop.key)}`
      if (!this.joins.has(next)) {
        const from = columnOf(hop.key, this.defs.resource(at).fields[hop.key] ?? {})
        const { table } = this.defs.resource(hop.target)
        const rows = this.world.asOf ? rowsOnDay(this.defs, table, this.world.asOf) : tableOf(table)
        this.joins.set(next, `LEFT JOIN ${rows} ${next} ON ${next}.id = ${alias}.${quote(from)}`)
      }
      alias = next
      at = hop.target
    }
    const column = found.field ? columnOf(found.key, found.field) : snake(found.key)
    const place = this.defs.resource(found.resource).table
    return { sql: `${alias}.${quote(column)}`, id: `${alias}.id`, field: found.field, kind: found.kind, key: found.key, place }
  }
}
export interface SqlWorld extends Pick<FilterWorld, 'today' | 'asker'> {
  /** A unit and all below it. */
  unitsUnder(unit: string): readonly string[]
  /** The program itself asks. */
  isSystem?: boolean
  /** As of which day rows are read; null: as they stand. */
  asOf?: string | null
  /** The fields of a type by which its records may be found; null: by all that its table is searched by. */
  openSearch?(resource: string): readonly string[] | null
  protector: Protector
  /** The protected fields of a type that this asker sees in plain and may therefore find by a part; all where nobody is asked about. */
  openParts?(resource: string): readonly string[]
  /** How common each pair of letters is in the searchable texts of a table, where that is known. */
  pairShares?(table: string): ReadonlyMap<string, number> | undefined
}

/** Compiles a filter to a condition; same meaning as `matches` in the model. The only place where filters become SQL. */
export function filterSql(s: Statement, resource: string, filter: Filter, root = 't'): string {
  if ('and' in filter) return filter.and.length ? `(${filter.and.map((f) => filterSql(s, resource, f, root)).join(' AND ')})` : 'TRUE'
  if ('or' in filter) return filter.or.length ? `(${filter.or.map((f) => filterSql(s, resource, f, root)).join(' OR ')})` : 'FALSE'
  if ('not' in filter) return `NOT coalesce(${denied(s, () => filterSql(s, resource, filter.not, root))}, FALSE)`
  if ('some' in filter) return someSql(s, resource, filter.some, filter.where, root)
  return conditionSql(s, s.column(resource, filter.field, root), filter)
}

function denied(s: Statement, inner: () => string): string {
  s.isDenied = !s.isDenied
  const sql = inner()
  s.isDenied = !s.isDenied
  return sql
}

function someSql(s: Statement, resource: string, rowsKey: string, inner: Filter, root: string): string {
  const r = s.defs.resource(resource)
  const rows = r.fields[rowsKey]
  if (rows?.kind !== 'rows') throw new Refusal('badFilter', `“${rowsKey}”不是明细表`)
  const fields = (rows as Field<'rows'>).options.fields
  const visit = (f: Filter): string => {
    if ('and' in f) return f.and.length ? `(${f.and.map(visit).join(' AND ')})` : 'TRUE'
    if ('or' in f) return f.or.length ? `(${f.or.map(visit).join(' OR ')})` : 'FALSE'
    if ('not' in f) return `NOT coalesce(${denied(s, () => visit(f.not))}, FALSE)`
    const field = 'field' in f ? fields[f.field] : undefined
    if (!field || 'some' in f) throw new Refusal('badFilter', `明细表中没有“${'field' in f ? f.field : ''}”`)
    const sql = `c.${quote(columnOf(f.field, field))}`
    return conditionSql(s, { sql, id: 'c.id', field, kind: field.kind, key: f.field, place: `${r.table}.${idOf(rowsKey, rows)}` }, f)
  }
  return `EXISTS (SELECT 1 FROM ${childTableOf(r.table, columnOf(rowsKey, rows))} c WHERE c.parent = ${root}.id AND ${visit(inner)})`
}

const compareOps = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function conditionSql(s: Statement, column: StatementColumn, condition: Condition): string {
  const { sql } = column
  const operand = resolveOperand(condition.value, s.world)
  const list = Array.isArray(operand) ? operand : operand === null ? [] : [operand]
  if (column.field && isProtected(column.field)) return secretSql(s, column, condition, list)
  const own = ownSql(s, column, condition, list)
  if (own !== undefined) return own
  const type = sqlTypeOf(column)
  const isArray = type.endsWith('[]')
  const one = () => s.param(typed(list[0]!, type), `::${type}`)
  const many = () => s.param(list.map((v) => typed(v, type)), `::${type}[]`) // prettier-ignore
  switch (condition.op) {
    case 'empty':
      return isArray ? `coalesce(cardinality(${sql}), 0) = 0` : type === 'text' ? `coalesce(${sql}, '') = ''` : `${sql} IS NULL`
    case 'notEmpty':
      return isArray ? `coalesce(cardinality(${sql}), 0) > 0` : type === 'text' ? `coalesce(${sql}, '') <> ''` : `${sql} IS NOT NULL`
    case 'eq':
    case 'in':
      return list.length === 0 ? 'FALSE' : list.length === 1 ? `${sql} = ${one()}` : `${sql} = ANY(${many()})`
    case 'ne':
    case 'notIn':
      return list.length === 0 ? 'TRUE' : `(${sql} IS NULL OR ${sql} <> ALL(${many()}))`
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return list.length === 0 ? 'FALSE' : `${sql} ${compareOps[condition.op]} ${one()}`
    case 'between':
      return list.length === 2
        ? `${sql} BETWEEN ${s.param(typed(list[0]!, type), `::${type}`)} AND ${s.param(typed(list[1]!, type), `::${type}`)}`
        : 'FALSE'
    case 'contains':
      return list.length === 0 ? 'FALSE' : `lower(${sql}) LIKE ${s.param(`%${likeText(list[0]!)}%`)}`
    case 'startsWith':
      return list.length === 0 ? 'FALSE' : `lower(${sql}) LIKE ${s.param(`${likeText(list[0]!)}%`)}`
    case 'under':
      return `${sql} = ANY(${s.param([...new Set(list.flatMap((unit) => s.world.unitsUnder(String(unit))))], '::uuid[]')})`
    case 'has':
      return list.length === 0 || !isArray ? 'FALSE' : `${sql} @> ${s.param(list, `::${type}`)}`
    case 'hasAny':
      return list.length === 0 || !isArray ? 'FALSE' : `${sql} && ${s.param(list, `::${type}`)}`
  }
}

/** What the kind itself says of the operator. */
function ownSql(s: Statement, column: StatementColumn, condition: Condition, operands: readonly Scalar[]): string | undefined {
  if (!column.field) return undefined
  return columnModel(column.field).condition?.({
    sql: column.sql,
    options: column.field.options,
    op: condition.op,
    operands,
    param: (value, cast) => s.param(value, cast),
    typed,
    below: (target, parent, ids) => belowSql(s, target, parent, ids),
  })
}
/** These records of a tree and all below them; a tree that bites its tail still ends. */
function belowSql(s: Statement, target: string, parent: string, ids: readonly string[]): string {
  const r = s.defs.resource(target)
  const up = quote(columnOf(parent, r.fields[parent]!))
  const table = tableOf(r.table)
  return `WITH RECURSIVE below (id) AS (SELECT unnest(${s.param(ids, '::uuid[]')}) UNION SELECT n.id FROM ${table} n JOIN below b ON n.${up} = b.id WHERE n.deleted_at IS NULL) SELECT id FROM below`
}

function secretSql(s: Statement, column: StatementColumn, condition: Condition, list: readonly Scalar[]): string {
  const blind = column.sql.replace(/"$/, `${blindOf('')}"`)
  if (condition.op === 'empty') return `${column.sql} IS NULL`
  if (condition.op === 'notEmpty') return `${column.sql} IS NOT NULL`
  if (s.byPart && column.field && asksPart(column.field, condition)) return partSql(s, column, String(list[0] ?? ''))
  if (condition.op !== 'eq' && condition.op !== 'in')
    throw new Refusal('badFilter', `“${column.field?.label ?? column.key}”受保护，只能按完整的值查找`)
  return `${blind} = ANY(${s.param(
    list.map((v) => s.world.protector.blind(column.place, idOf(column.key, column.field!), String(v))),
    '::bytea[]',
  )})`
}

/** Is a protected value asked for by a part of it? */
export const asksPart = (field: Field, { op }: Condition): boolean => (op === 'contains' || op === 'startsWith') && isFoundByPart(field)
/** Candidates: more than what matches, never less. */
function partSql(s: Statement, column: StatementColumn, text: string): string {
  if ([...text].length < fewestLetters)
    throw new Refusal('badFilter', `“${column.field?.label ?? column.key}”受保护，按部分内容查找请输入至少两个字`)
  if (s.isDenied) return 'FALSE'
  const tags = partTags(s.world.protector, column.place, idOf(column.key, column.field!), text)
  return `${column.sql.replace(/"$/, `${tagsOf('')}"`)} @> ${s.param(tags, '::integer[]')}`
}

/** The column's type; of an envelope's column that of its kind. */
export function sqlTypeOf(column: Pick<StatementColumn, 'field' | 'kind'>): string {
  if (column.field) return columnType(column.field) ?? 'text'
  return columns[column.kind].sql({} as never) ?? 'text'
}
const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const badValue = (): never => {
  throw new Refusal('badFilter', '筛选的值与字段不符')
}
/** A value that the column's type accepts, or a refusal: a wrong value must not reach the database as a fault. */
function typed(value: Scalar, type: string): unknown {
  if (type === 'uuid') return uuidText.test(String(value)) ? value : badValue()
  if (type === 'boolean') return typeof value === 'boolean' ? value : badValue()
  if (type.startsWith('time ')) return /^([01]\d|2[0-3]):[0-5]\d$/.test(String(value)) ? value : badValue()
  if (type === 'json' || type === 'daterange') return badValue()
  if (type === 'integer' || type.startsWith('numeric')) return /^-?\d{1,30}(\.\d+)?$/.test(String(value)) ? value : badValue()
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) && !Number.isNaN(Date.parse(String(value))) ? value : badValue()
  // A day compared with an instant means its beginning in the hospital's zone.
  if (type === 'timestamptz')
    return /^\d{4}-\d{2}-\d{2}$/.test(String(value))
      ? `${String(value)}T00:00:00+08:00`
      : Number.isNaN(Date.parse(String(value)))
        ? badValue()
        : value
  return String(value).includes('\u0000') ? badValue() : String(value)
}
