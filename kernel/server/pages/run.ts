import { both, readTotalKey, Refusal, type BlockAnswer, type ChartAnswer, type ChartSpec, type DataBlock, type Filter, type ListBlock, type ListBlockAnswer, type PageAsk, type PageBlock, type SummaryGroup } from '#model' // prettier-ignore
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { listRecords, openListing } from '../records/read.ts'
import { judgeSummary, summarise } from '../records/summarise.ts'
import { added } from './roll-ups/together.ts'
import { periodsOf, sourceOf } from './source.ts'

/** What a block shows to this reader: figures and records that are his to see, by fields that are. */
export async function runBlock(kernel: Kernel, ctx: Context, block: PageBlock, asks: readonly PageAsk[]): Promise<BlockAnswer> {
  if (block.kind === 'chart') return runChart(kernel, ctx, block.chart, asks)
  if (block.kind === 'list') return runList(kernel, ctx, block, asks)
  throw new Refusal('badRequest', '这个区块没有数据')
}
/** Why a block cannot be shown to this reader; null when it can. A condition on what he may not see refuses it: left out it would show more, kept it would tell. */
export async function problemOf(kernel: Kernel, ctx: Context, block: PageBlock): Promise<string | null> {
  try {
    if (block.kind === 'chart' || block.kind === 'list') await judgeBlock(kernel, ctx, block, [])
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.code === 'noRight' ? '没有查看这项数据的权限' : error.message
    throw error
  }
}
/** Refuses a block that this reader may not ask for, without asking. Answers the conditions that it asks by. */
export async function judgeBlock(kernel: Kernel, ctx: Context, block: DataBlock, asks: readonly PageAsk[]): Promise<Filter | null> {
  if (block.kind === 'chart') return judgeChart(kernel, ctx, block.chart, asks)
  const { filter, sort, columns } = await sourceOf(kernel, ctx, block, asks)
  openListing(kernel, ctx, block.resource, { filter, ...sortAndColumns(block, sort, columns), limit: block.most })
  return filter
}

const totalsOf = ({ measures }: ChartSpec): string[] => measures.filter((text) => readTotalKey(text) !== null)
async function judgeChart(kernel: Kernel, ctx: Context, chart: ChartSpec, asks: readonly PageAsk[]): Promise<Filter | null> {
  const { filter } = await sourceOf(kernel, ctx, chart, asks)
  const compared = chart.compare ? [{ field: chart.compare.date, op: 'notEmpty' } as const] : []
  const group = [...chart.group, ...(chart.detail ? [chart.detail] : [])]
  judgeSummary(kernel, ctx, chart.resource, { filter: both(filter, ...compared), group, totals: totalsOf(chart) })
  return filter
}
async function runChart(kernel: Kernel, ctx: Context, chart: ChartSpec, asks: readonly PageAsk[]): Promise<ChartAnswer> {
  const { filter } = await sourceOf(kernel, ctx, chart, asks)
  const { resource, group, compare, top, order } = chart
  const totals = totalsOf(chart)
  const isInstant = compare !== null && kernel.defs.path(resource, compare.date)?.kind === 'dateTime'
  const periods = compare && periodsOf(compare, isInstant, kernel.world(ctx).today)
  const now = periods ? both(filter, periods.now) : filter
  // The largest of very many groups are found where they are counted.
  const by = chart.measures[0] === 'count' ? -1 : 0
  const ranked = group.length === 1 && top !== null ? { ranked: { by, isRising: order === 'least', most: top } } : {}
  const ask = (where: typeof filter, keys: readonly string[], more: object = {}) =>
    summarise(kernel, ctx, resource, { filter: where, group: keys, totals, ...more })
  const found = await ask(now, group, ranked)
  const isSummed = totals.every((text) => readTotalKey(text)!.by === 'sum')
  // Where every group is there, they are the whole.
  const whole =
    group.length === 0 ? found.groups[0]! : isSummed && !found.more ? wholeOf(found.groups, totals.length) : (await ask(now, [])).groups[0]!
  const before = periods && (await ask(both(filter, periods.before), group))
  const wholeBefore = periods && (await ask(both(filter, periods.before), [])).groups[0]!
  return {
    kind: 'chart',
    groups: found.groups,
    whole,
    before: before && { groups: before.groups, whole: wholeBefore!, filter: both(filter, periods.before) },
    titles: { ...before?.titles, ...merged(found.titles, before?.titles ?? {}) },
    more: found.more,
    filter: now,
    at: ctx.clock.now().toISOString(),
  }
}
const wholeOf = (groups: readonly SummaryGroup[], totals: number): SummaryGroup => ({
  keys: [],
  count: groups.reduce((sum, { count }) => sum + count, 0),
  totals: Array.from({ length: totals }, (_, at) => groups.map((one) => one.totals[at] ?? null).reduce(added, null)),
})
const merged = (a: ChartAnswer['titles'], b: ChartAnswer['titles']): ChartAnswer['titles'] =>
  Object.fromEntries(Object.entries(a).map(([target, names]) => [target, { ...b[target], ...names }]))

const sortAndColumns = (block: ListBlock, sort: readonly string[], columns: readonly string[]) => ({
  sort: block.sort.length ? block.sort : sort,
  columns: block.columns.length ? block.columns : columns,
})
async function runList(kernel: Kernel, ctx: Context, block: ListBlock, asks: readonly PageAsk[]): Promise<ListBlockAnswer> {
  const { filter, sort, columns } = await sourceOf(kernel, ctx, block, asks)
  const asked = sortAndColumns(block, sort, columns)
  const { rows, titles, next } = await listRecords(kernel, ctx, block.resource, { filter, ...asked, limit: block.most })
  return { kind: 'list', rows, titles, more: next !== null, filter, at: ctx.clock.now().toISOString() }
}
