import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { lookedAway, notifies, showNew } from '../messages/notify.ts'
import { heardOfTalks, talkKeys } from '../talk/hooks.ts'
import { keys } from './keys.ts'

/** One stream from the server says that something changed for this person; what it is the page asks as always. Without the stream the minute's polling remains. */
let isOn = false
const listeners = new Set<() => void>()
function set(next: boolean): void {
  if (next === isOn) return
  isOn = next
  listeners.forEach((listener) => listener())
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
/** Does the stream stand? */
export const useIsLive = (): boolean => useSyncExternalStore(subscribe, () => isOn)

const pauses = [1000, 2000, 5000, 10_000, 30_000]
/** Beats come every 25 seconds; a stream that has been still for longer is dead, whatever the browser thinks. */
const stillMs = 60_000
const everyMs = 1000

/** No further page of this list is on its way. */
const isNotGrowing = ({ state }: Query): boolean => state.fetchStatus !== 'fetching' || !state.fetchMeta?.fetchMore

/** Used once, in the shell. */
export function useLive(): void {
  const client = useQueryClient()
  useEffect(() => startLive(client), [client])
}

/** Nobody looks, and nobody wants to be told. */
const isAway = (): boolean => document.visibilityState === 'hidden' && !notifies()

function startLive(client: QueryClient): () => void {
  const refresh = atMostOnce(everyMs, () => {
    for (const queryKey of [keys.counts, keys.tasks, keys.messages]) void client.invalidateQueries({ queryKey, predicate: isNotGrowing })
    // Asking anew would break off the page that somebody asked for: that list hears of it when the page is there.
    if (client.isFetching({ predicate: (query) => !isNotGrowing(query) })) refresh.run()
  })
  const recount = atMostOnce(everyMs, () => void client.invalidateQueries({ queryKey: keys.counts }))
  let source: EventSource | null = null
  let failures = 0
  let again: ReturnType<typeof setTimeout> | undefined
  let still: ReturnType<typeof setTimeout> | undefined
  const close = () => {
    clearTimeout(again)
    clearTimeout(still)
    source?.close()
    source = null
    set(false)
  }
  const fail = () => {
    close()
    const pause = pauses[Math.min(failures++, pauses.length - 1)]!
    // Not all pages at the same instant after a restart.
    again = setTimeout(open, pause * (0.5 + Math.random()))
  }
  const heard = () => {
    clearTimeout(still)
    still = setTimeout(fail, stillMs)
  }
  function open(): void {
    // A browser has few connections to one server: only the page that is looked at holds one.
    if (source || isAway()) return
    clearTimeout(again)
    source = new EventSource('/api/live')
    source.addEventListener('open', () => {
      failures = 0
      set(true)
      heard()
      // What happened while there was no stream was not told.
      refresh.run()
      void client.invalidateQueries({ queryKey: talkKeys.all })
      void showNew().catch(() => undefined)
    })
    source.addEventListener('beat', heard)
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      heard()
      const { talks } = JSON.parse(data) as { talks?: string[] }
      if (talks) {
        heardOfTalks(client, talks)
        recount.run()
        return
      }
      refresh.run()
      // What cannot be asked for now stands in the page when somebody looks again.
      void showNew().catch(() => undefined)
    })
    source.addEventListener('error', fail)
  }
  // Of all that stand behind others one page keeps its stream, for whoever wants to be told.
  let letGo = () => undefined as void
  const look = () => {
    letGo()
    if (document.visibilityState !== 'hidden') return open()
    lookedAway()
    if (!notifies()) return close()
    const { promise, resolve } = Promise.withResolvers<void>()
    letGo = resolve
    void navigator.locks.request('x-live-behind', { ifAvailable: true }, (lock) => (lock ? promise : close()))
  }
  document.addEventListener('visibilitychange', look)
  open()
  return () => {
    document.removeEventListener('visibilitychange', look)
    refresh.stop()
    recount.stop()
    close()
  }
}

/** Runs at once, and of all further calls within the stretch one at its end. */
function atMostOnce(ms: number, work: () => void): { run: () => void; stop: () => void } {
  let last = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  const now = () => {
    timer = undefined
    last = performance.now()
    work()
  }
  return {
    run() {
      if (timer) return
      const left = last + ms - performance.now()
      if (left <= 0) now()
      else timer = setTimeout(now, left)
    },
    stop: () => clearTimeout(timer),
  }
}
