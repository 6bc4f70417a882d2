import { counts, decisionsAt, liveLines, verdictOf } from './apply.ts'
import type { Decider, Handled, NobodyPolicy, PersonId, SelfPolicy, StepId } from './definition.ts'
import { administrator, upper } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import type { Happening, InstanceState, Slot, TrackId } from './state.ts'
import { isYes } from './terms.ts'

type Note = Omit<Extract<Happening, { type: 'routed' }>, 'type' | 'entry' | 'step'>
/** Who is asked at a step, and every case in which a policy answered instead of the plain rule. */
export interface Assignment {
  readonly members: readonly PersonId[]
  readonly slots: readonly Slot[]
  /** Those whose word is given by a policy: consent, or 回避. */
  readonly autos: readonly { readonly person: PersonId; readonly why: 'applicant' | 'samePerson'; readonly say: 'pass' | 'recuse' }[]
  readonly notes: readonly Note[]
}
interface Question<F> {
  readonly env: FlowEnvironment<F>
  readonly state: InstanceState
}

/** The people a step's deciders stand for now, each once, in the deciders' order; those who left included. */
export function resolveStep<F>(question: Question<F>, step: Handled): PersonId[] {
  return [...new Set(step.by.flatMap((decider) => resolveDecider(question, decider, step.id)))]
}

/** The people one decider stands for at a step. */
export function resolveDecider<F>({ env, state }: Question<F>, decider: Decider, step: StepId): readonly PersonId[] {
  if (decider.kind === 'chosen') return state.chosen[step] ?? []
  if (decider.kind === 'upperChain') {
    const about = { applicant: state.applicant, of: state.applicant }
    return Array.from({ length: decider.upTo }, (_, below) => env.resolve(upper(below + 1), about)).flat()
  }
  if (decider.kind === 'earlier') {
    return state.chain.filter((one) => one.step === decider.step && counts(one) && !one.auto && !one.meeting).map((one) => one.actor)
  }
  return env.resolve(decider, { applicant: state.applicant, of: state.applicant })
}

/** W20: turns the people of a step into slots, applying its policies for the applicant, for the same person again and for leavers. */
export function assign<F>(question: Question<F>, step: Handled, track?: TrackId): Assignment {
  const { env } = question
  const everybody = resolveStep(question, step)
  const here = everybody.filter((person) => env.isActive(person))
  const notes: Note[] = everybody
    .filter((person) => !env.isActive(person))
    .map((person) => ({ why: 'inactive', policy: 'skip', person, to: [] }))
  const slots: Slot[] = []
  const autos: Assignment['autos'][number][] = []
  const out: PersonId[] = []
  const cases = here.map((person) => ({ person, ...policyFor(question, step, person, track) }))
  for (const { person, policy } of cases) if (policy === 'ask') slots.push({ person, via: 'resolved' })
  for (const { person, policy, why } of cases) {
    if (policy === 'ask') continue
    if (policy === 'pass' || policy === 'recuse') autos.push({ person, why, say: policy })
    else out.push(person)
    const instead = policy === 'superior' || policy === 'administrator' ? standIns(question, person, policy) : []
    slots.push(...instead.filter(({ person: one }) => !slots.some((slot) => slot.person === one)))
    notes.push({ why, policy, person, to: instead.map((slot) => slot.person) })
  }
  // Whose word a policy has given is not asked again, also not in another's place.
  const asked = slots.filter((slot) => !autos.some((auto) => auto.person === slot.person))
  if (step.mode === 'inOrder') asked.sort((one, other) => placeIn(here, one) - placeIn(here, other))
  return { members: here.filter((person) => !out.includes(person)), slots: asked, autos, notes }
}

/** Somebody above the person, else the administrators; never the applicant. Empty when there is nobody at all. */
export function standIns<F>({ env, state }: Question<F>, of: PersonId, policy: 'superior' | 'administrator'): Slot[] {
  const ask = (decider: Decider): PersonId[] =>
    [...new Set(env.resolve(decider, { applicant: state.applicant, of }))].filter((one) => one !== state.applicant && env.isActive(one))
  const superiors = policy === 'superior' ? ask(upper(1)) : []
  if (superiors.length > 0) return superiors.map((person) => ({ person, via: 'superior', insteadOf: of }))
  return ask(administrator).map((person) => ({ person, via: 'administrator', insteadOf: of }))
}

/** W20, nobody found: what the step's policy says. A vote is never handed to somebody outside the committee. */
export function whenNobody<F>(
  question: Question<F>,
  step: Handled,
  members: readonly PersonId[],
): { policy: NobodyPolicy | 'wait'; slots: Slot[] } {
  const isVote = typeof step.mode === 'object'
  const policy = isVote && members.length > 0 ? 'wait' : step.onNobody
  if (isVote || (policy !== 'superior' && policy !== 'administrator')) return { policy, slots: [] }
  return { policy, slots: standIns(question, question.state.applicant, policy).map(({ person, via }) => ({ person, via })) }
}

function policyFor<F>(
  question: Question<F>,
  step: Handled,
  person: PersonId,
  track?: TrackId,
): { policy: SelfPolicy; why: 'applicant' | 'samePerson' } {
  if (person === question.state.applicant) return { policy: step.onApplicant, why: 'applicant' }
  if (step.onSamePerson === 'ask' || !hasConsented(question, person, track)) return { policy: 'ask', why: 'samePerson' }
  return { policy: step.onSamePerson, why: 'samePerson' }
}

/** A consent counts again only for the very version it was given to, and only for everything that still goes its way. */
function hasConsented<F>({ env, state }: Question<F>, person: PersonId, track?: TrackId): boolean {
  const version = env.record.after?.version ?? env.record.version
  const entries = new Set(state.chain.map((one) => one.entry))
  return [...entries].some((entry) => {
    const said = decisionsAt(state, entry).filter((one) => one.actor === person && !one.auto && !one.meeting && one.version === version)
    return said.length > 0 && liveLines(state, track).every(([item]) => said.some((one) => isYes(verdictOf(one, item))))
  })
}

const placeIn = (order: readonly PersonId[], slot: Slot): number =>
  order.indexOf(slot.via === 'resolved' ? slot.person : (slot.insteadOf ?? slot.person))
