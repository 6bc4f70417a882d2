import type { Meeting, Task, Verdict } from './index.ts'
import { beginChild, claimable, isEnded, isHandled, liveLines, waitsFor } from './index.ts'
import { findHandled, handledStep, planOf } from './plan.ts'
import type { Dice } from './testing-flows.ts'
import { dice, randomFlow, randomWorld, staff, units } from './testing-flows.ts'
import { agrees } from './testing-slow.ts'
import { environment, later, Story } from './testing.ts'

/** How often an act was accepted: `act × mode`, and as a pair `before → act × mode`. */
export type Coverage = Map<string, number>
const add = (coverage: Coverage, cell: string): void => void coverage.set(cell, (coverage.get(cell) ?? 0) + 1)

type Loose = { kind: string; [key: string]: unknown }
interface Try {
  readonly by: string
  readonly act: Loose
  readonly mode: string
}

const verdict = (d: Dice, isVote: boolean): Verdict =>
  d.pick<Verdict>([
    { say: 'pass' },
    { say: 'pass' },
    { say: 'pass', supervisedCases: 1 + Math.floor(d.roll() * 9) },
    { say: 'narrow', to: d.pick(['全部', '一助', '指导', '左侧']) },
    { say: 'refuse', reason: 'r' },
    isVote || d.is(0.1) ? d.pick([{ say: 'abstain' }, { say: 'recuse' }]) : { say: 'return', reason: 'r' },
  ])

/** Minutes of a meeting that usually fit the rule of the step. */
function randomMeeting(d: Dice, story: Story): { by: string; act: Loose; mode: string } | undefined {
  const plan = planOf(story.definition)
  const entry = story.state.entries.find((one) => isHandled(one) && handledStep(plan, one.step).meeting)
  if (!entry) return undefined
  const { members } = entry
  const open = liveLines(story.state, entry.track).filter(([, line]) => line.state === 'open')
  const lines = d.some(open, 0.9).map(([item]) => {
    const recused = members.filter((one) => one === story.state.applicant || d.is(0.02))
    const there = members.filter((one) => !recused.includes(one)).length
    const isYes = d.is(0.8)
    const [yes, no] = isYes ? [there, 0] : [0, there]
    return { item, recused, for: yes, against: no, abstain: 0, result: isYes ? { say: 'pass' } : { say: 'refuse', reason: 'r' } }
  })
  const meeting = { date: '2026-03-01', members, present: members, scan: 'f', lines } as Meeting
  return { by: 'rec', act: { kind: 'enterMinutes', step: entry.step, meeting }, mode: 'vote' }
}

/** Everything somebody might try now at a task. */
function atTask(d: Dice, story: Story, task: Task): Try[] {
  const step = handledStep(planOf(story.definition), task.step)
  const isVote = typeof step.mode === 'object'
  const mode = isVote ? 'vote' : (step.mode as string)
  const track = story.state.entries.find((one) => one.id === task.entry)?.track
  const open = liveLines(story.state, track).filter(([, line]) => line.state === 'open')
  const lines = Object.fromEntries(d.some(open, step.mode === 'anyOf' ? 1 : 0.7).map(([item]) => [item, verdict(d, isVote)]))
  const others = [...staff, 'new1', 'new2', 'new3', 'new4', 'new5']
  const passed = d.pick(story.state.past)?.step ?? 's1'
  const added = story.state.entries.find((one) => one.id === task.entry)?.added.find((one) => one.by === task.person)
  const acts: Loose[] = [
    { kind: 'approve', ...(d.is(0.1) ? { edits: ['level'] } : {}) },
    { kind: 'reject', opinion: 'r' },
    { kind: 'decideItems', verdicts: isVote && !step.items ? { '*': verdict(d, true) } : lines },
    { kind: 'return', opinion: 'r', ...(d.is(0.5) ? { to: { step: passed } } : {}) },
    { kind: 'seal', copies: 1 },
    { kind: 'transfer', to: d.pick(others) },
    { kind: 'addApprover', people: [d.pick(others)], where: d.pick(isVote ? ['before', 'parallel'] : ['before', 'after', 'parallel']) },
    { kind: 'removeApprover', person: added?.person ?? 'nobody' },
    { kind: 'delegateTask', to: d.pick(others) },
    { kind: 'copyTo', people: [d.pick(['x1', 'x2', 'x3', 'x4', 'x5', 'x6'])] },
    { kind: 'consult', people: [d.pick(['x1', 'x2'])], opinion: 'q' },
    { kind: 'release' },
  ]
  const standIn = story.world.standIns.find(([, of]) => of === task.person)?.[0]
  const byWhom = standIn !== undefined && d.is(0.3) ? { by: standIn, more: { onBehalfOf: task.person } } : { by: task.person, more: {} }
  return acts.map((act) => ({ by: byWhom.by, act: { task: task.id, ...act, ...byWhom.more }, mode }))
}

/** Everything somebody might try now at a stay, or at the request. */
function beside(d: Dice, story: Story): Try[] {
  const plan = planOf(story.definition)
  const { state } = story
  const tries: Try[] = []
  const handled = state.entries.filter(isHandled)
  const modeOf = (key: string): string => {
    const mode = findHandled(plan, key)?.mode
    return typeof mode === 'object' ? 'vote' : (mode ?? '-')
  }
  for (const entry of handled) {
    const mode = modeOf(entry.step)
    if (entry.pool) tries.push({ by: d.pick([...entry.pool, 'li']), act: { kind: 'claim', entry: entry.id }, mode })
    tries.push({ by: 'system', act: { kind: 'timeOut', entry: entry.id, stage: Math.floor(d.roll() * 3) }, mode })
    tries.push({ by: 'doctor', act: { kind: 'urge' }, mode })
    if (state.copies['x1']) tries.push({ by: 'x1', act: { kind: 'markRead' }, mode })
    const asked = state.consultations.find((one) => one.reply === undefined)
    if (asked) tries.push({ by: asked.person, act: { kind: 'reply', consultation: asked.id, opinion: 'a' }, mode })
    // A jump opens a step: its mode is the mode of the pair.
    const target = d.pick(plan.stops.filter((stop) => findHandled(plan, stop.key)))?.key ?? 's1'
    const seals = plan.stops.filter((stop) => stop.step.kind === 'seal').map((stop) => stop.key)
    tries.push({ by: 'admin', act: { kind: 'jump', to: target, opinion: 'j', withoutSeals: seals }, mode: modeOf(target) })
    if (entry.stuck) tries.push({ by: 'admin', act: { kind: 'repair', entry: entry.id, how: 'assign', people: [`help${d.roll()}`], opinion: 'f' }, mode }) // prettier-ignore
  }
  for (const word of state.chain.slice(-4))
    tries.push({ by: word.actor, act: { kind: 'takeBack', undo: word.actId }, mode: modeOf(word.step) })
  const meeting = randomMeeting(d, story)
  if (meeting) tries.push(meeting)
  for (const { id, kind } of state.entries) {
    if (kind === 'service')
      tries.push({ by: 'system', act: { kind: d.is(0.7) ? 'serviceDone' : 'serviceFailed', entry: id, why: 'x' }, mode: '-' })
    if (kind === 'timer') tries.push({ by: 'system', act: { kind: 'elapse', entry: id }, mode: '-' })
    tries.push({ by: 'admin', act: { kind: 'repair', entry: id, how: d.pick(['retry', 'skip']), opinion: 'f' }, mode: '-' })
  }
  if (state.status === 'returned') {
    const chosen = choice(story, d.pick(staff))
    tries.push({ by: 'doctor', act: { kind: 'resubmit', chosen, ...(d.is(0.4) ? { to: 'returner' } : {}) }, mode: '-' })
  }
  if (d.is(0.02)) tries.push({ by: 'doctor', act: { kind: 'withdraw' }, mode: '-' }, { by: 'admin', act: { kind: 'terminate', opinion: 't' }, mode: '-' }) // prettier-ignore
  return tries
}

const choice = ({ definition }: Story, person: string): Record<string, string[]> =>
  Object.fromEntries(planOf(definition).stops.map((stop) => [stop.key, [person]]))

/** Something happens to the hospital around the request. */
function disturb(d: Dice, story: Story): void {
  const { world: w } = story
  const what = d.roll()
  if (what < 0.3) w.left = d.some(staff, 0.15).filter((one) => one !== 'doctor')
  else if (what < 0.6) w.roles[d.pick(units)] = d.some(staff, 0.5)
  else if (what < 0.8) w.fields['level'] = d.pick(['三级', '四级'])
  else w.version++
  if (d.is(0.5)) w.changed = d.some(['level', 'phone'], 0.5)
  if (d.is(0.7)) story.reresolve()
}

/** Acts that end a history are left for later; among the others the pair seen least is tried first. */
const late = new Set(['reject', 'withdraw', 'terminate'])
/** What brings a request nearer to its end, held back a little: a history should be long. */
const forward = new Set(['approve', 'decideItems', 'seal', 'enterMinutes'])
function tryOne(d: Dice, story: Story, coverage: Coverage, before: string): string {
  const { world: w } = story
  w.now = later(d.roll() * 12, w.now)
  w.after = w.version + 1
  const open = story.state.tasks.filter((task) => task.state === 'open' || (task.cause === 'held' && d.is(0.3)))
  const tries = [...d.some(open, 0.8).flatMap((task) => atTask(d, story, task)), ...beside(d, story)]
  const rank = new Map(
    tries.map((one) => {
      const rare = Math.min(coverage.get(`${before} → ${one.act.kind} × ${one.mode}`) ?? 0, 300)
      return [
        one,
        rare + d.roll() * 200 + (late.has(one.act.kind) && !d.is(0.1) ? 1000 : 0) + (forward.has(one.act.kind) && !d.is(0.3) ? 400 : 0),
      ]
    }),
  )
  tries.sort((one, other) => (rank.get(one) ?? 0) - (rank.get(other) ?? 0))
  for (const { by, act, mode } of tries.slice(0, 12)) {
    const actId = `r${d.roll()}`
    const result = story.try(by, { actId, ...act } as never)
    if (!result.ok) continue
    const size = story.events.length
    if (d.is(0.2) && (story.try(by, { actId, ...act } as never), story.events.length !== size)) throw new Error('an act counted twice')
    if ('edits' in act) w.version++
    add(coverage, `${act.kind} × ${mode}`)
    add(coverage, `${before} → ${act.kind} × ${mode}`)
    agrees(story)
    return act.kind
  }
  return before
}

/** Everybody does his duty and the administrator repairs: the request must end. */
function bringToEnd(story: Story): void {
  const { world: w } = story
  w.left = []
  w.administrators = ['admin']
  delete w.after
  for (let turn = 0; !isEnded(story.state); turn++) {
    if (turn > 400) throw new Error(`never ends: ${JSON.stringify(story.state.entries)}`)
    w.now = later(30, w.now)
    const { state } = story
    const open = state.tasks.find((task) => task.state === 'open')
    const quiet = state.entries.find((entry) => !isHandled(entry))
    const pool = state.entries.find((entry) => claimable(state, entry).length > 0)
    const stuck = state.entries.find((entry) => entry.stuck)
    if (state.status === 'returned') story.act(state.applicant, { kind: 'resubmit', chosen: choice(story, 'patient') })
    else if (quiet?.stuck) story.act('admin', { kind: 'repair', entry: quiet.id, how: 'skip', opinion: 'f' })
    else if (quiet) story.act('system', { kind: quiet.kind === 'timer' ? 'elapse' : 'serviceDone', entry: quiet.id })
    else if (open) finishTask(story, open)
    else if (pool) story.act(claimable(state, pool)[0] ?? '', { kind: 'claim', entry: pool.id })
    else if (stuck?.stuck === 'quorumImpossible' || (stuck && typeof handledStep(planOf(story.definition), stuck.step).mode === 'object'))
      story.act('admin', { kind: 'terminate', opinion: 't' })
    else if (stuck) story.act('admin', { kind: 'repair', entry: stuck.id, how: 'assign', people: [`fresh${turn}`], opinion: 'f' })
    else throw new Error(`waits for nobody: ${JSON.stringify(waitsFor(state))}`)
    agrees(story)
  }
}
function finishTask(story: Story, task: Task): void {
  const step = handledStep(planOf(story.definition), task.step)
  const stay = story.state.entries.find((one) => one.id === task.entry)
  const isAsked = task.via === 'delegate' || stay?.added.some((one) => one.person === task.person)
  const isSeal = step.kind === 'seal' && !isAsked
  if (isSeal) story.act(task.person, { kind: 'seal', copies: 1, task: task.id })
  else if (isAsked || step.acts.includes('approve')) story.act(task.person, { kind: 'approve', task: task.id })
  else {
    const open = liveLines(story.state, stay?.track).filter(([, line]) => line.state === 'open')
    story.act(task.person, {
      kind: 'decideItems',
      task: task.id,
      verdicts: Object.fromEntries(open.map(([item]) => [item, { say: 'pass' }])),
    })
  }
}

/** One request from submission to its end, children included; every invariant is checked after every act. Gives the number of accepted acts. */
export function live(seed: number, coverage: Coverage): number {
  const d = dice(seed)
  const definition = randomFlow(d)
  const w = randomWorld(d)
  const story = new Story(definition, w)
  const instance = { id: 'i', number: 'N', flowVersion: 1 }
  const chosen = choice(story, w.left.includes('li') ? 'patient' : 'li')
  const submitted = story.try('doctor', { kind: 'submit', instance, applicant: 'doctor', chosen })
  if (!submitted.ok) return 0
  let before = 'submit'
  const acts = 24 + Math.floor(d.roll() * 30)
  for (let turn = 0; turn < acts && !isEnded(story.state); turn++) {
    if (d.is(0.08)) disturb(d, story)
    else before = tryOne(d, story, coverage, before)
  }
  for (const split of story.find('splitOff').slice(0, 2)) {
    const begun = beginChild(definition, story.state, split, { id: `c${split.number}` }, environment(w))
    const child = Story.resumed(definition, { ...w, rows: [...split.items] }, begun)
    for (let turn = 0; turn < 4 && !isEnded(child.state); turn++) tryOne(d, child, coverage, 'submit')
    bringToEnd(child)
  }
  bringToEnd(story)
  return Object.keys(story.state.acts).length
}
