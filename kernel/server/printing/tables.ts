import type { PrintStyle } from '#model'
import { breakable, cellNode, heightOf, pointsOf, shownPictures, textStyle, wide, type Setting } from './setting.ts'
import type { Cell, Labelled, PartOf, Step } from './sheet.ts'

const ruled = {
  hLineWidth: () => 0.5, vLineWidth: () => 0.5, hLineColor: () => '#8a9a9c', vLineColor: () => '#8a9a9c',
  paddingLeft: () => 4, paddingRight: () => 4, paddingTop: () => 3.5, paddingBottom: () => 1.5,
} // prettier-ignore
/** Above a heading there is no line. */
const under = (headings: number) => ({ ...ruled, hLineWidth: (at: number) => (at < headings ? 0 : 0.5) })
const shade = '#f0f4f4'
/** A row that takes more of a page than this is broken over pages rather than carried over whole: one that is higher than a page could not be. */
const wholePart = 0.4
const isHigh = (cells: readonly { cell: Cell; width: number }[], style: PrintStyle, { height }: Setting): boolean =>
  cells.some(({ cell, width }) => heightOf(cell.text, width, style) > height * wholePart || (cell.pictures?.length ?? 0) > 3)

/** The heading as the first row of its table: it never stands alone at the foot of a page. */
const headingOf = (text: string, columns: number, style: PrintStyle, { say }: Setting): unknown[][] =>
  text
    ? [[{ text: say(text), bold: true, fontSize: style.size + 1.5, colSpan: columns, border: [false, false, false, false], margin: [-4, 5, 0, 0] }, ...Array.from({ length: columns - 1 }, () => ({ text: '', border: [false, false, false, false] }))]]
    : [] // prettier-ignore
const label = (text: string, { say }: Setting) => ({ text: say(text), fillColor: shade, color: '#3c4b4d' })

/** Labels and values in pairs, some in a row; a long one has a row of its own. */
export function formTable({ heading, cells, columns, style }: PartOf<'form'>, setting: Setting): unknown {
  const labelWidth = Math.min(setting.width / (columns * 2.2), pointsOf(26))
  const rows = gathered(cells, columns).map((row) => {
    const span = row.length === 1 && (row[0]!.isWide || columns > 1) ? columns * 2 - 1 : 1
    const line = row.flatMap((cell) => [
      label(cell.label, setting),
      { ...(cellNode(cell, setting, pointsOf(28)) as object), colSpan: span },
    ])
    return [...line, ...Array.from({ length: columns * 2 - line.length }, () => ({ text: '' }))]
  })
  const widths = Array.from({ length: columns }, () => [labelWidth, '*']).flat()
  const isBroken = isHigh(cells.map((cell) => ({ cell, width: cell.isWide ? setting.width - labelWidth : setting.width / columns - labelWidth })), style, setting) // prettier-ignore
  const head = headingOf(heading, columns * 2, style, setting)
  return { table: { widths, body: [...head, ...rows], headerRows: head.length, keepWithHeaderRows: isBroken ? 0 : 1, dontBreakRows: !isBroken }, layout: under(head.length), ...textStyle(style) } // prettier-ignore
}
/** Rows of so many short values; a wide one stands alone. */
function gathered(cells: readonly Labelled[], columns: number): Labelled[][] {
  const rows: Labelled[][] = []
  for (const cell of cells) {
    const last = rows.at(-1)
    if (!cell.isWide && last && last.length < columns && !last[0]!.isWide) last.push(cell)
    else rows.push([cell])
  }
  return rows
}

/** The rows of a sub-table: heads repeat on every page, rows stay whole where they are short enough. */
export function rowsTable({ heading, head, widths, rows, foot, style }: PartOf<'table'>, setting: Setting): unknown {
  const set = setWidths(head, rows.slice(0, 300).map((row) => row.map(({ text, pictures }) => (pictures ? '图图图图图图' : text))), widths, setting.width - head.length * 8.5 - 0.5) // prettier-ignore
  const isBroken = rows.some((row) =>
    isHigh(
      row.map((cell, at) => ({ cell, width: set[at]! })),
      style,
      setting,
    ),
  )
  const within = (at: number): Setting => ({ ...setting, width: set[at]! })
  const title = headingOf(heading ? `${heading}（${rows.length} 项）` : '', head.length, style, setting)
  const body = [
    ...title,
    head.map((text) => ({ text: setting.say(text), bold: true, fillColor: shade, ...breakable(text) })),
    ...rows.map((row) => row.map((cell, at) => (cell.pictures || /[!-~]{13}/.test(cell.text) ? cellNode(cell, within(at), pointsOf(18)) : setting.say(cell.text)))),
    ...(foot ? [foot.map((text) => ({ text: setting.say(text), bold: true }))] : []),
  ] // prettier-ignore
  return { table: { headerRows: 1 + title.length, dontBreakRows: !isBroken, keepWithHeaderRows: isBroken ? 0 : 1, widths: set, body }, layout: under(title.length), ...textStyle(style), lineHeight: 1.15 } // prettier-ignore
}
/** Widths that are said, and the rest by what the columns hold. */
function setWidths(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  said: readonly (number | null)[],
  space: number,
): number[] {
  const wanted = head.map((text, at) => Math.min(40, Math.max(6, wide(text) + 2, ...rows.map((row) => wide(row[at] ?? '')))))
  const fixed = said.map((width) => (width === null ? null : pointsOf(width)))
  const left = Math.max(space * 0.2, space - fixed.reduce((sum: number, width) => sum + (width ?? 0), 0))
  const total = wanted.reduce((sum, one, at) => sum + (fixed[at] === null ? one : 0), 0)
  const widths = wanted.map((one, at) => fixed[at] ?? (one / total) * left)
  const sum = widths.reduce((a, b) => a + b, 0)
  return sum > space ? widths.map((width) => (width / sum) * space) : widths
}
/** The steps of an approval as on paper: what was decided and said, signed and dated. */
export function approvalTable({ heading, steps, others, style }: PartOf<'steps'>, setting: Setting): unknown {
  const rows = [
    ...steps.map((step) => [label(step.label, setting), { stack: stepOf(step, setting) }]),
    ...(others.length
      ? [[label('其他经过', setting), { stack: others.map((text) => ({ text: setting.say(text), ...breakable(text) })) }]]
      : []),
  ]
  if (rows.length === 0) return { text: '' }
  const isBroken = steps.some(({ opinion, pictures }) => isHigh([{ cell: { text: opinion, pictures }, width: setting.width * 0.7 }], style, setting)) || others.length > 20 // prettier-ignore
  const head = headingOf(heading, 2, style, setting)
  return { table: { widths: [Math.min(setting.width / 4, pointsOf(32)), '*'], body: [...head, ...rows], headerRows: head.length, keepWithHeaderRows: isBroken ? 0 : 1, dontBreakRows: !isBroken }, layout: under(head.length), ...textStyle(style) } // prettier-ignore
}
function stepOf(step: Step, setting: Setting): unknown[] {
  const { say } = setting
  const picture = step.signature === null ? null : setting.picture(step.signature)
  const pictures = shownPictures(step.pictures, pointsOf(24), { ...setting, width: setting.width * 0.7 })
  const by = picture ? [{ text: '签名：', width: 'auto' }, { image: picture, fit: [pointsOf(34), pointsOf(11)], width: 'auto' }] : [{ text: say(`办理人：${step.by}`), width: '*' }]
  return [
    { text: say(step.word), bold: true },
    ...(step.opinion ? [{ text: say(step.opinion), ...breakable(step.opinion) }] : []),
    ...(pictures.length ? [{ columns: pictures, columnGap: 4 }] : []),
    { columns: [...by, ...(picture ? [{ text: say(step.by), width: '*' }] : []), { text: say(step.at), alignment: 'right', width: 'auto' }], columnGap: 4, margin: [0, 2, 0, 0] },
  ]
} // prettier-ignore
