import type { Fields } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'
import { keysOf, type Group, type RecordState } from '../resource.ts'
import { labelPaper, paperOf, plainStyle, type Edge, type PrintBlock, type PrintStyle, type PrintTemplate } from './template.ts'

/** What is known of a record type, on either side. */
export interface Printable {
  readonly name: string
  readonly label: string
  readonly title: string
  readonly fields: Fields
  readonly groups?: readonly Group[]
  readonly approval?: string
}
const everyState: readonly RecordState[] = ['pending', 'returned', 'approved', 'refused']
export const noEdge: Edge = { left: '', centre: '', right: '' }
export const usualFooter: Edge = { left: '{打印人} {打印时间} {打印编号}', centre: '', right: '第 {页码} 页，共 {页数} 页' }
const small: PrintStyle = { ...plainStyle, size: 9.5, leading: 1.2 }

/** The layout that every record type has without anybody drawing one: its groups in two columns, its sub-tables, what was decided. The designer begins with it. */
export function automaticTemplate(r: Printable): PrintTemplate {
  const shown = Object.entries(r.fields).filter(([, field]) => !kindOf(field).isWriteOnly)
  const plain = shown.filter(([, field]) => field.kind !== 'rows').map(([key]) => key)
  const grouped = new Set((r.groups ?? []).flatMap(keysOf))
  const forms = [
    ...(r.groups ?? []).map((group) => ({ heading: group.label, fields: keysOf(group).filter((key) => plain.includes(key)) })),
    { heading: r.groups?.length ? '其他' : '', fields: plain.filter((key) => !grouped.has(key)) },
  ].filter(({ fields }) => fields.length)
  const tables = shown.filter(([, field]) => field.kind === 'rows')
  const blocks: Written[] = [
    { kind: 'text', text: '{医院名称}', style: { ...plainStyle, size: 12, align: 'center' } },
    { kind: 'text', text: r.label, style: { ...plainStyle, size: 18, bold: true, align: 'center' } },
    { kind: 'text', text: '{记录名称}', style: { ...plainStyle, align: 'center', colour: '#5b6b6d' } },
    { kind: 'space', height: 3 },
    ...forms.map((form): Written => ({ kind: 'form', ...form, columns: 2, leavesOutEmpty: true, style: small })),
    ...tables.map(([key, field]): Written => ({
      kind: 'table',
      heading: field.label,
      rows: key,
      columns: Object.entries((field.options as { fields: Fields }).fields)
        .filter(([, one]) => !kindOf(one).isWriteOnly)
        .map(([column]) => ({ field: column, width: null })),
      isNumbered: true,
      style: small,
    })),
    ...(r.approval ? [{ kind: 'approval', heading: '审批经过', style: small } as const] : []),
  ]
  return {
    ...plainTemplate(r.name),
    label: '标准版式',
    header: { left: '', centre: '', right: r.approval ? '{记录状态}' : '' },
    footer: usualFooter,
    states: everyState,
    blocks: numbered(blocks),
  }
}
/** A label to be stuck on: the record's name, two more facts and its address as a code. */
export function labelTemplate(r: Printable): PrintTemplate {
  const facts = Object.entries(r.fields)
    .filter(([key, field]) => key !== r.title && kindOf(field).isPlainFact && !kindOf(field).isWriteOnly)
    .slice(0, 2)
  const text = (words: string, y: number, style: Partial<PrintStyle>): Written => ({
    kind: 'text', text: words, style: { ...plainStyle, leading: 1.15, ...style }, at: { x: 3, y, width: 35, height: 12, on: 'first' },
  }) // prettier-ignore
  return {
    ...plainTemplate(r.name),
    label: '标签',
    paper: labelPaper(60, 40),
    watermark: false,
    states: everyState,
    blocks: numbered([
      text('{记录名称}', 3, { size: 12, bold: true }),
      ...facts.map(([key, field], at) => ({ ...text(`${field.label}：{${key}}`, 19 + at * 6, { size: 8 }), when: key })),
      text('{医院名称}', 34, { size: 6.5, colour: '#5b6b6d' }),
      { kind: 'code', symbology: 'qr', text: '{记录地址}', height: 18, at: { x: 39, y: 3, width: 18, height: 18, on: 'first' } },
    ]),
  }
}
/** An empty sheet of this record type, for approved records. */
export const plainTemplate = (resource: string): PrintTemplate => ({
  label: '', resource, paper: paperOf('A4'), header: noEdge, footer: noEdge, watermark: true, roles: [], states: ['approved'], verify: null, blocks: [], word: null,
}) // prettier-ignore

type WithoutCommon<B> = B extends PrintBlock ? Omit<B, 'id' | 'at' | 'when'> & Partial<Pick<B, 'at' | 'when'>> : never
export type Written = WithoutCommon<PrintBlock>
/** Blocks with names of their own, which the designer and what is wrong speak of. */
export const numbered = (blocks: readonly Written[]): PrintBlock[] =>
  blocks.map((one, at) => ({ id: `b${at + 1}`, at: null, when: null, ...one }))
