import { bringToEnd, proveAgain } from './testing-end.ts'
import type { Dice } from './testing-flows.ts'
import type { Cell } from './testing-legal.ts'
import { nameOf } from './testing-legal.ts'
import { planOf } from './plan.ts'
import { agrees } from './testing-slow.ts'
import { restores } from './testing-restore.ts'
import type { Loose, Try } from './testing-tries.ts'
import { triesAt } from './testing-tries.ts'
import type { Story } from './testing.ts'
import { later } from './testing.ts'

/** What a run of acts has seen: accepted acts by `act × mode`, pairs `before → act × mode`, and at which act of its history each pair was told. */
export interface Told {
  readonly acts: Map<string, number>
  readonly pairs: Map<string, number>
  /** How many acts the copies had at their end. */
  readonly ends: number[]
}
/** Where pairs are told: a story, the act that was done last, and which pairs are still wanted. */
export interface Telling extends Told {
  readonly d: Dice
  readonly story: Story
  readonly isWanted: (cell: string) => boolean
  before: string
}

/** Tries an act; what is accepted must hold, and agree with the slow reading. */
export function accepts({ story }: Pick<Telling, 'story'>, { by, act }: Try, actId: string): boolean {
  if (!story.try(by, { actId, ...act } as never).ok) return false
  checks(story, act)
  return true
}
/** What is asked after every accepted act, beside what a story asks itself. */
export function checks(story: Story, act?: Loose): void {
  agrees(story)
  if (act?.kind === 'takeBack') restores(story, String(act['undo']))
}

/** An act that falls upon the whole request falls upon every stay that is open, and so is of each mode there. */
const upon = new Set(['urge', 'markRead', 'reply', 'withdraw', 'terminate'])
/** The pairs that an act would tell now. */
function cellsOf({ before }: Telling, one: Try, tries: readonly Try[]): string[] {
  const modes = upon.has(one.act.kind)
    ? new Set(tries.flatMap((other) => (other.act.kind === one.act.kind ? [other.mode] : [])))
    : [one.mode]
  return [...modes].map((mode) => nameOf({ first: before, act: one.act.kind, mode }))
}
/** Writes down what was accepted. */
export function count(telling: Telling, one: Try, cells: readonly string[]): void {
  const { acts, pairs, story } = telling
  const name = `${one.act.kind} × ${one.mode}`
  acts.set(name, (acts.get(name) ?? 0) + 1)
  for (const cell of cells) if (!pairs.has(cell)) pairs.set(cell, story.length)
}

/** Every wanted pair that begins with the act just done, each on a copy of its own; three in ten of them go on to an end of their own. */
export function tellBeside(telling: Telling): void {
  const { d, story, pairs, isWanted } = telling
  const tries = triesAt(d, story)
  const chance = tries.map(() => d.roll())
  for (const [place, one] of tries.entries()) {
    const cells = cellsOf(telling, one, tries)
    if (!cells.some((cell) => isWanted(cell) && !pairs.has(cell))) continue
    const copy = { ...telling, story: story.fork() }
    copy.story.world.after = story.world.version + 1
    if (one.act.kind === 'timeOut') copy.story.world.now = later(40, story.world.now)
    if (!accepts(copy, one, `f${chance[place]}`)) continue
    count(copy, one, cells)
    if ((chance[place] ?? 1) > 0.3) continue
    bringToEnd(copy.story)
    copy.ends.push(copy.story.length)
    if ((chance[place] ?? 1) < 0.03) proveAgain(copy.story)
  }
}
/** What makes an act possible, one of each list. */
const leads: Readonly<Record<string, readonly string[]>> = {
  takeBack: ['approve', 'decideItems', 'seal'],
  removeApprover: ['addApprover'],
  release: ['claim'],
  reply: ['consult'],
  markRead: ['copyTo'],
  resubmit: ['return'],
}
/** What is prepared at a stay of its own mode; the rest may be prepared anywhere. */
const prepared = new Set(['takeBack', 'removeApprover', 'release'])
/** Makes wanted pairs possible on a copy – what their second acts need, then what the first needs – and then tells all that begin with it. */
export function tellLed(
  telling: Telling,
  first: string,
  cells: readonly Cell[],
  desert: (d: Dice, story: Story, mode?: string) => void,
): void {
  const { d } = telling
  const copy: Telling = { ...telling, story: telling.story.fork() }
  const { world } = copy.story
  const stuck = cells.find(({ act }) => act === 'repair')
  if (stuck || first === 'repair') desert(d, copy.story, first === 'repair' ? undefined : stuck?.mode)
  for (const { act, mode } of cells) {
    const needed = leads[act]
    if (needed && d.is(0.9)) doOne(copy, (one) => needed.includes(one.act.kind) && (one.mode === mode || !prepared.has(act)))
  }
  const before = leads[first]
  if (before && d.is(0.9)) doOne(copy, (one) => before.includes(one.act.kind) && (first !== 'resubmit' || one.act['to'] === undefined))
  if (first === 'resubmit' && d.is(0.8)) world.changed = []
  if (first === 'timeOut' || first === 'elapse') world.now = later(40, world.now)
  // What leaves the branches beside as they are tells more.
  const { byKey } = planOf(copy.story.definition)
  const isNarrow = (one: Try): boolean => one.act.kind !== 'jump' || byKey.get(String(one.act['to']))?.track !== undefined
  const isFruitful = (one: Try): boolean => (first === 'return' ? one.act['to'] !== undefined : isNarrow(one)) || d.is(0.05)
  if (doOne(copy, (one) => one.act.kind === first && isFruitful(one))) tellBeside(copy)
}
function doOne(telling: Telling, isMeant: (one: Try) => boolean): boolean {
  const { d, story } = telling
  story.world.after = story.world.version + 1
  const tries = triesAt(d, story)
  const meant = tries.filter(isMeant).map((one) => ({ one, place: d.roll() }))
  meant.sort((one, other) => one.place - other.place)
  for (const { one } of meant) {
    const cells = cellsOf(telling, one, tries)
    const { version } = story.world
    if (!accepts(telling, one, `l${d.roll()}`)) continue
    if ('edits' in one.act) story.world.version = version + 1
    count(telling, one, cells)
    telling.before = one.act.kind
    return true
  }
  return false
}
