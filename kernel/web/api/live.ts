import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { approvalSubject } from '#model'
import { here } from './place.ts'
import { lookedAway, notifies, showNew } from '../messages/notify.ts'
import { endPushOfOthers } from '../messages/push.ts'
import { api } from './client.ts'
import { heardBeside, heardOfTalks, talkKeys } from '../talk/hooks.ts'
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

/** What open pages show, and how often: the stream tells when one of them changes. */
const watched = new Map<string, { resource: string; id: string; pages: number }>()
let stream: string | null = null
let saying = false
/** Tells the server which records this page shows, once for all that come and go in a moment. */
function sayWatched(): void {
  if (saying) return
  saying = true
  queueMicrotask(() => {
    saying = false
    const records = [...watched.values()].slice(-50).map(({ resource, id }) => ({ resource, id }))
    // Without it the page stays as it was: nothing that somebody asked for.
    if (stream) void api.put(`/api/live/${stream}`, { records }).catch(() => undefined)
  })
}
/** While this page stands, the record it shows, or the approval, is asked for anew when somebody changes it. */
export function useWatch(resource: string, id: string): void {
  useEffect(() => {
    const key = `${resource}/${id}`
    const one = watched.get(key) ?? { resource, id, pages: 0 }
    watched.set(key, { ...one, pages: one.pages + 1 })
    sayWatched()
    return () => {
      const left = watched.get(key)!
      if (left.pages > 1) watched.set(key, { ...left, pages: left.pages - 1 })
      else watched.delete(key)
      sayWatched()
    }
  }, [resource, id])
}

const pauses = [1000, 2000, 5000, 10_000, 30_000]
/** Beats come every 25 seconds; a stream that has been still for longer is dead, whatever the browser thinks. */
const stillMs = 60_000
const everyMs = 1000

/** No further page of this list is on its way. */
const isNotGrowing = ({ state }: Query): boolean => state.fetchStatus !== 'fetching' || !state.fetchMeta?.fetchMore

interface News {
  counts?: true
  /** ms */
  within?: number
  records?: readonly { resource: string; id: string }[]
  /** Records beside which something was said. */
  beside?: readonly { resource: string; id: string }[]
  /** Conversations in which something was said. */
  talks?: string[]
  /** Other definitions are in force. */
  definitions?: true
}
/** Used once, in the shell. */
export function useLive(): void {
  const client = useQueryClient()
  useEffect(() => startLive(client), [client])
}

/** Nobody looks, and nobody wants to be told. */
const isAway = (): boolean => document.visibilityState === 'hidden' && !notifies()

function startLive(client: QueryClient): () => void {
  void endPushOfOthers().catch(() => undefined)
  const refresh = atMostOnce(everyMs, () => {
    // What cannot be asked for now stands in the page when somebody looks again.
    void showNew().catch(() => undefined)
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
    stream = null
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
    source = new EventSource(here('/api/live'))
    source.addEventListener('open', (event) => {
      // The browser's own event of that name says nothing.
      if (!(event instanceof MessageEvent)) return
      stream = (JSON.parse(event.data as string) as { stream: string }).stream
      sayWatched()
      failures = 0
      set(true)
      heard()
      // What happened while there was no stream was not told.
      refresh.run()
      void client.invalidateQueries({ queryKey: talkKeys.all })
    })
    source.addEventListener('beat', heard)
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      heard()
      const { counts, within = 0, records = [], beside = [], talks, definitions } = JSON.parse(data) as News
      for (const { resource, id } of records)
        void client.invalidateQueries({ queryKey: resource === approvalSubject ? keys.approval(id) : keys.record(resource, id) })
      for (const { resource, id } of beside) heardBeside(client, { resource, record: id })
      if (talks) {
        heardOfTalks(client, talks)
        recount.run()
      }
      // A process that serves this page may hear of them a moment later.
      if (definitions) setTimeout(() => void client.invalidateQueries({ queryKey: ['definitions'] }), 1000 + Math.random() * within)
      // Where many are told at once, they do not all ask at once.
      if (counts) refresh.run(Math.random() * within)
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

/** Runs at once or after a wait, and of all further calls within the stretch one at its end. */
function atMostOnce(ms: number, work: () => void): { run: (waitMs?: number) => void; stop: () => void } {
  let last = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  const now = () => {
    timer = undefined
    last = performance.now()
    work()
  }
  return {
    run(waitMs = 0) {
      if (timer) return
      const left = Math.max(last + ms - performance.now(), waitMs)
      if (left <= 0) now()
      else timer = setTimeout(now, left)
    },
    stop: () => clearTimeout(timer),
  }
}
