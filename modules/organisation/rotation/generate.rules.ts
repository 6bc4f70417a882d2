import type { Grid, RotationSetup } from './rotation.rules.ts'

/** Beyond so many states a person's best way is not sought among all orders but among the turns of the list. */
const mostStates = 120_000
const mostRounds = 2
// Each weighs more than all lesser ones of a person together.
const weights = { blocked: 1e9, over: 1e6, uneven: 1e3, idle: 0.5 }

/** One step of a way: a unit from a period on. */
interface Leg {
  unit: number
  at: number
}
/**
 * The table by one key: person after person takes the way that costs least beside those who have theirs; then whoever stands where there are too many tries again.
 * Everybody gets all that is required whole. Where everything lasts equally long and there is room for an even share, the even share always leaves a way
 * (a regular bipartite graph has a perfect matching), so nothing is exceeded. Deterministic.
 */
export function generate(setup: RotationSetup): Grid {
  const floor = new Floor(setup)
  const ways = setup.people.map((_, n) => floor.settle(n))
  for (let round = 0; round < mostRounds && floor.isCrowded(); round++) {
    let isBetter = false
    for (const [n, way] of ways.entries()) {
      if (!floor.touches(way)) continue
      const before = floor.leave(n, way)
      ways[n] = floor.settle(n)
      isBetter ||= floor.priceOf(n, ways[n]) < before
    }
    if (!isBetter) break
  }
  return Object.fromEntries(setup.people.map((person, n) => [person, floor.cellsOf(ways[n]!)]))
}

class Floor {
  /** Unit → how many in each period. */
  private readonly used: number[][]
  private readonly share: number[]
  private readonly setup: RotationSetup
  private readonly slack: number
  private readonly isSmall: boolean
  private readonly known: { must: number; length: readonly number[]; turns: readonly (readonly number[])[] }
  constructor(setup: RotationSetup) {
    this.setup = setup
    const { units, people, periods, electives, taken } = setup
    const choices = units.filter(({ kind }) => kind === 'choice').length
    this.used = units.map(({ unit }) => Array.from({ length: periods }, (_, at) => taken[unit]?.[at] ?? 0))
    this.share = units.map(({ periods: length, kind }) => Math.ceil((people.length * length * (kind === 'must' ? 1 : electives / choices)) / periods))
    const shortest = units.filter(({ kind }) => kind === 'choice').map((one) => one.periods).toSorted((a, b) => a - b).slice(0, electives)
    const must = units.filter(({ kind }) => kind === 'must').map((one) => one.periods)
    this.slack = Math.max(0, periods - [...must, ...shortest].reduce((sum, one) => sum + one, 0))
    this.isSmall = units.length <= 14 && 2 ** units.length * (this.slack + 1) <= mostStates
    this.known = {
      must: bits(units.flatMap(({ kind }, n) => (kind === 'must' ? [n] : []))),
      length: this.isSmall ? lengthsOf(units.map((one) => one.periods)) : [],
      turns: units.map((_, turn) => units.map((__, n) => (n + turn) % units.length)),
    }
  } // prettier-ignore
  /** Finds the person's best way and takes it. */
  settle(person: number): Leg[] {
    const price = this.prices(person)
    const way = this.isSmall ? this.bestOfAll(person, price) : this.bestTurn(person, price)
    this.count(way, 1)
    return way
  }
  /** Gives the way back; answers what it cost. */
  leave(person: number, way: readonly Leg[]): number {
    this.count(way, -1)
    return this.sum(way, this.prices(person))
  }
  /** Of a way that is taken. */
  priceOf(person: number, way: readonly Leg[]): number {
    this.count(way, -1)
    const price = this.sum(way, this.prices(person))
    this.count(way, 1)
    return price
  }
  isCrowded = (): boolean => this.setup.units.some(({ capacity }, unit) => this.used[unit]!.some((there) => there > capacity))
  touches = (way: readonly Leg[]): boolean =>
    way.some(({ unit, at }) => this.periods(unit, at).some((n) => this.used[unit]![n]! > this.setup.units[unit]!.capacity))
  cellsOf(way: readonly Leg[]): (string | null)[] {
    const cells = Array.from({ length: this.setup.periods }, (): string | null => null)
    for (const { unit, at } of way) cells.fill(this.setup.units[unit]!.unit, at, at + this.setup.units[unit]!.periods)
    return cells
  }

  private periods = (unit: number, at: number): number[] =>
    Array.from({ length: this.setup.units[unit]!.periods }, (_, n) => at + n).filter((n) => n < this.setup.periods)
  private count(way: readonly Leg[], by: number): void {
    for (const { unit, at } of way) for (const n of this.periods(unit, at)) this.used[unit]![n]! += by
  }
  private sum = (way: readonly Leg[], price: readonly (readonly number[])[]): number =>
    way.reduce((total, { unit, at }) => total + price[unit]![at]!, 0)
  /** Unit and first period → what it costs this person to begin there then. */
  private prices(person: number): number[][] {
    const { units, periods, people, blocked } = this.setup
    const away = blocked[people[person]!] ?? []
    return units.map(({ capacity, periods: length }, unit) => {
      const each = this.used[unit]!.map((there, at) => {
        const over = Math.max(0, there + 1 - capacity)
        const uneven = Math.max(0, there + 1 - this.share[unit]!)
        return (away[at] ? weights.blocked : 0) + over * weights.over + uneven * weights.uneven + there
      })
      return Array.from({ length: periods }, (_, at) => (at + length > periods ? Infinity : each.slice(at, at + length).reduce((sum, one) => sum + one, 0)))
    })
  } // prettier-ignore

  /** Over what has been seen and how long was waited: the time follows from both. */
  private bestOfAll(person: number, price: readonly (readonly number[])[]): Leg[] {
    const { units, periods, electives, order } = this.setup
    const { must, length, turns } = this.known
    const [wide, all, isFixed] = [this.slack + 1, length.length, order === 'fixed']
    // Everybody looks first at another unit, so that equal ways differ.
    const turn = turns[isFixed ? 0 : person % units.length]!
    const cost = new Float64Array(all * wide).fill(Infinity)
    const from = new Int8Array(all * wide).fill(-1)
    cost[0] = 0
    let best = -1
    for (let seen = 0; seen < all; seen++) {
      const mayChoose = countBits(seen & ~must) < electives
      const isWhole = (seen & must) === must && countBits(seen & ~must) === electives
      for (let idle = 0; idle < wide; idle++) {
        const state = seen * wide + idle
        const so = cost[state]!
        const now = length[seen]! + idle
        if (so === Infinity || now > periods) continue
        if (isWhole && (best < 0 || so < cost[best]!)) best = state
        if (idle + 1 < wide && so + weights.idle < cost[state + 1]!) {
          cost[state + 1] = so + weights.idle
          from[state + 1] = units.length
        }
        if (now >= periods) continue
        for (const unit of turn) {
          const bit = 1 << unit
          if (seen & bit || (isFixed && seen >> unit) || (!mayChoose && !(must & bit))) continue
          const next = (seen | bit) * wide + idle
          const sum = so + price[unit]![now]!
          if (sum < cost[next]!) {
            cost[next] = sum
            from[next] = unit
          }
        }
      }
    }
    return best < 0 ? this.bestTurn(person, price) : wayBack(best, wide, from, units.length, length)
  } // prettier-ignore
  /** The list from any place on, round and round, begun in any period that leaves time for it. */
  private bestTurn(person: number, price: readonly (readonly number[])[]): Leg[] {
    const { units, periods, electives, order } = this.setup
    const choices = units.flatMap(({ kind }, n) => (kind === 'choice' ? [n] : []))
    const chosen = new Set(Array.from({ length: electives }, (_, n) => choices[(n + (order === 'fixed' ? 0 : person)) % choices.length]!))
    const list = units.flatMap(({ kind }, n) => (kind === 'must' || chosen.has(n) ? [n] : []))
    const total = list.reduce((sum, n) => sum + units[n]!.periods, 0)
    let best: { way: Leg[]; sum: number } | null = null
    for (let turn = 0; turn < (order === 'fixed' ? 1 : list.length); turn++)
      for (let start = 0; start <= Math.max(0, periods - total); start++) {
        let at = start
        const way = [...list.slice(turn), ...list.slice(0, turn)].map((unit): Leg => {
          const leg = { unit, at }
          at += units[unit]!.periods
          return leg
        })
        const sum = this.sum(way, price)
        if (!best || sum < best.sum) best = { way, sum }
      }
    return best?.way.filter(({ at }) => at < periods) ?? []
  } // prettier-ignore
}
const bits = (places: readonly number[]): number => places.reduce((sum, n) => sum | (1 << n), 0)
function countBits(mask: number): number {
  let count = 0
  for (let left = mask; left; left &= left - 1) count++
  return count
}
/** Every set of units → how long all of it lasts. */
function lengthsOf(each: readonly number[]): number[] {
  const lengths = [0]
  for (const one of each) lengths.push(...lengths.map((length) => length + one))
  return lengths
}
function wayBack(end: number, wide: number, from: Int8Array, idle: number, length: readonly number[]): Leg[] {
  const way: Leg[] = []
  for (let state = end; from[state]! >= 0;) {
    const unit = from[state]!
    if (unit === idle) {
      state--
      continue
    }
    const seen = Math.floor(state / wide) & ~(1 << unit)
    way.unshift({ unit, at: length[seen]! + (state % wide) })
    state = seen * wide + (state % wide)
  }
  return way
}
