import { unrestrictedSql } from '../store/unrestricted.ts'
import { Refusal, unreadableWords, type BinAnswer, type BinItem } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { Unreadable } from '../protection/subject-keys.ts'
import { decode } from '../store/columns.ts'
import { mask, type CompiledResource } from '../store/compiled.ts'
import { quote } from '../store/naming.ts'
import { buffersIn } from '../store/opening.ts'
import { filterSql, Statement } from '../store/sql.ts'

const pageSize = 50
export interface BinQuery {
  /** Only this kind. */
  resource?: string
  /** Where the page before ended: `next` of its answer. */
  after?: { at: string; id: string }
  /** Only what this person deleted. */
  by?: string
}

/** What was deleted of all kinds that the actor may delete and bring back, the latest first. */
export async function deletedRecords(kernel: Kernel, ctx: Context, query: BinQuery): Promise<BinAnswer> {
  const kinds = kindsOf(kernel, ctx)
  const asked = query.resource ? kinds.filter(({ r }) => r.name === query.resource) : kinds
  if (query.resource && asked.length === 0) throw new Refusal('noRight')
  const found: BinItem[] = []
  for (const c of asked) found.push(...(await deletedOf(kernel, ctx, c, query)))
  // Many go in one act, at the same instant: the id keeps their order from page to page.
  const place = ({ deletedAt, id }: BinItem) => `${deletedAt} ${id}`
  found.sort((a, b) => (place(a) < place(b) ? 1 : -1))
  return {
    items: found.slice(0, pageSize),
    next: found.length > pageSize ? `${found[pageSize - 1]!.deletedAt},${found[pageSize - 1]!.id}` : null,
    kinds: kinds.map(({ r }) => ({ name: r.name, label: r.label })),
  }
}
/** Each table once, as the kind that says most of it. */
function kindsOf(kernel: Kernel, ctx: Context): CompiledResource[] {
  const byTable = new Map<string, CompiledResource>()
  for (const name of kernel.defs.resources.keys()) {
    const c = kernel.resource(name)
    if (
      c.r.log ||
      c.r.writtenBy === 'module' ||
      !kernel.access.can(ctx.actor, 'delete', name) ||
      !kernel.access.can(ctx.actor, 'read', name)
    )
      continue
    const known = byTable.get(c.r.table)
    if (!known || c.fields.length > known.fields.length) byTable.set(c.r.table, c)
  }
  return [...byTable.values()]
}
async function deletedOf(kernel: Kernel, ctx: Context, c: CompiledResource, { after, by }: BinQuery): Promise<BinItem[]> {
  const s = new Statement(kernel.defs, kernel.world(ctx))
  const conditions = ['t.deleted_at IS NOT NULL', unrestrictedSql]
  for (const action of ['read', 'delete'] as const) {
    const { filter } = kernel.access.need(ctx.actor, action, c.r.name)
    if (filter) conditions.push(filterSql(s, c.r.name, filter))
  }
  if (after) conditions.push(`(t.deleted_at, t.id) < (${s.param(after.at, '::timestamptz')}, ${s.param(after.id, '::uuid')})`)
  if (by) conditions.push(`t.updated_by = ${s.param(by, '::uuid')}`)
  const title = c.byKey.get(c.r.title)!
  const rows = await ctx.db.query<{ id: string; version: number; title: unknown; at: string; by: string | null }>(
    `SELECT t.id, t.version, t.${quote(title.column)} AS title, t.deleted_at AS at, t.updated_by AS by FROM ${c.table} t ${s.joinText}
     WHERE ${conditions.join(' AND ')} ORDER BY t.deleted_at DESC, t.id DESC LIMIT ${pageSize + 1}`,
    s.values,
  )
  const isMasked = kernel.access.need(ctx.actor, 'read', c.r.name).masked.has(title.key)
  const opener = await kernel.subjectKeys.opener(ctx.db, buffersIn(rows.map((row) => row.title)))
  return rows.map((row) => {
    const value = decode(opener, () => ({ resource: c.r.table, record: row.id, field: title.id }), title.field, row.title)
    const shown = value instanceof Unreadable ? unreadableWords[value.why] : isMasked ? mask(title.field, value) : value
    return {
      resource: c.r.name,
      label: c.r.label,
      id: row.id,
      version: row.version,
      title: String((shown as string | null) ?? ''),
      deletedAt: row.at,
      deletedBy: ctx.directory.nameOf(row.by) || (row.by ? '已离开的人员' : '系统'),
    }
  })
}
