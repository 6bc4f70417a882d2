import { expect, test } from 'vitest'
import { stage } from './stage.ts'

const { by } = stage()

test('the system officer looks a field up in the data dictionary, goes on to the table it names, and takes the document along', async () => {
  await by('sysadmin', async (v) => {
    const { page } = v
    await v.goto('/dictionary')
    await page.getByText(/\d+ 张表 · \d+ 个字段/).waitFor()
    await page.getByLabel('查找表和字段').fill('聘任')
    await page.getByRole('navigation', { name: '表' }).getByRole('button', { name: '人员 directory.person' }).click()
    await page.getByRole('row', { name: /title_level 职称级别（聘任） 单选/ }).waitFor()
    await v.picture('dictionary-desk')
    await page.getByRole('button', { name: '→ directory.unit' }).first().waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载' }).hover()
    await page.getByRole('link', { name: 'Excel 表格（xlsx）' }).click()
    expect((await download).suggestedFilename()).toMatch(/^数据字典 \d{4}-\d{2}-\d{2}\.xlsx$/)
  })
  await by('sysadmin', async (v) => {
    await v.goto('/dictionary?table=privileges.grant')
    await v.page.getByRole('heading', { name: /手术授权 privileges.grant/ }).waitFor()
    await v.picture('dictionary-phone')
    await v.page.getByLabel('查找表和字段').fill('没有这样的字段')
    await v.page.getByText('没有这样的表或字段').waitFor()
  }, 'phone') // prettier-ignore
})
