import type { ClientUnit } from '#model'
import type { Queryable } from '../database/database.ts'

export interface UnitFact extends ClientUnit {
  code: string
  /** Its own first. */
  zones: readonly string[]
  licence: string | null
  position: number
}
export interface PersonFact {
  id: string
  name: string
  staffNumber: string | null
  unit: string | null
  status: string
  /** Who goes on with his work when he has left. */
  successor: string | null
}
export interface MembershipFact {
  person: string
  unit: string
  post: string
  main: boolean
  /** To whom its holder reports; null: to whoever heads the unit. */
  reportsTo: string | null
  from: string | null
  to: string | null
}
export interface GroupFact {
  id: string
  name: string
  kind: string
  unit: string | null
  members: { person: string; chair: boolean }[]
}
/** A role as it is given; to all that is named here together. */
export interface AssignmentFact {
  id: string
  role: string
  person: string | null
  unit: string | null
  post: string | null
  from: string | null
  to: string | null
}
interface Facts {
  units: UnitFact[]
  people: PersonFact[]
  memberships: MembershipFact[]
  groups: GroupFact[]
  roleAssignments: AssignmentFact[]
  /** Names of the officers' roles. */
  officers: ReadonlySet<string>
}

/** So far up superiors are looked for. */
const mostLevels = [0, 1, 2, 3, 4, 5]
/** People and units in memory, as access and approvals ask for them: small, read often, replaced whole. */
export class DirectorySnapshot {
  readonly units: ReadonlyMap<string, UnitFact>
  readonly people: ReadonlyMap<string, PersonFact>
  readonly groups: readonly GroupFact[]
  private readonly below = new Map<string, string[]>()
  private readonly byPerson = new Map<string, MembershipFact[]>()
  private readonly byUnit = new Map<string, MembershipFact[]>()
  private readonly assignments: readonly AssignmentFact[]
  /** By the person named; those that name none under ''. */
  private readonly assignedTo = new Map<string, AssignmentFact[]>()
  private readonly officers: ReadonlySet<string>

  constructor(facts: Facts) {
    this.units = new Map(facts.units.map((u) => [u.id, u]))
    this.people = new Map(facts.people.map((p) => [p.id, p]))
    this.groups = facts.groups
    this.assignments = facts.roleAssignments
    for (const a of facts.roleAssignments) push(this.assignedTo, a.person ?? '', a)
    this.officers = facts.officers
    for (const m of facts.memberships) {
      push(this.byPerson, m.person, m)
      push(this.byUnit, m.unit, m)
    }
    for (const unit of facts.units) for (const above of this.pathOf(unit.id)) push(this.below, above, unit.id)
  }

  /** The unit and all above it, nearest first. A circle ends the path. */
  pathOf(unit: string): string[] {
    const path: string[] = []
    for (let at: string | null | undefined = unit; at && this.units.has(at) && !path.includes(at); at = this.units.get(at)!.parent)
      path.push(at)
    return path
  }
  unitsUnder = (unit: string): readonly string[] => this.below.get(unit) ?? []
  isUnder = (unit: string, ancestor: string): boolean => this.pathOf(unit).includes(ancestor)
  /** The zones that a unit stands in, or one above it does. */
  zonesOf = (unit: string): string[] => this.pathOf(unit).flatMap((id) => this.units.get(id)!.zones)
  /** The nearest unit of a kind at or above this one. */
  above(unit: string | null | undefined, kind: string): UnitFact | null {
    for (const id of unit ? this.pathOf(unit) : []) if (this.units.get(id)!.kind === kind) return this.units.get(id)!
    return null
  }

  membershipsOf(person: string, day: string): MembershipFact[] {
    return (this.byPerson.get(person) ?? []).filter((m) => runs(m, day))
  }
  /** The units a person belongs to on a day, main one first. */
  unitsOf(person: string, day: string): string[] {
    const main = this.people.get(person)?.unit
    return [...new Set([...(main ? [main] : []), ...this.membershipsOf(person, day).map((m) => m.unit)])]
  }
  /** Active holders of a post in exactly this unit. */
  holders(unit: string, post: string, day: string): string[] {
    return (this.byUnit.get(unit) ?? []).filter((m) => m.post === post && runs(m, day) && this.isActive(m.person)).map((m) => m.person)
  }
  isActive(person: string): boolean {
    const status = this.people.get(person)?.status
    return status !== undefined && status !== 'left'
  }
  /** Heads of a unit: its own, else the nearest unit above that has one. */
  headsOf(unit: string, day: string, level = 0): string[] {
    let found = 0
    for (const at of this.pathOf(unit)) {
      const heads = [...this.holders(at, 'head', day), ...this.holders(at, 'director', day)]
      if (heads.length && found++ === level) return [...new Set(heads)]
    }
    return []
  }
  /** To whom a person reports on a day, and to whom that one does, level by level: as his post says, else whoever heads his unit, then the units above. Nobody stands twice. */
  superiorsOf(person: string, day: string): string[][] {
    const levels: string[][] = []
    const seen = new Set<string>()
    // Heads from where the last named superior stands: a head's first superior is the head of the unit above, not himself.
    let heads: string[][] = []
    const standAt = (one: string): void => {
      seen.add(one)
      const unit = this.people.get(one)?.unit
      heads = unit ? mostLevels.map((level) => this.headsOf(unit, day, level)).filter((list) => list.length > 0 && !list.some((head) => seen.has(head))) : []
    }
    standAt(person)
    for (let at: string | undefined = person; at !== undefined && levels.length < mostLevels.length;) {
      const named = this.reportsTo(at, day)
      const next: string[] | undefined = named && !seen.has(named) ? [named] : heads.shift()
      if (next) levels.push(next)
      for (const one of next ?? []) seen.add(one)
      at = next?.[0]
      if (at !== undefined && at === named) standAt(at)
    }
    return levels
  } // prettier-ignore
  /** The superior that his main post names, else another post of his; null: none does. */
  reportsTo(person: string, day: string): string | null {
    const named = this.membershipsOf(person, day).filter((m) => m.reportsTo && this.isActive(m.reportsTo))
    return (named.find((m) => m.main) ?? named[0])?.reportsTo ?? null
  }
  /** What gives a person roles on a day: assigned to him, to a unit of his, or to a post of his. */
  assignmentsOf(person: string, day: string): AssignmentFact[] {
    const units = new Set(this.unitsOf(person, day))
    const posts = new Set(this.membershipsOf(person, day).map((m) => m.post))
    const given = [...(this.assignedTo.get(person) ?? []), ...(this.assignedTo.get('') ?? [])]
    return given.filter((a) => runs(a, day) && (!a.unit || units.has(a.unit)) && (!a.post || posts.has(a.post)))
  }
  /** Roles a person holds. An officer holds no other role beside his own, whatever his unit or post would give him; whoever was made two officers is none. */
  rolesOf(person: string, day: string): string[] {
    const held = [...new Set(this.assignmentsOf(person, day).map((a) => a.role))]
    const officers = held.filter((role) => this.officers.has(role))
    return officers.length === 0 ? held : officers.length === 1 ? officers : []
  }
  /** Active people who hold a role. */
  peopleWithRole(role: string, day: string): string[] {
    const assigned = this.assignments.filter((a) => a.role === role)
    const named = assigned.flatMap((a) => (a.person && !a.unit && !a.post ? [a.person] : []))
    const wide = assigned.some((a) => !a.person || a.unit || a.post)
    const some = wide ? [...this.people.keys()] : [...new Set(named)]
    return some.filter((p) => this.isActive(p) && this.rolesOf(p, day).includes(role))
  }
  group(kind: string, unit: string | null): GroupFact | null {
    return this.groups.find((g) => g.kind === kind && g.unit === unit) ?? null
  }
  /** Whose staff number this is; several where a number was given again. */
  withStaffNumber(number: string): string[] {
    return number ? [...this.people.values()].filter((p) => p.staffNumber === number && this.isActive(p.id)).map((p) => p.id) : []
  }
  nameOf = (person: string | null): string => (person ? (this.people.get(person)?.name ?? '') : '')
  unitName = (unit: string | null): string => (unit ? (this.units.get(unit)?.name ?? '') : '')
}
const runs = (m: { from: string | null; to: string | null }, day: string): boolean => (!m.from || m.from <= day) && (!m.to || m.to >= day)
function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

const alive = `deleted_at IS NULL AND state = 'approved'`
const queryUnits = (db: Queryable, rows: string): Promise<UnitFact[]> =>
  db.once<UnitFact>(
    `SELECT id, code, name, kind, parent, array_remove(array_prepend(zone, coalesce(also_zones, '{}')), NULL) AS zones, licence, coalesce(position, 0) AS position FROM ${rows} u WHERE ${alive} ORDER BY position, code`,
  )
/** The units alone, out of `rows` in place of their table. */
export async function loadUnits(db: Queryable, rows: string): Promise<DirectorySnapshot> {
  const nothing = { people: [], memberships: [], groups: [], roleAssignments: [], officers: new Set<string>() }
  return new DirectorySnapshot({ ...nothing, units: await queryUnits(db, rows) })
}
/** Reads the directory whole: 10,000 people take some 50 ms. */
export async function loadDirectory(db: Queryable, officers: ReadonlySet<string>): Promise<DirectorySnapshot> {
  const [units, people, memberships, groups, members, roleAssignments] = await Promise.all([
    queryUnits(db, 'directory.unit'),
    db.query<PersonFact>(`SELECT id, name, staff_number AS "staffNumber", unit, status, successor FROM directory.person WHERE ${alive}`),
    db.query<MembershipFact>(
      `SELECT person, unit, post, coalesce(main, false) AS main, reports_to AS "reportsTo", "from", "to" FROM directory.membership WHERE ${alive}`,
    ),
    db.query<Omit<GroupFact, 'members'>>(`SELECT id, name, kind, unit FROM directory.group WHERE ${alive}`),
    db.query<{ parent: string; person: string; chair: boolean | null }>(
      `SELECT parent, person, chair FROM directory.group__members ORDER BY parent, position`,
    ),
    db.query<AssignmentFact>(
      `SELECT id, role, person, unit, post, "from", "to" FROM directory.role_assignment WHERE ${alive} AND status IN ('active', 'ending')`,
    ),
  ])
  const byGroup = new Map<string, GroupFact['members']>()
  for (const m of members) push(byGroup, m.parent, { person: m.person, chair: m.chair === true })
  return new DirectorySnapshot({
    units,
    people,
    memberships,
    groups: groups.map((g) => ({ ...g, members: byGroup.get(g.id) ?? [] })),
    roleAssignments,
    officers,
  })
}
