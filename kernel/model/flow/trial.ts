import type { Act, Chosen } from './acts.ts'
import { claimable } from './apply.ts'
import { choicesOf } from './choices.ts'
import type { Flow, PersonId, StepId } from './definition.ts'
import { decide } from './engine.ts'
import type { FlowEnvironment } from './environment.ts'
import { findHandled, planOf } from './plan.ts'
import type { Refusal } from './refusal.ts'
import type { Entry, EntryId, InstanceState, RowId, Task, Verdict, Verdicts } from './state.ts'

/** What the people of a step say in a trial, where they do not consent; `lines`: to these alone. */
export interface TrialWord {
  readonly say: 'refuse' | 'return'
  readonly lines?: readonly RowId[]
}
export interface TrialAbout {
  readonly applicant: PersonId
  readonly words: Readonly<Record<StepId, TrialWord>>
}
/** A stay at a step, and what was said there; null: nobody spoke. */
export interface TrialStay {
  readonly step: StepId
  readonly people: readonly PersonId[]
  readonly word: TrialWord | 'consent' | null
}
export interface TrialWay {
  readonly stays: readonly TrialStay[]
  /** Null: it could not even be submitted. */
  readonly state: InstanceState | null
  /** The act that the engine would not have, at its step. */
  readonly refused?: { readonly step: StepId | null; readonly refusal: Refusal }
}
/** No way is longer: who returns to a step says his word once. */
const mostActs = 1000
/** What a trial need not show: that forms are filled in, and papers signed. */
const sign = 'trial'
const reason = '试运行'

/** The way of a request as the engine leads it: everybody consents but where words say otherwise, each once; what is waited for comes. */
export function goThrough<F>(definition: Flow<F>, about: TrialAbout, env: FlowEnvironment<F>): TrialWay {
  const trial = new Trial(definition, about, env)
  let goesOn = trial.submit()
  for (let acts = 0; goesOn && acts < mostActs; acts++) goesOn = trial.goOn()
  const { stays, state, refused } = trial
  return { stays, state, ...(refused ? { refused } : {}) }
}

class Trial<F> {
  readonly stays: { entry: EntryId; step: StepId; people: PersonId[]; word: TrialStay['word'] }[] = []
  state: InstanceState | null = null
  refused: TrialWay['refused']
  #env: FlowEnvironment<F>
  readonly #definition: Flow<F>
  readonly #about: TrialAbout
  readonly #returned = new Set<StepId>()
  #acts = 0

  constructor(definition: Flow<F>, about: TrialAbout, env: FlowEnvironment<F>) {
    this.#definition = definition
    this.#about = about
    this.#env = { ...env, isFilled: () => true }
  }
  submit(): boolean {
    const { applicant } = this.#about
    return this.#act({ ...this.#by(applicant), kind: 'submit', instance: { id: sign, number: sign, flowVersion: 0 }, applicant, chosen: this.#chosen() }, null) // prettier-ignore
  }
  /** One act more; false when none follows. */
  goOn(): boolean {
    const { state } = this
    if (state?.status !== 'running') return false
    const task = state.tasks.find((one) => one.state === 'open')
    if (task) return this.#speak(task, state)
    return state.entries.some((entry) => this.#come(entry, claimable(state, entry)[0]))
  }

  /** What nobody decides: somebody takes what waits for one of many, a call is answered, a moment comes. */
  #come({ id: entry, step, kind, stuck, due }: Entry, taker: PersonId | undefined): boolean {
    if (taker !== undefined) return this.#act({ ...this.#by(taker), kind: 'claim', entry }, step)
    if (kind === 'service' && !stuck) return this.#act({ ...this.#by('system'), kind: 'serviceDone', entry }, step)
    if (kind !== 'timer' || due === undefined) return false
    if (Date.parse(due) > Date.parse(this.#env.now)) this.#env = { ...this.#env, now: due }
    return this.#act({ ...this.#by('system'), kind: 'elapse', entry }, step)
  }
  #speak({ id: task, person, entry }: Task, state: InstanceState): boolean {
    const { step: key } = state.entries.find(({ id }) => id === entry)!
    const step = findHandled(planOf(this.#definition), key)!
    const word = this.#returned.has(key) ? undefined : this.#about.words[key]
    const stay = this.stays.findLast((one) => one.entry === entry)
    if (stay) stay.word = word ?? 'consent'
    const all = { ...this.#by(person), task, ...(word ? { opinion: reason } : {}) }
    const consenting = { ...all, chosen: this.#chosen(key) }
    if (!word) return this.#act(step.kind === 'seal' ? { ...all, kind: 'seal', copies: 1 } : { ...consenting, kind: 'approve' }, key)
    if (word.lines) return this.#act({ ...consenting, kind: 'decideItems', verdicts: verdictsOf(word, state) }, key)
    if (word.say === 'refuse') return this.#act({ ...all, kind: 'reject' }, key)
    this.#returned.add(key)
    return this.#act({ ...all, kind: 'return', to: step.returnTo }, key)
  }
  /** Who is chosen is not known before: one of those who may be. */
  #chosen(by?: StepId): Chosen {
    const { applicant } = this.#about
    const anybody = () => this.#env.resolve({ kind: 'administrator' }, { applicant, of: applicant })
    const steps = choicesOf(planOf(this.#definition), this.#env, by, applicant)
    return Object.fromEntries(steps.map(({ step, range }) => [step, (range ?? anybody()).slice(0, 1)]))
  }
  #by(actor: PersonId) {
    return { actId: `${sign}-${this.#acts++}`, actor, seenVersion: this.#env.record.version, signature: sign }
  }
  #act(act: Act, step: StepId | null): boolean {
    const decided = decide(this.#definition, this.state ?? undefined, act, this.#env)
    if (!decided.ok) {
      this.refused = { step, refusal: decided.refusal }
      return false
    }
    this.state = decided.state
    for (const event of decided.events) {
      if (event.type === 'stepOpened') this.stays.push({ entry: event.entry.id, step: event.entry.step, people: [], word: null })
      if (event.type === 'taskOpened') this.stays.findLast(({ entry }) => entry === event.task.entry)?.people.push(event.task.person)
    }
    return true
  }
}
/** To some of the lines the word, to the others that are still open consent. */
function verdictsOf({ say, lines = [] }: TrialWord, { items }: InstanceState): Verdicts {
  const open = Object.entries(items).flatMap(([row, line]) => (line.state === 'open' ? [row] : []))
  return Object.fromEntries(open.map((row): [RowId, Verdict] => [row, lines.includes(row) ? { say, reason } : { say: 'pass' }]))
}
