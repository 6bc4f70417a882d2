import { expect, test } from 'vitest'
import type { Me } from '#model'
import type { Visitor } from './running.ts'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const { as, by } = stage()

test('a role that reaches the whole hospital is given by two, and taken away with a reason; what he may do follows at once', async () => {
  let path = ''
  await by('secadmin', async (v) => {
    await v.goto('/r/directory.roleAssignment/new')
    const choose = async (label: RegExp, typed: string, option: RegExp) => {
      await v.page.getByRole('combobox', { name: label }).fill(typed)
      await v.page.locator('.ant-select-item-option').filter({ hasText: option }).first().click()
    }
    await choose(/^角色必填/, '医务', /医务处/)
    await choose(/^人员$/, '孙宁', /孙宁/)
    await v.page.getByLabel('事由').fill('轮岗到医务处')
    await v.picture('role-give-desk')
    await v.page.getByRole('button', { name: '保存', exact: true }).click()
    await v.page.getByText('待另一管理员同意').first().waitFor()
    await v.page.getByRole('tab', { name: '授予与收回' }).click()
    await v.page.getByText('由提出者和本人之外的系统管理员或安全管理员办理').waitFor()
    await v.picture('role-waits-desk')
    path = new URL(v.page.url()).pathname
  })
  const isOffice = async (v: Visitor) => {
    await v.goto('/')
    return (await call<Me>(v, 'GET', '/api/me')).body.rights.includes('privileges.manage')
  }
  await by('sunning', async (v) => expect(await isOffice(v)).toBe(false))
  await as('sysadmin', 'phone', async (v) => {
    await v.goto('/messages')
    await v.page.getByText('角色授予待同意').first().click()
    await v.page.getByText('授予与收回').click()
    await v.page.getByRole('button', { name: '同意授予' }).waitFor()
    await v.picture('role-agree-phone')
    await v.page.getByRole('button', { name: '同意授予' }).click()
    await v.page.getByText('已同意').waitFor()
  })
  await by('sunning', async (v) => expect(await isOffice(v)).toBe(true))
  await by('secadmin', async (v) => {
    await v.goto(path)
    await v.page.getByRole('tab', { name: '授予与收回' }).click()
    await v.page.getByRole('button', { name: '收回角色' }).click()
    await v.page.getByLabel('原因').and(v.page.locator(':focus')).waitFor()
    await v.page.getByRole('dialog').getByRole('button', { name: '收回角色' }).click()
    await v.page.getByText('请写明收回角色的原因').waitFor()
    await v.page.getByLabel('原因').fill('轮岗结束')
    await v.picture('role-end-desk')
    await v.page.getByRole('dialog').getByRole('button', { name: '收回角色' }).click()
    await v.page.getByText('已收回').first().waitFor()
    await v.picture('role-ended-desk')
  })
  await by('sunning', async (v) => expect(await isOffice(v)).toBe(false))
})
