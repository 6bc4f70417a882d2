import type { Decider, PersonId, StepId } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import { findHandled, type Plan } from './plan.ts'

/** A step whose people somebody chooses: within a range, and at most so many. */
export interface ToChoose {
  readonly step: StepId
  readonly label: string
  readonly max?: number
  /** Those who may be chosen; absent when anybody may. */
  readonly range?: readonly PersonId[]
}
/** The steps that may be reached and let `by` (a step; else the applicant) choose their people. */
export function choicesOf<F>(
  plan: Plan<F>,
  env: Pick<FlowEnvironment<F>, 'evaluate' | 'resolve'>,
  by: StepId | undefined,
  applicant: PersonId,
): ToChoose[] {
  return plan.stops.flatMap(({ key, guards }) => {
    const handled = findHandled(plan, key)
    const decider = handled?.by.find((one): one is Extract<Decider, { kind: 'chosen' }> => one.kind === 'chosen')
    if (!handled || !decider || decider.by !== by || !guards.every((one) => env.evaluate(one.condition) === (one.side === 'then')))
      return []
    const range = decider.within && env.resolve(decider.within, { applicant, of: applicant })
    return [{ step: key, label: handled.label, ...(decider.max ? { max: decider.max } : {}), ...(range ? { range } : {}) }]
  })
}
