import { decisionsAt } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import type { Approve, PersonId, StepAct } from '../definition.ts'
import { approveStep } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { Decision, Entry, Task, Verdicts } from '../state.ts'

type TaskAct = ActOf<'approve' | 'reject' | 'return' | 'decideItems' | 'transfer'>
export interface Held {
  readonly task: Task
  readonly entry: Entry
  readonly step: Approve
}

/** The task an act is about, when this actor may act on it now with what he saw. */
export function hold<F>(run: Run<F>, act: TaskAct): Held | Refusal {
  const task = run.state.tasks.find((one) => one.id === act.task)
  if (!task) return refuse('taskUnknown', { task: act.task })
  const entry = run.entry(task.entry)
  if (task.state !== 'open' || !entry) return refuse('taskClosed', closedBy(run, task))
  const holder = act.onBehalfOf ?? act.actor
  const isStandIn = holder !== act.actor
  if (holder !== task.person || (isStandIn && !run.env.mayActFor?.(act.actor, holder))) return refuse('notYourTask', { task: task.id })
  if (isStandIn && act.actor === run.state.applicant) return refuse('ownRequest')
  const isMember = run.tasksAt(entry.id).some((one) => one.person === act.actor && one.state !== 'cancelled')
  if (isStandIn && isMember) return refuse('standInIsMember')
  const step = approveStep(run.plan, task.step)
  if (!step.acts.includes(act.kind satisfies StepAct)) return refuse('actNotAllowed', { act: act.kind, allowed: step.acts })
  return seen(run, act) ?? { task, entry, step }
}

/** What was seen is what is decided (semantics 4). */
export function seen<F>(run: Run<F>, act: { readonly seenVersion: number }): Refusal | undefined {
  const { version } = run.env.record
  return act.seenVersion === version ? undefined : refuse('versionChanged', { seen: act.seenVersion, version })
}

/** Adds a decision to the chain, and the edits made with it, telling those who decided before. */
export function record<F>(run: Run<F>, { task, entry, step }: Held, act: TaskAct, verdicts: Verdicts): void {
  const { actId, actor, opinion, signature, kind } = act
  const edits = 'edits' in act ? (act.edits ?? []) : []
  const { record } = run.env
  if (edits.length > 0 && !record.after) throw new Error('flow: an act that edits needs environment.record.after')
  const { version, hash } = edits.length > 0 && record.after ? record.after : record
  if (edits.length > 0) run.emit({ type: 'edited', step: step.id, fields: edits, version, tell: toTell(run, step, actor) })
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
    ...(hash ? { hash } : {}),
    ...(opinion ? { opinion } : {}),
    ...(signature ? { signature } : {}),
  }
  run.emit({ type: 'decided', decision })
}

/** Whether a text says anything. */
export const isBlank = (text: string | undefined): boolean => !text || text.trim() === ''

function toTell<F>(run: Run<F>, step: Approve, editor: PersonId): PersonId[] {
  const deciders = step.onEdit === 'nothing' ? [] : run.state.chain.filter((one) => !one.void && !one.auto).map((one) => one.actor)
  return [...new Set([run.state.applicant, ...deciders])].filter((one) => one !== editor)
}

function closedBy<F>(run: Run<F>, task: Task): Record<string, unknown> {
  const last = decisionsAt(run.state, task.entry).at(-1)
  return { task: task.id, cause: task.cause ?? 'decided', at: task.closedAt, by: last?.actor, status: run.state.status }
}
