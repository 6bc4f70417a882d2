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
/** How many he has not read. The demonstration tells people of its own matters, at hours of its own. */
async function unreadOf(account: string): Promise<number> {
  const found = (await sql(
    `SELECT count(*)::int AS n FROM kernel.message m JOIN security.account a USING (person) WHERE a.name = $1 AND m.read_at IS NULL`,
    [account],
  )) as { rows: { n: number }[] }
  return found.rows[0]!.n
}
const inMenu = async (v: Visitor) =>
  /\d+/.exec(await v.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /消息/ }).innerText())?.[0] ?? '0'
const rows = (v: Visitor) => v.page.locator('.x-message')

test('A0748 A0749 the red number stands in the menu and on the page, and one click reads all', async () => {
  await tellMany('wujing')
  for (const size of ['desk', 'phone'] as const)
    await as('wujing', size, async (v) => {
      await v.goto('/messages')
      await rows(v).first().waitFor()
      await v.picture(`messages-${size}`)
      const unread = await unreadOf('wujing')
      expect(unread).toBeGreaterThanOrEqual(3)
      await expect.poll(() => inMenu(v), soon).toBe(String(unread))
      await v.page.getByRole('tab', { name: new RegExp(`未读\\s*${unread}$`) }).click()
      await expect.poll(() => rows(v).count(), soon).toBe(unread)
    })
  await by('wujing', async (v) => {
    await v.goto('/messages?view=unread')
    const unread = await unreadOf('wujing')
    await rows(v).filter({ hasText: '证书到期提醒 0' }).click()
    await v.page.waitForURL(/\/r\/staff\.certificate/)
    await expect.poll(() => inMenu(v), soon).toBe(String(unread - 1))
    await v.goto('/messages?view=unread')
    await v.page.getByRole('button', { name: '全部已读' }).click()
    await v.page.getByText('没有未读消息').waitFor()
    await v.page.getByRole('button', { name: '全部已读' }).waitFor({ state: 'detached' })
    expect(await inMenu(v)).toBe('0')
    await v.picture('messages-all-read')
  })
})

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
