import type { Readable } from 'node:stream'
import { dayOf, formatInstant, type AuditItem } from '#model'
import type { Context } from '../context.ts'
import { exportMark } from '../exchange/pass.ts'
import { type Line } from '../exchange/table-writer.ts'
import { writeTakenAway } from '../exchange/taken-away.ts'
import type { Kernel } from '../kernel.ts'
import { markOf } from '../marks/export-mark.ts'
import { askAudit, type AuditQuestion } from './questions.ts'
import { readableEntries } from './reading.ts'

const title = '审计日志'
const portion = 500
/** More than that nobody reads in a table: the archive holds everything. */
export const mostInFile = 100_000
const outcomes = { done: '完成', refused: '被拒绝', failed: '失败' } as const

/** What was asked for as a workbook, read page by page as it is written; audited with what was asked. */
export async function auditFile(kernel: Kernel, ctx: Context, question: AuditQuestion, asked: Record<string, unknown>): Promise<{ stream: Readable; fileName: string }> {
  const mark = markOf(kernel, ctx, title)
  const { at, by } = mark
  const counted = { count: 0 }
  const detail = () => ({ count: counted.count, format: 'xlsx', ...(Object.keys(asked).length ? { asked } : {}) })
  const stream = await writeTakenAway(ctx, { act: 'audit.file', detail }, {
    format: 'xlsx',
    mark,
    blocks: blocks(kernel, ctx, question, counted, `${exportMark}${by}于 ${formatInstant(at)} 从杏林导出“${title}”，编号 ${mark.number}，仅供审计使用`),
    widths: [18, 12, 16, 18, 24, 10, 16, 60, 12],
  })
  return { stream, fileName: `${title}-${dayOf(at)}.xlsx` }
} // prettier-ignore

async function* blocks(kernel: Kernel, ctx: Context, question: AuditQuestion, counted: { count: number }, end: string): AsyncGenerator<readonly Line[]> {
  yield [['时间', '人员', '操作', '记录类型', '对象', '结果', '地址', '说明', '序号']]
  let before: string | null = null
  while (counted.count < mostInFile) {
    const rows = await askAudit(kernel.db, question, before, portion)
    const lines = (await readableEntries(kernel, ctx, rows)).map(lineOf)
    counted.count += lines.length
    if (lines.length) yield lines
    if (rows.length < portion) break
    before = rows.at(-1)!.place
  }
  yield [[counted.count >= mostInFile ? `只导出最近 ${mostInFile} 条，请缩小日期范围；${end}` : end]]
} // prettier-ignore
const lineOf = (row: AuditItem): Line => [
  `${formatInstant(row.at)}:${row.at.slice(17, 19)}`, row.actorName ?? '', row.actLabel, row.resourceLabel ?? '', row.recordTitle ?? '', outcomes[row.outcome], row.address ?? '',
  row.words.map(({ label, value }) => `${label}：${value}`).join('；'), row.seq,
] // prettier-ignore
