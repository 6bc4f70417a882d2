import type { Undone } from './back.ts'
import type { Due } from './environment.ts'
import type { SettledAt } from './lines.ts'
import { fresh, mapItems, mapLines, mapTracks, reopened, settledLine, takenBackLine, termsWithout } from './lines.ts'
import type { Entry, EntryId, FlowEvent, InstanceState, Line, Outcome, Past, RowId, Task, TaskId, Track } from './state.ts'
import { whole } from './state.ts'

type Fold = { [K in FlowEvent['type']]: (state: InstanceState, event: Extract<FlowEvent, { type: K }>) => Partial<InstanceState> }
const isLive = (line: Line): boolean => line.state !== 'refused' && line.splitTo === undefined
/** What may still change: a line whose result is real stays as it is (semantics 9). */
const isMoving = (line: Line): boolean => isLive(line) && !line.effected
const reopenLive = (line: Line): Line => (isMoving(line) ? reopened(line) : line)
/** Of those named in an opinion, who could not read the request yet: a copy each, once (W15). */
const newReaders = ({ copies, applicant, filledBy, tasks, consultations }: InstanceState, people: readonly string[]): string[] =>
  people.filter(
    (one) =>
      !copies[one] &&
      one !== applicant &&
      one !== filledBy &&
      !tasks.some(({ person }) => person === one) &&
      !consultations.some(({ person }) => person === one),
  )

/** What each event changes; everything else stays. */
export const fold: Omit<Fold, 'submitted' | 'begunBySplit'> = {
  acted: (state, { actId, print }) => ({ acts: { ...state.acts, [actId]: print } }),
  resubmitted: (state, { added, removed, version, chosen }) => ({
    status: 'running',
    version,
    chosen,
    tracks: {},
    returned: undefined,
    items: {
      ...mapItems(state.items, (line, id) => (removed.includes(id) ? undefined : reopenLive(line))),
      ...Object.fromEntries(added.map((id) => [id, fresh()])),
    },
  }),
  chosen: (state, { chosen }) => ({ chosen: { ...state.chosen, ...chosen } }),
  branchTaken: (state, { branch, taken }) => ({ branches: { ...state.branches, [branch]: taken } }),
  stepOpened: (state, { entry, version, keep }) => ({
    version,
    entries: [...state.entries, entry],
    counts: { ...state.counts, entries: state.counts.entries + 1 },
    ...(keep || entry.kind === 'service' || entry.kind === 'timer'
      ? {}
      : mapLines(state, entry.track, (line, id) => comeTo(state, entry, line, id))),
  }),
  entryChanged: (state, { entry, change }) => changeEntry(state, entry, change),
  split: (state, { parallel, tracks, track }) => {
    const lines = mapLines(state, track, reopenLive)
    const here = track === undefined ? lines.items : lines.tracks?.[track]?.items
    const items = mapItems(here ?? {}, (line) => (isMoving(line) ? line : undefined))
    const opened = tracks.map((id): [string, Track] => [id, { parallel, items, state: 'running' }])
    return { ...lines, tracks: { ...state.tracks, ...lines.tracks, ...Object.fromEntries(opened) } }
  },
  trackDone: (state, { track }) => ({
    tracks: mapTracks(state.tracks, (one, id) => (id === track ? { ...one, state: 'done' } : one)),
  }),
  joined: (state, { stay, outcomes, at, actId }) => ({
    ...settleIn(state, stay.track, outcomes, { entry: stay.id, step: stay.step, by: actId }),
    counts: { ...state.counts, entries: state.counts.entries + 1 },
    past: [...state.past, { entry: stay.id, step: stay.step, how: 'joined', at, by: actId, was: stay }],
  }),
  taskOpened: (state, { task, actId }) => ({ tasks: [...state.tasks, task], ...closesWayBack(state, actId) }),
  taskDone: (state, { task, at, actId }) => changeTask(state, task, { state: 'done', closedAt: at, closedBy: actId }),
  taskCancelled: (state, { task, cause, at, actId }) =>
    changeTask(state, task, { state: 'cancelled', cause, closedAt: at, closedBy: actId }),
  taskReopened: (state, { task }) => ({ tasks: state.tasks.map((one) => (one.id === task ? reopenTask(one) : one)) }),
  routed: () => ({}),
  decided: (state, { decision, actId }) => ({
    chain: [...state.chain, decision],
    ...closesWayBack(state, actId),
  }),
  edited: (_, { version }) => ({ version }),
  settled: (state, { entry, step, outcomes, track, spread, actId: by }) => {
    const at = { entry, step, by }
    const own = settleIn(state, track, outcomes, at)
    const refused = Object.fromEntries(Object.entries(outcomes).filter(([, one]) => one.to === 'refused'))
    return (spread ?? []).reduce<Partial<InstanceState>>(
      (change, other) => ({ ...change, ...settleIn({ ...state, ...change }, other || undefined, refused, at) }),
      own,
    )
  },
  stepClosed: (state, { entry, how, at, actId }) => {
    const was = state.entries.find((one) => one.id === entry)
    if (!was) return {}
    const past: Past = { entry, step: was.step, how, at, by: actId, was }
    return { entries: without(state, entry), past: [...state.past, past], ...closesWayBack(state, actId) }
  },
  splitOff: (state, { items, number }) => ({
    items: mapItems(state.items, (line, id) => (items.includes(id) ? { ...line, splitTo: number } : line)),
    counts: { ...state.counts, children: state.counts.children + 1 },
  }),
  returned: (state, { entry, to, reason, voided, forgotten, target, reopens, drops, actId, actor, before }) => {
    const change = (isTarget: boolean) => (line: Line) => {
      if (!isMoving(line)) return line
      const free = { ...reopened(line), ...termsWithout(line, voided) }
      return isTarget ? { ...free, state: 'returned' as const, reason, ...(line.step ? { step: line.step } : {}) } : free
    }
    return {
      ...voidStays(state, voided),
      status: to === 'applicant' ? 'returned' : 'running',
      branches: dropBranches(state, forgotten),
      items: mapItems(state.items, change(target === undefined)),
      tracks: mapTracks(state.tracks, (track, id) => again(track, id, { reopens, drops }, change(id === target))),
      returned: {
        entry,
        actId,
        actor,
        to,
        words: state.chain.flatMap((one, place) => (!one.void && voided.includes(one.entry) ? [place] : [])),
        before,
      },
    }
  },
  resumed: (state, { entry, due, provisional, version, at }) => {
    const back = goneBack(state)
    // A new entry: its limit begins anew, with all its stages.
    const anew = (one: Entry): Entry => ({ ...omit(one, 'rests'), openedAt: at, stages: [] })
    const limited = (one: Entry): Entry => (due ? withDue(anew(one), { at: due, ...(provisional ? { provisional } : {}) }) : anew(one))
    return { ...back, entries: back.entries.map((one) => (one.id === entry ? limited(one) : one)), version }
  },
  returnTakenBack: (state, { undo }) => {
    const { chain, ...back } = goneBack(state)
    return { ...back, chain: chain.map((one) => (one.actId === undo ? { ...one, void: true, takenBack: true } : one)) }
  },
  takenBack: (state, { undo, stays, voided, forgotten, drops, reopens }) => {
    const back = [...stays.map((one) => one.id), ...voided]
    // The same act may have given words by a policy at the step it opened.
    const said = state.chain.find((one) => one.actId === undo && !one.auto)
    const word = said && { entry: said.entry, speaksOn: (item: RowId) => (said.verdicts[item] ?? said.verdicts[whole]) !== undefined }
    const change = (line: Line, id: RowId): Line => takenBackLine(line, id, { undo, word, stays, voided })
    const kept = state.entries.filter((one) => !back.includes(one.id))
    return {
      ...voidStays({ ...state, past: state.past.filter((one) => !stays.some((stay) => stay.id === one.entry)) }, voided, undo),
      entries: [...kept, ...stays],
      branches: dropBranches(state, forgotten),
      items: mapItems(state.items, change),
      tracks: mapTracks(state.tracks, (track, id) =>
        drops.includes(id)
          ? undefined
          : { ...track, items: mapItems(track.items, change), state: reopens.includes(id) ? 'running' : track.state },
      ),
    }
  },
  copied: (state, { to, at, actor }) => ({
    copies: { ...state.copies, ...Object.fromEntries(to.map((person) => [person, { at, by: actor }])) },
  }),
  remarked: (state, { mentions, at, actor }) => ({
    copies: { ...state.copies, ...Object.fromEntries(newReaders(state, mentions).map((person) => [person, { at, by: actor }])) },
  }),
  consulted: (state, { consultation }) => ({ consultations: [...state.consultations, consultation] }),
  replied: (state, { consultation, reply, at }) => ({
    consultations: state.consultations.map((one) => (one.id === consultation ? { ...one, reply, repliedAt: at } : one)),
  }),
  read: (state, { actor, at }) => {
    const copy = state.copies[actor]
    return copy && !copy.readAt ? { copies: { ...state.copies, [actor]: { ...copy, readAt: at } } } : {}
  },
  clockPaused: (state, { entry, at }) => changeEach(state, entry, (one) => ({ ...one, rests: [...(one.rests ?? []), { from: at }] })),
  clockResumed: (state, { entry, due, at }) =>
    changeEach(state, entry, (one) => ({
      ...(due ? withDue(one, due) : one),
      rests: (one.rests ?? []).map((rest) => (rest.to === undefined ? { ...rest, to: at } : rest)),
    })),
  urged: (_, { at }) => ({ urgedAt: at }),
  duesChanged: (state, { dues }) => ({
    entries: state.entries.map((one) => {
      const fresh = dues[one.id]
      return fresh ? withDue(one, fresh) : one
    }),
  }),
  timedOut: (state, { entry, stage }) => changeEach(state, entry, (one) => ({ ...one, stages: [...one.stages, stage] })),
  jumped: (state, { voided, forgotten, target, reopens = [], drops = [] }) => {
    const change = (line: Line): Line => (isMoving(line) ? { ...reopened(line), ...termsWithout(line, voided) } : line)
    return {
      ...voidStays(state, voided),
      status: 'running',
      returned: undefined,
      branches: dropBranches(state, forgotten),
      items: mapItems(state.items, change),
      tracks: target === undefined ? {} : mapTracks(state.tracks, (track, id) => again(track, id, { reopens, drops }, change)),
    }
  },
  migrated: (_, { flowVersion }) => ({ flowVersion }),
  notified: (state, { topic, to, at, actor }) =>
    topic === 'notify' ? { copies: { ...Object.fromEntries(to.map((person) => [person, { at, by: actor }])), ...state.copies } } : {},
  serviceCalled: (state, { entry, attempt }) => changeEntry(state, entry, { attempts: attempt }),
  serviceFailed: () => ({}),
  stuck: (state, { entry, why }) => changeEntry(state, entry, { stuck: why }),
  repaired: (state, { entry }) => changeEach(state, entry, (one) => omit(one, 'stuck')),
  effect: (state, { items, isLast }) => ({
    isEffected: isLast,
    items: mapItems(state.items, (line, id) => (items.some((one) => one.item === id) ? { ...line, effected: true } : line)),
  }),
  ended: (_, { result }) => ({ status: result, tracks: {}, returned: undefined }),
}

/** The state that a first event gives. */
export function begun(event: Extract<FlowEvent, { type: 'submitted' | 'begunBySplit' }>): InstanceState {
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
    tracks: {},
    past: [],
    tasks: [],
    chain: [],
    branches: isChild ? event.branches : {},
    copies: {},
    consultations: [],
    isEffected: false,
    counts: { entries: 0, children: 0 },
    acts: {},
  })
}

/** Everything a return changed, as it was before it; the returning word itself stays void. */
function goneBack(state: InstanceState): Pick<InstanceState, 'chain' | 'entries'> & Partial<InstanceState> {
  const { returned } = state
  if (!returned) throw new Error('flow: nothing was returned')
  const { open, ...snapshot } = returned.before
  return {
    ...snapshot,
    status: 'running',
    returned: undefined,
    tasks: state.tasks.map((task) => (open.includes(task.id) ? reopenTask(task) : task)),
    chain: state.chain.map((one, place) => (returned.words.includes(place) && one.actId !== returned.actId ? omit(one, 'void') : one)),
  }
}

/** Whatever happens after a return closes the way straight back. */
const closesWayBack = ({ returned }: InstanceState, actId: string): Partial<InstanceState> =>
  returned && returned.actId !== actId ? { returned: undefined } : {}

/** A line as it comes to a step. In a branch, what was returned there or refused meanwhile goes no further. */
function comeTo(state: InstanceState, { track }: Entry, line: Line, id: RowId): Line {
  const isOut = track !== undefined && ((line.state === 'returned' && line.entry !== undefined) || state.items[id]?.state === 'refused')
  return isOut ? line : reopenLive(line)
}

/** Stays that count no more, with what was said there; `undo` is an act whose own word goes too. */
function voidStays(state: InstanceState, voided: readonly EntryId[], undo?: string): Partial<InstanceState> {
  return {
    chain: state.chain.map((one) => {
      if (one.actId === undo) return { ...one, void: true, takenBack: true }
      return voided.includes(one.entry) ? { ...one, void: true } : one
    }),
    past: state.past.map((one) => (voided.includes(one.entry) ? { ...one, void: true } : one)),
  }
}

/** A branch after a new beginning at a place: gone, running again, or untouched beside it. */
function again(
  track: Track,
  id: string,
  { reopens, drops }: Pick<Undone, 'reopens' | 'drops'>,
  change: (line: Line) => Line,
): Track | undefined {
  if (drops.includes(id)) return undefined
  return reopens.includes(id) ? { ...track, state: 'running', items: mapItems(track.items, change) } : track
}

function settleIn(
  state: InstanceState,
  track: string | undefined,
  outcomes: Readonly<Record<RowId, Outcome>>,
  at: SettledAt,
): Partial<InstanceState> {
  return mapLines(state, track, (line, id) => {
    const outcome = outcomes[id]
    return outcome && line.state === 'open' && line.splitTo === undefined ? settledLine(line, at, outcome) : line
  })
}

const dropBranches = (state: InstanceState, forgotten: readonly string[]): InstanceState['branches'] =>
  Object.fromEntries(Object.entries(state.branches).filter(([branch]) => !forgotten.includes(branch)))
const reopenTask = (task: Task): Task => ({ ...omit(omit(omit(task, 'closedAt'), 'closedBy'), 'cause'), state: 'open' })
function omit<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const rest = { ...value }
  delete rest[key]
  return rest
}
const withDue = (entry: Entry, { at, provisional }: Due): Entry => ({
  ...omit({ ...entry, due: at }, 'provisional'),
  ...(provisional ? { provisional } : {}),
})
const without = (state: InstanceState, entry: EntryId): Entry[] => state.entries.filter((one) => one.id !== entry)
const changeEach = (state: InstanceState, id: EntryId, change: (entry: Entry) => Entry): Partial<InstanceState> => ({
  entries: state.entries.map((one) => (one.id === id ? change(one) : one)),
})
const changeEntry = (state: InstanceState, id: EntryId, change: Partial<Entry>): Partial<InstanceState> =>
  changeEach(state, id, (one) => ({ ...one, ...change }))
const changeTask = (state: InstanceState, id: TaskId, change: Partial<Task>): Partial<InstanceState> => ({
  tasks: state.tasks.map((one) => (one.id === id ? { ...one, ...change } : one)),
})
