import type { NamedPath } from '#model'
import type { PathPersonView, PathStep } from '../flow/flow-path.tsx'

type Person = NamedPath['people'][number]

/** What the engine says of a way, as the drawing wants it. */
export function pathView(path: readonly NamedPath[]): PathStep[] {
  return path.map((step) => ({
    id: step.key,
    label: step.label,
    state: step.how === 'refused' ? 'refused' : step.how === 'returned' ? 'returned' : step.state === 'notReached' ? 'skipped' : step.state,
    people: step.people.map((person) => personView(step, person)),
    at: step.until,
    waitingSince: step.since,
    due: step.due,
    note: noteOf(step),
  }))
}

function noteOf(step: NamedPath): string | undefined {
  if (step.stuck) return '卡住：找不到能办的人，等待管理员处理'
  if (step.people.length < 2 && step.mode !== 'inOrder') return undefined
  if (typeof step.mode === 'object') return '表决'
  return step.mode === 'anyOf' ? '任一人处理' : step.mode === 'allOf' ? '全部处理' : step.mode === 'inOrder' ? '依次处理' : undefined
}

function personView(step: NamedPath, { person, name, state, decision }: Person): PathPersonView {
  const base = { id: person, name, at: decision?.at, opinion: decision?.opinion, signature: decision?.signature }
  if (step.kind === 'start') return { ...base, state: 'submitted' }
  if (state === 'inTurn' || state === 'released' || state === 'expected') return { ...base, state }
  if (state === 'waiting') return { ...base, state: 'waiting' }
  const said = Object.values(decision?.verdicts ?? {}).map((v) => v.say)
  if (decision?.meeting) return { ...base, state: 'approved', opinion: `会议纪要 ${decision.meeting.date}，实到 ${decision.meeting.present.length} / 应到 ${decision.meeting.members.length}` }
  if (said.every((s) => s === 'refuse')) return { ...base, state: 'refused' }
  if (said.every((s) => s === 'return')) return { ...base, state: 'returned' }
  return { ...base, state: said.every((s) => s === 'abstain' || s === 'recuse') ? 'abstained' : 'approved' }
}
