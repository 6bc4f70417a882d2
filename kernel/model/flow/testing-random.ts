import { beginChild, isEnded } from './index.ts'
import { findHandled, planOf } from './plan.ts'
import { bringToEnd, proveAgain } from './testing-end.ts'
import type { Dice } from './testing-flows.ts'
import { dice, randomFlow, randomWorld, staff, units } from './testing-flows.ts'
import type { Cell } from './testing-legal.ts'
import type { Telling, Told } from './testing-tell.ts'
import { accepts, count, tellBeside, tellLed } from './testing-tell.ts'
import { nameOf } from './testing-legal.ts'
import type { Try } from './testing-tries.ts'
import { choice, triesAt } from './testing-tries.ts'
import { environment, later, Story } from './testing.ts'

/** The pairs around which a history is built, of a few first acts. */
export type Wish = readonly Cell[]
export const noWish: Wish = []
/** A history that was told, and how long its main line was. */
export interface Life extends Told {
  readonly length: number
}

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
/** Everybody asked at a step (of a mode) leaves, the administrators with them: the step is stuck. */
function desert(d: Dice, story: Story, mode?: string): void {
  const plan = planOf(story.definition)
  const open = story.state.tasks.filter(
    (task) => task.state === 'open' && (mode === undefined || findHandled(plan, task.step)?.mode === mode),
  )
  const entry = d.pick(open)?.entry
  if (entry === undefined) return
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

/** A history that is being made. */
interface Journey extends Telling {
  readonly wish: Wish
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
  if (wish.some(({ first }) => first === act) && before !== act && isFruitful && d.is(0.1)) return plain - 2000
  const isNeeded = wish.some((one) => [one.act, one.first].some((wanted) => prepares[wanted]?.includes(act)))
  return isNeeded && seen < 6 ? plain - 700 : plain
}

function tryOne(journey: Journey): void {
  const { d, story } = journey
  const { world: w } = story
  w.now = later(d.roll() * (journey.wish.some(({ first }) => first === 'elapse' || first === 'timeOut') ? 40 : 12), w.now)
  w.after = w.version + 1
  const ranked = triesAt(d, story).map((one) => ({ one, rank: rankOf(journey, one) }))
  ranked.sort((one, other) => one.rank - other.rank)
  for (const { one } of ranked.slice(0, 14)) {
    const actId = `r${d.roll()}`
    const before = w.version
    if (!accepts(journey, one, actId)) continue
    const size = story.events.length
    if (d.is(0.2) && (accepts(journey, one, actId), story.events.length !== size)) throw new Error('an act counted twice')
    if ('edits' in one.act) w.version = before + 1
    count(journey, one, [nameOf({ first: journey.before, act: one.act.kind, mode: one.mode })])
    journey.before = one.act.kind
    return
  }
}

/** What a history depends on. */
export interface Origin {
  readonly seed: number
  readonly wish: Wish
}
/**
 * One request from submission to its end, children included; every invariant is checked after every act. Beside its main line the wanted pairs are told on
 * copies. The same seed and wish tell the same main line; each copy depends on these and its place alone, whatever else is wanted.
 */
export function live({ seed, wish }: Origin, isWanted: (cell: string) => boolean, onStory: (story: Story) => void = () => undefined): Life {
  const told: Told = { acts: new Map(), pairs: new Map(), ends: [] }
  const d = dice(seed)
  const definition = randomFlow(d, wish)
  const w = randomWorld(d)
  const isDeserted = wish.some(({ first, act }) => act === 'repair' || first === 'repair') && d.is(0.7)
  if (isDeserted) Object.assign(w, { administrators: ['admin'], left: [...w.left, 'admin'] })
  const story = new Story(definition, w)
  story.isLong = true
  onStory(story)
  const instance = { id: 'i', number: 'N', flowVersion: 1 }
  const chosen = choice(story, w.left.includes('li') ? 'patient' : 'li')
  const submitted = story.try('doctor', { kind: 'submit', instance, applicant: 'doctor', chosen })
  if (!submitted.ok) return { ...told, length: 0 }
  const journey: Journey = { ...told, d, story, wish, isWanted, before: 'submit' }
  // What copies do must not change the main line.
  const beside = new Map<string, number>()
  const acts = 24 + Math.floor(d.roll() * 30)
  for (let turn = 0; turn < acts && !isEnded(story.state); turn++) {
    const aside = (salt: number): Telling => ({ ...journey, acts: beside, d: dice(seed * 1_000_003 + turn * 4 + salt) })
    tellBeside(aside(1))
    for (const salt of turn > 2 && wish.length > 0 ? [2, 3] : []) {
      const telling = aside(salt)
      const { first } = telling.d.pick(wish)
      const cells = telling.d.some(wish, 0.6).filter((cell) => cell.first === first)
      const isLacking = wish.some((cell) => cell.first === first && isWanted(nameOf(cell)) && !told.pairs.has(nameOf(cell)))
      if (isLacking && first !== 'submit') tellLed(telling, first, cells, desert)
    }
    if (isDeserted && d.is(0.2)) desert(d, story)
    else if (d.is(0.08)) disturb(d, story)
    else tryOne(journey)
  }
  for (const split of story.find('splitOff').slice(0, 2)) {
    const begun = beginChild(definition, story.state, split, { id: `c${split.number}` }, environment(w))
    const child = Story.resumed(definition, { ...w, rows: [...split.items] }, begun)
    child.isLong = true
    const childhood: Journey = { acts: new Map(), pairs: new Map(), ends: [], d, story: child, wish: noWish, isWanted, before: 'submit' }
    for (let turn = 0; turn < 4 && !isEnded(child.state); turn++) tryOne(childhood)
    bringToEnd(child)
    proveAgain(child)
  }
  bringToEnd(story)
  proveAgain(story)
  for (const [name, times] of beside) told.acts.set(name, (told.acts.get(name) ?? 0) + times)
  return { ...told, length: story.length }
}
