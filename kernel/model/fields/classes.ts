import { pathsOf, type Filter, type Operator } from '../filter/filter.ts'
import type { Field, Fields } from './field.ts'
import { kindOf } from './kinds.ts'

/**
 * How carefully a field's values are treated, from what anybody may read to what is opened one by one. `sensitive` and above are protected: encrypted at rest,
 * masked unless a role's rights say otherwise, never sorted, grouped, shared or copied into other records. `highlySensitive` is masked for everybody but whom
 * the record is about: who may see it opens one value at a time, for a reason that is kept.
 */
export const fieldClasses = { public: '公开', internal: '内部', sensitive: '敏感', highlySensitive: '高敏感' } as const
export type FieldClass = keyof typeof fieldClasses

/** The field's class: its own, else its kind's, else internal. */
export const classOf = (field: Field): FieldClass => field.class ?? kindOf(field).class ?? 'internal'
/** Encrypted at rest and masked. */
export const isProtected = (field: Field): boolean => classOf(field) === 'sensitive' || classOf(field) === 'highlySensitive'
/** Do its values lie in the clear, also where they are names of other records? */
export function isInClear(types: Types, field: Field): boolean {
  const target = types.resources.get(String((field.options as { target?: string }).target))
  const title = target?.fields[target.title]
  return !isProtected(field) && !(title && isProtected(title))
}
export interface Types {
  readonly resources: { get(name: string): { readonly title: string; readonly fields: Fields } | undefined }
}

/** The columns of sub-tables, each by its sub-table's key and its own: `contacts.mobile`. Rights treat them like fields. */
export const columnKeys = (fields: Fields): string[] =>
  Object.entries(fields).flatMap(([key, field]) =>
    field.kind === 'rows' ? Object.keys(columnsOf(field)).map((column) => `${key}.${column}`) : [],
  )
const columnsOf = (field: Field): Fields => (field as Field<'rows'>).options.fields
/** The field of this key, or the column of a sub-table. */
export function fieldOrColumn(fields: Fields, key: string): Field | undefined {
  const [own = '', column] = key.split('.')
  const field = Object.hasOwn(fields, own) ? fields[own] : undefined
  if (column === undefined) return field
  return field?.kind === 'rows' && Object.hasOwn(columnsOf(field), column) ? columnsOf(field)[column] : undefined
}
/** Every field and every column of a sub-table that is encrypted and masked. */
export const protectedKeys = (fields: Fields): string[] =>
  [...Object.keys(fields), ...columnKeys(fields)].filter((key) => isProtected(fieldOrColumn(fields, key)!))

/** As a mask is written that stands for a value: it says nothing of what was there. */
export const readsLikeMask = (value: unknown): boolean => typeof value === 'string' && /^[^*]{0,3}\*+[^*]{0,4}$/u.test(value)

/** Encrypted, and found by a part of its value all the same, by whoever sees it in plain. */
export const isFoundByPart = (field: Field): boolean => field.search === true && isProtected(field)
/** So many letters of it at least: one alone would find half of a register. */
export const fewestLetters = 2
/** How a protected field may be asked about: by its whole value, or by a part where it is found by one and the asker sees it in plain. */
const wholeAsked: readonly Operator[] = ['eq', 'in', 'empty', 'notEmpty']
const partAsked: readonly Operator[] = ['contains', 'startsWith', ...wholeAsked]
export const protectedOperators = (field: Field, isMasked: boolean): readonly Operator[] =>
  isFoundByPart(field) && !isMasked ? partAsked : wholeAsked
/**
 * Whose key seals a protected value, and so with whom it is erased: with the person to whom the row belongs, or with the record alone. What may speak of
 * several people (free text) and rows that belong to nobody go by the record.
 */
export const subjects = ['person', 'record'] as const
export type Subject = (typeof subjects)[number]
/** `isOnes`: the record type's rows belong each to one person. */
export const subjectOf = (field: Field, isOnes: boolean): Subject =>
  field.subject ?? (isOnes && !kindOf(field).isLong ? 'person' : 'record')

/** What a reader is told in place of a value that does not open: its key was destroyed, or cipher text and place do not belong together. */
export const unreadableWords = { erased: '已删除', damaged: '无法解密' } as const
export type Unreadability = keyof typeof unreadableWords

/** Does a filter over a type with these fields ask about a protected one? `follow` goes through references. Such conditions stay out of addresses and of what is kept in the clear. */
export function asksProtected(filter: Filter | null, fields: Fields, follow: (path: string) => Field | undefined): boolean {
  const fieldAt = (path: string): Field | undefined => {
    const [key = '', inner] = path.split('.')
    const rows = fields[key]?.kind === 'rows' ? (fields[key].options as { fields: Fields }).fields : null
    return rows ? rows[inner ?? ''] : follow(path)
  }
  return (
    filter !== null &&
    pathsOf(filter)
      .map(fieldAt)
      .some((field) => field !== undefined && isProtected(field))
  )
}
