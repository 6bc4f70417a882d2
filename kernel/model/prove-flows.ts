import type { FlowNames } from './api-flow-design.ts'
import type { Definitions, ResolvedResource } from './definitions.ts'
import type { Field, Fields } from './fields/field.ts'
import { kindOf } from './fields/kinds.ts'
import { isCondition, pathsOf, type Condition, type Filter } from './filter/filter.ts'
import { scalarsOf } from './filter/words.ts'
import { prove, type Known } from './flow/prove.ts'

/** Proves every approval against the record types it decides on, before anything is started with it; each problem names the flow, the step and the reason. */
export const proveFlows = (defs: Definitions, isRule: (name: string) => boolean): string[] =>
  [...defs.flows.values()].flatMap((flow) =>
    // A flow that is only bound by a hospital is proved when it is bound.
    prove(flow, { ...knownIn(defs, defs.guardedBy(flow.name)), isRole: (name) => defs.roles.has(name), isRule }).map(
      ({ path, message }) => `flow ${flow.name}: ${path}: ${message}`,
    ),
  )

/** What a flow may name of the record types that it decides on: what one of them has. Without any type nothing is asked but that a condition says something. */
export const knownIn = (defs: Definitions, types: readonly ResolvedResource[]): Known<Filter> =>
  knownOf(types, (r, path) => defs.path(r.name, path) !== null)
/** The same, wherever types come from. */
export function knownOf<R extends { readonly fields: Fields }>(
  types: readonly R[],
  hasPath: (type: R, path: string) => boolean,
): Known<Filter> {
  if (types.length === 0) return { checkCondition: unsaid }
  return {
    isField: (path) => types.some((r) => hasPath(r, path)),
    isColumn: (path) => types.some((r) => columnAt(r, path) !== undefined),
    isNeeded: (path) => types.some((r) => columnAt(r, path)?.required === true),
    isOrdered: (rows, key) => types.some((r) => columnsOf(r, rows)?.[key]?.kind === 'choice'),
    checkLines: (rows, filter) => fewest(types.map((r) => conditionProblems(columnsOf(r, rows) ?? {}, filter))),
    checkCondition: (filter) => [...unsaid(filter), ...fewest(types.map((r) => conditionProblems(r.fields, filter)))],
  }
}
/** A branching that nobody has set would send everybody one way. */
const unsaid = (filter: Filter): string[] => (pathsOf(filter).length === 0 ? ['还没有设置条件'] : [])
/** What a flow may name in a hospital. */
export function knownAmong(names: FlowNames): Known<Filter> {
  const among = (list: keyof FlowNames) => {
    const set = new Set(names[list].map(({ name }) => name))
    return (name: string): boolean => set.has(name)
  }
  return {
    isRole: among('roles'),
    isPost: among('posts'),
    isGroup: among('groups'),
    isOffice: among('offices'),
    isService: among('services'),
    isEffect: among('effects'),
  }
}
const columnsOf = (r: { readonly fields: Fields }, rows: string): Fields | undefined => {
  const field = Object.hasOwn(r.fields, rows) ? r.fields[rows] : undefined
  return field?.kind === 'rows' ? (field.options as { fields: Fields }).fields : undefined
}
function columnAt(r: { readonly fields: Fields }, path: string): Field | undefined {
  const [rows = '', column = '', ...more] = path.split('.')
  const columns = more.length === 0 ? columnsOf(r, rows) : undefined
  return columns && Object.hasOwn(columns, column) ? columns[column] : undefined
}
const fewest = (lists: readonly string[][]): string[] => lists.toSorted((one, other) => one.length - other.length)[0] ?? []

/** What is wrong with a condition that is judged in memory: it reads the record itself and its lines, by what the fields can be asked, with values that they can have. */
function conditionProblems(fields: Fields, filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap((one) => conditionProblems(fields, one))
  if ('or' in filter) return filter.or.flatMap((one) => conditionProblems(fields, one))
  if ('not' in filter) return conditionProblems(fields, filter.not)
  const key = isCondition(filter) ? filter.field : filter.some
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined
  if (!field) return [`没有这个字段：${key}`]
  if (isCondition(filter)) return operandProblems(field, filter)
  const columns = field.kind === 'rows' ? (field.options as { fields: Fields }).fields : undefined
  return columns ? conditionProblems(columns, filter.where) : [`“${field.label}”不是明细`]
}
const withoutValue: ReadonlySet<string> = new Set(['empty', 'notEmpty'])
function operandProblems(field: Field, { op, value }: Condition): string[] {
  const kind = kindOf(field)
  if (!kind.operators.includes(op)) return [`“${field.label}”不能这样比较`]
  if (withoutValue.has(op)) return []
  if (typeof value === 'object' && 'my' in value) return [`“${field.label}”不能与“我”比较：条件由系统判断，不知道是谁在看`]
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [`“${field.label}”没有填写比较的值`]
  if (op === 'contains' || op === 'startsWith') return []
  const isMany = kind.schema(field)['type'] === 'array'
  const wrong = scalarsOf(value).some((one) => 'problem' in kind.check(isMany ? [one] : one, field))
  return wrong ? [`“${field.label}”没有这样的值`] : []
}
