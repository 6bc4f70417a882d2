import { counts } from './apply.ts'
import type { Handled, PersonId } from './definition.ts'
import { findHandled } from './plan.ts'
import type { Run } from './run.ts'

/** Of a column of a sub-table, as rights name it (`items.level`), its table; undefined for a field. */
export function tableOf(path: string): string | undefined {
  const dot = path.indexOf('.')
  return dot < 0 ? undefined : path.slice(0, dot)
}
/** Does the list name this field, or a column of it? */
const names = (list: readonly string[], field: string): boolean => list.some((one) => one === field || tableOf(one) === field)

/** The fields that a step puts before its people; undefined means the whole form. A column that is not named goes with its table. */
export function isShown(step: Handled, path: string): boolean {
  const own = [...step.mayEdit, ...step.require]
  const table = tableOf(path)
  if (table === undefined) return names(own, path) || (!step.hide.includes(path) && (step.see === undefined || names(step.see, path)))
  if (own.includes(path)) return true
  if (step.hide.includes(path) || step.hide.includes(table)) return false
  return [own, step.see ?? [table]].some((list) => list.includes(table) || list.includes(path))
}
/** May the step's people change it? Who may change a sub-table adds and takes away rows, and fills every column that is not hidden from him. */
export function isOpen(step: Pick<Handled, 'mayEdit' | 'hide'>, path: string): boolean {
  return step.mayEdit.includes(path) || (step.mayEdit.includes(tableOf(path) ?? path) && !step.hide.includes(path))
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
