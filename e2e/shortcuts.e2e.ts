import { expect, test } from 'vitest'
import { stage } from './stage.ts'
import type { Visitor } from './running.ts'

const { by, sql } = stage()
const own = (v: Visitor) => v.page.getByRole('region', { name: '我的快捷' })
const names = (v: Visitor) => own(v).locator('.x-shortcuts a span:not([role=img])').allInnerTexts()

test('on the desk: pinned from a page, the menu and the search; ordered by hand and keys, renamed, removed; first in Ctrl K', async () => {
  await by('zhoumin', async (v) => {
    const { page } = v
    await own(v).getByText('点任意页面标题旁的图钉，就会放在这里。').waitFor()
    await v.goto('/r/privileges.procedure?view=ungraded')
    await page.getByRole('main').getByRole('button', { name: '固定到我的快捷' }).click()
    await page.getByText('已固定到我的快捷').waitFor()
    const line = page.locator('.x-nav-line').filter({ hasText: '能不能做' })
    await line.hover()
    await line.getByRole('button', { name: '固定到我的快捷' }).click()
    await page.locator('.x-nav-line .x-pin.on').waitFor({ state: 'attached' })
    await page.keyboard.press('Control+k')
    await page.locator('.x-palette > input').fill('新建 暂停授权')
    await page.getByRole('option', { name: '新建 暂停授权' }).waitFor()
    await page.keyboard.press('Control+d')
    await page.locator('.x-palette .x-pin.on').first().waitFor()
    await page.keyboard.press('Escape')
    await v.goto('/')
    await expect.poll(() => names(v)).toEqual(['院内手术目录', '能不能做', '新建 暂停授权'])
    await v.picture('shortcuts-home-desk')

    await own(v).getByRole('link', { name: '整理' }).click()
    await page.getByRole('button', { name: '移动 新建 暂停授权：按上下方向键' }).focus()
    await page.keyboard.press('ArrowUp')
    await page.getByText('“新建 暂停授权”已移到第 2 位').waitFor()
    const rows = page.locator('.x-shortcut-list li')
    await rows.filter({ hasText: '能不能做' }).dragTo(rows.first())
    await expect.poll(() => rows.locator('> div').allInnerTexts()).toEqual(['能不能做', '院内手术目录', '新建 暂停授权'])
    await page.getByRole('button', { name: '改名 院内手术目录' }).click()
    await page.getByLabel('快捷的名称').fill('未定级手术')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: '未定级手术' }).waitFor()
    await page.getByRole('button', { name: '移除 能不能做' }).click()
    await expect.poll(() => rows.locator('> div').allInnerTexts()).toEqual(['未定级手术', '新建 暂停授权'])
    await v.picture('shortcuts-page-desk')
    await page.reload()
    await rows.first().waitFor()
    await expect.poll(() => rows.locator('> div').allInnerTexts()).toEqual(['未定级手术', '新建 暂停授权'])

    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
    expect(await page.locator('.x-palette h6').first().innerText()).toBe('我的快捷')
    await v.picture('shortcuts-palette-desk')
    await page.keyboard.press('Enter')
    await page.waitForURL(/privileges\.procedure\?view=ungraded/)
    expect(await page.getByRole('tab', { name: '未定级' }).getAttribute('aria-selected')).toBe('true')
  })
})

test('on the phone they stand on the first page; one that leads nowhere says why and is removed', async () => {
  // Kept while the type was still there.
  await sql(`UPDATE kernel.preference SET value = value || '[{"path": "/r/old.register", "name": "旧登记本"}, {"path": "/nowhere/page", "name": "旧页面"}]'::jsonb WHERE name = 'shortcuts'`)
  await by('zhoumin', async (v) => {
    const { page } = v
    await own(v).getByText('这种记录已停用').waitFor()
    await own(v).getByText('页面已不在').waitFor()
    await v.picture('shortcuts-home-phone')
    await own(v).getByRole('link', { name: /旧登记本/ }).click()
    for (const name of ['旧登记本', '旧页面']) await page.getByRole('button', { name: `移除 ${name}` }).click()
    const rows = page.locator('.x-shortcut-list li')
    await expect.poll(() => rows.count()).toBe(2)
    await page.getByRole('button', { name: '下移 未定级手术' }).click()
    await expect.poll(() => rows.locator('> div').allInnerTexts()).toEqual(['新建 暂停授权', '未定级手术'])
    await v.picture('shortcuts-page-phone')
    await v.goto('/tasks')
    await v.goto('/r/privileges.procedure')
    await page.getByRole('button', { name: '固定到我的快捷' }).click()
    await page.getByText('已固定到我的快捷').waitFor()
    await v.picture('shortcuts-pinned-phone')
    await v.goto('/')
    await expect.poll(() => names(v)).toEqual(['新建 暂停授权', '未定级手术', '院内手术目录'])
  }, 'phone')
}) // prettier-ignore
