import { expect, test } from 'vitest'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, by, stranger } = stage()
const soon = { timeout: 15_000 }

/** Writes and publishes it by hand. */
async function write(v: Visitor, title: string, more: (v: Visitor) => Promise<void>): Promise<void> {
  await v.goto('/notices')
  await v.page.getByRole('button', { name: '写通知' }).click()
  await v.page.getByRole('textbox', { name: '标题' }).fill(title)
  const body = v.page.locator('[contenteditable=true]').first()
  await body.click()
  await v.page.keyboard.type('请各科室于 11 月 30 日前完成自查，并将结果报医务处。')
  await more(v)
  await v.picture(`notice-writing-${(v.page.viewportSize()?.width ?? 0) > 768 ? 'desk' : 'phone'}`)
  await v.page.getByRole('button', { name: /^(保存|提交)$/ }).last().click()
  await v.page.getByRole('tab', { name: '发布' }).click()
  await v.page.getByRole('button', { name: '发布', exact: true }).click()
  await v.page.getByRole('dialog').getByRole('button', { name: /发\s?布/ }).click()
  await v.page.getByText(/已发布给 \d+ 人/).waitFor()
} // prettier-ignore

test('A0739 A0744 a notice that must be read: written and published, read at sign-in on the phone before anything else, commented on, and seen in its readers', async () => {
  await by('zhoumin', (v) =>
    write(v, '手术安全核查专项自查', async () => {
      await v.page.getByText('院内通知', { exact: true }).or(v.page.getByLabel('类别')).first().click()
      const option = v.page.locator('.ant-select-item-option', { hasText: '院内通知' })
      if (await option.count()) await option.click()
      await v.page.getByRole('switch', { name: '登录强制阅读' }).or(v.page.getByRole('checkbox', { name: '登录强制阅读' })).first().click()
    }),
  )
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/')
    const dialog = v.page.getByRole('dialog', { name: '手术安全核查专项自查' })
    await dialog.getByText('请各科室于').waitFor()
    await v.picture('notice-must-read-phone')
    await v.page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: '我已阅读' }).click()
    await dialog.waitFor({ state: 'detached' })
    await v.goto('/notices')
    await v.page.getByRole('link', { name: /手术安全核查专项自查/ }).click()
    await v.page.getByRole('tab', { name: '评论' }).click()
    await v.page.getByRole('textbox', { name: '评论' }).fill('骨科已安排，周五前完成')
    await v.page.getByRole('button', { name: /发\s?表/ }).click()
    await v.page.getByText('骨科已安排').last().waitFor()
    await v.page.getByText('共 1 条，今天 1 条').waitFor()
    await v.picture('notice-comments-phone')
  })
  await as('liwd', 'desk', async (v) => {
    await v.goto('/notices')
    const dialog = v.page.getByRole('dialog', { name: '手术安全核查专项自查' })
    await dialog.waitFor()
    await v.picture('notice-must-read-desk')
    await dialog.getByRole('button', { name: '我已阅读' }).click()
    await dialog.waitFor({ state: 'detached' })
    await v.page.getByRole('link', { name: /手术安全核查专项自查/ }).waitFor()
    await v.picture('notices-desk')
  })
  await by('zhoumin', async (v) => {
    await v.goto('/notices')
    await v.page.getByRole('dialog', { name: '手术安全核查专项自查' }).getByRole('button', { name: '我已阅读' }).click()
    await v.page.getByRole('link', { name: /手术安全核查专项自查/ }).click()
    await v.page.getByRole('tab', { name: '阅读情况' }).click()
    await expect.poll(() => v.page.locator('.n-readers li').allInnerTexts(), soon).toHaveLength(3)
    await v.picture('notice-readers-desk')
    await v.page.getByRole('searchbox', { name: '查找人员' }).fill('张海涛')
    await v.page.keyboard.press('Enter')
    await expect.poll(() => v.page.locator('.n-readers li').allInnerTexts(), soon).toEqual([expect.stringMatching(/张海涛/)])
    await v.goto('/notices?kind=statistics')
    await v.page.getByRole('region', { name: '院内通知' }).getByText('合计').waitFor()
    await v.picture('notice-statistics-desk')
  })
  await as('zhoumin', 'phone', async (v) => {
    for (const [path, name] of [['/notices', 'list'], ['/notices?kind=statistics', 'statistics']] as const) {
      await v.goto(path)
      await v.page.getByText(name === 'list' ? '手术安全核查专项自查' : '合计').first().waitFor()
      await v.picture(`notice-${name}-phone`)
    }
  })
}) // prettier-ignore

test('A0744 a notice is written and published on the phone', async () => {
  await as('zhoumin', 'phone', async (v) => {
    await write(v, '手机上发的通知', async () => undefined)
    await v.goto('/notices')
    await v.page.getByRole('link', { name: /手机上发的通知/ }).waitFor()
  })
}) // prettier-ignore

test('nobody reads what was not published to him', async () => {
  await stranger('desk', async (v) => {
    await v.goto('/notices')
    await v.page.getByRole('button', { name: /登\s?录/ }).first().waitFor()
  })
  await by('liwd', async (v) => {
    await v.goto('/notices/018f0000-0000-7000-8000-000000000001')
    await v.page.getByText('没有这个通知，或没有发给您').waitFor()
    expect(v.refused).toContain('404 GET /api/notices/018f0000-0000-7000-8000-000000000001')
  })
}) // prettier-ignore
