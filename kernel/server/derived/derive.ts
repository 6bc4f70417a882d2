import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { holdCaps, isCapped } from '../limits/caps.ts'
import { Statement } from '../store/sql.ts'
import { derivedPlan, togetherIn, type Kept, type Lookup, type RollUp } from './plan.ts'
import { recompute } from './recompute.ts'
import { Rounds } from './rounds.ts'

/** Up to so many records are worked out within the act; more wait for a job. */
export const mostAtOnce = 100

/** What an act has written. */
export interface Written {
  /** Owner of the table. */
  table: string
  ids: readonly string[]
  /** Nobody points at them yet, nobody else can see them. */
  isNew?: boolean
  /** The keys that changed; all when absent (made, deleted, restored, its state moved). */
  keys?: readonly string[]
  /** The records before: what they named then is concerned, too. */
  before?: readonly Readonly<Record<string, unknown>>[]
  /** The records as they were written, where they are at hand: what they name need not be read again. */
  after?: readonly Readonly<Record<string, unknown>>[]
  /** Waits for parents that somebody else holds, instead of leaving them to a round of all who wait. */
  waits?: boolean
}
interface Moved {
  ids: Set<string>
  /** Null: any key. */
  keys: Set<string> | null
}

/** Does a change of this table concern anything that is kept from other records, or that holds of many together? */
export const isConcerned = (kernel: Kernel, table: string): boolean =>
  derivedPlan(kernel.defs).concerned.has(table) || isCapped(kernel, table)

/**
 * Works out anew what is kept from the records written, and what is kept from that, in the transaction of the act: set by set, each set locked in the
 * order of ids. Kept columns are the system's own: no version, no history. A parent to which others are adding at this moment is worked out right after
 * the act, once for all of them: they would else commit one after the other. What is capped is held against its caps first.
 */
export async function derive(kernel: Kernel, ctx: Context, written: Written): Promise<void> {
  const plan = derivedPlan(kernel.defs)
  if (written.ids.length && isCapped(kernel, written.table)) await holdCaps(kernel, ctx, written)
  if (!plan.concerned.has(written.table) || written.ids.length === 0) return
  const moved = new Map<string, Moved>([[written.table, { ids: new Set(written.ids), keys: written.keys ? new Set(written.keys) : null }]])
  const [busy, parents]: [Busy, Parents] = [new Map(), new Map()]
  for (const one of plan.kept) {
    const fresh = written.isNew && one.table === written.table ? written.ids : []
    const { ids, late } = await concernedBy(ctx, one, moved, written, parents)
    for (const due of late) await postpone(ctx, one, due)
    if (fresh.length) await settle(kernel, ctx, [one], fresh, moved)
    const isFresh = new Set(fresh)
    const others = isFresh.size ? ids.filter((id) => !isFresh.has(id)) : ids
    if (others.length > mostAtOnce) await postpone(ctx, one, { through: null, sources: others })
    else if (others.length) {
      const free = one.kind === 'rollUp' && !written.waits ? await freeOf(kernel, ctx, one, others, busy) : others
      if (free.length) await settle(kernel, ctx, [one], free, moved)
    }
  }
  if (busy.size) await leaveToRound(kernel, ctx, busy)
}

/** By parents' table: who is held by others, and which figures of theirs are to be worked out. */
type Busy = Map<string, { held: Set<string>; left: { one: RollUp; ids: string[] }[] }>
/** Locks those parents that nobody holds; the others are noted. */
async function freeOf(kernel: Kernel, ctx: Context, one: RollUp, ids: readonly string[], busy: Busy): Promise<string[]> {
  const known = busy.get(one.table)
  const now = performance.now()
  const heldUntil = heldUntilOf(kernel)
  const asked = ids.filter((id) => !known?.held.has(id) && !((heldUntil.get(id) ?? 0) > now)).sort()
  const rows = asked.length
    ? await ctx.db.query<{ id: string }>(`SELECT id FROM ${one.sql} WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`, [asked]) // prettier-ignore
    : []
  const free = new Set(rows.map((row) => row.id))
  const left = ids.filter((id) => !free.has(id))
  if (left.length) {
    const noted = known ?? { held: new Set<string>(), left: [] }
    for (const id of left) noted.held.add(id)
    for (const id of asked) if (!free.has(id)) heldUntil.set(id, now + heldMs)
    noted.left.push({ one, ids: left })
    busy.set(one.table, noted)
  }
  return [...free]
}
// A parent that was held a moment ago is a busy one: nobody takes it for himself, which would keep the round of all others waiting for his commit.
const held = new WeakMap<Kernel, Map<string, number>>()
const heldMs = 1000
function heldUntilOf(kernel: Kernel): Map<string, number> {
  let found = held.get(kernel)
  if (!found || found.size >= 1000) held.set(kernel, (found = new Map()))
  return found
}
/** What is left is written down with the act; the answer to the act waits for the round. */
async function leaveToRound(kernel: Kernel, ctx: Context, busy: Busy): Promise<void> {
  const left = [...busy.values()].flatMap((table) => table.left)
  await ctx.db.query(
    `INSERT INTO kernel.derived_due (resource, field, sources, at) SELECT resource, field, string_to_array(ids, ',')::uuid[], $4 FROM unnest($1::text[], $2::text[], $3::text[]) l(resource, field, ids)`,
    [
      left.map(({ one }) => one.resource),
      left.map(({ one }) => one.key),
      left.map(({ ids }) => ids.join(',')),
      ctx.clock.now().toISOString(),
    ],
  )
  // The act stands whatever becomes of the round: the job takes up what it leaves.
  ctx.afterCommit.push(() =>
    roundsOf(kernel)
      .next()
      .catch(() => undefined),
  )
}

const rounds = new WeakMap<Kernel, Rounds>()
/** Works out, once for all, what acts of this process have left; see `Rounds`. */
export function roundsOf(kernel: Kernel): Rounds {
  let found = rounds.get(kernel)
  if (!found) rounds.set(kernel, (found = new Rounds(() => settleLeft(kernel))))
  return found
}
const mostInARound = 1000
/** Takes what many acts have left of a few parents each, and works every parent out once. */
async function settleLeft(kernel: Kernel): Promise<void> {
  const system = await kernel.context({ kind: 'system', reason: '汇总计算' }, 'job')
  await kernel.transaction(system, async (ctx) => {
    const rows = await ctx.db.query<{ resource: string; field: string; sources: string[] }>(
      `DELETE FROM kernel.derived_due WHERE id IN (SELECT id FROM kernel.derived_due
         WHERE through IS NULL AND after IS NULL AND cardinality(sources) <= ${mostAtOnce} ORDER BY id LIMIT ${mostInARound} FOR UPDATE SKIP LOCKED)
       RETURNING resource, field, sources`,
    )
    const moved = new Map<string, Moved>()
    const due = (one: Kept) => rows.filter((row) => row.resource === one.resource && row.field === one.key).flatMap((row) => row.sources)
    const left = derivedPlan(kernel.defs).kept.map((one) => ({ one, ids: due(one) })).filter(({ ids }) => ids.length > 0) // prettier-ignore
    const idsOf = new Map(left.map(({ one, ids }) => [one, ids]))
    for (const together of togetherIn(left.map(({ one }) => one)))
      await settle(kernel, ctx, together, [...new Set(together.flatMap((one) => idsOf.get(one)!))], moved)
    for (const [table, { ids, keys }] of moved)
      await derive(kernel, ctx, { table, ids: [...ids], ...(keys ? { keys: [...keys] } : {}), waits: true })
  })
}

interface Due {
  through: number | null
  sources: readonly string[]
}
const touches = (change: Moved | undefined, keys: Iterable<string>): change is Moved =>
  change !== undefined && (change.keys === null || [...keys].some((key) => change.keys!.has(key)))

/** The records whose kept value may have moved; sources that concern too many are put off whole. */
async function concernedBy(
  ctx: Context,
  one: Kept,
  moved: ReadonlyMap<string, Moved>,
  written: Written,
  parents: Parents,
): Promise<{ ids: string[]; late: Due[] }> {
  if (one.kind === 'rollUp') {
    const children = moved.get(one.child)
    if (!touches(children, one.reads)) return { ids: [], late: [] }
    const isAtHand = written.after !== undefined && one.child === written.table && children.ids.size === written.ids.length
    const rows = isAtHand ? namedBy(written.after!, one.by) : await parentsOf(ctx, one, [...children.ids], parents)
    const before = one.child === written.table ? namedBy(written.before ?? [], one.by) : []
    return { ids: [...new Set([...rows, ...before])], late: [] }
  }
  const ids = new Set<string>()
  const late: Due[] = []
  const own = moved.get(one.table)
  if (touches(own, [one.hops[0]!.key])) for (const id of own.ids) ids.add(id)
  for (const [at, hop] of one.hops.entries()) {
    const change = moved.get(hop.table)
    if (!touches(change, [hop.read])) continue
    const sources = [...change.ids].filter((id) => !(written.isNew && hop.table === written.table && written.ids.includes(id)))
    if (sources.length === 0) continue
    const found = await pointingHere(ctx, one, at, sources, null, mostAtOnce + 1)
    if (found.length > mostAtOnce) late.push({ through: at, sources })
    else for (const id of found) ids.add(id)
  }
  return { ids: [...ids], late }
}
const namedBy = (records: readonly Readonly<Record<string, unknown>>[], key: string): string[] =>
  records.flatMap((record) => (typeof record[key] === 'string' ? [record[key]] : []))

/** The parents of these children, by reference and children: several figures of one parent ask for them once. */
type Parents = Map<string, string[]>
async function parentsOf(ctx: Context, one: RollUp, children: readonly string[], known: Parents): Promise<string[]> {
  const text = `SELECT DISTINCT c.${one.byColumn} AS id FROM ${one.childSql} c WHERE c.id = ANY($1::uuid[]) AND c.${one.byColumn} IS NOT NULL`
  const key = `${text} ${children.length}`
  let found = known.get(key)
  if (!found) known.set(key, (found = (await ctx.db.query<{ id: string }>(text, [children])).map((row) => row.id)))
  return found
}
const joinsTo = (one: Lookup, upTo: number, kind: string): string =>
  one.hops
    .slice(0, upTo + 1)
    .map((hop, i) => `${kind} ${hop.sql} h${i + 1} ON h${i + 1}.id = ${i === 0 ? 'r' : `h${i}`}.${hop.from}`)
    .join(' ')
/** Records that lead to these by the first hops of a lookup, in the order of ids. */
export async function pointingHere(
  ctx: Pick<Context, 'db'>,
  one: Lookup,
  at: number,
  sources: readonly string[],
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await ctx.db.query<{ id: string }>(
    `SELECT r.id FROM ${one.sql} r ${joinsTo(one, at, 'JOIN')} WHERE h${at + 1}.id = ANY($1::uuid[]) AND ($2::uuid IS NULL OR r.id > $2::uuid) ORDER BY r.id LIMIT $3::int`,
    [sources, after, limit],
  )
  return rows.map((row) => row.id)
}

/** Works a kept column, or figures of the same children, out for these records, then the formulas that read it. */
export async function settle(
  kernel: Kernel,
  ctx: Context,
  together: readonly [Kept, ...Kept[]],
  ids: readonly string[],
  moved: Map<string, Moved>,
): Promise<void> {
  const [one] = together
  const sorted = [...ids].sort()
  // A lock of its own statement: the next one sees what those committed who held it before. References to the record are not held up.
  await ctx.db.query(`SELECT id FROM ${one.sql} WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [sorted])
  // What a lookup reads stays as it is until this act ends: whoever changes it meanwhile waits, and then finds these records.
  if (one.kind === 'lookup') {
    const through = one.hops.map((_, i) => `h${i + 1}`)
    await ctx.db.query(`SELECT 1 FROM ${one.sql} r ${joinsTo(one, one.hops.length - 1, 'JOIN')} WHERE r.id = ANY($1::uuid[]) ORDER BY r.id FOR SHARE OF ${through.join(', ')}`, [sorted]) // prettier-ignore
  }
  const changed =
    one.kind === 'lookup' ? await writeLookup(ctx, one, sorted) : await writeFigures(kernel, ctx, together as readonly RollUp[], sorted)
  if (changed.length === 0) return
  const keys = together.map(({ key }) => key)
  for (const { resource, keys: formulas } of derivedPlan(kernel.defs).formulas.get(one.table) ?? []) {
    await recompute(kernel, ctx, resource, formulas, changed)
    keys.push(...formulas)
  }
  const before = moved.get(one.table)
  moved.set(one.table, {
    ids: new Set([...(before?.ids ?? []), ...changed]),
    keys: before?.keys === null ? null : new Set([...(before?.keys ?? []), ...keys]),
  })
}
async function writeLookup(ctx: Context, one: Lookup, ids: readonly string[]): Promise<string[]> {
  const rows = await ctx.db.query<{ id: string }>(
    `UPDATE ${one.sql} t SET ${one.column} = v.value
     FROM (SELECT r.id, ${one.value} AS value FROM ${one.sql} r ${joinsTo(one, one.hops.length - 1, 'LEFT JOIN')} WHERE r.id = ANY($1::uuid[])) v
     WHERE t.id = v.id AND t.${one.column} IS DISTINCT FROM v.value RETURNING t.id`,
    [ids],
  )
  return rows.map((row) => row.id)
}
/** The children of each parent are read once for all its figures. */
async function writeFigures(kernel: Kernel, ctx: Context, figures: readonly RollUp[], ids: readonly string[]): Promise<string[]> {
  const { sql, childSql, byColumn } = figures[0]!
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const parents = s.param(ids)
  const values = figures.map((one, n) => `${one.figure(s)} AS v${n}`)
  const rows = await ctx.db.query<{ id: string }>(
    `UPDATE ${sql} t SET ${figures.map((one, n) => `${one.column} = v.v${n}`).join(', ')}
     FROM (SELECT u.id, f.* FROM unnest(${parents}::uuid[]) u(id) CROSS JOIN LATERAL (
       SELECT ${values.join(', ')} FROM ${childSql} c WHERE c.${byColumn} = u.id AND c.deleted_at IS NULL AND c.state = 'approved') f) v
     WHERE t.id = v.id AND (${figures.map((one, n) => `t.${one.column} IS DISTINCT FROM v.v${n}`).join(' OR ')}) RETURNING t.id`,
    s.values,
  )
  return rows.map((row) => row.id)
}

/** Leaves it to the job: 计算中 is shown until it is done. */
async function postpone(ctx: Context, one: Kept, { through, sources }: Due): Promise<void> {
  await ctx.db.query(`INSERT INTO kernel.derived_due (resource, field, through, sources, at) VALUES ($1, $2, $3, $4::uuid[], $5)`, [
    one.resource, one.key, through, [...sources].sort(), ctx.clock.now().toISOString(),
  ]) // prettier-ignore
}
