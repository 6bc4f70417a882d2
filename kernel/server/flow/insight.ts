import {
  addDays,
  daysBetween,
  Refusal,
  startOfDay,
  type Day,
  type FlowInsight,
  type FlowInsightFlow,
  type FlowInsightPerson,
  type FlowInsightStep,
  type FlowInsightWaiting,
  type Settings,
} from '#model'
import { findHandled, planOf } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { definitionOf } from './instances.ts'

export interface InsightQuestion {
  from: Day
  to: Day
  flow: string | null
}
const longestDays = 366
/** Minutes of the clock become hours with one decimal. */
const hours = (minutes: string) => `round((${minutes} / 60)::numeric, 1)::float8`
const part = (share: number, of: string) => hours(`percentile_cont(${share}) WITHIN GROUP (ORDER BY ${of})`)
const waited = `extract(epoch FROM t.closed_at - t.opened_at) / 60`
const done = `t.state = 'done'`
const waiting = `count(*) FILTER (WHERE ${done})::int AS done, count(*) FILTER (WHERE t.state = 'open')::int AS open,
  ${part(0.5, `CASE WHEN ${done} THEN ${waited} END`)} AS "medianHours", ${part(0.9, `CASE WHEN ${done} THEN ${waited} END`)} AS "slowHours",
  count(*) FILTER (WHERE t.due IS NOT NULL AND coalesce(t.closed_at, $4::timestamptz) > t.due)::int AS late`
/** Tasks at which people decide, of what began in the span: $1 to $2, flow $3 (null: every); $4 is now. */
const tasks = `kernel.flow_instance f JOIN kernel.flow_task t ON t.instance = f.id AND t.kind IN ('decide', 'fill', 'seal') AND t.state IN ('open', 'done')
  WHERE f.started_at >= $1 AND f.started_at < $2 AND ($3::text IS NULL OR f.flow = $3)`

/** Where approvals wait, at which step and with whom, which ways they take, what comes back, and what has waited longest. Names nobody's request. */
export async function flowInsight(kernel: Kernel, ctx: Context, { from, to, flow }: InsightQuestion): Promise<FlowInsight> {
  if (daysBetween(from, to) > longestDays) throw new Refusal('badRequest', '一次最多看一年')
  const span = [startOfDay(from).toISOString(), startOfDay(addDays(to, 1)).toISOString(), flow]
  const now = ctx.clock.now().toISOString()
  const settings = await currentSettings(kernel, ctx.db)
  const [flows, steps, people, paths, stuck] = await Promise.all([
    flowsOf(kernel, ctx, settings, span.slice(0, 2) as string[]),
    flow === null ? [] : stepsOf(kernel, ctx, settings, [...span, now]),
    ctx.db.query<Omit<FlowInsightPerson, 'personName' | 'unitName'> & object>(`SELECT t.person, ${waiting} FROM ${tasks} GROUP BY t.person ORDER BY open DESC, done DESC LIMIT 100`, [...span, now]),
    flow === null ? [] : pathsOf(kernel, ctx, settings, span),
    longest(kernel, ctx, settings, flow),
  ])
  const { directory } = ctx
  const named = people.map((one) => ({ ...one, personName: directory.nameOf(one.person), unitName: directory.units.get(directory.people.get(one.person)?.unit ?? '')?.name ?? '' }))
  return { flows, steps, people: named, paths, stuck }
} // prettier-ignore

async function flowsOf(kernel: Kernel, ctx: Context, settings: Settings, span: readonly string[]): Promise<FlowInsightFlow[]> {
  const took = `extract(epoch FROM f.ended_at - f.started_at) / 60`
  const rows = await ctx.db.query<Omit<FlowInsightFlow, 'label'> & { version: number }>(
    `SELECT f.flow, max(f.flow_version) AS version, count(*)::int AS started, count(*) FILTER (WHERE f.ended_at IS NULL)::int AS running, count(*) FILTER (WHERE f.status = 'approved')::int AS approved,
       count(*) FILTER (WHERE f.status = 'refused')::int AS refused, count(*) FILTER (WHERE f.status IN ('withdrawn', 'terminated'))::int AS withdrawn,
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM kernel.flow_log l WHERE l.instance = f.id AND l.events @> '[{"type": "returned"}]'))::int AS returned,
       ${part(0.5, took)} AS "medianHours", ${part(0.9, took)} AS "slowHours"
     FROM kernel.flow_instance f WHERE f.started_at >= $1 AND f.started_at < $2 GROUP BY f.flow ORDER BY started DESC`,
    [...span],
  )
  return Promise.all(rows.map(async ({ version, ...row }) => ({ ...row, label: fillLabel((await definitionOf(kernel, ctx.db, row.flow, version)).label, settings) })))
} // prettier-ignore

/** Steps are named as the newest version names them. */
async function namer(kernel: Kernel, ctx: Context, settings: Settings, flow: string): Promise<(step: string) => string> {
  const [newest] = await ctx.db.query<{ version: number }>(`SELECT max(version) AS version FROM kernel.flow_definition WHERE name = $1`, [
    flow,
  ])
  const plan = newest?.version ? planOf(await definitionOf(kernel, ctx.db, flow, newest.version)) : null
  return (step) => fillLabel((plan && findHandled(plan, step)?.label) ?? step, settings)
}
async function stepsOf(kernel: Kernel, ctx: Context, settings: Settings, values: readonly unknown[]): Promise<FlowInsightStep[]> {
  const label = await namer(kernel, ctx, settings, values[2] as string)
  const rows = await ctx.db.query<Omit<FlowInsightStep, 'label'> & object>(`SELECT t.step, ${waiting} FROM ${tasks} GROUP BY t.step ORDER BY min(t.opened_at - f.started_at)`, [...values]) // prettier-ignore
  return rows.map((row) => ({ ...row, label: label(row.step) }))
}
/** Which steps a request went through, each at its first decision; the commonest ways. */
async function pathsOf(kernel: Kernel, ctx: Context, settings: Settings, span: readonly unknown[]): Promise<FlowInsight['paths']> {
  const label = await namer(kernel, ctx, settings, span[2] as string)
  const rows = await ctx.db.query<{ steps: string[]; count: number }>(
    `SELECT steps, count(*)::int AS count FROM (
       SELECT array_agg(step ORDER BY at, step) AS steps FROM (
         SELECT f.id, t.step, min(t.closed_at) AS at FROM ${tasks} AND t.state = 'done' AND f.ended_at IS NOT NULL GROUP BY f.id, t.step) first GROUP BY id) ways
     GROUP BY steps ORDER BY count DESC, steps LIMIT 10`,
    [...span],
  )
  return rows.map(({ steps, count }) => ({ steps: steps.map(label), count }))
}
/** Of what runs, whenever it began. */
async function longest(kernel: Kernel, ctx: Context, settings: Settings, flow: string | null): Promise<FlowInsightWaiting[]> {
  const rows = await ctx.db.query<{
    instance: string
    number: string
    flow: string
    version: number
    step: string
    people: string[]
    since: string
  }>(
    `SELECT f.id AS instance, f.number, f.flow, f.flow_version AS version, t.step, array_agg(DISTINCT t.person) AS people, min(t.opened_at) AS since
     FROM kernel.flow_instance f JOIN kernel.flow_task t ON t.instance = f.id AND t.state = 'open' AND t.kind IN ('decide', 'fill', 'seal', 'claim')
     WHERE f.ended_at IS NULL AND ($1::text IS NULL OR f.flow = $1) GROUP BY f.id, t.step ORDER BY since LIMIT 20`,
    [flow],
  )
  return Promise.all(
    rows.map(async ({ version, step, people, flow: name, ...row }) => {
      const definition = await definitionOf(kernel, ctx.db, name, version)
      const stepLabel = fillLabel(findHandled(planOf(definition), step)?.label ?? step, settings)
      return { ...row, flowLabel: fillLabel(definition.label, settings), stepLabel, people: people.map((one) => ctx.directory.nameOf(one)) }
    }),
  )
}
