import { isResting } from './apply.ts'
import { findHandled } from './plan.ts'
import type { Run } from './run.ts'
import type { Entry } from './state.ts'

/** W19: the clock of a stay stands still from a question on. What is over its limit already stays so (semantics 13). */
export function rest<F>(run: Run<F>, entry: Entry): void {
  const isAhead = entry.due !== undefined && Date.parse(run.env.now) < Date.parse(entry.due)
  if (isAhead && !isResting(entry)) run.emit({ type: 'clockPaused', entry: entry.id })
}

/** It runs again when nobody is asked any more who could still answer; its due moment moves by what it rested. */
export function wake<F>(run: Run<F>, entry: Entry): void {
  const { env, state, plan } = run
  if (!isResting(entry)) return
  const isAsked = state.consultations.some(
    (one) => one.entry === entry.id && one.pauses && one.reply === undefined && env.isActive(one.person),
  )
  if (isAsked) return
  const rests = (entry.rests ?? []).map((one) => ({ to: env.now, ...one }))
  const limit = findHandled(plan, entry.step)?.limit
  const due = limit && env.dueAt?.(limit, entry.openedAt, rests)
  run.emit({ type: 'clockResumed', entry: entry.id, ...(due ? { due } : {}) })
}
