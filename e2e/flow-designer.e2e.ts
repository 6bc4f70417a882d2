// Whoever administers flows draws one from an empty page, tries it, publishes it; what runs goes on as it began.
import { expect, test } from 'vitest'
import type { FlowDesign } from '#model'
import { call, tickProcedure } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as } = stage()
const name = '本院手术授权'
const card = (v: Visitor, path: string) => v.page.locator(`[data-path="${path}"]`)
const panel = (v: Visitor) => v.page.locator('.x-design-panel')
const saved = (v: Visitor) => v.page.getByRole('status').getByText('草稿已保存').waitFor()
async function insert(v: Visitor, slot: string, kind: string): Promise<void> {
  await v.page.locator(`[data-slot="${slot}"]`).click()
  await v.page.getByRole('menuitem', { name: kind, exact: true }).click()
}
/** Chooses in a list of the panel, by typing what it is called. */
async function pick(v: Visitor, label: string, option: string): Promise<void> {
  const input = panel(v).getByRole('combobox', { name: label, exact: true })
  await input.click()
  await input.fill(option)
  await v.page.locator('.ant-select-dropdown:visible .ant-select-item-option').getByText(option, { exact: true }).click()
}
async function called(v: Visitor, label: string): Promise<void> {
  await panel(v).getByLabel('步骤名称').fill(label)
}
async function by(v: Visitor, kind: string, which: string, choice: string): Promise<void> {
  await panel(v).getByRole('button', { name: '添加' }).click()
  if (kind !== '角色') await pick(v, '谁来审批 1', kind)
  await pick(v, which, choice)
}
const open = async (v: Visitor): Promise<void> => {
  await v.goto('/flows/design')
  await v.page.getByRole('link', { name }).click()
  await v.page
    .getByRole('tab', { name: '流程图' })
    .or(v.page.getByRole('tab', { name: '步骤' }))
    .waitFor()
}
/** How many faults the head tells of. */
const faults = (v: Visitor, count: number) => v.page.locator('.x-head-acts').getByText(`${count} 处问题`)
const order = (v: Visitor) => v.page.locator('.x-flow-card b').allTextContents()

test('the flow of surgical privileges is drawn from an empty page, with every fault marked where it is', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/flows/design')
    await page.getByRole('button', { name: '新建流程' }).click()
    await page.getByRole('combobox', { name: '用于哪种表单' }).click()
    await page.getByRole('combobox', { name: '用于哪种表单' }).fill('手术授权申请')
    await page.locator('.ant-select-item-option').getByText('手术授权申请', { exact: true }).click()
    await page.getByPlaceholder('例如：东院请假审批').fill(name)
    await page.getByRole('button', { name: '开始设计' }).click()

    await insert(v, 'steps/0', '审批')
    await called(v, '科室授权考核小组')
    await faults(v, 1).waitFor()
    await v.picture('designer-fault-desk')
    await by(v, '小组、委员会', '小组、委员会', '授权考核小组')
    await pick(v, '谁来审批 1：哪个科室', '“申请科室”的')
    await panel(v)
      .getByRole('switch', { name: /逐项审批/ })
      .click()
    await page.getByText('没有问题').waitFor()

    await insert(v, 'steps/1', '审批')
    await called(v, '医务处审核')
    await by(v, '角色', '角色', '医务处')
    await panel(v)
      .getByRole('switch', { name: /逐项审批/ })
      .click()

    await insert(v, 'steps/2', '审批')
    await called(v, '医疗技术临床应用管理委员会')
    await by(v, '小组、委员会', '小组、委员会', '医疗技术临床应用管理委员会')
    await panel(v).getByRole('radio', { name: /票决/ }).click()
    await panel(v)
      .getByRole('switch', { name: /逐项审批/ })
      .click()
    await insert(v, 'steps/3', '知会')
    await page.getByText('没有问题').waitFor()
    await saved(v)
    await v.picture('designer-drawn-desk')
    expect(await order(v)).toEqual(['科室授权考核小组', '医务处审核', '医疗技术临床应用管理委员会', '知会'])
  })
}, 120_000)

test('steps are dragged, copied and taken back, with the mouse and with the keyboard alone', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await open(v)
    const from = (await card(v, 'steps.2').boundingBox())!
    const to = (await page.locator('[data-slot="steps/1"]').boundingBox())!
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await page.mouse.down()
    await page.mouse.move(from.x + from.width / 2, from.y - 20, { steps: 4 })
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 })
    await page.getByText('放在这里').waitFor()
    await v.picture('designer-dragging-desk')
    await page.mouse.up()
    await expect.poll(() => order(v)).toEqual(['科室授权考核小组', '医疗技术临床应用管理委员会', '医务处审核', '知会'])
    await page.keyboard.press('Control+z')
    const before = ['科室授权考核小组', '医务处审核', '医疗技术临床应用管理委员会', '知会']
    await expect.poll(() => order(v)).toEqual(before)

    await card(v, 'steps.0').click()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => card(v, 'steps.1').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('Control+c')
    await page.keyboard.press('Control+v')
    await expect.poll(() => order(v)).toEqual(before.toSpliced(2, 0, '医务处审核'))
    await card(v, 'steps.2').focus()
    await page.keyboard.press('Delete')
    await expect.poll(() => order(v)).toEqual(before)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+y')
    await page.keyboard.press('Control+z')
    await expect.poll(() => order(v)).toEqual(before)
    await saved(v)
  })
}, 60_000)

test('three applicants are tried side by side, the way lights up, and what is seen is kept as a case', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await open(v)
    await page.getByRole('button', { name: '试运行' }).click()
    for (const person of ['张海涛', '李卫东', '吴静']) {
      await panel(v)
        .getByLabel(/申请人/)
        .fill(person)
      await page.locator('.ant-select-item-option', { hasText: person }).first().click()
    }
    await page.keyboard.press('Escape')
    await panel(v).getByRole('button', { name: '试运行' }).click()
    const way = panel(v).getByRole('region', { name: '张海涛的审批经过' })
    await way.getByText('周敏').waitFor()
    expect(await page.locator('.x-flow-card.on').count()).toBeGreaterThan(2)
    await v.picture('designer-trial-desk')
    await way.getByRole('button', { name: '存为用例' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '保存用例' }).click()
    await page.getByRole('tab', { name: '用例' }).click()
    await page.getByRole('button', { name: '全部运行' }).click()
    await page.getByText('1 个通过，0 个不符').waitFor()
    await v.picture('designer-cases-desk')
    // Not everybody consents: the way is the engine's own, and stays so as a case.
    await page.getByRole('tab', { name: '流程图' }).click()
    await panel(v)
      .getByLabel(/申请人/)
      .fill('张海涛')
    await page.locator('.ant-select-item-option', { hasText: '张海涛' }).first().click()
    await page.keyboard.press('Escape')
    await panel(v).getByLabel('医务处审核的意见').click()
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').getByText('拒绝', { exact: true }).click()
    await panel(v).getByText('添加一行').waitFor()
    await panel(v).getByRole('button', { name: '试运行' }).click()
    await way.getByText('结果：不通过').waitFor()
    await way.getByText('拒绝', { exact: true }).waitFor()
    await v.picture('designer-trial-refused-desk')
    await way.getByRole('button', { name: '存为用例' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('医务处不同意')
    await page.getByRole('dialog').getByRole('button', { name: '保存用例' }).click()
    await page.getByRole('tab', { name: '用例' }).click()
    await page.getByText('医务处审核拒绝，结果不通过', { exact: false }).waitFor()
    await page.getByRole('button', { name: '全部运行' }).click()
    await page.getByText('2 个通过，0 个不符').waitFor()
    await v.picture('designer-cases-refused-desk')
    await page.getByRole('button', { name: '删除' }).last().click()
    await saved(v)
  })
}, 60_000)

test('a planted fault forbids publishing; mended, and its case passed, it is published and bound', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await open(v)
    await card(v, 'steps.1').click()
    await panel(v).getByRole('button', { name: '删除第 1 项' }).click()
    await faults(v, 1).waitFor()
    await page.getByRole('button', { name: '发布' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('还有 1 处问题，改好才能发布').waitFor()
    expect(await dialog.getByRole('button', { name: '发布', exact: true }).isDisabled()).toBe(true)
    await v.picture('designer-refused-desk')
    await dialog.getByRole('button', { name: '“医务处审核”没有指定审批人' }).click()
    await by(v, '角色', '角色', '医务处')
    await page.getByText('没有问题').waitFor()
    await page.getByRole('button', { name: '发布' }).click()
    await dialog.getByText('1 个用例全部通过').waitFor()
    await v.picture('designer-publish-desk')
    await dialog.getByRole('button', { name: '发布', exact: true }).click()
    await dialog.getByText('请填写说明').waitFor()
    await dialog.getByRole('textbox').fill('第一版，经医务处审定')
    await dialog.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布，之后提交的按新的流程').waitFor()

    await v.goto('/flows/bindings')
    await page.getByRole('combobox', { name: '表单' }).click()
    await page.getByRole('combobox', { name: '表单' }).fill('手术授权申请')
    await page.locator('.ant-select-item-option').getByText('手术授权申请', { exact: true }).click()
    const occasion = page.locator('.x-binding').filter({ has: page.getByRole('heading', { name: '新增' }) })
    await occasion.getByRole('button', { name: '加一条' }).click()
    await occasion.getByLabel('名称').fill('全院')
    await occasion.getByRole('combobox', { name: '流程' }).click()
    await occasion.getByRole('combobox', { name: '流程' }).fill(name)
    await page.locator('.ant-select-item-option').getByText(name, { exact: true }).click()
    await occasion.getByRole('button', { name: '申请形式' }).click()
    await page.getByRole('checkbox', { name: '首次授权' }).click()
    await page.getByRole('button', { name: '应用', exact: true }).click()
    await occasion.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存，之后提交的按新的搭配').waitFor()
  })
}, 90_000)

test('a surgeon on the phone runs it; a new version meanwhile leaves his request on its own way', async () => {
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/privileges/application')
    await tickProcedure(v, 'zjp', '椎间盘切除术')
    await v.page.getByText('已选 1 项').waitFor()
    await v.page.getByText('医务处审核').waitFor()
    await v.page.getByRole('button', { name: /提交/ }).last().click()
    await v.sign()
    await v.page.waitForURL(/\/approvals\//)
    await v.page.getByText('医务处审核').filter({ visible: true }).first().waitFor()
    await v.picture('designer-submitted-phone')
  })
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await open(v)
    await insert(v, 'steps/0', '条件')
    await panel(v).locator('.x-chip-new', { hasText: '条件' }).click()
    await page.locator('.ant-select-item-option').getByText('申请形式', { exact: true }).click()
    await page.getByRole('checkbox', { name: '提高级别' }).click()
    await page.getByRole('button', { name: '应用', exact: true }).click()
    await insert(v, 'steps.0.then/0', '审批')
    await called(v, '科主任先审')
    await by(v, '科室负责人', '谁来审批 1：哪个科室', '“申请科室”的')
    await page.locator('.x-flow-said').getByText('申请形式 是 提高级别').waitFor()
    await page.getByText('没有问题').waitFor()
    await saved(v)
    await v.picture('designer-condition-desk')
    await page.getByRole('button', { name: '发布' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 件进行中的申请继续按原来的版本办完。').waitFor()
    await dialog.getByRole('textbox').fill('提高级别的先经科主任')
    await dialog.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布，之后提交的按新的流程').waitFor()
  })
  await as('liwd', 'desk', async (v) => {
    await v.goto('/tasks')
    await v.page.getByText('张海涛').filter({ visible: true }).first().click()
    await v.page.getByText('医疗技术临床应用管理委员会').filter({ visible: true }).first().waitFor()
    expect(await v.page.getByText('科主任先审').count()).toBe(0)
  })
}, 120_000)

test('two versions are compared in words, a click leads to the step, and the way back makes the first one count again', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await open(v)
    await page.getByRole('tab', { name: '版本' }).click()
    const differences = page.getByRole('list', { name: '不同之处' })
    await differences
      .getByText(/科主任先审/)
      .first()
      .waitFor()
    await v.picture('designer-versions-desk')
    await differences.getByRole('button').filter({ hasText: '科主任先审' }).first().click()
    await expect.poll(() => page.locator('.x-flow-card.selected b').textContent()).toBe('科主任先审')
    await page.getByRole('tab', { name: '版本' }).click()
    await page.getByRole('button', { name: '回退到这一版' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('先按原来的办')
    await page.getByRole('dialog').getByRole('button', { name: '回退', exact: true }).click()
    await page.getByText('已回退，之后提交的按回退后的流程；进行中的不变').waitFor()
    await page.getByText('第 3 版').waitFor()
    await page.getByRole('tab', { name: '流程图' }).click()
    await expect.poll(() => order(v)).toEqual(['科室授权考核小组', '医务处审核', '医疗技术临床应用管理委员会', '知会'])
  })
}, 60_000)

test('who saves over somebody else is told who, and chooses between the two', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await open(v)
    await card(v, 'steps.0').click()
    await called(v, '考核小组')
    await saved(v)
    const { flow } = (await call<FlowDesign[]>(v, 'GET', '/api/flow-designs')).body.find((one) => 'label' in one && one.label === name)!
    const design = (await call<FlowDesign>(v, 'GET', `/api/flow-designs/${flow}`)).body
    const theirs = { ...design.definition, label: `${name}（同事改）` }
    expect((await call(v, 'PUT', `/api/flow-designs/${flow}`, { revision: design.revision, definition: theirs, tests: [] })).status).toBe(
      200,
    )
    await called(v, '考核组')
    await page.getByText('草稿已由 王建国 修改', { exact: false }).waitFor()
    await v.picture('designer-conflict-desk')
    await page.getByRole('button', { name: '用我的覆盖' }).click()
    await saved(v)
    expect((await call<FlowDesign>(v, 'GET', `/api/flow-designs/${flow}`)).body.definition).toMatchObject({
      label: name,
      steps: [{ label: '考核组' }, {}, {}, {}],
    })
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('menuitem', { name: '放弃草稿' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '放弃草稿' }).click()
    await page.getByText('与生效的一致').waitFor()
  })
}, 60_000)

test('a file of another hospital asks which form it is for; what cannot be kept is said at its field, and the draft goes on being saved', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await v.goto('/flows/design')
    const steps = [
      { kind: 'approve', id: 'head', label: '科主任审核', by: [{ kind: 'headOf' }] },
      { kind: 'approve', id: 'office', label: '医务处审核', by: [{ kind: 'headOf' }] },
      { kind: 'when', condition: { and: [] }, then: [{ kind: 'notify', who: ['applicant'] }] },
    ]
    const file = {
      format: 'xinglin.flow',
      version: 1,
      flow: 'theirs.leave',
      resource: 'theirs.form',
      definition: { label: '外院流程', steps },
    }
    await page
      .getByLabel('流程文件')
      .setInputFiles({ name: '外院.flow.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) })
    const dialog = page.getByRole('dialog')
    await dialog.getByText('文件里的表单本院没有', { exact: false }).waitFor()
    await dialog.getByRole('button', { name: '导入', exact: true }).click()
    await dialog.getByText('请选择表单').waitFor()
    await v.picture('designer-import-form-desk')
    await dialog.getByRole('combobox', { name: '用于哪种表单' }).click()
    await dialog.getByRole('combobox', { name: '用于哪种表单' }).fill('手术授权申请')
    await page.locator('.ant-select-item-option').getByText('手术授权申请', { exact: true }).click()
    await dialog.getByRole('button', { name: '导入', exact: true }).click()
    await faults(v, 1).waitFor()
    await faults(v, 1).click()
    await page.getByText('还没有设置条件').filter({ visible: true }).first().waitFor()

    await card(v, 'steps.0').click()
    await panel(v).getByText('更多', { exact: true }).click()
    const id = panel(v).getByLabel('步骤编号')
    for (const [wrong, words] of [
      ['a b', '步骤编号以字母开头'],
      ['office', '已有步骤用了这个编号：医务处审核'],
    ] as const) {
      await id.fill(wrong)
      await id.press('Enter')
      await panel(v).getByRole('alert').getByText(words, { exact: false }).waitFor()
    }
    await id.scrollIntoViewIfNeeded()
    await v.picture('designer-id-desk')
    await called(v, '科室初审')
    await saved(v)
    // What is looked at before publishing does not change behind its dialog.
    await page.getByRole('button', { name: '发布' }).click()
    await page.getByRole('dialog').getByText('还有 1 处问题，改好才能发布').waitFor()
    await page.keyboard.press('Control+z')
    await page.getByRole('dialog').getByRole('button', { name: '再改改' }).click()
    expect((await order(v))[0]).toBe('科室初审')
    await page.getByRole('button', { name: '更多' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: '导出草稿' }).click()
    expect((await download).suggestedFilename()).toBe('外院流程.flow.json')
    await page.getByRole('button', { name: '更多' }).click()
    expect(await page.getByRole('menuitem', { name: '导出生效的流程' }).count()).toBe(0)
    await page.getByRole('menuitem', { name: '放弃草稿' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '放弃草稿' }).click()
    await page.waitForURL(/\/flows\/design$/)
  })
}, 60_000)

test('rights on fields are set cell by cell, a row and a column at a time', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    await open(v)
    await page.getByRole('tab', { name: '字段权限' }).click()
    await page.getByLabel('申请理由 · 医务处审核').selectOption('必填')
    await page.getByRole('button', { name: /证明材料/ }).click()
    await page.getByRole('menuitem', { name: '这个字段的各步：隐藏' }).click()
    await saved(v)
    const { flow } = (await call<FlowDesign[]>(v, 'GET', '/api/flow-designs')).body.find((one) => 'label' in one && one.label === name)!
    const { steps } = (await call<FlowDesign>(v, 'GET', `/api/flow-designs/${flow}`)).body.definition
    expect(steps[1]).toMatchObject({ mayEdit: ['reason'], require: ['reason'], hide: ['evidence'] })
    expect(steps[0]).toMatchObject({ mayEdit: [], hide: ['evidence'] })
    await v.picture('designer-rights-desk')
    await page.getByRole('button', { name: '撤销' }).click()
    await page.getByRole('button', { name: '撤销' }).click()
    await saved(v)
  })
}, 60_000)

test('on the phone the flow is read step by step, set, tried and compared', async () => {
  await as('sysadmin', 'phone', async (v) => {
    const { page } = v
    await v.goto('/flows/design')
    await page.getByRole('link', { name }).waitFor()
    await v.picture('designer-list-phone')
    await open(v)
    await page.getByText('增减和移动步骤请在电脑上进行', { exact: false }).waitFor()
    await v.picture('designer-steps-phone')
    await page.getByRole('button', { name: /医务处审核/ }).click()
    await page.getByRole('dialog').getByLabel('步骤名称').fill('医务处复核')
    await v.picture('designer-panel-phone')
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()
    await page.getByRole('button', { name: /医务处复核/ }).waitFor()
    await page.getByRole('button', { name: '试运行' }).click()
    await page
      .getByRole('dialog')
      .getByLabel(/申请人/)
      .fill('张海涛')
    await page.locator('.ant-select-item-option', { hasText: '张海涛' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: '试运行' }).click()
    await page.getByRole('region', { name: '张海涛的审批经过' }).getByText('周敏').waitFor()
    await v.picture('designer-trial-phone')
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()
    await page.getByRole('tab', { name: '字段权限' }).click()
    await v.picture('designer-rights-phone')
    await page.getByRole('tab', { name: '版本' }).click()
    await page.locator('.x-design-versions').getByText('第 3 版').waitFor()
    await v.picture('designer-versions-phone')
  })
}, 60_000)
