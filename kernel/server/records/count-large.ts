import type { CountAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import type { Judge } from '../store/by-part.ts'
import { countSql, matchingSql, type ListQuery } from '../store/list.ts'
import { isCutOff, keyOf } from './choose-form.ts'

/** Counted one by one up to here. */
export const mostCounted = 10_000
/** About two tenths of a second: a number beside a title is worth no more. */
const mostCost = 100_000

/** How many of a large table: counted where that is quick, else what the planner expects. Never refused: a list without its number is still a list. */
export async function countLarge(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  asked: Pick<ListQuery, 'filter' | 'search' | 'deleted'>,
): Promise<CountAnswer> {
  const world = kernel.world(ctx)
  const { filter, search, deleted } = asked
  const expected = await kernel.estimates.remember(keyOf(kernel, ctx, c, 'count', { filter, search, deleted }), () =>
    kernel.estimates.of(matchingSql(kernel.defs, c, world, asked)),
  )
  const about: CountAnswer = { count: Math.round(expected.rows), exact: false }
  // Of many, the first ten thousand are found soon; of few, all must be looked for.
  if (expected.cost * Math.min(1, mostCounted / Math.max(1, expected.rows)) > mostCost) return about
  const { text, values, judge } = countSql(kernel.defs, c, world, asked, mostCounted)
  try {
    const found = await kernel.db.lists.once<{ count: number }>(text, values)
    if (judge) return await countJudged(kernel, ctx, found, judge)
    const row = found[0]
    if (row!.count <= mostCounted) return { count: row!.count, exact: true }
    return about.count > mostCounted ? about : { count: mostCounted, exact: false, over: true }
  } catch (error) {
    if (!isCutOff(error)) throw error
    return about
  }
}

/** How many of those that were proposed match; of more than are looked at, that there are more. */
export async function countJudged(
  kernel: Kernel,
  ctx: Context,
  found: readonly Record<string, unknown>[],
  judge: Judge,
): Promise<CountAnswer> {
  const count = (await judge.passing(kernel.subjectKeys, ctx.db, found)).length
  return found.length <= mostCounted ? { count, exact: true } : { count, exact: false, over: true }
}
