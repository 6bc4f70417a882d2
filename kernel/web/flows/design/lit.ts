import type { FlowSimulation } from '#model'
import { listsIn, slotOf, stepsOf, type Drawn } from './tree.ts'

/** How a step stands in a trial: somebody decides there, or it is passed without anybody. */
export type Light = 'on' | 'passed'
/** By path: the steps that a trial came by, with the branchings around them. */
export function litBy(flow: Drawn, trial: FlowSimulation): Map<string, Light> {
  const found = new Map(trial.steps.map((step) => [step.step, step.passedBy === null ? ('on' as const) : ('passed' as const)]))
  const lit = new Map<string, Light>()
  for (const { path, step } of stepsOf(flow)) {
    const key = 'id' in step ? step.id : path
    const light = found.get(key)
    // A branching of the main way is always come by; one within a side only with what is in it.
    if (listsIn(step).length > 0 && slotOf(path).list === 'steps') lit.set(path, 'on')
    if (light) lit.set(path, light)
    if (light === 'on') for (const around of aroundOf(path)) lit.set(around, 'on')
  }
  return lit
}
/** `steps.1.then.0` lies within `steps.1`. */
function aroundOf(path: string): string[] {
  const { list } = slotOf(path)
  const fork = list.replace(/\.(then|otherwise|branches\.\d+)$/, '')
  return fork === list ? [] : [fork, ...aroundOf(fork)]
}
