import {
  asksOf,
  both,
  kindOf,
  matches,
  pathsOf,
  writeOnlyMark,
  readPath,
  Refusal,
  type ApiRecord,
  type CountAnswer,
  type Field,
  type Filter,
  type HistoryEntry,
  type ListAnswer,
  type Operator,
  type RecordAnswer,
} from '#model'
import type { Permission } from '../access/access.ts'
import { givenOver, tiesOf, type Given } from '../access/record-grants.ts'
import { type Context, personOf } from '../context.ts'
import { Together } from '../database/together.ts'
import { markComputing } from '../derived/due.ts'
import type { Kernel } from '../kernel.ts'
import { decode, isSecret } from '../store/columns.ts'
import { mask, readRow, type CompiledResource } from '../store/compiled.ts'
import { closedThrough, periodDay } from '../store/closing.ts'
import { allowsSql, countSql, makeCursor, type ListQuery } from '../store/list.ts'
import { quote } from '../store/naming.ts'
import { mergedInto } from '../merging/merged-into.ts'
import { openRequestsOf } from '../flow/open-requests.ts'
import { isLooked } from './choose-form.ts'
import { countLarge, mostCounted } from './count-large.ts'
import { readPage } from './large-lists.ts'
import { titlesOf } from './titles.ts'

export type ReadQuery = Omit<ListQuery, 'limit' | 'keys'> & { limit?: number; columns?: readonly string[] }
const maxPage = 500

/** One page of records that the actor may see, with the titles of what they refer to. */
export async function listRecords(kernel: Kernel, ctx: Context, name: string, query: ReadQuery): Promise<ListAnswer> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  const limit = Math.min(Math.max(query.limit ?? 50, 1), maxPage)
  const asked = query.columns?.length ? query.columns : null
  const paths = (asked ?? []).filter((column) => column.includes('.'))
  const sort = query.sort?.length ? query.sort : c.r.list?.sort
  refuseHidden(kernel, ctx, c, permission, [...(sort ?? []), ...paths])
  refuseFilters(kernel, ctx, c, permission, [query.filter, ...(query.marks ?? [])])
  refuseMasked(kernel, ctx, name, query.sort ?? [], '排序')
  const { page, rows: found } = await readPage(
    kernel,
    ctx,
    c,
    { ...query, paths, limit, ...(sort ? { sort } : {}), ...(asked ? { keys: keysNeeded(c, asked) } : {}) },
    permission.filter,
  )
  const more = found.length > limit
  const rows = (more ? found.slice(0, limit) : found).map((row) => {
    const record = present(kernel, ctx, c, permission, readRow(kernel.protector, c, row))
    page.paths.forEach((path, i) => (record[path] = readPathColumn(kernel, ctx, c, path, row[`p${i}`])))
    return record
  })
  await markComputing(kernel, ctx, name, rows)
  const last = more ? found[limit - 1]! : null
  return {
    rows,
    titles: await titlesOf(kernel, ctx, c, rows, page.paths),
    next: last ? makeCursor(page.sortPaths.map((_, i) => last[`k${i}`])) : null,
    ...(query.marks?.length ? { marks: marksOf(found.slice(0, limit), query.marks.length) } : {}),
  }
}
function marksOf(found: readonly Record<string, unknown>[], count: number): Record<string, number[]> {
  const passed = found.map((row) => [row['id'] as string, Array.from({ length: count }, (_, i) => i).filter((i) => row[`m${i}`])] as const)
  return Object.fromEntries(passed.filter(([, marks]) => marks.length))
}
/** Title, owner and what rights look at are always read. */
function keysNeeded(c: CompiledResource, asked: readonly string[]): string[] {
  return [...new Set([...asked.map((column) => column.split('.')[0]!), c.r.title, c.r.owner.person ?? '', c.r.owner.department ?? ''])]
}

/** How many there are: exact up to 10,000, then about so many. */
export async function countRecords(
  kernel: Kernel,
  ctx: Context,
  name: string,
  query: Pick<ReadQuery, 'filter' | 'search' | 'deleted'>,
): Promise<CountAnswer> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  refuseFilters(kernel, ctx, c, permission, [query.filter])
  const asked = { ...query, filter: both(query.filter, permission.filter) }
  if (await isLooked(kernel, ctx, c)) return countLarge(kernel, ctx, c, asked)
  const { text, values } = countSql(kernel.defs, c, kernel.world(ctx), asked, mostCounted)
  const [row] = await ctx.db.query<{ count: number }>(text, values)
  return row!.count <= mostCounted ? { count: row!.count, exact: true } : { count: mostCounted, exact: false, over: true }
}

/** The stored record whatever its rights: for the pipeline and services. Sub-tables included. `lock` holds the row until the transaction ends. */
export async function loadRecord(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  c: CompiledResource,
  id: string,
  options: { lock?: boolean; deleted?: boolean } = {},
): Promise<ApiRecord | null> {
  const [row] = await ctx.db.query(
    `SELECT ${c.select} FROM ${c.table} t WHERE t.id = $1::uuid${options.deleted ? '' : ' AND t.deleted_at IS NULL'}${options.lock ? ' FOR UPDATE' : ''}`,
    [id],
  )
  if (!row) return null
  const record = readRow(kernel.protector, c, row)
  await loadRows(kernel, ctx, c, [record])
  return record
}
async function loadRows(kernel: Kernel, ctx: Pick<Context, 'db'>, c: CompiledResource, records: readonly ApiRecord[]): Promise<void> {
  for (const rows of c.rows) {
    const list = await ctx.db.query(
      `SELECT parent, id, ${rows.fields.map((f) => quote(f.column)).join(', ')} FROM ${rows.table} WHERE parent = ANY ($1::uuid[]) ORDER BY parent, position, id`,
      [records.map((record) => record.id)],
    )
    const byParent = Map.groupBy(list, (r) => r['parent'] as string)
    for (const record of records)
      record[rows.key] = (byParent.get(record.id) ?? []).map((r) => ({
        id: r['id'],
        ...Object.fromEntries(
          rows.fields.map((f) => [f.key, decode(kernel.protector, `${c.r.table}.${rows.key}`, f.key, f.field, r[f.column])]),
        ),
      }))
  }
}

const loaders = new WeakMap<CompiledResource, Together<string, ApiRecord | null>>()
/** `loadRecord` outside any transaction: what is asked at the same time is read together. */
export function loadTogether(kernel: Kernel, c: CompiledResource, id: string): Promise<ApiRecord | null> {
  let loader = loaders.get(c)
  if (!loader) loaders.set(c, (loader = new Together((ids) => loadMany(kernel, c, ids), { atOnce: 2, most: 50 })))
  return loader.ask(id)
}
async function loadMany(kernel: Kernel, c: CompiledResource, ids: readonly string[]): Promise<(ApiRecord | null)[]> {
  const rows = await kernel.db.query(`SELECT ${c.select} FROM ${c.table} t WHERE t.id = ANY ($1::uuid[]) AND t.deleted_at IS NULL`, [ids])
  const records = rows.map((row) => readRow(kernel.protector, c, row))
  await loadRows(kernel, kernel, c, records)
  const byId = new Map(records.map((record) => [record.id, record]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** One record with what the actor may do with it. What he may not see does not exist for him. */
export async function getRecord(kernel: Kernel, ctx: Context, name: string, id: string): Promise<RecordAnswer> {
  const { c, record, permission } = await needReadable(kernel, ctx, name, id)
  const { given, followed } = await tiesOf(ctx, name, id)
  const shown = await answer(kernel, ctx, c, permission, record, given)
  shown.record.followed = followed
  return shown
}

/** A record that the actor may see, as it is stored, and under which rules he sees it. */
export async function needReadable(
  kernel: Kernel,
  ctx: Context,
  name: string,
  id: string,
): Promise<{ c: CompiledResource; record: ApiRecord; permission: Permission }> {
  const c = kernel.resource(name)
  const record = await loadRecord(kernel, ctx, c, id, { deleted: true })
  const permission = record && (await permissionOver(kernel, ctx, 'read', c, record))
  if (!permission) kernel.access.need(ctx.actor, 'read', name)
  if (!record) await refusePurged(ctx, c, id)
  if (!record || !permission || (await isUnseen(ctx, c, record))) throw new Refusal('notFound')
  return { c, record, permission }
}
/** What this person may do with this record: by his roles, else by what a colleague gave him of it (`given`: asked for where it is not known). Null: nothing. */
export async function permissionOver(
  kernel: Kernel,
  ctx: Context,
  action: 'read' | 'update' | 'delete' | 'purge' | 'writeDirectly',
  c: CompiledResource,
  record: ApiRecord,
  given?: Given | null,
): Promise<Permission | null> {
  const own = kernel.access.can(ctx.actor, action, c.r.name)
  if (own && (await reaches(kernel, ctx, c, own.filter, record))) return own
  if ((action !== 'read' && action !== 'update') || record.deletedAt) return null
  const level = given === undefined ? await givenOver(ctx, c.r.name, record.id) : given
  return level === 'update' || level === action ? kernel.access.strictest(c.r.name) : null
}

/** What an import brought and nobody has approved is seen by who sent it only, as in lists (`unseenSql`). */
async function isUnseen(ctx: Context, c: CompiledResource, record: ApiRecord): Promise<boolean> {
  if (!c.r.approval || record.state === 'approved' || ctx.actor.kind === 'system' || record.createdBy === personOf(ctx.actor)) return false
  return (await ctx.db.query(`SELECT 1 FROM kernel.flow_instance WHERE record = $1::uuid LIMIT 1`, [record.id])).length === 0
}
/** Who follows an old link is told that the record was there. */
async function refusePurged(ctx: Context, c: CompiledResource, id: string): Promise<void> {
  const [stone] = await ctx.db.query<{ title: string; at: string }>(
    `SELECT title, at FROM kernel.tombstone WHERE id = $1::uuid AND resource = $2`,
    [id, c.r.table],
  )
  if (stone) throw new Refusal('notFound', `${c.r.label}“${stone.title}”已彻底删除`, { purgedAt: stone.at })
}

/** A stored record as this actor may see it, with titles and his rights over it. */
export async function answer(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  permission: Permission,
  record: ApiRecord,
  given?: Given | null,
): Promise<RecordAnswer> {
  const shown = present(kernel, ctx, c, permission, record)
  const may = async (action: 'update' | 'delete' | 'purge' | 'writeDirectly') =>
    (await permissionOver(kernel, ctx, action, c, record, given)) !== null
  const [update, remove] = [await may('update'), await may('delete')]
  const generic = c.r.writtenBy !== 'module'
  const closed = await closedThrough(ctx, c)
  const isClosed = closed !== null && (periodDay(c, record) ?? '9') <= closed.through
  if (isClosed) shown.closed = closed
  const settled = record.state === 'approved' && !record.deletedAt && !isClosed
  const asks = generic && settled && c.r.approval !== undefined
  shown.may = {
    update: generic && settled && !c.r.approval && update,
    delete: generic && settled && !c.r.approval && remove,
    requestChange: asks && update,
    requestDeletion: asks && remove,
    restore: generic && !!record.deletedAt && remove && !isClosed,
    writeDirectly: asks && (await may('writeDirectly')),
    purge: !!record.deletedAt && !isClosed && (await may('purge')),
    share: !record.deletedAt && (await mayGive(kernel, ctx, c, record)),
  }
  const flow = c.r.approval
    ? await ctx.db.query<{ id: string }>(
        `SELECT id FROM kernel.flow_instance WHERE record = $1::uuid AND parent IS NULL AND request IS NULL ORDER BY started_at DESC LIMIT 1`,
        [record.id],
      )
    : []
  shown.flow = flow[0] ? { instance: flow[0].id } : null
  if (asks) shown.changing = await openRequestsOf(ctx, record.id)
  if (c.r.publicForm && (await ctx.db.query(`SELECT 1 FROM kernel.public_entry WHERE record = $1::uuid`, [record.id])).length)
    shown.fromPublicForm = true
  const into = record.deletedAt ? await mergedInto(ctx, record.id) : null
  if (into) shown.mergedInto = into
  await markComputing(kernel, ctx, c.r.name, [shown])
  return { record: shown, titles: await titlesOf(kernel, ctx, c, [shown], []) }
}
/** May he open this record to a colleague? Whose it is, and who may change it by a role of his own; what was given is not given on. */
export async function mayGive(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<boolean> {
  const owner = c.r.owner.person
  const read = kernel.access.can(ctx.actor, 'read', c.r.name)
  if (!read || !(await reaches(kernel, ctx, c, read.filter, record))) return false
  if (owner && record[owner] === personOf(ctx.actor) && record[owner]) return true
  const update = kernel.access.can(ctx.actor, 'update', c.r.name)
  return update !== null && reaches(kernel, ctx, c, update.filter, record)
}

/** Does a right's filter let this record through? In memory when it reads only the row itself, else in SQL; both mean the same. */
export async function reaches(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  filter: Filter | null,
  record: ApiRecord,
): Promise<boolean> {
  if (!filter) return true
  const world = kernel.world(ctx)
  const ownOnly = pathsOf(filter).every((path) => !path.includes('.') && !c.byKey.get(path)?.secret && !asksATree(c.r.fields[path]))
  if (ownOnly) return matches(filter, record, { ...world, read: readPath, fieldAt: (path) => c.r.fields[path] })
  const check = allowsSql(kernel.defs, c, world, filter, record.id)
  return (await ctx.db.query(check.text, check.values)).length > 0
}

/** Which records stand below one is known to the database only; of units the directory in memory knows it. */
const asksATree = (field: Field | undefined): boolean =>
  field !== undefined && 'parent' in field.options && (field.options as { target: string }).target !== 'directory.unit'

/** Cuts a record to what the actor may see: hidden fields go, protected ones are masked except in his own row. */
export function present(_kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, record: ApiRecord): ApiRecord {
  for (const key of permission.hidden) delete record[key]
  for (const key of c.writeOnly) if (key in record) record[key] = readable(c.r.fields[key]!, record[key])
  for (const key of maskedOf(ctx, c, permission, record)) if (key in record) record[key] = mask(c.r.fields[key]!, record[key])
  return record
}
/** Of what is write-only a reader learns whether there is one. */
const readable = (field: Field, value: unknown): unknown =>
  kindOf(field).isWriteOnly && value !== null && value !== undefined ? writeOnlyMark : value
const nothing: ReadonlySet<string> = new Set()
/** The fields of which this reader sees a part only; of his own record he sees all. */
export function maskedOf(ctx: Context, c: CompiledResource, permission: Permission, record: ApiRecord): ReadonlySet<string> {
  const me = personOf(ctx.actor)
  return me && c.r.owner.person && record[c.r.owner.person] === me ? nothing : permission.masked
}

/** Conditions, sorts and columns on what the actor may not see are refused: dropping them would show more, keeping them would leak. */
export function refuseHidden(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, paths: readonly string[]): void {
  for (const path of paths) {
    const found = kernel.defs.path(c.r.name, path.replace(/^-/, '').split('.').slice(0, 4).join('.'))
    const own = path.replace(/^-/, '').split('.')[0]!
    if (permission.hidden.has(own)) throw new Refusal('badFilter', '没有查看该字段的权限')
    if (!found || found.hops.length === 0) continue
    const beyond = kernel.access.can(ctx.actor, 'read', found.resource)
    if (beyond?.hidden.has(found.key)) throw new Refusal('badFilter', '没有查看该字段的权限')
    // A path that leads out of what he may read shows only how the other record is named.
    const names = [kernel.defs.resource(found.resource).title, 'id']
    if (!beyond && !names.includes(found.key) && !isPlainFact(found.field)) throw new Refusal('badFilter', '没有查看该字段的权限')
  }
}
const wholeValue: ReadonlySet<Operator | null> = new Set(['eq', 'ne', 'in', 'notIn', 'empty', 'notEmpty', null])
/** What filters ask of fields that the actor may not see, or sees masked: those he may name as a whole, but not try out piece by piece. */
export function refuseFilters(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  permission: Permission,
  filters: readonly (Filter | null | undefined)[],
): void {
  const asks = filters.flatMap((filter) => (filter ? asksOf(filter) : []))
  refuseHidden(kernel, ctx, c, permission, asks.map(({ path }) => path)) // prettier-ignore
  refuseMasked(kernel, ctx, c.r.name, asks.filter(({ op }) => !wholeValue.has(op)).map(({ path }) => path), '按部分内容或大小筛选') // prettier-ignore
}
/** What he sees masked he can neither group nor order by: the answer would tell what the mask hides. */
export function refuseMasked(kernel: Kernel, ctx: Context, name: string, paths: readonly string[], act: string): void {
  for (const path of paths) {
    const found = kernel.defs.path(name, path.replace(/^-/, ''))
    if (found && kernel.access.can(ctx.actor, 'read', found.resource)?.masked.has(found.key))
      throw new Refusal('badFilter', `该字段受保护，不能${act}`)
  }
}
/** Facts that every list may show beside a person's or unit's name. */
const isPlainFact = (field: Field | undefined): boolean => field !== undefined && !field.sensitive && kindOf(field).isPlainFact === true

function readPathColumn(kernel: Kernel, ctx: Context, c: CompiledResource, path: string, stored: unknown): unknown {
  const found = kernel.defs.path(c.r.name, path)
  if (!found?.field || stored === null) return stored
  const value = readable(found.field, decode(kernel.protector, kernel.defs.resource(found.resource).table, found.key, found.field, stored))
  const permission = kernel.access.can(ctx.actor, 'read', found.resource)
  return permission?.masked.has(found.key) || (!permission && isSecret(found.field)) ? mask(found.field, value) : value
}

export async function historyOf(kernel: Kernel, ctx: Context, name: string, id: string): Promise<HistoryEntry[]> {
  const { c, record, permission } = await needReadable(kernel, ctx, name, id)
  const seen = { ...permission, masked: maskedOf(ctx, c, permission, record) }
  const entries = await ctx.db.query<{
    at: string
    version: number
    actor: string | null
    on_behalf_of: string | null
    act: string
    origin: string
    changes: Record<string, [unknown, unknown]>
  }>(
    `SELECT at, version, actor, on_behalf_of, act, origin, changes FROM kernel.history WHERE resource = $1 AND record = $2::uuid ORDER BY version DESC, seq DESC LIMIT 500`,
    [c.r.table, id],
  )
  const { describeChanges } = await import('./describe.ts')
  return Promise.all(
    entries.map(async (e) => ({
      at: e.at,
      version: e.version,
      actor: e.actor,
      actorName: ctx.directory.nameOf(e.actor) || (e.actor ? '已离开的人员' : '系统'),
      onBehalfOf: e.on_behalf_of,
      act: e.act,
      origin: e.origin,
      changes: await describeChanges(kernel, ctx, c, seen, e.changes),
    })),
  )
}
