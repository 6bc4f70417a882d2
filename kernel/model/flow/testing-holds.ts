import { expect } from 'vitest'
import type { FlowEvent, InstanceState } from './index.ts'
import { apply, claimable, isHandled, replay, verdictOf, waitsFor } from './index.ts'

/** Replaying the events from the beginning gives the same state. */
export function replays(events: readonly FlowEvent[], state: InstanceState): void {
  same(replay(events), state)
}
/** The events of one act lead from the state before to the state after: with the first state held, so is every later one. */
export function follows(before: InstanceState, events: readonly FlowEvent[], state: InstanceState): void {
  same(events.reduce<InstanceState>(apply, before), state)
}
function same(again: InstanceState, state: InstanceState): void {
  if (!isSame(again, state)) expect(again, 'replaying gives the same state').toEqual(state)
}
/** Deep equality that does not look into what is one and the same; a key without a value is no key. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>]
  if (Array.isArray(one) !== Array.isArray(other)) return false
  for (const key in left) if (!isSame(left[key], right[key])) return false
  for (const key in right) if (left[key] === undefined && right[key] !== undefined) return false
  return true
}

/** What must be true of every approval at every moment. Plain comparisons: this runs millions of times. */
export function holds(events: readonly FlowEvent[], state: InstanceState): void {
  const isOpen = state.status === 'running' || state.status === 'returned'
  const open = state.tasks.filter((task) => task.state === 'open')
  const { people, stuck } = waitsFor(state)
  const isServing = state.entries.some((entry) => entry.kind === 'service' || entry.kind === 'timer')
  if (isOpen) must(people.length + stuck.length > 0 || isServing, 'waits for somebody')
  else must(open.length + state.entries.length === 0, 'nothing is left open at the end')
  const entries = new Set(state.entries.map((entry) => entry.id))
  for (const task of open) must(entries.has(task.entry), 'a task belongs to an open step')
  const asked = new Set(open.map((task) => task.entry))
  for (const entry of state.entries.filter(isHandled))
    must(asked.has(entry.id) || entry.stuck !== undefined || claimable(state, entry).length > 0, `${entry.id} waits for somebody`)
  for (const { id, held } of state.entries)
    for (const { slot } of held)
      must(!open.some((task) => task.entry === id && task.person === slot.person), `${slot.person} waits or is waited for at ${id}`)
  const holders = new Set<string>()
  for (const { entry, person, state: one, via } of state.tasks) {
    if (one === 'cancelled' || via === 'delegate') continue
    must(!holders.has(`${entry} ${person}`), 'one task a person')
    holders.add(`${entry} ${person}`)
  }
  const words = new Set<string>()
  const decided = new Set(state.chain.map((one) => one.task))
  for (const one of state.chain) {
    if (one.meeting || one.void) continue
    for (const item of Object.keys(state.items)) {
      if (!verdictOf(one, item)) continue
      must(!words.has(`${one.entry} ${one.person} ${item}`), 'one decision a person and line')
      words.add(`${one.entry} ${one.person} ${item}`)
    }
  }
  for (const task of state.tasks) if (task.state === 'done') must(decided.has(task.id), 'a done task has its decision')
  grants(events, state)
}
function grants(events: readonly FlowEvent[], state: InstanceState): void {
  const effects = events.filter((event) => event.type === 'effect')
  const granted = effects.flatMap((one) => one.items.map(({ item }) => item)).toSorted()
  must(new Set(granted).size === granted.length, 'a line takes effect once')
  must((effects.filter((one) => one.isLast).length === 1) === state.isEffected, 'approved means granted')
  const passed = Object.entries(state.items).filter(
    ([, line]) => ['passed', 'narrowed', 'conditional'].includes(line.state) && !line.splitTo,
  )
  if (state.status === 'approved') expect(granted, 'the passed lines are granted').toEqual(passed.map(([item]) => item).toSorted())
  const isEarly = Object.values(state.items).some((line) => line.effected)
  const isEnded = state.status === 'refused' || state.status === 'withdrawn' || state.status === 'terminated'
  if (isEnded && !isEarly) must(effects.length === 0, 'nothing is granted that was not approved')
}
function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what)
}
