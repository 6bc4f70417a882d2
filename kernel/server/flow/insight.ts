import {
  addDays,
  daysBetween,
  Refusal,
  startOfDay,
  type Day,
  type Filter,
  type FlowInsight,
  type FlowInsightFlow,
  type FlowInsightPerson,
  type FlowInsightStep,
  type FlowInsightWaiting,
  type Settings,
} from '#model'
import { findHandled, planOf, type Flow } from '#kernel/model/flow/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { definitionOf } from './instances.ts'
import { maySee } from './reading.ts'

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

/** So many are listed. */
const most = { people: 100, paths: 10, stuck: 20 } as const

/** Where approvals wait, at which step and with whom, which ways they take, what comes back, and what has waited longest. Of a request nothing is told but its number and where it waits. */
export async function flowInsight(kernel: Kernel, ctx: Context, { from, to, flow }: InsightQuestion): Promise<FlowInsight> {
  if (daysBetween(from, to) > longestDays) throw new Refusal('badRequest', '一次最多看一年')
  const span = [startOfDay(from).toISOString(), startOfDay(addDays(to, 1)).toISOString(), flow]
  const now = ctx.clock.now().toISOString()
  const names = new Names(kernel, ctx, await currentSettings(kernel, ctx.db))
  const [flows, steps, people, paths, stuck] = await Promise.all([
    flowsOf(ctx, names, span.slice(0, 2) as string[]),
    flow === null ? [] : stepsOf(ctx, names, flow, [...span, now]),
    peopleOf(ctx, [...span, now]),
    flow === null ? [] : pathsOf(ctx, names, flow, span),
    longest(kernel, ctx, names, flow),
  ])
  const lists = { people, paths, stuck }
  return {
    flows,
    steps,
    people: people.slice(0, most.people),
    paths: paths.slice(0, most.paths),
    stuck: stuck.slice(0, most.stuck),
    flowLabel: flow === null ? null : await names.flow(flow),
    cut: (Object.keys(most) as (keyof typeof most)[]).filter((key) => lists[key].length > most[key]),
  }
}

/** Flows and steps as the newest version that has them calls them. */
class Names {
  readonly #kernel: Kernel
  readonly #ctx: Context
  readonly #settings: Settings
  readonly #versions = new Map<string, Promise<{ version: number }[]>>()
  constructor(kernel: Kernel, ctx: Context, settings: Settings) {
    this.#kernel = kernel
    this.#ctx = ctx
    this.#settings = settings
  }
  async *#definitions(flow: string): AsyncGenerator<Flow<Filter>> {
    let versions = this.#versions.get(flow)
    if (!versions) {
      versions = this.#ctx.db.query<{ version: number }>(`SELECT version FROM kernel.flow_definition WHERE name = $1 ORDER BY version DESC`, [flow]) // prettier-ignore
      this.#versions.set(flow, versions)
    }
    for (const { version } of await versions) yield definitionOf(this.#kernel, this.#ctx.db, flow, version)
  }
  async flow(name: string): Promise<string> {
    for await (const { label } of this.#definitions(name)) return fillLabel(label, this.#settings)
    return name
  }
  async step(flow: string, key: string): Promise<string> {
    for await (const definition of this.#definitions(flow)) {
      const found = findHandled(planOf(definition), key)
      if (found) return fillLabel(found.label, this.#settings)
    }
    return key
  }
}

async function flowsOf(ctx: Context, names: Names, span: readonly string[]): Promise<FlowInsightFlow[]> {
  const took = `extract(epoch FROM f.ended_at - f.started_at) / 60`
  const rows = await ctx.db.query<Omit<FlowInsightFlow, 'label'> & object>(
    `SELECT f.flow, count(*)::int AS started, count(*) FILTER (WHERE f.ended_at IS NULL)::int AS running, count(*) FILTER (WHERE f.status = 'approved')::int AS approved,
       count(*) FILTER (WHERE f.status = 'refused')::int AS refused, count(*) FILTER (WHERE f.status IN ('withdrawn', 'terminated'))::int AS withdrawn,
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM kernel.flow_log l WHERE l.instance = f.id AND l.events @> '[{"type": "returned"}]'))::int AS returned,
       ${part(0.5, took)} AS "medianHours", ${part(0.9, took)} AS "slowHours"
     FROM kernel.flow_instance f WHERE f.started_at >= $1 AND f.started_at < $2 GROUP BY f.flow ORDER BY started DESC`,
    [...span],
  )
  return Promise.all(rows.map(async (row) => ({ ...row, label: await names.flow(row.flow) })))
}
async function stepsOf(ctx: Context, names: Names, flow: string, values: readonly unknown[]): Promise<FlowInsightStep[]> {
  const rows = await ctx.db.query<Omit<FlowInsightStep, 'label'> & object>(`SELECT t.step, ${waiting} FROM ${tasks} GROUP BY t.step ORDER BY min(t.opened_at - f.started_at)`, [...values]) // prettier-ignore
  return Promise.all(rows.map(async (row) => ({ ...row, label: await names.step(flow, row.step) })))
}
async function peopleOf({ db, directory }: Context, values: readonly unknown[]): Promise<FlowInsightPerson[]> {
  const rows = await db.query<Omit<FlowInsightPerson, 'personName' | 'unitName'> & object>(
    `SELECT t.person, ${waiting} FROM ${tasks} GROUP BY t.person ORDER BY open DESC, done DESC LIMIT ${most.people + 1}`,
    [...values],
  )
  const unitOf = (person: string): string => directory.units.get(directory.people.get(person)?.unit ?? '')?.name ?? ''
  return rows.map((row) => ({ ...row, personName: directory.nameOf(row.person), unitName: unitOf(row.person) }))
}
/** Which steps a request went through, each at its first decision; the commonest ways. */
async function pathsOf(ctx: Context, names: Names, flow: string, span: readonly unknown[]): Promise<FlowInsight['paths']> {
  const rows = await ctx.db.query<{ steps: string[]; count: number }>(
    `SELECT steps, count(*)::int AS count FROM (
       SELECT array_agg(step ORDER BY at, step) AS steps FROM (
         SELECT f.id, t.step, min(t.closed_at) AS at FROM ${tasks} AND t.state = 'done' AND f.ended_at IS NOT NULL GROUP BY f.id, t.step) first GROUP BY id) ways
     GROUP BY steps ORDER BY count DESC, steps LIMIT ${most.paths + 1}`,
    [...span],
  )
  return Promise.all(
    rows.map(async ({ steps, count }) => ({ steps: await Promise.all(steps.map((step) => names.step(flow, step))), count })),
  )
}
/** Of what runs, whenever it began. */
async function longest(kernel: Kernel, ctx: Context, names: Names, flow: string | null): Promise<FlowInsightWaiting[]> {
  const rows = await ctx.db.query<{ instance: string; number: string; flow: string; step: string; people: string[]; since: string }>(
    `SELECT f.id AS instance, f.number, f.flow, t.step, array_agg(DISTINCT t.person) AS people, min(t.opened_at) AS since
     FROM kernel.flow_instance f JOIN kernel.flow_task t ON t.instance = f.id AND t.state = 'open' AND t.kind IN ('decide', 'fill', 'seal', 'claim')
     WHERE f.ended_at IS NULL AND ($1::text IS NULL OR f.flow = $1) GROUP BY f.id, t.step ORDER BY since LIMIT ${most.stuck + 1}`,
    [flow],
  )
  return Promise.all(
    rows.map(async ({ step, people, flow: name, ...row }) => ({
      ...row,
      flowLabel: await names.flow(name),
      stepLabel: await names.step(name, step),
      people: people.map((one) => ctx.directory.nameOf(one)),
      mayOpen: await maySee(kernel, ctx, row.instance),
    })),
  )
}
