import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

/** A plan, and the needs that stand on it: both under approval. */
const declaration = `
import { group, integer, ledger, may, module, person, reference, resource, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const owned = { applicant: person('申请人', { required: true, default: 'me' }), department: unit('科室', { required: true, from: 'applicant.unit' }) }
const plan = resource('kit.plan', {
  label: '配置计划', title: 'name', owner: { person: 'applicant', department: 'department' }, approval: 'kit.ordinary',
  fields: { ...owned, name: text('名称', { required: true, max: 100 }), year: integer('年度', { min: 2000, max: 2100 }) },
  unique: [['name']],
})
const need = resource('kit.need', {
  label: '采购需求', title: 'name', owner: { person: 'applicant', department: 'department' }, approval: 'kit.ordinary',
  fields: { ...owned, name: text('名称', { required: true, max: 100 }), plan: reference('配置计划', 'kit.plan', { required: true }), count: integer('台数', { min: 1 }) },
})
export default module('kit', {
  label: '配置',
  resources: [plan, need],
  flows: [flow('kit.ordinary', { label: '配置审批', start: { sign: true }, steps: [approve('head', '科主任审核', { by: headOf('department') })] })],
  roles: {
    staffMember: [may.readOwn(plan), may.create(plan), may.readOwn(need), may.create(need)],
    departmentHead: [may.read(plan, 'myUnits'), may.read(need, 'myUnits')],
    medicalOffice: [may.all(plan), may.writeDirectly(plan)],
  },
  menu: [group('配置', [ledger(plan), ledger(need)])],
})
`
const { by } = stage(declaration)

for (const size of ['desk', 'phone'] as const)
  test(`on the ${size} a plan and the need that stands on it are filled in one after the other and submitted as one, with one signature`, async () => {
    const [plan, need] = [`急救设备计划（${size}）`, `除颤仪（${size}）`]
    await by('zhanght', async (v) => {
      await v.goto('/r/kit.plan/new')
      await v.page.locator('[data-field="name"] input').fill(plan)
      await v.page.locator('[data-field="year"] input').fill('2027')
      await v.page.getByRole('button', { name: '与其他申请一起提交' }).click()
      await v.page.getByText(plan).filter({ visible: true }).first().waitFor()
      await v.page.getByRole('link', { name: '再填一份' }).click()
      await v.page.getByRole('link', { name: '采购需求', exact: true }).first().click()
      await v.page.locator('[data-field="name"] input').fill(need)
      await v.page.getByText('提交后由谁审批').waitFor()
      if (size === 'desk') {
        await v.page.locator('[data-field="plan"] input').first().click()
        await v.page.locator('.ant-select-item-option', { hasText: plan }).click()
      } else {
        await v.page.locator('[data-field="plan"]').getByRole('button').first().click()
        await v.page.getByRole('option', { name: new RegExp(plan) }).click()
      }
      await v.picture(`together-form-${size}`)
      await v.page.getByRole('button', { name: '与其他申请一起提交' }).click()
      await v.page.getByRole('button', { name: '一起提交 2 份' }).waitFor()
      await v.page.locator('#submit-remark').fill('两份请一并审阅')
      await v.picture(`together-${size}`)
      await v.page.getByRole('button', { name: '一起提交 2 份' }).click()
      await v.sign()
      await v.page.getByText('张海涛的采购需求').filter({ visible: true }).first().waitFor()
      const tasks = await call<{ rows: { title: string }[] }>(v, 'GET', '/api/tasks?view=mine')
      expect(tasks.body.rows.filter(({ title }) => /配置计划|采购需求/.test(title)).length).toBe(size === 'desk' ? 2 : 4)
    }, size) // prettier-ignore
    await by('liwd', async (v) => {
      await v.goto('/tasks')
      await v.page.getByText('张海涛的采购需求').first().click()
      await v.page.getByRole('button', { name: '同意' }).click()
      // What it stands on is approved before it.
      await v.page.getByText(/尚未批准，请待其批准后再决定/).waitFor()
    })
  }, 120_000)

test('what cannot be submitted together says why at its place, and nothing is submitted', async () => {
  await by('zhanght', async (v) => {
    for (const name of ['又一计划', '急救设备计划（desk）']) {
      await v.goto('/r/kit.plan/new')
      await v.page.locator('[data-field="name"] input').filter({ visible: true }).fill(name)
      await v.page.getByRole('button', { name: '与其他申请一起提交' }).click()
      await v.page.getByText(name).filter({ visible: true }).first().waitFor()
    }
    await v.page.getByRole('button', { name: '一起提交 2 份' }).click()
    await v.sign()
    await v.page.getByRole('alert').filter({ hasText: '名称：已有相同的名称' }).waitFor()
    await v.picture('together-refused-desk')
    const plans = await call<{ rows: { name: string }[] }>(v, 'GET', '/api/records/kit.plan')
    expect(plans.body.rows.map(({ name }) => name)).not.toContain('又一计划')
    await v.page.getByRole('button', { name: '移出：急救设备计划（desk）' }).click()
    await v.page.getByRole('button', { name: '一起提交 1 份' }).click()
    await v.sign()
    await v.page.getByText('张海涛的配置计划').filter({ visible: true }).first().waitFor()
  })
}, 120_000)
