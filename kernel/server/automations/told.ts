import type { Context } from '../context.ts'
import { runIn } from './origin.ts'

/** The automations behind entries of a history, by the door through which they wrote. */
export async function automationsIn(ctx: Pick<Context, 'db'>, entries: readonly { origin: string }[]): Promise<ReadonlyMap<string, string>> {
  const runs = new Map(entries.flatMap(({ origin }) => (runIn(origin) === null ? [] : [[runIn(origin)!, origin] as const])))
  if (runs.size === 0) return new Map()
  const found = await ctx.db.query<{ id: string; label: string }>(`SELECT id, label FROM kernel.automation_run WHERE id = ANY($1::uuid[])`, [[...runs.keys()]])
  const labels = new Map(found.map(({ id, label }) => [id, label]))
  // Of runs that are no longer kept only that it was an automation is known.
  return new Map([...runs].map(([id, origin]) => [origin, labels.get(id) ?? '']))
} // prettier-ignore
