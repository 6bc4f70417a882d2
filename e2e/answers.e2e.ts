import { expect, test } from 'vitest'
import type { ShownPage } from '#model'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { believeSpells, spells } from './spells.ts'
import { stage } from './stage.ts'

const { as, sql, holding } = stage(spells)
const total = 12
const chart = (v: Visitor) => v.page.getByRole('region', { name: '重症各级别' })
const offered = '记录很多，马上算不完'
const kept = /^后台计算的结果，\s*截至 \d{4}-\d\d-\d\d \d\d:\d\d$/

test('a chart that is too slow to wait for is counted in the background, stays shown with the moment it is of, and is told by message', async () => {
  await sql(`INSERT INTO large.spell (id, version, state, created_at, updated_at, name, level, "on", days, fee, note, search_text)
    SELECT gen_random_uuid(), 1, 'approved', now(), now(), '患者' || n, CASE WHEN n % 3 = 0 THEN 'first' ELSE 'second' END, current_date - n, n, n, '重症监护', '患者' || n FROM generate_series(1, ${total}) n`)
  // Nobody corrects what the planner is made to believe.
  await sql('ALTER TABLE large.spell SET (autovacuum_enabled = false); ANALYZE large.spell')
  await sql(believeSpells(2e9))
  await as('zhoumin', 'desk', async (v) => {
    const { blocks } = (await call<ShownPage>(v, 'GET', '/api/pages/large.figures')).body
    const asked = { block: blocks.find(({ id }) => id === 'levels'), asks: [] }
    await expect.poll(async () => (await call(v, 'POST', '/api/pages/run', asked)).status, { timeout: 45_000, interval: 500 }).toBe(422)
    await v.goto('/p/large.figures')
    await chart(v).getByText(offered).waitFor()
    await v.picture('answers-offered-desk')
    const figure = v.page.getByRole('region', { name: '重症人次' })
    await figure.getByRole('button', { name: '在后台计算' }).click()
    await figure.getByText(`${total}`, { exact: true }).waitFor({ timeout: 30_000 })
    await chart(v).getByRole('button', { name: '在后台计算' }).click()
    await chart(v).getByText(kept).waitFor({ timeout: 30_000 })
    await chart(v).getByText('二级', { exact: true }).waitFor()
    await v.picture('answers-chart-desk')
    await v.goto('/p/large.figures')
    await chart(v).getByText(kept).waitFor()
    await v.goto('/messages')
    await v.page.getByRole('button', { name: /后台计算已完成/ }).first().click()
    await v.page.getByRole('heading', { name: '重症各级别', level: 1 }).waitFor()
    await chart(v).getByText(kept).waitFor()
    await v.picture('answers-page-desk')
    await chart(v).getByRole('button', { name: '重新计算' }).click()
    await chart(v).getByText(kept).waitFor({ timeout: 30_000 })
  }) // prettier-ignore
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/p/large.figures')
    await chart(v).getByText(offered).waitFor()
    await v.picture('answers-offered-phone')
    await chart(v).getByRole('button', { name: '在后台计算' }).click()
    await chart(v).getByText(kept).waitFor({ timeout: 30_000 })
    await v.picture('answers-chart-phone')
    await v.goto('/answers/018f0000-0000-7000-8000-000000000001')
    await v.page.getByText('没有这个后台计算，或结果已删除').waitFor()
    await v.picture('answers-gone-phone')
  })
}, 240_000)

test('a report that the database cuts off goes on in the background, is stopped, and shows all its pages once it is there', async () => {
  await as('zhoumin', 'desk', async (v) => {
    const { page } = v
    const here = page.locator('.x-report')
    await holding('LOCK TABLE large.spell IN ACCESS EXCLUSIVE MODE', async () => {
      await v.goto('/reports/new?base=large.spell')
      await here.getByText(offered).waitFor({ timeout: 30_000 })
      await v.picture('answers-report-offered-desk')
      await here.getByRole('button', { name: '在后台计算' }).click()
      await here.getByText('正在后台计算').waitFor()
      await v.picture('answers-report-working-desk')
      await here.getByRole('button', { name: '取消计算' }).click()
      await here.getByText('后台计算已取消').waitFor()
      await v.picture('answers-report-cancelled-desk')
      await here.getByRole('button', { name: '重新计算' }).click()
      await here.getByText('正在后台计算').waitFor()
    })
    await here.getByText(kept).waitFor({ timeout: 30_000 })
    await here.getByText(`${total} 行`, { exact: true }).waitFor()
    await v.picture('answers-report-desk')
    await v.goto('/messages')
    await page.getByRole('button', { name: /后台计算已完成.*新报表/ }).first().click()
    await page.getByText('患者12', { exact: true }).waitFor()
    await v.picture('answers-report-page-desk')
    expect(await page.getByText(kept).count()).toBe(1)
    // Out of what is kept, under rights and definitions of now.
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByText('患者12', { exact: true }).waitFor()
    await v.picture('answers-report-page-phone')
  }) // prettier-ignore
}, 240_000)
