import { liveLines, verdictOf, decisionsAt, isLive } from './apply.ts'
import type { Approve, PersonId, ReturnTarget, Service } from './definition.ts'
import { judge, matterOf } from './judge.ts'
import type { Plan, Stop } from './plan.ts'
import { approveStep, indexOf } from './plan.ts'
import { assign, resolveDecider, whenNobody } from './route.ts'
import type { Run } from './run.ts'
import type { CancelCause, Entry, EntryEnd, EntryId, InstanceState, Line, Outcome, RowId } from './state.ts'
import { whole } from './state.ts'

/** Walks on from a place until somebody is waited for or the end is reached. */
export function advance<F>(run: Run<F>, from: number): void {
  for (const stop of run.plan.stops.slice(from)) {
    if (!isTaken(run, stop)) continue
    const { step } = stop
    if (step.kind === 'notify') tell(run, stop.key, step.who)
    else if (step.kind === 'service') return callService(run, step)
    else if (openStep(run, step) !== 'passed') return
  }
  finish(run)
}

/** After something changed at a stay: settles what can be settled, and walks on when the step is over. */
export function proceed<F>(run: Run<F>, entry: EntryId): void {
  const step = run.entry(entry)?.step
  if (step !== undefined && settle(run, entry) === 'passed') advance(run, indexOf(run.plan, step) + 1)
}

/** Sends the whole request back; what lies from there on is void and its conditions will be asked again. */
export function goBack<F>(run: Run<F>, entry: EntryId, to: ReturnTarget, reason: string): void {
  const { plan, state } = run
  const { from, voided, branches } = undoneBy(plan, state, to)
  close(run, entry, 'returned', 'returned')
  run.emit({ type: 'returned', entry, to, reason, voided, forgotten: Object.keys(state.branches).filter((branch) => !branches[branch]) })
  if (to !== 'applicant') advance(run, from)
}

/** What a return to a place makes void, and the conditions that stay answered because they lead there. */
export function undoneBy<F>(plan: Plan<F>, state: InstanceState, to: ReturnTarget): Undone {
  const from = to === 'applicant' ? -1 : indexOf(plan, to.step)
  const stays = [...state.past.filter((one) => !one.void), ...state.entries.map((one) => ({ entry: one.id, step: one.step }))]
  const voided = stays.filter((one) => indexOf(plan, one.step) >= from).map((one) => one.entry)
  const kept = new Set(plan.stops.filter((stop) => stop.index <= from).flatMap((stop) => stop.guards.map((guard) => guard.branch)))
  return { from, voided, branches: Object.fromEntries(Object.entries(state.branches).filter(([branch]) => kept.has(branch))) }
}
interface Undone {
  readonly from: number
  readonly voided: readonly EntryId[]
  readonly branches: InstanceState['branches']
}

/** Ends a stay and the tasks that are still open in it. */
export function close<F>(run: Run<F>, entry: EntryId, how: EntryEnd, cause: CancelCause): void {
  for (const task of run.tasksAt(entry)) if (task.state === 'open') run.emit({ type: 'taskCancelled', task: task.id, cause })
  run.emit({ type: 'stepClosed', entry, how })
}

function isTaken<F>(run: Run<F>, stop: Stop<F>): boolean {
  return stop.guards.every(({ branch, condition, side }) => {
    if (run.state.branches[branch] === undefined) {
      run.emit({ type: 'branchTaken', branch, taken: run.env.evaluate(condition) ? 'then' : 'otherwise' })
    }
    return run.state.branches[branch] === side
  })
}

function tell<F>(run: Run<F>, step: string, who: Extract<Stop<F>['step'], { kind: 'notify' }>['who']): void {
  const { applicant } = run.state
  const to = who.flatMap((one) => (one === 'applicant' ? [applicant] : resolveDecider(run, one, step)))
  run.emit({ type: 'notified', step, topic: 'notify', to: [...new Set(to)] })
}

function newEntry<F>(run: Run<F>, step: Approve | Service, more: Partial<Entry>): Entry {
  const id = `${step.id}#${run.state.counts.entries + 1}`
  const entry: Entry = { id, step: step.id, kind: step.kind, members: [], queue: [], openedAt: run.env.now, ...more }
  run.emit({ type: 'stepOpened', entry, version: run.env.record.after?.version ?? run.env.record.version })
  return entry
}

function callService<F>(run: Run<F>, step: Service): void {
  // Nobody can decide any more: the results become real now, in the transaction of the last decision, not when the outside answers.
  if (!isDecidedLater(run, step)) makeReal(run)
  const { id } = newEntry(run, step, {})
  run.emit({ type: 'serviceCalled', entry: id, service: step.service, key: `${run.state.id}/${id}` })
}

function openStep<F>(run: Run<F>, step: Approve): Settled {
  const { env, state } = run
  const { members, slots, autos, notes } = assign({ env, state }, step)
  const due = step.limit && env.due?.(step.limit, env.now)
  const rule = typeof step.mode === 'object' ? step.mode.vote : undefined
  const chair = rule?.chair && resolveDecider(run, rule.chair, step.id)[0]
  const queue = step.mode === 'inOrder' ? slots.slice(1) : []
  const entry = newEntry(run, step, { members, queue, ...(due ? { due } : {}), ...(chair ? { chair } : {}) })
  for (const note of notes) run.emit({ type: 'routed', entry: entry.id, step: step.id, ...note })
  for (const { person, why, say } of autos) decideByPolicy(run, entry, person, why, say)
  for (const slot of slots.slice(0, slots.length - queue.length)) run.openTask(entry, slot)
  return settle(run, entry.id)
}

function decideByPolicy<F>(
  run: Run<F>,
  { id, step }: Entry,
  person: PersonId,
  auto: 'applicant' | 'samePerson',
  say: 'pass' | 'recuse',
): void {
  const { at, actId } = run.stamp
  const verdicts = { [whole]: { say } }
  const { version } = run.state
  run.emit({ type: 'decided', decision: { entry: id, step, act: 'autoPass', actId, at, person, actor: person, verdicts, version, auto } })
}

type Settled = 'waits' | 'passed' | 'over'

function settle<F>(run: Run<F>, id: EntryId): Settled {
  const found = run.entry(id)
  if (!found) return 'over'
  const step = approveStep(run.plan, found.step)
  const isImpossible = settleLines(run, step, id)
  tidyTasks(run, step, id)
  if (step.mode === 'inOrder') {
    openNextInOrder(run, step, id)
    // Those in the queue may all have left: then what the others said is enough.
    settleLines(run, step, id)
    tidyTasks(run, step, id)
  }
  if (openLines(run).length === 0) return leave(run, step, id, 'passed')
  const entry = run.entry(id)
  if (!entry || entry.stuck || run.tasksAt(id).some((task) => task.state === 'open')) return 'waits'
  return nobodyLeft(run, step, entry, isImpossible)
}

const openLines = <F>(run: Run<F>): [RowId, Line][] => liveLines(run.state).filter(([, line]) => line.state === 'open')

/** Emits the new results; tells whether some line can never be decided by the people who are left. */
function settleLines<F>(run: Run<F>, step: Approve, id: EntryId): boolean {
  const { state, env } = run
  const entry = run.entry(id)
  if (!entry) return false
  const matter = matterOf(state, env, step, entry)
  const outcomes: Record<RowId, Outcome> = {}
  let isImpossible = false
  for (const [item, line] of openLines(run)) {
    const result = judge(matter, item, line)
    if (result.is === 'decided') outcomes[item] = result.outcome
    isImpossible ||= result.is === 'impossible'
  }
  if (Object.keys(outcomes).length > 0) run.emit({ type: 'settled', entry: id, step: step.id, outcomes })
  return isImpossible
}

/** A task ends when its person has nothing left to say here. */
function tidyTasks<F>(run: Run<F>, step: Approve, id: EntryId): void {
  const said = decisionsAt(run.state, id)
  const open = openLines(run)
  const isByMeeting = said.some((one) => one.meeting)
  for (const task of run.tasksAt(id)) {
    const own = said.filter((one) => one.person === task.person && !one.meeting)
    if (task.state !== 'open' || open.some(([item]) => !own.some((one) => verdictOf(one, item)))) continue
    const cause = isByMeeting ? 'minutesEntered' : step.mode === 'anyOf' ? 'decidedByOther' : 'stepSettled'
    run.emit(
      own.some((one) => one.task === task.id) ? { type: 'taskDone', task: task.id } : { type: 'taskCancelled', task: task.id, cause },
    )
  }
}

function openNextInOrder<F>(run: Run<F>, step: Approve, id: EntryId): void {
  for (;;) {
    const entry = run.entry(id)
    const next = entry?.queue[0]
    if (!entry || !next || openLines(run).length === 0 || run.tasksAt(id).some((task) => task.state === 'open')) return
    run.emit({ type: 'membersChanged', entry: id, members: entry.members, queue: entry.queue.slice(1) })
    if (run.env.isActive(next.person)) run.openTask(entry, next)
    else run.emit({ type: 'routed', entry: id, step: step.id, why: 'inactive', policy: 'skip', person: next.person, to: [] })
  }
}

function nobodyLeft<F>(run: Run<F>, step: Approve, entry: Entry, isImpossible: boolean): Settled {
  const { policy, slots } = whenNobody(run, step, entry.members)
  run.emit({ type: 'routed', entry: entry.id, step: step.id, why: 'nobody', policy, to: slots.map((slot) => slot.person) })
  if (policy === 'skip' || policy === 'refuse') {
    const outcome = (line: Line): Outcome =>
      policy === 'skip' ? { to: 'passed', terms: line.terms } : { to: 'refused', reason: '没有找到审批人' }
    const outcomes = Object.fromEntries(openLines(run).map(([item, line]) => [item, outcome(line)]))
    run.emit({ type: 'settled', entry: entry.id, step: step.id, outcomes })
    return leave(run, step, entry.id, 'skipped')
  }
  for (const slot of slots) run.openTask(entry, slot)
  if (slots.length === 0)
    run.emit({ type: 'stuck', entry: entry.id, why: isImpossible && entry.members.length > 0 ? 'quorumImpossible' : 'nobodyFound' })
  return 'waits'
}

/** All lines are settled: the passed go on, the returned are split off or, when nothing goes on, take the request back. */
function leave<F>(run: Run<F>, step: Approve, entry: EntryId, how: 'passed' | 'skipped'): Settled {
  const live = liveLines(run.state)
  const returned = live.filter(([, line]) => line.state === 'returned')
  if (live.length > returned.length) {
    if (returned.length > 0) {
      const number = `${run.state.number}-${run.state.counts.children + 1}`
      run.emit({ type: 'splitOff', entry, items: returned.map(([item]) => item), number, to: step.returnTo })
    }
    close(run, entry, how, 'stepSettled')
    return 'passed'
  }
  if (returned.length > 0) goBack(run, entry, step.returnTo, [...new Set(returned.map(([, line]) => line.reason ?? ''))].join('；'))
  else {
    close(run, entry, 'refused', 'stepSettled')
    run.emit({ type: 'ended', result: 'refused' })
  }
  return 'over'
}

function finish<F>(run: Run<F>): void {
  makeReal(run)
  run.emit({ type: 'ended', result: 'approved' })
}

function isDecidedLater<F>(run: Run<F>, service: Service): boolean {
  const later = run.plan.stops.slice(indexOf(run.plan, service.id) + 1).filter((stop) => stop.step.kind === 'approve')
  return later.some((stop) => stop.guards.every(({ branch, side }) => (run.state.branches[branch] ?? side) === side))
}

function makeReal<F>(run: Run<F>): void {
  if (run.state.isEffected) return
  const unasked = openLines(run)
  if (unasked.length > 0) {
    run.emit({ type: 'routed', entry: 'end', step: 'end', why: 'noStep', policy: 'pass', to: [] })
    const outcomes = Object.fromEntries(unasked.map(([item, line]) => [item, { to: 'passed' as const, terms: line.terms }]))
    run.emit({ type: 'settled', entry: 'end', step: 'end', outcomes })
  }
  const { effect } = run.plan.definition
  const items = Object.entries(run.state.items).flatMap(([item, line]) => (isLive(line) ? [{ item, ...line.terms }] : []))
  run.emit({ type: 'effect', ...(effect ? { effect } : {}), items })
}
