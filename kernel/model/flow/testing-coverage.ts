import { actsOf, legalPairs, nameOf } from './testing-legal.ts'
import type { Wish } from './testing-random.ts'
import { live } from './testing-random.ts'

/** What a run of histories has seen. */
export interface Seen {
  /** How often an act was accepted, by `act × mode`. */
  readonly acts: Map<string, number>
  /** In how many histories a pair was told. */
  readonly pairs: Map<string, number>
  /** Accepted acts, history by history. */
  readonly lengths: number[]
}
const nothing = (): Seen => ({ acts: new Map(), pairs: new Map(), lengths: [] })
const times = (cells: ReadonlyMap<string, number>, cell: string): number => cells.get(cell) ?? 0

function add(seen: Seen, seed: number, wish: Wish): void {
  try {
    const { acts, pairs, length } = live(seed, wish)
    for (const [cell, count] of acts) seen.acts.set(cell, times(seen.acts, cell) + count)
    for (const cell of pairs) seen.pairs.set(cell, times(seen.pairs, cell) + 1)
    if (length > 0) seen.lengths.push(length)
  } catch (error) {
    // A history depends on nothing but these two.
    throw new Error(`history live(${seed}, ${JSON.stringify(wish)})`, { cause: error })
  }
}

/** Histories, each steered to what has been seen least, until every legal pair was told in so many; at most so many histories. */
export function cover(least: number, most: number, from = 1): Seen {
  const seen = nothing()
  for (let seed = from; seed < from + most; seed++) {
    const wish = wishFor(seen, least, seed)
    if (wish.length === 0) break
    add(seen, seed, wish)
  }
  return seen
}
/** The first acts take turns; what is lacking of one, the pair told least at the front. */
function wishFor({ pairs }: Seen, least: number, turn: number): Wish {
  const rare = legalPairs.filter((cell) => times(pairs, nameOf(cell)) < least)
  const firsts = [...new Set(rare.map((cell) => cell.first))]
  const lacking = rare.filter((cell) => cell.first === firsts[turn % firsts.length])
  return lacking
    .map((cell) => ({ cell, count: times(pairs, nameOf(cell)) }))
    .sort((one, other) => one.count - other.count)
    .map(({ cell }) => cell)
}

export const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0
/** Legal acts that were seen too seldom in a mode. */
export const missing = ({ acts: seen }: Seen, least: number): string[] =>
  Object.entries(actsOf).flatMap(([mode, acts]) => acts.map((act) => `${act} × ${mode}`).filter((cell) => times(seen, cell) < least))
/** Legal pairs that were told in too few histories. */
export const missingPairs = ({ pairs }: Seen, least: number): string[] =>
  legalPairs.map(nameOf).flatMap((cell) => (times(pairs, cell) < least ? [`${cell}: ${times(pairs, cell)}`] : []))
/** Pairs that were accepted though nothing allows them: a hole in the engine, or in the table of what is legal. */
export function strange({ pairs }: Seen): string[] {
  const known = new Set(legalPairs.map(nameOf))
  return [...pairs.keys()].filter((cell) => !cell.endsWith('× -') && !known.has(cell))
}

/** The tables of a run: acts by mode, and the rarest pair of each first act by mode. */
export function print(seen: Seen): void {
  const { acts, pairs, lengths } = seen
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
    `${lengths.length} histories of ${lengths.reduce((sum, one) => sum + one, 0)} acts, median ${median(lengths)}; ` +
      `${counts.length} legal pairs × mode, the rarest in ${Math.min(...counts)} histories, median ${median(counts)}`,
  )
}
