// Without code, without a template, a copy or a file: an implementer makes a whole application, has a change of it tried, publishes it and takes it back, and every act of his hand is counted.
import { beforeAll, expect, test } from 'vitest'
import { call } from './acting.ts'
import { Hand, Tally } from './hand.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

/** Clicks, drags and keys that write nothing, from the empty workshop to the version taken back. */
const most = 140
const { as, sql } = stage()
const tally = new Tally()
const name = '设备借用登记'
const soon = { timeout: 60_000 }

const button = (v: Visitor, label: string) => v.page.getByRole('button', { name: label })
const head = (v: Visitor, label: string) => v.page.locator('.x-head-acts').getByRole('button', { name: label })
const inDialog = (v: Visitor, label: RegExp) => v.page.getByRole('dialog').getByRole('button', { name: label })
const panel = (v: Visitor) => v.page.locator('.x-studio-panel')
const tab = (v: Visitor, label: string) => v.page.getByRole('tab', { name: label, exact: true })
const nextTo = (v: Visitor, label: string) => v.page.getByRole('navigation', { name: '接着做' }).getByRole('link', { name: label })
const saved = (v: Visitor) => v.page.getByRole('status').getByText('草稿已保存').filter({ visible: true }).waitFor(soon)
const isInForce = (v: Visitor) => v.page.getByText('与生效的一致').filter({ visible: true }).waitFor(soon)

const inMenu = (v: Visitor, label: string) => v.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: label })
/** From the palette to the end of the form; its name is written at once. */
async function add(v: Visitor, hand: Hand, kind: string, label: string): Promise<void> {
  await hand.click(v.page.locator('.x-studio-palette').getByRole('button', { name: kind, exact: true }))
  await expect.poll(() => panel(v).getByRole('heading').textContent(), soon).toBe(kind)
  await hand.write(label)
  await v.page.getByRole('button', { name: `字段 ${label}`, exact: true }).waitFor()
}
const isRequired = (v: Visitor, hand: Hand) => hand.click(panel(v).getByRole('switch', { name: '必填', exact: true }))
async function publish(v: Visitor, hand: Hand): Promise<void> {
  await saved(v)
  await hand.click(head(v, '发布'))
  await hand.click(inDialog(v, /^发\s*布$/))
  await isInForce(v)
}

// These journeys are made by night as well.
beforeAll(() => sql(`INSERT INTO kernel.setting VALUES ('quietHours', '{"from": 0, "to": 0}')`))

test('an application is made: form, list, rule, flow, reminder, page with charts, print', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    const hand = await Hand.of(v, tally)
    tally.begin('表单')
    await hand.click(inMenu(v, '应用搭建'))
    await hand.click(head(v, '新建记录类型'))
    await hand.write(name)
    await hand.enter()
    await hand.click(page.getByRole('button', { name: '字段 名称', exact: true }))
    await hand.fill(panel(v).getByLabel('名称', { exact: true }), '设备名称')
    await add(v, hand, '单行文字', '设备编号')
    await add(v, hand, '人员', '借用人')
    await isRequired(v, hand)
    await hand.click(panel(v).getByRole('switch', { name: /默认为/ }))
    await add(v, hand, '单选', '借用原因')
    await isRequired(v, hand)
    await hand.click(panel(v).getByLabel('选项 1', { exact: true }))
    await hand.write('抢救')
    await hand.enter()
    await hand.write('会诊')
    await hand.enter()
    await hand.write('教学')
    await add(v, hand, '日期', '借出日期')
    await isRequired(v, hand)
    await add(v, hand, '日期', '应还日期')
    await isRequired(v, hand)
    await add(v, hand, '整数', '天数')
    await add(v, hand, '金额', '每天费用')
    await add(v, hand, '公式', '费用合计')
    await hand.click(panel(v).getByLabel('公式', { exact: true }))
    await hand.write('[天数] * [每天费用]')
    await add(v, hand, '子表', '附件清单')
    await hand.click(panel(v).getByRole('button', { name: '添加列' }))
    await hand.click(page.getByRole('menuitem', { name: '整数', exact: true }))
    await hand.write('数量')
    await add(v, hand, '多行文字', '备注')
    expect(await page.locator('.x-canvas-name').allTextContents()).toHaveLength(12)

    tally.begin('规则')
    // Said of one field: when it must be filled in. Said of two: which comes first.
    await hand.click(panel(v).getByText('显示与必填的条件'))
    const when = panel(v).getByRole('group', { name: '满足以下条件时必填' })
    await hand.click(when.getByRole('button', { name: '添加条件' }))
    await hand.choose(when.getByRole('combobox', { name: '条件字段' }), '借用原因')
    await hand.click(tab(v, '设置'))
    await hand.click(button(v, '添加规则'))
    await hand.click(button(v, '写公式'))
    await hand.click(page.getByLabel('规则 1 须满足'))
    await hand.write('[应还日期] >= [借出日期]')
    await hand.click(page.getByLabel('规则 1 的提示'))
    await hand.write('应还日期不能早于借出日期')
    await hand.choose(page.getByLabel('规则 1 提示在哪个字段'), '应还日期')
    await v.picture('journey-rule-desk')

    tally.begin('列表')
    await hand.click(tab(v, '列表'))
    await hand.click(page.getByLabel('常用筛选'))
    for (const field of ['借用原因', '应还日期', '状态']) {
      await hand.write(field)
      await hand.click(page.locator('.ant-select-dropdown:visible').getByTitle(field, { exact: true }))
    }
    await hand.press('Escape')
    await hand.choose(page.getByLabel('排序', { exact: true }), '应还日期')

    tally.begin('权限')
    await hand.click(tab(v, '权限'))
    await hand.click(button(v, '添加角色'))
    await hand.choose(page.getByRole('combobox', { name: '角色 3' }), '科主任')
    await hand.choose(page.getByRole('combobox', { name: '范围 3' }), '本科室的记录')
    await v.picture('journey-grants-desk')

    tally.begin('手机')
    await hand.click(tab(v, '表单'))
    await hand.click(page.locator('.x-studio-middle').getByText('手机', { exact: true }))
    await v.picture('journey-form-phone-size')

    tally.begin('流程')
    await hand.click(tab(v, '设置'))
    await hand.click(page.getByRole('switch', { name: /须经审批/ }))
    await publish(v, hand)
    await v.picture('journey-published-desk')
    await hand.click(nextTo(v, '审批流程'))
    await hand.click(page.locator('[data-path="steps.0"]'))
    await page.locator('.x-design-panel').getByText('科室负责人').first().waitFor(soon)
    await hand.fill(page.locator('.x-design-panel').getByLabel('步骤名称'), '科主任同意借出')
    await saved(v)
    await v.picture('journey-flow-desk')
    await hand.click(head(v, '发布'))
    await page.getByRole('dialog').getByText('没有用例').waitFor(soon)
    await hand.write('第一版')
    await hand.click(inDialog(v, /^发\s*布$/))
    await page.getByText('已发布，之后提交的按新的流程').waitFor(soon)

    tally.begin('提醒')
    await hand.click(tab(v, `设计 ${name}`))
    await hand.click(nextTo(v, '提醒'))
    await v.picture('journey-new-reminder-desk')
    await hand.enter()
    await hand.choose(page.getByLabel('哪个日期'), '应还日期')
    await hand.click(page.getByLabel('哪几天'))
    for (const day of ['前 30 天', '前 3 天', '当天']) {
      await hand.write(day)
      await hand.click(page.locator('.ant-select-dropdown:visible').getByTitle(day, { exact: true }))
    }
    await hand.press('Escape')
    await hand.choose(page.getByLabel('提醒谁'), '记录里的人员')
    await page.getByLabel('这个提醒的意思').getByText('应还日期前 3 天、当天').waitFor(soon)
    await v.picture('journey-reminder-desk')
    await hand.click(button(v, '保存并打开'))
    await page.getByText('已保存并打开').waitFor(soon)

    tally.begin('图表页面')
    await hand.click(tab(v, `设计 ${name}`))
    await hand.click(nextTo(v, '图表页面'))
    await hand.enter()
    await page.getByRole('application').waitFor(soon)
    await hand.click(page.getByLabel('菜单分组', { exact: false }))
    await hand.write('设备管理')
    for (const [kind, title] of [
      ['数字', '借用次数'],
      ['条形图', '各科室借用'],
    ] as const) {
      await hand.click(button(v, `添加${kind}`))
      await hand.fill(page.getByLabel('标题'), title)
    }
    await hand.choose(page.getByLabel('按…分组', { exact: true }), '科室')
    await v.picture('journey-page-desk')
    await publish(v, hand)

    tally.begin('打印')
    await hand.click(tab(v, `设计 ${name}`))
    await hand.click(nextTo(v, '打印模板'))
    await hand.write('设备借用单')
    await hand.enter()
    await hand.click(page.getByRole('button', { name: new RegExp(`^文字“${name}”`) }))
    await hand.fill(page.getByRole('complementary', { name: '文字', exact: true }).getByRole('textbox').first(), '设备借用单')
    await v.picture('journey-print-desk')
    await publish(v, hand)
  })
}, 600_000)

/** On the phone, under the borrower's thumb: what he lends, why, until today; and what the form asks since. */
async function borrow(v: Visitor, what: string, { returnedBy, within = '' }: { returnedBy?: string; within?: string } = {}): Promise<void> {
  const { page } = v
  await v.goto(within + '/all')
  await page.locator('.x-all-pages').getByRole('link').filter({ hasText: name }).first().click()
  await page
    .getByRole('link', { name: /新建/ })
    .or(page.getByRole('button', { name: /新建/ }))
    .first()
    .click()
  await page.getByLabel('设备名称').fill(what)
  await page.getByText('抢救', { exact: true }).click()
  for (const day of ['借出日期', '应还日期']) {
    await page.getByLabel(day).click()
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click()
  }
  await page.getByLabel('天数').fill('3')
  await page.getByLabel('每天费用').fill('200')
  await page.getByText('添加一项').click()
  const row = page.getByRole('dialog', { name: '附件清单 1' })
  await row.getByLabel('数量').fill('2')
  await row.getByRole('button', { name: '完成' }).click()
  if (returnedBy) await page.getByLabel('归还人').fill(returnedBy)
  const submit = page.getByRole('button', { name: '提交审批' })
  await submit.click()
  // The rule of the implementer: who borrows for a rescue says for whom.
  await page.getByText('请填写备注').first().waitFor(soon)
  await v.picture('journey-rule-phone')
  await page.getByLabel('备注').fill('骨科抢救床旁检查')
  await page.getByText('600.00').waitFor(soon)
  await submit.click()
  await page.getByText('审批中').filter({ visible: true }).first().waitFor(soon)
  await page.getByText('科主任同意借出').filter({ visible: true }).first().waitFor(soon)
}

test('a doctor borrows on the phone, the head of his unit agrees, it is printed, counted and reminded of', async () => {
  await as('zhanght', 'phone', async (v) => {
    await borrow(v, '便携超声')
    await v.picture('journey-record-phone')
  })
  await as('liwd', 'phone', async (v) => {
    const { page } = v
    await v.goto('/tasks')
    await page.getByText('张海涛').filter({ visible: true }).first().click()
    await page.getByText('骨科抢救床旁检查').filter({ visible: true }).first().waitFor(soon)
    await v.picture('journey-decide-phone')
    await page.locator('.x-acts').getByRole('button', { name: '同意' }).click()
    await page.getByText('已批准').filter({ visible: true }).first().waitFor(soon)
  })
  await as('zhoumin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/reminders')
    await page.getByRole('link', { name: `${name}提醒` }).click()
    await page.getByRole('button', { name: '更多操作' }).click()
    await page.getByText('立即执行一次').click()
    await page.getByText('几秒内开始执行').waitFor(soon)
    await v.goto('/')
    await page
      .getByRole('navigation', { name: '主导航' })
      .getByRole('link', { name: `${name}统计` })
      .click()
    await page.getByRole('region', { name: '各科室借用' }).getByText('骨科').first().waitFor(soon)
    await v.picture('journey-page-shown-desk')
  })
  await as('zhanght', 'desk', async (v) => {
    const { page } = v
    await expect
      .poll(async () => (await call<{ title: string }[]>(v, 'GET', '/api/todos')).body.map(({ title }) => title).join(), soon)
      .toContain('便携超声')
    await v.goto('/all')
    await page.locator('.x-all-pages').getByRole('link').filter({ hasText: name }).first().click()
    await v.picture('journey-list-desk')
    await page.getByText('便携超声').first().click()
    await page.getByRole('link', { name: '打开', exact: true }).or(button(v, '打开')).last().click()
    await page.getByRole('button', { name: '更多操作' }).click()
    await page.getByRole('menuitem', { name: '打印' }).click()
    await page.getByRole('combobox', { name: '版式' }).click()
    const printed = page.waitForResponse((answer) => answer.url().includes('/api/prints/'), soon)
    await page.getByTitle('设备借用单', { exact: true }).click()
    expect((await printed).status()).toBe(200)
    await page.getByRole('img', { name: '第 1 页' }).waitFor(soon)
    await v.picture('journey-printed-desk')
  })
}, 300_000)

test('a field is added and tried by somebody chosen before it counts', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    const hand = await Hand.of(v, tally)
    tally.begin('加字段')
    await hand.click(inMenu(v, '应用搭建'))
    await hand.click(page.getByRole('link', { name, exact: true }))
    await add(v, hand, '单行文字', '归还人')
    await saved(v)
    tally.begin('试用')
    await hand.click(head(v, '试用'))
    const dialog = page.getByRole('dialog')
    await hand.click(dialog.getByLabel('请谁试用'))
    await hand.write('张海涛')
    await hand.click(page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '张海涛' }))
    await hand.press('Escape')
    await hand.click(dialog.getByRole('button', { name: '开始试用' }))
    await dialog.getByRole('button', { name: '结束试用' }).waitFor({ timeout: 90_000 })
    await expect
      .poll(async () => (await call<{ trial: { state: string } | null }>(v, 'GET', '/api/trial')).body.trial?.state, { timeout: 90_000 })
      .toBe('open')
  })
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/try')
    await v.page.getByRole('link', { name: '进入试用' }).click()
    await v.page.getByRole('note').getByText('试用空间').waitFor(soon)
    await borrow(v, '试着借一台', { returnedBy: '何秀兰', within: '/trial' })
    await v.picture('journey-tried-phone')
  })
}, 300_000)

test('it is published, used, and taken back to what was before it; nothing that was written is lost', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const hand = await Hand.of(v, tally)
    tally.begin('发布')
    await hand.click(inMenu(v, '应用搭建'))
    await hand.click(v.page.getByRole('link', { name, exact: true }))
    await hand.click(head(v, '发布'))
    await v.page.getByRole('dialog').getByText('增加字段“归还人”（单行文字）').waitFor(soon)
    await hand.click(inDialog(v, /^发\s*布$/))
    await isInForce(v)
  })
  await as('zhanght', 'phone', (v) => borrow(v, '输液泵', { returnedBy: '何秀兰' }))
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    const hand = await Hand.of(v, tally)
    tally.begin('恢复')
    await hand.click(inMenu(v, '应用搭建'))
    await hand.click(tab(v, '发布记录'))
    await page.getByText('增加字段“归还人”').first().waitFor(soon)
    const before = page.getByRole('listitem').filter({ has: page.getByText('第 3 次', { exact: true }) })
    await hand.click(before.getByRole('button', { name: '恢复到这时' }))
    await page.getByRole('dialog').getByText('停用字段“归还人”（内容保留）').waitFor(soon)
    await v.picture('journey-back-desk')
    await hand.click(inDialog(v, /^恢\s*复$/))
    await page.getByText('第 5 次').first().waitFor(soon)
  })
  await as('zhanght', 'desk', async (v) => {
    await v.goto('/all')
    await v.page.locator('.x-all-pages').getByRole('link').filter({ hasText: name }).first().click()
    await v.page.getByText('便携超声').first().waitFor(soon)
    await v.page.getByText('输液泵').first().click()
    await v.page.getByText('600.00').first().waitFor(soon)
    expect(await v.page.getByText('归还人').count()).toBe(0)
  })
  // Put back into force, the field has what was written into it.
  await as('sysadmin', 'desk', async (v) => {
    expect((await call(v, 'POST', '/api/releases/4/roll-back', { note: '' })).status).toBeLessThan(300)
  })
  await as('zhanght', 'desk', async (v) => {
    await v.goto('/all')
    await v.page.locator('.x-all-pages').getByRole('link').filter({ hasText: name }).first().click()
    await v.page.getByText('输液泵').first().click()
    await v.page.getByText('何秀兰').first().waitFor(soon)
  })
}, 300_000)

test('no step gets by that is not counted', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const counted = new Tally()
    const hand = await Hand.of(v, counted)
    const search = v.page.getByLabel('查找定义')
    const acts = async (part: string, work: () => Promise<unknown>) => {
      counted.begin(part)
      const before = counted.total
      await work()
      return counted.total - before
    }
    expect(await acts('a click', () => hand.click(inMenu(v, '应用搭建')))).toBe(1)
    expect(await acts('a cursor from nowhere', () => search.fill('设备'))).toBe(1)
    expect(await acts('writing on', () => hand.write('设备'))).toBe(0)
    expect(await acts('a key', () => hand.press('Escape'))).toBe(1)
    expect(await acts('a shortcut', () => hand.press('Control+a'))).toBe(1)
    expect(await acts('a drag', () => hand.drag(search, inMenu(v, '应用搭建')))).toBe(1)
    expect(await acts('an address', () => v.goto('/designs'))).toBe(1)
  })
}, 60_000)

test('all that the implementer did fits into 140 clicks, drags and keys', () => {
  process.stdout.write(`\n${String(tally)}\n`)
  expect(tally.total).toBeGreaterThan(0)
  expect(tally.total).toBeLessThanOrEqual(most)
})
