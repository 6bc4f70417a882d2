import {
  fieldsOfLook,
  fitsLook,
  invalid,
  isCondition,
  pathsOf,
  plainView,
  readGroupKey,
  readLook,
  readTotalKey,
  readViewDraft,
  Refusal,
  type Filter,
  type SavedView,
  type ViewState,
} from '#model'
import { v7 as uuidv7 } from 'uuid'
import type { Permission } from '../access/access.ts'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import { brokenConstraint } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { refuseHidden } from './read.ts'

interface Row {
  id: string
  name: string
  owner: string
  is_shared: boolean
  is_locked: boolean
  state: ViewState
  version: number
}
const fields = 'id, name, owner, is_shared, is_locked, state, version'

/** The views of a list for this reader: his own and the shared ones, by name. */
export async function viewsOf(kernel: Kernel, ctx: Context, resource: string): Promise<SavedView[]> {
  const c = kernel.resource(resource)
  const permission = kernel.access.need(ctx.actor, 'read', resource)
  const rows = await ctx.db.query<Row>(
    `SELECT ${fields} FROM kernel.saved_view WHERE resource = $1 AND (owner = $2::uuid OR is_shared) ORDER BY is_shared DESC, name, id`,
    [resource, personOf(ctx.actor)],
  )
  return rows.map((row) => shown(kernel, ctx, c, permission, row))
}

/** Keeps a new view; answers it. */
export async function keepView(kernel: Kernel, ctx: Context, resource: string, given: unknown): Promise<SavedView> {
  const c = kernel.resource(resource)
  const permission = kernel.access.need(ctx.actor, 'read', resource)
  const draft = readDraft(kernel, ctx, c, permission, given)
  const me = needPerson(ctx)
  const row: Row = {
    id: uuidv7(),
    name: draft.name,
    owner: me,
    is_shared: draft.isShared,
    is_locked: draft.isLocked,
    state: draft.state,
    version: 1,
  }
  await store(ctx, `INSERT INTO kernel.saved_view (${fields}, resource, at) VALUES ($1::uuid, $2, $3::uuid, $4, $5, $6::jsonb, $7, $8, $9)`, [
    row.id, row.name, me, row.is_shared, row.is_locked, JSON.stringify(row.state), 1, resource, ctx.clock.now().toISOString(),
  ]) // prettier-ignore
  if (row.is_shared) await audit(ctx, { act: 'view.share', outcome: 'done', resource, detail: { view: row.id, name: row.name } })
  return shown(kernel, ctx, c, permission, row)
}

/** Changes a view that is still as the changer saw it. */
export async function changeView(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  id: string,
  given: unknown,
  version: unknown,
): Promise<SavedView> {
  const c = kernel.resource(resource)
  const permission = kernel.access.need(ctx.actor, 'read', resource)
  return kernel.transaction(ctx, async (tx) => {
    const row = await mine(kernel, tx, resource, id)
    const draft = readDraft(kernel, ctx, c, permission, given, row.state)
    if (row.version !== version) throw new Refusal('versionConflict', '视图已被他人修改，请刷新后重试')
    if (draft.isLocked !== row.is_locked && row.owner !== personOf(ctx.actor))
      throw new Refusal('noRight', '只有建立视图的人可以锁定或解锁')
    const next: Row = {
      ...row,
      name: draft.name,
      is_shared: draft.isShared,
      is_locked: draft.isLocked,
      state: draft.state,
      version: row.version + 1,
    }
    await store(tx, `UPDATE kernel.saved_view SET name = $2, is_shared = $3, is_locked = $4, state = $5::jsonb, version = $6, at = $7 WHERE id = $1::uuid`, [
      id, next.name, next.is_shared, next.is_locked, JSON.stringify(next.state), next.version, ctx.clock.now().toISOString(),
    ]) // prettier-ignore
    if (next.is_shared || row.is_shared)
      await audit(tx, { act: 'view.change', outcome: 'done', resource, detail: { view: id, name: next.name } })
    return shown(kernel, tx, c, permission, next)
  })
}
export async function dropView(kernel: Kernel, ctx: Context, resource: string, id: string): Promise<void> {
  kernel.access.need(ctx.actor, 'read', resource)
  await kernel.transaction(ctx, async (tx) => {
    const row = await mine(kernel, tx, resource, id)
    await tx.db.query(`DELETE FROM kernel.saved_view WHERE id = $1::uuid`, [id])
    if (row.is_shared) await audit(tx, { act: 'view.delete', outcome: 'done', resource, detail: { view: id, name: row.name } })
  })
}

/** The view, locked, when this person may change it; what is not shown to him does not exist. */
async function mine(kernel: Kernel, ctx: Context, resource: string, id: string): Promise<Row> {
  const [row] = await ctx.db.query<Row>(`SELECT ${fields} FROM kernel.saved_view WHERE id = $1::uuid AND resource = $2 FOR UPDATE`, [
    id,
    resource,
  ])
  if (!row || (!row.is_shared && row.owner !== personOf(ctx.actor))) throw new Refusal('notFound', '视图不存在，或已被删除')
  if (!mayChange(kernel, ctx, row))
    throw new Refusal('noRight', row.is_locked ? '视图已锁定，只有建立的人可以修改' : '没有修改共享视图的权限')
  return row
}
const mayChange = (kernel: Kernel, ctx: Context, row: Row): boolean =>
  row.owner === personOf(ctx.actor) || (row.is_shared && !row.is_locked && kernel.access.mayUse(ctx.actor, 'views.share'))

function shown(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, row: Row): SavedView {
  const { id, name, owner, is_shared: isShared, is_locked: isLocked, state, version } = row
  const problem = problemOf(kernel, ctx, c, permission, state)
  // What he may not see, he is not told by what it is compared with either.
  const seen: ViewState = problem ? plainView : state
  return {
    id,
    name,
    owner,
    ownerName: ctx.directory.nameOf(owner) || '已离开的人员',
    isShared,
    isLocked,
    state: seen,
    version,
    mayChange: mayChange(kernel, ctx, row),
    problem,
  }
}
const filtersOf = ({ filter, formats }: ViewState): Filter[] => [...(filter ? [filter] : []), ...formats.map(({ when }) => when)]
const lookOf = ({ look }: ViewState) => (look ? readLook(look) : null)
const pathsOfView = (state: ViewState): string[] => [
  ...filtersOf(state).flatMap((filter) => pathsOf(filter)),
  ...state.pinned,
  ...state.formats.flatMap(({ at }) => at ?? []),
  ...[lookOf(state)].flatMap((look) => (look ? fieldsOfLook(look) : [])),
  ...otherPaths(state),
]
const otherPaths = ({ sort, columns, group, totals }: ViewState): string[] => [
  ...sort.map((key) => key.replace(/^-/, '')),
  ...columns,
  ...group.flatMap((text) => readGroupKey(text)?.path ?? []),
  ...totals.flatMap((text) => readTotalKey(text)?.path ?? []),
]
/** Evaluated as the reader: a condition on a field he may not see refuses the view. */
function problemOf(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, state: ViewState): string | null {
  for (const path of pathsOfView(state)) if (!kernel.defs.path(c.r.name, path)) return '视图用到的字段已经不存在'
  const look = lookOf(state)
  const isSame = (target: string): boolean => kernel.defs.resource(target).table === c.r.table
  if (look && !fitsLook(look, (key) => c.r.fields[key], isSame)) return '视图的显示方式已不适合这个列表'
  try {
    refuseHidden(kernel, ctx, c, permission, pathsOfView(state))
    return null
  } catch (error) {
    if (error instanceof Refusal) return '视图用到了你没有权限查看的字段'
    throw error
  }
}

function readDraft(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, given: unknown, kept?: ViewState) {
  const { draft, problems } = readViewDraft(given, kept)
  if (!draft) throw invalid(problems)
  const problem = draft.state === kept ? null : problemOf(kernel, ctx, c, permission, draft.state)
  if (problem) throw invalid([{ field: 'state', message: problem }])
  if (filtersOf(draft.state).some((filter) => asksProtected(kernel, c, filter)))
    throw invalid([{ field: 'state', message: '条件里有受保护的字段，不能存进视图：请先移除这个条件' }])
  if (draft.isShared && !kernel.access.mayUse(ctx.actor, 'views.share')) throw new Refusal('noRight', '没有共享视图的权限，可以只存给自己')
  return draft
}
/** Protected values stay out of what is kept in the clear. */
function asksProtected(kernel: Kernel, c: CompiledResource, filter: Filter): boolean {
  if (isCondition(filter))
    return kernel.defs.path(c.r.name, filter.field)?.field?.sensitive !== undefined || (c.byKey.get(filter.field)?.secret ?? false)
  if ('not' in filter) return asksProtected(kernel, c, filter.not)
  if ('some' in filter) return false
  return ('and' in filter ? filter.and : filter.or).some((part) => asksProtected(kernel, c, part))
}
const needPerson = (ctx: Context): string => personOf(ctx.actor) ?? refuseNobody()
const refuseNobody = (): never => {
  throw new Refusal('noRight')
}
async function store(ctx: Context, text: string, values: unknown[]): Promise<void> {
  try {
    await ctx.db.query(text, values)
  } catch (error) {
    if (brokenConstraint(error)?.kind === 'unique') throw invalid([{ field: 'name', message: '已有同名的视图，请换一个名称' }])
    throw error
  }
}
