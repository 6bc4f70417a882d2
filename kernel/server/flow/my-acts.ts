import type { Filter, MyActs, MyTask } from '#model'
import {
  claimable,
  findHandled,
  isEnded,
  jumpTargets,
  planOf,
  type Approve,
  type FlowEnvironment,
  type Handled,
} from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Instance } from './instances.ts'
import type { StandIn } from './stand-ins.ts'

type Fill = (text: string) => string
/** My open task here, or that of somebody I stand in for. */
export function myTask(
  ctx: Context,
  instance: Instance,
  me: string | null,
  rules: readonly StandIn[],
  fill: Fill,
): Omit<MyTask, 'choose'> | null {
  const { state } = instance
  const open = state.tasks.filter((t) => t.state === 'open')
  const task = open.find((t) => t.person === me) ?? open.find((t) => rules.some((rule) => rule.person === t.person))
  const step = task && findHandled(planOf(instance.definition), task.step)
  if (!task || !step) return null
  const entry = state.entries.find((one) => one.id === task.entry)
  return {
    id: task.id, step: step.id, kind: step.kind, label: fill(step.label), acts: step.acts, sign: step.sign, vote: typeof step.mode === 'object',
    mayEdit: instance.occasion === 'import' ? [] : step.mayEdit, require: step.require, seal: step.kind === 'seal' ? step.seal : null,
    insteadOf: task.person === me ? null : { id: task.person, name: ctx.directory.nameOf(task.person) },
    returnTo: passed(instance, step, fill),
    added: (entry?.added ?? []).filter((one) => one.by === task.person && (one.waits || open.some((t) => t.entry === entry!.id && t.person === one.person)))
      .map((one) => ({ id: one.person, name: ctx.directory.nameOf(one.person) })),
    claimed: task.via === 'claimed',
  } // prettier-ignore
}
/** Steps that were decided on the way here: what it may go back to. */
function passed({ state, definition }: Instance, here: Handled, fill: Fill): { id: string; label: string }[] {
  const plan = planOf(definition)
  const ids = new Set(state.past.filter((one) => !one.void && one.how === 'passed').map((one) => one.step))
  ids.delete(here.id)
  return [...ids].flatMap((id) => {
    const step = findHandled(plan, id)
    return step ? [{ id, label: fill(step.label) }] : []
  })
}

/** What else a person may do: as applicant, as a party, as administrator. */
export function myActs(
  ctx: Context,
  instance: Instance,
  env: FlowEnvironment<Filter>,
  me: string | null,
  fill: Fill,
): Omit<MyActs, 'mend'> {
  const { state } = instance
  const isApplicant = me !== null && me === state.applicant
  const isOpen = !isEnded(state)
  const copy = me ? state.copies[me] : undefined
  const asked = state.consultations.find((one) => one.person === me && !one.repliedAt)
  const pool = state.entries.find((entry) => me && claimable(state, entry).includes(me))
  return {
    withdraw: isApplicant && isOpen,
    resubmit: isApplicant && state.status === 'returned',
    resume: isApplicant && state.status === 'returned' && state.returned !== undefined,
    urge: isApplicant && state.status === 'running' && state.tasks.some((t) => t.state === 'open'),
    copyTo: isApplicant || state.tasks.some((t) => t.person === me && t.state === 'open'),
    takeBack: isOpen || state.status === 'refused' ? lastOwn(instance, me, fill) : null,
    claim: pool ? { entry: pool.id, label: fill(findHandled(planOf(instance.definition), pool.step)?.label ?? '') } : null,
    reply: asked ? { consultation: asked.id, question: asked.question, byName: ctx.directory.nameOf(asked.by) } : null,
    markRead: copy !== undefined && !copy.readAt,
    administer: me && isOpen && env.isAdministrator?.(me) ? administration(instance, fill) : null,
    copy: isApplicant && !isOpen && instance.request === null,
  }
}
const undoable: Readonly<Record<string, string>> = {
  approve: '同意',
  reject: '拒绝',
  return: '退回',
  decideItems: '逐项决定',
  seal: '盖章',
  transfer: '转办',
  delegateTask: '委派',
  addApprover: '加签',
}
/** The last thing that this person did here; whether it can still be undone the engine says when he tries. */
function lastOwn({ state }: Instance, me: string | null, fill: Fill): MyActs['takeBack'] {
  const last = state.chain.findLast((one) => !one.void && !one.takenBack)
  if (!last || last.actor !== me || !(last.act in undoable)) return null
  return { undo: last.actId, label: fill(undoable[last.act]!) }
}
function administration({ state, definition }: Instance, fill: Fill): NonNullable<MyActs['administer']> {
  const plan = planOf(definition)
  const steps = jumpTargets(definition, state).map((key) => findHandled(plan, key)!)
  return {
    steps: steps.map((step) => ({ id: step.id, label: fill(step.label), seal: step.kind === 'seal' })),
    stuck: state.entries.flatMap((entry) => (entry.stuck ? [{ entry: entry.id, label: fill(findHandled(plan, entry.step)?.label ?? entry.step), why: entry.stuck }] : [])),
  } // prettier-ignore
}

/** The open step whose meeting this person may record. */
export function minutesStep(
  instance: Instance,
  env: FlowEnvironment<Filter>,
  me: string | null,
): { step: Approve; members: readonly string[]; chair: string | undefined } | null {
  const plan = planOf(instance.definition)
  for (const entry of instance.state.entries) {
    const step = findHandled(plan, entry.step)
    const about = { applicant: instance.state.applicant, of: instance.state.applicant }
    if (
      me &&
      me !== instance.state.applicant &&
      step?.kind === 'approve' &&
      step.meeting &&
      env.resolve(step.meeting.recorder, about).includes(me)
    )
      return { step, members: entry.members, chair: entry.chair }
  }
  return null
}
