import {
  pageRights,
  readBlock,
  readReport,
  Refusal,
  resourceOfBlock,
  type BlockAnswer,
  type KeptAnswer,
  type SlowAsk,
  type Titles,
} from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { judgeBlock, runBlock } from '../pages/run.ts'
import { readAsks } from '../pages/source.ts'
import { noteAskedWhole } from '../records/asked-whole.ts'
import type { ReportRow } from '../reporting/rows.ts'
import { evaluateWithin, inItsOrder, judgeReport, partOf, type ReportPart } from '../reporting/run.ts'

/** What is kept of an answer: of a report all rows, so that it can be turned over and looked into. */
export type Kept = { kind: 'block'; answer: BlockAnswer } | { kind: 'report'; rows: ReportRow[]; titles: Titles; today: string }

/** A question as it comes from outside. */
export function readAsk(body: Record<string, unknown>): SlowAsk {
  if (body['kind'] === 'report') {
    const { name } = body
    return { kind: 'report', name: typeof name === 'string' && name.trim() ? name.trim().slice(0, 60) : '报表', report: readReport(body['report']) }
  }
  if (body['kind'] !== 'block') throw new Refusal('badRequest', '只有页面的图表、列表和报表可以在后台计算')
  const block = readBlock(body['block'])
  if (block.kind !== 'chart' && block.kind !== 'list') throw new Refusal('badRequest', '这个区块没有数据')
  return { kind: 'block', block, asks: readAsks(body['asks']) }
} // prettier-ignore
export const labelOfAsk = (ask: SlowAsk): string => (ask.kind === 'report' ? ask.name : ask.block.title || '未命名的区块')
/** The same for the same question: where a block lies, what it is called and how a report is sorted is nothing to its figures. */
export function keyOfAsk(ask: SlowAsk): string {
  if (ask.kind === 'report') return JSON.stringify(['report', { ...ask.report, sort: [] }])
  const { id: _id, title: _title, place: _place, phone: _phone, ...asked } = ask.block
  return JSON.stringify(['block', asked, ask.asks])
}

/** Refuses what this person may not ask, as asking at once would. */
export async function judgeAsk(kernel: Kernel, ctx: Context, ask: SlowAsk): Promise<void> {
  if (ask.kind === 'report') {
    kernel.access.needUse(ctx.actor, 'reports.use')
    return void judgeReport(kernel, ctx, ask.report)
  }
  kernel.access.needUse(ctx.actor, pageRights.use)
  const filter = await judgeBlock(kernel, ctx, ask.block, ask.asks)
  await noteAskedWhole(kernel, ctx, resourceOfBlock(ask.block), [filter])
}
/** Answers it within a transaction that is patient; nothing is too slow for it. */
export async function answerAsk(kernel: Kernel, tx: Context, ask: SlowAsk): Promise<Kept> {
  if (ask.kind === 'block') return { kind: 'block', answer: await runBlock(kernel, tx, ask.block, ask.asks) }
  const { rows, titles } = await evaluateWithin(kernel, tx, judgeReport(kernel, tx, ask.report))
  return { kind: 'report', rows, titles, today: kernel.world(tx).today }
}
/** So many rows, or groups, it has. */
export const sizeOfKept = (kept: Kept): number =>
  kept.kind === 'report' ? kept.rows.length : kept.answer.kind === 'chart' ? kept.answer.groups.length : kept.answer.rows.length
/** What is shown of it; a report in the order that is wanted now. */
export function partOfKept(
  kernel: Kernel,
  ctx: Context,
  ask: SlowAsk,
  kept: Kept,
  { sort, ...part }: ReportPart & { sort: unknown },
): KeptAnswer {
  if (kept.kind === 'block') return kept.answer
  if (ask.kind !== 'report') throw new Error('a block keeps no rows')
  const report = judgeReport(kernel, ctx, readReport({ ...ask.report, sort: sort ?? ask.report.sort }))
  return partOf(inItsOrder({ report, rows: kept.rows, titles: kept.titles }), part, kept.today)
}
