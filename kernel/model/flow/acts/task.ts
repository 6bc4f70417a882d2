import { decisionsAt } from '../apply.ts'
import type { Act, ActOf } from '../acts.ts'
import type { Handled, PersonId, StepAct } from '../definition.ts'
import { handledStep } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { Decision, Entry, EntryId, Task, TaskId, Verdicts } from '../state.ts'
import { shownTo } from '../shown.ts'

/** Acts upon a task. */
export type TaskAct = Extract<Act, { task: TaskId }>
export interface Held {
  readonly task: Task
  readonly entry: Entry
  readonly step: Handled
}

/** The task an act is about, when this actor may act on it now with what he saw. */
export function hold<F>(run: Run<F>, act: TaskAct): Held | Refusal {
  const task = run.state.tasks.find((one) => one.id === act.task)
  if (!task) return refuse('taskUnknown', { task: act.task })
  const entry = run.entry(task.entry)
  if (task.state !== 'open' || !entry) return refuse('taskClosed', closedBy(run, task))
  const no = whoseHand(run, act, task)
  if (no) return no
  const step = handledStep(run.plan, task.step)
  if (!mayAs(task, entry, step, act)) return refuse('actNotAllowed', { act: act.kind, allowed: step.acts })
  return seen(run, act) ?? { task, entry, step }
}

/** W9: the task's own person, or his stand-in; nobody in his own request, nobody twice. */
export function whoseHand<F>(run: Run<F>, act: TaskAct, task: Task): Refusal | undefined {
  const holder = act.onBehalfOf ?? act.actor
  const isStandIn = holder !== act.actor
  if (holder !== task.person || (isStandIn && !run.env.mayActFor?.(act.actor, holder))) return refuse('notYourTask', { task: task.id })
  if (isStandIn && act.actor === run.state.applicant) return refuse('ownRequest')
  const isMember = run.tasksAt(task.entry).some((one) => one.person === act.actor && one.state !== 'cancelled')
  return isStandIn && isMember ? refuse('standInIsMember') : undefined
}

/** Who handles a task for another only advises; who was added says yes or no, whatever the step is, and puts no seal on. */
function mayAs(task: Task, entry: Entry, step: Handled, { kind }: TaskAct): boolean {
  const isWord = kind === 'approve' || kind === 'reject'
  if (task.via === 'delegate') return isWord || kind === 'consult' || kind === 'copyTo'
  if (entry.added.some((one) => one.person === task.person) && (isWord || kind === 'seal')) return isWord
  return kind === 'release' || step.acts.includes(kind satisfies StepAct)
}

/** What was seen is what is decided (semantics 4). */
export function seen<F>(run: Run<F>, act: { readonly seenVersion: number }): Refusal | undefined {
  const { version } = run.env.record
  return act.seenVersion === version ? undefined : refuse('versionChanged', { seen: act.seenVersion, version })
}

/** Adds a link to the chain, and the edits made with it, telling those who decided before. */
export function record<F>(
  run: Run<F>,
  { task, entry, step }: Held,
  act: TaskAct,
  verdicts: Verdicts,
  more: Pick<Decision, 'advice' | 'seal'> = {},
): void {
  const { actId, actor, opinion, signature, kind } = act
  const edits = 'edits' in act ? (act.edits ?? []) : []
  const { record } = run.env
  if (edits.length > 0 && !record.after) throw new Error('flow: an act that edits needs environment.record.after')
  const { version, hash } = edits.length > 0 && record.after ? record.after : record
  if (edits.length > 0) run.emit({ type: 'edited', step: step.id, fields: edits, version, tell: toTell(run, step, actor, edits) })
  const decision: Decision = {
    entry: entry.id,
    step: step.id,
    act: kind,
    actId,
    at: run.env.now,
    task: task.id,
    person: task.person,
    actor,
    verdicts,
    version,
    ...more,
    ...(hash ? { hash } : {}),
    ...(opinion ? { opinion } : {}),
    ...(signature ? { signature } : {}),
  }
  run.emit({ type: 'decided', decision })
}

/** Whether a text says anything. */
export const isBlank = (text: string | undefined): boolean => !text || text.trim() === ''
/** Why these people cannot be asked here: applicant, gone, or already there. */
export function mayAsk<F>(run: Run<F>, entry: Entry, people: readonly PersonId[]): Refusal | undefined {
  if (people.length === 0 || new Set(people).size < people.length) return refuse('noPeople')
  if (people.includes(run.state.applicant)) return refuse('addedApplicant')
  const gone = people.filter((one) => !run.env.isActive(one))
  if (gone.length > 0) return refuse('personInactive', { people: gone })
  const inStep = people.filter((one) => isInStep(run, entry, one))
  return inStep.length > 0 ? refuse('addedInStep', { people: inStep }) : undefined
}
/** Whether somebody is asked here, will be, or has spoken. */
export function isInStep<F>(run: Run<F>, entry: Entry, person: PersonId): boolean {
  return (
    run.tasksAt(entry.id).some((one) => one.person === person && one.state !== 'cancelled') ||
    [...entry.queue, ...entry.held.map((one) => one.slot), ...entry.added].some((one) => one.person === person) ||
    hasSpoken(run, entry.id, person)
  )
}
export const hasSpoken = <F>(run: Run<F>, entry: EntryId, person: PersonId): boolean =>
  decisionsAt(run.state, entry).some((one) => one.person === person)

/** Earlier deciders who were shown what has changed, and always the applicant. */
function toTell<F>(run: Run<F>, step: Handled, editor: PersonId, edits: readonly string[]): PersonId[] {
  const before = step.onEdit === 'nothing' ? [] : shownTo(run, edits)
  return [...new Set([run.state.applicant, ...before])].filter((one) => one !== editor)
}

function closedBy<F>(run: Run<F>, task: Task): Record<string, unknown> {
  const last = decisionsAt(run.state, task.entry).at(-1)
  return { task: task.id, cause: task.cause ?? 'decided', at: task.closedAt, by: last?.actor, status: run.state.status }
}

/** A task that changes hands takes its place among those added and those waited for with it. */
export function handOver<F>(run: Run<F>, entry: Entry, from: PersonId, to: PersonId): void {
  const swap = (person: PersonId): PersonId => (person === from ? to : person)
  const touches = entry.added.some((one) => one.person === from || one.by === from) || entry.held.some((one) => one.for.includes(from))
  if (!touches) return
  const added = entry.added.map((one) => ({ ...one, person: swap(one.person), by: swap(one.by) }))
  run.emit({
    type: 'entryChanged',
    entry: entry.id,
    change: { added, held: entry.held.map((one) => ({ ...one, for: one.for.map(swap) })) },
  })
}

/** The administrator, with a reason (W17). */
export function isRepairer<F>(run: Run<F>, act: ActOf<'jump' | 'terminate' | 'repair'>): Refusal | undefined {
  if (!run.env.isAdministrator?.(act.actor)) return refuse('administratorOnly')
  return isBlank(act.opinion) ? refuse('reasonNeeded') : undefined
}
