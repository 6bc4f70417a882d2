import type {
  Act,
  Decided,
  Decider,
  Flow,
  FlowEnvironment,
  FlowEvent,
  InstanceState,
  PersonId,
  Plain,
  RefusalCode,
  Verdict,
} from './index.ts'
import { decide, frozen, reresolve, waitsFor } from './index.ts'
import { follows, holds, replays } from './testing-holds.ts'

/** The hospital around a test: who holds what. Change it between acts to tell a story. */
export interface World {
  version: number
  after?: number
  rows: string[]
  roles: Record<string, PersonId[]>
  heads: Record<string, PersonId[]>
  superiors: Record<PersonId, PersonId[]>
  administrators: PersonId[]
  left: PersonId[]
  /** Whom people named to go on with their work. */
  successors: Record<PersonId, PersonId>
  fields: Record<string, string>
  standIns: [PersonId, PersonId][]
  /** The instant; move it between acts. */
  now: string
  isWorkingTime: boolean
  /** What differs from what the returner saw; not said: everything. */
  changed?: string[]
}
export type Condition = { field: string; is: string }

const monday = '2026-03-02T09:00:00+08:00'
export const world = (change: Partial<World> = {}): World => ({
  version: 1,
  rows: ['a', 'b', 'c'],
  roles: {},
  heads: {},
  superiors: {},
  administrators: ['admin'],
  left: [],
  successors: {},
  fields: {},
  standIns: [],
  now: monday,
  isWorkingTime: true,
  ...change,
})

/** So many hours later, as an instant. */
export const later = (hours: number, from = monday): string => new Date(Date.parse(from) + hours * 3_600_000).toISOString()

const degrees = ['全部', '一助', '指导']

export function environment(w: World): FlowEnvironment<Condition> {
  const ask = (decider: Decider, of: PersonId): readonly PersonId[] => {
    if (decider.kind === 'people') return decider.people
    if (decider.kind === 'role') return w.roles[decider.role] ?? []
    if (decider.kind === 'group') return w.roles[decider.group] ?? []
    if (decider.kind === 'headOf') return w.heads[decider.unit ?? 'own'] ?? []
    if (decider.kind === 'formField') return w.fields[decider.field] ? [w.fields[decider.field] ?? ''] : []
    if (decider.kind === 'upper') return (decider.level === 1 ? w.superiors[of] : w.superiors[`${of} ${decider.level}`]) ?? []
    if (decider.kind === 'office') return w.roles[decider.office] ?? []
    return decider.kind === 'administrator' ? w.administrators : []
  }
  return {
    now: w.now,
    today: '2026-03-02',
    record: { version: w.version, hash: `h${w.version}`, items: w.rows, ...(w.after ? { after: { version: w.after } } : {}) },
    resolve: (decider, { of }) => ask(decider, of),
    isActive: (person) => !w.left.includes(person),
    successorOf: (person) => w.successors[person],
    evaluate: ({ field, is }) => w.fields[field] === is,
    isFilled: (field) => w.fields[field] !== undefined,
    isAdministrator: (person) => w.administrators.includes(person),
    // A day has eight working hours here; a card says three days; nobody knows a unit that is not listed.
    dueAt: (limit, from, rests = []) => {
      const given = 'rule' in limit ? { unit: 'days', amount: 3 } : limit
      const each: Record<string, number> = { hours: 1, workingHours: 3, days: 24, workingDays: 24 }
      const rested = rests.reduce((sum, { from: since, to }) => sum + Date.parse(to ?? w.now) - Date.parse(since), 0) / 3_600_000
      return {
        at: later(given.amount * (each[given.unit] ?? 24) + rested, from),
        ...(given.amount > 300 ? { provisional: true as const } : {}),
      }
    },
    instantOf: (field) => w.fields[field] ?? null,
    isWorkingTime: () => w.isWorkingTime,
    ...(w.changed ? { changed: w.changed } : {}),
    fieldsOf: ({ field }) => [field],
    mayActFor: (actor, person) => w.standIns.some(([by, of]) => by === actor && of === person),
    strictest: (one: Plain, other: Plain) => {
      const places = [degrees.indexOf(String(one)), degrees.indexOf(String(other))]
      return places.includes(-1) ? undefined : degrees[Math.max(...places)]
    },
  }
}

type Loose = { kind: Act['kind']; [key: string]: unknown }
/** One thing that was done in a story, with the hospital as it was then; without an act the directory was asked again. */
export interface Scene {
  readonly world: World
  readonly by: PersonId
  readonly act?: Loose
}

/** A request being told: acts by name, the task found by its person, every invariant held after each act. */
export class Story {
  readonly definition: Flow<Condition>
  readonly world: World
  readonly events: FlowEvent[] = []
  /** The story that this one was copied from, and how many events it had then. */
  origin: Story | undefined
  copiedAt = 0
  /** In a long story each act is checked against the state before it, and the whole is replayed by `replayed`. */
  isLong = false
  /** What was done, where it is written down. */
  script: Scene[] | undefined
  /** Called before anything is done in it, or in a copy. */
  onScene: ((story: Story) => void) | undefined
  #state: InstanceState | undefined
  #acts = 0

  constructor(definition: Flow<Condition>, w: World) {
    this.definition = definition
    this.world = w
  }

  static submitted(definition: Flow<Condition>, w: World, more: object = {}): Story {
    const story = new Story(definition, w)
    story.act('doctor', { kind: 'submit', instance: { id: 'i1', number: 'SQ-7', flowVersion: 1 }, applicant: 'doctor', ...more })
    return story
  }

  static resumed(definition: Flow<Condition>, w: World, begun: { events: readonly FlowEvent[]; state: InstanceState }): Story {
    const story = new Story(definition, w)
    story.#acts = begun.events.length
    story.#take(begun)
    return story
  }

  /** The same request with a future of its own. */
  fork(): Story {
    const story = new Story(this.definition, { ...this.world, roles: { ...this.world.roles }, fields: { ...this.world.fields } })
    story.#acts = this.#acts
    story.#state = this.#state
    story.events.push(...this.events)
    story.origin = this
    story.copiedAt = this.events.length
    story.isLong = this.isLong
    story.script = this.script && [...this.script]
    story.onScene = this.onScene
    return story
  }

  /** Replays the whole story as it would be read from a store. */
  replayed(): void {
    replays(JSON.parse(JSON.stringify(this.events)) as FlowEvent[], this.state)
  }

  get isBegun(): boolean {
    return this.#state !== undefined
  }

  /** How many acts were accepted. */
  get length(): number {
    return Object.keys(this.state.acts).length
  }

  get state(): InstanceState {
    if (!this.#state) throw new Error('nothing submitted')
    return this.#state
  }

  /** Tries an act and keeps what it does. */
  try(actor: PersonId, act: Loose): Decided {
    const holder = typeof act['onBehalfOf'] === 'string' ? act['onBehalfOf'] : actor
    const mine = this.#state?.tasks.filter((task) => task.person === holder) ?? []
    const task = (mine.find((one) => one.state === 'open') ?? mine.at(-1))?.id ?? 'none'
    const full = { actId: `act${++this.#acts}`, actor, seenVersion: this.world.version, task, ...act } as unknown as Act
    this.#note({ world: this.world, by: actor, act: { task, ...act, actId: full.actId } })
    const result = decide(this.definition, this.#state, frozen(full), environment(this.world))
    if (result.ok) this.#take(result)
    return result
  }

  act(actor: PersonId, act: Loose): this {
    const result = this.try(actor, act)
    if (!result.ok) throw new Error(`${actor} ${act.kind}: ${result.refusal.code} ${JSON.stringify(result.refusal.detail)}`)
    return this
  }

  refused(actor: PersonId, act: Loose): RefusalCode | 'accepted' {
    const before = this.#state
    const result = this.try(actor, act)
    if (!result.ok && this.#state !== before) throw new Error('a refusal changed the state')
    return result.ok ? 'accepted' : result.refusal.code
  }

  approve = (...actors: PersonId[]): this => actors.reduce<this>((story, actor) => story.act(actor, { kind: 'approve' }), this)
  items = (actor: PersonId, verdicts: Record<string, Verdict>): this => this.act(actor, { kind: 'decideItems', verdicts })

  reresolve(): this {
    this.#note({ world: this.world, by: 'system' })
    this.#take(reresolve(this.definition, this.state, { actId: `act${++this.#acts}`, actor: 'system' }, environment(this.world)))
    return this
  }

  lines(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.state.items).map(([id, line]) => [id, line.splitTo ? `split ${line.splitTo}` : line.state]),
    )
  }

  waiting = (): PersonId[] => [...waitsFor(this.state).people]
  find = <T extends FlowEvent['type']>(type: T): Extract<FlowEvent, { type: T }>[] =>
    this.events.filter((event): event is Extract<FlowEvent, { type: T }> => event.type === type)

  #note(scene: Scene): void {
    this.onScene?.(this)
    this.script?.push(structuredClone(scene))
  }
  #take({ events, state }: { events: readonly FlowEvent[]; state: InstanceState }): void {
    const before = this.#state
    this.events.push(...events)
    this.#state = frozen(state)
    if (this.isLong && before) follows(before, events, state)
    else replays(this.events, state)
    holds(this.events, state)
  }
}
