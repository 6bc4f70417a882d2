import { both, isCondition, resolveOperand, type Filter } from '#model'
import type { CompiledResource } from './compiled.ts'
import type { SqlWorld } from './sql.ts'

/**
 * How a page is read. `plain`: one SELECT, the planner's choice; for small tables. On large ones the keys of the page are found first and its rows
 * fetched after: `walked` in the sort's order until the page is full, `heads` the same in each unit (or of one's own) and merged, `gathered` all that
 * match and then sorted. All mean the same; which is quick depends on how many match and where they lie.
 */
export type ListForm = 'plain' | 'walked' | 'heads' | 'gathered'

/** Where an index is entered: rows of these units, or of this person. */
export interface Head {
  column: string
  field: string
  values: string[]
}
export interface Heads {
  heads: readonly Head[]
  /** What else is asked. */
  rest: Filter
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const flatten = (filter: Filter): readonly Filter[] => ('and' in filter ? filter.and.flatMap(flatten) : [filter])

/** The part of a filter that names units or people: one condition, several on one field cut to what they share, or alternatives of such. Null without one. */
export function headsOf(c: CompiledResource, filter: Filter | null, world: SqlWorld): Heads | null {
  if (!filter) return null
  const parts = flatten(filter)
  const single = parts.map((part) => headOf(c, part, world))
  const first = single.find((head) => head !== null)
  if (first) {
    const same = single.filter((head) => head?.field === first.field)
    const values = first.values.filter((id) => same.every((head) => head!.values.includes(id)))
    return { heads: [{ ...first, values }], rest: both(...parts.filter((_, i) => single[i]?.field !== first.field)) }
  }
  for (const [at, part] of parts.entries()) {
    if (!('or' in part) || part.or.length === 0) continue
    const heads = part.or.map((one) => headOf(c, one, world))
    if (heads.every((head) => head !== null)) return { heads, rest: both(...parts.toSpliced(at, 1)) }
  }
  return null
}
function headOf(c: CompiledResource, part: Filter, world: SqlWorld): Head | null {
  if (!isCondition(part)) return null
  const found = c.byKey.get(part.field)
  const kind = found?.field.kind
  if (!found || found.secret || (kind !== 'unit' && kind !== 'person')) return null
  if (part.op !== 'eq' && part.op !== 'in' && !(part.op === 'under' && kind === 'unit')) return null
  const operand = resolveOperand(part.value, world)
  const given = (Array.isArray(operand) ? operand : operand === null ? [] : [operand]).map(String)
  const values = [...new Set(part.op === 'under' ? given.flatMap((unit) => world.unitsUnder(unit)) : given)]
  return values.every((id) => uuid.test(id)) ? { column: found.column, field: part.field, values } : null
}

const fewOnSmall = 50
export const fewOnLarge = 400
/** Without estimates: each unit's range is read where an index leads with it and the sort goes on in it. */
export function usualForm(c: CompiledResource, found: Heads | null, sort: readonly string[]): ListForm {
  const [head, more] = found?.heads ?? []
  if (!head || more || head.values.length === 0 || head.values.length > fewOnSmall) return 'plain'
  const { department, person } = c.r.owner
  const indexes = [...(c.r.indexes ?? []), [department ?? '', '-createdAt'], [person ?? '', '-createdAt']]
  return indexes.some((keys) => keys[0] === head.field && keys.slice(1).join() === sort.join()) ? 'heads' : 'plain'
}
