import { counts } from './apply.ts'
import type { Handled, PersonId } from './definition.ts'
import { findHandled } from './plan.ts'
import type { Run } from './run.ts'

/** The fields that a step puts before its people; undefined means the whole form. */
export function isShown(step: Handled, field: string): boolean {
  const own = step.mayEdit.includes(field) || step.require.includes(field)
  return own || (!step.hide.includes(field) && (step.see?.includes(field) ?? true))
}

/** Those who decided on a form in which one of these fields was shown to them. */
export function shownTo<F>(run: Run<F>, fields: readonly string[]): PersonId[] {
  const deciders = run.state.chain.filter((one) => {
    // Who has only handed on, added or advised has decided nothing.
    const step = !counts(one) || one.auto ? undefined : findHandled(run.plan, one.step)
    return step && fields.some((field) => isShown(step, field))
  })
  return [...new Set(deciders.map((one) => one.actor))]
}
