import { useSyncExternalStore } from 'react'

/** A question to the browser whose answer may change while the page stands: asked now, and as a hook. */
export function mediaQuestion(text: string): { now: () => boolean; use: () => boolean } {
  const query = matchMedia(text)
  const subscribe = (listener: () => void) => {
    query.addEventListener('change', listener)
    return () => query.removeEventListener('change', listener)
  }
  const now = () => query.matches
  return { now, use: () => useSyncExternalStore(subscribe, now) }
}
