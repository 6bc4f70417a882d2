import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiRecord, ListAnswer } from '#model'
import { call } from './acting.ts'
import { type Visitor } from './running.ts'
import { stage } from './stage.ts'
import { add, drawn, fill, requests, soon, tasks, work } from './work.ts'

const { as } = stage(work)

const stored = async (v: Visitor, name: string): Promise<ApiRecord> => {
  const filter = encodeURIComponent(JSON.stringify({ field: 'name', op: 'eq', value: name }))
  return (await call<ListAnswer>(v, 'GET', `${tasks}?filter=${filter}`)).body.rows[0]!
}
const column = (v: Visitor, key: string) => v.page.locator(`.x-board-column[data-column=${key}]`)
const card = (v: Visitor, name: string) => v.page.locator('[data-record]').filter({ hasText: name }).first()
const day = (v: Visitor, at: string) => v.page.locator(`[data-day="${at}"]`)
/** Waits for what the server keeps: the page has asked by then. */
const until = async (v: Visitor, name: string, what: object) => {
  await expect.poll(() => stored(v, name), soon).toMatchObject(what)
}

/** Waits until the calendar shows it there: its chip lies over the day's cell. */
const standsOn = async (v: Visitor, name: string, at: string) => {
  const lies = async () => {
    const [chip, cell] = [await card(v, name).boundingBox(), await day(v, at).boundingBox()]
    if (!chip || !cell) return false
    return chip.x >= cell.x - 1 && chip.x < cell.x + cell.width && chip.y >= cell.y && chip.y < cell.y + cell.height
  }
  await expect.poll(lies, soon).toBe(true)
}

beforeAll(() => as('zhoumin', 'desk', fill))

describe('other views of the same list', () => {
  test('board: columns count and page by themselves; a card is carried by hand and by keyboard, taken back, and refused in words', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/work.task')
      const further = requests(v, 'cursor=')
      await v.page.getByLabel('显示为').getByText('看板').click()
      await column(v, 'doing').getByText('61', { exact: true }).waitFor()
      expect(new URL(v.page.url()).searchParams.get('look')).toBe('board:status')
      // Fifty are loaded, the rest when the end is seen.
      await column(v, 'doing').locator('[data-record]').nth(49).waitFor()
      await drawn(v)
      expect(further).toEqual([])
      await column(v, 'doing')
        .locator('ul')
        .evaluate((list) => list.scrollTo(0, list.scrollHeight))
      await expect.poll(() => column(v, 'doing').locator('[data-record]').count(), soon).toBe(61)
      await v.picture('board-desk')
      await card(v, '手卫生改进').dragTo(column(v, 'done'))
      await v.page.getByText('已移动“手卫生改进”').waitFor()
      await column(v, 'done').getByText('手卫生改进').waitFor()
      await until(v, '手卫生改进', { status: 'done' })
      await v.page.getByRole('button', { name: '撤销' }).click()
      await column(v, 'todo').getByText('手卫生改进').waitFor()
      await until(v, '手卫生改进', { status: 'todo' })
      // By keyboard: lifted, carried, put down; the hand stays on it.
      await card(v, '跌倒预防培训').focus()
      await v.page.keyboard.press(' ')
      await v.page.keyboard.press('ArrowRight')
      await v.page.getByText('“进行中”', { exact: true }).waitFor({ state: 'attached' })
      await v.page.keyboard.press('Escape')
      expect((await stored(v, '跌倒预防培训'))['status']).toBe('todo')
      await v.page.keyboard.press(' ')
      await v.page.keyboard.press('ArrowRight')
      await v.page.keyboard.press('ArrowRight')
      await v.page.keyboard.press(' ')
      await until(v, '跌倒预防培训', { status: 'done' })
      await expect.poll(() => v.page.evaluate(() => document.activeElement?.textContent), soon).toContain('跌倒预防培训')
      // Somebody else was quicker: said, and his is shown.
      const seen = await stored(v, '洗手液采购')
      await call(v, 'PATCH', `${tasks}/${seen.id}`, { version: seen.version, changes: { cost: 5 } })
      await card(v, '洗手液采购').dragTo(column(v, 'todo'))
      await v.page.getByText('刚被别人修改过，没有移动').waitFor()
      await column(v, 'done').getByText('洗手液采购').waitFor()
    })
  })

  test('board: filter and scope hold, kept as a shared view; who may only read carries nothing, and looks through the columns on the phone', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(`/r/work.task?look=board:status&search=${encodeURIComponent('巡查')}`)
      await column(v, 'doing').getByText('60', { exact: true }).waitFor()
      expect(await column(v, 'todo').locator('[data-record]').count()).toBe(0)
      await v.goto('/r/work.task?look=board:status')
      await v.page.getByRole('button', { name: '另存为视图' }).click()
      await v.page.getByPlaceholder('例如：').fill('进度看板')
      await v.page.getByText('共享给所有能看此列表的人').click()
      await v.page.getByRole('button', { name: '保存视图' }).click()
      await v.page.getByRole('tab', { name: '进度看板' }).and(v.page.locator('[aria-selected=true]')).waitFor()
      expect([...new URL(v.page.url()).searchParams.keys()]).toEqual(['view'])
      // Beside the board, on to the next in its order.
      await card(v, '手卫生改进').click()
      await v.page.getByRole('complementary', { name: '任务详情' }).getByRole('heading', { name: '手卫生改进' }).waitFor()
      await v.page.getByRole('button', { name: '下一条' }).click()
      await v.page.getByRole('complementary', { name: '任务详情' }).getByRole('heading', { name: '年度质量计划' }).waitFor()
      await v.picture('board-peek-desk')
    })
    await as('zhanght', 'desk', async (v) => {
      await v.goto('/r/work.task')
      await v.page.getByRole('tab', { name: '进度看板' }).click()
      await v.page.getByText('没有修改这一项的权限，不能拖动').waitFor()
      expect(await card(v, '手卫生改进').getAttribute('draggable')).toBe('false')
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/r/work.task')
      await v.page.getByRole('tab', { name: '进度看板' }).click()
      await v.page.getByText('手卫生改进').waitFor()
      await v.picture('board-phone')
      await v.page.getByRole('tab', { name: '进行中 61' }).click()
      await v.page.getByText('巡查 01').waitFor()
      expect(await v.page.getByRole('button', { name: '移到另一列' }).count()).toBe(0)
    })
    await as('zhoumin', 'phone', async (v) => {
      await v.goto('/r/work.task?look=board:status')
      await v.page.getByText('手卫生改进').waitFor()
      await v.page.getByRole('button', { name: '移到另一列' }).first().click()
      await v.page.getByRole('dialog').getByRole('button', { name: '进行中' }).click()
      await v.page.getByText('已移动“手卫生改进”').waitFor()
      await until(v, '手卫生改进', { status: 'doing' })
      await v.page.getByRole('button', { name: '撤销' }).click()
      await until(v, '手卫生改进', { status: 'todo' })
    })
  })

  test('where an approval guards, carrying a card says so and asks for the change', async () => {
    await as('zhoumin', 'desk', async (v) => {
      const people = await call<{ options: { id: string }[] }>(
        v,
        'GET',
        `/api/choices/directory.person?search=${encodeURIComponent('张海涛')}`,
      )
      const draft = { keeper: people.body.options[0]!.id, name: '耗材合同', stage: 'draft' }
      const made = await call(v, 'POST', '/api/records/work.contract/directly', { draft, reason: '补录' })
      expect(made.status).toBe(201)
    })
    await as('zhanght', 'desk', async (v) => {
      await v.goto('/r/work.contract?look=board:stage')
      await v.page.getByText('“合同”须经审批：移动卡片即提交变更申请').waitFor()
      await card(v, '耗材合同').dragTo(column(v, 'signed'))
      const dialog = v.page.getByRole('dialog', { name: '申请变更“耗材合同”' })
      await dialog.getByText('批准后才会移动').waitFor()
      await dialog.getByRole('button', { name: '提交变更申请' }).click()
      await dialog.getByText('请填写变更的理由').waitFor()
      await dialog.getByLabel('变更的理由').fill('双方已签字')
      await v.picture('board-change-desk')
      await dialog.getByRole('button', { name: '提交变更申请' }).click()
      await v.page.getByText('已提交变更申请，批准后生效').waitFor()
      await column(v, 'draft').getByText('耗材合同').waitFor()
      const mine = await call<{ rows: { title: string; summary: string }[] }>(v, 'GET', '/api/tasks?view=mine')
      expect(mine.body.rows).toMatchObject([{ title: '张海涛的合同变更', summary: '阶段 已签' }])
      await v.goto('/r/work.contract?look=board:state')
      await v.page.getByText('审批状态由审批流程决定，不能拖动').waitFor()
    })
  })

  test('calendar: month with what does not fit counted, carried to another day, refused by the field’s limit, added on an empty day; week with hours', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/work.task?at=2026-03-10')
      await v.page.getByLabel('显示为').getByText('日历').click()
      await v.page.getByRole('heading', { name: '2026 年 3 月' }).waitFor()
      await day(v, '2026-03-18').getByRole('button', { name: '还有 57 条' }).click()
      await v.page.getByText('巡查 50').waitFor()
      await v.picture('calendar-month-desk')
      await v.page.getByRole('heading', { name: '任务', exact: true }).click()
      await v.page.getByText('巡查 50').waitFor({ state: 'hidden' })
      await card(v, '手卫生改进').dragTo(day(v, '2026-03-26'))
      await until(v, '手卫生改进', { on: '2026-03-26' })
      await standsOn(v, '手卫生改进', '2026-03-26')
      await card(v, '手卫生改进').focus()
      await v.page.keyboard.press(' ')
      await v.page.keyboard.press('ArrowUp')
      await v.page.keyboard.press('ArrowLeft')
      await v.page.keyboard.press('Enter')
      await until(v, '手卫生改进', { on: '2026-03-18' })
      // Past the field's limit: refused where it is done.
      await add(v, { name: '年终盘点', status: 'todo', on: '2026-12-31' })
      await v.goto('/r/work.task?look=calendar:on:month&at=2026-12-01')
      await card(v, '年终盘点').focus()
      await v.page.keyboard.press(' ')
      await v.page.keyboard.press('ArrowRight')
      await v.page.keyboard.press(' ')
      await v.page.getByText('“年终盘点”没有移动：不能晚于 2026-12-31').waitFor()
      await v.goto('/r/work.task?look=calendar:on:month&at=2026-03-10')
      await day(v, '2026-03-04').click({ position: { x: 60, y: 60 } })
      await v.page.waitForURL(/new\?on=2026-03-04/)
      await expect.poll(() => v.page.getByLabel('截止').inputValue(), soon).toBe('2026-03-04')
      // A range is one bar over its days, week after week.
      await v.goto('/r/work.task?look=calendar:span:month&at=2026-03-10')
      await expect.poll(() => v.page.locator('[data-record]').filter({ hasText: '手卫生改进' }).count(), soon).toBe(4)
      await v.picture('calendar-range-desk')
      await v.goto('/r/work.task?look=calendar:at:week&at=2026-03-10')
      await card(v, '洗手液采购').getByText('10:00').waitFor()
      await v.picture('calendar-week-desk')
      await card(v, '洗手液采购').dragTo(day(v, '2026-03-13'), { targetPosition: { x: 40, y: 48 * 14 } })
      await until(v, '洗手液采购', { at: '2026-03-13T06:00:00.000Z' })
      await v.page.getByTitle('日', { exact: true }).click()
      await v.page.getByRole('heading', { name: '2026 年 3 月 10 日 星期二' }).waitFor()
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/r/work.task?look=calendar:on:month&at=2026-03-10')
      await v.page.getByText('这一天没有记录').waitFor()
      await v.page.getByRole('button', { name: '2026-03-20，1 条' }).click()
      await v.page.getByText('跌倒预防培训').waitFor()
      await v.picture('calendar-phone')
    })
  })

  test('timeline: bars in groups, only what is in sight is drawn, other scales keep the place; as a list on the phone', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/work.task?look=timeline:span:-:status:month&at=2026-03-15')
      const region = v.page.getByRole('region', { name: '任务时间线' })
      await region.getByTitle('手卫生改进：2026-03-05 至 2026-03-24').waitFor()
      await region.getByTitle('年度质量计划：2026-03-01 至 今后').waitFor()
      await v.picture('timeline-desk')
      expect(await region.locator('.x-scale > *').count()).toBeLessThan(80)
      await v.page.getByTitle('季', { exact: true }).click()
      await region.getByTitle('手卫生改进：2026-03-05 至 2026-03-24').waitFor()
      await v.page.getByTitle('周', { exact: true }).click()
      await region.getByTitle('跌倒预防培训：2026-03-16 至 2026-04-10').waitFor()
      // Scrolled away and come to rest: the address knows where.
      await region.evaluate((box) => box.scrollBy(36 * 200, 0))
      await v.page.waitForURL(/at=2026-10/)
      await region.getByText('手卫生改进').waitFor({ state: 'detached' })
      await region.getByTitle('年度质量计划：2026-03-01 至 今后').waitFor()
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/r/work.task?look=timeline:span:-:-:month&at=2026-03-15')
      await v.page.getByText('2026-03-05 至 2026-03-24').waitFor()
      await v.picture('timeline-phone')
      await v.page.getByRole('button', { name: '往后' }).click()
      await v.page.getByText('2026-03-16 至 2026-04-10').waitFor()
      await v.page.getByText('2026-03-05 至 2026-03-24').waitFor({ state: 'detached' })
    })
  })

  test('tree: opened level by level and by arrows; a search brings along what stands above; one level at a time on the phone', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(`/r/work.task?look=tree:parent&search=${encodeURIComponent('洗手液')}`)
      const rows = v.page.locator('tr[data-record]')
      await rows.filter({ hasText: '洗手液采购' }).waitFor()
      expect(
        await rows.evaluateAll((all) => all.map((row) => [row.getAttribute('aria-level'), row.classList.contains('x-above')])),
      ).toEqual([
        ['1', true],
        ['2', true],
        ['3', false],
      ])
      await v.picture('tree-search-desk')
      await v.goto('/r/work.task?look=tree:parent')
      const plan = rows.filter({ hasText: '年度质量计划' })
      await plan.focus()
      expect(await rows.filter({ hasText: '手卫生改进' }).count()).toBe(0)
      await v.page.keyboard.press('ArrowRight')
      await rows.filter({ hasText: '手卫生改进' }).waitFor()
      await v.page.keyboard.press('ArrowDown')
      await v.page.keyboard.press('ArrowDown')
      await v.page.keyboard.press('ArrowRight')
      await rows.filter({ hasText: '洗手液采购' }).waitFor()
      await v.picture('tree-desk')
      await v.page.keyboard.press('ArrowLeft')
      await rows.filter({ hasText: '洗手液采购' }).waitFor({ state: 'detached' })
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/r/work.task?look=tree:parent')
      await v.page.getByRole('button', { name: '2 条下级' }).first().waitFor()
      await v.picture('tree-phone')
      await v.page.getByRole('button', { name: '2 条下级' }).click()
      await v.page.getByText('跌倒预防培训').waitFor()
      await v.page.getByRole('button', { name: '1 条下级' }).click()
      await v.page.getByText('洗手液采购').waitFor()
      await v.page.getByRole('button', { name: '返回上一级' }).click()
      await v.page.getByText('跌倒预防培训').waitFor()
    })
  })
})
