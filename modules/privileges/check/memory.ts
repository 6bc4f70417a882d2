import { modeFor, type ModeRule, type Senior } from './check.rules.ts'
import { checkPrivilege } from './check.rules.ts'
import type { Level } from './codes.rules.ts'
import type { GrantFact, Institution, PrivilegeFacts, ProcedureFact } from './facts.rules.ts'
import type { House, LoadedProcedure, PersonFacts, UnitNode } from './load.ts'
import { TitleRules } from './title.rules.ts'

const noRules = { cards: [], signatures: [] }

/** Where a code leads: the procedure, by which way, and whether a person has confirmed it. */
export interface CodeTarget {
  procedure: string
  version: string | null
  by: 'own' | 'standard' | 'mapping'
  confirmed: boolean
}
interface Holder {
  person: Remembered
  from: string | null
  to: string | null
}

/** A person as remembered: beside his facts, which procedure each grant is of, as small numbers that are looked through without touching the grants. */
export interface Remembered extends PersonFacts {
  grantOf: number[]
}

/** The facts of the check in memory: everybody, every procedure, every identifier. Changed in place; a change is whole before anyone reads again. */
export class Memory {
  readonly people = new Map<string, Remembered>()
  private readonly numbers = new Map<string, number>()
  readonly procedures = new Map<string, LoadedProcedure>()
  readonly systems = new Set<string>()
  private readonly codes = new Map<string, CodeTarget[]>()
  private readonly identifiers = new Map<string, Holder[]>()
  private readonly bareIdentifiers = new Map<string, Holder[]>()
  private readonly holders = new Map<string, Set<string>>()
  private units = new Map<string, UnitNode>()
  private unitCodes = new Map<string, string>()
  private modes: readonly ModeRule[] = []
  private isByUnit = false
  private readonly paths = new Map<string, string[]>()
  private readonly sites = new Map<string, PrivilegeFacts['site']>()
  private readonly institutions = new Map<string, Institution>()
  private titleRules = new TitleRules(noRules, () => [])
  private house: House = { units: [], modes: [], titleRules: noRules, mappings: [], systems: [] }

  putHouse(house: House): void {
    this.house = house
    this.units = new Map(house.units.map((u) => [u.id, u]))
    this.unitCodes = new Map(house.units.map((u) => [u.code, u.id]))
    for (const derived of [this.paths, this.sites, this.institutions]) derived.clear()
    this.modes = house.modes
    this.isByUnit = house.modes.some((m) => m.unit !== null)
    this.titleRules = new TitleRules(house.titleRules, (unit) => this.pathOf(unit))
    this.index()
  }
  /** Puts procedures as they are now; `asked` that are not among them are gone. */
  putProcedures(list: readonly LoadedProcedure[], asked: readonly string[] | null): void {
    if (!asked) this.procedures.clear()
    for (const id of asked ?? []) this.procedures.delete(id)
    for (const p of list) this.procedures.set(p.id, p)
    this.index()
  }
  private index(): void {
    this.codes.clear()
    this.systems.clear()
    for (const system of this.house.systems) this.systems.add(system)
    const add = (system: string, code: string, target: CodeTarget) => {
      this.systems.add(system)
      const list = this.codes.get(`${system}\n${code}`)
      if (!list) this.codes.set(`${system}\n${code}`, [target])
      else if (!list.some((t) => t.procedure === target.procedure && t.version === target.version)) list.push(target)
    }
    for (const p of this.procedures.values())
      add(p.codeSystem, p.code, { procedure: p.id, version: p.codeVersion, by: 'own', confirmed: true })
    for (const p of this.procedures.values())
      if (p.standard)
        add(p.standard.codeSystem, p.standard.code, { procedure: p.id, version: p.standard.codeVersion, by: 'standard', confirmed: true })
    for (const m of this.house.mappings)
      if (this.procedures.has(m.procedure))
        add(m.codeSystem, m.code, { procedure: m.procedure, version: m.codeVersion, by: 'mapping', confirmed: m.confirmedOn !== null })
  }

  putPeople(found: ReadonlyMap<string, PersonFacts>, asked: readonly string[] | null): void {
    if (!asked) for (const map of [this.people, this.identifiers, this.bareIdentifiers, this.holders]) map.clear()
    for (const id of asked ?? []) this.forget(id)
    for (const facts of found.values()) this.remember(facts)
  }
  private forget(id: string): void {
    const facts = this.people.get(id)
    if (!facts) return
    this.people.delete(id)
    for (const g of facts.grants) this.holders.get(g.procedure)?.delete(id)
    for (const { key, bare } of keysOf(facts)) {
      drop(this.identifiers, key, id)
      drop(this.bareIdentifiers, bare, id)
    }
  }
  private remember(facts: PersonFacts): void {
    const { id } = facts.practitioner
    const person: Remembered = { ...facts, grantOf: facts.grants.map((g) => this.numberOf(g.procedure)) }
    this.people.set(id, person)
    for (const g of facts.grants) {
      const set = this.holders.get(g.procedure)
      if (set) set.add(id)
      else this.holders.set(g.procedure, new Set([id]))
    }
    for (const { key, bare, from, to } of keysOf(facts)) {
      push(this.identifiers, key, { person, from, to })
      push(this.bareIdentifiers, bare, { person, from, to })
    }
  }
  private numberOf(procedure: string): number {
    let number = this.numbers.get(procedure)
    if (number === undefined) this.numbers.set(procedure, (number = this.numbers.size))
    return number
  }

  /** Who had this number on that day. Leavers give their number back. */
  holdersOf(system: string, value: string, day: string, bare = false): PersonFacts[] {
    const list = (bare ? this.bareIdentifiers : this.identifiers).get(`${system}\n${bare ? bareNumber(value) : value}`)
    if (!list) return []
    const then = list.filter((h) => (!h.from || h.from <= day) && (!h.to || day <= h.to))
    if (then.length === 1) return [then[0]!.person]
    const people = [...new Set(then.map((h) => h.person))]
    const present = people.filter(({ practitioner: p }) => p.status !== 'left' || (p.leftOn !== null && day < p.leftOn))
    return present.length ? present : people
  }
  /** What a code means here; without a version, in the newest version that has it. */
  targetsOf(system: string, code: string, version: string | null): CodeTarget[] {
    const all = this.codes.get(`${system}\n${code}`) ?? []
    if (version) return all.filter((t) => t.version === version || t.version === null)
    if (all.length < 2) return all
    const own = all.filter((t) => t.by !== 'mapping')
    if (own.length < 2) return own.length ? own : all
    const newest = own.map((t) => t.version ?? '').sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) // prettier-ignore
    return own.filter((t) => (t.version ?? '') === newest)
  }
  hasSystem = (system: string): boolean => this.systems.has(system)

  /** A campus (or any unit) by id or code. */
  unit(idOrCode: string): UnitNode | undefined {
    return this.units.get(idOrCode) ?? this.units.get(this.unitCodes.get(idOrCode) ?? '')
  }
  /** The unit and all above it, nearest first. */
  pathOf(unit: string | null): readonly string[] {
    if (!unit) return []
    const known = this.paths.get(unit)
    if (known) return known
    const path: string[] = []
    for (let at: string | null = unit; at && this.units.has(at) && !path.includes(at); at = this.units.get(at)!.parent) path.push(at)
    this.paths.set(unit, path)
    return path
  }
  institution = (id: string): Institution | undefined => {
    const known = this.institutions.get(id)
    const unit = known ? undefined : this.units.get(id)
    if (!unit) return known
    const made = { name: unit.name, licence: this.licenceOf(id) }
    this.institutions.set(id, made)
    return made
  }
  private licenceOf(id: string): string | null {
    for (const at of this.pathOf(id)) if (this.units.get(at)!.licence) return this.units.get(at)!.licence
    return null
  }
  /** The institution a unit stands under. A campus with a licence of its own is an institution to the registration. */
  siteOf(unit: string | null): PrivilegeFacts['site'] {
    if (!unit) return null
    let site = this.sites.get(unit)
    if (site === undefined) this.sites.set(unit, (site = this.deriveSite(unit)))
    return site
  }
  private deriveSite(unit: string): PrivilegeFacts['site'] {
    const path = this.pathOf(unit)
    if (path.length === 0) return null
    const licence = this.licenceOf(unit)
    const above = path.find((at) => this.units.get(at)!.kind === 'institution')
    const isOneLicence = above !== undefined && (licence === null || this.licenceOf(above) === licence)
    const id = isOneLicence ? above : (path.find((at) => this.units.get(at)!.licence === licence) ?? above ?? unit)
    return { id, name: this.units.get(id)!.name, licence }
  }
  campusOf = (unit: string | null): UnitNode | undefined => this.pathOf(unit).map((id) => this.units.get(id)!).find((u) => u.kind === 'campus') // prettier-ignore

  modeFor(unit: string | null, urgency: 'elective' | 'emergency' | null): ModeRule['mode'] {
    return modeFor(this.modes, this.isByUnit ? this.pathOf(unit) : [], urgency)
  }
  factsOf(person: PersonFacts, procedure: ProcedureFact, site: PrivilegeFacts['site']): PrivilegeFacts {
    const { practitioner, registrations, suspensions } = person
    const grants = 'grantOf' in person ? this.grantsOf(person as Remembered, procedure.id) : person.grants
    const titleRule = (level: Level, day: string) => this.titleRules.of(practitioner.unit, level, day)
    return { practitioner, registrations, suspensions, grants, procedure, site, titleRule, institution: this.institution }
  }
  private grantsOf({ grants, grantOf }: Remembered, procedure: string): readonly GrantFact[] {
    const number = this.numbers.get(procedure)
    if (number === undefined) return noGrants
    const first = grantOf.indexOf(number)
    if (first < 0) return noGrants
    return grantOf.indexOf(number, first + 1) < 0 ? [grants[first]!] : grants.filter((_, i) => grantOf[i] === number)
  }

  /** Who may stand beside in this procedure on that day: of the same unit first. */
  seniors(
    procedure: ProcedureFact,
    ask: { except: string; unit: string | null; day: string; today: string; site: PrivilegeFacts['site']; most: number },
  ): Senior[] {
    const found: { senior: Senior; near: boolean }[] = []
    for (const id of this.holders.get(procedure.id) ?? []) {
      const facts = this.people.get(id)
      if (id === ask.except || !facts) continue
      const near = ask.unit !== null && facts.practitioner.unit === ask.unit
      if (!near && found.length >= ask.most * 4) continue
      const question = { role: 'supervisor', day: ask.day, today: ask.today, urgency: null } as const
      const { result } = checkPrivilege(this.factsOf(facts, procedure, ask.site), question, false)
      if (result === 'allowed')
        found.push({ near, senior: { id, name: facts.practitioner.name, title: facts.practitioner.appointedTitle } })
      if (found.filter((f) => f.near).length >= ask.most) break
    }
    return found.sort((a, b) => Number(b.near) - Number(a.near)).slice(0, ask.most).map((f) => f.senior) // prettier-ignore
  }
  /** Everybody who holds any grant of this procedure. */
  grantedFor = (procedure: string): PersonFacts[] => [...(this.holders.get(procedure) ?? [])].flatMap((id) => this.people.get(id) ?? [])
}

const noGrants: readonly GrantFact[] = []
/** Staff numbers stand among the identifiers under a system that no outside one can be called. */
export const staffNumbers = ''
/** 00123 and 123 are one number to whoever lost the zeros. */
export const bareNumber = (value: string): string => value.replace(/^0+(?=.)/, '')
function* keysOf({
  practitioner: p,
  identifiers,
}: PersonFacts): Generator<{ key: string; bare: string; from: string | null; to: string | null }> {
  if (p.staffNumber)
    yield { key: `${staffNumbers}\n${p.staffNumber}`, bare: `${staffNumbers}\n${bareNumber(p.staffNumber)}`, from: null, to: null }
  for (const i of identifiers) yield { key: `${i.system}\n${i.value}`, bare: `${i.system}\n${bareNumber(i.value)}`, from: i.from, to: i.to }
}
function push(map: Map<string, Holder[]>, key: string, holder: Holder): void {
  const list = map.get(key)
  if (list) list.push(holder)
  else map.set(key, [holder])
}
function drop(map: Map<string, Holder[]>, key: string, person: string): void {
  const rest = map.get(key)?.filter((h) => h.person.practitioner.id !== person)
  if (rest?.length) map.set(key, rest)
  else map.delete(key)
}
