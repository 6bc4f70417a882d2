import { all, any, is, today, where, type ApiRecord } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { listAll } from '#kernel/server/records/list-all.ts'
import { heldOn } from '#kernel/server/records/timeline.ts'
import { comparedName } from './match.ts'
import type { Outcome } from './feed.rules.ts'

/** What a source says of one unit, as it can be stored; `problem`: why it cannot. */
export interface FeedUnit {
  code: string
  name: string
  parentCode: string | null
  kind: string | null
  /** Since when what is said holds; today where it is not said. */
  from: string | null
  to: string | null
  problem: string
}
export interface UnitStep {
  outcome: Outcome | 'same'
  told: FeedUnit
  unit: string | null
  /** What the unit is called now. */
  before: string
  changes: { name?: string; parent?: string }
  /** The code is entered among those of the source. */
  isLinked: boolean
  candidates: string[]
  message: string
}
export interface UnitWorld {
  units: ReadonlyMap<string, ApiRecord>
  /** Units by the source's code, as it holds today. */
  links: ReadonlyMap<string, string>
  byOwnCode: ReadonlyMap<string, string>
  /** What holds of a unit on the day that is told, by the source's code; where it is not said, today counts. */
  then: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}
export async function loadUnits(kernel: Kernel, given: Context, system: string, told: readonly FeedUnit[]): Promise<UnitWorld> {
  const ctx: Context = { ...given, actor: { kind: 'system', reason: '科室对接' } }
  const day = today(ctx.clock)
  const holding = all(is('system', system), any(where('from', 'empty'), where('from', 'lte', day)), any(where('to', 'empty'), where('to', 'gte', day)))
  const { rows: units } = await listAll(kernel, ctx, 'directory.unit', { filter: all(), sort: ['id'] })
  const { rows: codes } = await listAll(kernel, ctx, 'organisation.unitCode', { filter: holding, sort: ['id'] })
  const now = {
    units: new Map(units.map((one) => [one.id, one])),
    links: new Map(codes.map((one) => [String(one['code']), String(one['unit'])])),
    byOwnCode: new Map(units.map((one) => [String(one['code']), one.id])),
  }
  const then = new Map<string, Readonly<Record<string, unknown>>>()
  for (const one of told) {
    const unit = one.from && unitOf(one, now)
    if (unit) then.set(one.code, await heldOn(kernel, ctx, kernel.resource('directory.unit'), unit, one.from!))
  }
  return { ...now, then }
} // prettier-ignore

interface Planned {
  /** Does the source look after what units are called and where they stand? */
  keeps: boolean
  isFull: boolean
  day: string
}
/** What the lines come to. A unit is sure by an entered code, or by the house's own code and its name; everything else is for a person to say. */
export function planUnits(told: readonly FeedUnit[], world: UnitWorld, { keeps, isFull, day }: Planned): UnitStep[] {
  const meant = new Map(told.filter(({ problem }) => !problem).map((one) => [one.code, unitOf(one, world)]))
  const codes = Map.groupBy(new Map([...world.links, ...meant]), ([, unit]) => unit)
  const parents = new Map([...world.units.values()].map((one) => [one.id, (one['parent'] ?? null) as string | null]))
  const parentOf = (code: string) => (meant.has(code) ? meant.get(code)! : (world.links.get(code) ?? world.byOwnCode.get(code) ?? null))
  const steps = told.map((one): UnitStep => {
    const unit = one.problem ? null : (meant.get(one.code) ?? null)
    const stored = unit === null ? undefined : world.units.get(unit)
    const base: UnitStep = { outcome: 'refused', told: one, unit, before: String(stored?.['name'] ?? ''), changes: {}, isLinked: world.links.has(one.code), candidates: [], message: one.problem }
    if (one.problem) return base
    if (!stored) return { ...base, outcome: 'doubtful', ...likely(one, world) }
    const ended = stored['to'] as string | null
    const isEnding = one.to !== null && one.to < day
    if (ended && ended < day) return isEnding ? { ...base, outcome: 'same' } : { ...base, message: `该科室 ${ended} 已停用` }
    if (isEnding) return { ...base, outcome: 'missing', message: `来源里 ${one.to} 停用` }
    // Where several of its codes mean one unit, none of their names is the unit's.
    const follows = keeps && (codes.get(stored.id)?.length ?? 0) <= 1
    const parent = follows && one.parentCode ? parentOf(one.parentCode) : undefined
    if (parent === null) return { ...base, message: `没有对照的上级“${one.parentCode}”` }
    if (parent && isUnder(parent, stored.id, parents)) return { ...base, message: '上级是它自己，或在它之下' }
    if (parent) parents.set(stored.id, parent)
    const held = world.then.get(one.code) ?? stored
    const changes = { ...(follows && one.name !== held['name'] ? { name: one.name } : {}), ...(parent && parent !== held['parent'] ? { parent } : {}) }
    return { ...base, changes, outcome: base.isLinked && Object.keys(changes).length === 0 ? 'same' : 'changed' }
  })
  return [...steps, ...(isFull ? missingOf(told, world, day) : [])]
} // prettier-ignore
function unitOf({ code, name }: FeedUnit, { units, links, byOwnCode }: Omit<UnitWorld, 'then'>): string | null {
  const own = byOwnCode.get(code)
  const isSame = own !== undefined && comparedName(String(units.get(own)?.['name'])) === comparedName(name)
  return links.get(code) ?? (isSame ? own : null)
}
function likely({ code, name }: FeedUnit, { units, byOwnCode }: UnitWorld): Pick<UnitStep, 'candidates' | 'message'> {
  const named = [...units.values()].filter((one) => comparedName(String(one['name'])) === comparedName(name)).map(({ id }) => id)
  const candidates = [...new Set([...(byOwnCode.has(code) ? [byOwnCode.get(code)!] : []), ...named])].slice(0, 20)
  return { candidates, message: candidates.length ? '可能是已有的科室' : '没有对照的科室' }
}
function isUnder(unit: string, above: string, parents: ReadonlyMap<string, string | null>): boolean {
  const seen = new Set<string>()
  for (let up: string | null = unit; up && !seen.has(up); up = parents.get(up) ?? null) {
    if (up === above) return true
    seen.add(up)
  }
  return false
}
/** What the source no longer tells of is closed by whoever knows, never by itself. */
function missingOf(told: readonly FeedUnit[], { units, links }: UnitWorld, day: string): UnitStep[] {
  const codes = new Set(told.map(({ code }) => code))
  return [...links].flatMap(([code, unit]): UnitStep[] => {
    const stored = units.get(unit)
    const ended = stored?.['to'] as string | null | undefined
    if (!stored || codes.has(code) || (ended && ended < day)) return []
    const name = String(stored['name'])
    const gone = { code, name, parentCode: null, kind: null, from: null, to: null, problem: '' }
    return [{ outcome: 'missing', told: gone, unit, before: name, changes: {}, isLinked: true, candidates: [], message: '来源里没有了' }]
  })
}
