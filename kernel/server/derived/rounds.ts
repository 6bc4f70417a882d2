/** Work done once for all who ask while it is being done: they wait for the one round that begins after they asked. */
export class Rounds {
  private readonly work: () => Promise<void>
  private running: Promise<void> = Promise.resolve()
  private waiting: Promise<void> | null = null
  constructor(work: () => Promise<void>) {
    this.work = work
  }
  /** Resolves when a round is over that began after this call: one under way may have looked too early. Fails as that round fails. */
  next(): Promise<void> {
    this.waiting ??= this.running.then(() => {
      this.waiting = null
      const round = this.work()
      this.running = round.catch(() => undefined)
      return round
    })
    return this.waiting
  }
}
