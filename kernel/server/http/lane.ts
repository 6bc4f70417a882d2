export interface Bounds {
  /** So many are worked on at once. */
  atOnce: number
  /** So many wait for that. */
  waiting: number
  /** None waits longer, ms. */
  waitMs: number
}
/** Hears once whether there is a place: false means that nothing may be done, and the same may be sent again later. */
export type Decide = (isIn: boolean) => void
interface Waiter {
  decide: Decide
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
  /** After how many seconds whoever was refused may come again. */
  get retryAfter(): number {
    return Math.max(1, Math.ceil(this.bounds.waitMs / 1000))
  }

  /**
   * Asks to be let in; `decide` is called once, at once or later. Answers what must be called when the work is over or nobody
   * waits for it any more: one who is waiting leaves the queue then, without an answer.
   */
  enter(decide: Decide): () => void {
    if (this.inside < this.bounds.atOnce) {
      this.inside++
      decide(true)
      return once(() => this.leave())
    }
    if (this.isFull) {
      decide(false)
      return () => undefined
    }
    return this.wait(decide)
  }
  private wait(decide: Decide): () => void {
    let isInside = false
    const waiter: Waiter = {
      decide: (isIn) => {
        isInside = isIn
        decide(isIn)
      },
      timer: setTimeout(() => {
        this.queue.delete(waiter)
        waiter.decide(false)
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
    next.decide(true)
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
