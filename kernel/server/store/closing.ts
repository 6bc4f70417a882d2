import { dayOf, Refusal, type ClosedThrough } from '#model'
import type { Context } from '../context.ts'
import type { CompiledResource } from './compiled.ts'
import { quote } from './naming.ts'

type Row = Readonly<Record<string, unknown>>
const lockOf = `hashtextextended('closing ' || $1, 7044)`

/** The day by which a record belongs to a period; null where it has none. */
export function periodDay(c: CompiledResource, record: Row): string | null {
  const value = c.r.closing ? record[c.r.closing.date] : null
  if (typeof value !== 'string') return null
  return value.length > 10 ? dayOf(new Date(value)) : value
}
/** The same in SQL over `t`. */
export function periodDaySql(c: CompiledResource): string {
  const f = c.byKey.get(c.r.closing!.date)!
  return f.field.kind === 'dateTime' ? `(t.${quote(f.column)} AT TIME ZONE 'Asia/Shanghai')::date` : `t.${quote(f.column)}`
}
/** To which day a type is closed now, and by whom. Relies on closing_of. */
export async function closedThrough(ctx: Pick<Context, 'db' | 'directory'>, c: CompiledResource): Promise<ClosedThrough | null> {
  if (!c.r.closing) return null
  const [row] = await ctx.db.query<{ through: string | null; by_person: string; at: string }>(
    `SELECT through, by_person, at FROM kernel.closing WHERE resource = $1 ORDER BY seq DESC LIMIT 1`,
    [c.r.table],
  )
  return row?.through ? { through: row.through, byName: ctx.directory.nameOf(row.by_person) || '已离开的人员', at: row.at } : null
}
/** Held by writers together and by whoever closes alone: nothing is written while a period is being closed. */
export const holdOpen = (ctx: Pick<Context, 'db'>, c: CompiledResource): Promise<unknown> =>
  ctx.db.query(`SELECT pg_advisory_xact_lock_shared(${lockOf})`, [c.r.table])
export const holdClosing = (ctx: Pick<Context, 'db'>, c: CompiledResource): Promise<unknown> =>
  ctx.db.query(`SELECT pg_advisory_xact_lock(${lockOf})`, [c.r.table])

/**
 * Refuses to write records of a closed period, whoever writes and by whatever way. `records` are what is written, as it was and as it is to be.
 * Within the write's transaction: the lock it takes lasts to its end.
 */
export async function refuseClosed(ctx: Pick<Context, 'db' | 'directory'>, c: CompiledResource, records: readonly Row[]): Promise<void> {
  if (!c.r.closing || !records.some((record) => periodDay(c, record))) return
  await holdOpen(ctx, c)
  const closed = await closedThrough(ctx, c)
  const day = closed && records.map((record) => periodDay(c, record)).find((one) => one !== null && one <= closed.through)
  if (closed && day) throw periodClosed(c, day, closed)
}
/** The same for stored records by id. */
export async function refuseClosedIds(ctx: Pick<Context, 'db' | 'directory'>, c: CompiledResource, ids: readonly string[]): Promise<void> {
  if (!c.r.closing || ids.length === 0) return
  await holdOpen(ctx, c)
  const closed = await closedThrough(ctx, c)
  if (!closed) return
  const [row] = await ctx.db.query<{ day: string }>(
    `SELECT ${periodDaySql(c)} AS day FROM ${c.table} t WHERE t.id = ANY($1::uuid[]) AND ${periodDaySql(c)} <= $2::date LIMIT 1`,
    [ids, closed.through],
  )
  if (row) throw periodClosed(c, row.day, closed)
}
export const closedWords = ({ through, byName, at }: ClosedThrough): string =>
  `截至 ${through} 已封账（${byName}于 ${dayOf(new Date(at))} 封账）`
const periodClosed = (c: CompiledResource, day: string, closed: ClosedThrough): Refusal =>
  new Refusal('periodClosed', `“${c.r.label}”${closedWords(closed)}，${day} 的记录不能新增、修改、删除或恢复`, { closed, day })
