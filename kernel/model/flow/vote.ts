import type { Fraction, PersonId, VoteRule } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import type { Outcome, Terms, Verdict } from './state.ts'
import { compareTerms, isYes, mergeTerms, sameTerms, termsOf } from './terms.ts'

export interface Ballot {
  readonly person: PersonId
  readonly verdict: Verdict
}
export interface Poll {
  readonly rule: VoteRule
  readonly members: readonly PersonId[]
  readonly ballots: readonly Ballot[]
  readonly chair?: PersonId
}
/** `waits`: the rest can still change it · `impossible`: too many are under 回避 or gone for a quorum ever to be reached. */
export type Count = { readonly is: 'decided'; readonly outcome: Outcome } | { readonly is: 'waits' } | { readonly is: 'impossible' }

/** Whether enough of all members are there; quorum counts heads, and who is under 回避 for a line is not there for it. */
export const hasQuorum = (rule: VoteRule, present: number, members: number): boolean => present * rule.quorum[1] >= rule.quorum[0] * members
/** Whether so much yes carries, of members minus 回避. */
export function carries(rule: VoteRule, yes: number, base: number): boolean {
  return 'moreThan' in rule.share
    ? yes * rule.share.moreThan[1] > rule.share.moreThan[0] * base
    : yes > 0 && atLeast(rule.share.atLeast, yes, base)
}
/** A chair breaks a tie only where half would do: he cannot stand in for a qualified majority. */
export function chairMayBreak(rule: VoteRule): boolean {
  const [over, under] = 'moreThan' in rule.share ? rule.share.moreThan : rule.share.atLeast
  return rule.tie === 'chair' && over * 2 <= under
}
const atLeast = ([over, under]: Fraction, part: number, base: number): boolean => part * under >= over * base

/** One line of a vote, judged as soon as the rest cannot change it (semantics 12). */
export function count(poll: Poll, env: Pick<FlowEnvironment, 'strictest'>): Count {
  const { rule, members } = poll
  const weigh = (people: readonly PersonId[]): number => people.reduce((sum, person) => sum + (rule.weights?.[person] ?? 1), 0)
  const by = (test: (verdict: Verdict) => boolean): PersonId[] => poll.ballots.filter((one) => test(one.verdict)).map((one) => one.person)
  const recused = by((verdict) => verdict.say === 'recuse')
  const voted = by((verdict) => verdict.say !== 'recuse')
  const rest = members.filter((person) => !poll.ballots.some((one) => one.person === person))
  if (members.length === recused.length || !hasQuorum(rule, voted.length + rest.length, members.length)) return { is: 'impossible' }
  if (!hasQuorum(rule, voted.length, members.length)) return { is: 'waits' }

  const base = weigh(members) - weigh(recused)
  const [yes, no, left] = [weigh(by(isYes)), weigh(by((verdict) => verdict.say === 'refuse')), weigh(rest)]
  if (carries(rule, yes, base)) {
    const terms = carriedTerms(poll, env, weigh, (weight) => carries(rule, weight, base), left)
    return terms ? { is: 'decided', outcome: { to: 'passed', terms } } : { is: 'waits' }
  }
  const chairSays = poll.ballots.find((one) => one.person === poll.chair)?.verdict
  const chairToCome = poll.chair !== undefined && rest.includes(poll.chair) ? weigh([poll.chair]) : 0
  const mayTie = chairMayBreak(rule) && (isYes(chairSays) || chairToCome > 0) && Math.abs(yes + chairToCome - no) <= left - chairToCome
  if (carries(rule, yes + left, base) || (mayTie && rest.length > 0)) return { is: 'waits' }
  if (mayTie && isYes(chairSays)) return { is: 'decided', outcome: { to: 'passed', terms: mergeAll(poll.ballots, env) } }
  const abstained = by((verdict) => verdict.say === 'abstain').length
  const reason = `票决未通过（赞成 ${by(isYes).length}，反对 ${by((verdict) => verdict.say === 'refuse').length}，弃权 ${abstained}）`
  return { is: 'decided', outcome: { to: 'refused', reason } }
}

/**
 * The terms of a carried line: a yes with a condition agrees to anything as strict or stricter, so the mildest set of yes votes
 * that carries is taken and the terms meet every one of them. Undefined while votes to come could make them milder.
 */
function carriedTerms(
  poll: Poll,
  env: Pick<FlowEnvironment, 'strictest'>,
  weigh: (people: readonly PersonId[]) => number,
  enough: (weight: number) => boolean,
  left: number,
): Terms | undefined {
  const yes = poll.ballots
    .filter((one) => isYes(one.verdict))
    .sort((one, other) => compareTerms(env, termsOf(one.verdict), termsOf(other.verdict)))
  const mildest = (help: number): Ballot[] => {
    const taken: Ballot[] = []
    for (const ballot of yes) {
      if (enough(weigh(taken.map((one) => one.person)) + help)) break
      taken.push(ballot)
    }
    return taken
  }
  const terms = mergeAll(mildest(0), env)
  const isFixed = left === 0 || sameTerms(terms, {}) || (terms.narrowTo === undefined && sameTerms(terms, mergeAll(mildest(left), env)))
  return isFixed ? terms : undefined
}

const mergeAll = (ballots: readonly Ballot[], env: Pick<FlowEnvironment, 'strictest'>): Terms =>
  ballots.reduce<Terms>((terms, one) => mergeTerms(env, terms, termsOf(one.verdict)), {})
