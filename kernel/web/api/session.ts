import type { Me } from '#model'
import { useSyncExternalStore } from 'react'
import { leaveTrial, place } from './place.ts'

/** What the server wants of a person before it does anything else for him. */
export type Wanted = 'signIn' | NonNullable<Me['account']['owes']>
const wantedBy: ReadonlyMap<unknown, Wanted> = new Map([
  ['notSignedIn', 'signIn'],
  ['passwordMustChange', 'password'],
  ['secondFactorMissing', 'secondFactor'],
])

/** Who is signed in, and the wait while what is wanted of him is given over the page. */
let me: Me | null = null
let wanted: Wanted | null = null
let isLeaving = false
const waiting: (() => void)[] = []
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((listener) => listener())

export const session = {
  get me(): Me | null {
    return me
  },
  get wanted(): Wanted | null {
    return wanted
  },
  /** A request was refused with this code. True, after a while, when the person has given what it wanted: send it again. False at once when it wanted nothing of the kind. */
  async settled(code: unknown): Promise<boolean> {
    const next = wantedBy.get(code)
    if (!next || isLeaving) return false
    // Nobody signs in within the space.
    if (place) leaveTrial()
    wanted = next
    tell()
    await new Promise<void>((resolve) => waiting.push(resolve))
    return true
  },
  set(next: Me): void {
    const someoneElse = me?.account && me.account.id !== next.account.id
    me = next
    // The page holds the former person's data: start afresh.
    if (someoneElse) return location.reload()
    wanted = next.account.owes
    // Whoever is still refused waits again.
    for (const go of waiting.splice(0)) go()
    tell()
  },
  /** Somebody is going: nothing more is wanted of him. */
  leave(): void {
    isLeaving = true
  },
  get isLeaving(): boolean {
    return isLeaving
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
export const useWanted = (): Wanted | null => useSyncExternalStore(session.subscribe, () => session.wanted)
