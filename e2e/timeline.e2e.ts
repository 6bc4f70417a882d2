import { describe, expect, test } from 'vitest'
import { addDays, dayOf, type ListAnswer } from '#model'
import { call, option } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

describe('facts with a day', () => {
  const { as } = stage()
  const today = dayOf(new Date())
  const choose = async (v: Visitor, label: string, day: string) => {
    await v.page.getByLabel(label).fill(day)
    await v.page.getByLabel(label).press('Enter')
  }
  const pick = (v: Visitor, text: string) => option(v, text).click()

  test('a unit is renamed as of a past day and moved on a coming one; its lists say what held on each day; the plan is taken back', async () => {
    let address = ''
    await as('sysadmin', 'desk', async (v) => {
      await v.goto('/r/directory.unit')
      const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.unit?search=${encodeURIComponent('眼科')}`)
      address = `/r/directory.unit/${body.rows.find(({ name }) => name === '眼科')!.id}`
      await v.goto(address)
      await v.page.getByRole('tab', { name: '沿革' }).click()
      await v.page.getByRole('button', { name: '登记变动' }).click()
      const dialog = v.page.getByRole('dialog', { name: '登记变动' })
      await choose(v, '生效日期', addDays(today, -30))
      await dialog.getByLabel('变更的项目').click()
      await pick(v, '名称')
      await dialog.getByLabel('名称改为').fill('眼视光中心')
      await dialog.getByText('时为 眼科').waitFor()
      await v.picture('timeline-change-desk')
      await dialog.getByRole('button', { name: /登\s?记/ }).click()
      await v.page.getByText('已登记', { exact: true }).waitFor()
      await v.page.getByRole('listitem').filter({ hasText: '眼视光中心' }).waitFor()
      await v.page.getByRole('button', { name: '登记变动' }).click()
      await choose(v, '生效日期', addDays(today, 30))
      await dialog.getByLabel('变更的项目').click()
      await pick(v, '片区')
      await dialog.getByLabel('片区改为').fill('眼科片区')
      await dialog.getByText('到这一天自动生效').waitFor()
      await dialog.getByRole('button', { name: /登\s?记/ }).click()
      await v.page.getByText(`已登记，${addDays(today, 30)} 起生效`).waitFor()
      await v.page.getByText('计划', { exact: true }).waitFor()
      await v.picture('timeline-tab-desk')
    })
    await as('sysadmin', 'phone', async (v) => {
      await v.goto(address)
      await v.page.getByRole('tab', { name: '沿革' }).click()
      await v.page.getByText('计划', { exact: true }).waitFor()
      await v.picture('timeline-tab-phone')
      await v.page.getByRole('listitem').filter({ hasText: '计划' }).getByRole('button', { name: '撤销' }).click()
      await v.page.getByRole('button', { name: '撤销变动' }).click()
      await v.page.getByText('已撤销').waitFor()
      await expect.poll(() => v.page.getByText('计划', { exact: true }).count()).toBe(0)
    })
    for (const size of ['desk', 'phone'] as const)
      await as('zhoumin', size, async (v) => {
        await v.goto(`/r/directory.unit?search=${encodeURIComponent('YK')}`)
        await v.page.getByText('眼视光中心').filter({ visible: true }).first().waitFor()
        if (size === 'desk') {
          await v.page.getByRole('button', { name: '更多', exact: true }).click()
          await v.page.getByRole('menuitem', { name: '看某一天的情况' }).click()
        } else await v.page.getByRole('button', { name: '看某一天的情况' }).click()
        await choose(v, '看哪一天', addDays(today, -31))
        await v.goto(`/r/directory.unit?search=${encodeURIComponent('YK')}&asOf=${addDays(today, -31)}`)
        await v.page.getByText('眼科', { exact: true }).filter({ visible: true }).first().waitFor()
        await v.picture(`timeline-list-${size}`)
        await v.page.getByRole('button', { name: '回到现在' }).click()
        await v.page.getByText('眼视光中心').filter({ visible: true }).first().waitFor()
      })
  }, 180_000)
}) // prettier-ignore
