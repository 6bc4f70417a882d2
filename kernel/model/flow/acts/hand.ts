import type { ActOf } from '../acts.ts'
import { areSiblings, findHandled, stopOf } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { Entry } from '../state.ts'
import { whole } from '../state.ts'
import { goBack } from '../walk.ts'
import { handOver, hasSpoken, hold, isBlank, isInStep, record } from './task.ts'

/** W7: the task goes to another person for good; both stay visible. */
export function transfer<F>(run: Run<F>, act: ActOf<'transfer'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  const { task, entry } = held
  const { to } = act
  if (to === task.person || to === act.actor) return refuse('transferToSelf')
  if (to === run.state.applicant) return refuse('transferToApplicant')
  if (!run.env.isActive(to)) return refuse('transferToInactive', { to })
  if (isInStep(run, entry, to)) return refuse('transferToInStep', { to })
  if (hasSpoken(run, entry.id, task.person)) return refuse('alreadyDecided', { task: task.id })
  record(run, held, act, {})
  run.emit({ type: 'taskCancelled', task: task.id, cause: 'transferred' })
  handOver(run, entry, task.person, to)
  run.openTask(entry, { person: to, via: 'transfer', insteadOf: task.person })
  return undefined
}

/** W10: the whole request goes back, to the applicant or to a step it has passed; a step gets its full list again. */
export function sendBack<F>(run: Run<F>, act: ActOf<'return'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  if (isBlank(act.opinion)) return refuse('reasonNeeded')
  const { to = 'applicant', opinion = '' } = act
  if (to !== 'applicant' && !isPassed(run, held.entry, to.step)) return refuse('returnTarget', { to })
  record(run, held, act, { [whole]: { say: 'return', reason: opinion } })
  run.emit({ type: 'taskDone', task: held.task.id })
  goBack(run, held.entry.id, to, opinion)
  return undefined
}

/** Passed in this round, and not in a branch beside (semantics 10). */
function isPassed<F>({ plan, state }: Run<F>, { track }: Entry, step: string): boolean {
  if (!findHandled(plan, step)) return false
  const target = stopOf(plan, step)
  const isDone = state.past.some((one) => one.step === step && one.how === 'passed' && !one.void)
  // A jump out of a split leaves no branch to go back into.
  const isThere = target.track === undefined || state.tracks[target.track] !== undefined
  return isDone && isThere && target.step.kind !== 'join' && !areSiblings(plan, target.track, track)
}
