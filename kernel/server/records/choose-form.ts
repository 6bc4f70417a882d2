import { Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { fewOnLarge, headsOf, type ListForm } from '../store/list-forms.ts'
import { listSql, type ListQuery } from '../store/list.ts'

/** How a question to a large table is read: in these forms, each when the one before it was cut off. None: it would be slow in any. */
export type Choice = readonly Exclude<ListForm, 'plain'>[]
/** About six tenths of a second of one core. */
export const mostCost = 300_000
// Where walking proved wrong, the sure form may cost more than would be begun with.
const mostSecondCost = 3 * mostCost
export type Question = Pick<ListQuery, 'filter' | 'search' | 'sort' | 'deleted'>

/** Does this question concern a large table, outside any transaction, and somebody who waits? Then it is looked at before it is asked. */
export async function isLooked(kernel: Kernel, ctx: Context, c: CompiledResource): Promise<boolean> {
  return ctx.db === kernel.db && ctx.actor.kind !== 'system' && kernel.estimates.isLarge(c.table)
}

/** The question as one and the same asker would ask it again today. */
export const keyOf = (kernel: Kernel, ctx: Context, c: CompiledResource, kind: string, asked: object): string => {
  const { asker, today } = kernel.world(ctx)
  return JSON.stringify([kind, c.r.name, asker?.person ?? null, today, asked])
}

/**
 * Chooses by the planner's estimate, which supposes that what matches lies evenly over the table. Walking in the sort's order rests on that, and goes through
 * everything where it is wrong (a closed unit, a rare status); so it must promise more the fewer match.
 */
export function chooseForm(kernel: Kernel, ctx: Context, c: CompiledResource, question: Question): Promise<Choice> {
  const { filter, search, sort, deleted } = question
  return kernel.estimates.remember(keyOf(kernel, ctx, c, 'list', { filter, search, sort, deleted }), async () => {
    const world = kernel.world(ctx)
    const found = headsOf(c, filter ?? null, world)
    const entries = found?.heads.reduce((sum, head) => sum + head.values.length, 0) ?? 0
    const asked: ListQuery = { ...question, cursor: null, limit: 50, keys: [], paths: [], searchBy: 'pairs', byPart: true }
    const sqlOf = (form: ListForm) => listSql(kernel.defs, c, world, asked, form)
    const costOf = (form: ListForm) => kernel.estimates.of(sqlOf(form))
    const gathered = await costOf('gathered')
    const share = gathered.rows / Math.max(1, await kernel.estimates.rowsOf(c.table))
    // Names lie evenly indeed. To gather reads a row here and a row there: on a cold start many times what walking reads in one piece.
    const isByPart = sqlOf('gathered').judge !== null
    const risk = share >= 0.2 ? 1 : found ? 8 : isByPart ? 1 : 3
    const forms: Weighed[] = [
      { form: 'gathered', cost: gathered.cost, weight: gathered.cost },
      await weighed('walked', risk),
      ...(entries > 0 && entries <= fewOnLarge ? [await weighed('heads', 1)] : []),
    ]
    const [first, ...rest] = forms.sort((a, b) => a.weight - b.weight)
    if (!first || first.cost > mostCost) return []
    return [first, ...rest.filter((one) => one.form === 'gathered' && one.cost <= mostSecondCost)].map(({ form }) => form)
    async function weighed(form: 'walked' | 'heads', by: number): Promise<Weighed> {
      const { cost } = await costOf(form)
      return { form, cost, weight: cost * by }
    }
  })
}
interface Weighed {
  form: Choice[number]
  cost: number
  weight: number
}

/** True where the database cut the question off. */
export const isCutOff = (error: unknown): boolean => error instanceof Refusal && error.code === 'slowQuery'
