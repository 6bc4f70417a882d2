import { isEnded, isHandled } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import { close, leftBehind, undoneBy } from '../back.ts'
import type { Flow, StepId } from '../definition.ts'
import type { Stop } from '../plan.ts'
import { areSiblings, findHandled, handledStep, lanesAround, planOf, stopOf } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { InstanceState } from '../state.ts'
import { advance, call } from '../walk.ts'
import { goOn } from './service.ts'
import { isRepairer, mayAsk } from './task.ts'

/**
 * W17: the administrator puts the request to another step. Out of branches into the main way all of them are void; into a branch that has begun only this
 * one moves, what lies beside it stays. Seals that are passed by must be named.
 */
export function jump<F>(run: Run<F>, act: ActOf<'jump'>): Refusal | undefined {
  const no = isRepairer(run, act) ?? isOver(run)
  if (no) return no
  const { plan, state } = run
  const target = findHandled(plan, act.to) ? stopOf(plan, act.to) : undefined
  if (!target) return refuse('jumpTarget', { to: act.to })
  const wrong = mayJumpTo(run, target)
  if (wrong) return wrong
  const named = act.withoutSeals ?? []
  const seals = sealsBefore(run, target)
  if (seals.some((one) => !named.includes(one))) return refuse('sealSkipped', { seals })
  const { from, ...undone } = undoneBy(plan, state, { step: act.to })
  const drops = [...new Set([...undone.drops, ...leftBehind(plan, state, from)])]
  const closed = state.entries.flatMap((one) => (areSiblings(plan, one.track, target.track) ? [] : [one.id]))
  for (const id of closed) close(run, id, 'jumped', 'jumped')
  run.emit({ type: 'jumped', to: act.to, closed, ...undone, drops, withoutSeals: seals, reason: act.opinion ?? '' })
  for (const { branch, side } of target.guards)
    if (run.state.branches[branch] !== side) run.emit({ type: 'branchTaken', branch, taken: side })
  advance(run, target.index, target.track)
  return undefined
}
/** The steps to which the administrator may put the request now, in walking order. */
export function jumpTargets<F>(definition: Flow<F>, state: InstanceState): StepId[] {
  const plan = planOf(definition)
  return plan.stops.flatMap((stop) => (findHandled(plan, stop.key) && !mayJumpTo({ plan, state }, stop) ? [stop.key] : []))
}
/** Branches that have not begun, or are no more, cannot be entered one by one: the others would never come to the join. */
function mayJumpTo<F>({ plan, state }: Pick<Run<F>, 'plan' | 'state'>, { key, step, track }: Stop<F>): Refusal | undefined {
  if (step.kind === 'join') return refuse('jumpToJoin', { to: key })
  if (state.entries.some((one) => one.step === key)) return refuse('jumpHere', { to: key })
  return lanesAround(plan, track).every((lane) => state.tracks[lane.id]) ? undefined : refuse('jumpIntoBranch', { to: key })
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
    .filter(({ step, index, guards, key, track }) => {
      const isOnWay = guards.every(({ branch, side }) => (state.branches[branch] ?? side) === side)
      return step.kind === 'seal' && index < target.index && !areSiblings(plan, track, target.track) && isOnWay && !isDone(key)
    })
    .map((stop) => stop.key)
}
