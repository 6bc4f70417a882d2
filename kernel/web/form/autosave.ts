import { useEffect, useRef, useState } from 'react'
import { api } from '../api/client.ts'
import { isStatus } from '../api/problem.ts'
import { keepBeforeLeaving } from '../api/leave.ts'
import type { FormStore, Values } from './form-store.ts'

/** What is kept of a form that is not submitted yet: on the server, so that it survives the phone and never lies in the browser. */
export interface Draft {
  changes: Values
  /** The version the changes were made to. */
  version: number | null
  at: string
}
const addressOf = (form: string): string => `/api/autosave/${encodeURIComponent(form)}`

export async function readDraft(form: string, signal?: AbortSignal): Promise<Draft | null> {
  try {
    const answer = await api.get<{ value: Draft | null } | null>(addressOf(form), {}, signal)
    return answer?.value?.changes && Object.keys(answer.value.changes).length ? answer.value : null
  } catch (error) {
    // A form must open without its draft, too.
    if (isStatus(error, 404) || !signal?.aborted) return null
    throw error
  }
}
/** What is being kept just now, by form. */
const underWay = new Map<string, Promise<unknown>>()
/** Forgets what was kept, also what is still on its way there: it would bring back what has been submitted. */
export async function dropDraft(form: string): Promise<void> {
  await underWay.get(form)
  await api.delete<undefined>(addressOf(form)).catch(() => undefined)
}

/** Saves while typing, and at once when the page is hidden (the camera opens, the phone kills the page). */
export function useAutosave(form: string, store: FormStore, version: number | null): { savedAt: string | null; stop: () => void } {
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const stopped = useRef(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isWaiting = false
    const save = async (isLeaving: boolean) => {
      clearTimeout(timer)
      if (!isWaiting || stopped.current) return
      isWaiting = false
      const at = new Date().toISOString()
      try {
        const kept = api.put(addressOf(form), { value: { changes: store.unfinished(), version, at } satisfies Draft }, isLeaving)
        underWay.set(form, kept.catch(() => undefined)) // prettier-ignore
        await kept
        setSavedAt(at)
      } catch {
        isWaiting = true
      }
    }
    const later = () => {
      isWaiting = true
      clearTimeout(timer)
      timer = setTimeout(() => void save(false), 700)
    }
    const unsubscribe = store.subscribe('*', later)
    const hide = () => document.visibilityState === 'hidden' && void save(true)
    document.addEventListener('visibilitychange', hide)
    const done = keepBeforeLeaving(() => save(true))
    return () => {
      done()
      unsubscribe()
      document.removeEventListener('visibilitychange', hide)
      void save(true)
    }
  }, [form, store, version])
  return { savedAt, stop: () => void (stopped.current = true) }
}
