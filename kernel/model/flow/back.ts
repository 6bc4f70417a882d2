import type { ReturnTarget } from './definition.ts'
import type { Plan, Stop } from './plan.ts'
import { areSiblings, lanesAround, liesAfter, stopOf } from './plan.ts'
import type { Run } from './run.ts'
import type { CancelCause, EntryEnd, EntryId, InstanceState, Snapshot, TrackId } from './state.ts'

/** A place in the plan; the beginning has none. */
type Place = { readonly index: number; readonly track?: TrackId }
const beginning: Place = { index: -1 }

/** What a new beginning at a place undoes. */
export interface Undone {
  readonly from: Place
  readonly voided: readonly EntryId[]
  readonly forgotten: readonly string[]
  /** The branch of the new beginning, all branches around it, and the branches that are gone. */
  readonly target?: TrackId
  readonly reopens: readonly TrackId[]
  readonly drops: readonly TrackId[]
}

/** What a return to a place makes void; the conditions that lead there stay answered. */
export function undoneBy<F>(plan: Plan<F>, state: InstanceState, to: ReturnTarget): Undone {
  const from = to === 'applicant' ? beginning : stopOf(plan, to.step)
  const stays = [...state.past.filter((one) => !one.void), ...state.entries.map((one) => ({ entry: one.id, step: one.step }))]
  const voided = stays.filter((one) => liesAfter(plan, stopOf(plan, one.step), from)).map((one) => one.entry)
  const { track } = from
  return {
    from,
    voided,
    forgotten: forgottenFrom(plan, state, from),
    ...(track ? { target: track } : {}),
    ...tracksFrom(plan, state, from),
  }
}

/** The answered conditions that only lead to places from there on. */
export function forgottenFrom<F>(plan: Plan<F>, state: InstanceState, from: Place): string[] {
  const kept = plan.stops.filter((stop) => stop.index === from.index || !liesAfter(plan, stop, from))
  const keys = new Set(kept.flatMap((stop) => stop.guards.map((guard) => guard.branch)))
  return Object.keys(state.branches).filter((branch) => !keys.has(branch))
}
/** The branches around a place, and those that begin after it. */
export function tracksFrom<F>(plan: Plan<F>, state: InstanceState, from: Place): Pick<Undone, 'reopens' | 'drops'> {
  const reopens = lanesAround(plan, from.track).map((lane) => lane.id)
  const drops = Object.keys(state.tracks).filter((id) => {
    const lane = plan.lanes.get(id)
    return lane && !reopens.includes(id) && liesAfter(plan, { index: lane.from, track: id }, from)
  })
  return { reopens, drops }
}

/** The branches that end without a join when the request is put to a place outside them; one entered alone would wait for the others for ever. */
export function leftBehind<F>(plan: Plan<F>, { tracks }: InstanceState, { track }: Place): TrackId[] {
  const around = lanesAround(plan, track).map((lane) => lane.parallel)
  const running = Object.values(tracks).flatMap((one) => (one.state === 'running' ? [one.parallel] : []))
  const unmet = new Set(running.filter((parallel) => !around.includes(parallel)))
  return Object.keys(tracks).filter((id) => !areSiblings(plan, id, track) && lanesAround(plan, id).some((lane) => unmet.has(lane.parallel)))
}

/** Ends a stay and the tasks that are still open in it. */
export function close<F>(run: Run<F>, entry: EntryId, how: EntryEnd, cause: CancelCause): void {
  for (const task of run.tasksAt(entry)) if (task.state === 'open') run.emit({ type: 'taskCancelled', task: task.id, cause })
  run.emit({ type: 'stepClosed', entry, how })
}

/** Sends the whole request back; what lies from there on is void. Gives the place to walk on from, unless the applicant has it. */
export function sendTo<F>(run: Run<F>, entry: EntryId, to: ReturnTarget, reason: string): Stop<F> | undefined {
  const { from, ...undone } = undoneBy(run.plan, run.state, to)
  for (const { id } of run.state.entries) if (undone.voided.includes(id)) close(run, id, 'returned', 'returned')
  run.emit({ type: 'returned', entry, to, reason, ...undone, before: snapshot(run.before ?? run.state) })
  return from.index < 0 ? undefined : run.plan.stops[from.index]
}

function snapshot({ items, tracks, entries, past, branches, tasks }: InstanceState): Snapshot {
  return { items, tracks, entries, past, branches, open: tasks.flatMap((task) => (task.state === 'open' ? [task.id] : [])) }
}
