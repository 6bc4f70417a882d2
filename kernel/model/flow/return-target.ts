import type { ReturnTarget, StepId } from './definition.ts'
import { handledStep, indexOf, lanesAround, type Plan, stopOf } from './plan.ts'
import type { Run } from './run.ts'
import type { RowId } from './state.ts'

/** Lines that go back, with the place where they start again. */
export interface GoingBack {
  readonly to: ReturnTarget
  readonly items: readonly RowId[]
}

/** The returned lines of a stay by where they start again: where the step that returned them says (semantics 7); the farthest back first. */
export function goingBack<F>(run: Run<F>, step: StepId, items: readonly RowId[]): GoingBack[] {
  const groups = new Map<string, { to: ReturnTarget; items: RowId[] }>()
  for (const item of items) {
    const to = targetOf(run, step, item)
    const key = to === 'applicant' ? '' : to.step
    const group = groups.get(key) ?? { to, items: [] }
    group.items.push(item)
    groups.set(key, group)
  }
  return [...groups.values()].sort((one, other) => placeOf(run.plan, one.to) - placeOf(run.plan, other.to))
}

/** Of several branches that returned a line the one that goes farthest back counts. */
function targetOf<F>(run: Run<F>, step: StepId, item: RowId): ReturnTarget {
  if (stopOf(run.plan, step).step.kind !== 'join') return whatIsLeft(run, handledStep(run.plan, step).returnTo)
  const targets = Object.values(run.state.tracks).flatMap((track) => {
    const line = track.parallel === step ? track.items[item] : undefined
    return line?.state === 'returned' && line.step !== undefined ? [targetOf(run, line.step, item)] : []
  })
  return targets.sort((one, other) => placeOf(run.plan, one) - placeOf(run.plan, other))[0] ?? 'applicant'
}
/** A jump may have left no branch to go back into: then the applicant has it. */
function whatIsLeft<F>({ plan, state }: Run<F>, to: ReturnTarget): ReturnTarget {
  if (to === 'applicant') return to
  return lanesAround(plan, stopOf(plan, to.step).track).every((lane) => state.tracks[lane.id]) ? to : 'applicant'
}
const placeOf = <F>(plan: Plan<F>, to: ReturnTarget): number => (to === 'applicant' ? -1 : indexOf(plan, to.step))
