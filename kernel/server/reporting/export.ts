import { formatInstant, type ReportSpec } from '#model'
import type { Readable } from 'node:stream'
import type { Context } from '../context.ts'
import { exportMark } from '../exchange/pass.ts'
import { blocksOf, type Cell } from '../exchange/table-writer.ts'
import { writeTakenAway } from '../exchange/taken-away.ts'
import { markOf } from '../marks/export-mark.ts'
import type { Kernel } from '../kernel.ts'
import { cellOfReport } from './rows.ts'
import { evaluateReport } from './run.ts'

/** A report as a table to be taken away: only of records that the actor may export, of every type that it gathers; masked as it is shown; audited. */
export async function exportReport(
  kernel: Kernel,
  ctx: Context,
  name: string,
  spec: ReportSpec,
  format: 'xlsx' | 'csv',
): Promise<{ stream: Readable; fileName: string }> {
  // Evaluated before the answer begins, so that a refusal is still a refusal.
  const { report, rows, titles } = await evaluateReport(kernel, ctx, spec, 'export')
  const mark = markOf(kernel, ctx, name)
  const { at, by } = mark
  const columns = spec.columns.map(({ key }) => ({ key, field: report.fields[key]! }))
  function* lines(): Generator<Cell[]> {
    yield columns.map(({ field }) => field.label)
    for (const row of rows) yield columns.map(({ key, field }) => cellOfReport(field, row[key], titles))
    yield [`${exportMark}${by}于 ${formatInstant(at)} 从杏林导出报表“${name}”${rows.length} 条，编号 ${mark.number}，仅供工作使用`]
  }
  const detail = () => ({ count: rows.length, format, report: name, columns: spec.columns, filter: spec.filter })
  const stream = await writeTakenAway(
    ctx,
    { resource: spec.base, detail },
    {
      blocks: blocksOf(lines()),
      format,
      mark,
      widths: columns.map(({ field }) => Math.min(40, Math.max(10, field.label.length * 2 + 4))),
    },
  )
  return { stream, fileName: `${name}-${formatInstant(at).slice(0, 10)}.${format}` }
}
