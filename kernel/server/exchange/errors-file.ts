import type { BatchRow } from './batches.ts'
import { exportMark } from './pass.ts'
import type { FileTable } from './read/row.ts'

/** The lines that were not taken, with their original columns and the reason at the end: to mend and load again. */
export async function* errorLines(table: FileTable, batch: BatchRow): AsyncGenerator<string[]> {
  const reasons = new Map<number, string[]>()
  const say = (row: number, text: string) => {
    const list = reasons.get(row)
    if (list) list.push(text)
    else reasons.set(row, [text])
  }
  for (const p of batch.report.problems) say(p.row, `${p.column ? `${p.column}${p.value ? `“${p.value}”` : ''}：` : ''}${p.message}`)
  for (const doubt of batch.report.doubts) {
    if (doubt.key in batch.choices && batch.choices[doubt.key] !== null) continue
    const choices = doubt.candidates.map((candidate) => `${candidate.hint} ${candidate.title}`.trim()).join('；')
    for (const row of doubt.rows) say(row, `${doubt.column}“${doubt.text}”存疑：${doubt.why}${choices ? `（${choices}）` : ''}`)
  }
  const { sheet, headRow, headLines, headings } = batch.settings
  const width = headings.length
  const wide = (cells: readonly string[], last: string) => [...Array.from({ length: width }, (_, i) => cells[i] ?? ''), last]
  let told = 0
  for await (const rows of table.read({ sheet }))
    for (const row of rows) {
      if (row.at >= headRow && row.at < headRow + headLines) yield wide(row.cells, row.at === headRow ? '错误原因' : '')
      else if (row.at >= headRow && reasons.has(row.at)) {
        told++
        yield wide(row.cells, `第 ${row.at} 行：${reasons.get(row.at)!.join('；')}`)
      }
    }
  const left = batch.counts.refused + batch.counts.doubtful - told
  // Only so many reasons are kept. Rows that went in are known by their keys when the file comes again.
  if (left > 0) yield [`${exportMark}另有 ${left.toLocaleString('en')} 行没有导入，未列在这里；请按以上原因修改原文件，再整个导入一次`]
}
