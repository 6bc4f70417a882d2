import { noEdge, numbered, plainTemplate, type Printable, type Written } from './automatic.ts'
import { paperOf, plainStyle, type PrintStyle, type PrintTemplate } from './template.ts'

/** Measures of an official document, GB/T 9704-2012: the text block is 156 by 225 mm, so that the margins are 37 above and 28 left. */
const [top, right, bottom, left] = [37, 26, 35, 28]
const width = 210 - left - right
const red = '#d7000f'
/** Type of size 3 (16 pt), 22 lines to a page. */
const body: PrintStyle = { ...plainStyle, font: 'serif', size: 16, leading: 1.13, colour: '#000000' }

/** 红头文件: red head and line, number of the document, title, text, who issues it when, sealed, and what stands at the foot of its last page. */
export function officialTemplate(r: Printable): PrintTemplate {
  const at = (y: number, height: number) => ({ x: left, y, width, height, on: 'first' as const })
  const tables = Object.entries(r.fields).filter(([, field]) => field.kind === 'rows')
  const blocks: Written[] = [
    { kind: 'text', text: '{医院名称}文件', style: { ...body, size: 36, bold: true, align: 'center', colour: red, leading: 1 }, at: at(52, 20) },
    { kind: 'text', text: '院发〔    〕    号', style: { ...body, align: 'center' }, at: at(82, 8) },
    { kind: 'line', colour: red, weight: 1, at: at(92, 0) },
    // What flows begins two lines below the red one.
    { kind: 'space', height: 92 - top + 14 },
    { kind: 'text', text: '{记录名称}', style: { ...body, size: 22, bold: true, align: 'center', leading: 1.3 } },
    { kind: 'space', height: 8 },
    { kind: 'text', text: '各科室、部门：', style: body },
    { kind: 'text', text: '请在此填写正文。', style: { ...body, isIndented: true } },
    { kind: 'space', height: 20 },
    { kind: 'text', text: '{医院名称}\n{打印日期}', style: { ...body, align: 'right' } },
    ...(tables.length ? [{ kind: 'break' } as const, { kind: 'text', text: '附件', style: body } as const] : []),
    ...tables.map(([key, field]): Written => ({
      kind: 'table', heading: field.label, rows: key, isNumbered: true, style: { ...body, size: 10.5 },
      columns: Object.keys((field.options as { fields: object }).fields).map((column) => ({ field: column, width: null })),
    })),
    { kind: 'space', height: 10 },
    { kind: 'line', colour: '#000000', weight: 1 },
    { kind: 'text', text: '{医院名称}办公室　　　　{打印日期}印发', style: { ...body, size: 14 } },
    { kind: 'line', colour: '#000000', weight: 1 },
    { kind: 'verify', height: 20 },
  ] // prettier-ignore
  return {
    ...plainTemplate(r.name),
    label: `${r.label}红头文件`,
    paper: paperOf('A4', false, [top, right, bottom, left]),
    header: noEdge,
    footer: { left: '', centre: '— {页码} —', right: '' },
    watermark: false,
    verify: [],
    blocks: numbered(blocks),
  }
}
