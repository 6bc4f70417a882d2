import { isEnded, isHandled } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import { close, undoneBy } from '../back.ts'
import type { StepId } from '../definition.ts'
import type { Stop } from '../plan.ts'
import { findHandled, handledStep, stopOf } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import { advance, call } from '../walk.ts'
import { goOn } from './service.ts'
import { isRepairer, mayAsk } from './task.ts'

/** W17: the administrator puts the request to another step of the main way. Seals that are passed by must be named. */
export function jump<F>(run: Run<F>, act: ActOf<'jump'>): Refusal | undefined {
  const no = isRepairer(run, act) ?? isOver(run)
  if (no) return no
  const { plan, state } = run
  const target = findHandled(plan, act.to) ? stopOf(plan, act.to) : undefined
  const isHere = state.entries.some((one) => one.step === act.to)
  if (!target || target.track !== undefined || target.step.kind === 'join' || isHere) return refuse('jumpTarget', { to: act.to })
  const named = act.withoutSeals ?? []
  const seals = sealsBefore(run, target)
  if (seals.some((one) => !named.includes(one))) return refuse('sealSkipped', { seals })
  const { voided, forgotten } = undoneBy(plan, state, { step: act.to })
  const closed = state.entries.map((one) => one.id)
  for (const id of closed) close(run, id, 'jumped', 'jumped')
  run.emit({ type: 'jumped', to: act.to, closed, voided, forgotten, withoutSeals: seals, reason: act.opinion ?? '' })
  for (const { branch, side } of target.guards)
    if (run.state.branches[branch] !== side) run.emit({ type: 'branchTaken', branch, taken: side })
  advance(run, target.index)
  return undefined
}

/** W17: the administrator ends it. */
export function terminate<F>(run: Run<F>, act: ActOf<'terminate'>): Refusal | undefined {
  const no = isRepairer(run, act) ?? isOver(run)
  if (no) return no
  for (const { id } of run.state.entries) close(run, id, 'terminated', 'terminated')
  run.emit({ type: 'ended', result: 'terminated', reason: act.opinion ?? '' })
  return undefined
}

/** L2: gets a stuck stay going: a call is tried again or passed by, a step that found nobody gets named people. */
export function repair<F>(run: Run<F>, act: ActOf<'repair'>): Refusal | undefined {
  const no = isRepairer(run, act)
  if (no) return no
  const entry = run.entry(act.entry)
  if (!entry?.stuck) return refuse(entry ? 'notStuck' : 'entryUnknown', { entry: act.entry })
  const { step } = stopOf(run.plan, entry.step)
  const repaired = { type: 'repaired', entry: entry.id, how: act.how, reason: act.opinion ?? '' } as const
  if (act.how === 'assign') {
    if (!isHandled(entry) || typeof handledStep(run.plan, entry.step).mode === 'object') return refuse('repairNotHere', { how: act.how })
    const wrong = mayAsk(run, entry, act.people)
    if (wrong) return wrong
    run.emit(repaired)
    for (const person of act.people) run.openTask(entry, { person, via: 'assigned' })
    return undefined
  }
  if (isHandled(entry) || (act.how === 'retry' && step.kind !== 'service')) return refuse('repairNotHere', { how: act.how })
  run.emit(repaired)
  if (act.how === 'skip') goOn(run, entry.id, 'skipped')
  else if (step.kind === 'service') call(run, entry, step)
  return undefined
}

function isOver<F>({ state }: Run<F>): Refusal | undefined {
  if (state.isEffected) return refuse('needsRevocation')
  return isEnded(state) ? refuse('alreadyEnded', { status: state.status }) : undefined
}

/** Seals on the way to a place that nobody has put on. */
function sealsBefore<F>({ plan, state }: Run<F>, target: Stop<F>): StepId[] {
  const isDone = (key: StepId): boolean => state.past.some((one) => one.step === key && one.how === 'passed' && !one.void)
  return plan.stops
    .filter(({ step, index, guards, key }) => {
      const isOnWay = guards.every(({ branch, side }) => (state.branches[branch] ?? side) === side)
      return step.kind === 'seal' && index < target.index && isOnWay && !isDone(key)
    })
    .map((stop) => stop.key)
}
