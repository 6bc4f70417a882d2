import { addDays, addMonths, type Day } from '#model'

/** How a unit takes part in a plan: for how many periods somebody stays, how many at once, and whether everybody has to. */
export interface RotationUnit {
  unit: string
  periods: number
  capacity: number
  kind: 'must' | 'choice'
}
export interface RotationSetup {
  units: readonly RotationUnit[]
  people: readonly string[]
  periods: number
  /** How many of the units by choice everybody goes to. */
  electives: number
  /** `fixed`: in the order of the list. */
  order: 'free' | 'fixed'
  /** Unit → how many of other plans are there, a figure a period. */
  taken: Readonly<Record<string, readonly number[]>>
  /** Person → in which periods he cannot. */
  blocked: Readonly<Record<string, readonly boolean[]>>
}
/** Person → where he is in each period; null: nowhere. */
export type Grid = Readonly<Record<string, readonly (string | null)[]>>
export interface Span {
  from: Day
  to: Day
}
export interface Run {
  unit: string
  at: number
  periods: number
}
export const steps = { month: '月', week: '周' } as const
export type Step = keyof typeof steps
export const most = { people: 300, units: 30, periods: 60 } as const

/** The days of each period. */
export function periodsOf(from: Day, step: Step, count: number): Span[] {
  const start = (n: number): Day => (step === 'month' ? addMonths(from, n) : addDays(from, 7 * n))
  return Array.from({ length: count }, (_, n) => ({ from: start(n), to: addDays(start(n + 1), -1) }))
}
export const overlaps = (one: Span, other: { from: Day; to: Day | null }): boolean =>
  one.from <= (other.to ?? '9999-12-31') && other.from <= one.to

/** The most of these that there are on any one day of a span: one after the other are never two. */
export function mostAtOnce(span: Span, stays: readonly Span[]): number {
  const within = stays.filter((one) => overlaps(span, one))
  const days = [span.from, ...within.map(({ from }) => from).filter((day) => day > span.from)]
  return Math.max(0, ...days.map((day) => within.filter((one) => one.from <= day && day <= one.to).length))
}

/** So many periods at most are needed: all units that everybody has to see, and the longest of those by choice. */
export function neededPeriods(units: readonly Pick<RotationUnit, 'periods' | 'kind'>[], electives: number): number {
  const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0)
  const of = (kind: string) => units.filter((one) => one.kind === kind).map(({ periods }) => periods)
  return sum(of('must')) + sum(of('choice').toSorted((a, b) => b - a).slice(0, electives))
} // prettier-ignore

export function runsOf(cells: readonly (string | null)[]): Run[] {
  const runs: Run[] = []
  for (const [at, unit] of cells.entries()) {
    const last = runs.at(-1)
    if (unit && last && last.unit === unit && last.at + last.periods === at) last.periods++
    else if (unit) runs.push({ unit, at, periods: 1 })
  }
  return runs
}
export const gridOf = (people: readonly string[], periods: number, runs: readonly (Run & { person: string })[]): Grid => {
  const grid = Object.fromEntries(people.map((person) => [person, Array.from({ length: periods }, (): string | null => null)]))
  for (const { person, unit, at, periods: length } of runs) grid[person]?.fill(unit, at, Math.min(at + length, periods))
  return grid
}
/** How many of this plan are where when. */
export function loadOf(grid: Grid): Map<string, number[]> {
  const load = new Map<string, number[]>()
  for (const cells of Object.values(grid))
    for (const [at, unit] of cells.entries()) {
      if (!unit) continue
      const there = load.get(unit) ?? Array.from(cells, () => 0)
      there[at]!++
      load.set(unit, there)
    }
  return load
}

/** What is known of people and units beside the plan. */
export interface RotationWorld {
  people: Readonly<Record<string, { name: string; hasLeft: boolean; busy: readonly (Span & { why: string })[] }>>
  units: Readonly<Record<string, { name: string; from: Day | null; to: Day | null }>>
}
export const conflictKinds = {
  capacity: '超出容量',
  missing: '缺少必轮科室',
  twice: '重复轮转',
  length: '时长不符',
  electives: '选轮不符',
  busy: '时间冲突',
  left: '已离职',
  ended: '科室停用',
  outside: '不在计划科室中',
} as const
export interface RotationConflict {
  kind: keyof typeof conflictKinds
  person: string | null
  unit: string | null
  at: number | null
  message: string
}

/** Everything that is wrong with a table, whoever made it. */
export function conflictsOf(setup: RotationSetup, spans: readonly Span[], world: RotationWorld, grid: Grid): RotationConflict[] {
  return [...crowded(setup, spans, world, grid), ...setup.people.flatMap((person) => ofPerson(setup, spans, world, person, grid[person] ?? []))]
} // prettier-ignore
function crowded({ units, taken }: RotationSetup, spans: readonly Span[], world: RotationWorld, grid: Grid): RotationConflict[] {
  const load = loadOf(grid)
  return units.flatMap(({ unit, capacity }) =>
    spans.flatMap(({ from }, at) => {
      const there = (load.get(unit)?.[at] ?? 0) + (taken[unit]?.[at] ?? 0)
      // What others fill alone is not this plan's to mend.
      if (there <= capacity || !load.get(unit)?.[at]) return []
      const message = `${world.units[unit]?.name ?? ''} ${from} 起一期有 ${there} 人，容量 ${capacity}，缺 ${there - capacity} 个名额`
      return [{ kind: 'capacity' as const, person: null, unit, at, message }]
    }),
  )
}
function ofPerson(setup: RotationSetup, spans: readonly Span[], world: RotationWorld, person: string, cells: readonly (string | null)[]): RotationConflict[] {
  const { name = '', hasLeft = false, busy = [] } = world.people[person] ?? {}
  const runs = runsOf(cells)
  const say = (kind: RotationConflict['kind'], words: string, unit: string | null = null, at: number | null = null): RotationConflict => ({ kind, person, unit, at, message: `${name}${words}` })
  const called = (unit: string): string => world.units[unit]?.name ?? ''
  const found: RotationConflict[] = hasLeft ? [say('left', '已离职')] : []
  for (const { unit, periods, kind } of setup.units) {
    const own = runs.filter((run) => run.unit === unit)
    if (own.length > 1) found.push(say('twice', `轮转${called(unit)} ${own.length} 次`, unit, own[1]!.at))
    else if (own.length === 0 && kind === 'must') found.push(say('missing', `没有安排${called(unit)}`, unit))
    else if (own[0] && own[0].periods !== periods) found.push(say('length', `在${called(unit)} ${own[0].periods} 期，应为 ${periods} 期`, unit, own[0].at))
  }
  const chosen = setup.units.filter(({ unit, kind }) => kind === 'choice' && runs.some((run) => run.unit === unit)).length
  if (chosen !== setup.electives) found.push(say('electives', `选轮了 ${chosen} 个科室，应为 ${setup.electives} 个`))
  for (const { unit, at, periods } of runs) {
    if (!setup.units.some((one) => one.unit === unit)) found.push(say('outside', `在${called(unit)}，该科室不在计划中`, unit, at))
    const stay = { from: spans[at]!.from, to: spans[at + periods - 1]!.to }
    const { from, to } = world.units[unit] ?? { from: null, to: null }
    if ((to && to < stay.to) || (from && from > stay.from)) found.push(say('ended', `在${called(unit)}期间，该科室${to && to < stay.to ? `于 ${to} 停用` : `${from} 才启用`}`, unit, at))
    for (let n = at; n < at + periods; n++)
      for (const one of busy) if (overlaps(spans[n]!, one)) found.push(say('busy', `在${called(unit)}期间${one.why}（${one.from} 至 ${one.to}）`, unit, n))
  }
  return found
} // prettier-ignore
