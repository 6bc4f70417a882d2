// A second, slow reading of the declared rights: plain loops over what the modules write under `roles`, nothing of the program that enforces them. Where the
// two disagree, one of them is wrong.
import { classOf, type Action, type Definitions, type Field, type Filter, type Grant } from '#model'

/** A unit as the test made it. */
export interface Place {
  id: string
  parent: string | null
  kind: string
  zone: string | null
}
/** Whoever asks: `roles` as they were given to him, `units` those that he belongs to. */
export interface Reader {
  person: string
  roles: readonly string[]
  units: readonly string[]
}
/** A record as it was made, every field in plain. */
export type Stored = Readonly<Record<string, unknown>> & { readonly id: string }
export type Seen = 'plain' | 'masked' | 'absent'

/** What everybody holds and what he was given; an officer nothing but his own office, and whoever was made two officers neither. */
export function rolesHeld(defs: Definitions, given: readonly string[]): string[] {
  const everyone: string[] = []
  const officers: string[] = []
  for (const role of defs.roles.values()) {
    if (role.everyone) everyone.push(role.name)
    if (role.officer && given.includes(role.name)) officers.push(role.name)
  }
  if (officers.length > 1) return everyone
  if (officers.length === 1) return [...everyone, ...officers]
  return [...everyone, ...given]
}

/** The sentences that give these roles an action on something. */
export function sentences(defs: Definitions, given: readonly string[], action: Action | 'use', on: string): Grant[] {
  const found: Grant[] = []
  const held = rolesHeld(defs, given)
  for (const module of defs.modules)
    for (const role of held)
      for (const grant of module.roles?.[role] ?? []) if (grant.on === on && grant.actions.includes(action)) found.push(grant)
  return found
}
export const mayUse = (defs: Definitions, given: readonly string[], right: string): boolean =>
  sentences(defs, given, 'use', right).length > 0
export const mayType = (defs: Definitions, given: readonly string[], action: Action, type: string): boolean =>
  sentences(defs, given, action, type).length > 0

/** The policy of one hospital: its declarations and its units. */
export class Policy {
  readonly defs: Definitions
  private readonly places: readonly Place[]
  /** Where a person stands. */
  private readonly unitOf: (person: string) => unknown
  constructor(defs: Definitions, places: readonly Place[], unitOf: (person: string) => unknown) {
    this.defs = defs
    this.places = places
    this.unitOf = unitOf
  }

  /** May he do this with this record? */
  may(reader: Reader, action: Action, type: string, row: Stored): boolean {
    for (const grant of sentences(this.defs, reader.roles, action, type)) if (this.reaches(reader, type, grant, row)) return true
    return false
  }
  private reaches(reader: Reader, type: string, { scope }: Grant, row: Stored): boolean {
    const { owner } = this.defs.resource(type)
    if (scope === 'hospital') return true
    if (scope === 'own') return owner.person !== undefined && row[owner.person] === reader.person
    if (typeof scope !== 'string') return holds(scope, row, reader)
    const unit = owner.department ? row[owner.department] : owner.person ? this.unitOf(String(row[owner.person])) : null
    if (typeof unit !== 'string') return false
    const above = this.upFrom(unit)
    if (scope === 'myUnits') return reader.units.some((mine) => above.some(({ id }) => id === mine))
    if (scope === 'myCampus') return reader.units.some((mine) => above.some(({ id }) => id === this.campusOf(mine)))
    return reader.units.some((mine) => this.upFrom(mine).some(({ zone }) => zone !== null && above.some((place) => place.zone === zone)))
  }
  private upFrom(unit: string): Place[] {
    const path: Place[] = []
    for (let at = this.places.find(({ id }) => id === unit); at; at = this.places.find(({ id }) => id === at?.parent)) path.push(at)
    return path
  }
  private campusOf(unit: string): string | undefined {
    return this.upFrom(unit).find(({ kind }) => kind === 'campus')?.id
  }

  /**
   * How he sees a field of a record, or (null) how he may ask about it over all records at once. Of his own record he sees masked values whole, and what the
   * sentences about his own and about the whole hospital open; of others' the most closed that any sentence says, unless one that reaches as far opens it more.
   */
  seen(reader: Reader, type: string, key: string, row: Stored | null): Seen {
    const grants = sentences(this.defs, reader.roles, 'read', type)
    const field = this.fieldAt(type, key)
    const opens = (grant: Grant): number => opening(grant, key, field)
    const own = grants.some(({ scope }) => scope === 'own') ? inOwn(grants, opens) : null
    const others = grants.some(({ scope }) => scope !== 'own') ? inOthers(grants, opens) : null
    if (row === null) {
      if (own === shut || others === shut) return 'absent'
      return (others ?? own) === half ? 'masked' : 'plain'
    }
    const isOwn = this.isOwn(reader, type, row)
    const level = (isOwn ? (own ?? others) : others) ?? shut
    if (level === shut) return 'absent'
    return level === half && !isOwn ? 'masked' : 'plain'
  }
  /** Whether he may have the value that he sees masked opened for a reason: where every sentence that masks it, or one that reaches as far, says so. */
  mayOpen(reader: Reader, type: string, key: string, row: Stored): boolean {
    if (this.seen(reader, type, key, row) !== 'masked') return false
    const field = this.fieldAt(type, key)
    return inOthers(sentences(this.defs, reader.roles, 'read', type), (grant) => letsOpen(grant, key, field)) === open
  }
  /** Whether he may not write this field of a record that he may change: what he does not see he does not overwrite. */
  isLocked(reader: Reader, type: string, key: string, row: Stored): boolean {
    if (this.defs.resource(type).fields[key]!.readOnly || this.seen(reader, type, key, row) === 'absent') return true
    const grants = sentences(this.defs, reader.roles, 'update', type)
    const opens = ({ fields }: Grant): number => (fields?.readOnly?.includes(key) ? shut : open)
    const hasOwn = grants.some(({ scope }) => scope === 'own')
    return (this.isOwn(reader, type, row) && hasOwn ? inOwn(grants, opens) : inOthers(grants, opens)) === shut
  }
  /** `contacts.number` is a column of a sub-table. */
  private fieldAt(type: string, key: string): Field {
    const [own = '', column] = key.split('.')
    const field = this.defs.resource(type).fields[own]!
    return column === undefined ? field : (field as Field<'rows'>).options.fields[column]!
  }
  private isOwn(reader: Reader, type: string, row: Stored): boolean {
    const { owner } = this.defs.resource(type)
    return owner.person !== undefined && row[owner.person] === reader.person
  }
}

const [shut, half, open] = [0, 1, 2]
/** The most that a sentence about his own records, or about the whole hospital's, opens. */
function inOwn(grants: readonly Grant[], opens: (grant: Grant) => number): number {
  let level: number = shut
  for (const grant of grants) if (grant.scope === 'own' || grant.scope === 'hospital') level = Math.max(level, opens(grant))
  return level
}
function inOthers(grants: readonly Grant[], opens: (grant: Grant) => number): number {
  const far = grants.filter(({ scope }) => scope !== 'own')
  let level: number = open
  for (const grant of far) {
    let best: number = shut
    for (const other of far) if (other.scope === 'hospital' || JSON.stringify(other.scope) === JSON.stringify(grant.scope)) best = Math.max(best, opens(other))
    level = Math.min(level, best)
  }
  return level
} // prettier-ignore
function opening({ fields }: Grant, key: string, field: Field): number {
  // Who says something of a sub-table says it of its columns.
  const isSaid = (names: readonly string[] | undefined): boolean =>
    names !== undefined && (names.includes(key) || names.includes(key.split('.')[0]!))
  if (isSaid(fields?.hide)) return shut
  if (isSaid(fields?.mask)) return half
  const level = classOf(field)
  if (level === 'highlySensitive') return half
  const isShown = fields?.show === 'all' || isSaid(fields?.show)
  return level === 'sensitive' && !isShown ? half : open
}
function letsOpen(grant: Grant, key: string, field: Field): number {
  const level = opening(grant, key, field)
  if (level !== half) return level
  const isProtected = classOf(field) === 'sensitive' || classOf(field) === 'highlySensitive'
  const isNamed = [grant.fields?.open, grant.fields?.show].some(
    (names) => names === 'all' || names?.some((name) => name === key || name === key.split('.')[0]),
  )
  return isProtected && isNamed && field.kind !== 'password' ? open : shut
}
/** The only conditions that this reading knows in a scope: a field with one value or with any, and that the reader stands in a list. */
function holds(filter: Filter, row: Stored, reader: Reader): boolean {
  if ('field' in filter && filter.op === 'hasAny' && JSON.stringify(filter.value) === '{"my":"person"}')
    return ((row[filter.field] ?? []) as unknown[]).includes(reader.person)
  if ('field' in filter && filter.op === 'notEmpty') return row[filter.field] !== null
  if (!('field' in filter) || filter.op !== 'eq') throw new Error(`a scope that the slow reading cannot read: ${JSON.stringify(filter)}`)
  return row[filter.field] === filter.value
}
