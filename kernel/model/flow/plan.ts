import type { Approve, Flow, Handled, Notify, Parallel, Service, Step, StepId, Timer, When } from './definition.ts'
import { approve } from './definition.ts'
import type { TrackId } from './state.ts'

/** The condition that must hold, and on which side, for a stop to be reached. */
export interface Guard<F> {
  readonly branch: string
  readonly condition: F
  readonly side: 'then' | 'otherwise'
}
/** The place where a way parts into branches. */
export interface Split {
  readonly kind: 'split'
  readonly tracks: readonly TrackId[]
}
/** The place where branches meet again. `conflict` is the step at which narrowings are settled that cannot be compared. */
export interface Join {
  readonly kind: 'join'
  readonly conflict: Approve
}
/** A step that does something, with the conditions around it. */
export interface Stop<F> {
  /** The step's id, or its path for a step without one. */
  readonly key: StepId
  readonly path: string
  readonly index: number
  readonly step: Handled | Notify | Service | Timer | Split | Join
  readonly guards: readonly Guard<F>[]
  /** The branch it lies in. */
  readonly track?: TrackId
}
/** One branch in the plan: its stops are `from` up to, not including, `to`. */
export interface Lane {
  readonly id: TrackId
  readonly parallel: StepId
  readonly onRefuse: Parallel['onRefuse']
  readonly from: number
  readonly to: number
  readonly join: number
  /** The branch that the split itself lies in. */
  readonly track?: TrackId
}
/** A definition laid out in walking order; made once a definition. */
export interface Plan<F> {
  readonly definition: Flow<F>
  readonly stops: readonly Stop<F>[]
  readonly byKey: ReadonlyMap<StepId, Stop<F>>
  readonly lanes: ReadonlyMap<TrackId, Lane>
}

const plans = new WeakMap<object, unknown>()

/** The plan of a definition, kept as long as the definition lives. */
export function planOf<F>(definition: Flow<F>): Plan<F> {
  const known = plans.get(definition) as Plan<F> | undefined
  if (known) return known
  const drawing: Drawing<F> = { stops: [], lanes: new Map() }
  layOut(definition.steps, { path: 'steps', guards: [] }, drawing)
  const { stops, lanes } = drawing
  const plan = { definition, stops, lanes, byKey: new Map(stops.map((stop) => [stop.key, stop])) }
  plans.set(definition, plan)
  return plan
}

/** The step at which people act, at a stop's key; nothing for services, timers, messages and unknown keys. */
export function findHandled<F>(plan: Plan<F>, key: StepId): Handled | undefined {
  const step = plan.byKey.get(key)?.step
  if (step?.kind === 'join') return step.conflict
  return step && (step.kind === 'approve' || step.kind === 'fill' || step.kind === 'seal') ? step : undefined
}
/** The same; a fault when the instance and its definition do not belong together. */
export function handledStep<F>(plan: Plan<F>, key: StepId): Handled {
  const step = findHandled(plan, key)
  if (!step) throw new Error(`flow ${plan.definition.name}: nobody acts at ${key}`)
  return step
}

/** A stop by its key; a fault when the definition does not know it. */
export function stopOf<F>(plan: Plan<F>, key: StepId): Stop<F> {
  const stop = plan.byKey.get(key)
  if (!stop) throw new Error(`flow ${plan.definition.name}: no step ${key}`)
  return stop
}
/** The place of a stop in walking order. */
export const indexOf = <F>(plan: Plan<F>, key: StepId): number => stopOf(plan, key).index

/** The branches around a place, the innermost first. */
export function lanesAround<F>(plan: Plan<F>, track: TrackId | undefined): Lane[] {
  const lane = track === undefined ? undefined : plan.lanes.get(track)
  return lane ? [lane, ...lanesAround(plan, lane.track)] : []
}
/** Whether two places lie in different branches of the same split. */
export function areSiblings<F>(plan: Plan<F>, one: TrackId | undefined, other: TrackId | undefined): boolean {
  const others = lanesAround(plan, other)
  return lanesAround(plan, one).some((lane) => others.some((beside) => beside.parallel === lane.parallel && beside.id !== lane.id))
}
/** What a new beginning at `from` makes undone: everything from there on, but not the branches beside it. */
export const liesAfter = <F>(plan: Plan<F>, stop: Pick<Stop<F>, 'index' | 'track'>, from: Pick<Stop<F>, 'index' | 'track'>): boolean =>
  stop.index >= from.index && !areSiblings(plan, stop.track, from.track)

interface Drawing<F> {
  readonly stops: Stop<F>[]
  readonly lanes: Map<TrackId, Lane>
}
interface Place<F> {
  readonly path: string
  readonly guards: readonly Guard<F>[]
  readonly track?: TrackId
}

function layOut<F>(steps: readonly Step<F>[], place: Place<F>, into: Drawing<F>): void {
  steps.forEach((step, nth) => {
    const here = { ...place, path: `${place.path}.${nth}` }
    if (step.kind === 'when') layOutWhen(step, here, into)
    else if (step.kind === 'parallel') layOutParallel(step, here, into)
    else push(into, here, step.kind === 'notify' ? here.path : step.id, step)
  })
}
function push<F>({ stops }: Drawing<F>, place: Place<F>, key: StepId, step: Stop<F>['step']): void {
  stops.push({ key, index: stops.length, step, ...place })
}

function layOutWhen<F>(step: When<F>, place: Place<F>, into: Drawing<F>): void {
  for (const side of ['then', 'otherwise'] as const) {
    const guards = [...place.guards, { branch: place.path, condition: step.condition, side }]
    layOut(step[side], { ...place, path: `${place.path}.${side}`, guards }, into)
  }
}

function layOutParallel<F>(step: Parallel<F>, place: Place<F>, into: Drawing<F>): void {
  const tracks = step.branches.map((_, nth) => `${step.id}/${nth}`)
  push(into, place, `${step.id}/split`, { kind: 'split', tracks })
  const spans = step.branches.map((branch, nth) => {
    const from = into.stops.length
    layOut(branch, { path: `${place.path}.branches.${nth}`, guards: place.guards, track: tracks[nth] ?? '' }, into)
    return { from, to: into.stops.length }
  })
  const join = into.stops.length
  spans.forEach((span, nth) => {
    const id = tracks[nth] ?? ''
    const outer = place.track === undefined ? {} : { track: place.track }
    into.lanes.set(id, { id, parallel: step.id, onRefuse: step.onRefuse, ...span, join, ...outer })
  })
  const conflict = approve(step.id, step.label, { by: step.reconcile, items: true, acts: ['decideItems', 'transfer', 'takeBack'] })
  push(into, place, step.id, { kind: 'join', conflict })
}
