import './divisions.ts'
import type { Clock, Definitions, Profile } from '#model'
import { today } from '#model'
import type { DesignKindName } from '#kernel/model/designs/index.ts'
import type { Access } from './access/access.ts'
import { Protection } from './access/protection.ts'
import { openParts, openSearch } from './access/open-search.ts'
import type { Actor, Context } from './context.ts'
import { personOf } from './context.ts'
import type { Database } from './database/database.ts'
import { type DirectorySnapshot, loadDirectory, loadUnits } from './directory/snapshot.ts'
import { DefinitionSet, DefinitionSets, type Standing } from './definition-set.ts'
import type { CompiledResource } from './store/compiled.ts'
import { Outgoing } from './outgoing.ts'
import type { Service } from './service.ts'
import { Estimates } from './store/estimates.ts'
import type { SignInWays } from './access/outside/from-environment.ts'
import type { KeyRing } from './protection/key-ring.ts'
import type { DeletionLedger } from './protection/ledger.ts'
import { subjectKeyTable, SubjectKeys } from './protection/subject-keys.ts'
import type { SqlWorld } from './store/sql.ts'
import { rowsOnDay } from './store/timeline.ts'

/** Systems that are read from; none in the space where drafts are tried. */
export type Elsewhere = Pick<SignInWays, 'wecom' | 'databases'>
interface Around {
  address?: string | null
  onBehalfOf?: string | null
}
// Of as many past days the tree of units is held.
const mostDays = 20
type World = SqlWorld & { isUnder(unit: string, ancestor: string): boolean }

/** What a running process holds: definitions compiled, the database, keys, the directory in memory. */
export class Kernel {
  readonly db: Database
  private readonly sets: DefinitionSets
  private readonly ofProduct: Definitions
  readonly protector: KeyRing
  /** The keys of records. */
  readonly subjectKeys: SubjectKeys
  readonly clock: Clock
  readonly estimates: Estimates
  /** The thresholds of protection in force. */
  readonly protection: Protection
  /** The way to every address that somebody has filled in. */
  readonly outgoing: Outgoing
  readonly elsewhere: Elsewhere
  /** What was erased, outside the database; null in programs that erase nothing. */
  readonly ledger: DeletionLedger | null
  /** Where drafts are tried, not the hospital itself: until when, and what; null in the live house. */
  readonly trial: { label: string; until: string } | null
  /** The modules' behaviour; set once by the house. */
  services: readonly Service[] = []
  private readonly worlds = new WeakMap<Context, World>()
  private snapshot: Promise<DirectorySnapshot> | null = null
  private readonly unitsThen = new Map<string, Promise<DirectorySnapshot>>()
  private readonly listeners: { tables: ReadonlySet<string>; then: () => void }[] = []

  private readonly officers: ReadonlySet<string>
  constructor(parts: {
    defs: Definitions
    db: Database
    protector: KeyRing
    clock: Clock
    profile: Profile
    outgoing?: Outgoing
    elsewhere?: Elsewhere
    ledger?: DeletionLedger
    trial?: Kernel['trial']
  }) {
    this.ofProduct = parts.defs
    this.sets = new DefinitionSets(new DefinitionSet({ defs: parts.defs, release: 0, designs: [], resting: [] }))
    this.officers = new Set([...parts.defs.roles.values()].flatMap(({ name, officer }) => (officer ? [name] : [])))
    this.db = parts.db
    this.protector = parts.protector
    this.subjectKeys = new SubjectKeys(parts.protector, parts.db, () => parts.clock.now())
    this.whenChanged([subjectKeyTable], () => this.subjectKeys.forget())
    this.clock = parts.clock
    this.estimates = new Estimates(parts.db.lists)
    this.protection = new Protection(this, parts.profile)
    this.outgoing = parts.outgoing ?? new Outgoing()
    this.elsewhere = parts.elsewhere ?? { wecom: null, databases: new Map() }
    this.ledger = parts.ledger ?? null
    this.trial = parts.trial ?? null
  }

  /** The effective definitions: of this request or transaction the ones it began with. */
  get defs(): Definitions {
    return this.sets.here.defs
  }
  get access(): Access {
    return this.sets.here.access
  }
  /** Of which release the definitions are. */
  get release(): number {
    return this.sets.here.standing.release
  }
  /** The compiled form of a resource; refuses an unknown name. */
  resource(name: string): CompiledResource {
    return this.sets.here.resource(name)
  }
  /** What is in force in this process. */
  get standing(): Standing {
    return this.sets.latest.standing
  }
  /** Puts other definitions in force, for all that begins from now on. */
  take(standing: Standing): void {
    this.sets.take(new DefinitionSet(standing))
  }
  /** What the hospital made of a kind and is in force, by name: contents as their kind reads them. */
  designsOf(kind: DesignKindName): ReadonlyMap<string, unknown> {
    return this.sets.here.designsOf(kind)
  }
  /** Runs `work` under definitions that are not in force: to prove what would be. */
  under<T>(defs: Definitions, work: () => T): T {
    return this.sets.under(new DefinitionSet({ ...this.standing, defs }), work)
  }
  /** The definitions of the program itself, without what the hospital makes. */
  get product(): Definitions {
    return this.ofProduct
  }
  /** Runs `work` under one set of definitions from beginning to end. */
  keepDefinitions<T>(work: () => T): T {
    return this.sets.keep(work)
  }

  /** The directory in memory; read again after `directoryChanged`. */
  directory(): Promise<DirectorySnapshot> {
    this.snapshot ??= loadDirectory(this.db.aside, this.officers).catch((error: unknown) => {
      this.snapshot = null
      throw error
    })
    return this.snapshot
  }
  directoryChanged(): void {
    this.snapshot = null
    this.unitsThen.clear()
  }
  /** Runs `work` with records read as they were on a day; it must only read. `day` is a valid day. */
  async onDay<T>(ctx: Context, day: string, work: (ctx: Context) => Promise<T>): Promise<T> {
    let units = this.unitsThen.get(day)
    if (!units) {
      if (this.unitsThen.size >= mostDays) this.unitsThen.delete(this.unitsThen.keys().next().value!)
      units = loadUnits(this.db.aside, rowsOnDay(this.defs, 'directory.unit', day)).catch((error: unknown) => {
        this.unitsThen.delete(day)
        throw error
      })
      this.unitsThen.set(day, units)
    }
    const directory = await units
    return this.sets.under(this.sets.here.on(day), () => work({ ...ctx, asOf: { day, directory } }))
  }
  /** Runs `then` whenever records of these tables have changed, here or in another process: for what is held in memory. */
  whenChanged(tables: readonly string[], then: () => void): void {
    this.listeners.push({ tables: new Set(tables), then })
  }
  /** Is anything held in memory out of this table? */
  isHeld(table: string): boolean {
    return table.startsWith('directory.') || this.listeners.some(({ tables }) => tables.has(table))
  }
  /** Records of this table have changed and are committed. */
  changed(table: string): void {
    if (table.startsWith('directory.')) this.directoryChanged()
    for (const { tables, then } of this.listeners) if (tables.has(table)) then()
  }

  /** A context outside any transaction. */
  async context(actor: Actor, origin: string, more: Around = {}): Promise<Context> {
    return this.contextIn(await this.directory(), actor, origin, more)
  }
  contextIn(directory: DirectorySnapshot, actor: Actor, origin: string, more: Around = {}): Context {
    return {
      actor,
      origin,
      db: this.db,
      clock: this.clock,
      directory,
      address: more.address ?? null,
      onBehalfOf: more.onBehalfOf ?? null,
      afterCommit: [],
    }
  }
  /** Runs `work` in one transaction; within one already, joins it. */
  transaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
    if (ctx.db !== this.db) return work(ctx)
    return this.sets.keep(async () => {
      const afterCommit: Context['afterCommit'] = []
      const answer = await this.db.transaction((tx) => work({ ...ctx, db: tx, afterCommit }))
      for (const then of afterCommit) await then()
      return answer
    })
  }
  /** What filters need to know of the world, for this asker; worked out once a context. */
  world(ctx: Context): World {
    let world = this.worlds.get(ctx)
    if (!world) this.worlds.set(ctx, (world = this.makeWorld(ctx)))
    return world
  }
  private makeWorld(ctx: Context): World {
    const { directory } = ctx
    // What stood under what is a matter of the day; who asks is asked about today.
    const then = ctx.asOf?.directory ?? directory
    const day = today(ctx.clock)
    const person = personOf(ctx.actor)
    const units = person ? directory.unitsOf(person, day) : []
    const zones = new Set(units.flatMap(directory.zonesOf))
    return {
      today: day,
      asker: {
        person,
        units,
        campus: [...new Set(units.map((u) => directory.above(u, 'campus')?.id).filter((id) => id !== undefined))],
        zone: zones.size === 0 ? [] : [...directory.units.values()].filter((u) => u.zones.some((zone) => zones.has(zone))).map((u) => u.id),
      },
      unitsUnder: then.unitsUnder,
      isUnder: then.isUnder,
      asOf: ctx.asOf?.day ?? null,
      protector: this.protector,
      pairShares: this.estimates.pairShares,
      isSystem: ctx.actor.kind === 'system',
      openSearch: (resource) => openSearch(this.access, ctx.actor, resource),
      openParts: (resource) => openParts(this.access, ctx.actor, resource),
    }
  }
}
