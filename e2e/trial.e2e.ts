// A draft is given to a colleague to try before anything of it counts: he fills it in on his phone in a space of its own, the hospital has nothing of it.
import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const { as } = stage()
const field = (key: string, kind: string, label: string, more: object = {}) => ({ key, kind, label, options: {}, ...more })
let name = ''

test('B0024 an implementer has a draft tried by somebody he chooses', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    const made = await call<{ name: string }>(v, 'POST', '/api/designs/type', {
      content: {
        label: '会诊满意度',
        title: 'xwhat01',
        fields: [
          field('xwhat01', 'text', '会诊事项', { required: true }),
          field('xwho001', 'person', '会诊医师'),
          field('xgood01', 'rating', '满意度'),
        ],
        grants: [{ role: 'staffMember', actions: ['read', 'create'], scope: 'own' }],
      },
    })
    name = made.body.name
    await v.goto(`/designs/type/${name}`)
    await page.locator('.x-head-acts').getByRole('button', { name: '试用' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: '开始试用' }).click()
    await dialog.getByText('请选择由谁试用').waitFor()
    await v.picture('trial-begin-desk')
    await dialog.getByLabel('请谁试用').fill('张海涛')
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '张海涛' }).first().click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: '开始试用' }).click()
    await dialog.getByRole('link', { name: '进入试用' }).waitFor({ timeout: 90_000 })
    await v.picture('trial-open-desk')
  })
}, 240_000)

test('whoever was chosen is told, tries it on the phone, and finds nothing of it in the hospital', async () => {
  await as('zhanght', 'phone', async (v) => {
    const { page } = v
    await v.goto('/messages')
    await page.getByText('请试用：会诊满意度').first().click()
    await page.getByRole('heading', { name: '试用', exact: true }).waitFor()
    await v.picture('trial-asked-phone')
    await page.getByRole('link', { name: '进入试用' }).click()
    await page.getByRole('note').getByText('试用空间').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/trial/r/${name}`)
    await v.goto(`/trial/r/${name}/new`)
    await page.getByLabel('会诊事项').fill('骨折术后心律失常')
    await v.picture('trial-form-phone')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('骨折术后心律失常').first().waitFor()
    await v.picture('trial-record-phone')
    await page.getByRole('link', { name: '回到正式系统' }).click()
    await page.getByRole('link', { name: '进入试用' }).waitFor()
    expect((await call(v, 'GET', `/api/records/${name}`)).status).toBe(404)
  })
  // Whoever was not chosen is told so, in the hospital itself.
  await as('hexl', 'desk', async (v) => {
    await v.goto('/trial/')
    await v.page.getByText('现在没有请您试用的内容').waitFor()
    await v.picture('trial-not-asked-desk')
  })
}, 240_000)

test('the same colleague sees it on the desk; whoever began it ends it, and the space is closed at once', async () => {
  await as('zhanght', 'desk', async (v) => {
    const { page } = v
    await v.goto(`/trial/r/${name}`)
    await page.getByText('骨折术后心律失常').waitFor()
    await v.picture('trial-list-desk')
  })
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/designs')
    await page.getByRole('region', { name: '试用空间' }).getByRole('button', { name: '结束试用' }).click()
    await v.picture('trial-designs-desk')
    await page
      .locator('.ant-popconfirm')
      .getByRole('button', { name: /结\s*束/ })
      .click()
    await page.getByText('试用已结束').waitFor()
  })
  await as('zhanght', 'desk', async (v) => {
    await v.goto(`/trial/r/${name}`)
    await v.page.getByText('现在没有请您试用的内容').waitFor()
  })
}, 240_000)
