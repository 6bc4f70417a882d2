import type { RecordState } from '../resource.ts'
import type { Symbology } from '../fields/field.ts'

/** How a record stands on paper, as data: what the product lays out by itself, what a hospital draws, and what it uploads as a Word file. All lengths are millimetres, type sizes points. */
export interface PrintTemplate {
  readonly label: string
  readonly resource: string
  readonly paper: Paper
  readonly header: Edge
  readonly footer: Edge
  /** The printer's name, number and time across every page. */
  readonly watermark: boolean
  /** Who may use it, by role; empty: whoever may print the record. */
  readonly roles: readonly string[]
  /** Where a record must stand to be printed so. */
  readonly states: readonly RecordState[]
  /** Fields that a stranger who follows the paper's code is told; null: the paper carries no code. */
  readonly verify: readonly string[] | null
  readonly blocks: readonly PrintBlock[]
  /** A Word file with placeholders, in whose place the blocks are not looked at. */
  readonly word: WordFile | null
}
export type PaperSize = 'A3' | 'A4' | 'A5' | 'label'
export interface Paper {
  readonly size: PaperSize
  readonly isLying: boolean
  /** Of the sheet as it stands, turned already. */
  readonly width: number
  readonly height: number
  /** Top, right, bottom, left. */
  readonly margins: readonly [number, number, number, number]
}
/** What stands at the head or the foot of every page. */
export interface Edge {
  readonly left: string
  readonly centre: string
  readonly right: string
}
export interface WordFile {
  readonly name: string
  /** The names that its placeholders use, as they were when it was uploaded. */
  readonly names: readonly string[]
  /** The file itself, so that a version of the template is whole in itself. */
  readonly base64: string
}

export interface PrintStyle {
  readonly font: 'sans' | 'serif'
  readonly size: number
  readonly bold: boolean
  readonly align: 'left' | 'center' | 'right'
  readonly colour: string
  /** Height of a line, in sizes of its type. */
  readonly leading: number
  /** First lines begin two characters in. */
  readonly isIndented: boolean
}
/** Where a block stands, from the sheet's upper left corner. */
export interface PaperPlace {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly on: 'first' | 'every'
}
interface Common {
  readonly id: string
  /** Null: it flows after what stands before it. */
  readonly at: PaperPlace | null
  /** Stands there only where this field holds something. */
  readonly when: string | null
}
export interface TableColumn {
  readonly field: string
  /** Null: what is left. */
  readonly width: number | null
}
export type PrintBlock = Common &
  (
    | { readonly kind: 'text'; readonly text: string; readonly style: PrintStyle }
    /** Fields in a ruled form. */
    | { readonly kind: 'form'; readonly heading: string; readonly fields: readonly string[]; readonly columns: number; readonly leavesOutEmpty: boolean; readonly style: PrintStyle }
    /** The rows of a sub-table. */
    | { readonly kind: 'table'; readonly heading: string; readonly rows: string; readonly columns: readonly TableColumn[]; readonly isNumbered: boolean; readonly style: PrintStyle }
    /** 审批经过, with opinions and signatures. */
    | { readonly kind: 'approval'; readonly heading: string; readonly style: PrintStyle }
    /** Pictures of a field, or one that the template brings along. */
    | { readonly kind: 'picture'; readonly field: string | null; readonly image: string | null; readonly height: number }
    /** The signature in a field, or of who decided at a step. */
    | { readonly kind: 'signature'; readonly label: string; readonly field: string | null; readonly step: string | null; readonly height: number }
    /** A seal: stands on the paper only where its use was registered in the record's approval. */
    | { readonly kind: 'seal'; readonly seal: string; readonly image: string | null; readonly height: number }
    | { readonly kind: 'line'; readonly colour: string; readonly weight: number }
    | { readonly kind: 'box'; readonly colour: string; readonly weight: number }
    | { readonly kind: 'code'; readonly symbology: Symbology; readonly text: string; readonly height: number }
    /** The code that proves the paper. */
    | { readonly kind: 'verify'; readonly height: number }
    | { readonly kind: 'space'; readonly height: number }
    | { readonly kind: 'break' }
  ) // prettier-ignore
export type PaperBlockKind = PrintBlock['kind']
export type BlockOf<K extends PaperBlockKind> = Extract<PrintBlock, { kind: K }>

export const blockLabels: Readonly<Record<PaperBlockKind, string>> = {
  text: '文字', form: '字段表格', table: '明细表', approval: '审批经过', picture: '图片', signature: '签名', seal: '印章', line: '线', box: '框', code: '条码', verify: '验证码', space: '空白', break: '换页',
} // prettier-ignore
/** Those that may stand at a place of their own; the rest flow. */
export const placedKinds: ReadonlySet<PaperBlockKind> = new Set(['text', 'picture', 'signature', 'seal', 'line', 'box', 'code', 'verify'])
/** Sizes of sheets that stand upright. */
export const paperSizes: Readonly<Record<Exclude<PaperSize, 'label'>, readonly [number, number]>> = {
  A3: [297, 420],
  A4: [210, 297],
  A5: [148, 210],
}
export const paperLabels: Readonly<Record<PaperSize, string>> = { A3: 'A3', A4: 'A4', A5: 'A5', label: '标签' }

export const plainStyle: PrintStyle = {
  font: 'sans',
  size: 10.5,
  bold: false,
  align: 'left',
  colour: '#1b2526',
  leading: 1.3,
  isIndented: false,
}
/** A sheet of a known size. */
export function paperOf(size: Exclude<PaperSize, 'label'>, isLying = false, margins: Paper['margins'] = [18, 16, 18, 16]): Paper {
  const [short, long] = paperSizes[size]
  return { size, isLying, width: isLying ? long : short, height: isLying ? short : long, margins }
}
export const labelPaper = (width: number, height: number, margin = 2): Paper => ({
  size: 'label',
  isLying: false,
  width,
  height,
  margins: [margin, margin, margin, margin],
})

/** Bounds of what a template may say. */
export const printBounds = {
  blocks: 200, columns: 30, fields: 200, text: 5000, roles: 50, imageBytes: 400_000, imagesBytes: 2_000_000, wordBytes: 2_000_000,
  label: { min: 10, max: 420 }, margin: { min: 0, max: 100 }, size: { min: 4, max: 96 },
} as const // prettier-ignore
/** Records that are printed at once; more are a job, of so many at most. */
export const printsAtOnce = 20
export const mostPrints = 500
