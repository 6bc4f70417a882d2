import type { ApiRecord, Definitions } from '#model'
import type { Context } from '../context.ts'
import type { Database, Queryable } from '../database/database.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { derive, pointingHere, roundsOf, settle } from './derive.ts'
import { derivedPlan, type Kept } from './plan.ts'

interface DueRow {
  id: number
  resource: string
  field: string
  through: number | null
  sources: string[] | null
  after: string | null
}
const page = 500

/** Works out what acts have left: a page a transaction, so that nobody waits long for a record. Answers whether there was anything. */
export async function workDue(kernel: Kernel): Promise<boolean> {
  const system = await kernel.context({ kind: 'system', reason: '汇总计算' }, 'job')
  return kernel.transaction(system, async (ctx) => {
    const [due] = await ctx.db.query<DueRow>(
      `SELECT id, resource, field, through, sources, after FROM kernel.derived_due ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    )
    if (!due) return false
    const one = derivedPlan(kernel.defs).kept.find(({ resource, key }) => resource === due.resource && key === due.field)
    const ids = one ? await pageOf(ctx, one, due) : []
    if (one && ids.length) {
      const moved = new Map()
      await settle(kernel, ctx, [one], ids, moved)
      // What is kept from what has just moved follows, or is left in its turn.
      const change = moved.get(one.table) as { ids: Set<string>; keys: Set<string> } | undefined
      if (change) await derive(kernel, ctx, { table: one.table, ids: [...change.ids], keys: [...change.keys], waits: true })
    }
    if (ids.length < page) await ctx.db.query(`DELETE FROM kernel.derived_due WHERE id = $1`, [due.id])
    else await ctx.db.query(`UPDATE kernel.derived_due SET after = $2::uuid WHERE id = $1`, [due.id, ids.at(-1)])
    return true
  })
}
async function pageOf(ctx: Context, one: Kept, { through, sources, after }: DueRow): Promise<string[]> {
  if (through !== null && one.kind === 'lookup' && one.hops[through]) return pointingHere(ctx, one, through, sources ?? [], after, page)
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT t.id FROM ${one.sql} t WHERE ($1::uuid[] IS NULL OR t.id = ANY($1::uuid[])) AND ($2::uuid IS NULL OR t.id > $2::uuid) ORDER BY t.id LIMIT ${page}`,
    [sources, after],
  )
  return rows.map((row) => row.id)
}

/** Looks twice a second for what is left; where nothing is kept from other records there is nothing to look for. */
export const startDeriving = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>) =>
  derivedPlan(kernel.defs).kept.length ? repeatEvery(500, () => workAll(kernel), onError) : () => Promise.resolve()
async function workAll(kernel: Kernel): Promise<void> {
  await roundsOf(kernel).next()
  while (await workDue(kernel));
}

/** Says of records which of their values are still being worked out. */
export async function markComputing(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  resource: string,
  records: readonly ApiRecord[],
): Promise<void> {
  const { table } = kernel.defs.resource(resource)
  if (!derivedPlan(kernel.defs).keeping.has(table) || records.length === 0) return
  const names = [...kernel.defs.resources.values()].filter((r) => r.table === table).map((r) => r.name)
  const due = await ctx.db.query<Pick<DueRow, 'field' | 'through' | 'sources'>>(
    `SELECT field, through, sources FROM kernel.derived_due WHERE resource = ANY($1::text[])`,
    [names],
  )
  for (const record of due.length ? records : []) {
    // Of a lookup put off by its source it is not known yet which records it concerns: it may be any.
    const fields = due
      .filter(({ through, sources }) => through !== null || sources === null || sources.includes(record.id))
      .map((one) => one.field)
    if (fields.length) record.computing = [...new Set(fields)]
  }
}

/** After a change of definitions: what is new or defined otherwise is worked out for all records. Runs with the migrator's rights. */
export async function noteDefinitions(db: Database, defs: Definitions): Promise<void> {
  const known = new Map((await db.once<{ at: string; definition: string }>(`SELECT resource || '.' || field AS at, definition FROM kernel.derived_known`)).map((row) => [row.at, row.definition])) // prettier-ignore
  for (const one of derivedPlan(defs).kept) {
    const definition = JSON.stringify(one.field.derived)
    if (known.get(`${one.resource}.${one.key}`) === definition) continue
    await db.transaction(async (tx) => {
      await note(tx, one, definition)
    })
  }
}
async function note(tx: Queryable, one: Kept, definition: string): Promise<void> {
  await tx.once(
    `INSERT INTO kernel.derived_known VALUES ($1, $2, $3) ON CONFLICT (resource, field) DO UPDATE SET definition = excluded.definition`,
    [one.resource, one.key, definition],
  )
  await tx.once(
    `INSERT INTO kernel.derived_due (resource, field, at) SELECT $1, $2, statement_timestamp() WHERE EXISTS (SELECT 1 FROM ${one.sql})`,
    [one.resource, one.key],
  )
}
