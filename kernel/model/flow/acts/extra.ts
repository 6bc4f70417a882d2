import type { ActOf } from '../acts.ts'
import { dropFollowers } from '../followers.ts'
import { handledStep } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { Slot, Task } from '../state.ts'
import { proceed } from '../walk.ts'
import { hasSpoken, hold, mayAsk, record, seen, whoseHand } from './task.ts'

/** W5: the holder asks others as well. Before: he waits for them · parallel: both decide · after: they follow his consent. */
export function addApprover<F>(run: Run<F>, act: ActOf<'addApprover'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  const { task, entry, step } = held
  const { people, where } = act
  if (where === 'after' && typeof step.mode === 'object') return refuse('addAfterInVote')
  const no = mayAsk(run, entry, people)
  if (no) return no
  record(run, held, act, {})
  const added = people.map((person) => ({ person, by: task.person, where, waits: where === 'after' }))
  const waiting = where === 'before' ? [{ slot: slotOf(task), for: people }] : []
  run.emit({ type: 'entryChanged', entry: entry.id, change: { added: [...entry.added, ...added], held: [...entry.held, ...waiting] } })
  if (where === 'before') run.emit({ type: 'taskCancelled', task: task.id, cause: 'held' })
  if (where !== 'after') for (const person of people) run.openTask(entry, { person, via: 'added' })
  return undefined
}

/** W6: takes away whom one added, as long as he has not acted; the step may be over then. Whom he added stands beside the remover. */
export function removeApprover<F>(run: Run<F>, act: ActOf<'removeApprover'>): Refusal | undefined {
  const task = run.state.tasks.find((one) => one.id === act.task)
  const entry = task && run.entry(task.entry)
  if (!task) return refuse('taskUnknown', { task: act.task })
  if (!entry) return refuse('taskClosed', { task: task.id, status: run.state.status })
  const step = handledStep(run.plan, entry.step)
  if (!step.acts.includes('removeApprover')) return refuse('actNotAllowed', { act: act.kind, allowed: step.acts })
  const no = whoseHand(run, act, task) ?? seen(run, act)
  if (no) return no
  const { person } = act
  const isHis = entry.added.some((one) => one.person === person && one.by === task.person && one.where !== 'askAgain')
  if (!isHis || hasSpoken(run, entry.id, person) || isDone(run, entry.id, person)) return refuse('notAdded', { person })
  record(run, { task, entry, step }, act, {})
  const added = entry.added.filter((one) => one.person !== person).map((one) => (one.by === person ? { ...one, by: task.person } : one))
  const held = entry.held
    .filter((one) => one.slot.person !== person)
    .map((one) => ({ ...one, for: one.for.filter((other) => other !== person) }))
  run.emit({ type: 'entryChanged', entry: entry.id, change: { added, held } })
  for (const one of run.tasksAt(entry.id))
    if (one.person === person && one.state === 'open') run.emit({ type: 'taskCancelled', task: one.id, cause: 'removed' })
  // Who has lost his own part here meanwhile will not consent: nobody follows him.
  if (!isExpected(run, entry.id, task.person)) dropFollowers(run, entry.id, task.person)
  proceed(run, entry.id)
  return undefined
}

/** W8: another handles it and gives it back; the holder decides in the end. */
export function delegateTask<F>(run: Run<F>, act: ActOf<'delegateTask'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  const { task, entry } = held
  const no = mayAsk(run, entry, [act.to])
  if (no) return no
  record(run, held, act, {})
  run.emit({ type: 'entryChanged', entry: entry.id, change: { held: [...entry.held, { slot: slotOf(task), for: [act.to] }] } })
  run.emit({ type: 'taskCancelled', task: task.id, cause: 'held' })
  run.openTask(entry, { person: act.to, via: 'delegate', insteadOf: task.person })
  return undefined
}

const slotOf = ({ person, via, insteadOf }: Task): Slot => ({ person, via, ...(insteadOf ? { insteadOf } : {}) })
/** Whether he has a task here, has spoken, or is still to be given one. */
function isExpected<F>(run: Run<F>, id: string, person: string): boolean {
  const entry = run.entry(id)
  const isToCome = [...(entry?.held.map(({ slot }) => slot) ?? []), ...(entry?.queue ?? [])].some((one) => one.person === person)
  const isWaiting = entry?.added.some((one) => one.person === person && one.waits && !one.gone)
  return isToCome || isWaiting === true || run.tasksAt(id).some((one) => one.person === person && one.state !== 'cancelled')
}
const isDone = <F>(run: Run<F>, entry: string, person: string): boolean =>
  run.tasksAt(entry).some((one) => one.person === person && one.state === 'done')
