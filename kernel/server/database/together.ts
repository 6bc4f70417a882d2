/** How many lists are on their way at the same time, and how long one may be. */
export interface TogetherOptions<I> {
  atOnce: number
  most: number
  /** Of two with the same key the second waits for another list. */
  keyOf?: (one: I) => string
}
interface Waiting<I, O> {
  one: I
  done: (answer: O) => void
  failed: (error: unknown) => void
}

/**
 * What is asked at the same time is done together: one statement and one commit for many. Nobody waits who is alone; under load lists grow by themselves,
 * because only so many are on their way. One that fails takes nobody with it: the others are done again, each by itself.
 */
export class Together<I, O> {
  private queue: Waiting<I, O>[] = []
  private onTheWay = 0
  private isScheduled = false
  private readonly work: (list: readonly I[]) => Promise<readonly O[]>
  private readonly options: TogetherOptions<I>

  /** `work` answers in the order of the list. */
  constructor(work: (list: readonly I[]) => Promise<readonly O[]>, options: TogetherOptions<I>) {
    this.work = work
    this.options = options
  }

  ask(one: I): Promise<O> {
    return new Promise<O>((done, failed) => {
      this.queue.push({ one, done, failed })
      this.schedule()
    })
  }

  private schedule(): void {
    if (this.isScheduled || this.onTheWay >= this.options.atOnce || this.queue.length === 0) return
    this.isScheduled = true
    // After what the sockets have brought by now has been read.
    setImmediate(() => {
      this.isScheduled = false
      this.begin()
    })
  }
  private begin(): void {
    if (this.onTheWay >= this.options.atOnce || this.queue.length === 0) return
    this.onTheWay++
    const list = this.take()
    void this.run(list).finally(() => {
      this.onTheWay--
      this.begin()
    })
    this.schedule()
  }
  private take(): Waiting<I, O>[] {
    const { most, keyOf } = this.options
    const [list, later, keys] = [[] as Waiting<I, O>[], [] as Waiting<I, O>[], new Set<string>()]
    for (const waiting of this.queue) {
      const key = keyOf?.(waiting.one)
      if (list.length >= most || (key !== undefined && keys.has(key))) later.push(waiting)
      else {
        list.push(waiting)
        if (key !== undefined) keys.add(key)
      }
    }
    this.queue = later
    return list
  }
  private async run(list: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await this.work(list.map(({ one }) => one))
      list.forEach(({ done }, at) => done(answers[at]!))
    } catch (error) {
      if (list.length === 1) return list[0]!.failed(error)
      for (const waiting of list) await this.run([waiting])
    }
  }
}
