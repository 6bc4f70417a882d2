import { pathsOf, type Filter } from '../filter/filter.ts'
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

/**
 * Whose key seals a protected value, and so with whom it is erased: with the person to whom the row belongs, or with the record alone. What may speak of
 * several people (free text) and rows that belong to nobody go by the record.
 */
export type Subject = 'person' | 'record'
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
