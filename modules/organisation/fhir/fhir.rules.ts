import type { Location, Organization, Practitioner, PractitionerRole, Reference } from 'fhir/r4'
import { unitKinds, type ApiRecord } from '#model'

/** How FHIR R4 names what the house holds. `base` is the address below which its own code systems and identifiers stand. */
export interface Naming {
  base: string
  /** Of a unit or person, for the display of a reference. */
  nameOf: (id: string) => string
  /** How a unit is told outside: as an organisation, or as a place. */
  kindOf: (unit: string) => FhirUnit | null
  /** As the hospital calls it. */
  postOf: (post: string) => string
  today: string
}
export type FhirUnit = 'Organization' | 'Location'
/** Campuses and wards are places; all other units are organisations. */
export const fhirUnitOf = (kind: string): FhirUnit => (kind === 'campus' || kind === 'ward' ? 'Location' : 'Organization')

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const meta = (record: ApiRecord) => ({ versionId: String(record.version), lastUpdated: record.updatedAt })
const isNow = (record: ApiRecord, today: string): boolean =>
  (text(record['from']) ?? today) <= today && (text(record['to']) ?? today) >= today && record.deletedAt === null
const reference = (type: string, id: string, names: Naming): Reference => ({ reference: `${type}/${id}`, display: names.nameOf(id) })
const codeOf = (names: Naming, system: string, code: string, label: string) => ({
  coding: [{ system: `${names.base}/CodeSystem/${system}`, code, display: label }],
  text: label,
})
/** `{ key: value }` where there is a value: FHIR knows no empty elements. */
const where = <K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> =>
  value === undefined ? {} : ({ [key]: value } as Partial<Record<K, T>>)

export function organizationOf(unit: ApiRecord, names: Naming): Organization {
  const kind = String(unit['kind'])
  const parent = text(unit['parent'])
  return {
    resourceType: 'Organization',
    id: unit.id,
    meta: meta(unit),
    identifier: unitIdentifiers(unit, names),
    active: isNow(unit, names.today),
    type: [codeOf(names, 'unit-kind', kind, unitKinds[kind as keyof typeof unitKinds] ?? kind)],
    name: String(unit['name']),
    // What stands below a campus belongs to the organisation that the campus belongs to; the place is told by the roles.
    ...where('partOf', parent && names.kindOf(parent) === 'Organization' ? reference('Organization', parent, names) : undefined),
  }
}
export function locationOf(unit: ApiRecord, names: Naming): Location {
  const kind = String(unit['kind'])
  const parent = text(unit['parent'])
  const above = parent ? names.kindOf(parent) : null
  const up = parent && above ? reference(above, parent, names) : undefined
  return {
    resourceType: 'Location',
    id: unit.id,
    meta: meta(unit),
    identifier: unitIdentifiers(unit, names),
    status: isNow(unit, names.today) ? 'active' : 'inactive',
    name: String(unit['name']),
    mode: 'instance',
    type: [codeOf(names, 'unit-kind', kind, unitKinds[kind as keyof typeof unitKinds] ?? kind)],
    ...(above === 'Location' ? where('partOf', up) : where('managingOrganization', up)),
  }
}
function unitIdentifiers(unit: ApiRecord, { base }: Naming) {
  const licence = text(unit['licence'])
  return [
    { use: 'official' as const, system: `${base}/identifier/unit-code`, value: String(unit['code']) },
    ...(licence ? [{ system: `${base}/identifier/institution-licence`, value: licence }] : []),
  ]
}

const genders = { male: 'male', female: 'female', unknown: 'unknown' } as const
/** `identifiers`: his numbers in other systems that hold now. What the caller sees masked is left out, never told as if it were the value. */
export function practitionerOf(person: ApiRecord, identifiers: readonly ApiRecord[], names: Naming): Practitioner {
  const number = text(person['staffNumber'])
  const gender = genders[person['sex'] as keyof typeof genders] as Practitioner['gender'] | undefined
  const own = number ? [{ use: 'official' as const, system: `${names.base}/identifier/staff-number`, value: number }] : []
  const others = identifiers.map((one) => ({
    use: 'secondary' as const,
    system: `${names.base}/identifier/${encodeURIComponent(String(one['system']))}`,
    value: String(one['value']),
    ...where('period', periodOf(one)),
  }))
  const all = [...own, ...others]
  return {
    resourceType: 'Practitioner',
    id: person.id,
    meta: meta(person),
    ...where('identifier', all.length ? all : undefined),
    active: person['status'] !== 'left' && person.deletedAt === null,
    name: [{ use: 'official', text: String(person['name']) }],
    ...where('gender', gender),
  }
}
const periodOf = (record: ApiRecord) => {
  const [start, end] = [text(record['from']), text(record['to'])]
  return start || end ? { ...where('start', start), ...where('end', end) } : undefined
}
/** A post in a unit; in a ward or campus it tells the place. */
export function practitionerRoleOf(membership: ApiRecord, names: Naming): PractitionerRole {
  const post = String(membership['post'])
  const unit = String(membership['unit'])
  const kind = names.kindOf(unit)
  return {
    resourceType: 'PractitionerRole',
    id: membership.id,
    meta: meta(membership),
    active: isNow(membership, names.today),
    ...where('period', periodOf(membership)),
    practitioner: reference('Practitioner', String(membership['person']), names),
    ...(kind === 'Organization' ? { organization: reference('Organization', unit, names) } : {}),
    ...(kind === 'Location' ? { location: [reference('Location', unit, names)] } : {}),
    code: [codeOf(names, 'post', post, names.postOf(post))],
  }
}
