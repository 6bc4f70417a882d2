// Of the lines of a request a step fills one column and does not see another: drawn in the grid, published, filled in on desk and phone.
import { expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { group, integer, ledger, may, module, person, phone, resource, rows, text, unit } from '#model'
import { approve, fill, flow, headOf, role } from '#kernel/model/flow/index.ts'

const purchase = resource('kit.purchase', {
  label: '设备采购', title: 'name', owner: { person: 'applicant', department: 'department' }, approval: 'kit.purchase',
  fields: {
    applicant: person('申请人', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    name: text('采购名称', { required: true, max: 100 }),
    items: rows('设备', {
      device: text('设备名称', { required: true, max: 60 }), count: integer('台数', { required: true, min: 1 }), price: integer('单价', { min: 1 }), contact: phone('厂家电话'),
    }),
  },
})
export default module('kit', {
  label: '配置',
  resources: [purchase],
  flows: [
    flow('kit.purchase', {
      label: '设备采购审批',
      steps: [approve('head', '科主任审核', { by: headOf() }), fill('value', '评估价格', { by: role('medicalOffice'), mayEdit: ['name'] })],
    }),
  ],
  roles: { staffMember: [may.readOwn(purchase), may.create(purchase)] },
  menu: [group('配置', [ledger(purchase)])],
})
`
const { as, by } = stage(declaration)
const right = (v: Visitor, label: string) => v.page.getByLabel(label, { exact: true })

test('A0819 the grid gives each column of the lines a right of its own; what is contradictory is marked, what changes is told in words', async () => {
  await by('sysadmin', async (v) => {
    const { page } = v
    await v.goto('/flows/design')
    await page.getByRole('link', { name: '设备采购审批' }).click()
    await page.getByRole('tab', { name: '字段权限' }).click()
    await right(v, '采购名称 · 评估价格').selectOption('只读')
    await page.locator('.x-head-acts').getByText('1 处问题').waitFor()
    await right(v, '设备·单价 · 评估价格').selectOption('必填')
    await page.locator('.x-head-acts').getByText('1 处问题').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /设备·厂家电话/ }).click()
    await page.getByRole('menuitem', { name: '这一列的各步：隐藏' }).click()
    await right(v, '设备 · 科主任审核').selectOption('可填')
    await right(v, '设备·设备名称 · 科主任审核').selectOption('只读')
    await right(v, '设备·厂家电话 · 科主任审核').selectOption('隐藏')
    expect(await right(v, '设备·台数 · 科主任审核').inputValue()).toBe('edit')
    await page.getByRole('status').getByText('草稿已保存').waitFor()
    await v.picture('column-rights-desk')
    await page.getByRole('button', { name: '发布' }).click()
    await page.getByRole('dialog').getByText('设备·厂家电话', { exact: false }).first().waitFor()
    await v.picture('column-rights-words-desk')
    await page.getByRole('dialog').getByRole('textbox').fill('评估单价，不看厂家电话')
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布，之后提交的按新的流程').waitFor()
  })
  await as('sysadmin', 'phone', async (v) => {
    await v.goto('/flows/design')
    await v.page.getByRole('link', { name: '设备采购审批' }).click()
    await v.page.getByRole('tab', { name: '字段权限' }).click()
    await right(v, '设备·单价 · 评估价格').waitFor()
    await v.picture('column-rights-phone')
  })
})

test('A0819 the office fills its column of every line, on the desk and on the phone, and sees no other that is hidden', async () => {
  for (const size of ['desk', 'phone'] as const) {
    const name = `监护设备（${size}）`
    const items = [{ device: '监护仪', count: 2, contact: '13800001234' }, { device: '输液泵', count: 5, contact: '13800005678' }] // prettier-ignore
    await by('zhanght', async (v) => void (await call(v, 'POST', '/api/records/kit.purchase', { name, items })))
    const open = async (v: Visitor) => {
      await v.goto('/tasks')
      await v.page.getByText('张海涛的设备采购').first().click()
      await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
    }
    await as('liwd', size, async (v) => {
      await open(v)
      const section = v.page.getByRole('region', { name: '本步骤填写' })
      await section.getByText('设备', { exact: true }).waitFor()
      expect(await section.getByText('厂家电话').count()).toBe(0)
      await v.page.locator('.x-acts').getByRole('button', { name: '同意', exact: true }).click()
      await v.page.getByText('评估价格').filter({ visible: true }).first().waitFor()
    })
    await as('zhoumin', size, async (v) => {
      await open(v)
      const section = v.page.getByRole('region', { name: '本步骤填写' })
      await section.waitFor()
      expect(await section.getByText('厂家电话').count()).toBe(0)
      expect(await section.getByRole('button', { name: /添加|删除|从表格加入/ }).count()).toBe(0)
      if (size === 'desk') {
        const rows = section.locator('tbody tr')
        for (const [at, price] of [800, 90].entries()) await rows.nth(at).locator('input').nth(2).fill(String(price))
      } else
        for (const [at, price] of [800, 90].entries()) {
          await section.locator('.x-row-card').nth(at).click()
          await v.page.getByLabel('单价').fill(String(price))
          if (at === 0) await v.picture('column-fill-sheet-phone')
          await v.page.getByRole('button', { name: '完成' }).click()
        }
      await v.picture(`column-fill-${size}`)
      await v.page.locator('.x-acts').getByRole('button', { name: /提交|同意/ }).first().click()
      await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
    })
    await by('zhanght', async (v) => {
      const { body } = await call<{ rows: { id: string }[] }>(v, 'GET', '/api/records/kit.purchase?limit=1')
      const one = await call<{ record: { items: { price: number; contact: string }[] } }>(v, 'GET', `/api/records/kit.purchase/${body.rows[0]!.id}`)
      expect(one.body.record.items.map(({ price, contact }) => [price, contact])).toEqual([[800, '13800001234'], [90, '13800005678']])
    })
  }
}) // prettier-ignore
