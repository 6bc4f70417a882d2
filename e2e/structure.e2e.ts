import { describe, expect, test } from 'vitest'
import { type Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as } = stage()
const pies = ['职称分布', '年龄分布', '工龄分布', '本月休假分布', '学历分布', '用工形式分布', '历年新入职医师对比', '历年离职医师对比']
const block = (v: Visitor, name: string) => v.page.getByRole('region', { name, exact: true })
const figureOf = async (v: Visitor, name: string): Promise<number> => {
  const button = block(v, name).locator('.x-chart-number button')
  await button.waitFor()
  return Number((await button.textContent())!.replaceAll(/\D/g, ''))
}
/** How many the list says that it shows. */
const countOf = async (v: Visitor, count: number): Promise<void> => {
  await v.page.getByText(`已筛出 ${count.toLocaleString('en')} 条`).waitFor()
}

describe('the structure of the doctors', () => {
  let whole = 0
  test('the office sees the whole hospital: eight pies, figures that lead to their records, shares of each unit', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.page.getByRole('link', { name: '医师结构' }).first().click()
      await v.page.getByRole('heading', { name: '医师结构', level: 1 }).waitFor()
      whole = await figureOf(v, '医师')
      for (const name of pies) await block(v, name).waitFor()
      await block(v, '职称分布')
        .getByRole('button', { name: /^副高级 / })
        .waitFor()
      await block(v, '本月休假分布').getByText('请休假登记接入后').waitFor()
      await v.page.getByRole('button', { name: /^骨科 主治医师/ }).waitFor()
      await v.picture('structure-desk')
      const parts = ['主任医师', '副主任医师', '主治医师', '住院医师']
      let sum = 0
      for (const part of parts) sum += await figureOf(v, part)
      expect(sum).toBe(whole)
      // A part of a pie opens exactly its records.
      const part = block(v, '职称分布').getByRole('button', { name: /^副高级 / })
      const [, count = ''] = /([\d,]+)(?: 人)?$/.exec((await part.getAttribute('aria-label'))!) ?? []
      await part.click()
      await v.page.waitForURL('**/r/staff.practitioner?filter=*')
      await countOf(v, Number(count.replaceAll(',', '')))
      await v.page.goBack()
      // Bands of ages lead there, too.
      const band = block(v, '年龄分布').getByRole('button', { name: /^40–44 岁 / })
      const [, ages = ''] = /([\d,]+)(?: 人)?$/.exec((await band.getAttribute('aria-label'))!) ?? []
      await band.click()
      await countOf(v, Number(ages.replaceAll(',', '')))
      await v.page.goBack()
      await block(v, '职称分布').getByRole('button', { name: '职称分布', exact: true }).click()
      const details = v.page.getByRole('dialog', { name: '职称分布：详情' })
      await details.getByText(whole.toLocaleString('en')).first().waitFor()
      await details.getByRole('row', { name: /^骨科/ }).first().getByText('%').first().waitFor()
      await v.picture('structure-details-desk')
      await v.page.keyboard.press('Escape')
      await details.waitFor({ state: 'hidden' })
      // What is set above narrows every block.
      await v.page.getByRole('group', { name: '筛选条件' }).getByRole('button', { name: '科室' }).click()
      await v.page.locator('.ant-popover:visible input').last().fill('东院骨科')
      await v.page.locator('.ant-select-dropdown:visible').getByTitle('东院骨科', { exact: true }).last().click()
      // What is ticked is taken when the box closes.
      await v.page.getByRole('heading', { name: '医师结构', level: 1 }).click()
      await v.page.waitForURL('**/p/staff.structure?filter=*')
      await expect.poll(() => figureOf(v, '医师')).toBeLessThan(whole)
      await v.page.getByRole('button', { name: /^东院骨科 主治医师/ }).waitFor()
      await expect.poll(() => v.page.getByRole('button', { name: /^骨科 主治医师/ }).count()).toBe(0)
    })
  })

  test('the head of a department sees his own unit only, and so do the lists behind his figures', async () => {
    await as('liwd', 'desk', async (v) => {
      await v.goto('/p/staff.structure')
      const own = await figureOf(v, '医师')
      expect(own).toBeGreaterThan(0)
      expect(own).toBeLessThan(whole)
      await block(v, '医师').locator('.x-chart-number button').click()
      await v.page.waitForURL('**/r/staff.practitioner?filter=*')
      await countOf(v, own)
      await v.page.goBack()
      await block(v, '学历分布').getByRole('button', { name: '学历分布', exact: true }).click()
      const details = v.page.getByRole('dialog', { name: '学历分布：详情' })
      await details.getByText('分布在 1 个科室').waitFor()
    })
  })

  test('on the phone blocks stand one under the other, a figure leads to its records; whoever it is not for does not find it', async () => {
    await as('liwd', 'phone', async (v) => {
      await v.goto('/p/staff.structure')
      await figureOf(v, '医师')
      await block(v, '用工形式分布').getByRole('button').first().waitFor()
      await v.picture('structure-phone')
      await block(v, '职称分布').getByRole('button', { name: '职称分布', exact: true }).click()
      await v.page.getByText('分布在 1 个科室').waitFor()
      await v.picture('structure-details-phone')
    })
    await as('gaolu', 'desk', async (v) => {
      await v.goto('/p/staff.structure')
      await v.page.getByText('没有这个页面，或它不对你开放').waitFor()
    })
  })

  test('a chart is taken along as a picture and as a table, looked at as a table and full screen', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/p/staff.structure')
      await block(v, '学历分布')
        .getByRole('button', { name: /^本科 / })
        .waitFor()
      const act = async (name: string) => {
        await v.page.getByRole('button', { name: '学历分布的操作' }).click()
        await v.page.getByRole('menuitem', { name }).click()
      }
      const [picture] = await Promise.all([v.page.waitForEvent('download'), act('下载图片（PNG）')])
      expect(picture.suggestedFilename()).toMatch(/^学历分布-.*\.png$/)
      await picture.saveAs('reports/pictures/structure-taken.png')
      const [table] = await Promise.all([v.page.waitForEvent('download'), act('下载表格（xlsx）')])
      expect(table.suggestedFilename()).toMatch(/^学历分布-.*\.xlsx$/)
      await act('看表格')
      await block(v, '学历分布').getByRole('row', { name: /^本科/ }).waitFor()
      await act('看图')
      await act('全屏')
      await v.picture('structure-large-desk')
      await act('退出全屏')
    })
  })
})
