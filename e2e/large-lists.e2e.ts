import { describe, expect, test } from 'vitest'
import type { IndexesAnswer } from '#model'
import { call } from './acting.ts'
import { believeSpells, spells } from './spells.ts'
import { stage } from './stage.ts'

const { as, sql } = stage(spells)
const conditions = [
  { field: 'level', op: 'eq', value: 'first' },
  { field: 'note', op: 'contains', value: '重症' },
]
const asked = `large.spell?filter=${encodeURIComponent(JSON.stringify({ and: conditions }))}&sort=code`
const slow = `/r/${asked}`
/** Two hundred million as the planner sees it: what is refused is refused by its estimate. */
const believe = () => sql(believeSpells(2e8))

describe('lists of many records', () => {
  test('a question that would be slow says so with buttons that are answered, on desk and phone; the officer sees it and has an index built', async () => {
    await sql(`INSERT INTO large.spell (id, version, state, created_at, updated_at, name, level, "on", fee, note, search_text)
      SELECT gen_random_uuid(), 1, 'approved', now() - n * interval '1 minute', now(), '患者' || n, CASE WHEN n % 2 = 0 THEN 'first' ELSE 'second' END,
        current_date - n % 7000, n, CASE WHEN n < 8 THEN '重症' WHEN n % 3 = 0 THEN '复查' END, '患者' || n FROM generate_series(1, 12000) n`)
    await sql(`ANALYZE large.spell`)
    await believe()
    await as('sysadmin', 'desk', async (v) => {
      // What the lists offer is built without anybody's order.
      const states = async () => {
        const { body } = await call<IndexesAnswer>(v, 'GET', '/api/indexes')
        return new Set(body.tables.find((t) => t.resource === 'large.spell')?.indexes.map((i) => i.state))
      }
      // One that found somebody writing is tried again a minute later.
      await expect.poll(states, { timeout: 150_000, interval: 500 }).toEqual(new Set(['ready']))
    })
    await believe()
    await as('zhoumin', 'desk', async (v) => {
      // Sizes are read anew within half a minute.
      const status = async () => (await call(v, 'GET', `/api/records/${asked}`)).status
      await expect.poll(status, { timeout: 45_000, interval: 500 }).toBe(422)
      await v.goto(slow)
      await v.page.getByText('这样查会很慢，没有执行').waitFor()
      await v.page.getByText(/约有 2 亿 条记录/).waitFor()
      await v.page.getByText(/供系统管理员考虑为“级别、编号”建立索引/).waitFor()
      await v.picture('list-slow-desk')
      await v.page.getByRole('button', { name: '只看近一年（发生日期）' }).click()
      await v.page.getByText('患者2', { exact: true }).first().waitFor()
      await v.picture('list-slow-narrowed-desk')
      await v.goto('/r/large.spell?group=level')
      await v.page.getByRole('button', { name: /^只看/ }).first().click()
      await v.page.getByRole('treegrid').getByText('一级').first().waitFor()
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto(slow)
      await v.page.getByText('这样查会很慢，没有执行').waitFor()
      await v.picture('list-slow-phone')
      await v.page.getByRole('button', { name: '改用默认排序' }).click()
      await v.page.getByText('患者4', { exact: true }).first().waitFor()
    })
    await as('sysadmin', 'desk', async (v) => {
      await v.goto('/indexes')
      const card = v.page.getByRole('region', { name: '病程登记' })
      await card.getByText('级别 是，备注 包含').waitFor()
      await v.picture('indexes-desk')
      await card.getByRole('button', { name: '建立索引' }).click()
      await v.page.getByText('已安排，建好后自动使用').waitFor()
      await card.getByText('按慢的查询建立').waitFor()
      const built = card.getByRole('listitem').filter({ hasText: '按慢的查询建立' })
      await built.getByText('可用').waitFor({ timeout: 30_000 })
      await built.getByRole('button', { name: '删除' }).click()
      await v.page.getByText('删除这个索引？').waitFor()
      await v.picture('indexes-drop-desk')
      await v.page
        .locator('.ant-popconfirm')
        .getByRole('button', { name: /删\s?除/ })
        .click()
      await built.waitFor({ state: 'detached', timeout: 30_000 })
    })
    await as('sysadmin', 'phone', async (v) => {
      await v.goto('/indexes')
      await v.page.getByRole('region', { name: '病程登记' }).getByText('慢的查询').waitFor()
      await v.picture('indexes-phone')
    })
    await as('zhanght', 'desk', async (v) => {
      await v.goto('/indexes')
      await v.page.getByText('没有权限').filter({ visible: true }).first().waitFor()
    })
  }, 240_000)
})
