import { claimable, decisionsAt, verdictOf } from './apply.ts'
import type { Handled, PersonId } from './definition.ts'
import { dropFollowers } from './followers.ts'
import { judge, matterOf, rootOf } from './judge.ts'
import { findHandled, handledStep, lanesAround } from './plan.ts'
import { whenNobody } from './route.ts'
import type { Run } from './run.ts'
import type { Entry, EntryId, Line, Outcome, RowId, TrackId } from './state.ts'
import { isYes } from './terms.ts'

/** Emits what has become of the lines of a stay, ends and opens its tasks. `skipped`: a policy answered because there is nobody. */
export function settle<F>(run: Run<F>, id: EntryId): 'waits' | 'settled' | 'skipped' {
  const found = run.entry(id)
  if (!found) return 'waits'
  const step = handledStep(run.plan, found.step)
  const isImpossible = settleLines(run, step, id)
  tidyTasks(run, step, id)
  if (callNext(run, step, id)) {
    // Those whose turn it was may all have left: then what the others said is enough.
    settleLines(run, step, id)
    tidyTasks(run, step, id)
  }
  const entry = run.entry(id)
  if (!entry || run.openLines(entry.track).length === 0) return 'settled'
  if (entry.stuck || claimable(run.state, entry).length > 0 || run.tasksAt(id).some((task) => task.state === 'open')) return 'waits'
  return nobodyLeft(run, step, entry, isImpossible)
}

/** Where a refusal in a branch counts as well: the ways around it and the branches beside it. */
export function spreadOf<F>(run: Run<F>, track: TrackId | undefined): TrackId[] {
  const spread = new Set<TrackId>()
  for (const lane of lanesAround(run.plan, track)) {
    if (lane.onRefuse !== 'endRequest') break
    spread.add(lane.track ?? '')
    for (const id of Object.keys(run.state.tracks))
      if (lanesAround(run.plan, id).some((one) => one.parallel === lane.parallel)) spread.add(id)
  }
  if (track !== undefined) spread.delete(track)
  return [...spread]
}

/** Emits the new results; tells whether some line can never be decided by the people who are left. */
function settleLines<F>(run: Run<F>, step: Handled, id: EntryId): boolean {
  const { state, env } = run
  const entry = run.entry(id)
  if (!entry) return false
  const matter = matterOf(state, env, step, entry)
  const outcomes: Record<RowId, Outcome> = {}
  let isImpossible = false
  for (const [item, line] of run.openLines(entry.track)) {
    const result = judge(matter, item, line)
    if (result.is === 'decided') outcomes[item] = result.outcome
    isImpossible ||= result.is === 'impossible'
  }
  settleAs(run, entry, outcomes)
  return isImpossible
}

function settleAs<F>(run: Run<F>, { id, step, track }: Entry, outcomes: Readonly<Record<RowId, Outcome>>): void {
  const results = Object.values(outcomes)
  if (results.length === 0) return
  const spread = results.some((one) => one.to === 'refused') ? spreadOf(run, track) : []
  run.emit({ type: 'settled', entry: id, step, outcomes, ...(track ? { track } : {}), ...(spread.length > 0 ? { spread } : {}) })
}

/** A task ends when its person has nothing left to say here. */
function tidyTasks<F>(run: Run<F>, step: Handled, id: EntryId): void {
  const said = decisionsAt(run.state, id)
  const entry = run.entry(id)
  if (!entry) return
  const open = run.openLines(entry.track)
  const isByMeeting = said.at(-1)?.meeting !== undefined
  const first = firstWord(run, step, entry)
  for (const task of run.tasksAt(id)) {
    if (task.state !== 'open') continue
    const own = said.filter((one) => one.person === task.person && !one.meeting)
    const isOther = first !== undefined && rootOf(entry.added, task.person) !== first && task.via !== 'delegate'
    if (!isOther && open.some(([item]) => !own.some((one) => verdictOf(one, item)))) continue
    const cause = isByMeeting ? 'minutesEntered' : step.mode === 'anyOf' ? 'decidedByOther' : 'stepSettled'
    const isDone = own.some((one) => one.task === task.id)
    run.emit(isDone ? { type: 'taskDone', task: task.id } : { type: 'taskCancelled', task: task.id, cause })
  }
}

/** W3: whose word came first and is enough, but for those he asked himself. */
function firstWord<F>(run: Run<F>, { mode }: Handled, { id, added }: Entry): PersonId | undefined {
  return mode === 'anyOf' ? decisionsAt(run.state, id).find((one) => rootOf(added, one.person) === one.person)?.person : undefined
}

/** Whether anything changed: gives the task back to who had asked somebody first, then asks those added after a consent, then the next in order. */
function callNext<F>(run: Run<F>, step: Handled, id: EntryId): boolean {
  for (let isChanged = false; ; isChanged = true) {
    const entry = run.entry(id)
    if (!entry || run.openLines(entry.track).length === 0) return isChanged
    if (giveBack(run, step, entry) || askAfter(run, entry)) continue
    const [next, ...queue] = entry.queue
    if (step.mode !== 'inOrder' || !next || run.tasksAt(id).some((task) => task.state === 'open')) return isChanged
    run.emit({ type: 'entryChanged', entry: id, change: { queue } })
    if (run.env.isActive(next.person)) run.openTask(entry, next)
    else run.emit({ type: 'routed', entry: id, step: step.id, why: 'inactive', policy: 'skip', person: next.person, to: [] })
  }
}
function giveBack<F>(run: Run<F>, step: Handled, entry: Entry): boolean {
  const first = firstWord(run, step, entry)
  // Who was asked and asks somebody in his turn is still to be waited for.
  const open = run.tasksAt(entry.id).flatMap((task) => (task.state === 'open' ? [task.person] : []))
  const busy = new Set([...open, ...entry.held.map((one) => one.slot.person)])
  // W3: who waits beside another's word that is enough is not asked any more.
  const isSpared = (person: PersonId): boolean => first !== undefined && rootOf(entry.added, person) !== first
  const free = entry.held.find((one) => !isSpared(one.slot.person) && !one.for.some((person) => busy.has(person)))
  if (!free) return false
  run.emit({ type: 'entryChanged', entry: entry.id, change: { held: entry.held.filter((one) => one !== free) } })
  const { person } = free.slot
  const own = decisionsAt(run.state, entry.id).filter((one) => one.person === person)
  const hasMore = run.openLines(entry.track).some(([item]) => !own.some((one) => verdictOf(one, item)))
  if (hasMore && run.env.isActive(person)) run.openTask(entry, free.slot)
  else if (hasMore) {
    run.emit({ type: 'routed', entry: entry.id, step: entry.step, why: 'inactive', policy: 'skip', person, to: [] })
    if (entry.added.some((one) => one.person === person))
      run.emit({
        type: 'entryChanged',
        entry: entry.id,
        change: { added: entry.added.map((one) => (one.person === person ? { ...one, gone: true } : one)) },
      })
    dropFollowers(run, entry.id, person)
  }
  return true
}
function askAfter<F>(run: Run<F>, entry: Entry): boolean {
  // Who waits for somebody he asked has more to say, as has who still has his task.
  const hasMore = (person: PersonId): boolean =>
    entry.held.some(({ slot }) => slot.person === person) ||
    run.tasksAt(entry.id).some((task) => task.person === person && task.state === 'open')
  const consented = (person: PersonId): boolean =>
    decisionsAt(run.state, entry.id).some((one) => one.person === person && Object.values(one.verdicts).some(isYes)) && !hasMore(person)
  const due = entry.added.filter((one) => one.waits && consented(one.by))
  if (due.length === 0) return false
  run.emit({
    type: 'entryChanged',
    entry: entry.id,
    change: { added: entry.added.map((one) => (due.includes(one) ? { ...one, waits: false } : one)) },
  })
  for (const { person } of due) run.openTask(entry, { person, via: 'added' })
  return true
}

/** W20, nobody is left to ask: the step's policy answers, and says so. */
function nobodyLeft<F>(run: Run<F>, step: Handled, entry: Entry, isImpossible: boolean): 'waits' | 'skipped' {
  const { policy, slots } = whenNobody(run, step, entry.members)
  run.emit({ type: 'routed', entry: entry.id, step: step.id, why: 'nobody', policy, to: slots.map((slot) => slot.person) })
  if (policy === 'skip' || policy === 'refuse') {
    const outcome = (line: Line): Outcome =>
      policy === 'skip' ? { to: 'passed', terms: line.terms } : { to: 'refused', reason: '没有找到审批人' }
    settleAs(run, entry, Object.fromEntries(run.openLines(entry.track).map(([item, line]) => [item, outcome(line)])))
    return 'skipped'
  }
  for (const slot of slots) run.openTask(entry, slot)
  // Who is asked in nobody's place may have spoken here already; then it is the administrator's to repair.
  if (!run.tasksAt(entry.id).some((task) => task.state === 'open'))
    run.emit({ type: 'stuck', entry: entry.id, why: isImpossible && entry.members.length > 0 ? 'quorumImpossible' : 'nobodyFound' })
  return 'waits'
}

/** Whether people will still be asked after this place, as far as the conditions are answered. */
export function isDecidedLater<F>(run: Run<F>, index: number): boolean {
  return run.plan.stops
    .slice(index + 1)
    .some((stop) => findHandled(run.plan, stop.key) && stop.step.kind !== 'join' && stop.guards.every(({ branch, side }) => (run.state.branches[branch] ?? side) === side)) // prettier-ignore
}
