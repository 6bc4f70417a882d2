import excel from '@protobi/exceljs'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { ExportJob } from '#model'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { believeSpells, spells } from './spells.ts'
import { stage } from './stage.ts'

const { as, sql } = stage(spells)
const total = 150_000
const list = '/r/large.spell'
const filtered = (condition: object) => `${list}?filter=${encodeURIComponent(JSON.stringify({ and: [condition] }))}`
const slow = `${filtered({ field: 'note', op: 'contains', value: '重症' })}&sort=code`
const strip = (v: Visitor) => v.page.getByRole('list', { name: '后台导出' })
const choose = async (v: Visitor, format: RegExp) => {
  await v.page.getByRole('button', { name: /导出/ }).click()
  await v.page.getByRole('menuitem', { name: format }).click()
}
const rowsOf = async (path: string) => {
  const book = new excel.Workbook()
  await book.xlsx.load((await readFile(path)) as unknown as ArrayBuffer)
  const sheet = book.worksheets[0]!
  return { count: sheet.rowCount, head: (sheet.getRow(1).values as string[]).slice(1), last: String(sheet.getRow(sheet.rowCount).getCell(1).value) } // prettier-ignore
}

test('few records come at once, many in the background with progress, a way to stop, a message and a file of one’s own', async () => {
  await sql(`INSERT INTO large.spell (id, version, state, created_at, updated_at, name, level, "on", days, fee, note, search_text)
    SELECT gen_random_uuid(), 1, 'approved', now() - n * interval '1 minute', now(), '患者' || n, CASE WHEN n % 2 = 0 THEN 'first' ELSE 'second' END,
      current_date - n % 7000, n % 60, n, CASE WHEN n < 8 THEN '重症' WHEN n % 3 = 0 THEN '术后恢复良好，家属已知情同意，资料齐全' END, '患者' || n FROM generate_series(1, ${total}) n`)
  await sql(`ANALYZE large.spell`)
  await as('zhoumin', 'desk', async (v) => {
    await v.goto('/me/exports')
    await v.page.getByText('还没有后台导出').waitFor()
    await v.picture('exports-empty-desk')

    await v.goto(filtered({ field: 'note', op: 'eq', value: '重症' }))
    await v.page.getByText('患者7', { exact: true }).first().waitFor()
    const taken = async (format: RegExp) => {
      const [download] = await Promise.all([v.page.waitForEvent('download'), choose(v, format)])
      expect(download.suggestedFilename()).toMatch(/^病程登记-\d{4}-\d\d-\d\d\.(xlsx|pdf)$/)
      return download.path()
    }
    const sheet = await rowsOf(await taken(/Excel/))
    expect([sheet.count, sheet.head]).toEqual([9, ['患者', '科室', '级别', '发生日期', '住院天数', '费用', '备注']])
    expect((await readFile(await taken(/pdf/))).subarray(0, 5).toString()).toBe('%PDF-')

    await v.goto(list)
    await v.page.getByText(/^患者\d+$/).first().waitFor()
    await choose(v, /pdf/)
    await v.page.getByText('PDF 一次最多导出 3000 条（7 列），请增加条件，或改用 Excel').waitFor()
    await choose(v, /Excel/)
    await v.page.getByText('已开始在后台导出').waitFor()
    await strip(v).getByText('正在导出').waitFor()
    await strip(v).getByText(/^\d[\d,]* \/ 约/).waitFor()
    await v.picture('exports-strip-desk')
    await strip(v).getByRole('button', { name: /取\s?消/ }).click()
    await strip(v).getByText('已取消').waitFor()
    await strip(v).getByRole('button', { name: '收起' }).click()
    await strip(v).waitFor({ state: 'detached' })

    await v.goto(filtered({ field: 'days', op: 'lt', value: 8 }))
    await v.page.getByText(/^患者\d+$/).first().waitFor()
    await choose(v, /Excel/)
    await strip(v).getByRole('link', { name: '我的导出' }).click()
    const row = v.page.getByRole('listitem').filter({ hasText: '1 个条件' })
    await row.getByText(/已完成/).waitFor({ timeout: 60_000 })
    await v.picture('exports-desk')
    const [download] = await Promise.all([v.page.waitForEvent('download'), row.getByRole('link', { name: '下载' }).click()])
    const { count, last } = await rowsOf(await download.path())
    expect([count, last.startsWith('导出说明：周敏于 ')]).toEqual([total / 60 * 8 + 2, true])
    await v.goto('/messages')
    await v.page.getByRole('button', { name: /导出已完成/ }).first().click()
    await v.page.getByRole('heading', { name: '我的导出' }).waitFor()
  }) // prettier-ignore
}, 240_000)

test('a list that refuses a slow question offers its answer in the background, on desk and phone; who may not take records away is offered nothing', async () => {
  const believe = () => sql(believeSpells(2e9))
  await believe()
  await as('zhoumin', 'desk', async (v) => {
    const status = async () => (await call(v, 'GET', `/api/records/${slow.slice('/r/'.length)}`)).status
    await expect.poll(status, { timeout: 45_000, interval: 500 }).toBe(422)
    await v.goto(slow)
    await v.page.getByRole('button', { name: '在后台导出结果' }).waitFor()
    await v.picture('exports-slow-desk')
    await v.page.getByRole('button', { name: '在后台导出结果' }).click()
    await strip(v).getByText(/已完成/).waitFor({ timeout: 60_000 })
    await strip(v).getByText('7 条', { exact: true }).waitFor()
    await v.picture('exports-slow-done-desk')
    await v.goto(`${list}?group=level&totals=sum:fee`)
    await v.page.getByRole('button', { name: '在后台导出结果' }).waitFor()
  }) // prettier-ignore
  await believe()
  await as('zhoumin', 'phone', async (v) => {
    await v.goto(slow)
    await v.page.getByRole('button', { name: '在后台导出结果' }).waitFor()
    await v.picture('exports-slow-phone')
    await v.page.getByRole('button', { name: '在后台导出结果' }).click()
    await strip(v).getByText(/已完成/).waitFor({ timeout: 60_000 })
    await v.picture('exports-slow-done-phone')
    await v.goto('/me')
    await v.page.getByRole('link', { name: '我的导出' }).click()
    await v.page.getByRole('listitem').filter({ hasText: '已取消' }).waitFor()
    await v.picture('exports-phone')
  }) // prettier-ignore
  const [job] = await as('zhoumin', 'desk', async (v) => (await call<{ jobs: ExportJob[] }>(v, 'GET', '/api/exports')).body.jobs)
  await as('zhanght', 'phone', async (v) => {
    await v.goto(slow)
    await v.page.getByText('这样查会很慢，没有执行').waitFor()
    expect(await v.page.getByRole('button', { name: '在后台导出结果' }).count()).toBe(0)
    expect((await call(v, 'GET', `/api/exports/${job!.id}/file`)).status).toBe(404)
    await v.goto('/me/exports')
    await v.page.getByText('还没有后台导出').waitFor()
    await v.picture('exports-empty-phone')
  })
}, 240_000)
