import { expect, test } from 'vitest'
import { demoPassword } from '#app/demo/accounts.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, by, stranger } = stage()
const fill = async (v: Visitor, account: string) => {
  await v.page.getByLabel('账号').fill(account)
  await v.page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await v.page.getByRole('button', { name: '登录', exact: true }).click()
}

test('the officer disables several accounts at once with a reason and finds them again; whoever is disabled is told as he signs in', async () => {
  await by('sysadmin', async (v) => {
    await v.goto('/r/security.account')
    for (const name of ['caoyk', 'chenli'])
      await v.page
        .getByRole('row', { name: new RegExp(name) })
        .getByRole('checkbox')
        .click()
    await v.page.getByRole('button', { name: '批量修改' }).click()
    const choose = async (nth: number, label: string) => {
      await v.page.getByLabel('变更的项目').nth(nth).fill(label)
      await v.page.keyboard.press('Enter')
      await v.page.locator('.x-batch-field').nth(nth).getByText(`${label}改为`).waitFor({ state: 'attached' })
    }
    await choose(0, '状态')
    await v.page.locator('.x-batch-field').getByText('停用', { exact: true }).click()
    await v.page.getByRole('button', { name: '再加一项' }).click()
    // What sign-in itself writes is not offered.
    await v.page.getByLabel('变更的项目').nth(1).fill('须先改密码')
    await v.page.locator('.ant-select-item-empty').waitFor()
    await choose(1, '停用或注销原因')
    await v.page.getByLabel('停用或注销原因改为').fill('轮转结束')
    await v.picture('accounts-batch-desk')
    await v.page.getByRole('button', { name: '修改 2 条' }).click()
    await v.page.getByText('2 条全部成功').waitFor()
    await v.page.getByRole('button', { name: '知道了' }).click()
    await v.goto('/r/security.account?view=disabled')
    await v.page.getByText('caoyk', { exact: true }).first().waitFor()
    await v.page.getByText('chenli', { exact: true }).first().waitFor()
    expect(await v.page.getByText('zhanght', { exact: true }).count()).toBe(0)
    await v.picture('accounts-disabled-desk')
  })
  await stranger('phone', async (v) => {
    await v.goto('/')
    await fill(v, 'caoyk')
    await v.page.getByText('账号已停用，请联系系统管理员').waitFor()
  })
  await as('sysadmin', 'phone', async (v) => {
    await v.goto('/r/security.account')
    await v.page.getByText('auditor', { exact: true }).first().waitFor()
    await v.picture('accounts-phone')
  })
})
