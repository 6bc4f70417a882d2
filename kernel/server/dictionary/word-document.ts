import type { DictionaryAnswer, DictionaryTable } from '#model'
import { packWord } from '../printing/word/package.ts'
import { element, writeXml, type Element, type XmlNode } from '../printing/word/xml.ts'

// Widths of an A4 sheet lying across, in twentieths of a point.
const page = { width: 16838, height: 11906, margin: 850 }
const columns = [
  ['列', 2300],
  ['名称', 2300],
  ['类型', 2200],
  ['必填', 700],
  ['加密', 700],
  ['引用', 2300],
  ['说明', 4638],
] as const

const run = (text: string, style: XmlNode[] = []): Element =>
  element('w:r', {}, [...(style.length ? [element('w:rPr', {}, style)] : []), element('w:t', { 'xml:space': 'preserve' }, [text])])
const paragraph = (text: string, style?: string): Element =>
  element('w:p', {}, [...(style ? [element('w:pPr', {}, [element('w:pStyle', { 'w:val': style })])] : []), run(text)])
const cell = (text: string, width: number, isHead: boolean): Element =>
  element('w:tc', {}, [
    element('w:tcPr', {}, [element('w:tcW', { 'w:w': String(width), 'w:type': 'dxa' }), ...(isHead ? [element('w:shd', { 'w:val': 'clear', 'w:color': 'auto', 'w:fill': 'EEF2F2' })] : [])]),
    element('w:p', {}, [element('w:pPr', {}, [element('w:pStyle', { 'w:val': 'Cell' })]), run(text, isHead ? [element('w:b')] : [])]),
  ]) // prettier-ignore
const row = (texts: readonly string[], isHead = false): Element =>
  element('w:tr', {}, [
    // The head stands on every page that the table reaches.
    element('w:trPr', {}, [element('w:cantSplit'), ...(isHead ? [element('w:tblHeader')] : [])]),
    ...texts.map((text, at) => cell(text, columns[at]![1], isHead)),
  ])
const border = (name: string): Element => element(`w:${name}`, { 'w:val': 'single', 'w:sz': '4', 'w:color': '9AA8A8' })
function tableOf({ columns: own }: DictionaryTable): Element {
  const lines = own.map((one) => [one.name, one.label, one.kind ? `${one.type}（${one.kind}）` : one.type, one.isRequired ? '是' : '', one.isProtected ? '是' : '', one.refers ?? '', one.note])
  return element('w:tbl', {}, [
    element('w:tblPr', {}, [element('w:tblBorders', {}, ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map(border)), element('w:tblLayout', { 'w:type': 'fixed' })]),
    element('w:tblGrid', {}, columns.map(([, width]) => element('w:gridCol', { 'w:w': String(width) }))),
    row(columns.map(([label]) => label), true),
    ...lines.map((texts) => row(texts)),
  ])
} // prettier-ignore
function chapter(table: DictionaryTable): Element[] {
  const seen = table.resources.length ? `，保存：${table.resources.join('、')}` : ''
  return [
    paragraph(`${table.label || table.name}　${table.name}`, 'Heading2'),
    paragraph(`所属：${table.module}${seen}`),
    tableOf(table),
    ...table.indexes.map(({ name, definition, isUnique }) =>
      paragraph(`${isUnique ? '唯一索引' : '索引'} ${name}：${definition}`, 'Small'),
    ),
  ]
}

const w = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const style = (id: string, name: string, size: number, more: { bold?: boolean; before?: number; level?: number } = {}): Element =>
  element('w:style', { 'w:type': 'paragraph', 'w:styleId': id, ...(id === 'Normal' ? { 'w:default': '1' } : {}) }, [
    element('w:name', { 'w:val': name }),
    element('w:pPr', {}, [...(more.level === undefined ? [] : [element('w:keepNext')]), element('w:spacing', { 'w:before': String(more.before ?? 0), 'w:after': '60' }), ...(more.level === undefined ? [] : [element('w:outlineLvl', { 'w:val': String(more.level) })])]),
    element('w:rPr', {}, [element('w:rFonts', { 'w:eastAsia': '宋体', 'w:ascii': 'Arial', 'w:hAnsi': 'Arial' }), ...(more.bold ? [element('w:b')] : []), element('w:sz', { 'w:val': String(size) })]),
  ]) // prettier-ignore
const styles = () =>
  element('w:styles', { 'xmlns:w': w }, [style('Normal', 'Normal', 21), style('Title', 'Title', 36, { bold: true, before: 240 }), style('Heading1', 'heading 1', 28, { bold: true, before: 360, level: 0 }), style('Heading2', 'heading 2', 24, { bold: true, before: 240, level: 1 }), style('Cell', 'Cell', 17), style('Small', 'Small', 17)]) // prettier-ignore
const types = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
const relations = (kind: string, target: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/></Relationships>`

/** The data dictionary as a Word document: a chapter per part of the product, a heading per table, with what Word makes a table of contents of. `lines` stand under the title. */
export function dictionaryDocument({ tables }: DictionaryAnswer, title: string, lines: readonly string[]): Promise<Buffer> {
  const chapters = [...Map.groupBy(tables, ({ module }) => module)].flatMap(([module, own]) => [paragraph(module, 'Heading1'), ...own.flatMap(chapter)])
  const section = element('w:sectPr', {}, [
    element('w:pgSz', { 'w:w': String(page.width), 'w:h': String(page.height), 'w:orient': 'landscape' }),
    element('w:pgMar', { 'w:top': String(page.margin), 'w:right': String(page.margin), 'w:bottom': String(page.margin), 'w:left': String(page.margin), 'w:header': '500', 'w:footer': '500', 'w:gutter': '0' }),
  ])
  const body = element('w:body', {}, [paragraph(title, 'Title'), ...lines.map((line) => paragraph(line)), ...chapters, section])
  return packWord(
    new Map([
      ['[Content_Types].xml', Buffer.from(types)],
      ['_rels/.rels', Buffer.from(relations('officeDocument', 'word/document.xml'))],
      ['word/_rels/document.xml.rels', Buffer.from(relations('styles', 'styles.xml'))],
      ['word/styles.xml', Buffer.from(writeXml(styles()))],
      ['word/document.xml', Buffer.from(writeXml(element('w:document', { 'xmlns:w': w }, [body])))],
    ]),
  )
} // prettier-ignore
