import type { Filter, FlowDesignItem } from '#model'
import type { Flow } from '#kernel/model/flow/index.ts'
import type { Context } from '../../context.ts'
import type { Kernel } from '../../kernel.ts'
import { currentSettings, fillLabel } from '../../settings.ts'
import { allInForce, hashOf } from '../in-force.ts'
import { allDesigns, findDesign, isOwn, type DesignRow } from './drafts.ts'
import { typesOf } from './prove.ts'

/** Every flow: the program's, those that the hospital changed, and its own, drawn or in force. */
export async function listDesigns(kernel: Kernel, ctx: Context): Promise<FlowDesignItem[]> {
  const designs = await allDesigns(ctx)
  return itemsOf(kernel, ctx, [...new Set([...kernel.defs.flows.keys(), ...designs.map(({ flow }) => flow)])], designs)
}
/** One flow as the list shows it. */
export async function designItem(kernel: Kernel, ctx: Context, flow: string): Promise<FlowDesignItem> {
  const row = await findDesign(ctx, flow)
  return (await itemsOf(kernel, ctx, [flow], row ? [row] : []))[0]!
}

async function itemsOf(kernel: Kernel, ctx: Context, names: readonly string[], designs: readonly DesignRow[]): Promise<FlowDesignItem[]> {
  const drawn = new Map(designs.map((row) => [row.flow, row]))
  const counting = names.filter((name) => !isOwn(kernel, name) || drawn.get(name)!.in_force !== null)
  const standing = await allInForce(kernel, ctx, counting)
  const current = new Map(counting.map((name, at) => [name, standing[at]!]))
  const settings = await currentSettings(kernel, ctx.db)
  const [bound, running] = [await boundTo(ctx, names), await runningUnder(ctx, names)]
  return names.map((name) => {
    const row = drawn.get(name) ?? null
    const now = current.get(name)
    const types = [...typesOf(kernel, name, row?.resource ?? ''), ...(bound.get(name) ?? []).flatMap((type) => kernel.defs.resources.get(type) ?? [])]
    return {
      flow: name,
      label: fillLabel((now?.definition ?? row!.draft!).label, settings),
      from: isOwn(kernel, name) ? 'hospital' : now!.source,
      programChanged: isProgramChanged(kernel, row),
      resources: [...new Set(types)].map(({ name: type, label }) => ({ name: type, label })),
      // What is not stored yet has the next number, as soon as it is asked for.
      version: now ? (now.version ?? now.newest + 1) : null,
      publishedAt: now?.published?.at ?? null,
      publishedBy: now?.published ? ctx.directory.nameOf(now.published.by) : null,
      draft: row?.draft ? { revision: row.revision, at: row.at, by: ctx.directory.nameOf(row.by) } : null,
      running: running.get(name) ?? 0,
    }
  })
} // prettier-ignore
/** The hash of what the program itself declares; null for a flow of the hospital's own. */
export function programHash(kernel: Kernel, flow: string): string | null {
  const declared: Flow<Filter> | undefined = kernel.defs.flows.get(flow)
  return declared ? hashOf(JSON.stringify(declared)) : null
}
const isProgramChanged = (kernel: Kernel, row: DesignRow | null): boolean =>
  row !== null && row.in_force !== null && row.program_hash !== null && row.program_hash !== programHash(kernel, row.flow)

async function boundTo(ctx: Context, flows: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await ctx.db.query<{ flow: string; resources: string[] }>(
    `SELECT flow, array_agg(DISTINCT resource) AS resources FROM kernel.flow_binding WHERE flow = ANY ($1) GROUP BY flow`,
    [flows],
  )
  return new Map(rows.map(({ flow, resources }) => [flow, resources]))
}
async function runningUnder(ctx: Context, flows: readonly string[]): Promise<Map<string, number>> {
  const rows = await ctx.db.query<{ flow: string; running: number }>(
    `SELECT flow, count(*)::int AS running FROM kernel.flow_instance WHERE ended_at IS NULL AND flow = ANY ($1) GROUP BY flow`,
    [flows],
  )
  return new Map(rows.map(({ flow, running }) => [flow, running]))
}
