import { expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { by, sql } = stage()
const tab = (v: Visitor, name: string) => v.page.getByRole('tab', { name, exact: true })

async function choose(v: Visitor, label: string, option: string): Promise<void> {
  await v.page.getByRole('combobox', { name: label }).click()
  await v.page.getByRole('combobox', { name: label }).fill(option)
  await v.page.locator('.ant-select-item-option', { hasText: option }).first().click()
}
async function chooseHead(v: Visitor): Promise<void> {
  const picker = v.page.getByRole('combobox').first()
  await picker.click()
  await picker.fill('李卫东')
  await v.page.locator('.ant-select-item-option', { hasText: '李卫东' }).first().click()
  await v.page.locator('.ant-select-dropdown').first().waitFor({ state: 'hidden' })
}

test('E0104 the security officer reads who may do what: by role, of a person with the reason, of a field', async () => {
  await by('secadmin', async (v) => {
    const { page } = v
    await page.getByRole('link', { name: '权限一览' }).click()
    await page.getByRole('columnheader', { name: /^医务处/ }).waitFor()
    await v.picture('rights-matrix')
    await page.getByLabel('查找').fill('人员')
    await page.getByRole('button', { name: '科主任：人员，详情' }).click()
    const drawer = page.getByRole('dialog', { name: '科主任 · 人员' })
    await drawer.getByText('本科室及下级').waitFor()
    await drawer.getByText('证件号码').first().waitFor()
    await drawer.getByRole('button').first().click({ trial: true })
    await v.picture('rights-cell')
    expect(new URL(page.url()).searchParams.get('cell')).toBe('directory.person@departmentHead')
    // A link shows the same to a colleague.
    await page.reload()
    await drawer.getByText('本科室及下级').waitFor()
    await drawer.getByRole('button').first().click()
    await drawer.waitFor({ state: 'hidden' })
    await page.getByLabel('查找').fill('没有这种东西')
    await page.getByText('没有符合条件的权限').waitFor()
    await page.getByRole('button', { name: '清除条件' }).click()
    await page.getByRole('columnheader', { name: /^医务处/ }).waitFor()

    await tab(v, '人员权限').click()
    await page.getByText('请选择人员').waitFor()
    await v.picture('rights-person-none')
    await chooseHead(v)
    await page.getByRole('heading', { name: /李卫东/ }).waitFor()
    await page.getByRole('region', { name: '人员与机构' }).getByRole('button', { name: /^人员/ }).click()
    await page
      .getByText(/“科主任”给的/)
      .first()
      .waitFor()
    await page
      .getByText(/能给的有 系统管理员（全院）/)
      .first()
      .waitFor()
    await v.picture('rights-person')

    await tab(v, '字段可见').click()
    await choose(v, '记录类型', '人员')
    await choose(v, '字段', '证件号码')
    await page.getByRole('region', { name: '按角色' }).getByText('打码').first().waitFor()
    await page.getByRole('region', { name: '按人员' }).getByRole('listitem').first().waitFor()
    await v.picture('rights-field')
    await page.getByRole('region', { name: '按人员' }).getByLabel('查找人员').fill('没有这个人')
    await page.getByText('没有找到“没有这个人”').waitFor()
  })
})

test('from an account the officer opens what its person may do; whoever is no officer has neither page nor menu', async () => {
  await by('sysadmin', async (v) => {
    await v.goto('/r/security.account?search=liwd')
    await v.page.getByText('liwd').first().click()
    await v.page.getByRole('button', { name: '打开', exact: true }).click()
    await tab(v, '他能做什么').click()
    await v.page.getByText('科主任').first().waitFor()
    await v.picture('rights-account')
  })
  await by('zhanght', async (v) => {
    await v.goto('/rights')
    await v.page.getByText('没有权限查看').waitFor()
    expect(await v.page.getByRole('link', { name: '权限一览' }).count()).toBe(0)
    await v.picture('rights-refused')
  })
})

test('on the phone a role stands as a list, a person with his reasons below one another', async () => {
  await by(
    'auditor',
    async (v) => {
      const { page } = v
      await v.goto('/rights')
      await page.getByRole('region', { name: '组织与人员' }).or(page.getByText('人员与机构')).first().waitFor()
      await v.picture('rights-matrix-phone')
      await page.getByRole('button', { name: /登录日志/ }).click()
      await page.getByRole('dialog').getByText('可以做什么').waitFor()
      await page.getByRole('dialog').getByRole('button').first().click({ trial: true })
      await v.picture('rights-cell-phone')
      await page.keyboard.press('Escape')
      await tab(v, '人员权限').click()
      await chooseHead(v)
      await page.getByRole('heading', { name: /李卫东/ }).waitFor()
      await v.picture('rights-person-phone')
      await v.goto('/rights?tab=field&resource=directory.person&field=mobile')
      await page.getByRole('region', { name: '按人员' }).getByRole('listitem').first().waitFor()
      await v.picture('rights-field-phone')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    },
    'phone',
  )
})

test('E0080 E0192 the officer takes the table of rights along, and the accounts that are stopped with since when, by whom and why', async () => {
  await by('sysadmin', async (v) => {
    const { page } = v
    await v.goto('/rights')
    const waiting = page.waitForEvent('download')
    await page.getByRole('link', { name: '用户权限明细表' }).click()
    expect((await waiting).suggestedFilename()).toMatch(/^用户权限明细表-\d{4}-\d{2}-\d{2}\.xlsx$/)
    const { body: list } = await call<{ rows: { id: string; version: number }[] }>(v, 'GET', `/api/records/security.account?search=fanggl`)
    const { id, version } = list.rows[0]!
    const stopped = await call(v, 'PATCH', `/api/records/security.account/${id}`, {
      version,
      changes: { status: 'disabled', reason: '出国访学' },
    })
    expect(stopped.status).toBe(200)
    await v.goto('/r/security.account')
    await page.getByText('停用用户报表').first().click()
    await page.getByRole('columnheader', { name: '停用或注销人' }).waitFor()
    await page.getByText('出国访学').waitFor()
    await v.picture('rights-stopped')
    expect(await page.getByText('王建国').count()).toBeGreaterThan(1)
  })
})

test('E0161–E0163 what has changed: roles given and taken with who and when, and what a version of the program gave and took', async () => {
  // As it is after an upgrade: the version before gave the auditor more, and the officer of security less.
  await sql(`UPDATE kernel.rights_version SET number = 2`)
  await sql(
    `INSERT INTO kernel.rights_version SELECT 1, at - interval '30 days', '0.0.9', 'before', jsonb_set(rights::jsonb #- '{grants,securityOfficer,security.rights}', '{grants,auditOfficer,security.account,acts,update}', '["hospital"]')::json FROM kernel.rights_version`,
  )
  await by('secadmin', async (v) => {
    const { page } = v
    const { body } = await call<{ options: { id: string }[] }>(
      v,
      'GET',
      `/api/choices/directory.person?search=${encodeURIComponent('张海涛')}`,
    )
    const given = await call(v, 'POST', '/api/records/directory.roleAssignment', {
      role: 'departmentSecretary',
      person: body.options[0]!.id,
    })
    expect(given.status).toBe(201)
    await v.goto('/rights?tab=changes')
    const assigned = page.getByRole('region', { name: '角色分配的变更' })
    await assigned.getByText('科室秘书 → 张海涛').waitFor()
    await assigned
      .getByText(/许安（\d+）/)
      .first()
      .waitFor()
    const versions = page.getByRole('region', { name: '角色权限的版本' })
    await versions.getByText('“安全管理员”：使用“权限查询”（全院）').waitFor()
    await versions.getByText('“安全审计员”：修改“账号”（全院）').waitFor()
    await v.picture('rights-changes')
  })
  await by(
    'auditor',
    async (v) => {
      await v.goto('/rights?tab=changes')
      await v.page.getByText('科室秘书 → 张海涛').waitFor()
      expect(await v.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
      await v.picture('rights-changes-phone')
    },
    'phone',
  )
})
