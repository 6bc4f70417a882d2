import { describe, expect, test } from 'vitest'
import { call } from './acting.ts'
import { type Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { choice, date, decimal, group, integer, ledger, may, module, resource, text, unit } from '#model'
const course = resource('course.course', {
  label: '继教项目',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('项目', { required: true, search: true }),
    unit: unit('科室'),
    level: choice('级别', { national: '国家级', provincial: '省级', city: '市级' }),
    on: date('日期'),
    points: integer('学分'),
    fee: decimal('费用', 2),
  },
  list: { columns: ['name', 'unit', 'level', 'on', 'points', 'fee'], filters: ['level', 'unit', 'on'], sort: ['-on'] },
})
export default module('course', {
  label: '继续教育',
  dependsOn: ['organisation', 'staff'],
  resources: [course],
  roles: { staffMember: [may.read(course)], medicalOffice: [may.all(course)] },
  menu: [group('继续教育', [ledger(course, { icon: 'book' })])],
})
`.trim()

const { as } = stage(declaration)
const tab = (v: Visitor, name: string) => v.page.getByRole('tab', { name })

describe('views, groups and totals of a list', () => {
  test('the officer groups by level and month with subtotals, keeps it as a shared view, and the doctor opens it on desk and phone', async () => {
    await as('zhoumin', 'desk', async (v) => {
      for (const [i, level] of ['national', 'provincial', 'city', 'national', 'provincial', null].entries()) {
        const draft = {
          name: `项目 ${i + 1}`,
          level,
          on: `2026-0${1 + (i % 3)}-1${i}`,
          points: i === 5 ? null : i + 1,
          fee: `${i * 1000}.50`,
        }
        expect(await call(v, 'POST', '/api/records/course.course', draft)).toMatchObject({ status: 201 })
      }
      await v.goto('/r/course.course')
      await v.page.getByRole('button', { name: '分组与汇总' }).click()
      const dropdown = v.page.locator('.ant-select-dropdown:visible')
      const choose = async (label: string, option: string) => {
        await v.page.getByLabel(label, { exact: true }).click()
        await dropdown.getByText(option, { exact: true }).click()
        await v.page.locator('.x-group-chooser > b').first().click()
        await dropdown.waitFor({ state: 'hidden' })
      }
      await choose('增加分组', '级别')
      await choose('费用的汇总', '合计')
      await choose('学分的汇总', '平均')
      await v.page.getByRole('heading', { name: '继教项目' }).click()
      const grid = v.page.getByRole('treegrid')
      await grid.getByRole('button', { name: '国家级 2 条' }).waitFor()
      const heads = (await grid.locator('.x-group-head').allTextContents()).map((text) => text.replaceAll(/\s/g, ''))
      expect(heads).toEqual([
        '国家级2条平均2.50合计3,001.00',
        '省级2条平均3.50合计5,001.00',
        '市级1条平均3.00合计2,000.50',
        '（空）1条平均—合计5,000.50',
      ])
      expect(await grid.locator('tfoot').textContent()).toMatch(/全部 6 条.*平均 3\.00.*合计 15,003\.00/)
      await grid.getByRole('button', { name: '国家级 2 条' }).click()
      await grid.getByText('项目 4').waitFor()
      await v.picture('list-grouped-desk')
      await v.page.getByRole('button', { name: '另存为视图' }).click()
      await v.page.getByPlaceholder('例如：').and(v.page.locator(':focus')).waitFor()
      await v.page.getByRole('button', { name: '保存视图' }).click()
      await v.page.getByText('请填写视图名称').waitFor()
      await v.page.getByPlaceholder('例如：').fill('按级别汇总')
      await v.page.getByText('共享给所有能看此列表的人').click()
      await v.page.getByRole('button', { name: '保存视图' }).click()
      await tab(v, '按级别汇总').and(v.page.locator('[aria-selected=true]')).waitFor()
      // The address alone brings the same back.
      const address = new URL(v.page.url())
      expect([...address.searchParams.keys()]).toEqual(['view'])
      await v.goto(address.pathname + address.search)
      await grid.getByRole('button', { name: '省级 2 条' }).waitFor()
      // A change of what is shown is offered to be kept, or given up.
      await v.page.getByRole('columnheader', { name: '学分' }).getByRole('button').click()
      await v.page.getByRole('button', { name: '还原视图' }).waitFor()
      await v.page.getByRole('button', { name: '还原视图' }).click()
      await v.page.getByRole('button', { name: '还原视图' }).waitFor({ state: 'detached' })
    })
    await as('zhanght', 'desk', async (v) => {
      await v.goto('/r/course.course')
      await tab(v, '按级别汇总').click()
      await v.page.getByRole('treegrid').getByRole('button', { name: '国家级 2 条' }).waitFor()
      expect(await v.page.getByRole('button', { name: '视图“按级别汇总”的操作' }).count()).toBe(0)
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/r/course.course')
      await tab(v, '按级别汇总').click()
      await v.page.getByRole('button', { name: '国家级 2 条' }).click()
      await v.page.getByText('项目 4').waitFor()
      await v.page.getByText('费用合计 15,003.00').waitFor()
      await v.picture('list-views-phone')
    })
  })

  test('totals stand at the foot of the list; a view that was deleted is said to be gone', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/course.course?totals=sum:points,max:fee')
      await v.page.getByText('全部 6 条').waitFor()
      expect(await v.page.locator('tfoot').textContent()).toMatch(/合计 15.*最大 5,000\.50/)
      await v.picture('list-totals-desk')
      await v.goto('/r/course.course?view=00000000-0000-7000-8000-000000000000')
      await v.page.getByText('这个视图不存在，或已被删除').waitFor()
      await v.page.getByRole('button', { name: '显示全部' }).click()
      await v.page.getByText('项目 1').first().waitFor()
    })
  })
})
