import { expect, test } from 'vitest'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, by, sql } = stage()
const soon = { timeout: 15_000 }
/** Messages of half a year, two a day, the newest three unread. */
const tellMany = (account: string) =>
  sql(
    `INSERT INTO kernel.message (id, person, at, title, body, link, read_at)
     SELECT gen_random_uuid(), a.person, now() - n * interval '12 hours', '证书到期提醒 ' || n, '执业证书将于 ' || n || ' 天后到期', '/r/staff.certificate', CASE WHEN n > 2 THEN now() END
     FROM security.account a, generate_series(0, 359) n WHERE a.name = $1`,
    [account],
  )
const inMenu = (v: Visitor, count: RegExp) =>
  v.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /消息/ }).filter({ hasText: count })
const rows = (v: Visitor) => v.page.locator('.x-message')

test('A0748 A0749 the red number stands in the menu and on the page, and one click reads all', async () => {
  await tellMany('zhanght')
  for (const size of ['desk', 'phone'] as const)
    await as('zhanght', size, async (v) => {
      await v.goto('/messages')
      await rows(v).first().waitFor()
      await v.picture(`messages-${size}`)
      await inMenu(v, /3/).waitFor()
      await v.page.getByRole('tab', { name: /未读\s*3/ }).click()
      await expect.poll(() => rows(v).count(), soon).toBe(3)
    })
  await by('zhanght', async (v) => {
    await v.goto('/messages?view=unread')
    await rows(v).first().click()
    await v.page.waitForURL(/\/r\/staff\.certificate/)
    await inMenu(v, /2/).waitFor()
    await v.goto('/messages?view=unread')
    await v.page.getByRole('button', { name: '全部已读' }).click()
    await v.page.getByText('没有未读消息').waitFor()
    await v.page.getByRole('button', { name: '全部已读' }).waitFor({ state: 'detached' })
    expect(await inMenu(v, /\d/).count()).toBe(0)
    await v.picture('messages-all-read')
  })
}) // prettier-ignore

test('nothing that was told is ever gone: older ones come page by page, and are found by their words', async () => {
  await tellMany('liwd')
  await by('liwd', async (v) => {
    await v.goto('/messages')
    await v.page.getByRole('region', { name: '今天' }).waitFor()
    // One that is still busy takes no click.
    const more = v.page.getByRole('button', { name: '显示更早的' }).and(v.page.locator(':not(.ant-btn-loading)'))
    for (let shown = 50; shown < 360; shown += 50) {
      await expect.poll(() => rows(v).count(), soon).toBeGreaterThanOrEqual(shown)
      await more.click()
    }
    await expect.poll(() => rows(v).count(), soon).toBeGreaterThanOrEqual(360)
    await v.page.getByText('证书到期提醒 359', { exact: true }).waitFor()
    const titles = await v.page.locator('.x-message b').allInnerTexts()
    const own = titles.filter((title) => title.startsWith('证书到期提醒'))
    expect([own.length, new Set(own).size]).toEqual([360, 360])
    expect(await more.count()).toBe(0)
    await v.page.getByRole('searchbox', { name: '查找消息' }).fill('于 207 天')
    await v.page.getByRole('searchbox', { name: '查找消息' }).press('Enter')
    await expect.poll(() => rows(v).count(), soon).toBe(1)
    await v.page.getByText('证书到期提醒 207').waitFor()
    await v.page.getByRole('searchbox', { name: '查找消息' }).fill('100% 无')
    await v.page.getByRole('searchbox', { name: '查找消息' }).press('Enter')
    await v.page.getByText('没有含“100% 无”的消息').waitFor()
    await v.picture('messages-none-found')
  })
})
