import type { Flow, Step } from './definition.ts'
import { isSame } from './same.ts'

/** A step where it stands in a drawing. */
export interface Placed<F> {
  readonly step: Step<F>
  readonly path: string
  /** The step whose list it stands in, and which of its lists; null: the flow's own. */
  readonly parent: Placed<F> | null
  readonly side: string
  /** Place in that list. */
  readonly place: number
}
export interface Pair<F> {
  readonly from: Placed<F>
  readonly to: Placed<F>
  readonly isMoved: boolean
}
/** Which step of one version is which of the other, in the order of the later one; what is gone, in the order of the earlier. */
export interface Alignment<F> {
  readonly pairs: readonly Pair<F>[]
  readonly removed: readonly Placed<F>[]
  readonly added: readonly Placed<F>[]
}

/** Finds the same steps in two versions: by their ids; conditions and notices, which have none, by what they say, else by where they stand. */
export function align<F>(from: Flow<F>, to: Flow<F>): Alignment<F> {
  const [before, after] = [placedIn(from), placedIn(to)]
  const partner = new Map<Placed<F>, Placed<F>>()
  const taken = new Set<Placed<F>>()
  const pairUp = (isSameStep: (one: Placed<F>, other: Placed<F>) => boolean): void => {
    for (const one of before) {
      const other = partner.has(one) ? undefined : after.find((two) => !taken.has(two) && isSameStep(one, two))
      if (!other) continue
      partner.set(one, other)
      taken.add(other)
    }
  }
  const isSameList = (one: Placed<F>, other: Placed<F>): boolean =>
    one.side === other.side && (one.parent === null ? other.parent === null : partner.get(one.parent) === other.parent)
  pairUp((one, other) => idOf(one) !== undefined && idOf(one) === idOf(other))
  pairUp((one, other) => idOf(one) === undefined && saysSame(one.step, other.step))
  pairUp((one, other) => idOf(one) === undefined && one.step.kind === other.step.kind && isSameList(one, other))
  const pairs = before.flatMap((one) => {
    const other = partner.get(one)
    return other ? [{ from: one, to: other, isInPlace: isSameList(one, other) }] : []
  })
  const kept = inOrder(pairs.filter(({ isInPlace }) => isInPlace))
  return {
    pairs: pairs
      .map((pair) => ({ from: pair.from, to: pair.to, isMoved: !kept.has(pair.to) }))
      .sort((one, other) => after.indexOf(one.to) - after.indexOf(other.to)),
    removed: before.filter((one) => !partner.has(one)),
    added: after.filter((one) => !taken.has(one)),
  }
}

const idOf = <F>({ step }: Placed<F>): string | undefined => ('id' in step ? step.id : undefined)
function saysSame<F>(one: Step<F>, other: Step<F>): boolean {
  if (one.kind === 'when') return other.kind === 'when' && isSame(one.condition, other.condition)
  return one.kind === 'notify' && other.kind === 'notify' && isSame(one.who, other.who)
}

/** Every step of a flow, those that hold others before what they hold. */
export function placedIn<F>(flow: Flow<F>): Placed<F>[] {
  const inList = (steps: readonly Step<F>[], path: string, parent: Placed<F> | null, side: string): Placed<F>[] =>
    steps.flatMap((step, place) => {
      const here: Placed<F> = { step, path: `${path}.${place}`, parent, side, place }
      return [here, ...listsOf(step).flatMap(([name, inner]) => inList(inner, `${here.path}.${name}`, here, name))]
    })
  return inList(flow.steps, 'steps', null, '')
}
/** The lists of steps that a step holds. */
const listsOf = <F>(step: Step<F>): (readonly [string, readonly Step<F>[]])[] => {
  if (step.kind === 'when') return [['then', step.then], ['otherwise', step.otherwise]] // prettier-ignore
  return step.kind === 'parallel' ? step.branches.map((branch, nth) => [`branches.${nth}`, branch] as const) : []
}

/** Of the steps that stayed in their lists, the most that also kept their order; the others were moved. */
function inOrder<F>(pairs: readonly Omit<Pair<F>, 'isMoved'>[]): Set<Placed<F>> {
  const kept = new Set<Placed<F>>()
  const lists = Map.groupBy(pairs, ({ to }) => to.path.slice(0, to.path.lastIndexOf('.')))
  for (const list of lists.values()) {
    const places = list.toSorted((one, other) => one.from.place - other.from.place)
    // The longest rising run of places, kept by its last element.
    const runs = places.map((): { length: number; before: number } => ({ length: 1, before: -1 }))
    places.forEach((one, at) =>
      places.slice(0, at).forEach((earlier, nth) => {
        if (earlier.to.place < one.to.place && runs[nth]!.length + 1 > runs[at]!.length) runs[at] = { length: runs[nth]!.length + 1, before: nth }
      }),
    ) // prettier-ignore
    const longest = Math.max(...runs.map(({ length }) => length))
    for (let at = runs.findIndex(({ length }) => length === longest); at >= 0; at = runs[at]!.before) kept.add(places[at]!.to)
  }
  return kept
}
