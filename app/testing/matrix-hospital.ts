import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { isProtected, kindOf, type Field, type Module, type ResolvedResource } from '#model'
import { brokenConstraint } from '#kernel/server/database/database.ts'
import { RecordSeals } from '#kernel/server/store/sealing.ts'
import { insertRecord } from '#kernel/server/store/write.ts'
import { loadRecord } from '#kernel/server/records/load.ts'
import { searchValue } from '#kernel/server/store/compiled.ts'
import { productDefinitions } from '../definitions.ts'
import { hospital, type HospitalOptions, type TestHospital } from './hospital.ts'
import { sampleModule } from './matrix-sample.ts'
import { Policy, type Place, type Reader, type Stored } from './policy.ts'
import { randomKinds, randomValue } from './random-kinds.ts'

export interface Named extends Reader {
  name: string
}
/** A hospital with a reader for every role and for some who hold several, and records of every type that belong to this one and that one. */
export interface MatrixHospital extends TestHospital {
  policy: Policy
  readers: readonly Named[]
  /** Somebody of each department, and the department, by its name. */
  colleagues: ReadonlyMap<string, Owner>
  /** By type: its records as they are stored, every field in plain. */
  rows: ReadonlyMap<string, readonly Stored[]>
  /** A value of this field that a new record may have; null where none can be made up. */
  valueFor(field: Field): unknown
}
/** Readers who hold more than one role. Nobody can be given two officers' roles in the ordinary way; one who has them all the same must be neither. */
const together: readonly (readonly string[])[] = [
  ['departmentHead', 'departmentSecretary'],
  ['departmentHead', 'committeeMember'],
  ['departmentSecretary', 'hospitalLeader'],
  ['medicalOffice', 'departmentHead'],
  ['systemOfficer', 'auditOfficer'],
  ['securityOfficer', 'medicalOffice'],
]
/** Tables that a hospital fills by itself: their records are taken as they are. */
const selfFilled = new Set(['directory.person', 'directory.unit', 'directory.membership', 'directory.roleAssignment', 'security.account'])

/** `more`: modules beside the product's and the samples. */
export interface MatrixOptions extends Pick<HospitalOptions, 'bounds' | 'signIn'> {
  more?: readonly Module[]
}
export async function matrixHospital({ more = [], ...options }: MatrixOptions = {}): Promise<MatrixHospital> {
  const defs = productDefinitions([sampleModule, ...more])
  const h = await hospital({ defs, ...options })
  const places = await makePlaces(h)
  const { readers, owners, colleagues } = await makePeople(h)
  const maker = new Maker(h)
  const policy = new Policy(defs, places, (person) => maker.rows.get('directory.person')?.find(({ id }) => id === person)?.['unit'])
  for (const r of defs.resources.values()) if (selfFilled.has(r.table)) await maker.take(r)
  // A record may name one of a type that comes later: what is missing yet is made in the next round.
  const waiting = new Set([...defs.resources.values()].filter((r) => !selfFilled.has(r.table)))
  for (let round = 0; waiting.size && round < 10; round++)
    for (const r of waiting) if (maker.canMake(r) && waiting.delete(r)) for (const owner of owners) await maker.make(r, owner)
  if (waiting.size) throw new Error(`no records can be made of ${[...waiting].map(({ name }) => name).join(', ')}`)
  h.kernel.directoryChanged()
  return { ...h, policy, readers, colleagues, rows: maker.rows, valueFor: (field) => maker.valueFor(field) }
}

async function makePlaces(h: TestHospital): Promise<Place[]> {
  const places: Place[] = [
    { id: h.institution, parent: null, kind: 'institution', zone: null },
    { id: h.campus, parent: h.institution, kind: 'campus', zone: null },
  ]
  const add = async (name: string, parent: string, kind = 'department', zone: string | null = null) => {
    const id = await h.unit(name, { parent, kind, ...(zone ? { zone } : {}) })
    places.push({ id, parent, kind, zone })
    return id
  }
  const surgery = await add('外科', h.campus)
  const bones = await add('骨科', surgery, 'department', '北片')
  await add('骨科一病区', bones, 'ward')
  await add('普外科', surgery)
  await add('内科', h.campus, 'department', '南片')
  const east = await add('东院', h.institution, 'campus')
  await add('东院骨科', east, 'department', '北片')
  return places
}

export interface Owner {
  person: string | null
  unit: string | null
}
async function makePeople(h: TestHospital): Promise<{ readers: Named[]; owners: Owner[]; colleagues: Map<string, Owner> }> {
  const roles = [...h.kernel.defs.roles.values()].filter(({ everyone }) => !everyone).map(({ name }) => [name])
  const readers: Named[] = []
  const unit = await h.unit('骨科')
  const inner = await h.unit('内科')
  const facts = (n: number) => ({ mobile: `1390000${1000 + n}`, identityNumber: `E88${1000 + n}` })
  for (const given of [[], ...roles, ...together]) {
    const name = given.length ? given.join('+') : 'nobody in particular'
    const person = await h.person(`甲${readers.length}`, { unit: '骨科', roles: given.slice(0, 1), ...facts(readers.length) })
    for (const role of given.slice(1)) await giveRole(h, role, person)
    const units = [unit]
    // A secretary who serves a second department; a head who served one until last year.
    if (name === 'departmentSecretary') {
      units.push(inner)
      await h.create('directory.membership', { person, unit: inner, post: 'member', main: false })
    }
    if (name === 'departmentHead')
      await h.create('directory.membership', { person, unit: inner, post: 'member', main: false, to: '2025-12-31' })
    readers.push({ name, person, roles: given, units })
  }
  const colleagues = new Map<string, Owner>()
  const owners: Owner[] = readers.map(({ person }) => ({ person, unit }))
  for (const [at, place] of ['骨科', '骨科一病区', '外科', '普外科', '内科', '东院骨科'].entries()) {
    const person = await h.person(`乙${at}`, { unit: place, ...facts(100 + at) })
    colleagues.set(place, { person, unit: await h.unit(place) })
    owners.push(colleagues.get(place)!)
  }
  owners.push({ person: null, unit: await h.unit('骨科') }, { person: owners.at(-1)!.person, unit: null }, { person: null, unit: null })
  return { readers, owners, colleagues }
}
/** As it may stand in a database, whatever the program would say to it. */
async function giveRole(h: TestHospital, role: string, person: string): Promise<void> {
  await insert(h, h.kernel.defs.resource('directory.roleAssignment'), { role, person, status: 'active' })
}
export async function insert(h: TestHospital, r: ResolvedResource, values: Record<string, unknown>, id = uuidv7()): Promise<string> {
  const { kernel } = h
  const c = kernel.resource(r.name)
  const hand = { at: h.clock.now().toISOString(), actor: null, actorName: '测试', onBehalfOf: null, origin: 'test', address: null }
  const search = c.hasSearch ? searchValue(kernel.defs, c, values) : null
  const written = { act: 'create', version: 1, state: 'approved', changes: {} }
  await insertRecord(kernel.db, kernel.subjectKeys, new RecordSeals(kernel.subjectKeys, c, id), c, id, hand, written, values, search)
  if (r.table.startsWith('directory.')) kernel.directoryChanged()
  return id
}

/** Makes records of any type out of the kinds of its fields, past everything that a module would say to them: they are there to be looked at. */
class Maker {
  readonly rows = new Map<string, Stored[]>()
  private readonly idsIn = new Map<string, string[]>()
  private readonly h: TestHospital
  private seed = 0
  constructor(h: TestHospital) {
    this.h = h
  }
  /** Takes the records that are there already. */
  async take(r: ResolvedResource): Promise<void> {
    const { kernel } = this.h
    const c = kernel.resource(r.name)
    const found = await kernel.db.query<{ id: string }>(`SELECT id FROM ${c.table} WHERE deleted_at IS NULL ORDER BY id`)
    for (const { id } of found) this.keep(r, (await loadRecord(kernel, kernel, c, id)) as unknown as Stored)
  }
  canMake = (r: ResolvedResource): boolean =>
    Object.values(r.fields).every((field) => {
      const { target } = field.options as { target?: string }
      return !field.required || !target || target === r.name || this.idsOf(target).length > 0
    })
  async make(r: ResolvedResource, { person, unit }: Owner): Promise<void> {
    const { owner } = r
    if (owner.person && person === null && r.fields[owner.person]!.required) return
    if (owner.department && unit === null && r.fields[owner.department]!.required) return
    const id = await this.tryInsert(r, () => {
      const values = this.valuesFor(r)
      if (owner.person) values[owner.person] = person
      if (owner.department) values[owner.department] = unit
      return values
    })
    const stored = id && (await loadRecord(this.h.kernel, this.h.kernel, this.h.kernel.resource(r.name), id))
    if (stored) this.keep(r, stored)
  }
  /** Where a key is taken already, other values are tried; a type of few keys may have no more for this unit. */
  private async tryInsert(r: ResolvedResource, values: () => Record<string, unknown>): Promise<string | null> {
    for (let tries = 0; tries < 30; tries++) {
      try {
        return await insert(this.h, r, values())
      } catch (error) {
        if (!brokenConstraint(error)) throw error
      }
    }
    return null
  }
  valuesFor = (r: ResolvedResource): Record<string, unknown> =>
    Object.fromEntries(Object.entries(r.fields).map(([key, field]) => [key, this.valueFor(field)]))
  valueFor(field: Field): unknown {
    const { target } = field.options as { target?: string }
    const ids = target ? this.idsOf(target) : []
    if (field.derived || (target && ids.length === 0)) return null
    this.seed++
    // Lines of one kind are told apart, and found by their words.
    if (field.kind === 'text' || field.kind === 'longText' || field.kind === 'autoNumber')
      return `乙${field.label.slice(0, 2)}${String(this.seed).padStart(5, '0')}号`
    if (field.kind === 'rows') return this.linesFor(field as Field<'rows'>)
    if (kindOf(field).isWriteOnly) return `Mima-${this.seed}-zhen`
    if (!randomKinds[field.kind]) return null
    const pool = { people: this.idsOf('directory.person'), units: this.idsOf('directory.unit'), places: ids }
    return fc.sample(randomValue(field, pool), { numRuns: 1, seed: this.seed })[0]
  }
  /** Two lines of a sub-table with columns of which somebody sees a part only; others are made by their own modules' tests. */
  private linesFor({ options: { fields } }: Field<'rows'>): Record<string, unknown>[] | null {
    const columns = Object.entries(fields)
    if (!columns.some(([, column]) => isProtected(column))) return null
    return [1, 2].map(() => ({ id: uuidv7(), ...Object.fromEntries(columns.map(([key, column]) => [key, this.valueFor(column)])) }))
  }
  private idsOf = (target: string): string[] => this.idsIn.get(this.h.kernel.defs.resource(target).table) ?? []
  private keep(r: ResolvedResource, row: Stored): void {
    this.rows.set(r.name, [...(this.rows.get(r.name) ?? []), row])
    const ids = this.idsIn.get(r.table) ?? []
    if (!ids.includes(row.id)) this.idsIn.set(r.table, [...ids, row.id])
  }
}
