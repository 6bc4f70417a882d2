import type { Field } from '#model'
import { createHash } from 'node:crypto'

/** Identifiers of the database come from permanent ids, so a rename in a declaration is not a drop. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`
/** `staff.practisingCertificate` → `"staff"."practising_certificate"`. */
export const tableOf = (resource: string): string => resource.split('.').map((part) => quote(snake(part))).join('.') // prettier-ignore
export const childTableOf = (resource: string, rowsKey: string): string => {
  const [schema, name] = resource.split('.') as [string, string]
  return `${quote(snake(schema))}.${quote(`${snake(name)}__${snake(rowsKey)}`)}`
}
/** A field's permanent id: its first key. */
export const idOf = (key: string, field: Pick<Field, 'was'>): string => field.was ?? key
export const columnOf = (key: string, field: Pick<Field, 'was'>): string => snake(idOf(key, field))
/** Chinese is sorted by pinyin. */
export const pinyinCollation = '"zh-x-icu"'
/** The blind index beside an encrypted column. */
export const blindOf = (column: string): string => `${column}__bi`
/** The tags beside an encrypted column that is found by a part of its value. */
export const tagsOf = (column: string): string => `${column}__ng`

/** PostgreSQL cuts names at 63 bytes; a long one keeps a hash so that two never meet. */
export function shortName(...parts: string[]): string {
  const name = parts.join('_')
  return name.length <= 60 ? name : `${name.slice(0, 50)}_${createHash('sha256').update(name).digest('hex').slice(0, 9)}`
}
