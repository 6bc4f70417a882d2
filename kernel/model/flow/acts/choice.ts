import type { ActOf, Chosen } from '../acts.ts'
import { choicesOf } from '../choices.ts'
import type { PersonId, StepId } from '../definition.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { shownTo } from '../shown.ts'
import type { Held } from './task.ts'

/** Every step that may be reached and lets `by` (a step; else the applicant) choose its people needs them, within its range. */
export function checkChoice<F>(
  run: Run<F>,
  by: StepId | undefined,
  chosen: Chosen,
  applicant: PersonId = run.state.applicant,
): Refusal | undefined {
  for (const { step, range, max } of choicesOf(run.plan, run.env, by, applicant)) {
    const picked = chosen[step] ?? []
    if (picked.length === 0) return refuse(by === undefined ? 'chooseDeciders' : 'choiceMissing', { step })
    const isOutside = picked.some((one) => one === applicant || !run.env.isActive(one) || (range && !range.includes(one)))
    if (isOutside || picked.length > (max ?? picked.length)) return refuse('choiceOutOfRange', { step, range, max })
  }
  return undefined
}

/** Keeps the people chosen for later steps. */
export function choose<F>(run: Run<F>, chosen: Chosen | undefined): void {
  if (chosen && Object.keys(chosen).length > 0) run.emit({ type: 'chosen', chosen })
}

/** Semantics 4, `askAgain`: who decided on a form that has now changed is asked beside the one who changed it. */
export function askAgain<F>(run: Run<F>, { step, task }: Held, act: ActOf<'approve' | 'decideItems'>): void {
  const edits = act.edits ?? []
  const entry = run.entry(task.entry)
  if (edits.length === 0 || step.onEdit !== 'askAgain' || !entry) return
  const isHere = (person: PersonId): boolean =>
    run.tasksAt(entry.id).some((one) => one.person === person && one.state !== 'cancelled') ||
    [...entry.queue, ...entry.held.map((one) => one.slot)].some((one) => one.person === person) ||
    entry.added.some((one) => one.person === person && one.waits && !one.gone)
  const all = shownTo(run, edits).filter((one) => one !== act.actor && one !== task.person && one !== run.state.applicant && !isHere(one))
  const again = all.filter((one) => run.env.isActive(one))
  for (const person of all.filter((one) => !again.includes(one)))
    run.emit({ type: 'routed', entry: entry.id, step: step.id, why: 'inactive', policy: 'skip', person, to: [] })
  if (again.length === 0) return
  const added = again.map((person) => ({ person, by: task.person, where: 'askAgain' as const, waits: false }))
  run.emit({ type: 'entryChanged', entry: entry.id, change: { added: [...entry.added, ...added] } })
  for (const person of again) run.openTask(entry, { person, via: 'added' })
}
