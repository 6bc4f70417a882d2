import { namesParent, Refusal, type BranchesAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { belowSql, branchConditions, hitsAmong, isAsked, type BranchesQuery } from '../store/branches.ts'
import { Statement } from '../store/sql.ts'
import { noteAskedWhole } from './asked-whole.ts'
import type { Question } from './choose-form.ts'
import { readGuarded } from './large-lists.ts'
import { refuseFilters, refuseHidden, refuseMasked } from './may-ask.ts'
import { listRecords, type ReadQuery } from './read.ts'

/** Every record directly below one of the page is counted. */
const mostBelowCost = 1_000_000

/**
 * One level of a tree of records: what stands below `under`, or the topmost. What is asked (filter, search) keeps those that pass and everything above them
 * that the actor may see; a record whose upper one he may not see is topmost for him.
 */
export async function branchesOf(
  kernel: Kernel,
  ctx: Context,
  name: string,
  given: ReadQuery & { by: string; under: string | null },
): Promise<BranchesAnswer> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  const { by, under, filter = null, search, ...rest } = given
  const field = c.r.fields[by]
  const column = c.byKey.get(by)?.column
  if (!field || !column || !namesParent(field, (target) => kernel.defs.resource(target).table === c.r.table))
    throw new Refusal('badFilter', `“${field?.label ?? by.slice(0, 60)}”不能排成层级`)
  refuseHidden(kernel, ctx, c, permission, [by])
  refuseFilters(kernel, ctx, c, permission, [filter])
  await noteAskedWhole(kernel, ctx, name, [filter])
  refuseMasked(kernel, ctx, name, [by], '排成层级')
  const queryOf = (question: Question): BranchesQuery => ({ column, sight: permission.filter, filter: question.filter ?? null, ...(question.search ? { search: question.search } : {}) }) // prettier-ignore
  const sort = rest.sort?.length ? rest.sort : c.r.list?.sort
  const asked: Question = { filter, ...(search ? { search } : {}), ...(sort ? { sort } : {}) }
  const more = (question: Question) => (s: Statement) => branchConditions(s, c, queryOf(question), under)
  const page = await listRecords(kernel, ctx, name, { ...rest, more: more(asked), behind: { asked, more } })
  const ids = page.rows.map(({ id }) => id)
  const ask = <R extends object>(make: (s: Statement, query: BranchesQuery) => string): Promise<R[]> => {
    const sqlOf = (question: Question) => {
      const s = new Statement(kernel.defs, kernel.world(ctx))
      return { text: make(s, queryOf(question)), values: s.values }
    }
    return readGuarded<R>(kernel, ctx, c, { asked, rights: permission.filter, most: mostBelowCost, sqlOf })
  }
  const below = await ask<{ id: string; count: number }>((s, query) => belowSql(s, c, query, ids))
  const hits = isAsked(asked) ? await ask<{ id: string }>((s, query) => hitsAmong(s, c, query, ids)) : null
  return {
    ...page,
    below: Object.fromEntries(below.map(({ id, count }) => [id, count])),
    hits: hits && hits.map(({ id }) => id),
  }
}
