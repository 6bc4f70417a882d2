import type { Field, Fields } from '../fields/field.ts'
import { among, type Condition, type Filter, type Operand, type Operator, type Scalar } from './filter.ts'

/** The value of another field of the record that is being written. */
export interface OwnField {
  readonly own: string
}
type ChoiceCondition = Omit<Condition, 'value'> & { readonly value?: Operand | OwnField }
/** Which records fit a reference: a filter over its target, whose operands may name other fields of the record that refers (in a sub-table: of the row, else of the record). */
export type ChoiceFilter =
  ChoiceCondition | { readonly and: readonly ChoiceFilter[] } | { readonly or: readonly ChoiceFilter[] } | { readonly not: ChoiceFilter }

/** Compares a field of the target with another field of the referring record: `whereOwn('unit', 'eq', 'department')`. */
export const whereOwn = (field: string, op: Operator, own: string): ChoiceCondition => ({ field, op, value: { own } })

/** Fields of a target that its choices may be asked about: those that a choice shows, and plain facts. */
export const mayChooseBy = (r: { title: string; fields: Fields; list?: { columns?: readonly string[] } | undefined }, path: string): boolean =>
  path === 'id' || path === r.title || r.list?.columns?.includes(path) === true || ['choice', 'unit', 'boolean'].includes(r.fields[path]?.kind ?? '') // prettier-ignore

/** What a reference field says of its choices; null: every record fits. */
export function choiceFilterOf(field: Field): ChoiceFilter | null {
  const { among: declared, unitKinds } = field.options as { among?: ChoiceFilter; unitKinds?: readonly string[] }
  const kinds = unitKinds ? among('kind', unitKinds) : null
  return declared && kinds ? { and: [declared, kinds] } : (declared ?? kinds)
}
/** The fields of the referring record that its choices depend on. */
export function ownFieldsOf(filter: ChoiceFilter): string[] {
  if ('and' in filter) return filter.and.flatMap(ownFieldsOf)
  if ('or' in filter) return filter.or.flatMap(ownFieldsOf)
  if ('not' in filter) return ownFieldsOf(filter.not)
  return isOwn(filter.value) ? [filter.value.own] : []
}
const isOwn = (value: Operand | OwnField | undefined): value is OwnField => typeof value === 'object' && 'own' in value

/** A field of the record; undefined where it is to stay a name, for somebody else to fill in. */
export type ReadOwn = (key: string) => unknown
/** Puts the record's values in place of the names of its fields. A field that is empty asks for nothing: what was compared with it falls away. Null: every record fits. */
export function bindChoices(filter: ChoiceFilter, read: ReadOwn): ChoiceFilter | null {
  if ('and' in filter) {
    const parts = filter.and.flatMap((part) => bindChoices(part, read) ?? [])
    return parts.length > 1 ? { and: parts } : (parts[0] ?? null)
  }
  if ('or' in filter) {
    const parts = filter.or.map((part) => bindChoices(part, read))
    return parts.every((part) => part !== null) ? { or: parts } : null
  }
  if ('not' in filter) {
    const inner = bindChoices(filter.not, read)
    return inner && { not: inner }
  }
  if (!isOwn(filter.value)) return filter
  const value = read(filter.value.own)
  if (value === undefined) return filter
  if (Array.isArray(value)) return value.length ? { ...filter, op: manyOf[filter.op] ?? filter.op, value: value as Scalar[] } : null
  return value === null || value === '' ? null : { ...filter, value: value as Scalar }
}
const manyOf: Partial<Record<Operator, Operator>> = { eq: 'in', ne: 'notIn' }

/** The field as its input is to offer it: its choices bound to this record. The same field where nothing depends on others. */
export function withChoices(field: Field, read: ReadOwn): Field {
  const declared = 'target' in field.options ? choiceFilterOf(field) : null
  if (declared && ownFieldsOf(declared).length)
    return { ...field, options: { ...field.options, among: bindChoices(declared, read) ?? undefined } }
  if (field.kind !== 'rows') return field
  const { fields } = field.options as { fields: Fields }
  const bound = Object.entries(fields).map(([key, column]) => [key, withChoices(column, (own) => (own in fields ? undefined : read(own)))] as const) // prettier-ignore
  return bound.every(([key, column]) => fields[key] === column)
    ? field
    : { ...field, options: { ...field.options, fields: Object.fromEntries(bound) } }
}
/** The choices of a bound field as a filter; what nobody has bound falls away. */
export function amongOf(field: Field): Filter | null {
  const filter = choiceFilterOf(field)
  return filter && (bindChoices(filter, () => null) as Filter | null)
}

/** Every condition of a choice filter. */
export function conditionsIn(filter: ChoiceFilter): ChoiceCondition[] {
  if ('and' in filter) return filter.and.flatMap(conditionsIn)
  if ('or' in filter) return filter.or.flatMap(conditionsIn)
  return 'not' in filter ? conditionsIn(filter.not) : [filter]
}
