import { codeSvg } from './code.ts'
import { printable } from './glyphs.ts'
import { breakable, pointsOf, shownPictures, textStyle, type Setting } from './setting.ts'
import { pageMark, pagesMark, type Part, type PartOf, type PrintWork, type Sheet } from './sheet.ts'
import { approvalTable, formTable, rowsTable } from './tables.ts'

type Node = Record<string, unknown>
/** A definition in which every sheet is a section of its own: its size, margins, heads, feet and page numbers. Letters that no font has are told at the end of a sheet. */
export function paperDefinition({ info, watermark, sheets, pictures }: PrintWork): object {
  const sections = sheets.map((sheet) => sectionOf(sheet, watermark, pictures))
  return { info, pageSize: sizeOf(sheets[0]!), pageMargins: [0, 0, 0, 0], content: sections, images: pictures }
}
const sizeOf = ({ paper }: Sheet) => ({ width: pointsOf(paper.width), height: pointsOf(paper.height) })

function sectionOf(sheet: Sheet, watermark: string | null, pictures: PrintWork['pictures']): Node {
  const [top, right, bottom, left] = sheet.paper.margins.map(pointsOf) as [number, number, number, number]
  const { say, missing } = printable()
  const setting: Setting = {
    say,
    width: pointsOf(sheet.paper.width) - left - right,
    height: pointsOf(sheet.paper.height) - top - bottom,
    picture: (id) => (Object.hasOwn(pictures, id) ? id : null),
  }
  const content = sheet.parts.map((part) => nodeOf(part, setting))
  const placed = sheet.placed.map(({ place, part }) => {
    const node = nodeOf(part, { ...setting, width: pointsOf(place.width) }, pointsOf(place.height))
    return { on: place.on, node: { absolutePosition: { x: pointsOf(place.x), y: pointsOf(place.y) }, columns: [{ width: pointsOf(place.width), stack: [node] }] } }
  })
  const note = missing()
  if (note) content.push({ text: note, fontSize: 8, color: '#5b6b6d', margin: [0, 6, 0, 0] })
  if (content.length === 0) content.push({ canvas: [{ type: 'line', x1: 0, y1: 0, x2: 0, y2: 0, lineWidth: 0 }] })
  /** The pages of this sheet, in the order in which they are begun. */
  const pages = new Set<number>()
  const edge = (sides: Sheet['header'], margin: number[]) => (page: number) => {
    const number = [...pages].sort((a, b) => a - b).indexOf(page) + 1
    const text = (words: string, alignment: string) => ({ text: say(words.replaceAll(pageMark, String(number)).replaceAll(pagesMark, String(pages.size))), alignment, width: alignment === 'center' ? 'auto' : '*' })
    if (!sides.left && !sides.centre && !sides.right) return null
    return { columns: [text(sides.left, 'left'), ...(sides.centre ? [text(sides.centre, 'center')] : []), text(sides.right, 'right')], columnGap: 8, margin, fontSize: 8, color: '#5b6b6d' }
  }
  return {
    section: content,
    pageSize: sizeOf(sheet),
    pageOrientation: sheet.paper.width > sheet.paper.height ? 'landscape' : 'portrait',
    pageMargins: [left, top, right, bottom],
    watermark: watermark === null ? null : { text: watermark, color: '#64748b', opacity: 0.09, bold: false, angle: -28, fontSize: Math.min(34, setting.width / 12) },
    background: (page: number) => {
      pages.add(page)
      const isFirst = Math.min(...pages) === page
      return placed.filter(({ on }) => on === 'every' || isFirst).map(({ node }) => structuredClone(node))
    },
    header: edge(sheet.header, [left, Math.max(4, top * 0.45), right, 0]),
    footer: edge(sheet.footer, [left, Math.max(0, bottom * 0.3), right, 0]),
  }
} // prettier-ignore

/** How each kind of part is set; `height`: of the place that it stands at. */
const nodes: { readonly [K in Part['kind']]: (part: PartOf<K>, setting: Setting, height?: number) => unknown } = {
  text: textOf,
  form: formTable,
  table: rowsTable,
  steps: approvalTable,
  pictures: ({ pictures, height }, setting) => ({ columns: shownPictures(pictures, pointsOf(height), setting), columnGap: 6, margin: [0, 3, 0, 3] }),
  signature: signatureOf,
  line: ({ weight, colour }, { width }, height) => ({ canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: weight, lineColor: colour }], margin: height === undefined ? [0, 3, 0, 3] : 0 }),
  box: ({ weight, colour }, { width }, height = 0) => ({ canvas: [{ type: 'rect', x: 0, y: 0, w: width, h: height, lineWidth: weight, lineColor: colour }] }),
  code: codeOf,
  space: ({ height }) => ({ text: '', fontSize: 1, lineHeight: 1, margin: [0, 0, 0, Math.max(0, pointsOf(height) - 1)] }),
  break: () => ({ text: '', fontSize: 1, lineHeight: 1, pageBreak: 'after' }),
} // prettier-ignore
const nodeOf = (part: Part, setting: Setting, height?: number): unknown =>
  (nodes[part.kind] as (part: Part, setting: Setting, height?: number) => unknown)(part, setting, height)

function signatureOf({ label, name, picture: id, height }: PartOf<'signature'>, { say, picture }: Setting): unknown {
  const [side, lower] = [pointsOf(height), [0, pointsOf(height) / 2 - 6, 0, 0]]
  const image = id === null ? null : picture(id)
  return { columns: [{ text: say(label), width: 'auto', margin: lower }, image ? { image, fit: [side * 3, side], width: 'auto' } : { text: say(name), margin: lower }], columnGap: 6 }
} // prettier-ignore
/** Lines as they are written; an indented paragraph begins two characters in. */
function textOf({ text, style }: PartOf<'text'>, { say }: Setting): unknown {
  const lines = (style.isIndented ? text.split('\n').map((line) => (line.trim() ? `\u3000\u3000${line}` : line)).join('\n') : text) || ' ' // prettier-ignore
  return { text: say(lines), preserveLeadingSpaces: true, ...textStyle(style), ...breakable(lines) }
}
function codeOf({ symbology, text, height }: PartOf<'code'>, { width }: Setting): unknown {
  if (!text.trim()) return { text: '' }
  const side = Math.min(pointsOf(height), width)
  const svg = codeSvg(symbology, text)
  // What a barcode of this kind cannot say is said in words.
  if (svg === null) return { text: `【不能写成条码：${text}】`, fontSize: 7, color: '#b42318' }
  return symbology === 'qr' ? { svg, width: side, height: side } : { svg, fit: [width, pointsOf(height)] }
} // prettier-ignore
