import type { Filter } from '#model'
import { problemAdvice } from '#kernel/model/flow/advice.ts'
import { approve, bounds, fill, notify, parallel, seal, service, timer, when, workingDays, type Decider, type Flow, type Handled, type Step } from '#kernel/model/flow/definition.ts' // prettier-ignore

import { isStepId } from '#kernel/model/flow/prove.ts'
import { stepKindWords } from '#kernel/model/flow/sentences.ts'

/** A definition as it is drawn. Every function here answers a new one and leaves the old one as it was: undo is to take the old one again. */
export type Drawn = Flow<Filter>
export type DrawnStep = Step<Filter>
/** A place between two steps: `at` in the list `steps`, `steps.1.then` or `steps.0.branches.2`. */
export interface Slot {
  readonly list: string
  readonly at: number
}
/** What a step is called in lists: a copy has no name of its own. */
export const labelOf = (step: DrawnStep): string => ('label' in step ? step.label : stepKindWords[step.kind])
/** The steps that can be drawn, in the order of the menu. */
export const drawable = [
  'approve',
  'fill',
  'seal',
  'when',
  'parallel',
  'notify',
  'service',
  'timer',
] as const satisfies readonly DrawnStep['kind'][]
export type StepKind = (typeof drawable)[number]

export const isHandled = (step: DrawnStep): step is Handled => 'mode' in step
const pathIn = (list: string, at: number): string => `${list}.${at}`
/** Where a step stands: its list, and its number in it. */
export function slotOf(path: string): Slot {
  const dot = path.lastIndexOf('.')
  return { list: path.slice(0, dot), at: Number(path.slice(dot + 1)) }
}
export const pathOf = ({ list, at }: Slot): string => pathIn(list, at)

type Change = (steps: readonly DrawnStep[]) => readonly DrawnStep[]
function inList(steps: readonly DrawnStep[], [at, ...rest]: readonly string[], change: Change): readonly DrawnStep[] {
  if (at === undefined) return change(steps)
  const step = steps[Number(at)]
  return step ? steps.with(Number(at), inStep(step, rest, change)) : steps
}
function inStep(step: DrawnStep, [side, ...rest]: readonly string[], change: Change): DrawnStep {
  if (step.kind === 'when' && (side === 'then' || side === 'otherwise')) return { ...step, [side]: inList(step[side], rest, change) }
  const [nth, ...more] = rest
  const branch = step.kind === 'parallel' && side === 'branches' ? step.branches[Number(nth)] : undefined
  if (step.kind !== 'parallel' || !branch) return step
  return { ...step, branches: step.branches.with(Number(nth), inList(branch, more, change)) }
}
const changed = (flow: Drawn, list: string, change: Change): Drawn => ({
  ...flow,
  steps: inList(flow.steps, list.split('.').slice(1), change),
})

/** The lists of steps within a step, each by its place in it. */
export function listsIn(step: DrawnStep): readonly { readonly side: string; readonly steps: readonly DrawnStep[] }[] {
  if (step.kind === 'when') return (['then', 'otherwise'] as const).map((side) => ({ side, steps: step[side] }))
  return step.kind === 'parallel' ? step.branches.map((steps, nth) => ({ side: `branches.${nth}`, steps })) : []
}
/** Every step with its path, in the order in which they are drawn. */
export const stepsOf = (flow: Drawn): { path: string; step: DrawnStep }[] => walk(flow.steps, 'steps')
const walk = (steps: readonly DrawnStep[], list: string): { path: string; step: DrawnStep }[] =>
  steps.flatMap((step, at) => {
    const path = pathIn(list, at)
    return [{ path, step }, ...listsIn(step).flatMap(({ side, steps: inner }) => walk(inner, `${path}.${side}`))]
  })
export const stepAt = (flow: Drawn, path: string): DrawnStep | undefined => stepsOf(flow).find((one) => one.path === path)?.step
/** Steps at which people act, in their order. */
export const handledOf = (flow: Drawn): { path: string; step: Handled }[] =>
  stepsOf(flow).flatMap(({ path, step }) => (isHandled(step) ? { path, step } : []))

/** How many lists of steps a place lies in, and a step holds within one another. */
const depthOf = (list: string): number => list.split(/\.(?:then|otherwise|branches\.\d+)/).length
const levelsIn = (step: DrawnStep): number => Math.max(0, ...listsIn(step).map(({ steps }) => 1 + Math.max(0, ...steps.map(levelsIn))))
/** Whether a step of the flow may stand at another place: what is nested deeper is not kept. */
export const mayStand = ({ list }: Slot, step: DrawnStep): boolean => depthOf(list) + levelsIn(step) <= bounds.nested
/** Whether a step may be added there. */
export const mayInsert = (flow: Drawn, slot: Slot, step: DrawnStep): boolean =>
  mayStand(slot, step) && stepsOf(flow).length + walk([step], 'steps').length <= bounds.steps

export const inserted = (flow: Drawn, { list, at }: Slot, step: DrawnStep): Drawn =>
  changed(flow, list, (steps) => steps.toSpliced(at, 0, step))
export const removed = (flow: Drawn, path: string): Drawn => {
  const { list, at } = slotOf(path)
  return changed(flow, list, (steps) => steps.toSpliced(at, 1))
}
export const replaced = (flow: Drawn, path: string, step: DrawnStep): Drawn => {
  const { list, at } = slotOf(path)
  return changed(flow, list, (steps) => (steps[at] ? steps.with(at, step) : steps))
}
/** In place of a branching the steps of one of its sides. */
export const dissolved = (flow: Drawn, path: string, side: string): Drawn => {
  const { list, at } = slotOf(path)
  const step = stepAt(flow, path)
  const kept = step && listsIn(step).find((one) => one.side === side)?.steps
  return kept ? changed(flow, list, (steps) => steps.toSpliced(at, 1, ...kept)) : flow
}
/** A step, with all that it holds, at another place; nothing goes into itself. `path`: where it stands then. */
export function moved(flow: Drawn, from: string, to: Slot): { flow: Drawn; path: string } {
  const step = stepAt(flow, from)
  const source = slotOf(from)
  const isWithin = `${to.list}.`.startsWith(`${from}.`)
  const isThere = to.list === source.list && (to.at === source.at || to.at === source.at + 1)
  if (!step || isWithin || isThere || !mayStand(to, step)) return { flow, path: from }
  // Without the step everything behind it stands one further up, the target with it.
  const { list, at } = slotOf(shiftedBack(pathOf(to), source))
  return { flow: inserted(removed(flow, from), { list, at }, step), path: pathIn(list, at) }
}
/** The same place once the step at `gone` is away. */
function shiftedBack(path: string, gone: Slot): string {
  const head = `${gone.list}.`
  if (!path.startsWith(head)) return path
  const [first = '', ...rest] = path.slice(head.length).split('.')
  return Number(first) > gone.at ? head + [Number(first) - 1, ...rest].join('.') : path
}

/** An id that no step of the flow has yet: `approve1`, `approve2` … */
export function freshId(flow: Drawn, base: string): string {
  const taken = new Set(stepsOf(flow).flatMap(({ step }) => ('id' in step ? step.id : [])))
  const stem = base.replace(/\d+$/, '') || 'step'
  for (let n = 1; ; n++) if (!taken.has(`${stem}${n}`)) return `${stem}${n}`
}
/** A step as it begins: cautious where nothing is said, and with nobody yet to decide. */
export function begun(kind: StepKind, flow: Drawn): DrawnStep {
  const id = freshId(flow, kind)
  const makers: Record<StepKind, () => DrawnStep> = {
    approve: () => approve(id, '审批', { by: [] }),
    fill: () => fill(id, '填写', { by: [] }),
    seal: () => seal(id, '盖章', { by: [], seal: '' }),
    when: () => when<Filter>({ and: [] }, [], []),
    parallel: () => parallel(id, [[], []]),
    notify: () => notify('applicant'),
    service: () => service(id, '', { label: '系统处理' }),
    timer: () => timer(id, '等待', workingDays(1)),
  }
  return makers[kind]()
}
/** A step once more, with ids of its own; what its steps say of one another they say of the copies. */
export function copied(flow: Drawn, step: DrawnStep): DrawnStep {
  const names = new Map<string, string>()
  let around = flow
  for (const { step: one } of walk([step], 'steps')) {
    if (!('id' in one)) continue
    const id = freshId(around, one.id)
    names.set(one.id, id)
    around = inserted(around, { list: 'steps', at: 0 }, timer(id, '', workingDays(1)))
  }
  return renamed(step, names)
}
/** Why a step cannot have another id; null when it can. */
export function idProblem(flow: Drawn, to: string): string | null {
  if (!isStepId(to)) return problemAdvice.badId
  const other = stepsOf(flow).find(({ step }) => 'id' in step && step.id === to)
  return other ? `已有步骤用了这个编号：${labelOf(other.step)}` : null
}
/** The flow with the id of the step at a place changed, and everything that names it with it; of two steps of one id the names stay with the other. */
export function renamedAt(flow: Drawn, path: string, to: string): Drawn {
  const step = stepAt(flow, path)
  if (!step || !('id' in step)) return flow
  const isShared = stepsOf(flow).some((one) => one.path !== path && 'id' in one.step && one.step.id === step.id)
  return isShared ? replaced(flow, path, { ...step, id: to }) : renamedId(flow, step.id, to)
}
/** The flow with a step's id changed, and everything that names it with it. */
export const renamedId = (flow: Drawn, from: string, to: string): Drawn => ({
  ...flow,
  steps: flow.steps.map((step) => renamed(step, new Map([[from, to]]))),
})
function renamed(step: DrawnStep, names: ReadonlyMap<string, string>): DrawnStep {
  const name = (id: string): string => names.get(id) ?? id
  const decider = (one: Decider): Decider => {
    if (one.kind === 'earlier') return { ...one, step: name(one.step) }
    if (one.kind !== 'chosen') return one
    return { ...one, ...(one.by === undefined ? {} : { by: name(one.by) }), ...(one.within ? { within: decider(one.within) } : {}) }
  }
  const all = (list: readonly DrawnStep[]) => list.map((one) => renamed(one, names))
  if (step.kind === 'when') return { ...step, then: all(step.then), otherwise: all(step.otherwise) }
  if (step.kind === 'parallel') return { ...step, id: name(step.id), branches: step.branches.map(all), reconcile: decider(step.reconcile) }
  if (step.kind === 'notify') return { ...step, who: step.who.map((one) => (one === 'applicant' ? one : decider(one))) }
  if (!isHandled(step)) return { ...step, id: name(step.id) }
  return {
    ...step,
    id: name(step.id),
    by: step.by.map(decider),
    returnTo: step.returnTo === 'applicant' ? 'applicant' : { step: name(step.returnTo.step) },
    onTimeout: step.onTimeout.map((stage) => ('to' in stage ? { ...stage, to: decider(stage.to) } : stage)),
    ...(step.meeting ? { meeting: { recorder: decider(step.meeting.recorder) } } : {}),
  }
}
/** The step that a fault is about: the innermost on its path; null is the flow itself. */
export function stepOfFault(flow: Drawn, path: string): string | null {
  const parts = path.split('.')
  for (let n = parts.length; n > 1; n--) {
    const head = parts.slice(0, n).join('.')
    if (stepAt(flow, head)) return head
  }
  return null
}
