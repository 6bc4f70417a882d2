import type { Filter, FlowDesignItem } from '#model'
import type { Flow } from '#kernel/model/flow/index.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import { currentVersion, hashOf } from '../in-force.ts'
import { allDesigns, type DesignRow } from './drafts.ts'
import { typesOf } from './prove.ts'

/** Every flow: the program's, those that the hospital changed, and its own, drawn or in force. */
export async function listDesigns(kernel: Kernel, ctx: Context): Promise<FlowDesignItem[]> {
  const designs = new Map((await allDesigns(ctx)).map((row) => [row.flow, row]))
  const names = [...new Set([...kernel.defs.flows.keys(), ...designs.keys()])]
  const [bound, running] = [await boundTo(ctx), await runningUnder(ctx)]
  const items: FlowDesignItem[] = []
  for (const name of names) {
    const item = await itemOf(kernel, ctx, name, designs.get(name) ?? null)
    const types = [...item.resources, ...(bound.get(name) ?? []).flatMap((resource) => labelled(kernel, resource))]
    items.push({ ...item, resources: [...new Map(types.map((type) => [type.name, type])).values()], running: running.get(name) ?? 0 })
  }
  return items
}
/** One flow as the list shows it. */
export async function designItem(kernel: Kernel, ctx: Context, flow: string): Promise<FlowDesignItem> {
  return (await listDesigns(kernel, ctx)).find((item) => item.flow === flow)!
}

async function itemOf(kernel: Kernel, ctx: Context, name: string, row: DesignRow | null): Promise<FlowDesignItem> {
  const isKnown = kernel.defs.flows.has(name) || row?.in_force != null
  const current = isKnown ? await currentVersion(kernel, ctx, name) : null
  const definition = current?.definition ?? row!.draft!
  const settings = await currentSettings(kernel, ctx.db)
  const published = row?.in_force ? await publishedAs(ctx, name, row.in_force) : null
  return {
    flow: name,
    label: fillLabel(definition.label, settings),
    from: row && (row.in_force !== null || !kernel.defs.flows.has(name)) ? 'hospital' : 'program',
    programChanged: isProgramChanged(kernel, row),
    resources: typesOf(kernel, name, row?.resource ?? '').map(({ name: type, label }) => ({ name: type, label })),
    version: current?.version ?? null,
    publishedAt: published?.at ?? null,
    publishedBy: published && ctx.directory.nameOf(published.by),
    draft: row?.draft ? { revision: row.revision, at: row.at, by: ctx.directory.nameOf(row.by) } : null,
    running: 0,
  }
}
/** The hash of what the program itself declares; null for a flow of the hospital's own. */
export function programHash(kernel: Kernel, flow: string): string | null {
  const declared: Flow<Filter> | undefined = kernel.defs.flows.get(flow)
  return declared ? hashOf(JSON.stringify(declared)) : null
}
const isProgramChanged = (kernel: Kernel, row: DesignRow | null): boolean =>
  row !== null && row.in_force !== null && row.program_hash !== null && row.program_hash !== programHash(kernel, row.flow)

async function publishedAs(ctx: Context, flow: string, version: number): Promise<{ at: string; by: string | null }> {
  const [row] = await ctx.db.query<{ at: string; by: string | null }>(`SELECT at, by FROM kernel.flow_definition WHERE name = $1 AND version = $2`, [flow, version]) // prettier-ignore
  return row!
}
const labelled = (kernel: Kernel, name: string): { name: string; label: string }[] => {
  const found = kernel.defs.resources.get(name)
  return found ? [{ name, label: found.label }] : []
}
async function boundTo(ctx: Context): Promise<Map<string, string[]>> {
  const rows = await ctx.db.query<{ flow: string; resources: string[] }>(
    `SELECT flow, array_agg(DISTINCT resource) AS resources FROM kernel.flow_binding GROUP BY flow`,
  )
  return new Map(rows.map(({ flow, resources }) => [flow, resources]))
}
async function runningUnder(ctx: Context): Promise<Map<string, number>> {
  const rows = await ctx.db.query<{ flow: string; running: number }>(
    `SELECT flow, count(*)::int AS running FROM kernel.flow_instance WHERE ended_at IS NULL GROUP BY flow`,
  )
  return new Map(rows.map(({ flow, running }) => [flow, running]))
}
