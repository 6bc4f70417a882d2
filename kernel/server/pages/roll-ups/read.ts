import { both, matches, not, pathsOf, rolledBy, rollUpsOf, type Definitions, type Filter, type RollUp } from '#model'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import type { CompiledResource } from '../../store/compiled.ts'
import { rolledSql } from '../../store/roll-up.ts'
import type { SummaryQuery } from '../../store/summary.ts'
import type { Row } from './together.ts'

/** What the cells answer, and what of the reader's rights they do not: rows beyond his units, to be asked of the table. */
export interface RolledAnswer {
  rows: Row[]
  beyond: Filter | null
}
/** Cells older than this answer nothing. */
const freshFor = 60_000
const known = new WeakMap<Definitions, readonly RollUp[]>()
/** What the pages of these definitions ask for, worked out once. */
export function rollUpsIn(defs: Definitions): readonly RollUp[] {
  const found = known.get(defs) ?? rollUpsOf(defs)
  known.set(defs, found)
  return found
}

/** Answers a question from counted cells where every key and condition of it, and the units of this reader, can be told by them; null where the table is to be asked. */
export async function readRolled(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  asked: SummaryQuery & { texts: readonly string[] },
  rights: Filter | null,
): Promise<RolledAnswer | null> {
  if (asked.search || asked.deleted || ctx.actor.kind !== 'person') return null
  const found = rolledBy(rollUpsIn(kernel.defs), { resource: c.r.name, group: asked.group, totals: asked.totals, texts: asked.texts, filter: asked.filter ?? null })
  if (!found) return null
  const { rollUp, onUnit, onKeys } = found
  const reach = reachOf(rights, rollUp.unit)
  if (!reach || (reach.beyond && asked.totals.some(({ by }) => by !== 'sum'))) return null
  if (!(await isFresh(kernel, ctx, rollUp))) return null
  const units = unitsOf(kernel, ctx, rollUp, c, [...onUnit, ...(reach.within ? [reach.within] : [])])
  const { text, values } = rolledSql({ ...asked, ranked: reach.beyond ? null : (asked.ranked ?? null), rollUp, onKeys, units })
  const rows = await ctx.db.query<Row>(text, values)
  const booleans = asked.texts.flatMap((key, at) => (c.r.fields[key]?.kind === 'boolean' ? [`k${at}`] : []))
  for (const row of rows) for (const key of booleans) if (row[key] !== null) row[key] = row[key] === 'true'
  return { rows, beyond: reach.beyond }
} // prettier-ignore

async function isFresh(kernel: Kernel, ctx: Context, { name }: RollUp): Promise<boolean> {
  const [row] = await ctx.db.query<{ at: string | null }>(`SELECT fresh_at AS at FROM kernel.roll_up WHERE name = $1 AND snapshot IS NOT NULL`, [name])
  return row?.at !== null && row?.at !== undefined && kernel.clock.now().getTime() - Date.parse(row.at) <= freshFor
} // prettier-ignore

/** A reader's rights as units, and what reaches beyond them: his own rows, a filter of its own. Null where they cannot be parted so. */
function reachOf(rights: Filter | null, unit: string): { within: Filter | null; beyond: Filter | null } | null {
  if (!rights) return { within: null, beyond: null }
  const parts = 'or' in rights ? rights.or : [rights]
  const isOnUnit = (part: Filter) => pathsOf(part).length > 0 && pathsOf(part).every((path) => path === unit)
  const within = parts.filter(isOnUnit)
  const others = parts.filter((part) => !isOnUnit(part))
  if (within.length === 0) return null
  const inUnits: Filter = { or: within }
  return { within: inUnits, beyond: others.length ? both({ or: others }, not(inUnits)) : null }
}
/** The units that pass these conditions; null where there are none to pass. */
function unitsOf(kernel: Kernel, ctx: Context, { unit }: RollUp, c: CompiledResource, filters: readonly Filter[]): { ids: string[]; hasNone: boolean } | null {
  if (filters.length === 0) return null
  const world = { ...kernel.world(ctx), read: (record: Readonly<Record<string, unknown>>, path: string) => record[path], fieldAt: () => c.r.fields[unit] }
  const passes = (id: string | null) => filters.every((filter) => matches(filter, { [unit]: id }, world))
  return { ids: [...ctx.directory.units.keys()].filter(passes), hasNone: passes(null) }
} // prettier-ignore
