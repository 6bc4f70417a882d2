import { both, grainOf, span, kindOf, Refusal, addDays, daysBetween, readFilter, type ChartSpec, type Comparison, type Condition, type Filter, type ListBlock, type PageAsk } from '#model' // prettier-ignore
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { viewsOf } from '../records/saved-views.ts'

export interface Source {
  filter: Filter | null
  sort: readonly string[]
  columns: readonly string[]
}
/** What a block asks of its type: its view's conditions, its own, and those that the reader has set for the whole page. */
export async function sourceOf(kernel: Kernel, ctx: Context, block: ChartSpec | ListBlock, asks: readonly PageAsk[]): Promise<Source> {
  const view = await viewOf(kernel, ctx, block)
  const joined = both(view.filter, block.filter, ...asks.map((ask) => askOf(kernel, block.resource, ask)))
  return { ...view, filter: 'and' in joined && joined.and.length === 0 ? null : joined }
}
async function viewOf(kernel: Kernel, ctx: Context, { resource, view }: ChartSpec | ListBlock): Promise<Source> {
  if (view === null) return { filter: null, sort: [], columns: [] }
  const declared = kernel.resource(resource).r.list?.views?.find(({ name }) => name === view)
  if (declared) return { filter: declared.filter, sort: [], columns: declared.columns ?? [] }
  const kept = (await viewsOf(kernel, ctx, resource)).find(({ id }) => id === view)
  if (!kept) throw new Refusal('badFilter', '这个区块用到的视图不存在，或没有共享给你')
  if (kept.problem) throw new Refusal('badFilter', kept.problem)
  return kept.state
}
/** A page's condition as it is asked of this type: by the first of its fields that the type has and that understands it; none narrows nothing. */
function askOf(kernel: Kernel, resource: string, { paths, op, value }: PageAsk): Condition | null {
  const fits = (path: string): boolean => {
    const field = kernel.defs.path(resource, path)?.field
    return field !== undefined && kindOf(field).operators.includes(op)
  }
  const path = paths.find(fits)
  return path === undefined ? null : { field: path, op, ...(value === undefined ? {} : { value }) }
}
const mostAsks = 8
/** What a reader has set, as it comes from outside. */
export function readAsks(given: unknown): PageAsk[] {
  const list = given ?? []
  if (!Array.isArray(list) || list.length > mostAsks) throw new Refusal('badFilter')
  return list.map((one: unknown) => {
    const { paths, op, value } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
    const named = Array.isArray(paths) && paths.length > 0 && paths.length <= 10 && paths.every((path): path is string => typeof path === 'string' && path.length <= 200) // prettier-ignore
    const read = named ? readFilter({ field: paths[0], op, ...(value === undefined ? {} : { value }) }) : null
    if (!named || !read || !('field' in read)) throw new Refusal('badFilter')
    return { paths, op: read.op, ...(read.value === undefined ? {} : { value: read.value }) }
  })
}

/** The period that today lies in, and the one before it, each with its first and last day. */
export function periodsOf({ date, period, upTo }: Comparison, isInstant: boolean, today: string): { now: Filter; before: Filter } {
  const [first, next] = span(grainOf(today, period), period)
  const [firstBefore] = span(grainOf(addDays(first, -1), period), period)
  const lastBefore = addDays(first, -1)
  const sameDay = addDays(firstBefore, daysBetween(first, today))
  const between = (from: string, to: string): Filter =>
    isInstant
      ? { and: [{ field: date, op: 'gte', value: from }, { field: date, op: 'lt', value: addDays(to, 1) }] }
      : { field: date, op: 'between', value: [from, to] } // prettier-ignore
  return upTo === 'whole'
    ? { now: between(first, addDays(next, -1)), before: between(firstBefore, lastBefore) }
    : { now: between(first, today), before: between(firstBefore, sameDay < lastBefore ? sameDay : lastBefore) }
}
