/** What has been done and undone, as whole states: undoing restores exactly. */
export interface History<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
  /** What the last change was about: letters typed into one field are one step back. */
  readonly about: string | null
}
const most = 200

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], about: null })
/** The next state. With the same `about` as before it joins the change before. */
export function done<T>(history: History<T>, next: T, about: string | null = null): History<T> {
  if (Object.is(next, history.now)) return history
  const isJoined = about !== null && about === history.about
  const past = isJoined ? history.past : [...history.past, history.now].slice(-most)
  return { past, now: next, future: [], about }
}
export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], about: null }
}
export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.now], now: next, future, about: null }
}
