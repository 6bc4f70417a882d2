// A form is copied instead of drawn again; what stands in a record that is chosen fills in the rest.
import { expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as } = stage()
type Given = Record<string, unknown>
const field = (key: string, kind: string, label: string, more: Given = {}): Given => ({ key, kind, label, options: {}, ...more })
const panel = (v: Visitor) => v.page.locator('.x-studio-panel')
const pick = (v: Visitor, label: string) => v.page.getByRole('button', { name: `字段 ${label}`, exact: true }).click()
const saved = (v: Visitor) => v.page.getByRole('status').getByText('草稿已保存').waitFor()
async function choose(v: Visitor, label: string, option: string): Promise<void> {
  const box = v.page.getByRole('combobox', { name: label, exact: true })
  await box.click()
  await box.fill(option)
  await v.page.locator('.ant-select-dropdown:visible .ant-select-item-option').getByText(option, { exact: true }).click()
}

test('A0816 A0814 A0813 a form is copied, a field gets its height and side, and what is chosen brings the rest along', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    const content = {
      label: '外出会诊登记',
      title: 'xplace1',
      grants: [{ role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' }],
      groups: [{ label: '会诊', fields: ['xplace1', 'xwho001', 'xnumber', 'xwords1'] }],
      fields: [
        field('xplace1', 'text', '医院', { required: true }),
        field('xwho001', 'reference', '医务人员', { options: { target: 'staff.practitioner' } }),
        field('xnumber', 'text', '工号'),
        field('xwords1', 'longText', '经过'),
      ],
    }
    expect((await call(v, 'POST', '/api/designs/type', { content })).status).toBe(201)
    await v.goto('/designs')
    await page.getByRole('button', { name: '新建记录类型' }).click()
    await page.getByRole('dialog').getByLabel('名称').fill('外出手术登记')
    await choose(v, '从哪里开始', '复制“外出会诊登记”')
    await page.getByRole('dialog').getByRole('button', { name: '开始设计' }).click()
    await page.getByRole('heading', { name: '外出手术登记' }).waitFor()
    await pick(v, '经过')
    await panel(v).getByLabel('高度（行）').fill('10')
    await panel(v).getByText('居中').click()
    await pick(v, '工号')
    await panel(v).getByText('更多', { exact: true }).click()
    await choose(v, '选了对方后自动带入', '医务人员的工号')
    await panel(v).getByRole('button', { name: '复制这个字段' }).click()
    await panel(v).getByLabel('名称', { exact: true }).fill('助手工号')
    await saved(v)
    await v.picture('form-copy-desk')
    await page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
    await page.getByRole('dialog').getByText('新建“外出手术登记”，5 个字段').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: /发\s*布/ }).click()
    await page.getByText('与生效的一致').waitFor({ timeout: 60_000 })
  })
  await as('zhanght', 'desk', async (v) => {
    const { page } = v
    await v.goto('/all')
    await page.getByRole('link').filter({ hasText: '外出手术登记' }).first().click()
    await page.getByRole('button', { name: /新建/ }).or(page.getByRole('link', { name: /新建/ })).first().click()
    await page.getByLabel('医院').fill('县人民医院')
    const who = page.getByRole('combobox', { name: '医务人员', exact: true })
    await who.click()
    await who.fill('张海涛')
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '张海涛' }).first().click()
    await expect.poll(() => page.getByLabel('工号', { exact: true }).inputValue(), { timeout: 15_000 }).not.toBe('')
    await page.getByText('取自医务人员的档案').first().waitFor()
    expect((await page.getByLabel('经过').boundingBox())!.height).toBeGreaterThan(200)
    expect(await page.getByLabel('经过').evaluate((area) => getComputedStyle(area).textAlign)).toBe('center')
    await v.picture('form-copy-filled-desk')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()
  })
}, 240_000) // prettier-ignore
