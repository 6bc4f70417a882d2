import type { Actor } from '../../context.ts'
import type { DirectorySnapshot, PersonFact } from '../../directory/snapshot.ts'

export interface Holder {
  person: PersonFact
  /** Assigned ones; those that everybody holds are not among them. */
  roles: readonly string[]
}
const known = new WeakMap<DirectorySnapshot, { day: string; holders: readonly Holder[] }>()
/** All active people with their roles, by staff number; worked out once for a state of the directory and a day. */
export function holdersOf(directory: DirectorySnapshot, day: string): readonly Holder[] {
  const found = known.get(directory)
  if (found?.day === day) return found.holders
  const holders = [...directory.people.values()]
    .filter(({ id }) => directory.isActive(id))
    .sort(byNumber)
    .map((person) => ({ person, roles: directory.rolesOf(person.id, day) }))
  known.set(directory, { day, holders })
  return holders
}
const compare = new Intl.Collator('zh-CN', { numeric: true }).compare
const byNumber = (a: PersonFact, b: PersonFact): number =>
  compare(a.staffNumber ?? '￿', b.staffNumber ?? '￿') || compare(a.name, b.name) || (a.id < b.id ? -1 : 1)

/** Somebody as he would ask himself: the same question goes to the same `Access`. */
export const asActor = (directory: DirectorySnapshot, person: string, day: string): Actor & { kind: 'person' } => ({
  kind: 'person',
  person,
  account: '',
  name: directory.nameOf(person),
  roles: directory.rolesOf(person, day),
})
