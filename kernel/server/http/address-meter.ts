import { Refusal } from '#model'

const minute = 60_000
/** Counts what an address asks for within a minute, and refuses what is too much. In memory, each process by itself: it slows down guessing, the tokens' length forbids it. */
export class AddressMeter {
  private readonly counts = new Map<string, number>()
  /** When the minute of all addresses began: with its end everything is forgotten. */
  private since = 0
  private readonly most: number
  constructor(most: number) {
    this.most = most
  }
  take(address: string, now: number): void {
    if (now < this.since || now - this.since >= minute) {
      this.counts.clear()
      this.since = now
    }
    const count = (this.counts.get(address) ?? 0) + 1
    this.counts.set(address, count)
    if (count > this.most) throw new Refusal('tooManyRequests', undefined, { retryAfter: Math.ceil((this.since + minute - now) / 1000) })
  }
}
