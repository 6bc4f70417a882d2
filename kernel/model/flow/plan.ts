import type { Approve, Flow, Notify, Service, Step, StepId, When } from './definition.ts'

/** The condition that must hold, and on which side, for a stop to be reached. */
export interface Guard<F> {
  readonly branch: string
  readonly condition: F
  readonly side: 'then' | 'otherwise'
}
/** A step that does something, with the conditions around it. */
export interface Stop<F> {
  /** The step's id, or its path for a step without one. */
  readonly key: StepId
  readonly path: string
  readonly index: number
  readonly step: Approve | Notify | Service
  readonly guards: readonly Guard<F>[]
}
/** A definition laid out in walking order; made once a definition. */
export interface Plan<F> {
  readonly definition: Flow<F>
  readonly stops: readonly Stop<F>[]
  readonly byKey: ReadonlyMap<StepId, Stop<F>>
}

const plans = new WeakMap<object, unknown>()

/** The plan of a definition, kept as long as the definition lives. */
export function planOf<F>(definition: Flow<F>): Plan<F> {
  const known = plans.get(definition) as Plan<F> | undefined
  if (known) return known
  const stops: Stop<F>[] = []
  layOut(definition.steps, 'steps', [], stops)
  const plan = { definition, stops, byKey: new Map(stops.map((stop) => [stop.key, stop])) }
  plans.set(definition, plan)
  return plan
}

/** The approve step at a stop key; a fault when the instance and its definition do not belong together. */
export function approveStep<F>(plan: Plan<F>, key: StepId): Approve {
  const step = plan.byKey.get(key)?.step
  if (step?.kind !== 'approve') throw new Error(`flow ${plan.definition.name}: no approve step ${key}`)
  return step
}

/** The place of a stop in walking order; a fault when the definition does not know it. */
export function indexOf<F>(plan: Plan<F>, key: StepId): number {
  const stop = plan.byKey.get(key)
  if (!stop) throw new Error(`flow ${plan.definition.name}: no step ${key}`)
  return stop.index
}

function layOut<F>(steps: readonly Step<F>[], path: string, guards: readonly Guard<F>[], into: Stop<F>[]): void {
  steps.forEach((step, place) => {
    const here = `${path}.${place}`
    if (step.kind === 'when') layOutWhen(step, here, guards, into)
    else if (step.kind === 'parallel') throw new Error(`flow: parallel at ${here} does not run yet`)
    else into.push({ key: step.kind === 'notify' ? here : step.id, path: here, index: into.length, step, guards })
  })
}

function layOutWhen<F>(step: When<F>, path: string, guards: readonly Guard<F>[], into: Stop<F>[]): void {
  layOut(step.then, `${path}.then`, [...guards, { branch: path, condition: step.condition, side: 'then' }], into)
  layOut(step.otherwise, `${path}.otherwise`, [...guards, { branch: path, condition: step.condition, side: 'otherwise' }], into)
}
