import type { Entry, Meeting, Task, Verdict } from './index.ts'
import { isHandled, liveLines } from './index.ts'
import { findHandled, handledStep, planOf } from './plan.ts'
import type { Dice } from './testing-flows.ts'
import { staff } from './testing-flows.ts'
import type { Story } from './testing.ts'

export type Loose = { kind: string; [key: string]: unknown }
/** Something that somebody might try; most of it is refused. `mode`: of the stay on which it would fall. */
export interface Try {
  readonly by: string
  readonly act: Loose
  readonly mode: string
}

/** Everything that anybody might try now. */
export function triesAt(d: Dice, story: Story): Try[] {
  const { state } = story
  const open = state.tasks.filter((task) => task.state === 'open' || (task.cause === 'held' && d.is(0.3)))
  const plan = planOf(story.definition)
  const modeOf = (key: string): string => {
    const mode = findHandled(plan, key)?.mode
    return typeof mode === 'object' ? 'vote' : (mode ?? '-')
  }
  const handled = state.entries.filter(isHandled)
  const tries = [
    ...d.some(open, 0.8).flatMap((task) => atTask(d, story, task)),
    ...handled.flatMap((entry) => atStay(d, story, entry, modeOf)),
    ...quiet(d, story),
    ...minutes(d, story),
  ]
  for (const word of state.chain.filter((one) => !one.void && !one.auto && Object.keys(one.verdicts).length > 0).slice(-10))
    tries.push({ by: word.actor, act: { kind: 'takeBack', undo: word.actId }, mode: modeOf(word.step) })
  if (state.status === 'returned') {
    const chosen = choice(story, d.pick(staff))
    tries.push({ by: 'doctor', act: { kind: 'resubmit', chosen, ...(d.is(0.4) ? { to: 'returner' } : {}) }, mode: '-' })
    tries.push({ by: 'admin', act: { kind: 'jump', to: d.pick(planOf(story.definition).stops).key, opinion: 'j' }, mode: '-' })
  }
  return tries
}

/** For every step the person chosen to decide at it. */
export const choice = ({ definition }: Story, person: string): Record<string, string[]> =>
  Object.fromEntries(planOf(definition).stops.map((stop) => [stop.key, [person]]))

const verdict = (d: Dice, isVote: boolean): Verdict =>
  d.pick<Verdict>([
    { say: 'pass' },
    { say: 'pass' },
    { say: 'pass', supervisedCases: 1 + Math.floor(d.roll() * 9) },
    { say: 'narrow', to: d.pick(['全部', '一助', '指导', '左侧']) },
    { say: 'refuse', reason: 'r' },
    isVote || d.is(0.1) ? d.pick([{ say: 'abstain' }, { say: 'recuse' }]) : { say: 'return', reason: 'r' },
  ])

/** What somebody might try at a task. */
function atTask(d: Dice, story: Story, task: Task): Try[] {
  const step = handledStep(planOf(story.definition), task.step)
  const isVote = typeof step.mode === 'object'
  const mode = isVote ? 'vote' : (step.mode as string)
  const stay = story.state.entries.find((one) => one.id === task.entry)
  const open = liveLines(story.state, stay?.track).filter(([, line]) => line.state === 'open')
  const lines = Object.fromEntries(d.some(open, step.mode === 'anyOf' ? 1 : 0.7).map(([item]) => [item, verdict(d, isVote)]))
  const other = (): string => d.pick([...staff, `new${d.roll()}`, `new${d.roll()}`])
  const here = story.state.past.filter((one) => !one.void && one.how === 'passed' && one.was.track === stay?.track)
  const passed = (d.is(0.7) ? d.pick(here) : undefined)?.step ?? d.pick(story.state.past)?.step ?? 's1'
  const added = stay?.added.filter((one) => one.by === task.person) ?? []
  const acts: Loose[] = [
    { kind: 'approve', ...(d.is(0.1) ? { edits: ['level'] } : {}) },
    { kind: 'reject', opinion: 'r' },
    { kind: 'decideItems', verdicts: isVote && !step.items ? { '*': verdict(d, true) } : lines },
    { kind: 'return', opinion: 'r', ...(d.is(0.6) ? { to: { step: passed } } : {}) },
    { kind: 'seal', copies: 1 },
    { kind: 'transfer', to: other() },
    { kind: 'addApprover', people: [other()], where: d.pick(isVote ? ['before', 'parallel'] : ['before', 'after', 'parallel']) },
    { kind: 'removeApprover', person: d.pick(added)?.person ?? 'nobody' },
    { kind: 'delegateTask', to: other() },
    { kind: 'copyTo', people: [`x${Math.floor(d.roll() * 100)}`] },
    { kind: 'consult', people: [d.pick(['x1', 'x2'])], opinion: 'q' },
    { kind: 'release' },
  ]
  const standIn = story.world.standIns.find(([, of]) => of === task.person)?.[0]
  const byWhom = standIn !== undefined && d.is(0.3) ? { by: standIn, more: { onBehalfOf: task.person } } : { by: task.person, more: {} }
  return acts.map((act) => ({ by: byWhom.by, act: { task: task.id, ...act, ...byWhom.more }, mode }))
}

/** What might be tried at a stay, or at the whole request while it is open. */
function atStay(d: Dice, { state, definition, world }: Story, entry: Entry, modeOf: (key: string) => string): Try[] {
  const plan = planOf(definition)
  const mode = modeOf(entry.step)
  const asked = state.consultations.find((one) => one.reply === undefined)
  const reader = d.pick(Object.keys(state.copies))
  const targets = plan.stops.filter((stop) => findHandled(plan, stop.key) && (stop.track === undefined || d.is(0.5)))
  const seals = plan.stops.filter((stop) => stop.step.kind === 'seal').map((stop) => stop.key)
  const [admin = 'admin'] = world.administrators
  const tries: (Try | undefined)[] = [
    entry.pool && { by: d.pick([...entry.pool, 'li']), act: { kind: 'claim', entry: entry.id }, mode },
    { by: 'system', act: { kind: 'timeOut', entry: entry.id, stage: Math.floor(d.roll() * 3) }, mode },
    { by: 'doctor', act: { kind: 'urge' }, mode },
    reader === undefined ? undefined : { by: reader, act: { kind: 'markRead' }, mode },
    asked && { by: asked.person, act: { kind: 'reply', consultation: asked.id, opinion: 'a' }, mode },
    // A jump opens a step: its mode is the mode of the pair.
    ...d
      .some(targets, 0.5)
      .map(({ key }) => ({ by: admin, act: { kind: 'jump', to: key, opinion: 'j', withoutSeals: seals }, mode: modeOf(key) })),
    entry.stuck && { by: admin, act: { kind: 'repair', entry: entry.id, how: 'assign', people: [`help${d.roll()}`], opinion: 'f' }, mode },
    { by: 'doctor', act: { kind: 'withdraw' }, mode },
    { by: admin, act: { kind: 'terminate', opinion: 't' }, mode },
  ]
  return tries.filter((one) => one !== undefined)
}

/** What happens where nobody acts. */
const quiet = (d: Dice, { state, world }: Story): Try[] =>
  state.entries.flatMap(({ id, kind }) => {
    const repair: Try = {
      by: world.administrators[0] ?? 'admin',
      act: { kind: 'repair', entry: id, how: d.pick(['retry', 'retry', 'skip']), opinion: 'f' },
      mode: '-',
    }
    if (kind === 'timer') return [repair, { by: 'system', act: { kind: 'elapse', entry: id }, mode: '-' }]
    const answer = d.is(0.5) ? 'serviceDone' : 'serviceFailed'
    return kind === 'service' ? [repair, { by: 'system', act: { kind: answer, entry: id, why: 'x' }, mode: '-' }] : []
  })

/** Minutes of a meeting that usually fit the rule of the step. */
function minutes(d: Dice, story: Story): Try[] {
  const plan = planOf(story.definition)
  const entry = d.pick(story.state.entries.filter((one) => isHandled(one) && handledStep(plan, one.step).meeting))
  if (!entry) return []
  const { members } = entry
  const isByLine = story.definition.items !== undefined && handledStep(plan, entry.step).items
  const open = liveLines(story.state, entry.track).filter(([, line]) => line.state === 'open')
  const named = isByLine ? d.some(open, 0.5).map(([item]) => item) : ['*']
  const lines = named.map((item) => {
    const recused = members.filter((one) => one === story.state.applicant || d.is(0.02))
    const there = members.filter((one) => !recused.includes(one)).length
    const isYes = d.is(0.8)
    const [yes, no] = isYes ? [there, 0] : [0, there]
    return { item, recused, for: yes, against: no, abstain: 0, result: isYes ? { say: 'pass' } : { say: 'refuse', reason: 'r' } }
  })
  const meeting = { date: '2026-03-01', members, present: members, scan: 'f', lines } as Meeting
  return [{ by: 'rec', act: { kind: 'enterMinutes', step: entry.step, meeting }, mode: 'vote' }]
}
