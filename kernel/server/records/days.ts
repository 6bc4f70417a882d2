import { both, daysBetween, isDay, onDays, Refusal, saysWhen, type DaysAnswer } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { daysSql } from '../store/days.ts'
import { noteAskedWhole } from './asked-whole.ts'
import type { Question } from './choose-form.ts'
import { readGuarded, withRights } from './large-lists.ts'
import { refuseFilters, refuseHidden, refuseMasked } from './may-ask.ts'
import { listRecords, type ReadQuery } from './read.ts'

/** Most days and most records that are answered at once. */
const [mostDays, mostNamed] = [62, 500]
/** Every record of the days is counted, as in a summary. */
const mostDaysCost = 1_000_000

/** The records that a date, an instant or a range of days puts on each of these days: how many the actor may see, and the first of them. */
export async function recordsByDay(
  kernel: Kernel,
  ctx: Context,
  name: string,
  asked: Pick<ReadQuery, 'filter' | 'search' | 'columns' | 'marks'> & { on: string; from: string; to: string; each: number },
): Promise<DaysAnswer> {
  const c = kernel.resource(name)
  const permission = kernel.access.need(ctx.actor, 'read', name)
  const { on, from, to, filter, search, marks, columns = [] } = asked
  const field = c.r.fields[on]
  if (!field || !saysWhen(field)) throw new Refusal('badFilter', `“${field?.label ?? on.slice(0, 60)}”不能排在日历上`)
  if (!isDay(from) || !isDay(to) || daysBetween(from, to) < 0 || daysBetween(from, to) >= mostDays)
    throw new Refusal('badRequest', `请给出起止日期，最多 ${mostDays} 天`)
  const each = Math.max(1, Math.min(asked.each, Math.floor(mostNamed / (daysBetween(from, to) + 1))))
  refuseHidden(kernel, ctx, c, permission, [on])
  refuseFilters(kernel, ctx, c, permission, [filter])
  await noteAskedWhole(kernel, ctx, name, [filter])
  refuseMasked(kernel, ctx, name, [on], '排在日历上')
  const sqlOf = (question: Question) => {
    const within = both(withRights(question, permission.filter).filter, onDays(on, field.kind, from, to))
    return daysSql(kernel.defs, c, kernel.world(ctx), {
      on,
      from,
      to,
      each,
      filter: within,
      ...(question.search ? { search: question.search } : {}),
    })
  }
  const question: Question = { filter: filter ?? null, ...(search ? { search } : {}) }
  const found = await readGuarded<{ day: string; id: string; total: number }>(kernel, ctx, c, {
    asked: question,
    rights: permission.filter,
    most: mostDaysCost,
    sqlOf,
  })
  const days = [...Map.groupBy(found, ({ day }) => day)].map(([day, list]) => ({
    day,
    count: list[0]!.total,
    ids: list.map(({ id }) => id),
  }))
  const ids = [...new Set(found.map(({ id }) => id))]
  if (ids.length === 0) return { days: [], rows: [], titles: {} }
  const named = await listRecords(kernel, ctx, name, {
    filter: { field: 'id', op: 'in', value: ids },
    limit: mostNamed,
    columns: [...columns, on],
    ...(marks ? { marks } : {}),
  })
  return { days, rows: named.rows, titles: named.titles, ...(named.marks ? { marks: named.marks } : {}) }
}
