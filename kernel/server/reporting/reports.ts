import { invalid, readReport, Refusal, type Report, type ReportSource, type ReportSpec } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { changeKept, dropKept, insertKept, keptOn, keptOne, mayChangeKept, mineToChange, type KeptDraft, type KeptRow, type Shelf } from '../records/kept.ts' // prettier-ignore
import { resolveReport } from './resolve.ts'

const shelf: Shelf = { table: 'kernel.report', noun: '报表', act: 'report' }

/** The reports of this reader and those shared, of types that he may read. */
export async function reportsOf(kernel: Kernel, ctx: Context): Promise<Report[]> {
  return (await keptOn<ReportSpec>(shelf, ctx, null)).filter((row) => mayRead(kernel, ctx, row)).map((row) => shown(kernel, ctx, row))
}
export async function getReport(kernel: Kernel, ctx: Context, id: string): Promise<Report> {
  const row = await keptOne<ReportSpec>(shelf, ctx, id)
  if (!row || !mayRead(kernel, ctx, row)) throw new Refusal('notFound', '报表不存在，或已被删除')
  return shown(kernel, ctx, row)
}
export async function keepReport(kernel: Kernel, ctx: Context, given: unknown): Promise<Report> {
  const draft = readDraft(kernel, ctx, given)
  return shown(kernel, ctx, await insertKept(shelf, kernel, ctx, draft.state.base, draft))
}
/** Changes a report that is still as the changer saw it; without a state of its own it shows what it showed. */
export async function changeReport(kernel: Kernel, ctx: Context, id: string, given: unknown, version: unknown): Promise<Report> {
  return kernel.transaction(ctx, async (tx) => {
    const row = await mine(kernel, tx, id)
    const draft = readDraft(kernel, tx, given, row.state)
    if (draft.state.base !== row.resource) throw invalid([{ field: 'base', message: '报表从哪类记录出发不能再改，请另存一份' }])
    return shown(kernel, tx, await changeKept(shelf, kernel, tx, row, draft, version))
  })
}
export async function dropReport(kernel: Kernel, ctx: Context, id: string): Promise<void> {
  await kernel.transaction(ctx, async (tx) => dropKept(shelf, tx, await mine(kernel, tx, id)))
}

/** The types whose records point at this one, as far as this reader may read them. */
export function reportSources(kernel: Kernel, ctx: Context, base: string): ReportSource[] {
  const { table } = kernel.resource(base).r
  kernel.access.need(ctx.actor, 'read', base)
  return [...kernel.defs.resources.values()].flatMap((r) => {
    const permission = r.log ? null : kernel.access.can(ctx.actor, 'read', r.name)
    if (!permission) return []
    return kernel.resource(r.name).fields.flatMap(({ key, field, type, target }) => {
      const isWay = type === 'uuid' && target !== null && kernel.defs.resources.get(target)?.table === table && !permission.hidden.has(key)
      return isWay ? [{ of: r.name, label: r.label, by: key, byLabel: field.label }] : []
    })
  })
}

async function mine(kernel: Kernel, ctx: Context, id: string): Promise<KeptRow<ReportSpec>> {
  const row = await mineToChange<ReportSpec>(shelf, kernel, ctx, id)
  if (!mayRead(kernel, ctx, row)) throw new Refusal('notFound', '报表不存在，或已被删除')
  return row
}
const mayRead = (kernel: Kernel, ctx: Context, { resource }: KeptRow<ReportSpec>): boolean =>
  kernel.defs.resources.has(resource) && kernel.access.can(ctx.actor, 'read', resource) !== null

function shown(kernel: Kernel, ctx: Context, row: KeptRow<ReportSpec>): Report {
  const { id, name, owner, is_shared: isShared, is_locked: isLocked, state, version } = row
  const problem = problemOf(kernel, ctx, state)
  // What he may not see he is not told by what is asked of it either.
  const seen: ReportSpec = problem ? { base: state.base, columns: [], filter: null, sort: [], group: [], totals: [], chart: null } : state
  const ownerName = ctx.directory.nameOf(owner) || '已离开的人员'
  return { id, name, owner, ownerName, isShared, isLocked, state: seen, version, mayChange: mayChangeKept(kernel, ctx, row), problem }
}
/** Evaluated as the reader. */
function problemOf(kernel: Kernel, ctx: Context, state: ReportSpec): string | null {
  try {
    resolveReport(kernel, ctx, state)
    return null
  } catch (error) {
    // What is wrong with a column would name what this reader may not know.
    if (error instanceof Refusal) return error.code === 'invalid' ? '报表的内容对你不适用，或字段已经改变' : error.message
    throw error
  }
}

function readDraft(kernel: Kernel, ctx: Context, given: unknown, kept?: ReportSpec): KeptDraft<ReportSpec> {
  const { name, isShared, isLocked, state } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  const title = typeof name === 'string' ? name.trim() : ''
  if (!title || title.length > 30) throw invalid([{ field: 'name', message: '请填写报表名称，不超过 30 字' }])
  const spec = state === undefined && kept ? kept : readReport(state)
  if (spec !== kept) resolveReport(kernel, ctx, spec)
  return { name: title, isShared: isShared === true, isLocked: isLocked === true, state: spec }
}
