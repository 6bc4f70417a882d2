import { isEnded, isHandled } from './apply.ts'
import type { Flow, PersonId, Step } from './definition.ts'
import { frozen } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import type { Plan } from './plan.ts'
import { findHandled, handledStep, planOf } from './plan.ts'
import { everyStep } from './prove.ts'
import { assign } from './route.ts'
import { Run } from './run.ts'
import type { Entry, FlowEvent, InstanceState } from './state.ts'
import { proceed, proceedOthers } from './walk.ts'

/** How a running instance comes to another version. */
export interface Renames<F> {
  readonly actId: string
  readonly actor: PersonId
  readonly flowVersion: number
  /** Old field name → new. */
  readonly fields: Readonly<Record<string, string>>
  /** A condition under the new names; without it conditions must be the same. */
  condition?(condition: F): F
}
/** What stands between two versions, and where. */
export interface Obstacle {
  readonly path: string
  readonly message: string
}
export type Migrated =
  | { readonly ok: true; readonly events: readonly FlowEvent[]; readonly state: InstanceState }
  | { readonly ok: false; readonly obstacles: readonly Obstacle[] }
/** What a migration would do to one instance. */
export interface MigrationPreview {
  readonly instance: string
  readonly obstacles: readonly Obstacle[]
  /** Steps whose people are others now. */
  readonly steps: readonly string[]
  readonly losesTask: readonly PersonId[]
  readonly getsTask: readonly PersonId[]
}

/** Moves a running instance to a version that differs only in field names, labels and deciders; anything larger is refused with its places. */
export function migrate<F>(state: InstanceState, from: Flow<F>, to: Flow<F>, renames: Renames<F>, env: FlowEnvironment<F>): Migrated {
  const obstacles = isEnded(state) ? [{ path: '', message: '该申请已经办结，不需要迁移' }] : differences(from, to, renames)
  if (obstacles.length > 0) return { ok: false, obstacles }
  const run = new Run(planOf(to), state, env, renames)
  run.emit({ type: 'migrated', flowVersion: renames.flowVersion, fields: renames.fields })
  const changed = new Set(changedDeciders(from, to))
  for (const entry of run.state.entries) if (isHandled(entry) && changed.has(entry.step)) askOthers(run, entry)
  proceedOthers(run)
  return { ok: true, events: run.events, state: run.state }
}

/** What `migrate` would change, for the person who decides about it. */
export function previewMigration<F>(
  state: InstanceState,
  from: Flow<F>,
  to: Flow<F>,
  renames: Renames<F>,
  env: FlowEnvironment<F>,
): MigrationPreview {
  const result = migrate(state, from, to, renames, env)
  if (!result.ok) return { instance: state.id, obstacles: result.obstacles, steps: [], losesTask: [], getsTask: [] }
  const holders = (one: InstanceState): Set<PersonId> =>
    new Set(one.tasks.filter((task) => task.state === 'open').map((task) => task.person))
  const [before, after] = [holders(state), holders(result.state)]
  return {
    instance: state.id,
    obstacles: [],
    steps: changedDeciders(from, to),
    losesTask: [...before].filter((one) => !after.has(one)),
    getsTask: [...after].filter((one) => !before.has(one)),
  }
}

/** One person in place of another wherever a definition names him: deciders, chairs, recorders, weights. */
export function replacePerson<F>(definition: Flow<F>, from: PersonId, to: PersonId): Flow<F> {
  const steps = (list: readonly Step<F>[]): Step<F>[] => list.map((step) => ({ ...step, ...inside(step) }))
  const inside = (step: Step<F>): object => {
    if (step.kind === 'when') return { then: steps(step.then), otherwise: steps(step.otherwise) }
    if (step.kind === 'parallel') return { branches: step.branches.map(steps), reconcile: swapPeople(step.reconcile, from, to) }
    return swapPeople(step, from, to)
  }
  return frozen({ ...definition, steps: steps(definition.steps) })
}

/** Swaps a person inside deciders and weights; labels and field names are no people. */
function swapPeople<T>(value: T, from: PersonId, to: PersonId): T {
  if (Array.isArray(value)) return value.map((one: unknown) => swapPeople(one, from, to)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    if (key === 'people') return [key, [...new Set((inner as PersonId[]).map((one) => (one === from ? to : one)))]]
    if (key === 'weights') return [key, Object.fromEntries(Object.entries(inner as object).map(([one, weight]) => [one === from ? to : one, weight as number]))] // prettier-ignore
    return [key, swapPeople(inner, from, to)]
  })
  return Object.fromEntries(entries) as T
}

function askOthers<F>(run: Run<F>, { id }: Entry): void {
  const entry = run.entry(id)
  if (!entry) return
  const step = handledStep(run.plan, entry.step)
  const { members, slots, notes } = assign(run, step, entry.track)
  for (const task of run.tasksAt(id)) {
    const isOut = (task.via === 'resolved' || task.via === 'claimed') && !slots.some((slot) => slot.person === task.person)
    if (task.state === 'open' && isOut) run.emit({ type: 'taskCancelled', task: task.id, cause: 'migrated' })
  }
  for (const note of notes) run.emit({ type: 'routed', entry: id, step: step.id, ...note })
  const said = new Set(run.state.chain.filter((one) => one.entry === id && !one.void).map((one) => one.person))
  const asked = new Set(run.tasksAt(id).flatMap((task) => (task.state === 'cancelled' ? [] : [task.person])))
  const isNew = slots.filter((slot) => !said.has(slot.person) && !asked.has(slot.person))
  const isInOrder = step.mode === 'inOrder'
  const change = {
    members: [...new Set([...entry.members.filter((one) => said.has(one)), ...members])],
    queue: isInOrder ? isNew : [],
    ...(step.claim ? { pool: slots.map((slot) => slot.person) } : {}),
  }
  run.emit({ type: 'entryChanged', entry: id, change })
  if (!isInOrder && !step.claim) for (const slot of isNew) run.openTask(entry, slot)
  proceed(run, id)
}

/** Steps of both versions that are not decided by the same people. */
function changedDeciders<F>(from: Flow<F>, to: Flow<F>): string[] {
  const plans: [Plan<F>, Plan<F>] = [planOf(from), planOf(to)]
  return plans[1].stops.flatMap(({ key }) => {
    const [one, other] = plans.map((plan) => findHandled(plan, key)?.by)
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [key]
  })
}

const free = new Set(['label', 'by', 'chair', 'recorder', 'reconcile', 'who', 'meeting'])
/** Where two versions differ in more than names, labels and deciders. */
function differences<F>(from: Flow<F>, to: Flow<F>, { fields, condition }: Renames<F>): Obstacle[] {
  const obstacles: Obstacle[] = []
  const say = (path: string, what: string): void => {
    obstacles.push({ path, message: `${what}：只有改字段名、步骤名称和审批人的版本可以迁移，其他改动须终止后重新提交` })
  }
  const ids = (flow: Flow<F>): string[] => everyStep(flow.steps).flatMap((step) => ('id' in step ? [step.id] : []))
  const [before, after] = [ids(from), ids(to)]
  for (const id of before.filter((one) => !after.includes(one))) say(`steps.${id}`, '步骤被删除')
  for (const id of after.filter((one) => !before.includes(one))) say(`steps.${id}`, '增加了步骤')
  if (obstacles.length > 0) return obstacles
  const rename = (name: string): string => fields[name] ?? name.split('.').map((part) => fields[part] ?? part).join('.') // prettier-ignore
  const compare = (one: unknown, other: unknown, path: string, key: string): void => {
    if (free.has(key)) return
    if (key === 'condition') {
      const same = JSON.stringify(condition ? condition(one as F) : one) === JSON.stringify(other)
      if (!same) say(path, '条件不同')
    } else if (isTree(one) && isTree(other)) {
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) compare(one[name], other[name], `${path}.${name}`, name)
    } else {
      const isName = typeof one === 'string' && named.has(path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '')
      if ((isName ? rename(one) : one) !== other) say(path, '内容不同')
    }
  }
  compare(from.steps, to.steps, 'steps', 'steps')
  for (const key of ['items', 'start', 'effect', 'effectWhen'] as const) compare(from[key], to[key], key, key)
  return obstacles
}
/** Where field names stand. */
const named = new Set(['mayEdit', 'see', 'hide', 'require', 'field', 'rows', 'narrow', 'items'])
const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
