// A thread that sets one table on paper, says its bytes and ends.
import { parentPort, workerData } from 'node:worker_threads'
import { formatInstant } from '#model'
import { makePdf, markInfo } from '../../documents/pdf.ts'
import { markWords, type ExportMark } from '../../marks/export-mark.ts'

export interface TablePaper {
  mark: ExportMark
  head: readonly string[]
  /** The last line says who took it, and stands below the table. */
  body: readonly (readonly string[])[]
}

parentPort!.postMessage(await makePdf(definitionOf(workerData as TablePaper)))

function definitionOf({ mark, head, body }: TablePaper): object {
  const size = head.length > 14 ? 6 : head.length > 9 ? 7.5 : 9
  const rows = body.slice(0, -1)
  const width = (label: string, i: number) =>
    Math.min(40, Math.max(6, wide(label) + 2, ...rows.slice(0, 200).map((line) => wide(line[i] ?? ''))))
  const wanted = head.map(width)
  // By what the columns hold: the width between the margins of a sheet lying across, less what lines and padding take.
  const space = (head.length > 5 ? 842 : 595) - 72 - head.length * 7
  const total = wanted.reduce((sum, one) => sum + one, 0)
  // Only what has no place to break is broken anywhere: each letter by itself is dear.
  const cell = (text: string) => (/[!-~]{13}/.test(text) ? { text, wordBreak: 'break-all' } : text)
  return {
    pageOrientation: head.length > 5 ? 'landscape' : 'portrait',
    pageMargins: [36, 44, 36, 40],
    info: markInfo(mark),
    watermark: {
      text: [mark.by, mark.staffNumber, formatInstant(mark.at)].filter(Boolean).join(' '),
      color: '#64748b',
      opacity: 0.09,
      bold: false,
      angle: -28,
      fontSize: 34,
    },
    header: { text: mark.title, margin: [36, 20, 36, 0], fontSize: 9, color: '#64748b' },
    footer: (page: number, pages: number) => ({
      columns: [
        { text: markWords(mark), alignment: 'left', width: '*' },
        { text: `第 ${page} 页，共 ${pages} 页`, alignment: 'right', width: 'auto' },
      ],
      margin: [36, 10, 36, 0],
      fontSize: 8,
      color: '#64748b',
    }),
    content: [
      {
        fontSize: size,
        lineHeight: 1.15,
        table: {
          headerRows: 1,
          dontBreakRows: true,
          widths: wanted.map((one) => (one / total) * space),
          body: [head.map((text) => ({ text, bold: true, fillColor: '#eef2f6' })), ...rows.map((line) => line.map(cell))],
        },
        layout: {
          hLineWidth: () => 0.4,
          vLineWidth: () => 0.4,
          hLineColor: () => '#cbd5e1',
          vLineColor: () => '#cbd5e1',
          paddingLeft: () => 3,
          paddingRight: () => 3,
          paddingTop: () => 2,
          paddingBottom: () => 2,
        },
      },
      { text: body.at(-1)?.[0] ?? '', fontSize: 8, color: '#64748b', margin: [0, 8, 0, 0] },
    ],
  }
}
/** Characters of our script are two wide. */
function wide(text: string): number {
  let width = 0
  for (const letter of text.slice(0, 40)) width += letter > '\u2E7F' ? 2 : 1
  return width
}
