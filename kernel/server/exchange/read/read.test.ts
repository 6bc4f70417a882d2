import excel from '@protobi/exceljs'
import iconv from 'iconv-lite'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CsvReader } from './csv.ts'
import type { FileRow } from './row.ts'
import { openTable } from './table.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'xinglin-read-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const text = '手术编码,手术名称\r\n47.0901,阑尾切除术\r\n51.2300,"腹腔镜下胆囊切除术, 单孔"\r\n'
async function read(
  content: Buffer | string,
  name = 'a.csv',
  sheet?: string,
): Promise<{ format: string; rows: FileRow[]; sheets: string[] }> {
  const path = join(folder, `${Math.random()}`)
  await writeFile(path, content)
  const table = await openTable(path, name)
  const rows: FileRow[] = []
  for await (const some of table.read({ sheet: sheet ?? null })) rows.push(...some)
  return { format: table.format, rows, sheets: table.sheets }
}
const lines = (rows: FileRow[]): string[][] => rows.map((row) => row.cells)
const expected = [['手术编码', '手术名称'], ['47.0901', '阑尾切除术'], ['51.2300', '腹腔镜下胆囊切除术, 单孔']] // prettier-ignore

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
  ['GB18030', iconv.encode(text, 'gb18030')],
  ['UTF-16 little-endian', iconv.encode(text, 'utf-16le', { addBOM: true })],
  ['UTF-16 little-endian without mark', iconv.encode(text, 'utf-16le', { addBOM: false })],
  ['UTF-16 big-endian', iconv.encode(text, 'utf-16be', { addBOM: true })],
])('a catalogue in %s is read the same', async (_, content) => {
  expect(lines((await read(content)).rows)).toEqual(expected)
})

test('a file whose Chinese begins late is still known as GB18030', async () => {
  const late = `code,name\n${'1,a\n'.repeat(100_000)}2,阑尾切除术\n`
  const { rows, format } = await read(iconv.encode(late, 'gb18030'))
  expect([format.includes('GB18030'), rows.at(-1)?.cells]).toEqual([true, ['2', '阑尾切除术']])
})

test.each([
  [',', '逗号'],
  ['\t', '制表符'],
  [';', '分号'],
])('the delimiter %j is recognised', async (delimiter, name) => {
  // prettier-ignore
  const { rows, format } = await read(`手术编码${delimiter}手术名称\n47.0901${delimiter}阑尾切除术、开腹\n`)
  expect([format.includes(name), rows[1]?.cells]).toEqual([true, ['47.0901', '阑尾切除术、开腹']])
})

test('a quote that is never closed costs its own line, not the rest of the file', async () => {
  const { rows } = await read(`编码,名称\n1,甲\n2,"乙\n3,丙\n4,"丁"\n5,戊\n`)
  expect(rows.map((row) => [row.at, row.cells[0], row.broken !== undefined])).toEqual([
    [1, '编码', false], [2, '1', false], [3, '2', true], [4, '3', false], [5, '4', false], [6, '5', false],
  ]) // prettier-ignore
})
test('cells hold line ends and doubled quotes, whatever portions the text comes in', () => {
  const source = 'a,b\n1,"第一行\n第二行"\n2,"说""好"""\n'
  for (let size = 1; size < 9; size++) {
    const reader = new CsvReader(',')
    const rows: FileRow[] = []
    for (let at = 0; at < source.length; at += size) rows.push(...reader.push(source.slice(at, at + size), false))
    rows.push(...reader.push('', true))
    expect(lines(rows)).toEqual([['a', 'b'], ['1', '第一行\n第二行'], ['2', '说"好"']]) // prettier-ignore
  }
})

async function workbook(fill: (sheet: excel.Worksheet, book: excel.Workbook) => void): Promise<Buffer> {
  const book = new excel.Workbook()
  fill(book.addWorksheet('目录'), book)
  return Buffer.from(await book.xlsx.writeBuffer())
}
test('a spreadsheet renamed .csv is read as what it is, and says so', async () => {
  const { rows, format } = await read(await workbook((sheet) => sheet.addRows(expected)), '目录.csv')
  expect([lines(rows), format.includes('内容是 Excel')]).toEqual([expected, true])
})
test('numbers, dates, ticks, rich text and formulas of a spreadsheet are read as the person sees them', async () => {
  const content = await workbook((sheet) => {
    sheet.addRow([
      51.22,
      new Date(Date.UTC(2026, 4, 3)),
      true,
      { richText: [{ text: '阑尾' }, { text: '切除术' }] },
      { formula: 'A1', result: 7 },
      0.1 + 0.2,
    ])
    sheet.addRow([51.22])
    sheet.getCell('A2').numFmt = '00.0000'
  })
  expect(lines((await read(content, 'a.xlsx')).rows)).toEqual([['51.22', '2026-05-03', '是', '阑尾切除术', '7', '0.3'], ['51.2200']]) // prettier-ignore
})
test('another sheet is read when asked, hidden ones are not offered', async () => {
  const content = await workbook((sheet, book) => {
    sheet.addRow(['甲'])
    book.addWorksheet('藏', { state: 'hidden' }).addRow(['乙'])
    book.addWorksheet('二').addRow(['丙'])
  })
  const { rows, sheets } = await read(content, 'a.xlsx', '二')
  expect([sheets, lines(rows)]).toEqual([['目录', '二'], [['丙']]])
})

test.each([
  ['an empty file', Buffer.alloc(0), /空的/],
  ['an old spreadsheet', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000)]), /\.xls/],
  ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj'), /PDF/],
  ['bytes that are no text', Buffer.from([1, 0, 0, 2, 0, 3, 0, 0, 9, 200, 0, 0]), /无法识别/],
  ['a damaged spreadsheet', Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(200)]), /损坏|工作簿|表格/],
])('%s is refused with a sentence that says what it is', async (_, content, message) => {
  await expect(read(content, 'a.csv')).rejects.toThrow(message)
})

const page = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"><style>td { mso-number-format: "\\@" }</style></head><body>
<table><tr><td>导出时间：2026-03-01</td></tr></table>
<table border=1><thead><tr><th>手术编码<th>手术名称<th colspan=2>级别</thead>
<tr><td rowspan=2>47.0901</td><td>阑尾切除术 &lt;开腹&gt;&nbsp;</td><td>二级</td><td>甲<script>alert('1')</script></td></tr>
<tr><td>腹腔镜下<br>阑尾切除术</td><td>三级<td>
<tr><td>51.2300<td>胆囊切除术<td>三级<td>乙</table></body></html>`
const pageLines = [
  ['手术编码', '手术名称', '级别'],
  ['47.0901', '阑尾切除术 <开腹>', '二级', '甲'],
  ['', '腹腔镜下\n阑尾切除术', '三级', ''],
  ['51.2300', '胆囊切除术', '三级', '乙'],
]
test.each([
  ['GB18030', iconv.encode(page, 'gb18030')],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${page}`)],
  ['UTF-16', iconv.encode(page, 'utf-16le', { addBOM: true })],
])('a web page that calls itself .xls, in %s, is read as the table that it holds: the largest, others when asked', async (_, content) => {
  const { rows, sheets, format } = await read(content, '手术目录.xls')
  expect(lines(rows)).toEqual(pageLines)
  expect([sheets, format.startsWith('网页表格')]).toEqual([['表格 2', '表格 1'], true])
  expect(lines((await read(content, '手术目录.xls', '表格 1')).rows)).toEqual([['导出时间：2026-03-01']])
})

test('an XML workbook of 2003 is read with the lines and columns that it leaves out', async () => {
  const workbook = `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="目录"><Table><Row><Cell><Data ss:Type="String">手术编码</Data></Cell><Cell><Data ss:Type="String">手术名称</Data></Cell></Row>
<Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="String">阑尾切除术 &amp; 引流</Data></Cell></Row></Table></Worksheet></Workbook>`
  const { rows, sheets } = await read(workbook, '目录.xls')
  expect(sheets).toEqual(['目录'])
  expect(rows).toEqual([
    { at: 1, cells: ['手术编码', '手术名称'] },
    { at: 3, cells: ['', '阑尾切除术 & 引流'] },
  ])
})

test.each([
  ['a page without a table', '<html><body><p>没有权限</p></body></html>', '这是网页，其中没有表格'],
  ['a page in one file', 'MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table>', '这是单个文件网页（.mht）'],
  ['other XML', '<?xml version="1.0"?><a/>', '这是 XML 文件，但不是表格'],
  ['a line without end', `<table><tr>${'<td>1'.repeat(2000)}`, '表格超过 1000 列'],
  ['tables without end', '<table><tr><td>1</table>'.repeat(2000), '网页中的表格或标签过多'],
  ['tags within tags without end', `<table><tr><td>${'<b>'.repeat(5000)}`, '网页中的表格或标签过多'],
  ['a table without end of columns', `<table><tr>${'<td colspan=999>1</td>'.repeat(3)}</tr></table>`, '表格超过 1000 列'],
])('%s is refused in words', async (_, content, words) => {
  await expect(read(content, 'a.xls')).rejects.toThrow(words)
})
