import type { Task } from './index.ts'
import { beginChild, claimable, isEnded, isHandled, liveLines, waitsFor } from './index.ts'
import { handledStep, planOf } from './plan.ts'
import type { Dice } from './testing-flows.ts'
import { dice, randomFlow, randomWorld, staff, units } from './testing-flows.ts'
import type { Cell } from './testing-legal.ts'
import { nameOf } from './testing-legal.ts'
import { agrees } from './testing-slow.ts'
import type { Try } from './testing-tries.ts'
import { choice, triesAt } from './testing-tries.ts'
import { environment, later, Story } from './testing.ts'

/** How often an act was accepted, by `act × mode`; and the pairs `before → act × mode` that were. */
export interface Told {
  readonly acts: Map<string, number>
  readonly pairs: Set<string>
  readonly length: number
}
/** The pairs to which a history is steered, all with the same first act. */
export type Wish = readonly Cell[]
export const noWish: Wish = []

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
/** Everybody asked at a step leaves, the administrators with them: the step is stuck. */
function desert(d: Dice, story: Story): void {
  const open = story.state.tasks.filter((task) => task.state === 'open')
  const entry = d.pick(open)?.entry
  story.world.left = ['admin', 'chef', ...open.flatMap((task) => (task.entry === entry && task.person !== 'doctor' ? [task.person] : []))]
  story.reresolve()
}

/** What ends a history is left for later. */
const late = new Set(['reject', 'withdraw', 'terminate'])
/** What brings a request nearer to its end, held back a little: a history should be long. */
const forward = new Set(['approve', 'decideItems', 'seal', 'enterMinutes'])
/** What throws away what a history has built up. */
const backward = new Set(['return', 'takeBack', 'jump'])
/** What makes other acts possible. */
const prepares: Readonly<Record<string, readonly string[]>> = {
  takeBack: ['approve', 'decideItems', 'seal'],
  removeApprover: ['addApprover'],
  release: ['claim'],
  reply: ['consult'],
  markRead: ['copyTo'],
  resubmit: ['return'],
  return: ['approve', 'decideItems'],
}
/** The pairs of a wish that have been told least: a history is built around them. */
const rarest = (wish: Wish): Wish => wish.slice(0, 10)

/** A history that is being made. */
interface Journey extends Omit<Told, 'length'> {
  readonly d: Dice
  readonly story: Story
  readonly wish: Wish
  before: string
}

/** The less, the sooner it is tried: what is wished for first, what it needs, then what this history has seen least. */
function rankOf(journey: Journey, { act: { kind: act, to }, mode }: Try): number {
  const { d, wish, acts, before } = journey
  const seen = Math.min(acts.get(`${act} × ${mode}`) ?? 0, 30)
  const isHeldBack = (forward.has(act) || backward.has(act)) && !d.is(0.3)
  const plain = seen * 20 + d.roll() * 200 + (late.has(act) && !d.is(0.05) ? 1000 : 0) + (isHeldBack ? 400 : 0)
  if (wish.length === 0 || d.is(0.15)) return plain
  // What is returned to the applicant leaves nothing to act upon.
  const isFruitful = act !== 'return' || to !== undefined || d.is(0.05)
  if (wish[0]?.first === act && before !== act && isFruitful) return plain - 2000
  const isNeeded = rarest(wish).some((one) => [one.act, one.first].some((wanted) => prepares[wanted]?.includes(act)))
  return isNeeded && seen < 6 ? plain - 700 : plain
}

function tryOne(journey: Journey): void {
  const { d, story } = journey
  const { world: w } = story
  w.now = later(d.roll() * (journey.wish.some(({ first }) => first === 'elapse' || first === 'timeOut') ? 40 : 12), w.now)
  w.after = w.version + 1
  const tries = triesAt(d, story)
  if (journey.wish[0]?.first === journey.before) tryBeside(journey, tries)
  const ranked = tries.map((one) => ({ one, rank: rankOf(journey, one) }))
  ranked.sort((one, other) => one.rank - other.rank)
  for (const { one } of ranked.slice(0, 14)) {
    const actId = `r${d.roll()}`
    const before = w.version
    if (!accepts(story, one, actId)) continue
    const size = story.events.length
    if (d.is(0.2) && (accepts(story, one, actId), story.events.length !== size)) throw new Error('an act counted twice')
    if ('edits' in one.act) w.version = before + 1
    count(journey, one)
    journey.before = one.act.kind
    return
  }
}
const accepts = (story: Story, { by, act }: Try, actId: string): boolean => {
  const isAccepted = story.try(by, { actId, ...act } as never).ok
  if (isAccepted) agrees(story)
  return isAccepted
}
function count({ acts, pairs, before }: Journey, { act: { kind: act }, mode }: Try): void {
  acts.set(`${act} × ${mode}`, (acts.get(`${act} × ${mode}`) ?? 0) + 1)
  pairs.add(nameOf({ first: before, act, mode }))
}

/** After the wished act: each wished pair that this history has not told yet is told on a copy of it, so that one does not spoil the other. */
function tryBeside(journey: Journey, tries: readonly Try[]): void {
  const { d, story, wish, pairs, before } = journey
  for (const one of tries) {
    const cell = nameOf({ first: before, act: one.act.kind, mode: one.mode })
    if (pairs.has(cell) || !wish.some((wished) => nameOf(wished) === cell)) continue
    const copy = story.fork()
    if (one.act.kind === 'timeOut') copy.world.now = later(40, copy.world.now)
    if (accepts(copy, one, `f${d.roll()}`)) count(journey, one)
  }
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

/** One request from submission to its end, children included; every invariant is checked after every act. The same seed and wish tell the same story. */
export function live(seed: number, wish: Wish): Told {
  const told = { acts: new Map<string, number>(), pairs: new Set<string>() }
  const d = dice(seed)
  const definition = randomFlow(d, rarest(wish))
  const w = randomWorld(d)
  const isDeserted = rarest(wish).some(({ first, act }) => act === 'repair' || first === 'repair') && d.is(0.7)
  if (isDeserted) Object.assign(w, { administrators: ['admin'], left: [...w.left, 'admin'] })
  const story = new Story(definition, w)
  const instance = { id: 'i', number: 'N', flowVersion: 1 }
  const chosen = choice(story, w.left.includes('li') ? 'patient' : 'li')
  const submitted = story.try('doctor', { kind: 'submit', instance, applicant: 'doctor', chosen })
  if (!submitted.ok) return { ...told, length: 0 }
  const journey: Journey = { ...told, d, story, wish, before: 'submit' }
  const acts = 24 + Math.floor(d.roll() * 30)
  for (let turn = 0; turn < acts && !isEnded(story.state); turn++) {
    if (isDeserted && d.is(0.2)) desert(d, story)
    else if (d.is(0.08)) disturb(d, story)
    else tryOne(journey)
  }
  for (const split of story.find('splitOff').slice(0, 2)) {
    const begun = beginChild(definition, story.state, split, { id: `c${split.number}` }, environment(w))
    const child = Story.resumed(definition, { ...w, rows: [...split.items] }, begun)
    const childhood: Journey = { acts: new Map(), pairs: new Set(), d, story: child, wish: noWish, before: 'submit' }
    for (let turn = 0; turn < 4 && !isEnded(child.state); turn++) tryOne(childhood)
    bringToEnd(child)
  }
  bringToEnd(story)
  return { ...told, length: Object.keys(story.state.acts).length }
}
