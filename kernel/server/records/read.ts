import {
  both, choiceFilterOf, ownFieldsOf, Refusal,
  type ApiRecord, type CountAnswer, type Filter, type HistoryEntry, type ListAnswer, type RecordAnswer,
} from '#model' // prettier-ignore
import type { Permission } from '../access/access.ts'
import { noteEmergencyRead } from '../emergency/reads.ts'
import type { Kernel } from '../kernel.ts'
import { tiesOf, type Given } from '../access/record-grants.ts'
import { type Context, personOf } from '../context.ts'
import { markComputing } from '../derived/due.ts'
import { readRow, type CompiledResource } from '../store/compiled.ts'
import { openerOfHistory } from '../store/history-values.ts'
import { openerOf } from '../store/opening.ts'
import { closedThrough, periodDay } from '../store/closing.ts'
import { countSql, makeCursor, type ListQuery } from '../store/list.ts'
import { mergedInto } from '../merging/merged-into.ts'
import { automationsIn } from '../automations/told.ts'
import { openRequestsOf } from '../flow/open-requests.ts'
import { noteAskedWhole } from './asked-whole.ts'
import { isLooked } from './choose-form.ts'
import { countJudged, countLarge, mostCounted } from './count-large.ts'
import { readPage } from './large-lists.ts'
import { titlesOf } from './titles.ts'
import { loadRecord } from './load.ts'
import { isRestricted } from './restriction.ts'
import { permissionOver, mayGive } from './rights-over.ts'
import { refuseHidden, refuseFilters, refuseMasked } from './may-ask.ts'
import { closedOver, holdsAny, present, maskedOf, readPathColumn } from './present.ts'

export type ReadQuery = Omit<ListQuery, 'limit' | 'keys'> & {
  limit?: number
  columns?: readonly string[]
  /** The scope of a further right: nothing that the asker put, so it is not judged as his. */
  within?: Filter | null
}
const maxPage = 500

/** One page of records that the actor may see, with the titles of what they refer to. */
export async function listRecords(kernel: Kernel, ctx: Context, name: string, query: ReadQuery): Promise<ListAnswer> {
  const limit = Math.min(Math.max(query.limit ?? 50, 1), maxPage)
  const { c, asked, rights, shown } = openListing(kernel, ctx, name, { ...query, limit })
  await noteAskedWhole(kernel, ctx, name, [query.filter, ...(query.marks ?? [])])
  const { page, rows: found } = await readPage(kernel, ctx, c, asked, rights)
  const more = found.length > limit
  const kept = more ? found.slice(0, limit) : found
  const last = more ? found[limit - 1]! : null
  return {
    ...(await shown(kept)),
    next: last ? makeCursor(page.sortPaths.map((_, i) => last[`k${i}`])) : null,
    ...(query.marks?.length ? { marks: marksOf(kept, query.marks.length) } : {}),
  }
}
/** What a reader asks of a list, judged under his rights: the question with those rights, and how what is found is shown to him. */
export function openListing(kernel: Kernel, ctx: Context, name: string, { columns, within, ...query }: ReadQuery & { limit: number }) {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  const wanted = columns?.length ? columns : null
  const paths = (wanted ?? []).filter((column) => column.includes('.'))
  const sort = query.sort?.length ? query.sort : c.r.list?.sort
  refuseHidden(kernel, ctx, c, permission, [...(sort ?? []), ...paths])
  refuseFilters(kernel, ctx, c, permission, [query.filter, ...(query.marks ?? [])])
  refuseMasked(kernel, ctx, name, query.sort ?? [], '排序')
  const asked: ListQuery = { ...query, byPart: true, paths, ...(sort ? { sort } : {}), ...(wanted ? { keys: keysNeeded(c, wanted) } : {}) }
  /** Rows of the question as this reader sees them. */
  const shown = async (found: readonly Record<string, unknown>[]): Promise<Pick<ListAnswer, 'rows' | 'titles'>> => {
    const opener = await openerOf(kernel, ctx.db, c, found, paths.length ? found.flatMap((row) => paths.map((_, i) => row[`p${i}`])) : [])
    const rows = found.map((row) => {
      const record = present(ctx, c, permission, readRow(opener, c, row))
      paths.forEach((path, i) => readPathColumn(kernel, ctx, c, opener, record, { path, stored: row[`p${i}`], of: row[`i${i}`] }))
      return record
    })
    await markComputing(kernel, ctx, name, rows)
    return { rows, titles: await titlesOf(kernel, ctx, c, rows, paths) }
  }
  return { c, asked, rights: within ? both(permission.filter, within) : permission.filter, shown }
}
function marksOf(found: readonly Record<string, unknown>[], count: number): Record<string, number[]> {
  const passed = found.map((row) => [row['id'] as string, Array.from({ length: count }, (_, i) => i).filter((i) => row[`m${i}`])] as const)
  return Object.fromEntries(passed.filter(([, marks]) => marks.length))
}
/** Title, owner and what rights look at are always read; so is what the choices of a column depend on, for whoever changes it where it stands. */
function keysNeeded(c: CompiledResource, asked: readonly string[]): string[] {
  const shown = asked.map((column) => column.split('.')[0]!)
  const grounds = shown.flatMap((key) => {
    const field = c.r.fields[key]
    const filter = field && choiceFilterOf(field)
    return filter ? ownFieldsOf(filter) : []
  })
  return [...new Set([...shown, ...grounds, c.r.title, c.r.owner.person ?? '', c.r.owner.department ?? ''])]
}

/** How many there are: exact up to 10,000, then about so many. */
export async function countRecords(
  kernel: Kernel,
  ctx: Context,
  name: string,
  { within, ...query }: Pick<ReadQuery, 'filter' | 'search' | 'deleted' | 'within'>,
): Promise<CountAnswer> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  refuseFilters(kernel, ctx, c, permission, [query.filter])
  await noteAskedWhole(kernel, ctx, name, [query.filter])
  const { search, deleted } = query
  const asked = { ...(search ? { search } : {}), ...(deleted ? { deleted } : {}), filter: both(query.filter, permission.filter, within) }
  if (await isLooked(kernel, ctx, c)) return countLarge(kernel, ctx, c, asked)
  const { text, values, judge } = countSql(kernel.defs, c, kernel.world(ctx), asked, mostCounted)
  const found = await ctx.db.query<{ count: number }>(text, values)
  if (judge) return countJudged(kernel, ctx, found, judge)
  const row = found[0]
  return row!.count <= mostCounted ? { count: row!.count, exact: true } : { count: mostCounted, exact: false, over: true }
}

/** One record with what the actor may do with it. What he may not see does not exist for him. */
export async function getRecord(kernel: Kernel, ctx: Context, name: string, id: string): Promise<RecordAnswer> {
  const { c, record, permission } = await needReadable(kernel, ctx, name, id)
  const { given, followed } = await tiesOf(ctx, name, id)
  const shown = await answer(kernel, ctx, c, permission, record, given)
  shown.record.followed = followed
  if (permission.emergency && given?.emergency) shown.record.emergency = { id: given.emergency, until: given.endsAt! }
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
  if (!record || !permission || (await isHidden(ctx, c, record))) throw new Refusal('notFound')
  if (permission.emergency) await noteEmergencyRead(ctx, permission.emergency, name, id)
  return { c, record, permission }
}

/** Whether somebody sees a stored record. A question only: nothing counts as read. */
export const maySee = async (kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<boolean> =>
  (await permissionOver(kernel, ctx, 'read', c, record)) !== null && !(await isHidden(ctx, c, record))
/** From whoever has the right, too: what nobody has asked for yet, and what is deleted and restricted. */
const isHidden = async (ctx: Context, c: CompiledResource, record: ApiRecord): Promise<boolean> =>
  (await isUnseen(ctx, c, record)) || (Boolean(record.deletedAt) && (await isRestricted(ctx, record.id)))

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
  const masked = [...maskedOf(ctx, c, permission, record)].filter((key) => holdsAny(record, key))
  const shown = present(ctx, c, permission, record)
  if (masked.length) Object.assign(shown, { masked, openable: masked.filter((key) => permission.openable.has(key)) })
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

export async function historyOf(kernel: Kernel, ctx: Context, name: string, id: string): Promise<HistoryEntry[]> {
  const { c, record, permission } = await needReadable(kernel, ctx, name, id)
  const { hidden } = closedOver(ctx, c, permission, record)
  const seen = { hidden, masked: maskedOf(ctx, c, permission, record) }
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
  const automations = await automationsIn(ctx, entries)
  const opener = await openerOfHistory(kernel, ctx.db, c, entries.map(({ changes }) => changes)) // prettier-ignore
  return Promise.all(
    entries.map(async (e) => ({
      at: e.at,
      version: e.version,
      actor: e.actor,
      actorName: ctx.directory.nameOf(e.actor) || (e.actor ? '已离开的人员' : '系统'),
      onBehalfOf: e.on_behalf_of,
      act: e.act,
      origin: e.origin,
      automation: automations.get(e.origin) ?? null,
      changes: await describeChanges(kernel, ctx, c, seen, { record: id, changes: e.changes, opener }),
    })),
  )
}
