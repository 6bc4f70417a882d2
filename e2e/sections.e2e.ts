import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

/** A form whose sections are filled by different people, some of whom the people before them choose. */
const declaration = `
import { choice, group, integer, ledger, longText, may, module, person, resource, text, unit } from '#model'
import { approve, chosenAt, chosenByApplicant, fill, flow, headOf, role } from '#kernel/model/flow/index.ts'

const trial = resource('kit.trial', {
  label: '设备试用', title: 'name', owner: { person: 'applicant', department: 'department' }, approval: 'kit.trial',
  fields: {
    applicant: person('申请人', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    name: text('设备名称', { required: true, max: 100 }),
    purpose: longText('用途'),
    price: integer('评估价', { min: 1 }),
    risk: choice('风险等级', { low: '低', middle: '中', high: '高' }),
  },
})
export default module('kit', {
  label: '配置',
  resources: [trial],
  flows: [
    flow('kit.trial', {
      label: '设备试用审批',
      steps: [
        approve('head', '科主任审核', { by: chosenByApplicant(headOf(), 1), mayEdit: ['purpose'] }),
        approve('office', '医务处审核', { by: role('medicalOffice') }),
        fill('value', '价格与风险评估', { by: chosenAt('office', role('medicalOffice'), 1), mayEdit: ['price', 'risk'], require: ['price', 'risk'] }),
      ],
    }),
  ],
  roles: { staffMember: [may.readOwn(trial), may.create(trial)], medicalOffice: [may.read(trial)] },
  menu: [group('配置', [ledger(trial)])],
})
`
const { by } = stage(declaration)

for (const size of ['desk', 'phone'] as const)
  test(`on the ${size} the applicant chooses his decider, the head mends a field, the office chooses the assessor, who fills his section`, async () => {
    const name = `超声刀（${size}）`
    const open = async (v: Parameters<Parameters<typeof by>[1]>[0]) => {
      await v.goto('/tasks')
      await v.page.getByText('张海涛的设备试用').first().click()
      await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
    }
    await by('zhanght', async (v) => {
      await v.goto('/r/kit.trial/new')
      await v.page.locator('[data-field="name"] input').fill(name)
      await v.page.getByLabel('“科主任审核”由谁办理').waitFor()
      await v.page.getByRole('button', { name: '提交审批' }).click()
      await v.page.locator('.x-problem', { hasText: '请选择由谁办理“科主任审核”' }).waitFor()
      await v.page.getByLabel('“科主任审核”由谁办理').click()
      await v.page.locator('.ant-select-item-option', { hasText: '李卫东' }).click()
      await v.picture(`choose-submit-${size}`)
      await v.page.getByRole('button', { name: '提交审批' }).click()
      await v.page.getByText('科主任审核').filter({ visible: true }).first().waitFor()
    }, size) // prettier-ignore
    await by('liwd', async (v) => {
      await open(v)
      await v.page.locator('[data-field="purpose"] textarea').fill('用于关节外科，试用三个月')
      await v.picture(`section-mend-${size}`)
      await v.page.getByRole('button', { name: '同意' }).click()
      await v.page.getByText('已提交').first().waitFor()
    }, size) // prettier-ignore
    await by('zhoumin', async (v) => {
      await open(v)
      await v.page.getByText('用于关节外科，试用三个月').waitFor()
      await v.page.getByRole('button', { name: '同意' }).click()
      await v.page.locator('.x-problem', { hasText: '请选择由谁办理“价格与风险评估”' }).waitFor()
      await v.page.getByLabel('“价格与风险评估”由谁办理').click()
      await v.page.locator('.ant-select-item-option', { hasText: '沈建华' }).click()
      await v.picture(`choose-decide-${size}`)
      await v.page.getByRole('button', { name: '同意' }).click()
      await v.page.getByText('已提交').first().waitFor()
    }, size) // prettier-ignore
    await by('shenjh', async (v) => {
      await open(v)
      await v.page.getByRole('button', { name: '提交', exact: true }).click()
      await v.page.locator('[data-field="price"]').getByText(/请填写/).waitFor()
      await v.page.locator('[data-field="price"] input').fill('128000')
      await v.page.locator('[data-field="risk"]').getByText('中', { exact: true }).click()
      await v.picture(`section-fill-${size}`)
      await v.page.getByRole('button', { name: '提交', exact: true }).click()
      await v.page.getByText('已批准').first().waitFor()
      const list = await call<{ rows: { name: string; price: number; risk: string; purpose: string }[] }>(v, 'GET', '/api/records/kit.trial')
      expect(list.body.rows.find((row) => row.name === name)).toMatchObject({ price: 128000, risk: 'middle', purpose: '用于关节外科，试用三个月' })
    }, size) // prettier-ignore
  }, 180_000)
