import { isFoundByPart, mayChooseBy } from '#model'
import type { Actor } from '../context.ts'
import { searchKeys } from '../store/schema.ts'
import type { Access } from './access.ts'

/**
 * The fields by which this reader may find records of a type, out of those that its table is searched by; null when they are all open to him. What a role
 * hides from him or shows him masked is not searched either; a field that another type adds to the table is, where he may see it there. Whoever may only
 * name the records finds them by what their names show.
 */
export function openSearch(access: Access, actor: Actor, name: string): readonly string[] | null {
  const { defs } = access
  const r = defs.resource(name)
  const keys = searchKeys(defs.tables.get(r.table) ?? {})
  const own = access.can(actor, 'read', name)
  const isOpenIn = (view: string, key: string): boolean => {
    const permission = access.can(actor, 'read', view)
    return permission !== null && !permission.hidden.has(key) && !permission.masked.has(key)
  }
  const isOpen = (key: string): boolean => {
    if (Object.hasOwn(r.fields, key)) return own ? isOpenIn(name, key) : mayChooseBy(r, key)
    return [...defs.resources.values()].some(
      (other) => other.table === r.table && Object.hasOwn(other.fields, key) && isOpenIn(other.name, key),
    )
  }
  const open = keys.filter(isOpen)
  return open.length === keys.length ? null : open
}

/**
 * The protected fields of a type that this reader may find by a part of their value: those that he sees in plain in every record that he reads. Whoever opens
 * them one by one, for a reason, sees one value at a time; a search by parts would tell him of many without one.
 */
export function openParts(access: Access, actor: Actor, name: string): readonly string[] {
  const permission = access.can(actor, 'read', name)
  const { fields } = access.defs.resource(name)
  return Object.keys(fields).filter((key) => isFoundByPart(fields[key]!) && permission !== null && !permission.hidden.has(key) && !permission.masked.has(key))
} // prettier-ignore
