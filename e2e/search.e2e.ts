import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const declaration = `
import { group, integer, ledger, may, module, resource, text } from '#model'
const project = resource('trialfind.project', {
  label: '科研项目',
  title: 'name',
  fields: { name: text('项目', { required: true, search: true }), number: text('编号', { search: true }), year: integer('年度') },
  list: { columns: ['name', 'number', 'year'] },
})
export default module('trialfind', {
  label: '科研',
  dependsOn: ['organisation', 'staff'],
  resources: [project],
  roles: { staffMember: [may.read(project)], medicalOffice: [may.all(project)] },
  menu: [group('科研', [ledger(project)])],
})
`.trim()
const { as } = stage(declaration)

test('one box finds records of every type with the way to all of them, and begins a form for a person', async () => {
  await as('zhoumin', 'desk', async (v) => {
    for (let i = 1; i <= 6; i++) {
      const made = await call(v, 'POST', '/api/records/trialfind.project', { name: `关节镜研究${i}`, number: `KY-10${i}`, year: 2026 })
      expect(made).toMatchObject({ status: 201 })
    }
    await v.page.keyboard.press('Control+k')
    const box = v.page.getByRole('combobox', { name: '' }).and(v.page.locator('.x-palette input'))
    await box.fill('gjjyj')
    await v.page.getByRole('option', { name: /关节镜研究/ }).first().waitFor() // prettier-ignore
    expect(await v.page.getByRole('option', { name: /关节镜研究/ }).count()).toBe(4)
    await v.picture('search-desk')
    await v.page.getByRole('option', { name: '全部科研项目…' }).click()
    await v.page.getByRole('heading', { name: '科研项目' }).waitFor()
    await v.page.getByRole('grid').getByText('关节镜研究6').waitFor()
    expect(new URL(v.page.url()).searchParams.get('search')).toBe('gjjyj')
    await v.page.keyboard.press('Control+k')
    await box.fill('执业注册 张海涛')
    await v.page.getByRole('option', { name: /新建 执业注册：张海涛/ }).click()
    await v.page.waitForURL(/\/r\/staff\.registration\/new\?practitioner=/)
    await v.page.getByText('张海涛').first().waitFor()
  })
  await as('zhanght', 'phone', async (v) => {
    await v.page.getByRole('button', { name: '搜索' }).click()
    await v.page.locator('.x-palette input').fill('KY-103')
    await v.page.getByRole('option', { name: /关节镜研究3/ }).waitFor()
    await v.picture('search-phone')
    await v.page.getByRole('option', { name: /关节镜研究3/ }).click()
    await v.page.getByText('关节镜研究3').first().waitFor()
    await v.page.waitForURL(/\/r\/trialfind\.project\//)
  })
})
