import { Refusal } from '#model'

const minute = 60_000
const mostAddresses = 10_000
/** Counts what an address asks for within a minute, and refuses what is too much. In memory, each process by itself: it slows down guessing, the tokens' length forbids it. */
export class AddressMeter {
  private readonly counts = new Map<string, { since: number; count: number }>()
  private readonly most: number
  constructor(most: number) {
    this.most = most
  }
  take(address: string, now: number): void {
    const known = this.counts.get(address)
    if (!known || now - known.since >= minute) {
      if (this.counts.size >= mostAddresses) for (const [key, { since }] of this.counts) if (now - since >= minute) this.counts.delete(key)
      this.counts.set(address, { since: now, count: 1 })
      return
    }
    if (++known.count > this.most) throw new Refusal('tooManyRequests', undefined, { retryAfter: Math.ceil((known.since + minute - now) / 1000) })
  }
} // prettier-ignore
