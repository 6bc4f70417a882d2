import { useCallback, useSyncExternalStore } from 'react'

/** Which place a dragged step would go to: only the two places that change are drawn again. */
export class DropTarget {
  private id: string | null = null
  private readonly listeners = new Map<string, () => void>()
  get current(): string | null {
    return this.id
  }
  set(id: string | null): void {
    if (id === this.id) return
    const before = this.id
    this.id = id
    for (const one of [before, id]) if (one !== null) this.listeners.get(one)?.()
  }
  readonly listen = (id: string, listener: () => void): (() => void) => {
    this.listeners.set(id, listener)
    return () => this.listeners.delete(id)
  }
}
export const useIsTarget = (target: DropTarget, id: string): boolean =>
  useSyncExternalStore(
    useCallback((listener: () => void) => target.listen(id, listener), [target, id]),
    () => target.current === id,
  )
