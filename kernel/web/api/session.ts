import type { Me } from '#model'

/** Who is signed in, and the wait while a session that ended is renewed over the page. */
let me: Me | null = null
let renewal: { done: Promise<void>; resolve: () => void } | null = null
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((listener) => listener())

export const session = {
  get me(): Me | null {
    return me
  },
  get isExpired(): boolean {
    return renewal !== null
  },
  /** Every request that met a 401 waits here until somebody has signed in again. */
  renew(): Promise<void> {
    if (!renewal) {
      let resolve = () => {}
      const done = new Promise<void>((r) => (resolve = r))
      renewal = { done, resolve }
      tell()
    }
    return renewal.done
  },
  set(next: Me): void {
    const someoneElse = me?.account && me.account.id !== next.account.id
    me = next
    // The page holds the former person's data: start afresh.
    if (someoneElse) return location.reload()
    renewal?.resolve()
    renewal = null
    tell()
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
