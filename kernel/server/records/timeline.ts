import { addDays, invalid, isDay, Refusal, today, type ApiRecord, type TimelineAnswer } from '#model'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { encode } from '../store/columns.ts'
import type { CompiledResource, StoredField } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { storedTimeline, type StoredTimeline } from '../store/timeline.ts'
import { closedOver, maskedOf, present } from './present.ts'
import { needReadable } from './read.ts'
import { titlesOf } from './titles.ts'

/** For so long ahead a change may be planned. */
const farthest = 3660
const sinceKey = '@since'
/** What history says of a change that names its day: by field id, before and after. */
export interface Since {
  day: string
  changes: Record<string, [before: unknown, after: unknown]>
}

/** A day as which records are read. Refuses what is none. */
export function needDay(text: string): string {
  const isGood: boolean = isDay(text)
  if (!isGood) throw new Refusal('badRequest', `“${text.slice(0, 20)}”不是日期，请写成 2025-06-30`)
  return text
}
/** The fields of a type that hold from a day on; empty where it has none. */
export function datedFields(kernel: Kernel, c: CompiledResource): StoredField[] {
  const keys = kernel.defs.timelines.get(c.r.table)?.fields ?? []
  return keys.flatMap((key) => c.byKey.get(key) ?? [])
}
/** Reads records of a type as they are, or as they were on the day that is asked for. */
export function asOfDay<T>(
  kernel: Kernel,
  ctx: Context,
  name: string,
  day: string | undefined,
  read: (ctx: Context) => Promise<T>,
): Promise<T> {
  if (!day) return read(ctx)
  needTimeline(kernel, name)
  return kernel.onDay(ctx, needDay(day), read)
}
/** Refuses to read records of a type as of a day where it has no timeline. */
export function needTimeline(kernel: Kernel, name: string): void {
  const { table, label } = kernel.defs.resource(name)
  if (!kernel.defs.timelines.has(table)) throw new Refusal('badRequest', `“${label}”不按日期保存沿革，不能看某一天的情况`)
}

interface StretchRow extends Record<string, unknown> {
  since_day: string
  noted_at: string
  noted_by: string | null
}
const stretchesOf = (ctx: Pick<Context, 'db'>, t: StoredTimeline, id: string): Promise<StretchRow[]> =>
  ctx.db.query<StretchRow>(`SELECT * FROM ${t.stretches} WHERE record_id = $1::uuid ORDER BY since_day`, [id])
const valueOf = (f: StoredField, row: Record<string, unknown> | undefined): unknown => {
  const stored = row?.[f.column] ?? null
  return stored !== null && f.toJson ? f.toJson(stored) : stored
}
const stretchOn = (stretches: readonly StretchRow[], day: string): StretchRow | undefined =>
  stretches.findLast(({ since_day: since }) => since === always || since <= day)
const always = '-infinity'
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** What holds of a record on a day, by field. */
export async function heldOn(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  c: CompiledResource,
  id: string,
  day: string,
): Promise<Record<string, unknown>> {
  const row = stretchOn(await stretchesOf(ctx, storedTimeline(kernel.defs, c.r.table)!, id), day)
  return Object.fromEntries(datedFields(kernel, c).map((f) => [f.key, valueOf(f, row)]))
}
/** What held of a record since when, as far as the reader sees its fields: planned changes among it. */
export async function timelineOf(kernel: Kernel, ctx: Context, name: string, id: string): Promise<TimelineAnswer> {
  const { c, record, permission } = await needReadable(kernel, ctx, name, id)
  needTimeline(kernel, name)
  const { hidden } = closedOver(ctx, c, permission, record)
  const masked = maskedOf(ctx, c, permission, record)
  const fields = datedFields(kernel, c).filter(({ key }) => !hidden.has(key) && !masked.has(key))
  const rows = await stretchesOf(ctx, storedTimeline(kernel.defs, c.r.table)!, id)
  const records = rows.map((row) => ({ ...record, ...Object.fromEntries(fields.map((f) => [f.key, valueOf(f, row)])) }))
  const stretches = rows.map((row, i) => ({
    from: row.since_day === always ? null : row.since_day,
    values: Object.fromEntries(fields.map((f) => [f.key, valueOf(f, row)])),
    changed: i === 0 ? [] : fields.filter((f) => !isSame(valueOf(f, row), valueOf(f, rows[i - 1]))).map(({ key }) => key),
    notedAt: row.noted_at,
    notedBy: row.noted_by,
  }))
  const shown = records.map((one) => present(ctx, c, permission, one))
  const titles = await titlesOf(kernel, ctx, c, shown, [])
  const noters = rows.flatMap(({ noted_by: by }) => (by ? [[by, ctx.directory.nameOf(by)] as const] : []))
  return {
    // What changed in fields that he does not see is no stretch for him.
    stretches: stretches.filter(({ changed }, i) => i === 0 || changed.length > 0),
    titles: { ...titles, 'directory.person': { ...titles['directory.person'], ...Object.fromEntries(noters) } },
    fields: fields.map(({ key }) => key),
  }
}

/**
 * Changes facts of a locked record from a day on, and gives back what holds of them today; `values` hold what they are to be. Refuses other fields, and
 * days beyond what can be planned.
 */
export async function changeSince(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  stored: ApiRecord,
  given: { values: Readonly<Record<string, unknown>>; changed: ReadonlySet<string>; day: string },
): Promise<{ values: Record<string, unknown>; since: Since }> {
  needTimeline(kernel, c.r.name)
  const { values, changed } = given
  const day = needDay(given.day)
  if (day > addDays(today(ctx.clock), farthest)) throw invalid([{ field: sinceKey, message: '生效日期太远' }])
  const t = storedTimeline(kernel.defs, c.r.table)!
  const dated = datedFields(kernel, c)
  const others = [...changed].filter((key) => !t.columns.has(key) && !isSame(values[key], stored[key]))
  if (others.length) throw invalid(others.map((field) => ({ field, message: '这一项没有沿革，不能指定生效日期，请单独修改' })))
  const before = stretchOn(await stretchesOf(ctx, t, stored.id), day)
  const moved = dated.filter((f) => changed.has(f.key) && !isSame(values[f.key], valueOf(f, before)))
  if (moved.length) {
    const row = Object.fromEntries(moved.map((f) => [f.column, encode(f.field, values[f.key])]))
    await ctx.db.query(`SELECT ${t.set}($1::uuid, $2::date, jsonb_populate_record(NULL::${t.table}, $3::jsonb), $4::text[], $5::timestamptz, $6::uuid)`, [
      stored.id, day, JSON.stringify(row), moved.map((f) => f.column), ctx.clock.now().toISOString(), personOf(ctx.actor),
    ]) // prettier-ignore
  }
  const now = stretchOn(await stretchesOf(ctx, t, stored.id), today(ctx.clock))
  return {
    values: Object.fromEntries(dated.map((f) => [f.key, valueOf(f, now)])),
    since: { day, changes: Object.fromEntries(moved.map((f) => [f.id, [valueOf(f, before), values[f.key] ?? null]])) },
  }
}

/** Under history's changes where a day was named: what was changed from when on. */
export const withSince = <C extends object>(changes: C, since: Since | null): C =>
  since && Object.keys(since.changes).length ? { ...changes, [sinceKey]: [null, since] } : changes
export const sinceIn = (changes: Readonly<Record<string, readonly [unknown, unknown]>>): Since | null =>
  (changes[sinceKey]?.[1] as Since | undefined) ?? null

/** Records of which something else holds today than their rows say: id, version, and what holds, by field. */
export async function overtaken(kernel: Kernel, c: CompiledResource, day: string): Promise<{ id: string; version: number; values: Record<string, unknown> }[]> {
  const t = storedTimeline(kernel.defs, c.r.table)!
  const dated = datedFields(kernel, c)
  const list = (of: string) => dated.map((f) => `${of}.${quote(f.column)}`).join(', ')
  const rows = await kernel.db.once<{ id: string; version: number } & Record<string, unknown>>(
    `SELECT r.id, r.version, ${list('s')} FROM ${t.table} r JOIN ${t.stretches} s ON s.record_id = r.id AND s.since_day <= $1::date AND s.until_day > $1::date
     WHERE r.deleted_at IS NULL AND (${list('r')}) IS DISTINCT FROM (${list('s')})`,
    [day],
  )
  return rows.map((row) => ({ id: row.id, version: row.version, values: Object.fromEntries(dated.map((f) => [f.key, valueOf(f, row)])) }))
} // prettier-ignore
