import { memberKindsOf, postLabels, type Field } from '#model'
import type { Found } from './codes.ts'
import type { FoundPerson, PeopleIndex } from './people.ts'
import type { FoundUnit, UnitIndex } from './units.ts'

/** A member as a person writes it: a unit by name or code, a post (科主任, 各科主任), else somebody by number or name. */
export function findMember(
  field: Field<'members'>,
  text: string,
  indexes: { people: PeopleIndex; units: UnitIndex },
): { post: string } | { kind: 'person' | 'unit'; found: Found | FoundPerson | FoundUnit } {
  const kinds = memberKindsOf(field)
  const plain = text.replace(/^各/, '')
  const post = kinds.includes('post') ? Object.entries(postLabels).find(([, label]) => label === plain)?.[0] : undefined
  if (post) return { post }
  const unit = kinds.includes('unit') ? indexes.units.find(text) : null
  if (unit && (!('missing' in unit) || !kinds.includes('person'))) return { kind: 'unit', found: unit }
  return { kind: 'person', found: indexes.people.findAny(text) }
}
export const memberParts = (text: string): string[] => text.split(/[、,，;；\n]/).map((part) => part.trim()).filter(Boolean) // prettier-ignore
