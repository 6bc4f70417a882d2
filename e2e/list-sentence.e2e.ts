import { beforeAll, describe, expect, test } from 'vitest'
import { stage } from './stage.ts'
import { drawn, fill, requests, soon, work } from './work.ts'

const { as } = stage(work)
beforeAll(() => as('zhoumin', 'desk', fill))

describe('columns, what stands out, and the sentence', () => {
  test('beside the table one steps on over what is loaded and further; the row stays in sight and keeps its place', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(`/r/work.task?search=${encodeURIComponent('巡查')}`)
      await v.page.getByRole('gridcell', { name: '巡查 01' }).click()
      const beside = v.page.getByRole('complementary', { name: '任务详情' })
      for (let i = 2; i <= 56; i++) {
        await v.page.getByRole('button', { name: '下一条' }).click()
        await beside.getByRole('heading', { name: `巡查 ${String(i).padStart(2, '0')}` }).waitFor()
      }
      const row = v.page.locator('tr.current')
      const place = () =>
        row.evaluate((one) => {
          const [own, box] = [one.getBoundingClientRect(), one.closest('.x-table')!.getBoundingClientRect()]
          return own.top >= box.top && own.bottom <= box.bottom
        })
      expect([await row.textContent(), await place()]).toEqual([expect.stringContaining('巡查 56'), true])
      const at = () => v.page.locator('.x-table').evaluate((box) => box.scrollTop)
      const before = await at()
      await beside.getByRole('button', { name: '关闭' }).click()
      expect(await at()).toBe(before)
    })
  })

  test('a column stays at the left and is kept for the person; a rule marks rows with colour and sign, kept in a view', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/work.task')
      await v.page.getByRole('button', { name: '列与密度' }).click()
      await v.page.getByRole('button', { name: '进度 固定在左侧' }).click()
      await v.page.getByRole('heading', { name: '任务', exact: true }).click()
      const first = v.page.locator('thead th.pinned')
      await expect.poll(() => first.textContent(), soon).toContain('进度')
      await v.goto('/r/work.task')
      await expect.poll(() => first.textContent(), soon).toContain('进度')
      await v.page.getByRole('button', { name: '突出显示' }).click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByRole('button', { name: '进度' }).click()
      await v.page.getByRole('checkbox', { name: '进行中' }).click()
      await v.page.getByRole('button', { name: '应用' }).click()
      await dialog.getByText('进度 是 进行中').waitFor()
      await v.picture('formats-dialog-desk')
      await dialog.getByRole('button', { name: '完成' }).click()
      await expect.poll(() => v.page.locator('tr.x-format.warn.bold').count(), soon).toBeGreaterThan(10)
      const marked = v.page.getByRole('row').filter({ hasText: '年度质量计划' })
      await marked.getByLabel('突出显示').waitFor()
      await v.picture('formats-desk')
      await v.page.getByRole('button', { name: '另存为视图' }).click()
      await v.page.getByPlaceholder('例如：').fill('进行中的标出')
      await v.page.getByRole('button', { name: '保存视图' }).click()
      await v.page.getByRole('tab', { name: '进行中的标出' }).and(v.page.locator('[aria-selected=true]')).waitFor()
      const address = new URL(v.page.url())
      expect([...address.searchParams.keys()]).toEqual(['view'])
      await v.goto(address.pathname + address.search)
      await expect.poll(() => v.page.locator('tr.x-format.warn.bold').count(), soon).toBeGreaterThan(10)
      await expect.poll(() => first.textContent(), soon).toContain('进度')
    })
  })

  test('what stands out does so in every kind of view: in the calendar, in a group and on a day of the phone', async () => {
    const formats = encodeURIComponent(JSON.stringify([{ when: { field: 'status', op: 'eq', value: 'todo' }, at: null, tone: 'bad', bold: true }])) // prettier-ignore
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(`/r/work.task?look=calendar:on:month&at=2026-03-12&formats=${formats}`)
      const chip = v.page.locator('.x-chip-day')
      await chip.filter({ hasText: '手卫生改进' }).getByLabel('突出显示').waitFor()
      await chip.filter({ hasText: '洗手液采购' }).waitFor()
      expect(await chip.filter({ hasText: '洗手液采购' }).getByLabel('突出显示').count()).toBe(0)
      await v.picture('formats-calendar-desk')
    })
    await as('zhoumin', 'phone', async (v) => {
      const marked = () => v.page.locator('.x-record-card').filter({ hasText: '手卫生改进' }).getByLabel('突出显示')
      await v.goto(`/r/work.task?look=calendar:on:month&at=2026-03-12&formats=${formats}`)
      await marked().waitFor()
      await v.goto(`/r/work.task?group=status&formats=${formats}`)
      await v.page.getByRole('button', { name: '未开始' }).click()
      await marked().waitFor()
      await v.picture('formats-group-phone')
    })
  })

  test('conditions are put into groups within groups, turned round and moved, in the sentence; what is nested too deep is refused in words', async () => {
    await as('zhoumin', 'desk', async (v) => {
      const level = (field: string, value: unknown) => ({ field, op: 'in', value: [value] })
      const either = [level('status', 'todo'), { field: 'cost', op: 'gte', value: 100 }]
      const filter = { and: [level('status', 'doing'), { or: either }] }
      const at = () => JSON.parse(new URL(v.page.url()).searchParams.get('filter')!) as object
      await v.goto(`/r/work.task?filter=${encodeURIComponent(JSON.stringify(filter))}`)
      const sentence = v.page.getByRole('group', { name: '筛选条件' })
      const group = sentence.getByRole('group', { name: '一组条件' })
      await group.getByText('费用 不小于 100').waitFor()
      // A group within the group, by its own button.
      await group.getByRole('button', { name: '组内添加一组条件' }).click()
      await v.page.locator('.ant-select-dropdown:visible').getByText('任务', { exact: true }).click()
      await v.page.getByPlaceholder('填写要比较的内容').fill('巡查')
      await v.page.getByRole('button', { name: '应用' }).click()
      await group.nth(1).getByText('任务 包含 巡查').waitFor()
      // Turned round: must not hold.
      await group.nth(1).getByRole('button', { name: '这一组的操作' }).click()
      await v.page.getByRole('menuitem', { name: '取反：不满足这一组' }).click()
      await group.nth(1).getByText('不满足').waitFor()
      // Moved from outside into the inner group, by its menu.
      await sentence.getByRole('button', { name: '进度 是 进行中' }).click()
      await v.page.getByRole('button', { name: '更多…' }).click()
      await v.page.getByRole('menuitem', { name: '移到第 2-3 项的组' }).click()
      const inner = { not: { and: [{ field: 'name', op: 'contains', value: '巡查' }, level('status', 'doing')] } }
      await expect.poll(at, soon).toEqual({ and: [{ or: [...either, inner] }] })
      await v.page.keyboard.press('Escape')
      await v.picture('sentence-nested-desk')
      // Dragged back to the group before.
      await sentence
        .locator('.x-chip')
        .filter({ hasText: '进度 是 进行中' })
        .dragTo(group.first(), { targetPosition: { x: 6, y: 12 } })
      await expect.poll(at, soon).toEqual({
        and: [{ or: [...either, { not: { field: 'name', op: 'contains', value: '巡查' } }, level('status', 'doing')] }],
      })
      let deep: object = level('status', 'doing')
      for (let i = 0; i < 50; i++) deep = { or: [deep] }
      // Nothing is asked or exported in its place: it would be more than the link says. From a page that asks nothing of its own meanwhile.
      await v.goto('/me')
      await v.page.waitForLoadState('networkidle')
      const asked = requests(v, '/api/records/work.task')
      await v.goto(`/r/work.task?look=board:status&chart=bar,status&filter=${encodeURIComponent(JSON.stringify(deep))}`)
      await v.page.getByText('筛选条件嵌套太深：最多 12 层').waitFor()
      await drawn(v)
      expect(asked).toEqual([])
      expect(await v.page.getByRole('button', { name: '导出' }).isDisabled()).toBe(true)
    })
    await as('zhoumin', 'phone', async (v) => {
      const filter = {
        and: [
          {
            not: {
              or: [
                { field: 'status', op: 'in', value: ['doing'] },
                { field: 'cost', op: 'empty' },
              ],
            },
          },
        ],
      }
      await v.goto(`/r/work.task?filter=${encodeURIComponent(JSON.stringify(filter))}`)
      await v.page.getByText('手卫生改进').waitFor()
      await v.page.getByRole('button', { name: '筛选，1 个条件' }).click()
      await v.page.getByText(/不满足（进度 是 进行中 或 费用 为空/).waitFor()
      await v.picture('filter-group-phone')
      await v.page.getByRole('dialog').getByRole('button', { name: '移除' }).click()
      await v.page.getByRole('dialog').getByRole('button', { name: '完成' }).click()
      await v.page.getByText('年度质量计划').waitFor()
    })
  })
})
