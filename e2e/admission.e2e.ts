import { expect, test } from 'vitest'
import { call, tickProcedure } from './acting.ts'
import { stage } from './stage.ts'

const { by } = stage()

test('an application says by which layer, basis and version its limits and conditions stand; what the office tightens asks the head for his reason', async () => {
  // A junior surgeon asks for an operation whose level asks for a higher title.
  await by('gaolu', async (v) => {
    await v.goto('/privileges/application')
    await tickProcedure(v, 'qkgj', '全髋关节置换')
    await v.page.getByText('已选 1 项').waitFor()
    await v.page.getByRole('button', { name: /签名提交/ }).click()
    await v.sign()
    await v.page.getByText('高璐的手术授权申请').filter({ visible: true }).first().waitFor()
  }, 'phone') // prettier-ignore
  const open = async (v: Parameters<Parameters<typeof by>[1]>[0]) => {
    await v.goto('/tasks')
    await v.page.getByText('高璐的手术授权申请').first().click()
    await v.page.getByRole('heading', { name: '准入条件' }).waitFor()
  }
  for (const size of ['desk', 'phone'] as const)
    await by('liwd', async (v) => {
      await open(v)
      await v.page.getByText(/时限依据：手术授权审批时限 不超过 3 个工作日（医院《本院手术分级管理制度》 · 2026-01-01 起施行）/).first().waitFor()
      await v.page.getByText(/按决定时的规定；手术授权的职称条件限 副高级、正高级（医院《本院手术分级管理制度》 · 2026-01-01 起施行）/).first().waitFor()
      expect(await v.page.getByText('不符合四级手术的职称条件').count()).toBe(1)
      await v.picture(`admission-hint-${size}`)
    }, size) // prettier-ignore
  // The office tightens: from tomorrow's first day on it must be explained; here from today.
  await by('zhoumin', async (v) => {
    await v.goto('/policies/rule/privilegeAdmission')
    await v.page.getByText('手术授权审批 · 四级手术的职称条件').waitFor()
    // The same card is what the HIS is answered by.
    await v.page.getByText('能不能做 · 职称准入').first().waitFor()
    await v.picture('admission-rule-desk')
    const today = await v.page.evaluate(() => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10))
    const values = [
      { name: 'four', label: '四级手术授权的聘任职称', order: 'subset', members: '正高级' },
      { name: 'explain', label: '不符合时须说明理由', order: 'flag', flag: true },
    ]
    const draft = { key: 'privilegeAdmission', label: '手术授权的职称条件', layer: 'hospital', document: '手术分级管理制度（修订）', certainty: 'A', from: today, values } // prettier-ignore
    const made = await call(v, 'POST', '/api/records/rules.card', draft)
    expect(made.status, JSON.stringify(made.body)).toBe(201)
  })
  const explain = (size: 'desk' | 'phone') =>
    by('liwd', async (v) => {
      await open(v)
      await v.page.getByText(/（医院《手术分级管理制度（修订）》/).first().waitFor()
      await v.page.getByRole('button', { name: /签名提交 · 1 项通过/ }).click()
      await v.page.getByText('不符合“四级手术的职称条件”，同意须在意见中说明理由').waitFor()
      await v.picture(`admission-explain-${size}`)
      if (size === 'phone') return
      await v.page.getByLabel('意见').fill('已在上级指导下完成 60 例，同意限定带教')
      await v.page.getByRole('button', { name: /签名提交 · 1 项通过/ }).click()
      await v.sign()
      await v.page.getByText('医务处审核').filter({ visible: true }).first().waitFor()
      await v.page.getByRole('button', { name: /签名提交/ }).waitFor({ state: 'detached' })
    }, size) // prettier-ignore
  await explain('phone')
  await explain('desk')
  // The form on paper says by which rule it was judged.
  for (const size of ['desk', 'phone'] as const)
    await by('liwd', async (v) => {
      await v.goto('/tasks?view=done')
      await v.page.getByText('高璐的手术授权申请').first().click()
      await v.page.getByRole('heading', { name: '准入条件' }).waitFor()
      await v.page.getByRole('link', { name: '打印' }).or(v.page.getByRole('button', { name: '打印' })).first().click()
      const line = v.page.locator('.x-paper').getByRole('row', { name: /四级手术的职称条件/ })
      await line.getByText(/不符合（涉及 1 项）；须说明/).waitFor()
      await line.getByText(/限 正高级（医院《手术分级管理制度（修订）》/).waitFor()
      await v.picture(`admission-print-${size}`)
    }, size) // prettier-ignore
}, 180_000)
