import type { PrintStyle } from '#model'
import type { Cell } from './sheet.ts'

type Node = Record<string, unknown>
/** What the parts of a sheet are set with. */
export interface Setting {
  /** The text as the fonts can show it. */
  say(text: string): string
  /** The width that there is, and the height of a page, points. */
  readonly width: number
  readonly height: number
  picture(id: string): string | null
}
export const pointsOf = (mm: number): number => (mm * 72) / 25.4
export const textStyle = ({ font, size, bold, align, colour, leading }: PrintStyle): Node => ({
  font: font === 'serif' ? 'Serif' : 'Sans', fontSize: size, bold, alignment: align, color: colour, lineHeight: leading,
}) // prettier-ignore
/** Only what has no place to break is broken anywhere: each letter by itself is dear. */
export const breakable = (text: string): Node => (/[!-~]{13}/.test(text) ? { wordBreak: 'break-all' } : {})
/** Pictures beside each other, as high as is said and no wider than there is room. */
export function shownPictures(ids: readonly string[], height: number, { picture, width }: Setting): unknown[] {
  return ids.flatMap((id) => {
    const image = picture(id)
    return image ? [{ image, fit: [Math.min(width, height * 3), height], width: 'auto' }] : []
  })
}
/** What stands in a cell: words, or pictures and the names of files that are none. */
export function cellNode(cell: Cell, setting: Setting, height: number): unknown {
  const shown = cell.pictures ? shownPictures(cell.pictures, cell.height ? pointsOf(cell.height) : height, setting) : []
  if (shown.length) return { stack: chunks(shown, 3).map((columns) => ({ columns, columnGap: 4 })) }
  return { text: setting.say(cell.text), ...breakable(cell.text) }
}
const chunks = <T>(list: readonly T[], size: number): T[][] => Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size)) // prettier-ignore

/** How high a text will be at this width, about: letters of our script are as wide as they are high, others half. */
export function heightOf(text: string, width: number, { size, leading }: PrintStyle): number {
  const most = Math.max(1, Math.floor(width / size))
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(wide(line) / 2 / most)), 0)
  return lines * size * leading * 1.15
}
/** In halves of letters of our script. */
export function wide(text: string): number {
  let width = 0
  for (const letter of text) width += letter > '\u2E7F' ? 2 : 1.1
  return width
}
