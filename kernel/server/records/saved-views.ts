import {
  asksProtected,
  fieldsOfLook,
  fitsLook,
  invalid,
  pathsOf,
  plainView,
  readGroupKey,
  readListChart,
  readLook,
  readTotalKey,
  readViewDraft,
  Refusal,
  type Filter,
  type SavedView,
  type ViewState,
} from '#model'
import type { Permission } from '../access/access.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { changeKept, dropKept, insertKept, keptOn, mayChangeKept, mineToChange, type KeptRow, type Shelf } from './kept.ts'
import { refuseFilters, refuseHidden, refuseMasked } from './may-ask.ts'

const shelf: Shelf = { table: 'kernel.saved_view', noun: '视图', act: 'view' }
type Row = KeptRow<ViewState>

/** The views of a list for this reader: his own and the shared ones, by name. */
export async function viewsOf(kernel: Kernel, ctx: Context, resource: string): Promise<SavedView[]> {
  const c = kernel.resource(resource)
  const permission = kernel.access.need(ctx.actor, 'read', resource)
  return (await keptOn<ViewState>(shelf, ctx, resource)).map((row) => shown(kernel, ctx, c, permission, row))
}

/** Keeps a new view; answers it. */
export async function keepView(kernel: Kernel, ctx: Context, resource: string, given: unknown): Promise<SavedView> {
  const c = kernel.resource(resource)
  const permission = kernel.access.need(ctx.actor, 'read', resource)
  const draft = readDraft(kernel, ctx, c, permission, given)
  return shown(kernel, ctx, c, permission, await insertKept(shelf, kernel, ctx, resource, draft))
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
    return shown(kernel, tx, c, permission, await changeKept(shelf, kernel, tx, row, draft, version))
  })
}
export async function dropView(kernel: Kernel, ctx: Context, resource: string, id: string): Promise<void> {
  kernel.access.need(ctx.actor, 'read', resource)
  await kernel.transaction(ctx, async (tx) => dropKept(shelf, tx, await mine(kernel, tx, resource, id)))
}
/** The view of this list that this person may change. */
async function mine(kernel: Kernel, ctx: Context, resource: string, id: string): Promise<Row> {
  const row = await mineToChange<ViewState>(shelf, kernel, ctx, id)
  if (row.resource !== resource) throw new Refusal('notFound', '视图不存在，或已被删除')
  return row
}

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
    mayChange: mayChangeKept(kernel, ctx, row),
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
const otherPaths = ({ sort, columns, group, totals, chart }: ViewState): string[] => [
  ...sort.map((key) => key.replace(/^-/, '')),
  ...columns,
  ...group.flatMap((text) => readGroupKey(text)?.path ?? []),
  ...totals.flatMap((text) => readTotalKey(text)?.path ?? []),
  ...drawnPaths(chart),
]
const drawnPaths = (chart: readonly string[]): string[] => {
  const { group = [], total = null } = readListChart(chart) ?? {}
  return [...group.flatMap((text) => readGroupKey(text)?.path ?? []), ...(total ? [readTotalKey(total)!.path] : [])]
}
/** Evaluated as the reader: a condition on a field he may not see, or a guess at one that he sees masked, refuses the view. */
function problemOf(kernel: Kernel, ctx: Context, c: CompiledResource, permission: Permission, state: ViewState): string | null {
  for (const path of pathsOfView(state)) if (!kernel.defs.path(c.r.name, path)) return '视图用到的字段已经不存在'
  const look = lookOf(state)
  const isSame = (target: string): boolean => kernel.defs.resource(target).table === c.r.table
  if (look && !fitsLook(look, (key) => c.r.fields[key], isSame)) return '视图的显示方式已不适合这个列表'
  try {
    refuseHidden(kernel, ctx, c, permission, pathsOfView(state))
    refuseFilters(kernel, ctx, c, permission, filtersOf(state))
    refuseMasked(kernel, ctx, c.r.name, state.sort, '排序')
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
  if (filtersOf(draft.state).some((filter) => keepsProtected(kernel, c, filter)))
    throw invalid([{ field: 'state', message: '条件里有受保护的字段，不能存进视图：请先移除这个条件' }])
  return draft
}
/** Protected values stay out of what is kept in the clear. */
const keepsProtected = (kernel: Kernel, c: CompiledResource, filter: Filter): boolean =>
  asksProtected(filter, c.r.fields, (path) => kernel.defs.path(c.r.name, path)?.field)
