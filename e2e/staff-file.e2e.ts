import { expect, test } from 'vitest'
import type { ListAnswer, RecordAnswer } from '#model'
import { call, option } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as } = stage()
const paper = '机器人辅助全髋关节置换的学习曲线'
const part = (v: Visitor, name: string) => v.page.getByRole('region', { name, exact: true })
const chapter = (v: Visitor, name: string) => v.page.getByRole('tab', { name, exact: true }).click()
let file = ''

test('a surgeon adds a paper to her file on the phone; it waits there until the office that owns the part has agreed', async () => {
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/me')
    await v.page.getByRole('link', { name: '我的档案' }).click()
    await v.page.getByRole('tab', { name: '学术科研' }).waitFor()
    file = new URL(v.page.url()).pathname
    await chapter(v, '学术科研')
    await part(v, '论文论著').getByText('1 条').waitFor()
    await v.picture('file-science-phone')
    await part(v, '论文论著').getByRole('link', { name: '新建论文论著' }).click()
    await v.page.getByLabel('题名').fill(paper)
    await v.page.getByLabel('作者属性').click()
    await v.page.getByRole('option', { name: '第一作者', exact: true }).click()
    await v.page.getByLabel('刊物或出版社').fill('中华骨科杂志')
    await v.page.getByLabel('发表时间').click()
    await v.page.getByRole('dialog').getByRole('button', { name: '确定' }).click()
    await v.picture('file-paper-phone')
    await v.page.getByRole('button', { name: '提交审批' }).click()
    await v.page.getByText('审批中').first().waitFor()
    await v.goto(file)
    await chapter(v, '学术科研')
    await part(v, '论文论著').getByText('审批中').waitFor()
    await v.picture('file-waiting-phone')
  })
  await as('jiangfan', 'desk', async (v) => {
    await v.goto('/tasks')
    await v.page.getByText('张海涛的论文论著').first().click()
    await v.page.getByRole('heading', { name: '张海涛的论文论著' }).waitFor()
    await v.page.getByText(paper).filter({ visible: true }).first().waitFor()
    await v.picture('file-review-desk')
    const decided = v.page.waitForResponse((answer) => answer.ok() && answer.url().endsWith('/acts'))
    await v.page.locator('.x-acts').getByRole('button', { name: '同意', exact: true }).click()
    await decided
    await v.goto('/r/staff.paper?search=' + encodeURIComponent(paper))
    await v.page
      .getByRole('row', { name: new RegExp(paper) })
      .getByText('已生效')
      .waitFor()
    await v.picture('papers-desk')
  })
})

test('the head reads the file in chapters, not what is private; a colleague does not find it in his menu', async () => {
  await as('liwd', 'desk', async (v) => {
    await v.goto(file)
    await chapter(v, '学术科研')
    await part(v, '论文论著').getByText(paper).waitFor()
    await v.picture('file-science-desk')
    await chapter(v, '工作与任职')
    await part(v, '工作经历').waitFor()
    await v.picture('file-work-desk')
    expect(await v.page.getByRole('tab', { name: '家庭与政治面貌' }).count()).toBe(0)
    await v.page.locator('.x-menu, nav').getByText('论文论著').first().waitFor({ state: 'attached' })
  })
  await as('sunning', 'desk', async (v) => {
    await v.goto('/r/staff.paper')
    await v.page.getByRole('heading', { name: '论文论著' }).first().waitFor()
    expect(await v.page.getByText(paper).count()).toBe(0)
    expect(await v.page.getByText('技术档案分项').count()).toBe(0)
  })
})

test('the office enters a school at once for a reason it gives; without one it is asked for, and nothing is lost', async () => {
  await as('luowen', 'desk', async (v) => {
    await v.goto(file)
    await chapter(v, '学习与培训')
    await part(v, '学习经历').getByRole('link', { name: '新建学习经历' }).click()
    await v.page.getByText('直接登记的依据').waitFor()
    await v.page.getByLabel('就读院校').fill('香港大学')
    await v.page.getByRole('textbox', { name: '专业' }).fill('骨科学')
    await v.page.getByRole('combobox', { name: '学历' }).click()
    await option(v, '博士研究生').click()
    await v.page.getByRole('radio', { name: '博士', exact: true }).click()
    await v.page.getByLabel('入学日期').fill('2012-09-01')
    await v.page.getByRole('button', { name: '保存', exact: true }).click()
    await v.page.getByText('请填写直接登记的依据').first().waitFor()
    await v.picture('file-direct-desk')
    await v.page.getByLabel('直接登记的依据').fill('学信网核对')
    await v.page.getByRole('button', { name: '保存', exact: true }).click()
    await v.page.getByText('已登记').first().waitFor()
    await v.goto(file)
    await chapter(v, '学习与培训')
    await part(v, '学习经历').getByText('香港大学').waitFor()
    await v.picture('file-learning-desk')
  })
})

test('the office sees whose file lacks what, by unit and by item; the head chases, and who is chased is told what is missing', async () => {
  await as('zhoumin', 'desk', async (v) => {
    await v.goto('/p/staff.unfinishedFiles')
    await part(v, '未完成').locator('.x-chart-number button').waitFor()
    await part(v, '各科室未完成人数').waitFor()
    await v.picture('unfinished-desk')
    await part(v, '缺毕业证扫描件').locator('.x-chart-number button').click()
    await v.page.waitForURL('**/r/staff.completeness?filter=*')
    await v.page.getByRole('row').getByText('毕业证扫描件').first().waitFor()
    await v.picture('unfinished-list-desk')
  })
  await as('liwd', 'phone', async (v) => {
    await v.goto('/p/staff.unfinishedFiles')
    await part(v, '未完成').locator('.x-chart-number button').waitFor()
    await v.picture('unfinished-phone')
    const { body } = await call<ListAnswer>(v, 'GET', '/api/records/staff.completeness?limit=100')
    const line = body.rows.find((row) => row['name'] === '张海涛')!
    await v.goto(`/r/staff.completeness/${line.id}`)
    await v.page.getByRole('button', { name: '催办' }).click()
    await v.picture('chase-phone')
    await v.page
      .getByRole('button', { name: /确\s*[定认]|催\s*办/ })
      .last()
      .click()
    const told = async () => (await call<RecordAnswer>(v, 'GET', `/api/records/staff.completeness/${line.id}`)).body.record['toldOn']
    await expect.poll(told, { timeout: 20_000 }).toBeTruthy()
  })
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/messages')
    await v.page
      .getByText(/还缺：.*毕业证扫描件/)
      .first()
      .waitFor()
    await v.picture('chased-phone')
    await v.page.getByText('请补全您的技术档案').first().click()
    await v.page.waitForURL(`**${file}`)
  })
})
