import { pathsOf } from '#model'
import type { Decider } from '#kernel/model/flow/definition.ts'
import { isHandled, stepsOf, type Drawn, type DrawnStep } from './tree.ts'

/** The fields of a request that its way depends on: read by a condition, or naming who decides, where or when. In the order in which the way comes by them. */
export function dependsOn(flow: Drawn): string[] {
  const found = stepsOf(flow).flatMap(({ step }) => readBy(step))
  return [...new Set(found.map((path) => path.split('.')[0]!))]
}
function readBy(step: DrawnStep): string[] {
  if (step.kind === 'when') return pathsOf(step.condition)
  if (step.kind === 'timer') return 'field' in step.until ? [step.until.field] : []
  if (step.kind === 'parallel') return named(step.reconcile)
  if (step.kind === 'notify') return step.who.flatMap((one) => (one === 'applicant' ? [] : named(one)))
  return isHandled(step) ? step.by.flatMap(named) : []
}
function named(decider: Decider): string[] {
  if (decider.kind === 'formField') return [decider.field]
  if (decider.kind === 'chosen') return decider.within ? named(decider.within) : []
  return 'unit' in decider && decider.unit ? [decider.unit] : []
}

/** Everybody whom the definition names himself. */
export const peopleIn = (flow: Drawn): string[] => [...new Set(stepsOf(flow).flatMap(({ step }) => peopleOf(step)))]
function peopleOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { kind, people } = part as { kind?: unknown; people?: unknown }
  if (kind === 'people' && Array.isArray(people)) return people as string[]
  // The steps within a branching are met on their own.
  return Object.entries(part).flatMap(([key, value]) =>
    ['then', 'otherwise', 'branches', 'condition'].includes(key) ? [] : peopleOf(value),
  )
}
