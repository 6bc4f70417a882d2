// An implementer makes a register without code, a doctor uses it on the phone, and it is changed and taken back while it is used.
import { expect, test } from 'vitest'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as } = stage()
const name = '设备借用登记'
const panel = (v: Visitor) => v.page.locator('.x-studio-panel')
const palette = (v: Visitor, kind: string) => v.page.locator('.x-studio-palette').getByRole('button', { name: kind, exact: true })
const saved = (v: Visitor) => v.page.getByRole('status').getByText('草稿已保存').waitFor()
const fieldNamed = (v: Visitor, label: string) =>
  v.page.locator('.x-canvas-field').filter({ has: v.page.getByRole('button', { name: `字段 ${label}`, exact: true }) })
/** A field of this kind at the end, called so. */
async function add(v: Visitor, kind: string, label: string): Promise<void> {
  await palette(v, kind).click()
  await panel(v).getByLabel('名称', { exact: true }).fill(label)
  await fieldNamed(v, label).waitFor()
}
async function publish(v: Visitor, note: string): Promise<void> {
  await v.page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
  const dialog = v.page.getByRole('dialog', { name: '发布' })
  await dialog.getByPlaceholder('改了什么，为什么').fill(note)
  await dialog
    .getByRole('button', { name: '发 布' })
    .or(dialog.getByRole('button', { name: '发布', exact: true }))
    .click()
  await v.page.getByText('已发布').first().waitFor({ timeout: 60_000 })
}

test('a register of twelve fields is drawn and published without code', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/designs')
    await page.getByText('还没有自己的定义').waitFor()
    await v.picture('studio-empty-desk')
    await page.locator('.x-head-acts').getByRole('button', { name: '新建记录类型' }).click()
    await page.getByPlaceholder('例如：设备借用登记').fill(name)
    await page.getByRole('button', { name: '开始设计' }).click()
    await fieldNamed(v, '名称').click()
    await panel(v).getByLabel('名称', { exact: true }).fill('设备名称')
    await add(v, '单行文字', '设备编号')
    await add(v, '单选', '借用原因')
    await panel(v).getByLabel('选项 1', { exact: true }).fill('抢救')
    await panel(v).getByLabel('选项 2', { exact: true }).fill('会诊')
    await panel(v).getByRole('switch', { name: '必填' }).click()
    await add(v, '日期', '借出日期')
    await panel(v).getByRole('switch', { name: '必填' }).click()
    await add(v, '日期', '应还日期')
    await add(v, '整数', '天数')
    await panel(v).getByRole('switch', { name: '必填' }).click()
    await add(v, '金额', '每天费用')
    await add(v, '公式', '费用合计')
    await panel(v).getByLabel('公式', { exact: true }).fill('[天数] * [每天费用]')
    await add(v, '多行文字', '备注')
    await panel(v).getByText('显示与必填的条件').click()
    const when = panel(v).getByRole('group', { name: '满足以下条件时必填' })
    await when.getByRole('button', { name: '添加条件' }).click()
    await when.getByRole('combobox', { name: '条件字段' }).click()
    await page.locator('.ant-select-item-option').getByText('借用原因', { exact: true }).click()
    await v.picture('studio-rule-desk')
    await add(v, '附件', '交接照片')
    await add(v, '子表', '附件清单')
    await panel(v).getByRole('button', { name: '添加列' }).click()
    await page.getByRole('menuitem', { name: '整数', exact: true }).click()
    await palette(v, '查找').click()
    await panel(v).getByRole('combobox', { name: '显示谁的哪一项' }).fill('科室的名称')
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').getByText('科室的名称', { exact: true }).click()
    await saved(v)
    // From the palette onto a place on the canvas, and from one place to another.
    await palette(v, '电话').dragTo(fieldNamed(v, '科室'))
    await panel(v).getByLabel('名称', { exact: true }).fill('联系电话')
    await fieldNamed(v, '备注').dragTo(fieldNamed(v, '附件清单'), { targetPosition: { x: 100, y: 60 } })
    await saved(v)
    await v.picture('studio-form-desk')
    expect(await page.locator('.x-canvas-name').allTextContents()).toHaveLength(14)
    await page.getByText('手机', { exact: true }).first().click()
    await v.picture('studio-form-phone-size')
    for (const tab of ['列表', '权限', '设置', '预览']) {
      await page.getByRole('tab', { name: tab }).click()
      await v.picture(`studio-${tab}-desk`)
    }
    await page.getByRole('tab', { name: '表单' }).click()
    await publish(v, '上线')
    await v.picture('studio-published-desk')
  })
}, 240_000)

/** The ledger, from the list of everything that is open to somebody. */
async function ledger(v: Visitor): Promise<void> {
  await v.goto('/all')
  await v.page.locator('.x-all-pages').getByRole('link').filter({ hasText: name }).click()
}

test('it is used on the phone at once, also while a field is added and taken back; nothing that was written is lost', async () => {
  await as('zhanght', 'phone', async (v) => {
    const { page } = v
    await ledger(v)
    await page
      .getByRole('link', { name: /新建/ })
      .or(page.getByRole('button', { name: /新建/ }))
      .first()
      .click()
    await page.getByLabel('设备名称').fill('便携超声')
    await page.getByText('会诊', { exact: true }).click()
    await page.getByLabel('借出日期').click()
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click()
    await page.getByLabel('天数').fill('3')
    await page.getByLabel('每天费用').fill('200')
    await v.picture('studio-form-phone')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('600.00').first().waitFor({ timeout: 30_000 })
    await v.picture('studio-record-phone')
  })
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/designs')
    await page.getByRole('link', { name, exact: true }).click()
    await add(v, '单行文字', '归还人')
    await saved(v)
    await page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
    const dialog = page.getByRole('dialog', { name: '发布' })
    await dialog.getByText('增加字段“归还人”（单行文字）').waitFor()
    await v.picture('studio-publish-desk')
    await dialog
      .getByRole('button', { name: '发 布' })
      .or(dialog.getByRole('button', { name: '发布', exact: true }))
      .click()
    await page.getByText('与生效的一致').waitFor({ timeout: 60_000 })
  })
  await as('zhanght', 'desk', async (v) => {
    const { page } = v
    await ledger(v)
    await page.getByText('便携超声').first().click()
    await v.picture('studio-record-desk')
  })
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/designs?tab=releases')
    await page.getByText('增加字段“归还人”').first().waitFor()
    await v.picture('studio-releases-desk')
    await page.getByRole('button', { name: '恢复到这时' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('停用字段“归还人”（内容保留）').waitFor()
    await v.picture('studio-back-desk')
    await dialog
      .getByRole('button', { name: '恢 复' })
      .or(dialog.getByRole('button', { name: '恢复', exact: true }))
      .click()
    await page.getByText('第 3 次').first().waitFor()
  })
  await as('sysadmin', 'phone', async (v) => {
    await v.goto('/designs')
    await v.page.getByText(name).first().waitFor()
    await v.picture('studio-designs-phone')
    await v.page.getByRole('link', { name: new RegExp(name) }).click()
    await v.page.getByRole('button', { name: '添加字段' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: '日期', exact: true }).click()
    const kept = v.page.waitForResponse((answer) => answer.ok() && (answer.request().postData() ?? '').includes('预计归还'))
    await v.page.getByLabel('字段设置').getByRole('textbox', { name: '名称' }).fill('预计归还')
    await kept
    await v.picture('studio-board-phone')
  })
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/designs')
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByText('预计归还').first().waitFor()
    await page.getByRole('tab', { name: '版本' }).click()
    await page.getByRole('button', { name: '停用' }).click()
    await page.getByRole('dialog').getByText('已有的记录都保留').waitFor()
    await v.picture('studio-stop-desk')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /停\s*用/ })
      .click()
    await page.getByText('已停用').first().waitFor()
    await v.goto('/designs')
    await page
      .getByRole('row', { name: new RegExp(name) })
      .getByText('已停用')
      .waitFor()
    await v.picture('studio-stopped-desk')
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('tab', { name: '版本' }).click()
    await page.getByRole('button', { name: '恢复这一版' }).first().click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /恢\s*复/ })
      .click()
    await page.getByText('生效', { exact: true }).first().waitFor()
  })
  await as('zhanght', 'phone', async (v) => {
    await ledger(v)
    await v.page.getByText('便携超声').first().waitFor()
  })
}, 300_000)
