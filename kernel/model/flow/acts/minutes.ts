import { decisionsAt, isHandled, linesAt, verdictOf } from '../apply.ts'
import type { ActOf } from '../acts.ts'
import type { Handled, VoteRule } from '../definition.ts'
import { handledStep } from '../plan.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { Run } from '../run.ts'
import type { Decision, Entry, Meeting, MeetingLine } from '../state.ts'
import { whole } from '../state.ts'
import { isYes } from '../terms.ts'
import { carries, chairMayBreak, hasQuorum } from '../vote.ts'
import { proceed } from '../walk.ts'
import { checkVerdict } from './decide.ts'
import { isBlank, seen } from './task.ts'

/** A meeting entered afterwards decides like an on-line vote, by the same quorum and share; lines it did not settle stay open. */
export function enterMinutes<F>(run: Run<F>, act: ActOf<'enterMinutes'>): Refusal | undefined {
  const entry = run.state.entries.find((one) => one.step === act.step)
  if (!entry || !isHandled(entry)) return refuse('stepNotOpen', { step: act.step })
  const step = handledStep(run.plan, act.step)
  if (!step.meeting || typeof step.mode !== 'object') return refuse('meetingNotHere', { step: step.id })
  const { applicant } = run.state
  const isRecorder = act.actor !== applicant && run.env.resolve(step.meeting.recorder, { applicant, of: applicant }).includes(act.actor)
  if (!isRecorder) return refuse('notRecorder')
  const { meeting } = act
  const no = seen(run, act) ?? checkMeeting(run, entry, meeting)
  if (no) return no
  for (const line of meeting.lines) {
    const wrong = checkLine(run, { step, entry, rule: step.mode.vote }, meeting, line)
    if (wrong) return wrong
  }
  recordMinutes(run, act, entry)
  proceed(run, entry.id)
  return undefined
}

function checkMeeting<F>(run: Run<F>, entry: Entry, meeting: Meeting): Refusal | undefined {
  if (isBlank(meeting.scan)) return refuse('scanNeeded')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(meeting.date) || Number.isNaN(Date.parse(meeting.date)) || meeting.date > run.env.today) {
    return refuse('meetingDate', { date: meeting.date })
  }
  const missing = entry.members.filter((one) => !meeting.members.includes(one))
  const extra = meeting.members.filter((one) => !entry.members.includes(one))
  if (missing.length + extra.length > 0 && isBlank(meeting.membersReason)) return refuse('membersDiffer', { missing, extra })
  const named = [...meeting.present, ...meeting.lines.flatMap((line) => line.recused)]
  const unknown = named.filter((one) => !meeting.members.includes(one))
  const isTwice = [meeting.members, meeting.present].some((list) => new Set(list).size < list.length)
  if (unknown.length > 0 || isTwice) return refuse('presentUnknown', { people: unknown })
  const items = meeting.lines.map((line) => line.item)
  if (items.length === 0 || new Set(items).size < items.length) return refuse('itemsMissing', { items })
  return undefined
}

function checkLine<F>(
  run: Run<F>,
  { step, entry, rule }: { step: Handled; entry: Entry; rule: VoteRule },
  meeting: Meeting,
  line: MeetingLine,
): Refusal | undefined {
  const { item, recused, result } = line
  const isWhole = item === whole && !(step.items && run.plan.definition.items)
  const known = linesAt(run.state, entry.track)[item]
  if (!known && !isWhole) return refuse('itemUnknown', { item })
  if (known && known.state !== 'open') return refuse('itemSettled', { item, state: known.state })
  if (!isWhole && !step.items) return refuse('itemsNotHere')
  if (meeting.members.includes(run.state.applicant) && !recused.includes(run.state.applicant))
    return refuse('applicantNotRecused', { item })
  const there = meeting.present.filter((one) => !recused.includes(one)).length
  const counts = [line.for, line.against, line.abstain]
  if (counts.some((one) => !Number.isInteger(one) || one < 0) || counts.reduce((sum, one) => sum + one, 0) !== there) {
    return refuse('countsDiffer', { item, present: there, counts })
  }
  if (!hasQuorum(rule, there, meeting.members.length))
    return refuse('belowQuorum', { item, present: there, members: meeting.members.length })
  const base = meeting.members.length - new Set(recused).size
  const isTie = line.for === line.against && line.for > 0 && chairMayBreak(rule)
  const isChairThere = entry.chair !== undefined && meeting.present.includes(entry.chair) && !recused.includes(entry.chair)
  const isCarried = carries(rule, line.for, base) || (isTie && isChairThere && line.byChair === true)
  if (isYes(result) !== isCarried) return refuse('minutesContradict', { item, for: line.for, base, isCarried })
  return checkVerdict(run, { step, entry }, item, result, 'meeting')
}

function recordMinutes<F>(run: Run<F>, act: ActOf<'enterMinutes'>, entry: Entry): void {
  const { meeting, actId, actor, opinion, signature } = act
  const verdicts = Object.fromEntries(meeting.lines.map((line) => [line.item, line.result]))
  const { version, hash } = run.env.record
  const superseded = decisionsAt(run.state, entry.id).filter((one) => !one.auto && meeting.lines.some((line) => verdictOf(one, line.item)))
  const decision: Decision = {
    entry: entry.id,
    step: entry.step,
    act: act.kind,
    actId,
    at: run.env.now,
    person: actor,
    actor,
    verdicts,
    version,
    meeting,
    ...(hash ? { hash } : {}),
    ...(opinion ? { opinion } : {}),
    ...(signature ? { signature } : {}),
  }
  run.emit({ type: 'decided', decision })
  if (superseded.length > 0) {
    run.emit({ type: 'notified', step: entry.step, topic: 'superseded', to: [...new Set(superseded.map((one) => one.actor))] })
  }
}
