import { both, kindOf, isCondition, type Condition, type Filter, type SlowDetail, type SlowWay, Refusal } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { headsOf, type ListForm } from '../store/list-forms.ts'
import { shapeOf, wishFor, type IndexWish } from '../store/index-plan.ts'
import type { Queryable } from '../database/database.ts'
import { listSql, type ListQuery } from '../store/list.ts'
import { readJudged, type Read } from './read-judged.ts'
import { chooseForm, isCutOff, isLooked, keyOf, mostCost, type Question } from './choose-form.ts'

const noticeable = 1000
/** Milliseconds for a form that is quick only where the estimate is right. */
const shortTime = 400
const mostWays = 4
// Kept for a month: enough to see what people ask, and no way to fill a disk.
const mostKept = 1000

/** A page of records; where parts of protected values are asked for, each was judged. */
export const readPage = (kernel: Kernel, ctx: Context, c: CompiledResource, asked: ListQuery, rights: Filter | null): Promise<Read> =>
  readJudged(kernel, ctx, asked, (query) => readFound(kernel, ctx, c, query, rights))

/** Reads a page: of a small table as it is asked, of a large one in the form that is quick; what would be slow in every form is refused with ways out. */
async function readFound(kernel: Kernel, ctx: Context, c: CompiledResource, asked: ListQuery, rights: Filter | null): Promise<Read> {
  const world = kernel.world(ctx)
  const query = withRights(asked, rights)
  // What asks beyond the filter is read in the one form that means it, and estimated as that.
  if (asked.behind) {
    const { behind } = asked
    const sqlOf = ({ sort, ...question }: Question) =>
      listSql(kernel.defs, c, world, { ...query, ...(sort ? { sort } : {}), more: behind.more(question) })
    return { page: sqlOf(behind.asked), rows: await readGuarded(kernel, ctx, c, { asked: behind.asked, rights, most: mostCost, sqlOf }) }
  }
  if (asked.more || !(await isLooked(kernel, ctx, c))) {
    const page = listSql(kernel.defs, c, world, query)
    return { page, rows: await ctx.db.query(page.text, page.values) }
  }
  const choice = await chooseForm(kernel, ctx, c, query)
  const judge = async (changed: Question) => (await chooseForm(kernel, ctx, c, withRights(changed, rights))).length > 0
  const begun = performance.now()
  for (const [at, form] of choice.entries()) {
    const page = listSql(kernel.defs, c, world, query, form)
    const isLast = at === choice.length - 1
    try {
      const rows = await readForm(kernel, page, form, isLast)
      const ms = performance.now() - begun
      if (ms > noticeable) noteSlow(kernel, ctx, c, { asked, rights, ms, isRefused: false })
      return { page, rows }
    } catch (error) {
      if (!isCutOff(error)) throw error
      // The estimate was wrong by much: while it is remembered, the question is asked otherwise, or refused at once.
      const { filter, search, sort, deleted } = query
      kernel.estimates.learn(keyOf(kernel, ctx, c, 'list', { filter, search, sort, deleted }), choice.slice(at + 1))
    }
  }
  throw await slowRefusal(kernel, ctx, c, { asked, rights, judge, ms: choice.length ? performance.now() - begun : 0 })
}
/** A question that is no page of a list: what it reads is put by `sqlOf`, for the question as it stands and for each way out of it. */
export interface Guarded {
  asked: Question
  rights: Filter | null
  /** What it may cost at most. */
  most: number
  sqlOf: (question: Question) => { text: string; values: unknown[] }
}
/** Refuses a question to a large table that would be slow, before anything is read; one that proves slow all the same is refused in the same words. */
export async function readGuarded<R extends object>(kernel: Kernel, ctx: Context, c: CompiledResource, guarded: Guarded): Promise<R[]> {
  const { asked, rights, most, sqlOf } = guarded
  const { text, values } = sqlOf(asked)
  if (!(await isLooked(kernel, ctx, c))) return ctx.db.query<R & Record<string, unknown>>(text, values)
  const judge = async (changed: Question) => (await kernel.estimates.of(sqlOf(changed))).cost <= most
  const refusal = (ms: number) => slowRefusal(kernel, ctx, c, { asked, rights, judge, ms })
  if (!(await judge(asked))) throw await refusal(0)
  const begun = performance.now()
  try {
    return await kernel.db.lists.once<R & Record<string, unknown>>(text, values)
  } catch (error) {
    throw isCutOff(error) ? await refusal(performance.now() - begun) : error
  }
}
/** Walking may prove wrong: it gets a short time where there is a surer form. */
async function readForm(
  kernel: Kernel,
  page: ReturnType<typeof listSql>,
  form: ListForm,
  isLast: boolean,
): Promise<Record<string, unknown>[]> {
  const { lists } = kernel.db
  // The range of each unit is read in order whatever is asked, so one plan serves; elsewhere the plan for a common value is ruin for a rare one.
  const read = (db: Queryable) => (form === 'heads' ? db.query(page.text, page.values) : db.once(page.text, page.values))
  return isLast || form !== 'walked' ? read(lists) : lists.within(shortTime, read)
}
export const withRights = <Q extends Question>(asked: Q, rights: Filter | null): Q & { filter: Filter } => ({
  ...asked,
  filter: both(asked.filter, rights),
})
const partsOf = (filter: Filter | null | undefined): readonly Filter[] => (!filter ? [] : 'and' in filter ? filter.and : [filter])

interface Slow {
  /** As the asker put it. */
  asked: Question
  rights: Filter | null
  /** Would it be answered, put so? */
  judge: (changed: Question) => Promise<boolean>
  /** What was waited in vain. */
  ms: number
}
/** The refusal of a question that would be slow: with what would be answered instead, each tried against the estimate, and the index that would serve it. */
export async function slowRefusal(kernel: Kernel, ctx: Context, c: CompiledResource, slow: Slow): Promise<Refusal> {
  const ways: SlowWay[] = []
  for (const { change, ...way } of waysOf(c, slow.asked)) {
    if (ways.length === mostWays) break
    if (way.add && ways.some(({ add }) => add?.field === way.add!.field)) continue
    if (await slow.judge(change)) ways.push(way)
  }
  noteSlow(kernel, ctx, c, { ...slow, isRefused: true })
  const wish = servingIndex(kernel, ctx, c, slow)
  const detail: SlowDetail = {
    ways,
    rows: slow.rights ? null : Math.round(await kernel.estimates.rowsOf(c.table)),
    index: wish && !(await isThere(kernel, wish)) ? wish.keys.map((key) => labelOf(c, key)).join('、') : null,
    job: ctx.actor.kind === 'person' && kernel.access.can(ctx.actor, 'export', c.r.name) ? `/api/records/${c.r.name}/export` : null,
  }
  return new Refusal('slowQuery', undefined, { ...detail })
}

export const labelOf = (c: CompiledResource, key: string): string =>
  c.r.fields[key]?.label ?? ({ createdAt: '创建时间', updatedAt: '修改时间', createdBy: '创建人' }[key] ?? key) // prettier-ignore

const spans = [
  [364, '近一年'],
  [89, '近 90 天'],
  [29, '近 30 天'],
] as const
/** What may be changed of a question, the least first: a span of time, its order, a condition less, no search. */
function* waysOf(c: CompiledResource, asked: Question): Generator<SlowWay & { change: Question }> {
  const parts = partsOf(asked.filter)
  const named = new Set(parts.flatMap((part) => (isCondition(part) ? [part.field] : [])))
  const dates = [...(c.r.list?.filters ?? []), 'createdAt'].filter(
    (key) => !named.has(key) && (key === 'createdAt' || (c.r.fields[key] && kindOf(c.r.fields[key]).isDated)),
  )
  for (const [days, words] of spans)
    for (const field of dates) {
      // Of an instant the last day is meant whole.
      const isInstant = !c.r.fields[field] || c.r.fields[field].kind === 'dateTime'
      const add: Condition = isInstant
        ? { field, op: 'gte', value: { today: -days } }
        : { field, op: 'between', value: [{ today: -days }, { today: 0 }] }
      yield { label: `只看${words}（${labelOf(c, field)}）`, add, change: { ...asked, filter: { and: [...parts, add] } } }
    }
  const usual = c.r.list?.sort?.length ? c.r.list.sort : ['-createdAt']
  if (asked.sort?.length && asked.sort.join() !== usual.join())
    yield { label: '改用默认排序', sort: usual, change: { ...asked, sort: usual } }
  for (const field of named) {
    const rest = parts.filter((part) => !isCondition(part) || part.field !== field)
    yield { label: `去掉“${labelOf(c, field)}”条件`, remove: field, change: { ...asked, filter: { and: rest } } }
  }
  if (asked.search) {
    const { search: _, ...change } = asked
    yield { label: '清除搜索', unsearch: true, change }
  }
}

/** The one field by which the asker's question reaches its units or people, of himself or by his rights. */
function scopeOf(kernel: Kernel, ctx: Context, c: CompiledResource, { asked, rights }: Pick<Slow, 'asked' | 'rights'>): string | null {
  const heads = headsOf(c, withRights(asked, rights).filter, kernel.world(ctx))?.heads
  return heads?.length === 1 ? heads[0]!.field : null
}
const servingIndex = (kernel: Kernel, ctx: Context, c: CompiledResource, slow: Pick<Slow, 'asked' | 'rights'>): IndexWish | null =>
  wishFor(kernel.defs, c.r.name, { filter: slow.asked.filter ?? null, sort: slow.asked.sort ?? [], scope: scopeOf(kernel, ctx, c, slow) })

async function isThere(kernel: Kernel, { name }: IndexWish): Promise<boolean> {
  const [found] = await kernel.db.query(
    `SELECT 1 FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE i.relname = $1 AND x.indisvalid`,
    [name],
  )
  return found !== undefined
}

/** Keeps how a slow question was put, never with what; nobody waits for it. */
export function noteSlow(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  slow: Pick<Slow, 'asked' | 'rights' | 'ms'> & { isRefused: boolean },
): void {
  const { asked, ms, isRefused } = slow
  const conditions = [...shapeOf(asked.filter ?? null), ...(asked.search ? ['search'] : [])].slice(0, 20)
  const now = kernel.clock.now().toISOString()
  kernel.db
    .query(
      `INSERT INTO kernel.slow_question AS q (resource, conditions, sort, scope, keys, asked, refused, longest_ms, last_at)
       SELECT $1, $2::text[], $3::text[], $4, $5::text[], 1, $6::int, $7::int, $8::timestamptz WHERE (SELECT count(*) FROM kernel.slow_question) < ${mostKept}
       ON CONFLICT (resource, conditions, sort, scope) DO UPDATE SET keys = excluded.keys, asked = q.asked + 1, refused = q.refused + excluded.refused,
         longest_ms = greatest(q.longest_ms, excluded.longest_ms), last_at = excluded.last_at`,
      [
        c.r.name,
        conditions,
        [...(asked.sort ?? [])],
        scopeOf(kernel, ctx, c, slow) ?? '',
        servingIndex(kernel, ctx, c, slow)?.keys ?? null,
        isRefused ? 1 : 0,
        Math.round(ms),
        now,
      ],
    )
    .catch(() => undefined)
}
