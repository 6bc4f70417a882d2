import { describe, test } from 'vitest'
import { stage } from './stage.ts'

describe('the system’s settings', () => {
  const { as } = stage()

  test('the system officer renames the office and mends the hours on desk and phone; everyone’s labels follow, a doctor has no such page', async () => {
    await as('sysadmin', 'desk', async (v) => {
      await v.goto('/settings')
      await v.page.getByLabel('医务管理部门的名称').fill('医务部')
      await v.page.getByLabel('下班').first().fill('07:00')
      await v.page.getByRole('button', { name: /保\s?存/ }).click()
      await v.page.getByText('结束时间须晚于开始时间').waitFor()
      await v.picture('settings-problem-desk')
      await v.page.getByLabel('下班').first().fill('11:30')
      await v.page.getByRole('button', { name: /保\s?存/ }).click()
      await v.page.getByText('已保存').waitFor()
      await v.picture('settings-desk')
    })
    await as('sysadmin', 'phone', async (v) => {
      await v.goto('/settings')
      await v.page.getByLabel('医务管理部门的名称').waitFor()
      await v.picture('settings-phone')
    })
    await as('zhoumin', 'desk', async (v) => {
      await v.page.getByText('医务部').filter({ visible: true }).first().waitFor()
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/settings')
      await v.page.getByText('没有权限').filter({ visible: true }).first().waitFor()
    })
  }, 120_000)
})
