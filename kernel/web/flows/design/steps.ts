import { approve, type Decider, type Handled, type NobodyPolicy, type SelfPolicy, type StepAct, type VoteRule } from '#kernel/model/flow/definition.ts' // prettier-ignore
import type { ModeKind } from './words.ts'
import { handledOf, type Drawn } from './tree.ts'

/** A decider as it begins, before its details are chosen. */
export function begunDecider(kind: Decider['kind']): Decider {
  const makers: { [K in Decider['kind']]: () => Decider } = {
    people: () => ({ kind: 'people', people: [] }),
    role: () => ({ kind: 'role', role: '' }),
    post: () => ({ kind: 'post', post: '' }),
    headOf: () => ({ kind: 'headOf' }),
    upper: () => ({ kind: 'upper', level: 1 }),
    upperChain: () => ({ kind: 'upperChain', upTo: 2 }),
    office: () => ({ kind: 'office', office: '' }),
    group: () => ({ kind: 'group', group: '' }),
    formField: () => ({ kind: 'formField', field: '' }),
    earlier: () => ({ kind: 'earlier', step: '' }),
    chosen: () => ({ kind: 'chosen' }),
    administrator: () => ({ kind: 'administrator' }),
  }
  return makers[kind]()
}

const usualVote: VoteRule = { quorum: [2, 3], share: { moreThan: [1, 2] }, tie: 'refuse' }
/** The step with another way of deciding, and what goes with that: a vote knows 回避 and no handing on. */
export function withMode(step: Handled, kind: ModeKind): Handled {
  const mode = kind === 'vote' ? { vote: usualVote } : kind
  const { meeting: _meeting, ...rest } = step
  const wasVote = typeof step.mode === 'object'
  if ((kind === 'vote') === wasVote) return { ...step, mode, claim: step.claim && kind === 'anyOf' }
  const usual = approve(step.id, step.label, { by: step.by, mode })
  const { acts, onApplicant, onNobody, onSamePerson } = usual
  const onTimeout = kind === 'vote' ? step.onTimeout.filter((one) => one.do === 'remind' || one.do === 'escalate') : step.onTimeout
  return { ...rest, mode, claim: false, acts, onApplicant, onNobody, onSamePerson, onTimeout }
}

/** The acts that make sense at a step, in the order in which they are offered. */
export function actsOf(step: Handled): readonly StepAct[] {
  const shared: readonly StepAct[] = ['takeBack', 'copyTo', 'consult']
  const handOn: readonly StepAct[] = ['transfer', 'delegateTask', 'addApprover', 'removeApprover']
  if (step.kind === 'seal') return ['seal', 'return', 'transfer', ...shared]
  if (step.kind === 'fill') return ['approve', 'return', ...handOn, ...shared]
  const decide: readonly StepAct[] = ['approve', ...(step.items ? (['decideItems'] as const) : []), 'reject']
  if (typeof step.mode === 'object') return [...decide, 'addApprover', 'removeApprover', ...shared, 'bulkDecide']
  return [...decide, 'return', ...handOn, ...shared, 'bulkDecide']
}
export const selfPoliciesOf = (step: Handled, of: 'onApplicant' | 'onSamePerson'): readonly SelfPolicy[] => {
  if (typeof step.mode === 'object') return of === 'onApplicant' ? ['recuse', 'skip'] : ['ask', 'skip', 'recuse']
  return ['ask', 'pass', 'skip', 'superior', 'administrator']
}
export const nobodyPoliciesOf = (step: Handled): readonly NobodyPolicy[] =>
  typeof step.mode === 'object' ? ['administrator', 'skip', 'refuse'] : ['administrator', 'superior', 'skip', 'refuse']

/** The steps at which people act, that stand before this one. */
export function earlierThan(flow: Drawn, path: string | null): Handled[] {
  const all = handledOf(flow)
  const at = all.findIndex((one) => one.path === path)
  return all.slice(0, at < 0 ? all.length : at).map(({ step }) => step)
}
