import { isInStep } from './acts/task.ts'
import { decisionsAt, isHandled } from './apply.ts'
import type { Handled, PersonId } from './definition.ts'
import { dropFollowers } from './followers.ts'
import { handledStep } from './plan.ts'
import { wake } from './rest.ts'
import { assign, resolveStep } from './route.ts'
import type { Run } from './run.ts'
import type { Added, Entry, Slot, Task } from './state.ts'
import { proceed } from './walk.ts'

/** Semantics 11: who lost role or unit, or left, is taken out of every open step; joining later adds nobody, except to a stuck step. */
export function reresolveAll<F>(run: Run<F>): void {
  for (const one of run.state.entries) {
    if (!isHandled(one)) continue
    const step = handledStep(run.plan, one.step)
    // Who was asked may have left without an answer.
    wake(run, one)
    const entry = run.entry(one.id)
    const isDeserted = entry?.stuck && !run.tasksAt(one.id).some((task) => task.state === 'open')
    if (entry && isDeserted) refill(run, step, entry)
    else if (entry) takeOut(run, step, entry)
  }
}

function takeOut<F>(run: Run<F>, step: Handled, entry: Entry): void {
  const { env, state } = run
  const rightful = resolveStep({ env, state }, step).filter((person) => env.isActive(person))
  const isRightful = (person: PersonId): boolean => rightful.includes(person)
  const lost = run.tasksAt(entry.id).filter((task) => task.state === 'open' && whyLost(run, task, isRightful))
  const said = new Set(decisionsAt(state, entry.id).map((one) => one.person))
  const members = entry.members.filter((one) => said.has(one) || isRightful(one))
  const queue = entry.queue.filter((slot) => env.isActive(slot.person) && (slot.via !== 'resolved' || isRightful(slot.person)))
  const isKnown = ({ person, gone }: Added): boolean =>
    gone === true || env.isActive(person) || entry.held.some((one) => one.slot.person === person)
  const held = entry.held.filter(({ slot }) => (slot.via !== 'resolved' && slot.via !== 'claimed') || isRightful(slot.person))
  const added = entry.added.map((one) => (isKnown(one) ? one : { ...one, gone: true as const }))
  // A group that may claim is asked anew: who has joined may claim as well.
  const pool = entry.pool && assign({ env, state }, step, entry.track).slots.map((slot) => slot.person)
  const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
    one.length === other.length && one.every((value) => other.includes(value))
  const isKept =
    isSame(queue, entry.queue) && isSame(held, entry.held) && isSame(added, entry.added) && isSame(pool ?? [], entry.pool ?? [])
  if (isKept && isSame(members, entry.members) && lost.length === 0) return
  run.emit({ type: 'entryChanged', entry: entry.id, change: { members, queue, added, held, ...(pool ? { pool } : {}) } })
  for (const { slot } of entry.held.filter((one) => !held.includes(one))) {
    dropFollowers(run, entry.id, slot.person)
    run.emit({ type: 'routed', entry: entry.id, step: step.id, why: 'lostRole', policy: 'skip', person: slot.person, to: [] })
  }
  for (const { person } of entry.added.filter((one) => one.waits && !added.includes(one)))
    run.emit({ type: 'routed', entry: entry.id, step: step.id, why: 'inactive', policy: 'skip', person, to: [] })
  for (const task of lost) dropFollowers(run, entry.id, task.person)
  for (const task of lost) {
    const why = whyLost(run, task, isRightful) ?? 'lostRole'
    run.emit({ type: 'taskCancelled', task: task.id, cause: why })
    const taker = takerOf(run, step, entry, task, isRightful)
    const to = taker ? [taker.slot.person] : []
    run.emit({ type: 'routed', entry: entry.id, step: step.id, why, policy: taker?.policy ?? 'skip', person: task.person, to })
    if (taker) run.openTask(entry, taker.slot)
  }
  proceed(run, entry.id)
}

/** Who goes on in the place of somebody who is taken out: he who had handed it on, or whom the leaver named; a vote is nobody's to inherit. */
function takerOf<F>(
  run: Run<F>,
  step: Handled,
  entry: Entry,
  { person, via, insteadOf }: Task,
  isRightful: (person: PersonId) => boolean,
): { readonly policy: 'back' | 'successor'; readonly slot: Slot } | undefined {
  const isHeld = (one: PersonId): boolean => run.entry(entry.id)?.held.some(({ slot }) => slot.person === one) === true
  const isFree = (one: PersonId): boolean =>
    !isHeld(one) && !run.tasksAt(entry.id).some((task) => task.person === one && task.state !== 'cancelled')
  if (via === 'transfer' && insteadOf !== undefined && isRightful(insteadOf) && isFree(insteadOf))
    return { policy: 'back', slot: { person: insteadOf, via: 'resolved' } }
  const heir = run.env.isActive(person) || typeof step.mode === 'object' ? undefined : run.env.successorOf?.(person)
  const mayTake = heir !== undefined && heir !== run.state.applicant && run.env.isActive(heir) && !isInStep(run, entry, heir)
  return mayTake ? { policy: 'successor', slot: { person: heir, via: 'transfer', insteadOf: person } } : undefined
}

function whyLost<F>(run: Run<F>, task: Task, isRightful: (person: PersonId) => boolean): 'inactive' | 'lostRole' | undefined {
  if (!run.env.isActive(task.person)) return 'inactive'
  return (task.via === 'resolved' || task.via === 'claimed') && !isRightful(task.person) ? 'lostRole' : undefined
}

/** A stuck step asks the directory again and takes whom it gives, new members included: that is the repair. */
function refill<F>(run: Run<F>, step: Handled, entry: Entry): void {
  const { env, state } = run
  const { members, slots, notes } = assign({ env, state }, step, entry.track)
  const said = new Set(decisionsAt(state, entry.id).map((one) => one.person))
  const isNew = slots.filter((slot) => !said.has(slot.person))
  if (isNew.length === 0) return
  run.emit({ type: 'repaired', entry: entry.id })
  for (const note of notes) run.emit({ type: 'routed', entry: entry.id, step: step.id, ...note })
  const queue = step.mode === 'inOrder' ? isNew.slice(1) : []
  const change = { members: [...new Set([...entry.members.filter((one) => said.has(one)), ...members])], queue }
  run.emit({
    type: 'entryChanged',
    entry: entry.id,
    change: { ...change, ...(step.claim ? { pool: isNew.map((slot) => slot.person) } : {}) },
  })
  if (!step.claim) for (const slot of isNew.slice(0, isNew.length - queue.length)) run.openTask(entry, slot)
  proceed(run, entry.id)
}
