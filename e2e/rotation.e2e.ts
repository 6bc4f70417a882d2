import { describe, expect, test } from 'vitest'
import { dayOf, identityCheckDigit, type ListAnswer, type RecordAnswer } from '#model'
import { call, option } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

describe('people for a time, and where they go', () => {
  const { as } = stage()
  const today = dayOf(new Date())
  const found = async (v: Visitor, type: string, name: string) =>
    (await call<ListAnswer>(v, 'GET', `/api/records/${type}?search=${encodeURIComponent(name)}`)).body.rows.find((row) => row['name'] === name)!.id
  const enter = (v: Visitor, name: string, temporaryKind: string, unit: string) =>
    call<RecordAnswer>(v, 'POST', '/api/records/organisation.temporary', { name, temporaryKind, unit, temporaryFrom: today })

  test('a trainee with a wrong identity number is refused in words; two are made permanent at once, and the doctor has his file', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/organisation.temporary/new')
      await v.page.getByRole('textbox', { name: '姓名' }).fill('温如玉')
      await v.page.getByRole('combobox', { name: '人员类型' }).click()
      await option(v, '试用人员').click()
      await v.page.getByRole('textbox', { name: '证件号码' }).fill('440301199805120010')
      await v.page.getByRole('button', { name: /保\s?存/ }).click()
      await v.page.getByText('身份证号校验位不对，请核对').first().waitFor()
      await v.picture('temporary-refused-desk')
      const first17 = '44030119980512001'
      await v.page.getByRole('textbox', { name: '证件号码' }).fill(first17 + identityCheckDigit(first17))
      await v.page.getByRole('button', { name: /保\s?存/ }).click()
      await v.page.getByText('外部人员').first().waitFor()
      await v.page.getByText('1998-05-12').first().waitFor()
      await enter(v, '温师傅', 'caregiver', await found(v, 'directory.unit', '护理部'))

      await v.goto(`/r/organisation.temporary?search=${encodeURIComponent('温')}`)
      await v.page.getByText('温师傅').filter({ visible: true }).first().waitFor()
      for (const name of ['温如玉', '温师傅']) await v.page.getByRole('row').filter({ hasText: name }).getByRole('checkbox', { name: '选择' }).click()
      await v.page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '转正' }).click()
      const line = (name: string) => v.page.getByRole('group', { name })
      await line('温如玉').getByLabel('HIS工号').fill('00123')
      await line('温师傅').getByLabel('HIS工号').fill('00123')
      await v.page.getByRole('button', { name: '转正 2 人' }).click()
      await v.page.getByText(/与第 1 行的工号相同/).waitFor()
      await line('温如玉').getByText('请选择科室').first().waitFor()
      await v.picture('permanent-desk')
      await line('温如玉').locator('.ant-select').first().click()
      await v.page.keyboard.type('骨科')
      await v.page.locator('.ant-select-dropdown:visible .ant-select-tree-title').filter({ hasText: /^骨科$/ }).first().click()
      await line('温师傅').getByLabel('HIS工号').fill('00124')
      await v.page.getByRole('button', { name: '转正 2 人' }).click()
      await v.page.getByText('2 人已转正').waitFor()
      await v.page.getByText('00124').filter({ visible: true }).first().waitFor()
      await v.picture('permanent-done-desk')
      await v.goto(`/r/staff.practitioner?view=doctors&search=${encodeURIComponent('温如玉')}`)
      await v.page.getByText('00123').filter({ visible: true }).first().waitFor()
    })
    await as('zhoumin', 'phone', async (v) => {
      await v.goto('/r/organisation.temporary?view=here')
      await v.page.getByText('林若溪').filter({ visible: true }).first().waitFor()
      await v.picture('temporary-phone')
      await v.goto(`/staff/permanent?ids=${await found(v, 'organisation.temporary', '池晓舟')}`)
      await v.page.getByLabel('池晓舟的HIS工号').waitFor()
      await v.picture('permanent-phone')
    })
  }, 240_000)

  test('a rotation is made by one key, mended and published; the head on his phone sees who comes, and rates', async () => {
    let plan = ''
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/organisation/chart')
      const [bones, lungs] = [await found(v, 'directory.unit', '骨科'), await found(v, 'directory.unit', '内分泌科')]
      for (const name of ['叶知秋', '邢小北']) await enter(v, name, 'intern', bones)
      const units = [bones, lungs].map((unit) => ({ unit, periods: 1, capacity: 1, kind: 'must' }))
      const made = await call<RecordAnswer>(v, 'POST', '/api/records/organisation.rotationPlan', { name: '实习生轮转', from: today, step: 'month', order: 'free', units })
      plan = made.body.record.id
      await v.goto(`/r/organisation.rotationPlan/${plan}`)
      await v.page.getByRole('button', { name: '轮转表' }).first().click()
      await v.page.getByText('还没有轮转人员').waitFor()
      await v.page.getByRole('button', { name: '加入人员' }).first().click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByLabel('人员池').click()
      await option(v, '实习生').click()
      await dialog.getByText('全部 2 人').click()
      await v.picture('rotation-join-desk')
      await dialog.getByRole('button', { name: '加入 2 人' }).click()
      await v.page.getByRole('button', { name: '一键生成' }).click()
      await v.page.getByText('轮转表已生成').waitFor()
      const cell = (name: RegExp) => v.page.getByRole('button', { name })
      await cell(new RegExp(`^叶知秋 ${today}`)).click()
      await dialog.getByLabel('与同期的人对调').click()
      await option(v, '邢小北').click()
      await dialog.getByRole('button', { name: /对\s?调/ }).click()
      // He now stands in one unit for both periods, as the other one in the other.
      await v.page.getByRole('region', { name: '冲突' }).waitFor()
      await v.picture('rotation-conflict-desk')
      await v.page.getByRole('button', { name: '重新生成' }).click()
      await v.page.getByRole('dialog').getByRole('button', { name: '重新生成' }).click()
      await v.page.getByRole('region', { name: '冲突' }).waitFor({ state: 'detached' })
      await v.page.getByRole('button', { name: /^发\s?布$/ }).click()
      await v.page.getByRole('dialog').getByRole('button', { name: /^发\s?布$/ }).click()
      await v.page.getByText('已发布，并通知了有关人员').waitFor()
      await v.picture('rotation-published-desk')
      await v.goto('/p/organisation.rotationLoad')
      await v.page.getByText('各科室带教人日').waitFor()
      await v.picture('rotation-load-desk')
    })
    await as('zhoumin', 'phone', async (v) => {
      await v.goto(`/organisation/rotation/${plan}`)
      await v.page.getByRole('heading', { name: '叶知秋' }).waitFor()
      await v.picture('rotation-table-phone')
    })
    await as('liwd', 'phone', async (v) => {
      await v.goto('/r/organisation.rotationStay?view=running')
      const name = v.page.getByText(/叶知秋|邢小北/).filter({ visible: true }).first()
      await name.waitFor()
      await v.picture('rotation-stays-phone')
      const { body } = await call<ListAnswer>(v, 'GET', '/api/records/organisation.rotationStay')
      const stay = body.rows.find(({ from }) => from === today)!
      await v.goto(`/r/organisation.rotationStay/${stay.id}/edit`)
      await v.page.locator('.x-rate').first().waitFor()
      for (const n of [0, 1, 2]) await v.page.locator('.x-rate').nth(n).getByRole('radio').nth(3).click()
      await v.page.getByRole('textbox', { name: '评语' }).fill('肯学，动手能力强')
      await v.picture('rotation-rate-phone')
      await v.page.getByRole('button', { name: /保\s?存/ }).click()
      await expect.poll(async () => (await call<RecordAnswer>(v, 'GET', `/api/records/organisation.rotationStay/${stay.id}`)).body.record['score']).toBe('4.0')
    })
  }, 240_000)
}) // prettier-ignore
