import type { ApiRecord, Day, Receiver } from '#model'
import type { DirectorySnapshot } from '../directory/snapshot.ts'
import type { CompiledResource } from '../store/compiled.ts'

/** Whom a record concerns. Who holds a role is worked out once. */
export class Receivers {
  private readonly directory: DirectorySnapshot
  private readonly day: Day
  private readonly c: CompiledResource
  private readonly holders = new Map<string, readonly string[]>()
  constructor(directory: DirectorySnapshot, day: Day, c: CompiledResource) {
    this.directory = directory
    this.day = day
    this.c = c
  }
  ownerOf(record: ApiRecord): string | null {
    const { person } = this.c.r.owner
    const owner = person === 'id' ? record.id : person ? record[person] : null
    return typeof owner === 'string' ? owner : null
  }
  /** The record's unit, else that of the person whose record it is. */
  unitOf(record: ApiRecord): string | null {
    const { department } = this.c.r.owner
    const own = department === 'id' ? record.id : department ? record[department] : null
    return typeof own === 'string' ? own : (this.directory.people.get(this.ownerOf(record) ?? '')?.unit ?? null)
  }
  /** Everybody whom this line means for a record, those who have left included. */
  of(one: Receiver, record: ApiRecord): readonly string[] {
    if (one.who === 'owner') return listed(this.ownerOf(record))
    if (one.who === 'field') return listed(record[one.field])
    if (one.who === 'people') return one.people
    const unit = this.unitOf(record)
    if (one.who === 'headOfUnit') return this.headsOf(unit, this.ownerOf(record))
    const all = this.withRole(one.role)
    if (one.of === 'hospital') return all
    return unit === null ? [] : all.filter((person) => this.isNear(person, unit, one.of === 'unit'))
  }
  /** Who heads a unit is headed by the next above it. */
  private headsOf(unit: string | null, owner: string | null): readonly string[] {
    if (unit === null) return []
    const heads = this.directory.headsOf(unit, this.day)
    return owner !== null && heads.includes(owner) ? this.directory.headsOf(unit, this.day, 1) : heads
  }
  private withRole(role: string): readonly string[] {
    let found = this.holders.get(role)
    if (!found) this.holders.set(role, (found = this.directory.peopleWithRole(role, this.day)))
    return found
  }
  private isNear(person: string, unit: string, isSameUnit: boolean): boolean {
    const campus = this.directory.above(unit, 'campus')?.id
    return this.directory
      .unitsOf(person, this.day)
      .some((own) => (isSameUnit ? this.directory.isUnder(own, unit) : campus !== undefined && this.directory.isUnder(own, campus)))
  }
}
const listed = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
