import { describe, expect, test } from 'vitest'
import type { ListAnswer } from '#model'
import { call, option } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

describe('units that change', () => {
  const { as } = stage()
  const save = (v: Visitor) => v.page.getByRole('button', { name: /^保\s?存$/ }).click()

  test('the office divides a unit on its form, sees where everybody went, and takes it back with a reason', async () => {
    let address = ''
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/organisation.split')
      await v.page.getByText('东院急诊重症医学科').filter({ visible: true }).first().waitFor()
      await v.picture('splits-desk')
      await v.goto('/r/organisation.split/new')
      await v.page.getByLabel('拆分的科室').click()
      await v.page.keyboard.type('骨科')
      await option(v, '骨科').click()
      await v.page.getByLabel('依据文号').fill('院发〔2026〕31号')
      await v.page.getByText('添加一行').click()
      await v.picture('split-parts-desk')
      await save(v)
      await v.page.getByText('请填写新设科室的名称，或选择已有科室').first().waitFor()
      await v.picture('split-refused-desk')
      const cell = (at: number) => v.page.locator('.x-rows tbody td').nth(at)
      await cell(1).locator('input').fill('运动医学科')
      await cell(2).locator('input').fill('ZY-YD')
      await cell(4).locator('.ant-select').click()
      await v.page.keyboard.type('马超')
      await option(v, '马超').click()
      await v.page.keyboard.press('Escape')
      await v.picture('split-filled-desk')
      await save(v)
      await v.page.getByRole('tab', { name: '反悔' }).waitFor()
      address = new URL(v.page.url()).pathname
      await v.picture('split-desk')
      await v.goto(`/r/directory.person?search=${encodeURIComponent('马超')}`)
      await v.page.getByText('运动医学科').filter({ visible: true }).first().waitFor()
    })
    await as('zhoumin', 'phone', async (v) => {
      await v.goto(address)
      await v.page.getByText('运动医学科').first().waitFor()
      await v.page.getByRole('tab', { name: '反悔' }).waitFor()
      await v.picture('split-phone')
      await v.goto('/r/organisation.split/new')
      await v.page.getByText('拆分后停用原科室').first().waitFor()
      await v.picture('split-new-phone')
    })
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(address)
      await v.page.getByRole('tab', { name: '反悔' }).click()
      await v.page.getByRole('button', { name: '撤销拆分' }).click()
      const dialog = v.page.getByRole('dialog', { name: '撤销拆分' })
      await dialog.getByRole('textbox').fill('上级文件有变')
      await dialog.getByRole('button', { name: '撤销拆分' }).click()
      await v.page.getByText('已经撤销，人员、任职、下级科室和原科室').waitFor()
      await v.picture('split-revoked-desk')
      const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.unit?search=${encodeURIComponent('运动医学科')}`)
      expect(body.rows).toEqual([])
    })
  }, 240_000)

  test('a doctor reads what his post is there for and confirms it on the phone; his head sees who has not', async () => {
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/organisation/jobDescription/mine')
      await v.page.getByText('待确认', { exact: true }).waitFor()
      await v.picture('job-mine-phone')
      await v.page.getByRole('button', { name: '已阅读并确认' }).click()
      await v.page.getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d 已确认$/).waitFor()
    })
    await as('liwd', 'desk', async (v) => {
      await v.goto('/organisation/jobDescription/mine')
      await v.page.getByText('医疗质量与安全第一责任人').waitFor()
      await v.picture('job-mine-desk')
      await v.goto('/r/organisation.jobDescription')
      await v.page.getByText('骨科医护人员').filter({ visible: true }).first().click()
      await v.page.getByText('打开', { exact: true }).click()
      await v.page.getByRole('tab', { name: '阅读情况' }).click()
      await v.page.getByRole('region', { name: '阅读确认' }).getByText('张海涛').waitFor()
      await v.picture('job-readers-desk')
      await v.page.getByRole('button', { name: /^提醒未确认的/ }).click()
      await v.page.getByText(/已提醒 \d+ 人/).waitFor()
    })
  }, 120_000)
})
