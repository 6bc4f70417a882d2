import { isCondition, kindOf, operators, type Condition, type Field, type Filter, type Operator } from '#model'

/** A filter as the sentence shows it: conditions and groups one level deep; what is deeper stays whole. */
export type Join = 'and' | 'or'
export interface GroupPart {
  join: Join
  conditions: Condition[]
}
export type Part = Condition | GroupPart | { whole: Filter }
export interface FilterTree {
  join: Join
  parts: Part[]
}
export const isGroup = (part: Part): part is GroupPart => 'conditions' in part
export const isWhole = (part: Part): part is { whole: Filter } => 'whole' in part

const listOf = (filter: Filter): { join: Join; list: readonly Filter[] } =>
  'and' in filter ? { join: 'and', list: filter.and } : 'or' in filter ? { join: 'or', list: filter.or } : { join: 'and', list: [filter] }

export function readTree(filter: Filter | null): FilterTree {
  if (!filter) return { join: 'and', parts: [] }
  const { join, list } = listOf(filter)
  return { join, parts: list.map(readPart) }
}
function readPart(filter: Filter): Part {
  if (isCondition(filter)) return filter
  if ('and' in filter || 'or' in filter) {
    const { join, list } = listOf(filter)
    if (list.every(isCondition)) return { join, conditions: [...list] }
  }
  return { whole: filter }
}

export function writeTree({ join, parts }: FilterTree): Filter | null {
  const list = parts.flatMap((part): Filter[] => {
    if (isWhole(part)) return [part.whole]
    if (!isGroup(part)) return [part]
    if (part.conditions.length === 0) return []
    return [part.join === 'and' ? { and: part.conditions } : { or: part.conditions }]
  })
  if (list.length === 0) return null
  return join === 'and' ? { and: list } : { or: list }
}

const needsNoValue = (op: Operator): boolean => op === 'empty' || op === 'notEmpty'
export const isComplete = ({ op, value }: Partial<Condition>): boolean => op !== undefined && (needsNoValue(op) || value !== undefined)
export const wantsList = (op: Operator): boolean => op === 'in' || op === 'notIn' || op === 'has' || op === 'hasAny' || op === 'between'

/** The operators offered for a field. */
export const operatorsOf = (field: Field): readonly Operator[] => kindOf(field).offered ?? kindOf(field).operators
export const wordOf = (field: Field, op: Operator): string => kindOf(field).words?.[op] ?? operators[op]
/** Changing the operator keeps the value where it still fits. */
export function withOperator(condition: Condition, op: Operator): Condition {
  const { field, value } = condition
  if (needsNoValue(op)) return { field, op }
  const fits =
    value !== undefined &&
    !(typeof value === 'object' && !Array.isArray(value)) &&
    wantsList(op) === Array.isArray(value) &&
    (op !== 'between') === (condition.op !== 'between')
  return fits ? { field, op, value } : { field, op }
}
