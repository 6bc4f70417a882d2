import { decisionsAt, linesAt, verdictOf } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import type { Handled } from '../definition.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { Line, RowId, TrackId, Verdict, Verdicts } from '../state.ts'
import { whole } from '../state.ts'
import { isOpen, tableOf } from '../shown.ts'
import { isYes, strictest, termsOf } from '../terms.ts'
import { proceed } from '../walk.ts'
import { askAgain, checkChoice, choose } from './choice.ts'
import type { Held } from './task.ts'
import { hold, isBlank, record } from './task.ts'

/** W1–W4: consent to everything that waits for this person. */
export const approve = <F>(run: Run<F>, act: ActOf<'approve'>): Refusal | undefined => decideAll(run, act, { say: 'pass' })

/** W12: no to everything that waits for this person, with a reason. */
export function reject<F>(run: Run<F>, act: ActOf<'reject'>): Refusal | undefined {
  return decideAll(run, act, { say: 'refuse', reason: act.opinion ?? '' })
}

/** W23: a word on each line. Under `anyOf` all open lines at once; elsewhere a part may be left for later. */
export function decideItems<F>(run: Run<F>, act: ActOf<'decideItems'>): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  if (isAdvice(held)) return refuse('actNotAllowed', { act: act.kind })
  const no = mayDecide(run, held, act) ?? checkVerdicts(run, held, act.verdicts)
  if (no) return no
  speak(run, held, act, act.verdicts)
  return undefined
}

/** Whether a verdict can stand at this step, and beside what was said before; also asked of the minutes of a meeting. */
export function checkVerdict<F>(
  run: Run<F>,
  { step, entry }: Omit<Held, 'task'>,
  item: RowId,
  verdict: Verdict,
  from: 'person' | 'meeting',
): Refusal | undefined {
  const isVote = typeof step.mode === 'object'
  const isPossible = !isVote || from === 'meeting' ? verdict.say !== 'abstain' && verdict.say !== 'recuse' : verdict.say !== 'return'
  const { items } = run.plan.definition
  if (!isPossible || (verdict.say === 'narrow' && (item === whole || !items?.narrow)))
    return refuse('verdictNotHere', { item, say: verdict.say })
  if ((verdict.say === 'refuse' || verdict.say === 'return') && isBlank(verdict.reason)) return refuse('reasonNeeded', { item })
  if (!isYes(verdict)) return undefined
  const { supervisedCases } = verdict
  const isBadCount = supervisedCases !== undefined && !(Number.isInteger(supervisedCases) && supervisedCases > 0)
  if (isBadCount || (verdict.say === 'narrow' && (verdict.to === null || verdict.to === ''))) return refuse('badTerms', { item })
  if (verdict.say !== 'narrow') return undefined
  // A meeting supersedes what was voted on-line, so it need not agree with it.
  const said = from === 'meeting' ? [] : decisionsAt(run.state, entry.id).flatMap((one) => verdictOf(one, item) ?? [])
  const bounds = [linesAt(run.state, entry.track)[item]?.terms ?? {}, ...said.map(termsOf)].flatMap((one) =>
    one.narrowTo === undefined ? [] : [one.narrowTo],
  )
  const conflict = bounds.find((bound) => strictest(run.env, verdict.to, bound) === undefined)
  return conflict === undefined ? undefined : refuse('narrowingConflict', { item, to: verdict.to, with: conflict })
}

function decideAll<F>(run: Run<F>, act: ActOf<'approve' | 'reject'>, verdict: Verdict): Refusal | undefined {
  const held = hold(run, act)
  if ('code' in held) return held
  const no = mayDecide(run, held, act) ?? (verdict.say === 'refuse' && isBlank(verdict.reason) ? refuse('reasonNeeded') : undefined)
  if (no) return no
  if (isAdvice(held)) {
    record(run, held, act, {}, { advice: { [whole]: verdict } })
    run.emit({ type: 'taskDone', task: held.task.id })
    proceed(run, held.entry.id)
  } else speak(run, held, act, everything(run, held, verdict))
  return undefined
}

/** The same word on everything that waits for this person. */
export function everything<F>(run: Run<F>, held: Held, verdict: Verdict): Verdicts {
  const lines = waitingFor(run, held).map(([item]) => [item, verdict] as const)
  return isByLine(run, held.step) ? Object.fromEntries(lines) : { [whole]: verdict }
}

/** Who handles a task for another, or stands beside a vote, gives advice: it decides nothing (W8, semantics 12). */
const isAdvice = ({ task, step, entry }: Held): boolean =>
  task.via === 'delegate' || (typeof step.mode === 'object' && entry.added.some((one) => one.person === task.person))

function speak<F>(run: Run<F>, held: Held, act: ActOf<'approve' | 'reject' | 'decideItems'>, verdicts: Verdicts): void {
  record(run, held, act, verdicts)
  if (act.kind !== 'reject') {
    choose(run, act.chosen)
    if (Object.values(verdicts).some(isYes)) askAgain(run, held, act)
  }
  proceed(run, held.entry.id)
}

const isByLine = <F>(run: Run<F>, step: Handled): boolean => step.items && run.plan.definition.items !== undefined

/** What must be there before a word counts: allowed edits, required fields, signature, people chosen for later. */
export function mayDecide<F>(
  run: Run<F>,
  { step, entry }: Held,
  act: ActOf<'approve' | 'reject' | 'decideItems' | 'seal'>,
): Refusal | undefined {
  const edits = 'edits' in act ? (act.edits ?? []) : []
  const foreign = edits.filter((path) => !isOpen(step, path))
  if (foreign.length > 0) return refuse('mayNotEdit', { fields: foreign })
  const missing = act.kind === 'reject' ? [] : step.require.filter((path) => !run.env.isFilled(path, rowsOf(run, entry.track, path)))
  if (missing.length > 0) return refuse('fieldMissing', { fields: missing })
  if (step.sign && isBlank(act.signature)) return refuse('signatureNeeded')
  return act.kind === 'approve' || act.kind === 'decideItems' ? checkChoice(run, step.id, act.chosen ?? {}) : undefined
}

/** Of the lines only those that are still to be decided are asked for a column; of another sub-table all rows. */
function rowsOf<F>(run: Run<F>, track: TrackId | undefined, path: string): readonly RowId[] | undefined {
  const { items } = run.plan.definition
  return items && tableOf(path) === items.rows ? run.openLines(track).map(([item]) => item) : undefined
}

function waitingFor<F>(run: Run<F>, { task, entry }: Held): [RowId, Line][] {
  const own = decisionsAt(run.state, entry.id).filter((one) => one.person === task.person)
  return run.openLines(entry.track).filter(([item]) => !own.some((one) => verdictOf(one, item)))
}

function checkVerdicts<F>(run: Run<F>, held: Held, verdicts: Verdicts): Refusal | undefined {
  const { step, entry, task } = held
  const named = Object.keys(verdicts)
  // A vote on the whole request needs a place to say 弃权 and 回避: the one line `*`.
  const isWholeVote = !isByLine(run, step) && typeof step.mode === 'object' && named.length === 1 && named[0] === whole
  if (!isByLine(run, step) && !isWholeVote) return refuse('itemsNotHere')
  const own = decisionsAt(run.state, entry.id).filter((one) => one.person === task.person)
  for (const [item, verdict] of Object.entries(verdicts)) {
    const line = isWholeVote ? undefined : linesAt(run.state, entry.track)[item]
    if (!line && !isWholeVote) return refuse('itemUnknown', { item })
    if (line && line.state !== 'open') return refuse('itemSettled', { item, state: line.state })
    if (own.some((one) => verdictOf(one, item))) return refuse('alreadyDecided', { item })
    const no = checkVerdict(run, { step, entry }, item, verdict, 'person')
    if (no) return no
  }
  const missing = isWholeVote ? [] : waitingFor(run, held).filter(([item]) => !verdicts[item])
  const isTooFew = named.length === 0 || (step.mode === 'anyOf' && missing.length > 0)
  return isTooFew ? refuse('itemsMissing', { items: missing.map(([item]) => item) }) : undefined
}
