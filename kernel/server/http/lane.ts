import { Refusal } from '#model'

export interface Bounds {
  /** So many are worked on at once. */
  atOnce: number
  /** So many wait for that. */
  waiting: number
  /** None waits longer, ms. */
  waitMs: number
}
interface Waiter {
  admit: (refusal: Refusal | null) => void
  timer: NodeJS.Timeout
}
/** A bounded queue before bounded work: who came first is let in first; beyond the bounds one is refused at once, which costs nothing. */
export class Lane {
  readonly bounds: Bounds
  private inside = 0
  /** In the order of their coming. */
  private readonly queue = new Set<Waiter>()
  constructor(bounds: Bounds) {
    this.bounds = bounds
  }
  get load(): { inside: number; waiting: number } {
    return { inside: this.inside, waiting: this.queue.size }
  }
  get isFull(): boolean {
    return this.inside >= this.bounds.atOnce && this.queue.size >= this.bounds.waiting
  }
  /** Refusal for whom there is no room: nothing was done, the same may be sent again after some seconds. */
  refusal(): Refusal {
    return new Refusal('busy', undefined, { retryAfter: Math.max(1, Math.ceil(this.bounds.waitMs / 1000)) })
  }

  /**
   * Asks to be let in; `admit` is called once, at once or later, with null or the refusal. Answers what must be called when the work is over or nobody
   * waits for it any more: one who is waiting leaves the queue then, without an answer.
   */
  enter(admit: (refusal: Refusal | null) => void): () => void {
    if (this.inside < this.bounds.atOnce) {
      this.inside++
      admit(null)
      return once(() => this.leave())
    }
    if (this.isFull) {
      admit(this.refusal())
      return () => undefined
    }
    return this.wait(admit)
  }
  private wait(admit: Waiter['admit']): () => void {
    let isInside = false
    const waiter: Waiter = {
      admit: (refusal) => {
        isInside = refusal === null
        admit(refusal)
      },
      timer: setTimeout(() => {
        this.queue.delete(waiter)
        waiter.admit(this.refusal())
      }, this.bounds.waitMs),
    }
    this.queue.add(waiter)
    return once(() => {
      clearTimeout(waiter.timer)
      if (!this.queue.delete(waiter) && isInside) this.leave()
    })
  }
  private leave(): void {
    const next = this.queue.values().next().value
    if (!next) return void this.inside--
    // The place goes on to whoever is next.
    this.queue.delete(next)
    clearTimeout(next.timer)
    next.admit(null)
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}
