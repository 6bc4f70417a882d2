import {
  closedAt,
  hospitalZone,
  invalid,
  kindOf,
  matches,
  pathsOf,
  readPath,
  Refusal,
  type ApiRecord,
  type Cap,
  type Definitions,
} from '#model'
import { personOf, type Context } from '../context.ts'
import type { Written } from '../derived/derive.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { filterSql, Statement } from '../store/sql.ts'

/** A cap with its type. */
interface Held {
  resource: string
  nth: number
  cap: Cap
  /** Keys whose change may take more. */
  reads: ReadonlySet<string>
}
interface Caps {
  /** By table: of the records written. */
  own: ReadonlyMap<string, readonly Held[]>
  /** By table: whose field says how much there is. */
  said: ReadonlyMap<string, readonly (Held & { field: string })[]>
}
const known = new WeakMap<Definitions, Caps>()
function capsOf(defs: Definitions): Caps {
  let caps = known.get(defs)
  if (!caps) known.set(defs, (caps = gather(defs)))
  return caps
}
function gather(defs: Definitions): Caps {
  const all = [...defs.resources.values()].flatMap((r) =>
    (r.limits?.caps ?? []).map((cap, nth): Held => {
      const reads = new Set([cap.by, ...(cap.amount ? [cap.amount] : []), ...(cap.where ? pathsOf(cap.where) : [])])
      return { resource: r.name, nth, cap, reads }
    }),
  )
  const targetOf = ({ resource, cap }: Held) => (defs.resource(resource).fields[cap.by]!.options as { target: string }).target
  const said = all.flatMap((one) => (typeof one.cap.most === 'object' ? [{ ...one, field: one.cap.most.field }] : []))
  return {
    own: Map.groupBy(all, (one) => defs.resource(one.resource).table),
    said: Map.groupBy(said, (one) => defs.resource(targetOf(one)).table),
  }
}
/** Has a write of this table to be held against caps? */
export const isCapped = (kernel: Kernel, table: string): boolean => {
  const { own, said } = capsOf(kernel.defs)
  return own.has(table) || said.has(table)
}

/** Refuses a write that takes more than there is, or says that there is less than is taken. Within its transaction, after the rows are written. */
export async function holdCaps(kernel: Kernel, ctx: Context, written: Written): Promise<void> {
  const { own, said } = capsOf(kernel.defs)
  // Of what is neither new nor known as it was, only a state has moved.
  if (!written.isNew && !written.before) return
  const isTouched = (reads: ReadonlySet<string>) => !written.keys || written.keys.some((key) => reads.has(key))
  for (const held of own.get(written.table) ?? []) if (isTouched(held.reads)) await holdOwn(kernel, ctx, held, written)
  for (const held of said.get(written.table) ?? [])
    if (!written.isNew && isTouched(new Set([held.field]))) await holdSaid(kernel, ctx, held, written.ids)
}

/** SQL over `t` of what counts for a cap, and by what it is shared. */
function partsOf(kernel: Kernel, ctx: Context, { resource, cap }: Held) {
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const c = kernel.resource(resource)
  const where = cap.where ? ` AND coalesce(${filterSql(s, resource, cap.where)}, FALSE)` : ''
  const counts = `t.deleted_at IS NULL AND t.state <> 'refused'${where}`
  const group = cap.by === 'all' ? `'all'` : cap.by === 'person' ? 't.created_by' : `t.${quote(c.byKey.get(cap.by)!.column)}`
  const amount = cap.amount ? `coalesce(t.${quote(c.byKey.get(cap.amount)!.column)}, 0)::numeric` : '1::numeric'
  const begin = cap.per === 'ever' ? `'-infinity'::timestamptz` : `date_trunc('${cap.per}', t.created_at AT TIME ZONE '${hospitalZone}') AT TIME ZONE '${hospitalZone}'`
  return { s, c, counts, group, amount, begin }
} // prettier-ignore
interface Share {
  group: string
  begin: string
  taken: string
}
async function holdOwn(kernel: Kernel, ctx: Context, held: Held, written: Written): Promise<void> {
  const { s, c, counts, group, amount, begin } = partsOf(kernel, ctx, held)
  const shares = await ctx.db.query<Share & object>(
    `SELECT ${group}::text AS "group", (${begin})::text AS begin, sum(${amount})::text AS taken FROM ${c.table} t
     WHERE t.id = ANY(${s.param(written.ids, '::uuid[]')}) AND ${counts} AND ${group} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
    s.values,
  )
  const was = written.before ? takenBefore(kernel, ctx, held, c, written.before) : new Map<string, number>()
  for (const share of shares) if (Number(share.taken) > (was.get(share.group) ?? 0)) await holdShare(kernel, ctx, held, share)
}
/** What the records took before they were written, by sharer. When a record was begun never changes: neither does its time. */
function takenBefore(kernel: Kernel, ctx: Context, { cap }: Held, c: CompiledResource, before: readonly Readonly<Record<string, unknown>>[]): Map<string, number> {
  const world = { ...kernel.world(ctx), read: readPath, fieldAt: (path: string) => c.r.fields[path] }
  const taken = new Map<string, number>()
  for (const record of before as readonly ApiRecord[]) {
    if (record.deletedAt || record.state === 'refused' || (cap.where && !matches(cap.where, record, world))) continue
    const group = cap.by === 'all' ? 'all' : (record[cap.by === 'person' ? 'createdBy' : cap.by] as string | null)
    if (group) taken.set(group, (taken.get(group) ?? 0) + (cap.amount ? Number(record[cap.amount] ?? 0) : 1))
  }
  return taken
} // prettier-ignore

const lockOf = (db: Context['db'], { resource, nth }: Held, { group, begin }: Pick<Share, 'group' | 'begin'>) =>
  db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7045))`, [`cap ${resource} ${nth} ${group} ${begin}`])
/** What is taken of a share in all, as text. */
async function takenOf(kernel: Kernel, ctx: Context, held: Held, share: Pick<Share, 'group' | 'begin'>): Promise<string> {
  const { s, c, counts, group, amount } = partsOf(kernel, ctx, held)
  const { by, per } = held.cap
  const same = by === 'all' ? '' : ` AND ${group} = ${s.param(share.group, '::uuid')}`
  const from = s.param(share.begin, '::timestamptz')
  const time = per === 'ever' ? '' : ` AND t.created_at >= ${from} AND t.created_at < ((${from} AT TIME ZONE '${hospitalZone}') + interval '1 ${per}') AT TIME ZONE '${hospitalZone}'`
  const [row] = await ctx.db.query<{ taken: string }>(`SELECT coalesce(sum(${amount}), 0)::text AS taken FROM ${c.table} t WHERE ${counts}${same}${time}`, per === 'ever' ? s.values.slice(0, -1) : s.values)
  return row!.taken
} // prettier-ignore
async function holdShare(kernel: Kernel, ctx: Context, held: Held, share: Share): Promise<void> {
  await lockOf(ctx.db, held, share)
  const total = Number(await takenOf(kernel, ctx, held, share))
  const { most, title } = await mostOf(kernel, ctx, held, share.group)
  if (total <= most) return
  const { by, amount } = held.cap
  const field = by === 'person' || by === 'all' ? '' : (amount ?? by)
  throw invalid([
    { field, message: held.cap.message ?? fullWords(held.cap, { most, left: Math.max(0, most - total + Number(share.taken)), title }) },
  ])
}
/** How much there is for a sharer, and what he is called. */
async function mostOf(kernel: Kernel, ctx: Context, { resource, cap }: Held, group: string): Promise<{ most: number; title: string }> {
  if (cap.by === 'person' || cap.by === 'all') return { most: cap.most as number, title: '' }
  const target = kernel.resource((kernel.defs.resource(resource).fields[cap.by]!.options as { target: string }).target)
  const name = target.byKey.get(target.r.title)!
  const number = typeof cap.most === 'object' ? `coalesce(t.${quote(target.byKey.get(cap.most.field)!.column)}, 0)::text` : `''`
  const [row] = await ctx.db.query<{ most: string; title: string | null }>(
    `SELECT ${number} AS most, ${name.secret ? 'NULL' : `t.${quote(name.column)}::text`} AS title FROM ${target.table} t WHERE t.id = $1::uuid`,
    [group],
  )
  const title = name.secret || !row?.title ? '' : kindOf(name.field).format(row.title, name.field, () => '')
  return { most: typeof cap.most === 'number' ? cap.most : Number(row?.most ?? 0), title }
}
const times = { ever: '', day: '今天', week: '本周', month: '本月', year: '今年' } as const
function fullWords({ by, per, amount }: Cap, { most, left, title }: { most: number; left: number; title: string }): string {
  const unit = amount ? '' : by === 'person' ? ' 次' : ' 份'
  if (by === 'person') return most === 1 && !amount ? `每人${times[per] || '总共'}只能填 1 次，您已经填过` : `每人${times[per]}最多 ${most}${unit}，只剩 ${left}${unit}`
  if (by === 'all') return left === 0 ? `${times[per]}名额已满：最多 ${most}${unit}` : `${times[per]}只剩 ${left}${unit}，最多 ${most}${unit}`
  return `${title ? `“${title}”` : '所选的'}${times[per]}${left === 0 ? `已经没有了，最多 ${most}${unit}` : `只剩 ${left}${unit}`}`
} // prettier-ignore

/** What says how much there is cannot be set below what is taken. */
async function holdSaid(kernel: Kernel, ctx: Context, held: Held & { field: string }, ids: readonly string[]): Promise<void> {
  for (const group of [...ids].sort()) {
    const share = { group, begin: '-infinity' }
    await lockOf(ctx.db, held, share)
    const taken = Number(await takenOf(kernel, ctx, held, share))
    if (taken > 0 && taken > (await mostOf(kernel, ctx, held, group)).most)
      throw invalid([{ field: held.field, message: `“${kernel.defs.resource(held.resource).label}”已经占用 ${taken}，不能少于它` }])
  }
}

/** Refuses what people begin outside the opening hours. */
export function refuseNotOpen(ctx: Context, c: CompiledResource): void {
  const closed = ctx.actor.kind === 'system' ? null : closedAt(c.r.limits?.open, ctx.clock.now())
  if (closed) throw new Refusal('badRequest', `“${c.r.label}”${closed}`)
}
/** Why this asker may not begin another one now, in words; null when he may. What depends on the choice of a record is told when it is saved. */
export async function whyNotAnother(kernel: Kernel, ctx: Context, resource: string): Promise<string | null> {
  const c = kernel.resource(resource)
  const closed = closedAt(c.r.limits?.open, ctx.clock.now())
  if (closed) return closed
  for (const [nth, cap] of (c.r.limits?.caps ?? []).entries()) {
    const group = cap.by === 'all' ? 'all' : cap.by === 'person' ? personOf(ctx.actor) : null
    if (group === null || typeof cap.most !== 'number') continue
    const held: Held = { resource, nth, cap, reads: new Set() }
    const [row] = await ctx.db.query<{ begin: string }>(
      `SELECT ${cap.per === 'ever' ? `'-infinity'` : `(date_trunc('${cap.per}', $1::timestamptz AT TIME ZONE '${hospitalZone}') AT TIME ZONE '${hospitalZone}')::text`} AS begin WHERE $1::timestamptz IS NOT NULL`,
      [ctx.clock.now().toISOString()],
    )
    const left = cap.most - Number(await takenOf(kernel, ctx, held, { group, begin: row!.begin }))
    if (left <= 0) return cap.message ?? fullWords(cap, { most: cap.most, left: 0, title: '' })
  }
  return null
}
