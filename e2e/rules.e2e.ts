import { describe, expect, test } from 'vitest'
import { stage } from './stage.ts'

// A module that reads the rule, as any module of a hospital may: what a change touches is what is declared, not what we guess.
const { as } = stage(`
import { module } from '#model'
export default module('consult', {
  label: '会诊',
  ruleUses: [
    { kind: 'clock', by: 'consult.request/ordinary', label: '普通会诊 · 完成计时', rule: 'consultation.ordinary', asOf: 'start' },
    { kind: 'reminder', by: 'consult.request/emergency', label: '急会诊 · 到场提醒', rule: 'consultation.emergency', asOf: 'start' },
  ],
})`)

describe('rule cards and the calendar', () => {
  test('an officer tightens a limit for the hospital; loosening is refused at its place, and she sees what it touches', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/policies/rule')
      await v.page.getByRole('link', { name: '会诊时限' }).waitFor()
      await v.picture('rules-desk')
      await v.page.getByRole('link', { name: '会诊时限' }).click()
      await v.page.getByText('急会诊 · 到场提醒').waitFor()
      await v.picture('rule-desk')
      await v.page.getByRole('button', { name: '收紧' }).click()
      const drawer = v.page.getByRole('dialog')
      await drawer.getByLabel('普通会诊完成').fill('18')
      await drawer.getByText('普通会诊 · 完成计时').waitFor()
      expect(await drawer.getByText('急会诊 · 到场提醒').count()).toBe(0)
      await drawer.getByLabel('急会诊到场').fill('15')
      await drawer.getByLabel('文件').fill('会诊管理规定（修订）')
      await drawer.getByRole('button', { name: '保存规则' }).click()
      await drawer.getByRole('alert').filter({ hasText: '国家规定不超过 10 分钟，不超过 15 分钟是放宽' }).waitFor()
      expect(await drawer.getByRole('alert').count()).toBe(1)
      await v.picture('rule-refused-desk')
      await drawer.getByLabel('急会诊到场').fill('8')
      await drawer.getByRole('button', { name: '保存规则' }).click()
      await drawer.waitFor({ state: 'detached' })
      const row = v.page.getByRole('row', { name: /急会诊到场/ })
      await row.getByText('不超过 8 分钟').waitFor()
      expect(await row.getByText('约束').count()).toBe(1)
      await v.page.getByText('“普通会诊完成”由不超过 12 小时放宽为不超过 18 小时').waitFor()
      // Mended the same day: no third version.
      await v.page.getByRole('button', { name: '收紧' }).click()
      await drawer.getByLabel('急会诊到场').fill('7')
      await drawer.getByRole('button', { name: '保存规则' }).click()
      await row.getByText('不超过 7 分钟').waitFor()
      expect(await v.page.locator('.pr-versions > li').count()).toBe(3)
      await v.picture('rule-tightened-desk')
    })
  })

  test('the head tightens it for his department on the phone; the hospital’s limit now forbids what the nation’s allowed', async () => {
    await as('liwd', 'phone', async (v) => {
      const unit = await v.page.evaluate(async () => ((await (await fetch('/api/me')).json()) as { person: { unit: string } }).person.unit)
      await v.goto('/policies/rule')
      await v.page.getByRole('link', { name: '会诊时限' }).waitFor()
      await v.picture('rules-phone')
      await v.goto(`/policies/rule/consultation?unit=${unit}`)
      await v.page.getByText('科室 · 骨科').filter({ visible: true }).first().waitFor()
      await v.picture('rule-phone')
      await v.page.getByRole('button', { name: '收紧' }).click()
      const drawer = v.page.getByRole('dialog')
      await drawer.getByLabel('普通会诊完成').fill('20')
      await drawer.getByLabel('文件').fill('骨科会诊约定')
      await drawer.getByRole('button', { name: '保存规则' }).click()
      await drawer.getByRole('alert').filter({ hasText: '医院规定不超过 18 小时' }).waitFor()
      await v.picture('rule-refused-phone')
      await drawer.getByLabel('普通会诊完成').fill('6')
      await drawer.getByRole('button', { name: '保存规则' }).click()
      await drawer.waitFor({ state: 'detached' })
      await v.page.getByText('不超过 6 小时').filter({ visible: true }).first().waitFor()
      // What the department had said before still stands.
      await v.page.getByText('不超过 5 分钟').filter({ visible: true }).first().waitFor()
      await v.picture('rule-department-phone')
    })
  })

  test('a proposed rule counts once it is signed', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/policies/rule/beyondLevelEmergency')
      await v.page.getByText('规则未经核对，现在不生效').waitFor()
      await v.picture('rule-waits-desk')
      await v.page.getByRole('button', { name: '核对并签署' }).click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByRole('button', { name: /签\s*署/ }).click()
      await dialog.getByText('请写明签署意见').waitFor()
      await dialog.getByLabel('签署意见').fill('已对照印发文本，本院采用')
      await dialog.getByRole('button', { name: /签\s*署/ }).click()
      await dialog.waitFor({ state: 'detached' })
      await v.page
        .getByRole('cell', { name: /不超过 24 小时/ })
        .getByText('约束')
        .waitFor()
    })
  })

  test('the calendar shows the year and what would be due; the missing year is entered and nothing is provisional any more', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/policies/calendar?year=2026')
      await v.page.getByText('2027 年节假日安排尚未录入').waitFor()
      await v.page.getByRole('button', { name: '1 日，节假日，国庆节', exact: true }).first().click()
      await v.page.getByRole('heading', { name: /10月1日/ }).waitFor()
      await v.picture('calendar-desk')
      await v.page.getByRole('link', { name: '录入 2027 年安排' }).click()
      await v.page.getByText('节假日安排').filter({ visible: true }).first().waitFor()
      const answer = await v.page.evaluate(async () => {
        const me = (await (await fetch('/api/me')).json()) as { csrf: string }
        const body = { year: 2027, source: '国务院办公厅通知', days: [{ name: '元旦', kind: 'off', from: '2027-01-01', to: '2027-01-03' }] }
        const headers = { 'content-type': 'application/json', 'x-csrf-token': me.csrf }
        return (await fetch('/api/records/clock.holidayYear', { method: 'POST', headers, body: JSON.stringify(body) })).status
      })
      expect(answer).toBe(201)
      await v.goto('/policies/calendar?year=2026')
      await v.page.getByText('2026 年 · 248 个工作日').filter({ visible: true }).first().waitFor()
      expect(await v.page.getByText('尚未录入').count()).toBe(0)
    })
    await as('liwd', 'phone', async (v) => {
      await v.goto('/policies/calendar?year=2026')
      await v.page.getByText('试算到期').waitFor()
      await v.picture('calendar-phone')
    })
  })
})
