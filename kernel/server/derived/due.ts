import type { ApiRecord, Definitions } from '#model'
import type { Context } from '../context.ts'
import type { Queryable } from '../database/database.ts'
import { repeatEvery } from '../jobs/outbox.ts'
import type { Kernel } from '../kernel.ts'
import { idOf, tableOf } from '../store/naming.ts'
import { searchKeys } from '../store/schema.ts'
import { derive, pointingHere, roundsOf, settle } from './derive.ts'
import { recompute, recomputeSearch } from './recompute.ts'
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
    const ids = one ? await pageOf(ctx, one, due) : await pageOfOwn(kernel, ctx, due)
    if (!one && ids.length) await refill(kernel, ctx, due, ids)
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
/** What a record keeps of its own fields: a formula, or (field empty) what it is searched by. */
async function pageOfOwn(kernel: Kernel, ctx: Context, { resource, field, after }: DueRow): Promise<string[]> {
  const r = kernel.defs.resources.get(resource)
  if (!r || (field !== searchedBy && r.fields[field]?.kind !== 'formula')) return []
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT t.id FROM ${tableOf(r.table)} t WHERE $1::uuid IS NULL OR t.id > $1::uuid ORDER BY t.id LIMIT ${page} FOR NO KEY UPDATE`,
    [after],
  )
  return rows.map((row) => row.id)
}
async function refill(kernel: Kernel, ctx: Context, { resource, field }: DueRow, ids: readonly string[]): Promise<void> {
  if (field === searchedBy) return recomputeSearch(kernel, ctx, resource, ids)
  await recompute(kernel, ctx, resource, [field], ids)
  // What others keep from it follows.
  await derive(kernel, ctx, { table: kernel.defs.resource(resource).table, ids, keys: [field], waits: true })
}
async function pageOf(ctx: Context, one: Kept, { through, sources, after }: DueRow): Promise<string[]> {
  if (through !== null && one.kind === 'lookup' && one.hops[through]) return pointingHere(ctx, one, through, sources ?? [], after, page)
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT t.id FROM ${one.sql} t WHERE ($1::uuid[] IS NULL OR t.id = ANY($1::uuid[])) AND ($2::uuid IS NULL OR t.id > $2::uuid) ORDER BY t.id LIMIT ${page}`,
    [sources, after],
  )
  return rows.map((row) => row.id)
}

/** Looks twice a second for what is left. */
export const startDeriving = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(500, () => workAll(kernel), onError)
async function workAll(kernel: Kernel): Promise<void> {
  await roundsOf(kernel).next()
  const [due] = await kernel.db.aside.query(`SELECT 1 FROM kernel.derived_due LIMIT 1`)
  while (due && (await workDue(kernel)));
}

/** Says of records which of their values are still being worked out. */
export async function markComputing(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  resource: string,
  records: readonly ApiRecord[],
): Promise<void> {
  const { table } = kernel.defs.resource(resource)
  if (records.length === 0) return
  const seenAs = [...kernel.defs.resources.values()].filter((r) => r.table === table)
  if (!seenAs.some(({ fields }) => Object.values(fields).some((field) => field.derived || field.kind === 'formula'))) return
  const names = seenAs.map((r) => r.name)
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

// In place of a field's name.
const searchedBy = ''
/**
 * After a change of definitions: what is new or defined otherwise is worked out for all records. Where nobody has kept count of formulas and search
 * texts yet, they stand in the rows as they were when those were written: they are counted from now on, not worked out once more.
 */
export async function noteDefinitions(db: Queryable, defs: Definitions): Promise<void> {
  const rows = await db.once<{ resource: string; field: string; definition: string }>(
    `SELECT resource, field, definition FROM kernel.derived_known`,
  )
  const known = new Map(rows.map(({ resource, field, definition }) => [`${resource}.${field}`, definition]))
  const isCounted = rows.some(({ field }) => field === searchedBy)
  for (const { resource, field, definition, isOwn } of keptBy(defs)) {
    if (known.get(`${resource}.${field}`) === definition) continue
    await db.once(
      `WITH kept AS (INSERT INTO kernel.derived_known VALUES ($1, $2, $3) ON CONFLICT (resource, field) DO UPDATE SET definition = excluded.definition)
       INSERT INTO kernel.derived_due (resource, field, at) SELECT $1, $2, statement_timestamp() WHERE $4 AND EXISTS (SELECT 1 FROM ${tableOf(defs.resource(resource).table)})`,
      [resource, field, definition, isCounted || !isOwn],
    )
  }
}
/** All that is worked out of other values and stored, with the text that says how; of the record's own values, or of others'. */
function keptBy(defs: Definitions): { resource: string; field: string; definition: string; isOwn: boolean }[] {
  const formulas = [...defs.resources.values()].flatMap((r) =>
    Object.entries(r.ownFields).flatMap(([field, { kind, options }]) =>
      kind === 'formula' ? [{ resource: r.name, field, definition: (options as { expression: string }).expression, isOwn: true }] : [],
    ),
  )
  const searched = [...defs.tables].flatMap(([resource, fields]) => {
    const keys = searchKeys(fields)
    return keys.length ? [{ resource, field: searchedBy, definition: keys.map((key) => idOf(key, fields[key]!)).join(), isOwn: true }] : []
  })
  const derived = derivedPlan(defs).kept.map(({ resource, key, field }) => ({
    resource,
    field: key,
    definition: JSON.stringify(field.derived),
    isOwn: false,
  }))
  return [...derived, ...formulas, ...searched]
}
