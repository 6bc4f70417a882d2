// 廉洁从业自查: begun by the office for two departments, answered on the phone with something and with nothing, chased, closed, written back as a change request.
import { expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { longText, group, ledger, may, module, person, resource, text, unit } from '#model'
import { approve, chosenByApplicant, flow, role } from '#kernel/model/flow/index.ts'

const check = resource('honest.check', {
  label: '廉洁从业自查表',
  title: 'matter',
  owner: { person: 'person', department: 'unit' },
  fields: {
    person: person('本人', { required: true, readOnly: true, default: 'me' }),
    unit: unit('科室', { from: 'person.unit' }),
    matter: text('自查发现的事项', { required: true, max: 100 }),
    post: text('院外兼职', { max: 40 }),
  },
  list: { columns: ['person', 'unit', 'matter', 'post'] },
})
const file = resource('honest.file', {
  label: '廉洁档案',
  title: 'post',
  owner: { person: 'person', department: 'unit' },
  approval: 'honest.change',
  fields: { person: person('人员', { required: true }), unit: unit('科室', { from: 'person.unit' }), post: text('院外兼职', { max: 40 }) },
})
export default module('honest', {
  label: '廉洁从业',
  resources: [check, file],
  flows: [flow('honest.change', { label: '廉洁档案变更', steps: [approve('board', '委员会审批', { by: chosenByApplicant(role('committeeMember'), 1) })] })],
  roles: { staffMember: [may.readOwn(check), may.create(check), may.update(check)], medicalOffice: [may.read(check), may.read(file), may.create(file, 'hospital'), may.update(file, 'hospital'), may.writeDirectly(file)] },
  menu: [group('廉洁', [ledger(check), ledger(file)])],
})
`
const { as, by } = stage(declaration)
const soon = { timeout: 15_000 }
const title = '2026 年廉洁从业自查'
let campaign = ''

const choose = async (v: Visitor, label: string, option: string, search = option) => {
  await v.page.getByRole('combobox', { name: label }).click()
  await v.page.getByRole('combobox', { name: label }).fill(search)
  await v.page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: option }).first().click()
}
const confirm = async (v: Visitor, name: RegExp) => v.page.getByRole('dialog').getByRole('button', { name }).click()

test('the office begins a campaign for two departments by hand', async () => {
  await by('zhoumin', async (v) => {
    const { page } = v
    await v.goto('/r/campaigns.campaign/new')
    await page.getByRole('textbox', { name: '标题' }).fill(title)
    await page.getByRole('textbox', { name: '填报说明' }).fill('请对照《医疗机构工作人员廉洁从业九项准则》逐条自查。有院外兼职、收受财物等情形的如实填写；没有的报“无”。')
    await choose(v, '填报的表单', '廉洁从业自查表')
    const range = page.locator('[data-field="to"]')
    await range.getByText('科室', { exact: true }).click()
    for (const name of ['骨科', '心内科']) {
      await range.getByRole('combobox').fill(name)
      await page.locator('.ant-select-dropdown:visible .ant-select-tree-title').getByText(name, { exact: true }).first().click()
    }
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: '截止时间' }).fill('2099-12-31 18:00')
    await page.keyboard.press('Enter')
    await v.picture('campaign-writing-desk')
    await page.getByRole('button', { name: '保存' }).last().click()
    await page.waitForURL(/campaigns\.campaign\/[0-9a-f-]{36}$/)
    campaign = page.url().split('/').at(-1)!
    await page.getByRole('tab', { name: '填报进展' }).click()
    await page.getByText(/将发给 \d+ 人/).waitFor()
    await v.picture('campaign-draft-desk')
    await page.getByRole('button', { name: '开始填报' }).click()
    await confirm(v, /开\s?始/)
    await page.getByText(/已发给 \d+ 人/).waitFor()
    await expect.poll(() => page.getByRole('row', { name: /骨科/ }).count(), soon).toBe(1)
    await page.getByText(/已报 0%/).waitFor()
    await v.picture('campaign-running-desk')
  })
}, 120_000) // prettier-ignore

test('a doctor answers on the phone in three taps beside what he writes, another reports nothing', async () => {
  await as('zhanght', 'phone', async (v) => {
    const { page } = v
    await v.goto('/tasks')
    await page.getByRole('link', { name: new RegExp(title) }).click()
    await page.getByText('请对照《医疗机构').waitFor()
    await v.picture('campaign-asked-phone')
    await page.getByRole('button', { name: '有，去填报' }).click()
    await page.getByText(`填报任务“${title}”`).waitFor()
    await page.getByRole('textbox', { name: '自查发现的事项' }).fill('在民营医院每月坐诊两次')
    await page.getByRole('textbox', { name: '院外兼职' }).fill('康宁骨科医院 门诊')
    await v.picture('campaign-form-phone')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('list', { name: '已填报' }).getByText('在民营医院每月坐诊两次').waitFor()
    await v.picture('campaign-answered-phone')
    await v.goto('/campaigns')
    await page.getByRole('region', { name: '已填报和已截止' }).getByText(title).waitFor()
    await page.getByText('都填完了').waitFor()
    await v.picture('campaign-mine-phone')
    await page.getByRole('link', { name: new RegExp(title) }).click()
    await page.getByRole('button', { name: '修改已填的' }).click()
    await page.waitForURL(/honest\.check\/[0-9a-f-]{36}\/edit$/)
    await page.getByRole('textbox', { name: '自查发现的事项' }).waitFor()
  })
  await as('liwd', 'phone', async (v) => {
    const { page } = v
    await v.goto('/campaigns')
    await v.picture('campaign-mine-open-phone')
    await page.getByRole('link', { name: new RegExp(title) }).click()
    await page.getByRole('button', { name: '无', exact: true }).click()
    await v.picture('campaign-none-phone')
    await confirm(v, /报“无”/)
    await page.getByText('已报“无”').waitFor()
    await page.getByRole('button', { name: '改为填报' }).waitFor()
    await v.picture('campaign-none-done-phone')
  })
  await as('liwd', 'desk', async (v) => {
    await v.goto('/campaigns')
    await v.page.getByRole('link', { name: new RegExp(title) }).waitFor()
    await v.picture('campaign-mine-desk')
    await v.page.getByRole('link', { name: new RegExp(title) }).click()
    await v.page.getByText('请对照《医疗机构').waitFor()
    await v.picture('campaign-asked-desk')
  })
}, 120_000) // prettier-ignore

test('the office chases the others, extends, writes back as a change request that waits for its approval, and closes', async () => {
  await by('zhoumin', async (v) => {
    const { page } = v
    const found = await call<{ rows: { id: string }[] }>(v, 'GET', `/api/records/staff.practitioner?search=${encodeURIComponent('张海涛')}`)
    const made = await call<{ record: { id: string } }>(v, 'POST', '/api/records/honest.file/directly', { draft: { person: found.body.rows[0]!.id, post: '无' }, reason: '建档' })
    expect(made.status).toBe(201)
    await v.goto(`/r/campaigns.campaign/${campaign}`)
    await page.getByRole('tab', { name: '填报进展' }).click()
    const counts = page.getByRole('list', { name: '填报情况' })
    await expect.poll(() => counts.innerText(), soon).toMatch(/1\s*有[\s\S]*1\s*无[\s\S]*\d+\s*未报/)
    await page.getByRole('button', { name: /催\s?报/ }).click()
    await confirm(v, /催\s?报/)
    await page.getByText(/已催 \d+ 人/).waitFor()
    await page.getByRole('button', { name: /催\s?报/ }).click()
    await confirm(v, /催\s?报/)
    await page.getByText(/没有要催的，\d+ 个今天催过/).waitFor()
    await page.getByRole('button', { name: /延\s?期/ }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: /延\s?期/ }).click()
    await page.getByText('须晚于现在，也晚于原截止时间').waitFor()
    await v.picture('campaign-extend-desk')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /设\s?置/ }).click()
    await choose(v, '回写到哪种档案', '廉洁档案')
    await choose(v, '第 1 项，表单', '院外兼职')
    await choose(v, '第 1 项，档案', '院外兼职')
    await v.picture('campaign-mapping-desk')
    await page.getByRole('dialog').getByRole('button', { name: /保\s?存/ }).click()
    await page.getByText('院外兼职 → 廉洁档案 · 院外兼职').waitFor()
    await page.getByRole('button', { name: '回写 1 份' }).click()
    await page.getByRole('list', { name: '要回写的填报' }).getByRole('checkbox', { name: /张海涛/ }).waitFor()
    await v.picture('campaign-choosing-desk')
    await confirm(v, /回\s?写/)
    const asking = page.getByRole('dialog').filter({ hasText: '选择办理人' })
    await asking.getByRole('combobox').click()
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '方国梁' }).click()
    await asking.getByRole('button', { name: /提\s?交/ }).click()
    await page.getByRole('dialog').getByText('已申请变更').waitFor()
    await v.picture('campaign-written-back-desk')
    await page.getByRole('dialog', { name: '回写结果' }).getByRole('button', { name: /Close|关闭/ }).click()
    await page.getByRole('list', { name: '回写情况' }).getByText('已申请变更 1').waitFor()
    await page.getByRole('button', { name: /截\s?止/ }).click()
    await confirm(v, /截\s?止/)
    await page.getByText('已截止', { exact: true }).first().waitFor()
    await v.picture('campaign-closed-desk')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载名单' }).click()
    expect((await download).suggestedFilename()).toMatch(/\.xlsx$/)
    await counts.getByRole('link', { name: /未报/ }).click()
    await page.getByText(/已筛出 34 条/).waitFor()
    await v.picture('campaign-lines-desk')
  })
  await as('zhoumin', 'phone', async (v) => {
    await v.goto(`/r/campaigns.campaign/${campaign}`)
    await v.page.getByRole('tab', { name: '填报进展' }).click()
    await v.page.getByRole('list', { name: '填报情况' }).waitFor()
    await v.picture('campaign-progress-phone')
  })
  await as('sunning', 'phone', async (v) => {
    await v.goto('/campaigns')
    await v.page.getByRole('link', { name: new RegExp(title) }).click()
    await v.page.getByText('填报任务已截止，不能再填报或修改').waitFor()
    expect(await v.page.getByRole('button', { name: '有，去填报' }).count()).toBe(0)
    await v.picture('campaign-closed-phone')
  })
  await by('fanggl', async (v) => {
    const { page } = v
    await v.goto('/tasks')
    await page.getByRole('link', { name: /廉洁档案/ }).first().click()
    await page.getByRole('button', { name: '同意', exact: true }).first().click()
    await page.getByText('已提交').waitFor()
  })
  await by('zhoumin', async (v) => {
    const { page } = v
    await v.goto(`/r/campaigns.campaign/${campaign}`)
    await page.getByRole('tab', { name: '填报进展' }).click()
    await page.getByRole('list', { name: '回写情况' }).getByRole('link', { name: '已写入 1' }).click()
    await page.getByText('变更申请已批准').first().waitFor()
    await page.getByRole('link', { name: '张海涛' }).or(page.getByText('张海涛')).first().click()
    await v.picture('campaign-line-desk')
  })
}, 180_000) // prettier-ignore
