import type { PersonId } from './definition.ts'
import type { Decision, Entry, EntryId, FlowEvent, InstanceState, Line, RowId, Task, TrackId, Verdict } from './state.ts'
import { whole } from './state.ts'
import { begun, fold } from './fold.ts'

/** A line that still goes its way in this instance: neither refused nor split off. */
export const isLive = (line: Line): boolean => line.state !== 'refused' && line.splitTo === undefined
/** All lines as they stand in a branch, or on the main way. */
export const linesAt = (state: InstanceState, track?: TrackId): Readonly<Record<RowId, Line>> =>
  (track === undefined ? state.items : state.tracks[track]?.items) ?? {}
/** The lines that still go their way there, with their ids. */
export const liveLines = (state: InstanceState, track?: TrackId): [RowId, Line][] =>
  Object.entries(linesAt(state, track)).filter(([, line]) => isLive(line))
/** What a decision says about a line; `*` speaks for every line that is not named. */
export const verdictOf = (decision: Decision, item: RowId): Verdict | undefined => decision.verdicts[item] ?? decision.verdicts[whole]
/** Whether a link of the chain says something and still counts; a transfer is a link that says nothing. */
export const counts = (decision: Decision): boolean => !decision.void && hasAny(decision.verdicts)
function hasAny(verdicts: Decision['verdicts']): boolean {
  for (const _ in verdicts) return true
  return false
}
/** The decisions that count at one stay. */
export function decisionsAt({ chain }: InstanceState, entry: EntryId): readonly Decision[] {
  const known = byEntry.get(chain) ?? new Map<EntryId, readonly Decision[]>()
  byEntry.set(chain, known)
  const found = known.get(entry) ?? chain.filter((one) => one.entry === entry && counts(one))
  known.set(entry, found)
  return found
}
// A chain is never changed, only replaced; every line of a long list asks the same question of it.
const byEntry = new WeakMap<InstanceState['chain'], Map<EntryId, readonly Decision[]>>()
/** Whether nothing can happen any more. */
export const isEnded = (state: InstanceState): boolean => state.status !== 'running' && state.status !== 'returned'
/** Whether people act at this stay. */
export const isHandled = (entry: Entry): boolean => entry.kind !== 'service' && entry.kind !== 'timer'

/** Whether its clock stands still now (W19). */
export const isResting = ({ rests }: Pick<Entry, 'rests'>): boolean =>
  rests !== undefined && rests.length > 0 && rests.at(-1)?.to === undefined

/** W18: who may take a stay's task now; nobody while somebody has it, and nobody after it was decided. */
export function claimable({ tasks }: InstanceState, { id, pool = [], held, added }: Entry): readonly PersonId[] {
  // Who only advised, or was added, has not taken it from the group.
  const isAside = ({ via, person }: Task): boolean => via === 'delegate' || added.some((one) => one.person === person)
  const isTaken = tasks.some((task) => task.entry === id && (task.state === 'open' || (task.state === 'done' && !isAside(task))))
  if (isTaken || held.length > 0) return []
  return pool.filter(
    (person) => !tasks.some((task) => task.entry === id && task.person === person && task.state === 'done' && task.via !== 'delegate'),
  )
}

/** The state after one more event. The first event must be `submitted` or `begunBySplit`. */
export function apply(state: InstanceState | undefined, event: FlowEvent): InstanceState {
  if (event.type === 'submitted' || event.type === 'begunBySplit') return begun(event)
  if (!state) throw new Error(`flow: ${event.type} before the beginning`)
  const change = fold[event.type] as (state: InstanceState, event: FlowEvent) => Partial<InstanceState>
  return Object.freeze({ ...state, ...change(state, event) })
}

/** The state that a list of events gives. */
export function replay(events: readonly FlowEvent[], from?: InstanceState): InstanceState {
  const state = events.reduce<InstanceState | undefined>(apply, from)
  if (!state) throw new Error('flow: no events')
  return state
}
