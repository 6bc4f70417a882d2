import { describe, expect, test } from 'vitest'
import { call } from './acting.ts'
import { type Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { choice, date, decimal, group, integer, ledger, may, module, reference, resource, text, unit } from '#model'
const doctor = resource('trialrep.doctor', {
  label: '学科骨干',
  title: 'name',
  owner: { department: 'unit' },
  fields: {
    name: text('姓名', { required: true, search: true }),
    unit: unit('科室'),
    level: choice('职称级别', { senior: '正高级', associate: '副高级', middle: '中级' }),
    since: date('来院日期'),
    pay: decimal('津贴', 2),
  },
  list: { columns: ['name', 'unit', 'level', 'since', 'pay'], filters: ['level', 'unit'], sort: ['name'] },
})
const paper = resource('trialrep.paper', {
  label: '论文',
  title: 'name',
  fields: {
    name: text('题目', { required: true }),
    doctor: reference('作者', 'trialrep.doctor', { required: true }),
    on: date('发表日期'),
    score: integer('分值'),
  },
  list: { columns: ['name', 'doctor', 'on', 'score'] },
})
export default module('trialrep', {
  label: '学科建设',
  dependsOn: ['organisation', 'staff'],
  resources: [doctor, paper],
  roles: { staffMember: [may.read(doctor), may.read(paper)], medicalOffice: [may.all(doctor), may.all(paper)] },
  menu: [group('学科建设', [ledger(doctor), ledger(paper)])],
})
`.trim()

const { as } = stage(declaration)
const pickIn = async (v: Visitor, label: string, option: string) => {
  const box = v.page.getByLabel(label, { exact: true })
  await box.click()
  // A long list is drawn as far as it is in sight.
  if (await box.isEditable()) await box.fill(option)
  const dropdown = v.page.locator('.ant-select-dropdown:visible')
  await dropdown.getByTitle(option, { exact: true }).last().click()
  await dropdown.waitFor({ state: 'hidden' })
}
const levels = ['senior', 'associate', 'middle', 'associate', 'middle', 'middle'] as const

describe('reports of any fields', () => {
  let address = ''
  test('the officer gathers papers, writes a formula, groups, draws, looks into a group, exports and shares the report', async () => {
    await as('zhoumin', 'desk', async (v) => {
      for (const [i, level] of levels.entries()) {
        const made = await call<{ record: { id: string } }>(v, 'POST', '/api/records/trialrep.doctor', {
          name: `医师${i + 1}`,
          level,
          since: `20${10 + i}-03-01`,
          pay: `${i}00.50`,
        })
        expect(made.status).toBe(201)
        for (let n = 0; n < i; n++) {
          const paper = { name: `论文${i}-${n}`, doctor: made.body.record.id, on: `2026-0${1 + n}-01`, score: 10 * (n + 1) }
          expect(await call(v, 'POST', '/api/records/trialrep.paper', paper)).toMatchObject({ status: 201 })
        }
      }
      await v.goto('/reports')
      await v.page.getByText('还没有报表').waitFor()
      await v.page.getByRole('button', { name: '新建报表' }).first().click()
      await pickIn(v, '记录类型', '学科骨干')
      await v.page.getByRole('region', { name: '明细' }).getByText('医师6').waitFor()
      await pickIn(v, '添加列', '职称级别')
      // Papers as a number, then their points.
      await pickIn(v, '添加列', '论文（按作者）…')
      const dialog = v.page.getByRole('dialog')
      await dialog.getByRole('button', { name: '保存这一列' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await pickIn(v, '添加列', '论文（按作者）…')
      await pickIn(v, '怎样汇集', '合计')
      await pickIn(v, '取哪个字段', '分值')
      await v.picture('report-gather-desk')
      await dialog.getByRole('button', { name: '保存这一列' }).click()
      await dialog.waitFor({ state: 'hidden' })
      // A wrong formula is told while it is written; a right one says what it gives.
      await pickIn(v, '添加列', '公式…')
      const formula = dialog.getByPlaceholder('例如：num(C)')
      await formula.fill('B * 2')
      await dialog.getByText('文字和数字不能用“*”').waitFor()
      await formula.fill('num(D) + C * 2')
      await dialog.getByText('结果是数字').waitFor()
      await dialog.getByLabel('列名').fill('科研分')
      await v.picture('report-formula-desk')
      await dialog.getByRole('button', { name: '保存这一列' }).click()
      await dialog.waitFor({ state: 'hidden' })
      const rows = v.page.getByRole('region', { name: '明细' })
      // Five papers of 10 to 50 points: 150 and twice five.
      await rows.getByRole('row', { name: /医师6 中级 5 150 160/ }).waitFor()
      await pickIn(v, '第 1 层分组', 'B 职称级别')
      await pickIn(v, '添加汇总', 'E 科研分合计')
      await pickIn(v, '图表', '条形图')
      const groups = v.page.getByRole('region', { name: '分组汇总' })
      await groups.getByRole('row').filter({ hasText: '中级3302' }).waitFor()
      expect(await groups.getByRole('row').allTextContents()).toEqual([
        '职称级别行数科研分合计',
        '正高级10',
        '副高级278',
        '中级3302',
        '全部6380',
      ])
      await v.picture('report-chart-desk')
      // Each figure leads to what makes it.
      await v.page.getByRole('button', { name: '中级 科研分合计 302' }).click()
      await v.page.getByText('中级：3 行').waitFor()
      expect(await rows.getByRole('row').count()).toBe(4)
      await v.page.getByRole('button', { name: '返回全部' }).click()
      await v.page.getByRole('button', { name: '保存报表' }).click()
      await dialog.getByPlaceholder('例如：').fill('科研汇总')
      await dialog.getByText('共享给').click()
      await dialog.getByRole('button', { name: '保存报表' }).click()
      await v.page.getByRole('heading', { name: '科研汇总' }).waitFor()
      address = new URL(v.page.url()).pathname
      const [file] = await Promise.all([
        v.page.waitForEvent('download'),
        v.page.getByRole('button', { name: '更多' }).click().then(() => v.page.getByRole('menuitem', { name: '导出文本表格（csv）' }).click()),
      ]) // prettier-ignore
      expect(file.suggestedFilename()).toMatch(/^科研汇总-.*\.csv$/)
      await v.picture('report-kept-desk')
    })
  })

  test('the doctor reads the shared report on the phone, without building it', async () => {
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/reports')
      await v.page.getByRole('link', { name: '科研汇总' }).click()
      await v.page.waitForURL(`**${address}`)
      await v.page.getByRole('region', { name: '分组汇总' }).getByRole('row').filter({ hasText: '中级3302' }).waitFor()
      expect(await v.page.getByRole('button', { name: '组合' }).count()).toBe(0)
      await v.picture('report-phone')
      await v.page.getByRole('button', { name: '查看 副高级 的 2 行' }).click()
      await v.page.getByText('副高级：2 行').waitFor()
      await v.page.getByText('医师4').waitFor()
      await v.picture('report-rows-phone')
    })
    await as('zhanght', 'desk', async (v) => {
      await v.goto(`${address.slice(0, -4)}0000`)
      await v.page.getByText('报表不存在，或已被删除').waitFor()
    })
  })

  test('a list is drawn as a chart of its own selection; a bar narrows the list to its records; kept with the view and seen on the phone', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/trialrep.doctor')
      await v.page.getByRole('button', { name: '图表' }).click()
      await pickIn(v, '横轴', '职称级别')
      await pickIn(v, '度量', '津贴合计')
      await v.page.getByRole('heading', { name: '学科骨干' }).click()
      const chart = v.page.getByRole('region', { name: '图表' })
      await chart.getByRole('button', { name: '中级 津贴合计 1,101.5' }).waitFor()
      await v.picture('list-chart-desk')
      expect(new URL(v.page.url()).searchParams.get('chart')).toBe('bar,level,sum:pay')
      await v.page.getByRole('button', { name: '另存为视图' }).click()
      await v.page.getByPlaceholder('例如：').fill('津贴图')
      await v.page.getByText('共享给').click()
      await v.page.getByRole('button', { name: '保存视图' }).click()
      await v.page.getByRole('tab', { name: '津贴图' }).and(v.page.locator('[aria-selected=true]')).waitFor()
      await chart.getByRole('button', { name: '副高级 津贴合计 401' }).click()
      await v.page.getByText('已筛出 2 条').waitFor()
      await v.page.getByRole('grid').getByText('医师4').waitFor()
      expect(await v.page.getByRole('grid').getByText('医师6').count()).toBe(0)
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/r/trialrep.doctor')
      await v.page.getByRole('tab', { name: '津贴图' }).click()
      await v.page.getByRole('region', { name: '图表' }).getByText('1,101.5', { exact: true }).waitFor()
      await v.picture('list-chart-phone')
    })
  })
})
