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

/** Encrypted, and found by a part of its value all the same, by whoever sees it in plain. */
export const isFoundByPart = (field: Field): boolean => field.search === true && isProtected(field)
/** So many letters of it at least: one alone would find half of a register. */
export const fewestLetters = 2
/** How a protected field may be asked about: by its whole value, or by a part where it is found by one and the asker sees it in plain. */
const wholeAsked: readonly Operator[] = ['eq', 'in', 'empty', 'notEmpty']
const partAsked: readonly Operator[] = ['contains', 'startsWith', ...wholeAsked]
export const protectedOperators = (field: Field, isMasked: boolean): readonly Operator[] =>
  isFoundByPart(field) && !isMasked ? partAsked : wholeAsked

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
