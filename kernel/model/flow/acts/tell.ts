import { isEnded } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import type { PersonId } from '../definition.ts'
import { waitsFor } from '../path.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { rest, wake } from '../rest.ts'
import { hold, isBlank } from './task.ts'

/** W15: others may read it, each once. By whoever holds a task here, or by the applicant. */
export function copyTo<F>(run: Run<F>, act: ActOf<'copyTo'>): Refusal | undefined {
  const held = act.task === undefined ? undefined : hold(run, act)
  if (held && 'code' in held) return held
  if (!held && act.actor !== run.state.applicant) return refuse('applicantOnly', { applicant: run.state.applicant })
  if (act.people.length === 0) return refuse('noPeople')
  const gone = act.people.filter((one) => !run.env.isActive(one))
  if (gone.length > 0) return refuse('personInactive', { people: gone })
  const to = [...new Set(act.people)].filter((one) => !run.state.copies[one])
  if (to.length === 0) return refuse('copiedAlready')
  run.emit({ type: 'copied', to })
  return undefined
}

/** W19: asks without deciding; the answer binds nobody and the task stays where it is. */
export function consult<F>(run: Run<F>, act: ActOf<'consult'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  const { people, opinion = '' } = act
  if (people.length === 0) return refuse('noPeople')
  if (isBlank(opinion)) return refuse('reasonNeeded')
  if (people.includes(act.actor) || people.includes(held.task.person)) return refuse('consultSelf')
  const gone = people.filter((one) => !run.env.isActive(one))
  if (gone.length > 0) return refuse('personInactive', { people: gone })
  for (const person of new Set(people)) {
    const id = `c${run.state.consultations.length + 1}`
    const { entry, step } = held
    const pauses = step.consultPauses ? { pauses: true as const } : {}
    const consultation = { id, entry: entry.id, by: act.actor, person, question: opinion, at: run.env.now, ...pauses }
    run.emit({ type: 'consulted', consultation })
  }
  if (held.step.consultPauses) rest(run, held.entry)
  return undefined
}

/** W19: the answer of somebody who was asked. */
export function reply<F>(run: Run<F>, act: ActOf<'reply'>): Refusal | undefined {
  const asked = run.state.consultations.find((one) => one.id === act.consultation)
  if (!asked || asked.person !== act.actor || asked.reply !== undefined) return refuse('consultationUnknown')
  if (isEnded(run.state)) return refuse('alreadyEnded', { status: run.state.status })
  if (isBlank(act.opinion)) return refuse('reasonNeeded')
  run.emit({ type: 'replied', consultation: asked.id, to: asked.by, reply: act.opinion ?? '' })
  const entry = run.entry(asked.entry)
  if (entry) wake(run, entry)
  return undefined
}

/** W19 已阅: also after the end, and once is enough. */
export function markRead<F>(run: Run<F>, act: ActOf<'markRead'>): Refusal | undefined {
  if (!run.state.copies[act.actor]) return refuse('notReader')
  run.emit({ type: 'read' })
  return undefined
}

/** W16: reminds those it waits for; not too often, and outside working hours only when urgent. */
export function urge<F>(run: Run<F>, act: ActOf<'urge'>): Refusal | undefined {
  const { state, env, plan } = run
  if (isEnded(state)) return refuse('alreadyEnded', { status: state.status })
  if (act.actor !== state.applicant && act.actor !== state.filledBy) return refuse('applicantOnly', { applicant: state.applicant })
  const to: readonly PersonId[] = state.status === 'returned' ? [] : waitsFor(state).people
  if (to.length === 0) return refuse('nobodyToUrge')
  const hours = plan.definition.urgeEveryHours
  const isTooSoon = state.urgedAt !== undefined && Date.parse(env.now) - Date.parse(state.urgedAt) < hours * 3_600_000
  if (isTooSoon) return refuse('urgeTooSoon', { last: state.urgedAt, hours })
  if (!act.urgent && env.isWorkingTime && !env.isWorkingTime(env.now)) return refuse('urgeOutsideHours')
  run.emit({ type: 'urged', to, urgent: act.urgent ?? false, ...(isBlank(act.opinion) ? {} : { note: act.opinion ?? '' }) })
  return undefined
}
