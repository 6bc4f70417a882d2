import { isProtected, isCondition, kindOf, pathsOf, Refusal, type Definitions, type Filter, type ResolvedResource } from '#model'
import { columnType } from './columns.ts'
import { columnOf, quote, shortName, snake, tableOf } from './naming.ts'
import { sortExpression, targetSchema } from './schema.ts'

/** An index that a large table wants, beyond those that every table has. Made by the program while it runs, never by a migration. */
export interface IndexWish {
  resource: string
  /** `"schema"."table"`. */
  table: string
  schema: string
  name: string
  keys: readonly string[]
  include: readonly string[]
  body: string
}

/** These indexes are ours: the migrator neither makes nor drops them. */
export const wishPrefix = 'qx'
const mostIncluded = 16

/**
 * What the declaration's lists want of a large table: by each field that is offered as a filter or as a sorted column, and by the scope's owner with all of
 * these in it, so that conditions are judged without opening rows. All ascending and ending in the id: read backwards they serve the other direction.
 */
export function declaredWishes(defs: Definitions): IndexWish[] {
  const found = new Map<string, IndexWish>()
  const present = new Set(targetSchema(defs).flatMap((t) => t.indexes.map((i) => `${t.schema}.${t.name} ${i.body}`)))
  for (const r of defs.resources.values()) {
    if (!r.list || r.log) continue
    const usual = plain(r.list.sort?.length ? r.list.sort : ['createdAt']).filter((key) => isIndexable(r, key))
    const filters = plain(r.list.filters ?? []).filter((key) => isIndexable(r, key))
    const sorts = plain(r.list.columns ?? []).filter((key) => isIndexable(r, key) && (!r.fields[key] || kindOf(r.fields[key]).sortable))
    const offered = [...new Set([...filters, ...sorts])]
    const { department, person } = r.owner
    const owners = [department, person].filter((key) => key !== undefined && isIndexable(r, key)) as string[]
    const wishes = [
      ...(usual.length ? [makeWish(r, usual, offered)] : []),
      ...owners.map((owner) => makeWish(r, [owner, ...usual], owner === department ? offered : [])),
      ...filters.filter((key) => !sorts.includes(key) && !owners.includes(key)).map((key) => makeWish(r, [key, ...usual])),
      ...sorts.filter((key) => key !== usual[0]).map((key) => makeWish(r, [key])),
    ]
    for (const wish of wishes)
      if (!found.has(wish.name) && !present.has(`${wish.schema}.${snake(r.table.split('.')[1]!)} ${wish.body}`)) found.set(wish.name, wish)
  }
  return [...found.values()]
}
const plain = (keys: readonly string[]): string[] => [...new Set(keys.map((key) => key.replace(/^-/, '')))]

/** Has it a plain column that a btree serves? */
function isIndexable(r: ResolvedResource, key: string): boolean {
  if (!Object.hasOwn(r.fields, key)) return key === 'createdAt' || key === 'updatedAt' || key === 'createdBy'
  const field = r.fields[key]!
  const type = columnType(field)
  return type !== null && !isProtected(field) && !type.endsWith('[]') && type !== 'json' && !kindOf(field).isLong
}

/** The index by these keys of a record type; refuses what is no index. Its text comes from the definitions alone. */
export function wishOf(defs: Definitions, resource: string, keys: readonly string[]): IndexWish {
  const r = defs.resource(resource)
  if (keys.length === 0 || keys.length > 5 || new Set(keys).size < keys.length) throw new Refusal('badRequest', '索引的字段不对')
  const wrong = keys.find((key) => !isIndexable(r, key))
  if (wrong !== undefined) throw new Refusal('badRequest', `“${r.fields[wrong]?.label ?? wrong}”不能建立索引`)
  return makeWish(r, keys)
}

function makeWish(r: ResolvedResource, keys: readonly string[], included: readonly string[] = []): IndexWish {
  const [schema, name] = r.table.split('.').map(snake) as [string, string]
  const column = (key: string) => quote(r.fields[key] ? columnOf(key, r.fields[key]) : snake(key))
  const include = included.filter((key) => !keys.includes(key)).slice(0, mostIncluded)
  const carried = [...include.map(column), ...(include.length && r.approval ? ['"state"', '"created_by"'] : [])]
  const parts = [...keys.map((key) => sortExpression(column(key), r.fields[key])), 'id']
  const body = `(${parts.join(', ')})${carried.length ? ` INCLUDE (${carried.join(', ')})` : ''} WHERE deleted_at IS NULL`
  let hash = 5381
  for (const c of body) hash = ((hash * 33) ^ c.codePointAt(0)!) >>> 0
  return {
    resource: r.name,
    table: tableOf(r.table),
    schema,
    name: shortName(wishPrefix, name, keys.map(snake).join('_'), hash.toString(36)),
    keys,
    include,
    body,
  }
}

/** The index that would serve a question which was slow: by what it asks to be equal, then by its order. Null where none would. */
export function wishFor(
  defs: Definitions,
  resource: string,
  asked: { filter: Filter | null; sort: readonly string[]; scope: string | null },
): IndexWish | null {
  const r = defs.resource(resource)
  const conditions = asked.filter ? ('and' in asked.filter ? asked.filter.and : [asked.filter]) : []
  const by = (ops: readonly string[]) =>
    conditions.filter(isCondition).filter((f) => ops.includes(f.op) && isIndexable(r, f.field)).map((f) => f.field) // prettier-ignore
  const equal = by(['eq', 'in', 'under']).filter((key) => key !== asked.scope).slice(0, 2) // prettier-ignore
  const ranged = by(['between', 'lt', 'lte', 'gt', 'gte']).slice(0, 1)
  const sort = plain(asked.sort)
  const order = sort.every((key) => isIndexable(r, key)) ? sort : []
  const entry = equal.length ? equal : order.length ? [] : ranged
  const keys = [...new Set([...(asked.scope ? [asked.scope] : []), ...entry, ...order])].slice(0, 5)
  if (keys.length === 0) return null
  return declaredWishes(defs).find((w) => w.resource === resource && w.keys.join() === keys.join()) ?? wishOf(defs, resource, keys)
}
/** Conditions of a question without what is compared with: what may be kept of it. */
export const shapeOf = (filter: Filter | null): string[] =>
  !filter ? [] : 'and' in filter ? filter.and.flatMap(shapeOf) : isCondition(filter) ? [`${filter.field} ${filter.op}`] : [[...new Set(pathsOf(filter))].join('|')] // prettier-ignore
