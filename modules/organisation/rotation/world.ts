import type { ApiRecord } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { gridOf, mostAtOnce, neededPeriods, overlaps, periodsOf, type Grid, type RotationSetup, type RotationUnit, type RotationWorld, type Run, type Span, type Step } from './rotation.rules.ts' // prettier-ignore

/** A plan with all that its table is judged by. */
export interface Known {
  setup: RotationSetup
  spans: Span[]
  world: RotationWorld
  grid: Grid
}
type UnitRow = RotationUnit & { mentor: string | null }
export const unitsOf = (plan: ApiRecord): UnitRow[] => (plan['units'] ?? []) as UnitRow[]
export const peopleOf = (plan: ApiRecord): string[] => ((plan['people'] ?? []) as { person: string }[]).map(({ person }) => person)
const cellsOf = (plan: ApiRecord): (Run & { person: string })[] => (plan['cells'] ?? []) as (Run & { person: string })[]
export const countOf = (plan: ApiRecord): number =>
  (plan['periods'] as number | null) ?? neededPeriods(unitsOf(plan), (plan['electives'] as number | null) ?? 0)

export async function known(ctx: Context, plan: ApiRecord): Promise<Known> {
  const [units, people, periods] = [unitsOf(plan), peopleOf(plan), countOf(plan)]
  const spans = periodsOf(plan['from'] as string, plan['step'] as Step, periods)
  const grid = gridOf(people, periods, cellsOf(plan))
  const whole = { from: spans[0]?.from ?? '', to: spans.at(-1)?.to ?? '' }
  const unitIds = [...new Set([...units.map(({ unit }) => unit), ...Object.values(grid).flatMap((cells) => cells.filter((one) => one !== null))])]
  const world = spans.length ? await worldOf(ctx, plan.id, people, unitIds, whole) : { people: {}, units: {} }
  const setup: RotationSetup = {
    units: units.map(({ unit, periods: length, capacity, kind }) => ({ unit, periods: length, capacity, kind })),
    people, periods,
    electives: (plan['electives'] as number | null) ?? 0,
    order: plan['order'] as RotationSetup['order'],
    taken: spans.length ? await takenOf(ctx, plan.id, unitIds, spans) : {},
    blocked: Object.fromEntries(people.map((id) => [id, spans.map((span) => (world.people[id]?.busy ?? []).some((one) => overlaps(span, one)))])),
  }
  return { setup, spans, world, grid }
} // prettier-ignore

/** Who is away or elsewhere, and which units are there; away for an unknown time is away to the end. */
async function worldOf(ctx: Context, plan: string, people: readonly string[], units: readonly string[], { from, to }: Span): Promise<RotationWorld> {
  const who = await ctx.db.query<{ id: string; name: string; status: string }>(`SELECT id, name, status FROM directory.person WHERE id = ANY ($1::uuid[])`, [people])
  const where = await ctx.db.query<{ id: string; name: string; from: string | null; to: string | null }>(`SELECT id, name, "from", "to" FROM directory.unit WHERE id = ANY ($1::uuid[])`, [units])
  const busy = await ctx.db.query<Span & { person: string; why: string }>(
    // Indexes: rotation_stay, movement and absence (person, from).
    `SELECT s.person, s."from", s."to", '另有轮转：' || u.name AS why FROM organisation.rotation_stay s JOIN directory.unit u ON u.id = s.unit
      WHERE s.person = ANY ($1::uuid[]) AND s.deleted_at IS NULL AND s.plan IS DISTINCT FROM $2::uuid AND s."from" <= $4::date AND s."to" >= $3::date
     UNION ALL SELECT m.person, m."from", coalesce(m.until, (SELECT min(b."from") - 1 FROM organisation.movement b WHERE b.person = m.person AND b.kind = 'back' AND b.status = 'active' AND b."from" > m."from" AND b.deleted_at IS NULL), $4::date), '离岗'
      FROM organisation.movement m WHERE m.person = ANY ($1::uuid[]) AND m.kind = 'away' AND m.status = 'active' AND m.deleted_at IS NULL AND m."from" <= $4::date AND (m.until IS NULL OR m.until >= $3::date)
     UNION ALL SELECT a.person, a."from", a.until, '将请假外出' FROM organisation.absence a
      WHERE a.person = ANY ($1::uuid[]) AND a.status = 'active' AND a.movement IS NULL AND a.deleted_at IS NULL AND a."from" <= $4::date AND a.until >= $3::date
     UNION ALL SELECT m.person, m."from", $4::date, '已办理离职' FROM organisation.movement m WHERE m.person = ANY ($1::uuid[]) AND m.kind = 'leave' AND m.status = 'active' AND m.deleted_at IS NULL AND m."from" BETWEEN $3::date AND $4::date`,
    [people, plan, from, to],
  )
  return {
    people: Object.fromEntries(who.map(({ id, name, status }) => [id, { name, hasLeft: status === 'left', busy: busy.filter((one) => one.person === id && one.to >= one.from) }])),
    units: Object.fromEntries(where.map(({ id, ...rest }) => [id, rest])),
  }
} // prettier-ignore
/** How many of other plans stand in these units, a figure a period. */
async function takenOf(ctx: Context, plan: string, units: readonly string[], spans: readonly Span[]): Promise<Record<string, number[]>> {
  const stays = await ctx.db.query<Span & { unit: string }>(
    `SELECT unit, "from", "to" FROM organisation.rotation_stay WHERE unit = ANY ($1::uuid[]) AND deleted_at IS NULL AND plan IS DISTINCT FROM $2::uuid AND "from" <= $4::date AND "to" >= $3::date`,
    [units, plan, spans[0]!.from, spans.at(-1)!.to],
  )
  const byUnit = Map.groupBy(stays, ({ unit }) => unit)
  return Object.fromEntries(units.map((unit) => [unit, spans.map((span) => mostAtOnce(span, byUnit.get(unit) ?? []))]))
} // prettier-ignore
