import { isHandled, isLive, liveLines } from './apply.ts'
import { close, sendTo } from './back.ts'
import type { Handled, Notify, PersonId, ReturnTarget, Service, Timer } from './definition.ts'
import { joinBranches } from './join.ts'
import { goingBack } from './return-target.ts'
import type { Lane, Split, Stop } from './plan.ts'
import { lanesAround, stopOf } from './plan.ts'
import { assign, resolveDecider } from './route.ts'
import type { Run } from './run.ts'
import { isDecidedLater, settle } from './settle.ts'
import type { Entry, EntryId, TrackId } from './state.ts'
import { whole } from './state.ts'

/** Walks on from a place, inside its branch, until somebody is waited for or the end is reached. */
export function advance<F>(run: Run<F>, from: number, track?: TrackId): void {
  const end = track === undefined ? run.plan.stops.length : (run.plan.lanes.get(track)?.to ?? 0)
  for (const stop of run.plan.stops.slice(from, end)) {
    if (stop.track !== track || !isTaken(run, stop)) continue
    const { step } = stop
    if (step.kind === 'notify') tell(run, stop.key, step.who)
    else if (step.kind === 'service') return callService(run, stop, step)
    else if (step.kind === 'timer') return startTimer(run, stop, step)
    else if (step.kind === 'split') return part(run, stop, step)
    else if (step.kind !== 'join' && openStep(run, stop, step) !== 'passed') return
  }
  if (track === undefined) finish(run)
  else endBranch(run, track)
}

/** After something changed at a stay: settles what can be settled, and walks on when the step is over. */
export function proceed<F>(run: Run<F>, entry: EntryId): void {
  const found = run.entry(entry)
  if (!found) return
  const stop = stopOf(run.plan, found.step)
  if (settleAndLeave(run, found) === 'passed') advance(run, stop.index + 1, stop.track)
}

/** A refusal in one branch may have left others without anything to decide. */
export function proceedOthers<F>(run: Run<F>): void {
  for (;;) {
    const idle = run.state.entries.find((entry) => entry.track && isHandled(entry) && run.openLines(entry.track).length === 0)
    if (!idle) return
    proceed(run, idle.id)
  }
}

/** Sends the whole request back to the applicant or to a step. */
export function goBack<F>(run: Run<F>, entry: EntryId, to: ReturnTarget, reason: string): void {
  const stop = sendTo(run, entry, to, reason)
  if (stop) advance(run, stop.index, stop.track)
}

/** Calls a service (again): the key is the same, so that outside it happens once. */
export function call<F>(run: Run<F>, entry: Entry, step: Service): void {
  const attempt = entry.attempts + 1
  run.emit({ type: 'serviceCalled', entry: entry.id, service: step.service, key: `${run.state.id}/${entry.id}`, attempt })
}

/** Makes the results real. */
export function makeReal<F>(run: Run<F>): void {
  if (run.state.isEffected) return
  const unasked = run.openLines()
  if (unasked.length > 0) {
    run.emit({ type: 'routed', entry: 'end', step: 'end', why: 'noStep', policy: 'pass', to: [] })
    const outcomes = Object.fromEntries(unasked.map(([item, line]) => [item, { to: 'passed' as const, terms: line.terms }]))
    run.emit({ type: 'settled', entry: 'end', step: 'end', outcomes })
  }
  takeEffect(run, true)
}

function takeEffect<F>(run: Run<F>, isLast: boolean): void {
  const { effect } = run.plan.definition
  const items = Object.entries(run.state.items).flatMap(([item, line]) => {
    const isReady = isLive(line) && !line.effected && line.state !== 'open' && line.state !== 'returned'
    return isReady ? [{ item, ...line.terms }] : []
  })
  if (isLast || items.length > 0) run.emit({ type: 'effect', ...(effect ? { effect } : {}), items, isLast })
}

function isTaken<F>(run: Run<F>, stop: Stop<F>): boolean {
  return stop.guards.every(({ branch, condition, side }) => {
    if (run.state.branches[branch] === undefined) {
      run.emit({ type: 'branchTaken', branch, taken: run.env.evaluate(condition) ? 'then' : 'otherwise' })
    }
    return run.state.branches[branch] === side
  })
}

function tell<F>(run: Run<F>, step: string, who: Notify['who']): void {
  const { applicant } = run.state
  const to = who.flatMap((one) => (one === 'applicant' ? [applicant] : resolveDecider(run, one, step)))
  run.emit({ type: 'notified', step, topic: 'notify', to: [...new Set(to)] })
}

function newEntry<F>(run: Run<F>, stop: Stop<F>, step: Handled | Service | Timer, more: Partial<Entry>, keep = false): Entry {
  const { now, record } = run.env
  const entry: Entry = {
    id: `${step.id}#${run.state.counts.entries + 1}`,
    step: step.id,
    kind: step.kind,
    ...(stop.track === undefined ? {} : { track: stop.track }),
    members: [],
    queue: [],
    added: [],
    held: [],
    openedAt: now,
    openedBy: run.stamp.actId,
    stages: [],
    attempts: 0,
    ...more,
  }
  run.emit({ type: 'stepOpened', entry, version: record.after?.version ?? record.version, ...(keep ? { keep } : {}) })
  return entry
}

function callService<F>(run: Run<F>, stop: Stop<F>, step: Service): void {
  // Nobody can decide any more: the results become real now, in the transaction of the last decision, not when the outside answers.
  if (!isDecidedLater(run, stop.index) && stop.track === undefined) makeReal(run)
  call(run, newEntry(run, stop, step, {}), step)
}

function startTimer<F>(run: Run<F>, stop: Stop<F>, step: Timer): void {
  const { env } = run
  const { until } = step
  const due = 'field' in until ? env.instantOf?.(until.field) : env.dueAt?.(until, env.now)?.at
  const { id } = newEntry(run, stop, step, due ? { due } : {})
  if (!due) run.emit({ type: 'stuck', entry: id, why: 'noMoment' })
}

/** Opens a step and settles what its policies already answer. `keep`: lines that have a word already keep it (a join's conflict). */
function openStep<F>(run: Run<F>, stop: Stop<F>, step: Handled, keep = false): Left {
  const { env, state } = run
  const { members, slots, autos, notes } = assign({ env, state }, step, stop.track)
  const due = step.limit && env.dueAt?.(step.limit, env.now)
  const rule = typeof step.mode === 'object' ? step.mode.vote : undefined
  const chair = rule?.chair && resolveDecider(run, rule.chair, step.id)[0]
  const queue = step.mode === 'inOrder' ? slots.slice(1) : []
  const pool = step.claim ? { pool: slots.map((slot) => slot.person) } : {}
  const limit = due ? { due: due.at, ...(due.provisional ? { provisional: true as const } : {}) } : {}
  const entry = newEntry(run, stop, step, { members, queue, ...pool, ...limit, ...(chair ? { chair } : {}) }, keep)
  for (const note of notes) run.emit({ type: 'routed', entry: entry.id, step: step.id, ...note })
  for (const { person, why, say } of autos) decideByPolicy(run, entry, person, why, say)
  if (!step.claim) for (const slot of slots.slice(0, slots.length - queue.length)) run.openTask(entry, slot)
  return settleAndLeave(run, entry)
}

/** Records a word that a policy gave in somebody's name. */
function decideByPolicy<F>(
  run: Run<F>,
  { id, step }: Entry,
  person: PersonId,
  auto: 'applicant' | 'samePerson',
  say: 'pass' | 'recuse',
): void {
  const { at, actId } = run.stamp
  const { version } = run.state
  const verdicts = { [whole]: { say } }
  run.emit({ type: 'decided', decision: { entry: id, step, act: 'autoPass', actId, at, person, actor: person, verdicts, version, auto } })
}

type Left = 'waits' | 'passed' | 'over'

function settleAndLeave<F>(run: Run<F>, { id, step, track }: Entry): Left {
  const how = settle(run, id)
  if (how === 'waits') return effectEarly(run, step, track)
  return leave(run, { id, step, track }, how === 'skipped' ? 'skipped' : 'passed')
}

/** `perItem`: what nobody can change any more is real at once, while other lines still wait. */
function effectEarly<F>(run: Run<F>, step: string, track: TrackId | undefined): 'waits' {
  const isEarly = run.plan.definition.effectWhen === 'perItem' && track === undefined && !isDecidedLater(run, stopOf(run.plan, step).index)
  if (isEarly) takeEffect(run, false)
  return 'waits'
}

interface Leaving {
  readonly id: EntryId
  readonly step: string
  readonly track: TrackId | undefined
}
/** All lines are settled: the passed go on, the returned are split off or, when nothing goes on, take the request back. */
function leave<F>(run: Run<F>, { id: entry, step, track }: Leaving, how: 'passed' | 'skipped'): Left {
  const live = liveLines(run.state, track)
  const returned = live.filter(([, line]) => line.state === 'returned')
  const isOpen = run.entry(entry) !== undefined
  const back = track === undefined ? goingBack(run, step, returned.map(([item]) => item)) : [] // prettier-ignore
  if (live.length > returned.length) {
    for (const { to, items } of back) {
      const number = `${run.state.number}-${run.state.counts.children + 1}`
      run.emit({ type: 'splitOff', entry, items, number, to })
    }
    if (isOpen) close(run, entry, how, 'stepSettled')
    return 'passed'
  }
  if (track !== undefined) {
    if (isOpen) close(run, entry, returned.length > 0 ? 'returned' : 'refused', 'stepSettled')
    endBranch(run, track)
  } else if (back[0]) goBack(run, entry, back[0].to, [...new Set(returned.map(([, line]) => line.reason ?? ''))].join('；'))
  else {
    if (isOpen) close(run, entry, 'refused', 'stepSettled')
    endRefused(run)
  }
  return 'over'
}

/** The way parts: each branch begins, in the drawn order. */
function part<F>(run: Run<F>, stop: Stop<F>, { tracks }: Split): void {
  const lanes = tracks.flatMap((id) => run.plan.lanes.get(id) ?? [])
  const parallel = lanes[0]?.parallel ?? stop.key
  run.emit({ type: 'split', parallel, tracks, ...(stop.track === undefined ? {} : { track: stop.track }) })
  // A branch that ends at once may end the request, and with it the others.
  for (const lane of lanes) if (run.state.tracks[lane.id]?.state === 'running') advance(run, lane.from, lane.id)
}

/** A branch is through: the last one joins them; one without a line that goes on may end what lies around it. */
function endBranch<F>(run: Run<F>, track: TrackId): void {
  const lane = run.plan.lanes.get(track)
  if (!lane || !run.state.tracks[track]) return
  const isRefused = lane.onRefuse === 'endRequest' && liveLines(run.state, track).length === 0
  run.emit({ type: 'trackDone', track })
  if (isRefused) return abandon(run, lane)
  const beside = Object.values(run.state.tracks).filter((one) => one.parallel === lane.parallel)
  if (beside.every((one) => one.state === 'done')) join(run, lane)
}

/** Every line was refused in one branch: the branches beside it are closed, and the way around it has nothing left either. */
function abandon<F>(run: Run<F>, lane: Lane): void {
  const isInside = (track: TrackId | undefined): boolean => lanesAround(run.plan, track).some((one) => one.parallel === lane.parallel)
  for (const { id, track } of run.state.entries) if (isInside(track)) close(run, id, 'refused', 'stepSettled')
  // Branches that have not begun yet never will.
  for (const [track, { state }] of Object.entries(run.state.tracks))
    if (state === 'running' && isInside(track)) run.emit({ type: 'trackDone', track })
  if (lane.track === undefined) endRefused(run)
  else endBranch(run, lane.track)
}

function join<F>(run: Run<F>, lane: Lane): void {
  const stop = run.plan.stops[lane.join]
  if (stop?.step.kind !== 'join') throw new Error(`flow: no join of ${lane.parallel}`)
  const { stay, conflicts } = joinBranches(run, stop, lane)
  const left =
    conflicts.length > 0
      ? openStep(run, stop, stop.step.conflict, true)
      : leave(run, { id: stay, step: stop.key, track: stop.track }, 'passed')
  if (left === 'passed') advance(run, stop.index + 1, stop.track)
}

function endRefused<F>(run: Run<F>): void {
  run.emit({ type: 'ended', result: 'refused' })
}

function finish<F>(run: Run<F>): void {
  makeReal(run)
  run.emit({ type: 'ended', result: 'approved' })
}
