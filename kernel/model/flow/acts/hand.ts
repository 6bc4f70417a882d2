import { decisionsAt } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { whole } from '../state.ts'
import { goBack } from '../walk.ts'
import { hold, isBlank, record } from './task.ts'

/** W7: the task goes to another person for good; both stay visible. */
export function transfer<F>(run: Run<F>, act: ActOf<'transfer'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  const { task, entry } = held
  const { to } = act
  if (to === task.person || to === act.actor) return refuse('transferToSelf')
  if (to === run.state.applicant) return refuse('transferToApplicant')
  if (!run.env.isActive(to)) return refuse('transferToInactive', { to })
  const isHere =
    run.tasksAt(entry.id).some((one) => one.person === to && one.state !== 'cancelled') || entry.queue.some((one) => one.person === to)
  const hasSpoken = (person: string): boolean => decisionsAt(run.state, entry.id).some((one) => one.person === person)
  if (isHere || hasSpoken(to)) return refuse('transferToInStep', { to })
  if (hasSpoken(task.person)) return refuse('alreadyDecided', { task: task.id })
  record(run, held, act, {})
  run.emit({ type: 'taskCancelled', task: task.id, cause: 'transferred' })
  run.openTask(entry, { person: to, via: 'transfer', insteadOf: task.person })
  return undefined
}

/** W10: the whole request goes back, to the applicant or to a step it has passed; a step gets its full list again. */
export function sendBack<F>(run: Run<F>, act: ActOf<'return'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  if (isBlank(act.opinion)) return refuse('reasonNeeded')
  const { to = 'applicant', opinion = '' } = act
  const isPassed = to === 'applicant' || run.state.past.some((one) => one.step === to.step && one.how === 'passed' && !one.void)
  if (!isPassed) return refuse('returnTarget', { to })
  record(run, held, act, { [whole]: { say: 'return', reason: opinion } })
  run.emit({ type: 'taskDone', task: held.task.id })
  goBack(run, held.entry.id, to, opinion)
  return undefined
}
