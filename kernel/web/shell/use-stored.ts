import { useCallback, useState } from 'react'
import { api } from '../api/client.ts'
import { keepBeforeLeaving } from '../api/leave.ts'
import { session } from '../api/session.ts'

const quietMs = 250
const changed = new Map<string, unknown>()
let pause: ReturnType<typeof setTimeout> | undefined
let sending: Promise<void> = Promise.resolve()
/** One that is not kept is forgotten, no more. */
async function send(): Promise<void> {
  const waiting = [...changed]
  changed.clear()
  await Promise.allSettled(waiting.map(([name, value]) => api.put(`/api/me/likings/${encodeURIComponent(name)}`, { value }, true)))
}
/** After what is on its way, so that the last word stays the last. */
const keep = (): Promise<void> => (sending = sending.then(send))
keepBeforeLeaving(keep)
// What was changed a moment ago is not lost with the page: a request that is on its way outlives it.
addEventListener('pagehide', () => void send())

/**
 * Keeps how this person likes his pages, with his account: on no browser does it stay behind. Sent at once, so that a page that is loaded anew finds it; what
 * goes on changing (a width that is dragged) follows now and then.
 */
export function keepLiking(name: string, value: unknown): void {
  if (session.me) session.me.likings[name] = value
  changed.set(name, value)
  if (pause === undefined) keepAndPause()
}
function keepAndPause(): void {
  void keep()
  pause = setTimeout(() => {
    pause = undefined
    if (changed.size) keepAndPause()
  }, quietMs)
}
/** A liking of this person (order of columns, collapsed groups), on every browser. Never data of records. */
export function useStored<T>(name: string, initial: T): [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => (session.me?.likings[name] as T | undefined) ?? initial)
  const store = useCallback(
    (next: T) => {
      setValue(next)
      keepLiking(name, next)
    },
    [name],
  )
  return [value, store]
}
