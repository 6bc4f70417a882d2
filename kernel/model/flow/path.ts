import { apply, claimable, counts, isEnded, isResting } from './apply.ts'
import type { Flow, Handled, Limit, Mode, PersonId, StepId } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import type { Plan, Stop } from './plan.ts'
import { areSiblings, planOf } from './plan.ts'
import { assign, resolveDecider, whenNobody } from './route.ts'
import type { Decision, EntryEnd, InstanceState, StuckCause } from './state.ts'
import { whole } from './state.ts'

/** `inTurn`: his turn comes later (`inOrder`) · `expected`: the step lies ahead. */
export interface PathPerson {
  readonly person: PersonId
  readonly state: 'waiting' | 'inTurn' | 'decided' | 'released' | 'expected'
  /** What he said last, with opinion, signature and moment. */
  readonly decision?: Decision
}
/** One stop of the drawn path. `skipped`: a condition or a policy passed it by · `notReached`: the request ended before. */
export interface PathStep {
  /** The step's id, or `start`. */
  readonly key: StepId
  readonly kind: 'start' | Exclude<Stop<unknown>['step']['kind'], 'split' | 'join'> | 'join'
  readonly label: string
  readonly state: 'done' | 'current' | 'future' | 'skipped' | 'notReached'
  readonly mode?: Mode
  readonly people: readonly PathPerson[]
  /** Whom it waits for now. */
  readonly waitsFor: readonly PersonId[]
  readonly since?: string
  readonly until?: string
  readonly due?: string
  readonly provisional?: true
  /** Its clock stands still since then, for a question (W19); there is no due moment meanwhile. */
  readonly restsSince?: string
  readonly limit?: Limit
  readonly how?: EntryEnd
  readonly stuck?: StuckCause
  /** Why a decider is not who the plain rule names (ahead only; afterwards the `routed` events tell). */
  readonly notes?: ReturnType<typeof assign>['notes']
}

/** Whom an instance waits for: people, or the repair of what is stuck. Both are empty only when it is ended, or a service or timer runs. */
export function waitsFor(state: InstanceState): { readonly people: readonly PersonId[]; readonly stuck: readonly StuckCause[] } {
  const open = state.tasks.filter((task) => task.state === 'open').map((task) => task.person)
  const pool = state.entries.flatMap((entry) => claimable(state, entry))
  const people = state.status === 'returned' ? [state.applicant] : [...new Set([...open, ...pool])]
  return { people, stuck: state.entries.flatMap((entry) => entry.stuck ?? []) }
}

/** The way of a request for drawing: what was, where it is, what will come. Before submission give the applicant (and his choices). */
export function describePath<F>(
  definition: Flow<F>,
  about: InstanceState | { readonly applicant: PersonId; readonly chosen?: InstanceState['chosen'] },
  env: FlowEnvironment<F>,
): PathStep[] {
  const plan = planOf(definition)
  const isPreview = !('status' in about)
  const state = isPreview ? sample(definition, about, env) : about
  const isWaiting = isPreview || state.status === 'returned'
  const start: PathStep = {
    key: 'start',
    kind: 'start',
    label: '提交申请',
    state: isWaiting ? 'current' : 'done',
    people: [{ person: state.applicant, state: 'decided' }],
    waitsFor: isWaiting ? [state.applicant] : [],
  }
  const shown = plan.stops.filter(({ step, key }) => step.kind !== 'split' && (step.kind !== 'join' || isAt(state, key)))
  if (isPreview) return [start, ...foreseen(plan, shown, state, env)]
  return [start, ...shown.map((stop) => describeStop(stop, state, env, isWaiting ? -1 : reachedIn(plan, state, stop)))]
}

/** What will come when everybody consents: who did at an earlier step is known at a later one, but not in a branch beside his. */
function foreseen<F>(plan: Plan<F>, stops: readonly Stop<F>[], state: InstanceState, env: FlowEnvironment<F>): PathStep[] {
  const said: { readonly stop: Stop<F>; readonly chain: readonly Decision[] }[] = []
  return stops.map((stop) => {
    const before = said.filter((one) => !areSiblings(plan, one.stop.track, stop.track))
    const step = describeStop(stop, { ...state, chain: before.flatMap(({ chain }) => chain) }, env, -1)
    said.push({ stop, chain: consents(stop, step, state, env) })
    return step
  })
}
/** Whose consent at a step is certain once it is passed: of several of whom one decides nobody's is. */
function consents<F>(
  { key, step }: Stop<F>,
  { state, mode, people }: PathStep,
  { items }: InstanceState,
  env: FlowEnvironment<F>,
): Decision[] {
  if (state !== 'future' || !handledOf(step) || typeof mode === 'object' || (mode === 'anyOf' && people.length !== 1)) return []
  const verdicts = Object.fromEntries(Object.keys(items).map((item) => [item, { say: 'pass' as const }]))
  const { version } = env.record
  return people.map(({ person }) => ({
    entry: `${key}#0`,
    step: key,
    act: 'approve',
    actId: '',
    at: env.now,
    person,
    actor: person,
    verdicts,
    version,
  }))
}

function sample<F>(
  definition: Flow<F>,
  { applicant, chosen = {} }: { applicant: PersonId; chosen?: InstanceState['chosen'] },
  env: FlowEnvironment<F>,
): InstanceState {
  const { version, items = [] } = env.record
  return apply(undefined, {
    type: 'submitted',
    id: '',
    number: '',
    flow: definition.name,
    flowVersion: 0,
    applicant,
    chosen,
    version,
    items: definition.items ? items : [whole],
    at: env.now,
    actId: '',
    actor: applicant,
  })
}

/** Whether a join has a task of its own: narrowings that cannot be compared. */
const isAt = (state: InstanceState, key: StepId): boolean =>
  [...state.entries, ...state.past.filter((one) => one.how !== 'joined' && !one.void)].some((one) => one.step === key)

/** How far the walk has come, as seen from a place: branches beside it do not count. */
function reachedIn<F>(plan: Plan<F>, state: InstanceState, { track }: Stop<F>): number {
  const stays = [...state.entries, ...state.past.filter((one) => !one.void)].flatMap((one) => plan.byKey.get(one.step) ?? [])
  return Math.max(-1, ...stays.filter((stop) => !areSiblings(plan, stop.track, track)).map((stop) => stop.index))
}

function describeStop<F>(stop: Stop<F>, state: InstanceState, env: FlowEnvironment<F>, reached: number): PathStep {
  const { step, key, index } = stop
  const handled = handledOf(step)
  const kind = step.kind === 'split' ? 'join' : step.kind
  const base = { key, kind, label: labelOf(step), people: [], waitsFor: [] } as const
  const limits = handled ? { mode: handled.mode, ...(handled.limit ? { limit: handled.limit } : {}) } : {}
  const now = state.entries.find((one) => one.step === key)
  if (now) return { ...base, ...limits, ...current(state, now) }
  const was = state.past.findLast((one) => one.step === key && !one.void)
  if (was) {
    const since = state.tasks.find((task) => task.entry === was.entry)?.openedAt
    const people = peopleAt(state, was.entry)
    return {
      ...base,
      ...limits,
      state: was.how === 'skipped' ? 'skipped' : 'done',
      people,
      until: was.at,
      how: was.how,
      ...(since ? { since } : {}),
    }
  }
  const isTaken = stop.guards.every(({ branch, condition, side }) => {
    const taken = state.branches[branch]
    return taken ? taken === side : index > reached && env.evaluate(condition) === (side === 'then')
  })
  const isPassedBy = index < reached
  if (!isTaken || (isPassedBy && step.kind !== 'notify')) return { ...base, ...limits, state: 'skipped' }
  if (isPassedBy || state.status === 'approved') return { ...base, state: 'done' }
  if (isEnded(state)) return { ...base, ...limits, state: 'notReached' }
  return { ...base, ...limits, state: 'future', ...expected(stop, state, env) }
}

function expected<F>({ step, key }: Stop<F>, state: InstanceState, env: FlowEnvironment<F>): Pick<PathStep, 'people' | 'notes'> {
  const expect = (person: PersonId): PathPerson => ({ person, state: 'expected' })
  if (step.kind === 'notify') {
    const told = step.who.flatMap((one) => (one === 'applicant' ? [state.applicant] : resolveDecider({ env, state }, one, key)))
    return { people: [...new Set(told)].map(expect) }
  }
  const handled = handledOf(step)
  if (!handled) return { people: [] }
  const { slots, notes, autos, members } = assign({ env, state }, handled)
  const isUnknownYet = members.length === 0 && handled.by.some((one) => one.kind === 'chosen' || one.kind === 'earlier')
  if (isUnknownYet) return { people: [] }
  const nobody = slots.length + autos.length === 0 ? whenNobody({ env, state }, handled, members) : undefined
  const people = (nobody?.slots ?? slots).map((slot) => slot.person)
  const told = nobody ? [...notes, { why: 'nobody' as const, policy: nobody.policy, to: people }] : notes
  return { people: people.map(expect), ...(told.length > 0 ? { notes: told } : {}) }
}

const handledOf = (step: Stop<unknown>['step']): Handled | undefined =>
  step.kind === 'join' ? step.conflict : step.kind === 'approve' || step.kind === 'fill' || step.kind === 'seal' ? step : undefined
const labelOf = (step: Stop<unknown>['step']): string =>
  step.kind === 'notify' || step.kind === 'split' ? '知会' : step.kind === 'join' ? step.conflict.label : step.label

function current(state: InstanceState, entry: InstanceState['entries'][number]): Omit<PathStep, 'key' | 'kind' | 'label'> {
  const people = [...peopleAt(state, entry.id), ...entry.queue.map(({ person }): PathPerson => ({ person, state: 'inTurn' }))]
  const { openedAt: since, due, provisional, stuck } = entry
  const resting = isResting(entry) ? entry.rests?.at(-1) : undefined
  const waiting = people.filter((one) => one.state === 'waiting').map((one) => one.person)
  return {
    state: 'current',
    people,
    waitsFor: waiting,
    since,
    ...(resting ? { restsSince: resting.from } : due ? { due } : {}),
    ...(provisional && !resting ? { provisional } : {}),
    ...(stuck ? { stuck } : {}),
  }
}

function peopleAt(state: InstanceState, entry: string): PathPerson[] {
  const said = new Map(state.chain.filter((one) => one.entry === entry && counts(one)).map((one) => [one.person, one]))
  const tasks = state.tasks.filter((task) => task.entry === entry)
  const people = [...new Set([...said.keys(), ...tasks.map((task) => task.person)])]
  return people.map((person) => {
    const decision = said.get(person)
    const isOpen = tasks.some((task) => task.person === person && task.state === 'open')
    return { person, state: isOpen ? 'waiting' : decision ? 'decided' : 'released', ...(decision ? { decision } : {}) }
  })
}
