import { useCallback, useState } from 'react'
import { api } from '../api/client.ts'
import { keepBeforeLeaving } from '../api/leave.ts'
import { session } from '../api/session.ts'

const quietMs = 250
const changed = new Map<string, unknown>()
let timer: ReturnType<typeof setTimeout> | undefined
async function keep(): Promise<void> {
  clearTimeout(timer)
  const waiting = [...changed]
  changed.clear()
  // One that is not kept is forgotten, no more.
  await Promise.allSettled(waiting.map(([name, value]) => api.put(`/api/me/likings/${encodeURIComponent(name)}`, { value }, true)))
}
keepBeforeLeaving(keep)
// What was changed a moment ago is not lost with the page: a request that is on its way outlives it.
addEventListener('pagehide', () => void keep())

/** Keeps how this person likes his pages, with his account: on no browser does it stay behind. */
export function keepLiking(name: string, value: unknown): void {
  if (session.me) session.me.likings[name] = value
  changed.set(name, value)
  clearTimeout(timer)
  timer = setTimeout(() => void keep(), quietMs)
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
