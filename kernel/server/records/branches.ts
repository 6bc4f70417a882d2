import { namesParent, Refusal, type BranchesAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { belowSql, branchConditions, hitsAmong, type BranchesQuery } from '../store/branches.ts'
import { Statement } from '../store/sql.ts'
import { refuseFilters, refuseHidden, refuseMasked } from './may-ask.ts'
import { listRecords, type ReadQuery } from './read.ts'

/**
 * One level of a tree of records: what stands below `under`, or the topmost. What is asked (filter, search) keeps those that pass and everything above them
 * that the actor may see; a record whose upper one he may not see is topmost for him.
 */
export async function branchesOf(
  kernel: Kernel,
  ctx: Context,
  name: string,
  asked: ReadQuery & { by: string; under: string | null },
): Promise<BranchesAnswer> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  const { by, under, filter = null, search, ...rest } = asked
  const field = c.r.fields[by]
  const column = c.byKey.get(by)?.column
  if (!field || !column || !namesParent(field, (target) => kernel.defs.resource(target).table === c.r.table))
    throw new Refusal('badFilter', `“${field?.label ?? by.slice(0, 60)}”不能排成层级`)
  refuseHidden(kernel, ctx, c, permission, [by])
  refuseFilters(kernel, ctx, c, permission, [filter])
  refuseMasked(kernel, ctx, name, [by], '排成层级')
  const query: BranchesQuery = { column, sight: permission.filter, filter, ...(search ? { search } : {}) }
  const page = await listRecords(kernel, ctx, name, { ...rest, more: (s) => branchConditions(s, c, query, under) })
  const ids = page.rows.map(({ id }) => id)
  const ask = async <R extends object>(make: (s: Statement) => string | null): Promise<R[] | null> => {
    const s = new Statement(kernel.defs, kernel.world(ctx))
    const text = make(s)
    return text === null ? null : ctx.db.query<R & Record<string, unknown>>(text, s.values)
  }
  const below = await ask<{ id: string; count: number }>((s) => belowSql(s, c, query, ids))
  const hits = await ask<{ id: string }>((s) => hitsAmong(s, c, query, ids))
  return {
    ...page,
    below: Object.fromEntries((below ?? []).map(({ id, count }) => [id, count])),
    hits: hits && hits.map(({ id }) => id),
  }
}
