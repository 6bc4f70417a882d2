import { AsyncLocalStorage } from 'node:async_hooks'
import type { Definitions } from '#model'
import type { DesignInForce, DesignKindName } from '#kernel/model/designs/index.ts'
import { Access } from './access/access.ts'
import { rowsOnDay } from './store/timeline.ts'
import { compileResource, type CompiledResource } from './store/compiled.ts'

/** What is in force. */
export interface Standing {
  defs: Definitions
  /** 0 before the first. */
  release: number
  /** What the hospital made, in the order of names. */
  designs: readonly DesignInForce[]
  /** Designs that do not fit this program, with the first thing that is wrong: they rest until somebody mends them. */
  resting: readonly { kind: DesignKindName; name: string; problem: string }[]
}
const mostDays = 20
const none: ReadonlyMap<string, unknown> = new Map()
/** Definitions with all that is compiled out of them; never changed, only replaced as a whole. */
export class DefinitionSet {
  readonly standing: Standing
  readonly defs: Definitions
  readonly access: Access
  /** What the hospital made and is in force, by kind and name. */
  private readonly designs: ReadonlyMap<DesignKindName, ReadonlyMap<string, unknown>>
  private readonly compiled = new Map<string, CompiledResource>()
  /** The day as whose rows records are read; null: as they stand. */
  readonly asOf: string | null
  private readonly days = new Map<string, DefinitionSet>()
  constructor(standing: Standing, past?: { of: DefinitionSet; day: string }) {
    this.standing = standing
    this.defs = standing.defs
    this.asOf = past?.day ?? null
    if (past) {
      this.access = past.of.access
      this.designs = past.of.designs
      return
    }
    this.access = new Access(standing.defs)
    this.designs = new Map(
      [...Map.groupBy(standing.designs, ({ kind }) => kind)].map(([kind, list]) => [
        kind,
        new Map(list.map(({ name, content }) => [name, content])),
      ]),
    )
  }
  /** The designs of a kind that are in force, by name. */
  designsOf(kind: DesignKindName): ReadonlyMap<string, unknown> {
    return this.designs.get(kind) ?? none
  }
  /** The compiled form of a resource; refuses an unknown name. */
  resource(name: string): CompiledResource {
    let found = this.compiled.get(name)
    if (!found) {
      found = compileResource(this.defs, this.defs.resource(name))
      if (this.asOf && this.defs.timelines.has(found.r.table)) found = { ...found, table: rowsOnDay(this.defs, found.r.table, this.asOf) }
      this.compiled.set(name, found)
    }
    return found
  }
  /** The same definitions, by which records are read as they were on a day. Only to read. */
  on(day: string): DefinitionSet {
    let set = this.days.get(day)
    if (!set) {
      if (this.days.size >= mostDays) this.days.delete(this.days.keys().next().value!)
      this.days.set(day, (set = new DefinitionSet(this.standing, { of: this, day })))
    }
    return set
  }
}

/** The set in force, and the one that a request or a transaction began with and keeps to its end. */
export class DefinitionSets {
  private current: DefinitionSet
  private readonly pinned = new AsyncLocalStorage<DefinitionSet>()
  constructor(first: DefinitionSet) {
    this.current = first
  }
  /** The one kept here, else the one in force. */
  get here(): DefinitionSet {
    return this.pinned.getStore() ?? this.current
  }
  get latest(): DefinitionSet {
    return this.current
  }
  take(next: DefinitionSet): void {
    this.current = next
  }
  under<T>(set: DefinitionSet, work: () => T): T {
    return this.pinned.run(set, work)
  }
  /** Runs `work` under what is in force now, whatever comes into force meanwhile; within such work already, goes on under the same. */
  keep<T>(work: () => T): T {
    return this.pinned.getStore() ? work() : this.pinned.run(this.current, work)
  }
}
