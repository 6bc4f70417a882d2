import type { FlowSimulation } from '#model'
import { isHandled, stepsOf, type Drawn } from './tree.ts'

/** How a step stands in a trial: somebody decides there, or it is passed without anybody. */
export type Light = 'on' | 'passed'
/** By path: the steps that a trial came by, with the branchings around them. */
export function litBy(flow: Drawn, trial: FlowSimulation): Map<string, Light> {
  const found = new Map(trial.steps.map((step) => [step.step, step.passedBy === null ? ('on' as const) : ('passed' as const)]))
  const lit = new Map<string, Light>()
  for (const { path, step } of stepsOf(flow)) {
    const key = 'id' in step ? step.id : path
    const light = found.get(key) ?? found.get(`${key}/split`)
    if (light) lit.set(path, isHandled(step) ? light : 'on')
    if (light) for (const around of aroundOf(path)) lit.set(around, 'on')
  }
  return lit
}
/** `steps.1.then.0` lies within `steps.1`. */
function aroundOf(path: string): string[] {
  const parts = path.split('.')
  const all: string[] = []
  for (let n = parts.length - 1; n > 1; n--)
    if (/^\d+$/.test(parts[n - 1]!) && parts[n - 2] !== 'branches') all.push(parts.slice(0, n).join('.'))
  return all
}
