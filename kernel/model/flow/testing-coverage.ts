import { actsOf, legalPairs, nameOf } from './testing-legal.ts'
import type { Origin, Wish } from './testing-random.ts'
import { live } from './testing-random.ts'
import { retold } from './testing-shrink.ts'

/** What a run of histories has seen. */
export interface Seen {
  /** How often an act was accepted, by `act × mode`. */
  readonly acts: Map<string, number>
  /** In how many histories a pair was told. */
  readonly pairs: Map<string, number>
  /** Accepted acts of each history's main line. */
  readonly lengths: number[]
  /** At which act of its history a pair was told, pair by pair. */
  readonly places: number[]
  /** Accepted acts of the histories that went on, from a copy, to an end of their own. */
  readonly ends: number[]
  /** Histories that broke something, each with its seed and cut down to what is needed. */
  readonly failures: string[]
}
const nothing = (): Seen => ({ acts: new Map(), pairs: new Map(), lengths: [], places: [], ends: [], failures: [] })
const times = (cells: ReadonlyMap<string, number>, cell: string): number => cells.get(cell) ?? 0
const known = new Set(legalPairs.map(nameOf))

function add(seen: Seen, origin: Origin, least: number): void {
  try {
    const { acts, pairs, length, ends } = live(origin, (cell) => known.has(cell) && times(seen.pairs, cell) < least)
    for (const [cell, count] of acts) seen.acts.set(cell, times(seen.acts, cell) + count)
    for (const [cell, place] of pairs) {
      seen.pairs.set(cell, times(seen.pairs, cell) + 1)
      if (known.has(cell)) seen.places.push(place)
    }
    if (length > 0) seen.lengths.push(length)
    for (const one of ends) seen.ends.push(one)
  } catch (error) {
    seen.failures.push(retold(origin, error))
  }
}

/** Histories, each steered to what has been seen least, until every legal pair was told in so many; at most so many histories. */
export function cover(least: number, most: number, from = 1): Seen {
  const seen = nothing()
  for (let seed = from; seed < from + most; seed++) {
    const wish = wishFor(seen, least, seed)
    if (wish.length === 0 || seen.failures.length >= 3) break
    add(seen, { seed, wish }, least)
  }
  return seen
}
/** Three first acts, those that lack most and others in turn; of each what it lacks, the pair told least at the front. */
function wishFor({ pairs }: Seen, least: number, turn: number): Wish {
  const rare = legalPairs.map((cell) => ({ cell, lacks: least - times(pairs, nameOf(cell)) })).filter(({ lacks }) => lacks > 0)
  const lacks = new Map<string, number>()
  for (const { cell, lacks: one } of rare) lacks.set(cell.first, times(lacks, cell.first) + one)
  const firsts = [...lacks].toSorted(([, one], [, other]) => other - one).map(([first]) => first)
  const chosen = new Set([firsts[0], firsts[turn % firsts.length], firsts[(turn * 7 + 3) % firsts.length]])
  return [...chosen].flatMap((first) =>
    rare
      .filter(({ cell }) => cell.first === first)
      .sort((one, other) => other.lacks - one.lacks)
      .slice(0, 8)
      .map(({ cell }) => cell),
  )
}

/** What several runs have seen together. */
export function together(runs: readonly Seen[]): Seen {
  const all = nothing()
  for (const { acts, pairs, lengths, places, ends, failures } of runs) {
    for (const [cell, count] of acts) all.acts.set(cell, times(all.acts, cell) + count)
    for (const [cell, count] of pairs) all.pairs.set(cell, times(all.pairs, cell) + count)
    all.failures.push(...failures)
    for (const one of lengths) all.lengths.push(one)
    for (const one of places) all.places.push(one)
    for (const one of ends) all.ends.push(one)
  }
  return all
}

export const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0
/** Legal acts that were seen too seldom in a mode. */
export const missing = ({ acts: seen }: Seen, least: number): string[] =>
  Object.entries(actsOf).flatMap(([mode, acts]) => acts.map((act) => `${act} × ${mode}`).filter((cell) => times(seen, cell) < least))
/** Legal pairs that were told in too few histories, the rarest first. */
export const missingPairs = ({ pairs }: Seen, least: number): string[] =>
  legalPairs
    .map((cell) => ({ name: nameOf(cell), count: times(pairs, nameOf(cell)) }))
    .filter(({ count }) => count < least)
    .sort((one, other) => one.count - other.count)
    .map(({ name, count }) => `${name}: ${count}`)
/** Pairs that were accepted though nothing allows them: a hole in the engine, or in the table of what is legal. */
export const strange = ({ pairs }: Seen): string[] => [...pairs.keys()].filter((cell) => !cell.endsWith('× -') && !known.has(cell))

/** The tables of a run: acts by mode, and the rarest pair of each first act by mode. */
export function print(seen: Seen): void {
  const { acts, pairs, lengths, places, ends } = seen
  const modes = Object.keys(actsOf)
  const table = (names: readonly string[], cell: (name: string, mode: string) => number | string): void =>
    console.table(Object.fromEntries(names.map((name) => [name, Object.fromEntries(modes.map((mode) => [mode, cell(name, mode)]))])))
  table([...new Set(Object.values(actsOf).flat())], (act, mode) => (actsOf[mode]?.includes(act) ? times(acts, `${act} × ${mode}`) : '–'))
  console.log('the rarest second act after each first act')
  table([...new Set(legalPairs.map(({ first }) => first))], (first, mode) => {
    const cells = legalPairs.filter((cell) => cell.first === first && cell.mode === mode)
    const [rarest] = cells.toSorted((one, other) => times(pairs, nameOf(one)) - times(pairs, nameOf(other)))
    return rarest ? `${times(pairs, nameOf(rarest))} (${rarest.act})` : '–'
  })
  const counts = legalPairs.map((cell) => times(pairs, nameOf(cell)))
  console.log(
    `${lengths.length} histories of ${lengths.reduce((sum, one) => sum + one, 0)} acts, median ${median(lengths)}; ${ends.length} more part from them ` +
      `and go on to an end of their own, median ${median(ends)} acts; a pair is told at act ${median(places)} (median)`,
  )
  console.log(`${counts.length} legal pairs × mode, the rarest in ${Math.min(...counts)} histories, median ${median(counts)}`)
}
