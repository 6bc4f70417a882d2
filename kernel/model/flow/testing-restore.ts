import type { Entry, InstanceState } from './index.ts'
import { replay, reresolve } from './index.ts'
import type { Story } from './testing.ts'
import { environment } from './testing.ts'

/**
 * W13: an act taken back at once leaves nothing behind but the audit (void words, ended tasks), the ids of acts and the messages sent. What the request is,
 * whom it waits for and until when must be as if it had never been done. Asks nothing when something else happened in between.
 */
export function restores(story: Story, undo: string): void {
  const { events, definition, world, state } = story
  const from = events.findIndex((event) => event.actId === undo)
  const to = events.findIndex((event) => event.type === 'acted' && event.act === 'takeBack' && event.actId === events.at(-1)?.actId)
  if (from < 1 || events.slice(from, to).some((event) => event.actId !== undo)) return
  const before = replay(events.slice(0, from))
  // Taking back asks the directory anew: if it has changed, it is not only the act that is undone.
  if (reresolve(definition, before, { actId: 'again', actor: 'system' }, environment(world)).events.length > 0) return
  // Nor if somebody has left who was still to be given a task: he is passed over, and that is nobody's act.
  const later = before.entries.flatMap(({ queue, held, added }) => [...queue, ...held.map(({ slot }) => slot), ...added])
  if (later.some(({ person }) => world.left.includes(person))) return
  const [was, is] = [essence(before), essence(state)]
  for (const [key, value] of Object.entries(was)) {
    const [one, other] = [asText(value), asText(is[key])]
    const without = (list: string[], rest: string[]): string => list.filter((value) => !rest.includes(value)).join(' ')
    if (one.join(' ') !== other.join(' '))
      throw new Error(`taking back restores ${key}: ${without(one, other)} became ${without(other, one)}`)
  }
}

/** All that must be restored, in an order of its own. */
function essence(state: InstanceState): Record<string, unknown> {
  const { status, items, entries, tracks, tasks, chain, past, branches, chosen, isEffected } = state
  const open = tasks.filter((task) => task.state === 'open')
  // Who has answered is not waited for, be he named among those who were asked or not.
  const isBusy =
    ({ id, held }: Entry) =>
    (person: string): boolean =>
      open.some((task) => task.entry === id && task.person === person) || held.some(({ slot }) => slot.person === person)
  return {
    status,
    items: inOrder(items),
    tracks: inOrder(tracks),
    branches: inOrder(branches),
    chosen: inOrder(chosen),
    isEffected,
    stays: entries.map((entry) => plain(entry, isBusy(entry))).toSorted(),
    past: past.flatMap((one) => (one.void ? [] : [one.entry])).toSorted(),
    tasks: open.map(({ entry, person, via, insteadOf = '' }) => `${entry} ${person} ${via} ${insteadOf}`).toSorted(),
    words: chain.flatMap((one) => (one.void ? [] : [one.actId])).toSorted(),
  }
}
const asText = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map((one) => JSON.stringify(one))
function plain({ added, held, queue, members, ...rest }: Entry, isBusy: (person: string) => boolean): string {
  const texts = (values: readonly object[]): string[] => values.map((one) => JSON.stringify(sorted(one))).toSorted()
  const waits = held.map((one) => ({ ...one, for: one.for.filter(isBusy) }))
  return JSON.stringify([sorted(rest), members.toSorted(), queue, texts(added), texts(waits)])
}
const inOrder = (value: object): unknown[] => Object.entries(sorted(value) as object)
/** The same value with its keys in order, all the way down. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(keys.flatMap(([key, one]) => (one === undefined ? [] : [[key, sorted(one)]])))
}
