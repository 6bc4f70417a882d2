import { decisionsAt, verdictOf } from './apply.ts'
import type { Approve, PersonId } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import type { Decision, Entry, InstanceState, Line, Outcome, RowId, Verdict } from './state.ts'
import { isYes, mergeTerms, termsOf } from './terms.ts'
import type { Count } from './vote.ts'
import { count } from './vote.ts'

interface Matter {
  readonly env: Pick<FlowEnvironment, 'strictest'>
  readonly step: Approve
  readonly entry: Entry
  readonly decisions: readonly Decision[]
  /** Whose task is open here. */
  readonly asked: readonly PersonId[]
}

/** What is the same for all lines of a stay, gathered once. */
export function matterOf(state: InstanceState, env: Matter['env'], step: Approve, entry: Entry): Matter {
  const asked = state.tasks.filter((task) => task.entry === entry.id && task.state === 'open').map((task) => task.person)
  return { env, step, entry, decisions: decisionsAt(state, entry.id), asked }
}

/** What has become of one open line at this stay: a result, or why it still waits. */
export function judge(matter: Matter, item: RowId, line: Line): Count {
  const { env, step, entry, decisions } = matter
  const minutes = decisions.find((one) => one.meeting && verdictOf(one, item))
  const said = decisions.flatMap((one) => spoken(one, item))
  const result = minutes ? first(spoken(minutes, item)) : typeof step.mode === 'object' ? undefined : judgePlain(matter, said)
  const counted =
    result ??
    (typeof step.mode === 'object' ? count({ rule: step.mode.vote, members: entry.members, ballots: said, ...chairOf(entry) }, env) : waits)
  if (counted.is !== 'decided' || counted.outcome.to !== 'passed') return counted
  return { is: 'decided', outcome: { to: 'passed', terms: mergeTerms(env, line.terms, counted.outcome.terms) } }
}

type Said = { readonly person: string; readonly verdict: Verdict }
const waits: Count = { is: 'waits' }
const chairOf = (entry: Entry): { chair?: string } => (entry.chair ? { chair: entry.chair } : {})
const spoken = (decision: Decision, item: RowId): Said[] => {
  const verdict = verdictOf(decision, item)
  return verdict ? [{ person: decision.person, verdict }] : []
}

function judgePlain({ env, step, entry, asked }: Matter, said: readonly Said[]): Count {
  if (step.mode === 'anyOf') return first(said)
  const no = said.find((one) => !isYes(one.verdict))
  if (no) return first([no])
  const isAwaited = asked.some((person) => !said.some((one) => one.person === person))
  if (said.length === 0 || isAwaited || entry.queue.length > 0) return waits
  return decided({ to: 'passed', terms: said.reduce((terms, one) => mergeTerms(env, terms, termsOf(one.verdict)), {}) })
}

function first(said: readonly Said[]): Count {
  const verdict = said[0]?.verdict
  if (!verdict || verdict.say === 'abstain' || verdict.say === 'recuse') return waits
  if (isYes(verdict)) return decided({ to: 'passed', terms: termsOf(verdict) })
  return decided({ to: verdict.say === 'refuse' ? 'refused' : 'returned', reason: verdict.reason })
}
const decided = (outcome: Outcome): Count => ({ is: 'decided', outcome })
