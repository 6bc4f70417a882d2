import ExcelJS from '@protobi/exceljs'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoProcedures } from '#app/demo/procedures.ts'
import { openBrowser, startProgram, Visitor, type Running } from './running.ts'

let program: Running
let browser: Browser
let officer: Visitor
beforeAll(async () => {
  ;[program, browser] = await Promise.all([startProgram(), openBrowser()])
  officer = await Visitor.open(browser, program.url, 'desk')
  await officer.signIn('zhoumin')
})
afterAll(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
})

const rows = 13_686
/** The published code space where it is at hand, else as many rows of the same shape. */
function catalogue(): Buffer {
  const file = join(import.meta.dirname, '../../shared/data/icd/procedures.csv')
  if (existsSync(file)) return readFileSync(file)
  const known = demoProcedures.map(([code, name]) => `${code},"${name}",1`)
  const made = (i: number) => `${String(i % 90).padStart(2, '0')}.0900x${String(i).padStart(5, '0')},样例操作${i},${i % 2}`
  const lines = [...known, ...Array.from({ length: rows - known.length }, (_, i) => made(i))]
  return Buffer.from(['code,name,drg_valid', ...lines].join('\n'))
}
async function sheet(lines: readonly (readonly (string | number)[])[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const table = book.addWorksheet('表')
  for (const line of lines) table.addRow([...line])
  return Buffer.from(await book.xlsx.writeBuffer())
}
/** Chooses the file and goes to the preview. */
async function upload(way: string, name: string, buffer: Buffer): Promise<void> {
  await officer.goto(`/import/${way}`)
  await officer.page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: name.endsWith('.csv') ? 'text/csv' : 'application/octet-stream', buffer })
  await officer.page.getByRole('button', { name: '检查数据' }).click()
}
const count = (label: string) =>
  officer.page.getByRole('tab', { name: new RegExp(label) }).or(officer.page.getByRole('button', { name: new RegExp(`${label}$`) }))

test('the officer imports the catalogue through the page, and a second time it says that nothing changed', async () => {
  await upload('privileges.catalogue', 'procedures.csv', catalogue())
  await officer.page.getByRole('button', { name: '导入 13,686 条' }).click()
  await officer.page.getByText('导入完成').waitFor()
  expect(await officer.page.getByText(/新增 13,?686/).isVisible()).toBe(true)
  await officer.picture('import-done-desk')
  await upload('privileges.catalogue', 'procedures.csv', catalogue())
  await officer.page
    .getByText(/13,686/)
    .first()
    .waitFor()
  await count('未变').filter({ visible: true }).first().waitFor()
  await officer.picture('import-again-desk')
})

test('the hospital’s grading file is joined, a doubtful row is picked by hand, and the level stands in the list', async () => {
  await upload('privileges.grading', '分级.xlsx', await sheet([['手术编码', '手术名称', '院内手术级别', '限制类技术', '别名'], ['81.5100', '全髋关节置换', 'Ⅲ级', '否', 'THA'], ['47.0100', '阑尾手术（腔镜）', '三', '', 'LA']])) // prettier-ignore
  await officer.page.getByRole('radio').first().check()
  await officer.picture('import-doubt-desk')
  await officer.page.getByRole('button', { name: '按选择导入' }).click()
  await officer.page.getByText('导入完成').waitFor()
  await officer.goto('/r/privileges.procedure?search=qkgj')
  await officer.page
    .getByRole('row', { name: /全髋关节置换/ })
    .getByText('三级')
    .waitFor()
  expect(officer.problems).toEqual([])
})

test('cells are pasted as they were copied, and a web page that calls itself .xls is read', async () => {
  await officer.goto('/import/privileges.grading')
  await officer.page.getByLabel('粘贴单元格').evaluate((box, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, '手术编码\t手术名称\t院内手术级别\n81.5100\t全髋关节置换\t四级\n')
  await officer.page.getByText('粘贴的单元格.tsv').first().waitFor()
  await officer.page.getByRole('button', { name: '检查数据' }).click()
  await officer.page.getByRole('button', { name: '导入 1 条' }).click()
  await officer.page.getByText('导入完成').waitFor()
  const page =
    '<html><head><meta charset="gb2312"></head><table><tr><td>手术编码<td>手术名称<td>院内手术级别</tr><tr><td>81.5100<td>全髋关节置换<td>三级</tr></table></html>'
  await officer.goto('/import/privileges.grading')
  await officer.page
    .getByLabel('要导入的文件')
    .setInputFiles({ name: '分级.xls', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from(page) })
  await officer.page
    .getByText(/网页表格/)
    .first()
    .waitFor()
  await officer.page.getByRole('button', { name: '检查数据' }).click()
  await officer.page.getByRole('button', { name: '导入 1 条' }).click()
  await officer.page.getByText('导入完成').waitFor()
  expect(officer.problems).toEqual([])
})

test('the grants of day one come as a matrix with √, as one batch that is taken back whole', async () => {
  await upload('privileges.grants', '授权.xlsx', await sheet([['工号', '姓名', '椎间盘切除术', '前入路颈椎间盘切除术'], ['10006', '孙宁', '√', '√'], ['10007', '马超', '√', '']])) // prettier-ignore
  await officer.page.getByRole('button', { name: '导入 3 条' }).click()
  await officer.page.getByText('导入完成').waitFor()
  await officer.goto('/r/privileges.grant')
  await officer.page
    .getByRole('row', { name: /孙宁.*前入路颈椎间盘切除术/ })
    .first()
    .waitFor()
  await officer.page.goBack()
  await officer.page.getByRole('button', { name: '撤销这批' }).filter({ visible: true }).click()
  await officer.page.getByRole('dialog').getByRole('button', { name: /撤销/ }).last().click()
  await officer.page
    .getByText(/已撤销/)
    .first()
    .waitFor()
  await officer.picture('import-undone-desk')
  expect(officer.problems).toEqual([])
})
