import { isStatus, messageOf } from '../api/problem.ts'

export type Saving = { state: 'saved' | 'waiting' | 'saving' } | { state: 'failed' | 'conflict'; why: string }
/** How it stands with what is kept. */
export interface Kept<W, P> {
  readonly saving: Saving
  readonly revision: number
  /** What the server said of the work as it was kept last. */
  readonly proved: { readonly work: W; readonly problems: readonly P[] }
}
interface Answer<P> {
  revision: number
  problems: readonly P[]
}
/** Sends a draft over the revision that it was made from. */
export type Send<W, P> = (work: W, revision: number, isLeaving: boolean) => Promise<Answer<P>>

/** Keeps a draft on the server, one saving after the other: each is sent over the revision that the one before was answered with. */
export class Keeping<W, P> {
  readonly #send: Send<W, P>
  readonly #listeners = new Set<(kept: Kept<W, P>) => void>()
  #work: W
  #saved: W | null
  #running: Promise<number | null> | null = null
  /** Somebody else has saved: nothing more is sent before it is decided whose draft stays. */
  #isStale = false
  #kept: Kept<W, P>

  constructor(send: Send<W, P>, work: W, { revision, problems }: Answer<P>) {
    this.#send = send
    this.#work = this.#saved = work
    this.#kept = { saving: { state: 'saved' }, revision, proved: { work, problems } }
  }

  get kept(): Kept<W, P> {
    return this.#kept
  }
  /** Tells every change; answers how to stop. */
  readonly listen = (listener: (kept: Kept<W, P>) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  #tell(part: Partial<Kept<W, P>>): void {
    this.#kept = { ...this.#kept, ...part }
    for (const listener of this.#listeners) listener(this.#kept)
  }

  /** What is to be kept from now on. Answers whether it has to be saved. */
  change(work: W): boolean {
    this.#work = work
    if (this.#isStale) return false
    // Taken back to what is kept; unless something else is on its way there.
    const isSaved = this.#saved === work && !this.#running
    this.#tell({ saving: { state: isSaved ? 'saved' : 'waiting' } })
    return !isSaved
  }
  /** Saves at once what waits; answers the revision that holds it, or null when it could not be saved. */
  readonly save = async (isLeaving = false): Promise<number | null> => {
    // Of several that wait for one saving each looks again: the first of them may have begun another.
    while (this.#running) await this.#running
    if (this.#isStale) return null
    if (this.#saved === this.#work) return this.#kept.revision
    this.#running = this.#sendNow(isLeaving)
    return this.#running
  }
  async #sendNow(isLeaving: boolean): Promise<number | null> {
    const work = this.#work
    if (!isLeaving) this.#tell({ saving: { state: 'saving' } })
    try {
      const { revision, problems } = await this.#send(work, this.#kept.revision, isLeaving)
      this.#saved = work
      this.#tell({
        revision,
        proved: { work, problems },
        saving: { state: this.#work === work ? 'saved' : 'waiting' },
      })
      return revision
    } catch (error) {
      this.#isStale = isStatus(error, 409)
      this.#tell({ saving: { state: this.#isStale ? 'conflict' : 'failed', why: messageOf(error) } })
      return null
    } finally {
      this.#running = null
    }
  }

  /** After a conflict: one's own over what the other saved. */
  async overwrite(newest: number): Promise<void> {
    this.#isStale = false
    this.#saved = null
    this.#tell({ revision: newest })
    await this.save()
  }
  /** Begins again with what the server has. */
  settle(work: W, { revision, problems }: Answer<P>): void {
    this.#work = this.#saved = work
    this.#isStale = false
    this.#tell({ saving: { state: 'saved' }, revision, proved: { work, problems } })
  }
}
