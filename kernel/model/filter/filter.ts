/** The one filter language: whatever selects or decides by fields. A small typed tree, never a string; it compiles to SQL in `store/` and runs in memory in `evaluate.ts` with the same meaning. */
export const operators = {
  eq: '是', ne: '不是', in: '是', notIn: '不是', lt: '小于', lte: '不大于', gt: '大于', gte: '不小于', between: '介于',
  contains: '包含', startsWith: '开头是', empty: '为空', notEmpty: '不为空', under: '属于（含下级）', has: '含有', hasAny: '含有其一',
} as const // prettier-ignore
export type Operator = keyof typeof operators

export type Scalar = string | number | boolean
export interface RelativeDay {
  /** Days from today in the hospital's zone; negative is the past. */
  today: number
}
/** Who asks: resolved when the filter is bound to an actor. */
export interface AskersOperand {
  my: 'person' | 'units' | 'unitsWithBelow' | 'campus' | 'zone'
}
export type Operand = Scalar | RelativeDay | AskersOperand | readonly (Scalar | RelativeDay)[]
export interface Condition {
  readonly field: string
  readonly op: Operator
  readonly value?: Operand
}
export interface And {
  readonly and: readonly Filter[]
}
export interface Or {
  readonly or: readonly Filter[]
}
export interface Not {
  readonly not: Filter
}
/** Some row of a sub-table matches. */
export interface Some {
  readonly some: string
  readonly where: Filter
}
export type Filter = Condition | And | Or | Not | Some

export const all = (...and: Filter[]): And => ({ and })
export const any = (...or: Filter[]): Or => ({ or })
export const not = (filter: Filter): Not => ({ not: filter })
export const some = (rows: string, where: Filter): Some => ({ some: rows, where })
export const is = (field: string, value: Operand): Condition => ({ field, op: 'eq', value })
export const among = (field: string, value: readonly Scalar[]): Condition => ({ field, op: 'in', value })
export const where = (field: string, op: Operator, value?: Operand): Condition =>
  value === undefined ? { field, op } : { field, op, value }
/** The filter that everything passes. */
export const everything: And = { and: [] }
/** The filter that nothing passes. */
export const nothing: Or = { or: [] }

export const isCondition = (f: Filter): f is Condition => 'field' in f

/** Joins filters that must all hold, leaving out the missing ones. */
export function both(...filters: (Filter | null | undefined)[]): Filter {
  const present = filters.filter((f): f is Filter => f != null && !('and' in f && f.and.length === 0))
  return present.length === 1 ? present[0]! : { and: present }
}

/** Every field path a filter reads, with the path of its sub-table in front. */
export const pathsOf = (filter: Filter): string[] => asksOf(filter).map(({ path }) => path)
/** The same with how each is asked about; null for a sub-table of which some row is asked about. */
export function asksOf(filter: Filter, prefix = ''): { path: string; op: Operator | null }[] {
  if ('and' in filter) return filter.and.flatMap((f) => asksOf(f, prefix))
  if ('or' in filter) return filter.or.flatMap((f) => asksOf(f, prefix))
  if ('not' in filter) return asksOf(filter.not, prefix)
  if ('some' in filter) return [{ path: prefix + filter.some, op: null }, ...asksOf(filter.where, `${prefix}${filter.some}.`)]
  return [{ path: prefix + filter.field, op: filter.op }]
}

/** How deeply groups may stand in one another. */
export const mostFilterDepth = 12
/** How deeply the groups of a filter stand in one another; a condition alone is none deep. */
export function filterDepth(filter: Filter): number {
  if (isCondition(filter)) return 0
  if ('not' in filter) return 1 + filterDepth(filter.not)
  if ('some' in filter) return 1 + filterDepth(filter.where)
  return 1 + Math.max(0, ...('and' in filter ? filter.and : filter.or).map(filterDepth))
}
/** What keeps something from outside from being read as a filter, in words; null when nothing does. */
export function filterProblem(input: unknown): string | null {
  if (readFilter(input)) return null
  return isDeeper(input, mostFilterDepth) ? `筛选条件嵌套太深：最多 ${mostFilterDepth} 层` : '筛选条件无法识别'
}
function isDeeper(input: unknown, most: number): boolean {
  if (typeof input !== 'object' || input === null) return false
  const { and, or, not, where } = input as Record<string, unknown>
  const inner = [and, or].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : [])).concat([not, where].filter(Boolean))
  return inner.length > 0 && (most === 0 || inner.some((part) => isDeeper(part, most - 1)))
}

/** Reads a filter from outside (address, saved view); throws nothing, answers null for what is not a filter. */
export function readFilter(input: unknown, depth = 0): Filter | null {
  if (depth > mostFilterDepth || typeof input !== 'object' || input === null) return null
  const node = input as Record<string, unknown>
  const list = (value: unknown): Filter[] | null => {
    if (!Array.isArray(value) || value.length > 200) return null
    const parts = value.map((part) => readFilter(part, depth + 1))
    return parts.every((part) => part !== null) ? parts : null
  }
  if ('and' in node) return wrap(list(node['and']), (and) => ({ and }))
  if ('or' in node) return wrap(list(node['or']), (or) => ({ or }))
  if ('not' in node) return wrap(readFilter(node['not'], depth + 1), (inner) => ({ not: inner }))
  if (typeof node['some'] === 'string') {
    const rows = node['some']
    return wrap(readFilter(node['where'], depth + 1), (inner) => ({ some: rows, where: inner }))
  }
  if (typeof node['field'] !== 'string' || typeof node['op'] !== 'string' || !Object.hasOwn(operators, node['op'])) return null
  const condition = { field: node['field'], op: node['op'] as Operator }
  return node['value'] === undefined ? condition : isOperand(node['value']) ? { ...condition, value: node['value'] } : null
}
const wrap = <A, B>(value: A | null, build: (value: A) => B): B | null => (value === null ? null : build(value))

const askers: ReadonlySet<unknown> = new Set<AskersOperand['my']>(['person', 'units', 'unitsWithBelow', 'campus', 'zone'])
const isScalar = (value: unknown): value is Scalar => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
const isRelative = (value: unknown): value is RelativeDay =>
  typeof value === 'object' && value !== null && Number.isInteger((value as RelativeDay).today)
function isOperand(value: unknown): value is Operand {
  if (Array.isArray(value)) return value.length <= 5000 && value.every((v) => isScalar(v) || isRelative(v))
  return isScalar(value) || isRelative(value) || (typeof value === 'object' && value !== null && askers.has((value as { my?: unknown }).my))
}
