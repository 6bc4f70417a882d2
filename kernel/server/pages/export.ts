import { finenessText, kindOf, readGroupKey, readTotalKey, Refusal, aggregates, type ChartAnswer, type ChartSpec, type PageAsk, type PageBlock, type Scalar } from '#model' // prettier-ignore
import type { Context } from '../context.ts'
import type { Cell } from '../exchange/table-writer.ts'
import { takeTable, type TableFormat, type TakenTable } from '../exchange/take-table.ts'
import type { Kernel } from '../kernel.ts'
import { runBlock } from './run.ts'

/** The figures of a chart as a table to be taken away: only of a type whose records the actor may export; audited. */
export async function exportChart(
  kernel: Kernel,
  ctx: Context,
  block: PageBlock,
  asks: readonly PageAsk[],
  format: TableFormat,
): Promise<TakenTable> {
  if (block.kind !== 'chart') throw new Refusal('badRequest', '只有图表可以这样导出')
  const { chart, title } = block
  kernel.access.need(ctx.actor, 'export', chart.resource)
  // Evaluated before the answer begins, so that a refusal is still a refusal.
  const answer = await runBlock(kernel, ctx, block, asks)
  if (answer.kind !== 'chart') throw new Refusal('badRequest')
  const { groups, filter } = answer
  const detail = { count: groups.length, chart: title, group: chart.group, measures: chart.measures, filter }
  return takeTable(kernel, ctx, { title, resource: chart.resource, table: tableOf(kernel, chart, answer), extent: `${groups.length} 组`, format, detail }) // prettier-ignore
}

function tableOf(kernel: Kernel, chart: ChartSpec, { groups, whole, titles }: ChartAnswer): Cell[][] {
  const { resource, group, measures } = chart
  const fieldOf = (path: string) => kernel.defs.path(resource, path)?.field
  const keys = group.map((text) => readGroupKey(text)!)
  const totals = measures.filter((text) => readTotalKey(text))
  const heads = measures.map((text) => {
    const key = readTotalKey(text)
    return key ? `${fieldOf(key.path)?.label ?? key.path}${aggregates[key.by]}` : '条数'
  })
  const figuresOf = ({ count, totals: values }: ChartAnswer['whole']): Cell[] =>
    measures.map((text) => {
      const value = text === 'count' ? count : (values[totals.indexOf(text)] ?? null)
      return value === null ? '' : Number(value)
    })
  const wordOf = (at: number, value: Scalar | null): string => {
    if (value === null) return '（空）'
    const field = fieldOf(keys[at]!.path)
    return finenessText(keys[at]!, value) ?? (field ? kindOf(field).format(value, field, (target, id) => titles[target]?.[id] ?? id) : String(value)) // prettier-ignore
  }
  return [
    [...keys.map(({ path }) => fieldOf(path)?.label ?? path), ...heads],
    ...groups.map((one) => [...one.keys.map((key, at) => wordOf(at, key)), ...figuresOf(one)]),
    [...(keys.length ? ['合计', ...keys.slice(1).map(() => '')] : []), ...figuresOf(whole)],
  ]
}
