import { decisionsAt, verdictOf } from './apply.ts'
import type { Handled, PersonId } from './definition.ts'
import type { FlowEnvironment } from './environment.ts'
import type { Added, Decision, Entry, InstanceState, Line, Outcome, RowId, Terms, Verdict } from './state.ts'
import { isYes, mergeTerms, termsOf } from './terms.ts'
import type { Count } from './vote.ts'
import { count } from './vote.ts'

interface Matter {
  readonly env: Pick<FlowEnvironment, 'strictest'>
  readonly step: Handled
  readonly entry: Entry
  readonly decisions: readonly Decision[]
  /** Whose task is open here. */
  readonly asked: readonly PersonId[]
  /** W3: who is not asked any more, because another's word is enough; those whom he had asked neither. */
  readonly spared: ReadonlySet<PersonId>
}

/** What is the same for all lines of a stay, gathered once. */
export function matterOf(state: InstanceState, env: Matter['env'], step: Handled, entry: Entry): Matter {
  const asked = state.tasks.filter((task) => task.entry === entry.id && task.state === 'open').map((task) => task.person)
  return { env, step, entry, decisions: decisionsAt(state, entry.id), asked, spared: sparedAt(state, entry) }
}
function sparedAt({ tasks }: InstanceState, { id, added }: Entry): Set<PersonId> {
  const spared = new Set<PersonId>()
  for (const { entry, person, cause } of tasks)
    if (entry === id) {
      if (cause === 'decidedByOther') spared.add(person)
      else spared.delete(person)
    }
  for (const one of added) if (one.waits && spared.has(one.by)) spared.add(one.person)
  return spared
}

/** The decider at whose side a person stands: himself, unless somebody added him. */
export function rootOf(added: readonly Added[], person: PersonId): PersonId {
  const seen = new Set<PersonId>()
  let root = person
  for (;;) {
    const by = added.findLast((one) => one.person === root)?.by
    if (by === undefined || seen.has(by)) return root
    seen.add(root)
    root = by
  }
}

/** What has become of one open line at this stay: a result, or why it still waits. */
export function judge(matter: Matter, item: RowId, line: Line): Count {
  const { env, step, entry, decisions } = matter
  const said: Said[] = []
  let minutes: Said | undefined
  for (const one of decisions) {
    const verdict = verdictOf(one, item)
    if (!verdict) continue
    said.push({ person: one.person, verdict })
    if (one.meeting) minutes ??= { person: one.person, verdict }
  }
  const result = minutes ? first([minutes]) : typeof step.mode === 'object' ? undefined : judgePlain(matter, said)
  const counted =
    result ??
    (typeof step.mode === 'object' ? count({ rule: step.mode.vote, members: entry.members, ballots: said, ...chairOf(entry) }, env) : waits)
  if (counted.is !== 'decided' || counted.outcome.to !== 'passed') return counted
  return { is: 'decided', outcome: { to: 'passed', terms: mergeTerms(env, line.terms, counted.outcome.terms) } }
}

type Said = { readonly person: string; readonly verdict: Verdict }
const waits: Count = { is: 'waits' }
const chairOf = (entry: Entry): { chair?: string } => (entry.chair ? { chair: entry.chair } : {})
/** A no of anybody asked is a no; a yes needs the mode's people and, beside them, everybody they added. */
function judgePlain({ env, step, entry, asked, spared }: Matter, said: readonly Said[]): Count {
  const { added, held, queue } = entry
  const isAdded = (person: PersonId): boolean => added.some((one) => one.person === person)
  const own = said.filter((one) => !isAdded(one.person))
  const isFirst = step.mode === 'anyOf'
  const no = said.find((one) => !isYes(one.verdict) && (!isFirst || isAdded(one.person) || one === own[0]))
  if (no) return first([no])
  const decider = own[0]
  if (!decider) return waits
  const needed = isFirst ? added.filter((one) => rootOf(added, one.person) === decider.person && !spared.has(one.person)) : added
  if (needed.some((one) => !one.gone && !said.some(({ person }) => person === one.person))) return waits
  const isAwaited = asked.some((person) => !said.some((one) => one.person === person))
  if (!isFirst && (isAwaited || queue.length > 0 || held.length > 0)) return waits
  const counted = isFirst ? said.filter((one) => one === decider || needed.some(({ person }) => person === one.person)) : said
  return decided({ to: 'passed', terms: counted.reduce<Terms>((terms, one) => mergeTerms(env, terms, termsOf(one.verdict)), {}) })
}

function first(said: readonly Said[]): Count {
  const verdict = said[0]?.verdict
  if (!verdict || verdict.say === 'abstain' || verdict.say === 'recuse') return waits
  if (isYes(verdict)) return decided({ to: 'passed', terms: termsOf(verdict) })
  return decided({ to: verdict.say === 'refuse' ? 'refused' : 'returned', reason: verdict.reason })
}
const decided = (outcome: Outcome): Count => ({ is: 'decided', outcome })
