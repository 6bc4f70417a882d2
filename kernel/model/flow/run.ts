import { apply, linesAt } from './apply.ts'
import type { PersonId } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import type { Plan } from './plan.ts'
import type { Entry, EntryId, FlowEvent, Happening, InstanceState, Line, RowId, Slot, Stamp, Task, TrackId } from './state.ts'

/** One act being worked out: emitting an event folds it at once, so that every later question sees it. */
export class Run<F> {
  readonly plan: Plan<F>
  readonly env: FlowEnvironment<F>
  readonly events: FlowEvent[] = []
  /** The state before the act. */
  readonly before: InstanceState | undefined
  readonly #stamp: Stamp
  #state: InstanceState | undefined

  constructor(plan: Plan<F>, state: InstanceState | undefined, env: FlowEnvironment<F>, by: { actId: string; actor: PersonId }) {
    this.plan = plan
    this.env = env
    this.before = state
    this.#state = state
    this.#stamp = { at: env.now, actId: by.actId, actor: by.actor }
  }

  get state(): InstanceState {
    if (!this.#state) throw new Error('flow: not submitted')
    return this.#state
  }

  get stamp(): Stamp {
    return this.#stamp
  }

  emit(happening: Happening): void {
    const event = Object.freeze({ ...happening, ...this.#stamp })
    this.#state = apply(this.#state, event)
    this.events.push(event)
  }

  entry(id: EntryId): Entry | undefined {
    return this.state.entries.find((one) => one.id === id)
  }

  tasksAt(entry: EntryId): Task[] {
    return this.state.tasks.filter((task) => task.entry === entry)
  }

  /** The lines of a branch, or of the main way, that still wait for a word. */
  openLines(track?: TrackId): [RowId, Line][] {
    const lines = linesAt(this.state, track)
    const open: [RowId, Line][] = []
    for (const id in lines) {
      const line = lines[id]
      if (line?.state === 'open' && line.splitTo === undefined) open.push([id, line])
    }
    return open
  }

  /** Opens a task, unless the person already has one here that is open or done. */
  openTask(entry: Pick<Entry, 'id' | 'step'>, slot: Slot): void {
    const here = this.tasksAt(entry.id)
    // Advice given for another is no word of one's own.
    const isHere = ({ person, state, via }: Task): boolean =>
      person === slot.person && (state === 'open' || (state === 'done' && via !== 'delegate'))
    if (here.some(isHere)) return
    const id = `${entry.id}/${here.length + 1}`
    const { at, actId } = this.#stamp
    const { version } = this.state
    const task: Task = { id, entry: entry.id, step: entry.step, ...slot, state: 'open', version, openedAt: at, openedBy: actId }
    this.emit({ type: 'taskOpened', task })
  }
}
