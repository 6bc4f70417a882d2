import type { Entry, EntryId, FlowEvent, InstanceState, Line, Outcome, RowId, Task, TaskId, Terms, Verdict, Decision } from './state.ts'
import { whole } from './state.ts'

/** A line that still goes its way in this instance: neither refused nor split off. */
export const isLive = (line: Line): boolean => line.state !== 'refused' && line.splitTo === undefined
/** The lines that still go their way, with their ids. */
export const liveLines = (state: InstanceState): [RowId, Line][] => Object.entries(state.items).filter(([, line]) => isLive(line))
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

const fresh = (): Line => Object.freeze({ state: 'open', terms: {}, past: [] })

type Fold = { [K in FlowEvent['type']]: (state: InstanceState, event: Extract<FlowEvent, { type: K }>) => Partial<InstanceState> }
const fold: Omit<Fold, 'submitted' | 'begunBySplit'> = {
  acted: (state, { actId, print }) => ({ acts: { ...state.acts, [actId]: print } }),
  resubmitted: (state, { added, removed, version, chosen }) => ({
    status: 'running',
    version,
    chosen,
    items: {
      ...mapLines(state, (line, id) => (removed.includes(id) ? undefined : isLive(line) ? reopened(line) : line)),
      ...Object.fromEntries(added.map((id) => [id, fresh()])),
    },
  }),
  branchTaken: (state, { branch, taken }) => ({ branches: { ...state.branches, [branch]: taken } }),
  stepOpened: (state, { entry, version }) => ({
    version,
    entries: [...state.entries, entry],
    counts: { ...state.counts, entries: state.counts.entries + 1 },
    ...(entry.kind === 'approve' ? { items: mapLines(state, (line) => (isLive(line) ? reopened(line) : line)) } : {}),
  }),
  membersChanged: (state, { entry, members, queue }) => changeEntry(state, entry, { members, queue }),
  taskOpened: (state, { task }) => ({ tasks: [...state.tasks, task] }),
  taskDone: (state, { task, at }) => changeTask(state, task, { state: 'done', closedAt: at }),
  taskCancelled: (state, { task, cause, at }) => changeTask(state, task, { state: 'cancelled', cause, closedAt: at }),
  routed: () => ({}),
  decided: (state, { decision }) => ({ chain: [...state.chain, decision] }),
  edited: (_, { version }) => ({ version }),
  settled: (state, { entry, step, outcomes }) => ({
    items: mapLines(state, (line, id) => (outcomes[id] ? { ...line, ...settledLine(line, entry, outcomes[id]), step } : line)),
  }),
  stepClosed: (state, { entry, how, at }) => {
    const closed = state.entries.find((one) => one.id === entry)
    return closed ? { entries: without(state, entry), past: [...state.past, { entry, step: closed.step, how, at }] } : {}
  },
  splitOff: (state, { items, number }) => ({
    items: mapLines(state, (line, id) => (items.includes(id) ? { ...line, splitTo: number } : line)),
    counts: { ...state.counts, children: state.counts.children + 1 },
  }),
  returned: (state, { to, reason, voided, forgotten }) => ({
    status: to === 'applicant' ? 'returned' : 'running',
    chain: state.chain.map((one) => (voided.includes(one.entry) ? { ...one, void: true as const } : one)),
    past: state.past.map((one) => (voided.includes(one.entry) ? { ...one, void: true as const } : one)),
    branches: Object.fromEntries(Object.entries(state.branches).filter(([branch]) => !forgotten.includes(branch))),
    items: mapLines(state, (line) => (isLive(line) ? { ...line, state: 'returned', reason, ...termsWithout(line, voided) } : line)),
  }),
  notified: () => ({}),
  serviceCalled: () => ({}),
  serviceFailed: () => ({}),
  stuck: (state, { entry, why }) => changeEntry(state, entry, { stuck: why }),
  repaired: (state, { entry }) => ({
    entries: state.entries.map((one) => {
      if (one.id !== entry) return one
      const { stuck: _, ...rest } = one
      return rest
    }),
  }),
  effect: () => ({ isEffected: true }),
  ended: (_, { result }) => ({ status: result }),
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

/** What a line would be bound to if the given stays had not been. */
export function termsWithout(line: Line, voided: readonly EntryId[]): Pick<Line, 'terms' | 'past'> {
  const past = line.past.filter((one) => !voided.includes(one.entry))
  return { terms: past.at(-1)?.terms ?? {}, past }
}

function begun(event: Extract<FlowEvent, { type: 'submitted' | 'begunBySplit' }>): InstanceState {
  const { id, number, flow, flowVersion, applicant, filledBy, version, chosen } = event
  const isChild = event.type === 'begunBySplit'
  return Object.freeze({
    id,
    number,
    flow,
    flowVersion,
    applicant,
    version,
    chosen,
    ...(filledBy ? { filledBy } : {}),
    ...(isChild ? { parent: event.parent } : {}),
    status: isChild && event.to === 'applicant' ? 'returned' : 'running',
    items: isChild ? event.items : Object.fromEntries(event.items.map((item) => [item, fresh()])),
    entries: [],
    past: [],
    tasks: [],
    chain: [],
    branches: isChild ? event.branches : {},
    isEffected: false,
    counts: { entries: 0, children: 0 },
    acts: {},
  })
}

function reopened({ terms, past }: Line): Line {
  return { state: 'open', terms, past }
}

function settledLine(line: Line, entry: EntryId, outcome: Outcome): Partial<Line> {
  if (outcome.to !== 'passed') return { state: outcome.to, reason: outcome.reason }
  const { narrowTo, supervisedCases } = outcome.terms
  const state = narrowTo !== undefined ? 'narrowed' : supervisedCases ? 'conditional' : 'passed'
  return { state, terms: outcome.terms, past: [...line.past, { entry, terms: outcome.terms satisfies Terms }] }
}

function mapLines(state: InstanceState, change: (line: Line, id: RowId) => Line | undefined): Record<RowId, Line> {
  const result: Record<RowId, Line> = {}
  for (const [id, line] of Object.entries(state.items)) {
    const changed = change(line, id)
    if (changed) result[id] = changed
  }
  return result
}
const without = (state: InstanceState, entry: EntryId): Entry[] => state.entries.filter((one) => one.id !== entry)
const changeEntry = (state: InstanceState, id: EntryId, change: Partial<Entry>): Partial<InstanceState> => ({
  entries: state.entries.map((one) => (one.id === id ? { ...one, ...change } : one)),
})
const changeTask = (state: InstanceState, id: TaskId, change: Partial<Task>): Partial<InstanceState> => ({
  tasks: state.tasks.map((one) => (one.id === id ? { ...one, ...change } : one)),
})
