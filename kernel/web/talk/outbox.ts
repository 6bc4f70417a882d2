import type { TalkAnswer, TalkMessage } from '#model'
import type { QueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { api, newId } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { addSaid, talkKeys, type Wanted } from './hooks.ts'

export interface Draft {
  text: string
  files: string[]
  mentions: { id: string; name: string }[]
  everyone: boolean
  answers: { n: number; personName: string; line: string } | null
  voice: number | null
}
export const emptyDraft: Draft = { text: '', files: [], mentions: [], everyone: false, answers: null, voice: null }
/** What was sent and is not yet known to have arrived. */
export interface Pending extends Draft {
  id: string
  problem: string | null
}
/** What waits outlives the page that sent it; one place of it a conversation. */
const waiting = new Map<string, readonly Pending[]>()
const listeners = new Set<() => void>()
const none: readonly Pending[] = []
function put(place: string, next: readonly Pending[]): void {
  waiting.set(place, next)
  listeners.forEach((listener) => listener())
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const usePending = (place: string): readonly Pending[] =>
  useSyncExternalStore(
    subscribe,
    useCallback(() => waiting.get(place) ?? none, [place]),
  )
export const dropPending = (place: string, id: string): void =>
  put(
    place,
    (waiting.get(place) ?? none).filter((one) => one.id !== id),
  )

/** Where a conversation is kept while it may not have begun yet. */
export interface Place {
  /** Its id, or what is wanted. */
  name: string
  talk: string | undefined
  wanted: Wanted | null
}
/** Sends; what fails stays, to be sent again under the same id, so that it is said once. */
export function send(client: QueryClient, place: Place, draft: Draft): Promise<void> {
  const one: Pending = { ...draft, id: newId(), problem: null }
  put(place.name, [...(waiting.get(place.name) ?? none), one])
  return again(client, place, one)
}
export async function again(client: QueryClient, place: Place, one: Pending): Promise<void> {
  const patch = (problem: string | null) =>
    put(place.name, (waiting.get(place.name) ?? none).map((other) => (other.id === one.id ? { ...other, problem } : other))) // prettier-ignore
  patch(null)
  try {
    const talk = place.talk ?? (await api.post<TalkAnswer>('/api/talks', place.wanted)).id
    const { id, text, files, everyone, voice } = one
    const said = await api.post<TalkMessage>(
      `/api/talks/${talk}/messages`,
      { id, text, files, everyone, voice, mentions: one.mentions.map((person) => person.id), answers: one.answers?.n ?? null },
      id,
    )
    addSaid(client, talk, said)
    // It has begun with this: the page now shows it by its id.
    if (!place.talk && place.wanted) await client.invalidateQueries({ queryKey: talkKeys.found(place.wanted) })
    dropPending(place.name, id)
  } catch (error) {
    patch(messageOf(error))
  }
}
