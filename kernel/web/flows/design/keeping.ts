import type { FlowDesign, FlowProblem, FlowTestCase } from '#model'
import { isStatus, messageOf } from '../../api/problem.ts'
import type { Drawn } from './tree.ts'

/** What is drawn and tested: what is kept together, and taken back together. */
export interface Work {
  readonly definition: Drawn
  readonly tests: readonly FlowTestCase[]
}
export type Saving = { state: 'saved' | 'waiting' | 'saving' } | { state: 'failed' | 'conflict'; why: string }
/** How it stands with what is kept. */
export interface Kept {
  readonly saving: Saving
  readonly revision: number
  /** What the server said of the definition as it was kept last. */
  readonly proved: { readonly definition: Drawn; readonly problems: readonly FlowProblem[] }
}
type Answer = Pick<FlowDesign, 'revision' | 'problems'>
/** Sends a draft over the revision that it was made from. */
export type Send = (work: Work, revision: number, isLeaving: boolean) => Promise<Answer>

/** Keeps a draft on the server, one saving after the other: each is sent over the revision that the one before was answered with. */
export class Keeping {
  readonly #send: Send
  readonly #listeners = new Set<(kept: Kept) => void>()
  #work: Work
  #saved: Work | null
  #running: Promise<number | null> | null = null
  /** Somebody else has saved: nothing more is sent before it is decided whose draft stays. */
  #isStale = false
  #kept: Kept

  constructor(send: Send, work: Work, { revision, problems }: Answer) {
    this.#send = send
    this.#work = this.#saved = work
    this.#kept = { saving: { state: 'saved' }, revision, proved: { definition: work.definition, problems } }
  }

  get kept(): Kept {
    return this.#kept
  }
  /** Tells every change; answers how to stop. */
  readonly listen = (listener: (kept: Kept) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  #tell(part: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...part }
    for (const listener of this.#listeners) listener(this.#kept)
  }

  /** What is to be kept from now on. Answers whether it has to be saved. */
  change(work: Work): boolean {
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
        proved: { definition: work.definition, problems },
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
  settle(work: Work, { revision, problems }: Answer): void {
    this.#work = this.#saved = work
    this.#isStale = false
    this.#tell({ saving: { state: 'saved' }, revision, proved: { definition: work.definition, problems } })
  }
}
