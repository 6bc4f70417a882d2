import { test } from 'vitest'
import { stage } from './stage.ts'

const { as } = stage()
test('look', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/flows/design')
    await page.getByRole('link', { name: '手术授权审批' }).waitFor()
    await v.picture('designer-list-desk')
    await page.getByRole('link', { name: '手术授权审批' }).click()
    await page.locator('[data-path="steps.0"]').waitFor()
    await v.picture('designer-open-desk')
    await page.locator('[data-path="steps.2"]').click()
    await page.getByText('法定人数').waitFor()
    await v.picture('designer-vote-desk')
    await page.getByRole('tab', { name: '字段权限' }).click()
    await v.picture('designer-rights-desk')
  })
  await as('sysadmin', 'phone', async (v) => {
    const { page } = v
    await v.goto('/flows/design')
    await page.getByRole('link', { name: /手术授权审批/ }).waitFor()
    await v.picture('designer-list-phone')
    await page.getByRole('link', { name: /手术授权审批/ }).click()
    await page.locator('.x-step-entry').first().waitFor()
    await v.picture('designer-open-phone')
    await page.locator('.x-step-entry').nth(2).click()
    await v.picture('designer-step-phone')
  })
}, 120_000)
