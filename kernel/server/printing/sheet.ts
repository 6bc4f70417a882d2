import type { Edge, Paper, PaperPlace, PrintStyle, Symbology } from '#model'

/** A record as it stands on paper, with every word said: plain data, which goes to the thread that sets it. */
export interface Sheet {
  readonly paper: Paper
  /** Page numbers are not known yet: `pageMark` and `pagesMark` stand for them. */
  readonly header: Edge
  readonly footer: Edge
  readonly parts: readonly Part[]
  readonly placed: readonly { readonly place: PaperPlace; readonly part: Part }[]
}
/** A text, or the pictures that stand in its place. */
export interface Cell {
  readonly text: string
  readonly pictures?: readonly string[]
  /** How high its pictures are, where that is not as usual, millimetres. */
  readonly height?: number
}
export interface Labelled extends Cell {
  readonly label: string
  readonly isWide: boolean
}
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly style: PrintStyle }
  | { readonly kind: 'form'; readonly heading: string; readonly cells: readonly Labelled[]; readonly columns: number; readonly style: PrintStyle }
  | { readonly kind: 'table'; readonly heading: string; readonly head: readonly string[]; readonly widths: readonly (number | null)[]; readonly rows: readonly (readonly Cell[])[]; readonly foot: readonly string[] | null; readonly style: PrintStyle }
  | { readonly kind: 'steps'; readonly heading: string; readonly steps: readonly Step[]; readonly others: readonly string[]; readonly style: PrintStyle }
  | { readonly kind: 'pictures'; readonly pictures: readonly string[]; readonly height: number }
  | { readonly kind: 'signature'; readonly label: string; readonly name: string; readonly picture: string | null; readonly height: number }
  | { readonly kind: 'line'; readonly colour: string; readonly weight: number }
  | { readonly kind: 'box'; readonly colour: string; readonly weight: number }
  | { readonly kind: 'code'; readonly symbology: Symbology; readonly text: string; readonly height: number }
  | { readonly kind: 'space'; readonly height: number }
  | { readonly kind: 'break' } // prettier-ignore
export type PartOf<K extends Part['kind']> = Extract<Part, { kind: K }>
/** A step of an approval: what was decided and said, and by whom. */
export interface Step {
  readonly label: string
  readonly word: string
  readonly opinion: string
  readonly pictures: readonly string[]
  readonly signature: string | null
  readonly by: string
  readonly at: string
}
/** Controls that no text can hold: where the number of the page, and of the pages, will stand. */
export const pageMark = '\u0001'
export const pagesMark = '\u0002'

/** What a thread is given. Pictures by their file's id, as addresses that hold them. */
export interface PrintWork {
  readonly info: Record<string, string>
  /** Across every page of the sheets that want it. */
  readonly watermark: string | null
  readonly sheets: readonly Sheet[]
  readonly pictures: Readonly<Record<string, string>>
}
/** Cells that one print may hold: a thread sets so many in some hundred megabytes. */
export const mostCells = 45_000
export const cellsOf = (sheets: readonly Sheet[]): number =>
  sheets.reduce((sum, { parts, placed }) => sum + placed.length + parts.reduce((n, part) => n + (part.kind === 'table' ? part.rows.length * part.head.length : part.kind === 'form' ? part.cells.length * 2 : 3), 0), 0) // prettier-ignore
