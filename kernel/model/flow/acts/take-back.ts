import { decisionsAt, isEnded, isHandled, verdictOf } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import { forgottenFrom, tracksFrom } from '../back.ts'
import type { Handled, PersonId } from '../definition.ts'
import { findHandled, liesAfter, stopOf } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import { reresolveAll } from '../reresolve.ts'
import type { Run } from '../run.ts'
import type { Decision, Entry, Past, Slot, Task } from '../state.ts'
import { proceed } from '../walk.ts'
import { seen } from './task.ts'

const undoable = new Set(['approve', 'reject', 'decideItems', 'return', 'seal'])

/** W13: one's own act is undone as long as the next has not acted; at a 会签 what the others said stays. */
export function takeBack<F>(run: Run<F>, act: ActOf<'takeBack'>): Refusal | undefined {
  const { state, plan } = run
  const word = state.chain.find((one) => one.actId === act.undo && one.actor === act.actor)
  if (!word || word.takenBack) return refuse('takeBackUnknown')
  const step = findHandled(plan, word.step)
  if (!step || !undoable.has(word.act)) return refuse('takeBackNotHere', { act: word.act })
  if (!step.acts.includes('takeBack')) return refuse('actNotAllowed', { act: act.kind, allowed: step.acts })
  const isReal = state.isEffected || Object.values(state.items).some((line) => line.effected && line.entry === word.entry)
  if (isReal) return refuse('takeBackEffected')
  if (isEnded(state)) return refuse('alreadyEnded', { status: state.status })
  const no = seen(run, act) ?? (state.returned?.actId === act.undo ? undoReturn(run, act.undo) : undoWord(run, word, step))
  if (no) return no
  // Somebody whose task is open again may have left meanwhile.
  reresolveAll(run)
  return undefined
}

function undoReturn<F>(run: Run<F>, undo: string): Refusal | undefined {
  const kept = run.state.returned?.before.entries ?? []
  const isNew = ({ id, openedBy }: Entry): boolean => openedBy === undo && !kept.some((entry) => entry.id === id)
  // By policies the way back may have led on to a call outside (semantics 9).
  if (run.state.entries.some((entry) => entry.kind === 'service' && isNew(entry))) return refuse('takeBackServed')
  for (const task of run.state.tasks)
    if (task.state === 'open' && !kept.some((entry) => entry.id === task.entry))
      run.emit({ type: 'taskCancelled', task: task.id, cause: 'takenBack' })
  run.emit({ type: 'returnTakenBack', undo })
  return undefined
}

function undoWord<F>(run: Run<F>, word: Decision, step: Handled): Refusal | undefined {
  const { state, plan } = run
  if (word.void) return refuse('nextHasActed')
  const ended = state.past.find((one) => one.entry === word.entry)
  const stay = run.entry(word.entry) ?? ended?.was
  if (!stay) return refuse('takeBackUnknown')
  if (stay.track !== undefined && !state.tracks[stay.track]) return refuse('nextHasActed')
  const opened = ended ? stays(run).filter((one) => one.was.openedBy === ended.by || isBehind(run, one.was, stay)) : []
  const no = blocked(run, word, ended, opened)
  if (no) return no
  const closed = ended
    ? state.past.filter((one) => !one.void && one.by === ended.by && !opened.some(({ entry }) => entry === one.entry))
    : []
  const follow = run.tasksAt(stay.id).filter((task) => task.openedBy === word.actId)
  for (const { entry } of opened) cancel(run, run.tasksAt(entry))
  cancel(run, follow)
  const restored = [restore(run, stay, word, step, follow), ...closed.flatMap((one) => (one.entry === stay.id ? [] : [one.was]))]
  const places = ended ? restored.map((one) => stopOf(plan, one.step)) : []
  const tracks = places.map((place) => tracksFrom(plan, state, place))
  run.emit({
    type: 'takenBack',
    undo: word.actId,
    stays: restored,
    voided: opened.map((one) => one.entry),
    forgotten: [...new Set(places.flatMap((place) => forgottenFrom(plan, state, place)))],
    reopens: [...new Set(tracks.flatMap((one) => one.reopens))],
    drops: [...new Set(tracks.flatMap((one) => one.drops))],
  })
  const people = restored.filter(isHandled)
  for (const entry of people)
    for (const task of run.tasksAt(entry.id))
      if (task.id === word.task || (isSpared(task) && !wasClosedBefore(run, task, word)) || isAskedMore(run, entry, task)) reopen(run, task)
  for (const { id } of people) proceed(run, id)
  return undefined
}

/** A task taken away because there was nothing left to say. */
const isSpared = ({ state, cause }: Task): boolean => state === 'cancelled' && (cause === 'decidedByOther' || cause === 'stepSettled')
/** It was taken away before that word was said: another's word did it, and that one stays. */
function wasClosedBefore<F>({ state }: Run<F>, { closedAt, closedBy }: Task, word: Decision): boolean {
  const placeOf = (actId: string | undefined): number => state.chain.findIndex((one) => one.actId === actId)
  if (closedBy === word.actId) return false
  if (placeOf(closedBy) >= 0) return placeOf(closedBy) < placeOf(word.actId)
  return Date.parse(closedAt ?? word.at) < Date.parse(word.at)
}
/** A line that had been settled is open again, and he has not spoken on it. */
function isAskedMore<F>(run: Run<F>, { id, track }: Entry, { state, person }: Task): boolean {
  const own = decisionsAt(run.state, id).filter((one) => one.person === person)
  return state === 'done' && own.length > 0 && run.openLines(track).some(([item]) => !own.some((one) => verdictOf(one, item)))
}
function reopen<F>(run: Run<F>, task: Task): void {
  const isTwice = run.tasksAt(task.entry).some((one) => one.person === task.person && one.id !== task.id && one.state !== 'cancelled')
  // Who waits for those he asked gets it back from them.
  const isHeld = run.entry(task.entry)?.held.some(({ slot }) => slot.person === task.person) === true
  if (!isTwice && !isHeld && task.state !== 'open') run.emit({ type: 'taskReopened', task: task.id })
}
function cancel<F>(run: Run<F>, tasks: readonly Task[]): void {
  for (const task of tasks) if (task.state === 'open') run.emit({ type: 'taskCancelled', task: task.id, cause: 'takenBack' })
}

type Stay = Pick<Past, 'entry' | 'was'> & { readonly by?: string }
/** All stays that count, open ones too. */
const stays = <F>({ state }: Run<F>): Stay[] => [
  ...state.past.filter((one) => !one.void),
  ...state.entries.map((was) => ({ entry: was.id, was })),
]

/** Whether a stay came of another's end, be it by the last of several branches. */
function isBehind<F>({ plan }: Run<F>, one: Entry, stay: Entry): boolean {
  const [place, from] = [stopOf(plan, one.step), stopOf(plan, stay.step)]
  return place.index > from.index && liesAfter(plan, place, from)
}

/** Why it is too late. */
function blocked<F>(run: Run<F>, word: Decision, ended: Past | undefined, opened: readonly Stay[]): Refusal | undefined {
  const { state } = run
  const says = (entry: string, actId: string): boolean => state.chain.some((one) => one.entry === entry && one.actId !== actId && !one.void)
  const after = run.tasksAt(word.entry).filter((task) => task.openedBy === word.actId)
  if (after.some((task) => (task.state !== 'open' && !isSpared(task)) || state.chain.some((one) => one.task === task.id && !one.void)))
    return refuse('nextHasActed')
  if (!ended) return undefined
  if (ended.how !== 'passed' && ended.how !== 'refused') return refuse('nextHasActed')
  if (opened.some(({ was }) => was.kind === 'service')) return refuse('takeBackServed')
  const touched = [word.entry, ...opened.map((one) => one.entry)]
  const lines = Object.values(state.items).filter((line) => line.entry !== undefined && touched.includes(line.entry))
  if (lines.some((line) => line.splitTo !== undefined)) return refuse('takeBackSplit')
  if (lines.some((line) => line.effected)) return refuse('takeBackEffected')
  const isMoved = opened.some(
    ({ entry, by, was }) => says(entry, was.openedBy) || (by !== undefined && by !== was.openedBy) || isClaimed(run, entry),
  )
  return isMoved ? refuse('nextHasActed') : undefined
}
const isClaimed = <F>(run: Run<F>, entry: string): boolean =>
  run.tasksAt(entry).some((task) => task.via === 'claimed' && task.state === 'open')

/** The stay as it was before the word: it waits for its author, not for repair; whose turn came by it waits again, whom it asked again is not asked. */
function restore<F>(run: Run<F>, before: Entry, word: Decision, step: Handled, follow: readonly Task[]): Entry {
  const stay = { ...before }
  delete stay.stuck
  // His last task before tells: who waited long ago may have had his task back and lost it, or waited in another right. What was given and taken back is nothing.
  const isNothing = ({ id, cause }: Task): boolean => cause === 'takenBack' || follow.some((one) => one.id === id)
  const hasWaited = ({ person, via }: Slot): boolean => {
    const last = run.tasksAt(stay.id).findLast((task) => task.person === person && !isNothing(task))
    return last?.cause === 'held' && last.via === via
  }
  const isAdded = ({ person }: Task, where: string): boolean => stay.added.some((one) => one.person === person && one.where === where)
  // A no on the last line that another had left open ends his part, and those follow whom he wanted asked after him.
  const after = follow.filter((task) => isAdded(task, 'after') && !hasWaited(task))
  const again = follow.filter((task) => isAdded(task, 'askAgain') && !hasWaited(task))
  // Who was asked because nobody else was left is asked anew if that is still so; but he may have waited for his own task.
  const isForNobody = (task: Task): boolean =>
    (task.via === 'superior' || task.via === 'administrator') && task.insteadOf === undefined && !hasWaited(task)
  const rest = follow.filter((task) => !after.includes(task) && !again.includes(task) && !isForNobody(task))
  const slots = rest.map(({ person, via, insteadOf }) => ({ person, via, ...(insteadOf ? { insteadOf } : {}) }))
  // Whose turn came by it stands at the front of the order again; who got his task back waits for it again.
  const isTurn = (slot: Slot): boolean => step.mode === 'inOrder' && !hasWaited(slot)
  return {
    ...stay,
    queue: [...slots.filter(isTurn), ...stay.queue],
    held: [...stay.held, ...slots.filter((slot) => !isTurn(slot)).map((slot) => ({ slot, for: waitedFor(run, stay, slot.person, word) }))],
    added: stay.added
      .filter((one) => !again.some((task) => task.person === one.person))
      .map((one) => (after.some((task) => task.person === one.person) ? { ...one, waits: true } : one)),
  }
}

/** For whom he waits again: those he had asked when he began to wait, if that word has ended a part of theirs, or else its author. */
function waitedFor<F>(run: Run<F>, { id }: Entry, person: PersonId, word: Decision): PersonId[] {
  const tasks = run.tasksAt(id)
  const since = tasks.findLast((one) => one.person === person && one.cause === 'held')?.closedBy
  const asked = new Set<PersonId>()
  for (const one of tasks) {
    const isHandedOn = one.via !== 'delegate' && one.insteadOf !== undefined && asked.has(one.insteadOf)
    if ((since !== undefined && one.openedBy === since) || isHandedOn) asked.add(one.person)
  }
  const isEnded = tasks.some((one) => asked.has(one.person) && (one.id === word.task || one.closedBy === word.actId))
  return isEnded ? [...asked] : [word.person]
}
