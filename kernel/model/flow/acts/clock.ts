import type { ActOf } from '../acts.ts'
import { claimable, isHandled, isResting } from '../apply.ts'
import type { Decider, Handled, PersonId } from '../definition.ts'
import { handledStep } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import { resolveDecider, standIns } from '../route.ts'
import type { Run } from '../run.ts'
import type { Entry, Task, Verdicts } from '../state.ts'
import { proceed } from '../walk.ts'
import { everything } from './decide.ts'
import { goOn } from './service.ts'
import { handOver, isInStep } from './task.ts'

/** W21: one stage of a limit runs, once. */
export function timeOut<F>(run: Run<F>, act: ActOf<'timeOut'>): Refusal | undefined {
  const entry = run.entry(act.entry)
  if (act.actor !== 'system') return refuse('systemOnly')
  if (!entry || !isHandled(entry)) return refuse('entryUnknown', { entry: act.entry })
  const step = handledStep(run.plan, entry.step)
  const stage = step.onTimeout[act.stage]
  if (!stage) return refuse('stageUnknown', { stage: act.stage })
  if (entry.stages.includes(act.stage)) return refuse('stageDone', { stage: act.stage })
  if (isResting(entry)) return refuse('clockRests', { since: entry.rests?.at(-1)?.from })
  const isEarly = (stage.after?.amount ?? 0) >= 0 && (entry.due === undefined || isBefore(run.env.now, entry.due))
  if (isEarly) return refuse('notDue', { due: entry.due })
  const asked = [...openTasks(run, entry).map((task) => task.person), ...unclaimed(run, entry)]
  const to =
    stage.do === 'remind' || stage.do === 'approve' ? asked : [...new Set(asked.flatMap((person) => above(run, step, stage.to, person)))]
  run.emit({ type: 'timedOut', entry: entry.id, stage: act.stage, did: stage.do, to })
  if (stage.do === 'pass') passOn(run, entry, step, stage.to)
  else if (stage.do === 'approve') consentForAll(run, entry, step)
  return undefined
}

/** A timer's moment has come. */
export function elapse<F>(run: Run<F>, act: ActOf<'elapse'>): Refusal | undefined {
  const entry = run.entry(act.entry)
  if (act.actor !== 'system') return refuse('systemOnly')
  if (entry?.kind !== 'timer') return refuse('entryUnknown', { entry: act.entry })
  if (entry.due === undefined || isBefore(run.env.now, entry.due)) return refuse('notDue', { due: entry.due })
  goOn(run, entry.id, 'elapsed')
  return undefined
}

const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other)
const openTasks = <F>(run: Run<F>, entry: Entry): Task[] => run.tasksAt(entry.id).filter((task) => task.state === 'open')
const unclaimed = <F>(run: Run<F>, entry: Entry): readonly PersonId[] => claimable(run.state, entry)

/** Who stands above somebody who is late: the declared people, `upper` counted from him; else the administrators. */
function above<F>(run: Run<F>, step: Handled, to: Decider, of: PersonId): PersonId[] {
  const { env, state } = run
  const people = to.kind === 'upper' ? env.resolve(to, { applicant: state.applicant, of }) : resolveDecider(run, to, step.id)
  const here = people.filter((one) => one !== state.applicant && env.isActive(one))
  return here.length > 0 ? here : standIns(run, of, 'administrator').map((slot) => slot.person)
}

function passOn<F>(run: Run<F>, { id }: Entry, step: Handled, to: Decider): void {
  const stay = run.entry(id)
  if (!stay) return
  const late = [...openTasks(run, stay).map((task) => ({ person: task.person, task })), ...unclaimed(run, stay).slice(0, 1).map((person) => ({ person, task: undefined }))] // prettier-ignore
  for (const { person, task } of late) {
    const entry = run.entry(id)
    if (!entry) return
    const next = above(run, step, to, person).filter((one) => !isInStep(run, entry, one))
    const [first] = next
    run.emit({ type: 'routed', entry: id, step: step.id, why: 'timeOut', policy: first ? 'pass' : 'skip', person, to: next.slice(0, 1) })
    if (first === undefined) continue
    if (task) run.emit({ type: 'taskCancelled', task: task.id, cause: 'timedOut' })
    else run.emit({ type: 'entryChanged', entry: id, change: { pool: [] } })
    handOver(run, entry, person, first)
    run.openTask(entry, { person: first, via: task?.via === 'delegate' ? 'delegate' : 'superior', insteadOf: person })
  }
}

/** Only where it is declared: silence is consent. Who follows in the order has had no other time either. */
function consentForAll<F>(run: Run<F>, { id }: Entry, step: Handled): void {
  const spoken = new Set<string>()
  for (;;) {
    const entry = run.entry(id)
    if (!entry) return
    const [person] = unclaimed(run, entry)
    if (person !== undefined) {
      run.emit({ type: 'entryChanged', entry: id, change: { pool: [] } })
      run.openTask(entry, { person, via: 'resolved' })
    }
    const task = openTasks(run, entry).find((one) => !spoken.has(one.id))
    if (!task) return
    spoken.add(task.id)
    if (task.via === 'delegate') run.emit({ type: 'taskCancelled', task: task.id, cause: 'timedOut' })
    else consentFor(run, entry, task, everything(run, { task, entry, step }, { say: 'pass' }))
    proceed(run, id)
  }
}

function consentFor<F>(run: Run<F>, { id, step }: Entry, { person, id: task }: Task, verdicts: Verdicts): void {
  const { at, actId, actor } = run.stamp
  const { version } = run.state
  const word = { entry: id, step, act: 'timeOut', actId, at, task, person, actor, verdicts, version, auto: 'timeOut' as const }
  run.emit({ type: 'decided', decision: word })
}
