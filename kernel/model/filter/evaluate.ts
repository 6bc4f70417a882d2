import type { AskersOperand, Condition, Filter, Operand, RelativeDay, Scalar } from './filter.ts'
import { addDays, isDay, parseInstant } from '../clock/day.ts'
import type { Field, Fields } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'

/** What a filter needs to know of the world to run in memory. */
export interface FilterWorld {
  /** Today in the hospital's zone, `YYYY-MM-DD`. */
  today: string
  /** The asker; absent when the filter must not depend on one. */
  asker?: { person: string | null; units: readonly string[]; campus: readonly string[]; zone: readonly string[] }
  /** Is `unit` equal to or below `ancestor`? */
  isUnder(unit: string, ancestor: string, target?: string): boolean
  /** The value at a path of the record. */
  read(record: Readonly<Record<string, unknown>>, path: string): unknown
  /** The field at a path, where it is known: some kinds mean something of their own by an operator. */
  fieldAt?(path: string): Field | undefined
}

/** A path through nested objects, as records with their references filled in offer it. */
export const readPath = (record: Readonly<Record<string, unknown>>, path: string): unknown =>
  path in record
    ? record[path]
    : path
        .split('.')
        .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined), record)

/** Runs a filter over one record. Null is never less, greater or containing; `ne` and `notIn` count null as different, as in SQL's IS DISTINCT FROM. */
export function matches(filter: Filter, record: Readonly<Record<string, unknown>>, world: FilterWorld): boolean {
  if ('and' in filter) return filter.and.every((f) => matches(f, record, world))
  if ('or' in filter) return filter.or.some((f) => matches(f, record, world))
  if ('not' in filter) return !matches(filter.not, record, world)
  if ('some' in filter) {
    const list = world.read(record, filter.some)
    const columns = (world.fieldAt?.(filter.some)?.options as { fields?: Fields } | undefined)?.fields
    const inner = { ...world, fieldAt: (path: string) => columns?.[path] }
    return Array.isArray(list) && list.some((row) => matches(filter.where, row as Record<string, unknown>, inner))
  }
  return holds(filter, world.read(record, filter.field) ?? null, world, world.fieldAt?.(filter.field))
}

function holds(condition: Condition, stored: unknown, world: FilterWorld, field: Field | undefined): boolean {
  const operand = resolveOperand(condition.value, world)
  const given = Array.isArray(operand) ? operand : operand === null ? [] : [operand]
  // What an envelope says of when has no field.
  const at = !field || field.kind === 'dateTime' ? parseInstant(stored) : null
  const [value, list] = at ? [at.toISOString(), given.map(besideInstant)] : [stored, given]
  const own = field && value !== null ? kindOf(field).holds?.(value, condition.op, list) : undefined
  if (own !== undefined) return own
  const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  switch (condition.op) {
    case 'empty':
      return empty
    case 'notEmpty':
      return !empty
    case 'eq':
    case 'in':
      return value !== null && list.some((v) => same(value, v))
    case 'ne':
    case 'notIn':
      return value === null || !list.some((v) => same(value, v))
    case 'lt':
      return value !== null && list.length > 0 && compare(value, list[0]!) < 0
    case 'lte':
      return value !== null && list.length > 0 && compare(value, list[0]!) <= 0
    case 'gt':
      return value !== null && list.length > 0 && compare(value, list[0]!) > 0
    case 'gte':
      return value !== null && list.length > 0 && compare(value, list[0]!) >= 0
    case 'between':
      return value !== null && list.length === 2 && compare(value, list[0]!) >= 0 && compare(value, list[1]!) <= 0
    case 'contains':
      return typeof value === 'string' && list.length > 0 && value.toLowerCase().includes(String(list[0]).toLowerCase())
    case 'startsWith':
      return typeof value === 'string' && list.length > 0 && value.toLowerCase().startsWith(String(list[0]).toLowerCase())
    case 'under':
      return (
        typeof value === 'string' &&
        list.some((v) => world.isUnder(value, String(v), (field?.options as { target?: string } | undefined)?.target))
      )
    case 'has':
      return Array.isArray(value) && list.length > 0 && list.every((v) => value.includes(v))
    case 'hasAny':
      return Array.isArray(value) && list.some((v) => value.includes(v))
  }
}

/** A day means its beginning in the hospital's zone, and every instant is told alike, as SQL compares them. */
const besideInstant = (operand: Scalar): Scalar =>
  (isDay(operand) ? new Date(`${operand}T00:00:00+08:00`) : parseInstant(operand))?.toISOString() ?? operand

const same = (a: unknown, b: Scalar): boolean => a === b || (typeof a !== typeof b && String(a) === String(b))

const decimalPattern = /^-?\d+(\.\d+)?$/
function compare(a: unknown, b: Scalar): number {
  if (typeof a === 'number' || typeof b === 'number' || (decimalPattern.test(String(a)) && decimalPattern.test(String(b))))
    return Number(a) - Number(b)
  const [x, y] = [String(a), String(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Replaces relative days and the asker by values; null when nothing is left to compare with. */
export function resolveOperand(operand: Operand | undefined, world: Pick<FilterWorld, 'today' | 'asker'>): Scalar | Scalar[] | null {
  if (operand === undefined) return null
  if (Array.isArray(operand))
    return (operand as (Scalar | RelativeDay)[]).map((v) => (typeof v === 'object' ? addDays(world.today, v.today) : v))
  if (typeof operand !== 'object') return operand
  if ('today' in operand) return addDays(world.today, operand.today)
  return askers(operand as AskersOperand, world)
}

function askers({ my }: AskersOperand, { asker }: Pick<FilterWorld, 'asker'>): Scalar | Scalar[] | null {
  if (!asker) return my === 'person' ? null : []
  if (my === 'person') return asker.person
  return [...(my === 'campus' ? asker.campus : my === 'zone' ? asker.zone : asker.units)]
}
