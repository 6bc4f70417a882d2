import { liveLines } from './apply.ts'
import type { Lane, Stop } from './plan.ts'
import type { Run } from './run.ts'
import type { EntryId, Line, Outcome, RowId, Terms } from './state.ts'
import { mergeTerms, strictest } from './terms.ts'

/** The word of all branches on one line: nobody spoke, they agree on an outcome, or their narrowings cannot be compared. */
export type Joined = 'unasked' | 'conflict' | Outcome

/** W23: refused before returned before the strictest. With `branchOnly` a line is refused only by all who spoke. */
export function joinLine(
  words: readonly Line[],
  onRefuse: Lane['onRefuse'],
  before: Terms,
  isComparable: (terms: Terms[]) => boolean,
  merge: (terms: Terms[]) => Terms,
): Joined {
  const spoken = words.filter((line) => line.state !== 'open')
  if (spoken.length === 0) return 'unasked'
  const refused = spoken.filter((line) => line.state === 'refused')
  const reasons = (lines: readonly Line[]): string => [...new Set(lines.map((line) => line.reason ?? ''))].join('；')
  if (refused.length > 0 && (onRefuse === 'endRequest' || refused.length === spoken.length))
    return { to: 'refused', reason: reasons(refused) }
  const returned = spoken.filter((line) => line.state === 'returned')
  if (returned.length > 0) return { to: 'returned', reason: reasons(returned) }
  const terms = [before, ...spoken.filter((line) => line.state !== 'refused').map((line) => line.terms)]
  return isComparable(terms) ? { to: 'passed', terms: merge(terms) } : 'conflict'
}

/** Joins the branches of a split; gives the stay of the join and the lines whose narrowings cannot be compared. */
export function joinBranches<F>(run: Run<F>, stop: Stop<F>, lane: Lane): { stay: EntryId; conflicts: RowId[] } {
  const { env, state } = run
  const tracks = Object.values(state.tracks).filter((one) => one.parallel === lane.parallel)
  const isComparable = (terms: Terms[]): boolean => {
    const narrow = terms.flatMap((one) => (one.narrowTo === undefined ? [] : [one.narrowTo]))
    return narrow.every((one, place) => narrow.slice(place).every((other) => strictest(env, one, other) !== undefined))
  }
  const merge = (terms: Terms[]): Terms => terms.reduce<Terms>((all, one) => mergeTerms(env, all, one), {})
  const words = liveLines(state, lane.track).map(([item, line]): [RowId, Joined] => {
    const said = tracks.flatMap((track) => track.items[item] ?? [])
    return [item, joinLine(said, lane.onRefuse, line.terms, isComparable, merge)]
  })
  const outcomes = Object.fromEntries(words.flatMap(([item, word]) => (typeof word === 'string' ? [] : [[item, word]])))
  const stay = {
    id: `${lane.parallel}#${state.counts.entries + 1}`,
    step: lane.parallel,
    kind: 'approve' as const,
    ...(stop.track === undefined ? {} : { track: stop.track }),
    members: [],
    queue: [],
    added: [],
    held: [],
    openedAt: env.now,
    openedBy: run.stamp.actId,
    stages: [],
    attempts: 0,
  }
  run.emit({ type: 'joined', stay, outcomes })
  return { stay: stay.id, conflicts: words.flatMap(([item, word]) => (word === 'conflict' ? [item] : [])) }
}
