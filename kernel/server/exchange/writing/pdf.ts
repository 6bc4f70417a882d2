import type { Writable } from 'node:stream'
import { Refusal } from '#model'
import { setInThread } from '../../documents/pdf-threads.ts'
import type { TableFile } from '../table-writer.ts'
import type { TablePaper } from './pdf-thread.ts'
import { send } from './send.ts'

/** Records, columns and cells that paper can hold, and a thread set in some hundred megabytes; more belongs into a spreadsheet. */
export const mostPdfRows = 3000
export const mostPdfColumns = 20
const mostPdfCells = 36_000
/** The refusal of what is too much for paper; null where it is not. */
export function pdfProblem(rows: number, columns: number): Refusal | null {
  if (columns > mostPdfColumns) return new Refusal('tooMany', `PDF 最多 ${mostPdfColumns} 列，请减少列，或改用 Excel`)
  const most = Math.min(mostPdfRows, Math.floor(mostPdfCells / columns))
  return rows > most ? new Refusal('tooMany', `PDF 一次最多导出 ${most} 条（${columns} 列），请增加条件，或改用 Excel`) : null
}

/** Sets lines as a table on paper. Setting type takes seconds of a core, so it has a thread of its own. */
export async function writePdf(out: Writable, { blocks, mark }: TableFile): Promise<void> {
  const rows: string[][] = []
  for await (const block of blocks) {
    for (const line of block) rows.push(line.map((cell) => (cell === null ? '' : String(cell))))
    // The heading and the line that says who took it stand among them.
    const problem = rows.length > 2 ? pdfProblem(rows.length - 2, rows[0]!.length) : null
    if (problem) throw problem
  }
  const [head = [], ...body] = rows
  const paper: TablePaper = { mark, head, body }
  await send(out, Buffer.from(await setInThread(new URL('./pdf-thread.ts', import.meta.url), paper)))
  out.end()
}
