import { kindOf, referredBy, unreadableWords, type ApiRecord, type Field, type Titles } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { Unreadable } from '../protection/subject-keys.ts'
import { decode } from '../store/columns.ts'
import { mask, type CompiledResource, type StoredField } from '../store/compiled.ts'
import { columnOf, quote } from '../store/naming.ts'
import { buffersIn } from '../store/opening.ts'

/** Titles of everything that these records refer to. People and units come from memory, the rest with one query a target. */
export async function titlesOf(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  records: readonly ApiRecord[],
  paths: readonly string[],
): Promise<Titles> {
  const wanted = new Map<string, Set<string>>()
  const want = (target: string, id: unknown) => {
    if (typeof id !== 'string') return
    const ids = wanted.get(target)
    if (ids) ids.add(id)
    else wanted.set(target, new Set([id]))
  }
  const wantAll = (field: Field, value: unknown) => {
    if (value !== null && value !== undefined) for (const { target, id } of referredBy(field, value)) want(target, id)
  }
  const refers = ({ field, target }: StoredField) => target !== null || kindOf(field).refers !== undefined
  const own = c.fields.filter(refers)
  const inRows = c.rows.map((rows) => ({ key: rows.key, fields: rows.fields.filter(refers) }))
  const beyond = paths.flatMap((path) => {
    const field = kernel.defs.path(c.r.name, path)?.field
    return field ? [{ path, field }] : []
  })
  for (const record of records) {
    want('directory.person', record.createdBy)
    want('directory.person', record.updatedBy)
    for (const f of own) wantAll(f.field, record[f.key])
    for (const { path, field } of beyond) wantAll(field, record[path])
    for (const rows of inRows)
      for (const row of (record[rows.key] as Record<string, unknown>[] | undefined) ?? [])
        for (const f of rows.fields) wantAll(f.field, row[f.key])
  }
  return namesOf(kernel, ctx, wanted)
}

/** Who is to read the titles; where nobody is named, protected ones are masked. */
type Reading = Pick<Context, 'db'> & Partial<Pick<Context, 'actor' | 'asOf'>>
/** Resource → ids, answered as resource → id → title. A deleted record is named with 已删除. */
export async function namesOf(
  kernel: Kernel,
  ctx: Reading & Pick<Context, 'directory'>,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Titles> {
  const titles: Titles = {}
  // One after the other: within a transaction there is one connection.
  for (const [target, ids] of wanted) {
    if (ids.size === 0) continue
    const names: Record<string, string> = (titles[target] = {})
    const { table } = kernel.defs.resource(target)
    const missing: string[] = []
    for (const id of ids) {
      const known =
        table === 'directory.unit'
          ? (ctx.asOf?.directory ?? ctx.directory).units.get(id)?.name
          : table === 'directory.person'
            ? ctx.directory.people.get(id)?.name
            : undefined
      if (known === undefined) missing.push(id)
      else names[id] = known
    }
    if (missing.length) Object.assign(names, await askTitles(kernel, ctx, target, missing))
  }
  return titles
}
async function askTitles(kernel: Kernel, ctx: Reading, target: string, ids: string[]): Promise<Record<string, string>> {
  const c = kernel.resource(target)
  const title = c.byKey.get(c.r.title)!
  const rows = await ctx.db.query<{ id: string; title: unknown; gone: boolean }>(
    `SELECT t.id, t.${quote(columnOf(title.key, title.field))}${title.secret ? '' : '::text'} AS title, t.deleted_at IS NOT NULL AS gone FROM ${c.table} t WHERE t.id = ANY($1::uuid[])`,
    [ids],
  )
  const opener = await kernel.subjectKeys.opener(ctx.db, buffersIn(rows.map((row) => row.title)))
  const titleOf = (id: string, stored: unknown): string => {
    if (!Buffer.isBuffer(stored)) return shownTitle(kernel, ctx, c, stored)
    const value = decode(opener, () => ({ resource: c.r.table, record: id, field: title.id }), title.field, stored)
    return value instanceof Unreadable ? unreadableWords[value.why] : shownTitle(kernel, ctx, c, value)
  }
  const names = Object.fromEntries(rows.map((row) => [row.id, `${titleOf(row.id, row.title)}${row.gone ? '（已删除）' : ''}`]))
  const lost = ids.filter((id) => !(id in names))
  if (lost.length === 0) return names
  const stones = await ctx.db.query<{ id: string; title: string }>(
    `SELECT id, title FROM kernel.tombstone WHERE id = ANY($1::uuid[]) AND resource = $2`,
    [lost, c.r.table],
  )
  return { ...names, ...Object.fromEntries(stones.map((stone) => [stone.id, `${stone.title}（已彻底删除）`])) }
}
/** A title as this reader sees it: a protected one masked, unless he sees it in plain wherever he reads it. */
export function shownTitle(kernel: Kernel, { actor }: Partial<Pick<Context, 'actor'>>, c: CompiledResource, value: unknown): string {
  const title = c.byKey.get(c.r.title)!
  if (!title.secret) return String(value ?? '')
  const permission = actor && kernel.access.can(actor, 'read', c.r.name)
  const isPlain = permission && !permission.hidden.has(title.key) && !permission.masked.has(title.key)
  return String((isPlain ? value : mask(title.field, value)) ?? '')
}
