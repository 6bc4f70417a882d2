// An implementer makes an automation by clicking, tries it, publishes it; somebody acts, and its log shows what followed.
import { readFileSync } from 'node:fs'
import { v7 as newId } from 'uuid'
import { expect, test } from 'vitest'
import { hookSignature } from '#kernel/server/automations/calls.ts'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { by } = stage(readFileSync(new URL('../app/testing/outings.ts', import.meta.url), 'utf8'))
const soon = { timeout: 30_000 }
const label = '外出登记通过后建报销待办'
const choose = async (v: Visitor, within: ReturnType<Visitor['page']['locator']>, name: string, option: string) => {
  await within.getByRole('combobox', { name, exact: true }).click()
  await v.page.keyboard.type(option.slice(0, 6))
  await v.page.locator('.ant-select-dropdown:visible').getByTitle(option, { exact: true }).click()
}
const card = (v: Visitor, name: string) => v.page.getByRole('region', { name, exact: true })
const saved = (v: Visitor) => v.page.getByRole('status').getByText('草稿已保存').waitFor(soon)
/** A doctor goes out, and his head agrees. */
async function goOut(topic: string, days: number): Promise<void> {
  const instance = await by('zhanght', async (v) => {
    await v.goto('/')
    const me = await call<{ person: { id: string } }>(v, 'GET', '/api/me')
    const sent = await call<{ instance: string }>(v, 'POST', '/api/flows/submit/outing.trip', { actId: newId(), draft: { applicant: me.body.person.id, topic, days } })
    expect(sent.status, JSON.stringify(sent.body)).toBe(201)
    return sent.body.instance
  })
  await by('liwd', async (v) => {
    await v.goto(`/approvals/${instance}`)
    await v.page.locator('.x-acts').getByRole('button', { name: '同意', exact: true }).click()
    await v.page.getByText('已提交').first().waitFor(soon)
  })
} // prettier-ignore

test('an automation is made by clicking, tried and published; somebody acts, the log shows it, and the record says who did it', async () => {
  await goOut('早先的会议', 3)
  await goOut('当天的会议', 1)
  await by('zhoumin', async (v) => {
    const { page } = v
    await v.goto('/automations')
    await page.getByText('还没有自动化').waitFor(soon)
    await v.picture('automations-empty-desk')
    await page.locator('.x-head-acts').getByRole('button', { name: '新建自动化' }).click()
    await page.getByPlaceholder('例如：外出登记通过后建报销待办').fill(label)
    await page.getByRole('button', { name: '开始设计' }).click()
    await page.getByText('（没有要做的事）').waitFor(soon)
    await choose(v, card(v, '什么时候'), '哪种记录', '外出登记')
    await choose(v, card(v, '什么时候'), '时机', '审批通过时')
    // If: at least two days.
    await card(v, '如果').locator('.x-chip-new', { hasText: '条件' }).click()
    await page.locator('.ant-select-item-option').getByText('天数', { exact: true }).click()
    await page.getByRole('combobox', { name: '比较方式' }).click()
    await page.locator('.ant-select-dropdown:visible').getByTitle('不小于', { exact: true }).click()
    await page.getByPlaceholder('填写要比较的内容').fill('2')
    await v.picture('automation-condition-desk')
    await page.getByRole('button', { name: '应用', exact: true }).click()
    await card(v, '如果').getByText('天数 不小于 2').waitFor(soon)
    // Then: a refund to be done, with what it needs at hand at once.
    await card(v, '就做').getByRole('button', { name: '添加要做的事' }).click()
    await page.getByRole('menuitem', { name: '新建记录' }).click()
    const act = page.getByRole('group', { name: '第 1 件事' })
    await choose(v, act, '新建哪种记录', '报销待办')
    await choose(v, act, '报销人：内容从哪里来', '触发记录的字段')
    await choose(v, act, '事由：内容从哪里来', '公式')
    await act.getByLabel('公式', { exact: true }).fill('"报销：" + [事由]')
    await act.getByRole('button', { name: '再填一个字段' }).click()
    await choose(v, act, '外出登记：内容从哪里来', '触发记录的字段')
    await card(v, '就做').getByRole('button', { name: '添加要做的事' }).click()
    await page.getByRole('menuitem', { name: '发消息' }).click()
    const second = page.getByRole('group', { name: '第 2 件事' })
    await second.getByRole('button', { name: '再加一类人' }).click()
    await second.getByLabel('标题', { exact: true }).fill('请报销“{topic}”')
    await saved(v)
    await page.getByRole('note', { name: '这个自动化的意思' }).getByText('外出登记审批通过时，如果天数 不小于 2，新建报销待办').waitFor(soon)
    await page.getByRole('button', { name: '试运行', exact: true }).click()
    await card(v, '试运行').getByText('早先的会议').waitFor(soon)
    await card(v, '试运行').getByText('新建“报销待办”').waitFor(soon)
    expect(await card(v, '试运行').getByText('不符合条件，不会执行').count()).toBe(1)
    await v.picture('automation-designer-desk')
    await page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
    const dialog = page.getByRole('dialog', { name: '发布' })
    await dialog.getByText(`新建自动化“${label}”`).waitFor(soon)
    await v.picture('automation-publish-desk')
    await dialog.getByRole('button', { name: '发 布' }).or(dialog.getByRole('button', { name: '发布', exact: true })).click()
    await page.getByText('与生效的一致').waitFor(soon)
  })
  await goOut('全国骨科年会', 4)
  await goOut('市里开会', 1)
  await by('zhoumin', async (v) => {
    const { page } = v
    await v.goto('/automations')
    await page.getByRole('link', { name: label }).click()
    await page.getByRole('tab', { name: '执行记录' }).click()
    await page.getByText('全国骨科年会').waitFor(soon)
    await page.getByText('发消息给 1 人').waitFor(soon)
    // What was before it was published, and what was only tried, is not there.
    for (const topic of ['早先的会议', '市里开会']) expect(await page.getByText(topic).count()).toBe(0)
    await v.picture('automation-runs-desk')
    await page.getByRole('link', { name: '新建“报销待办”' }).click()
    await page.getByText('报销：全国骨科年会').first().waitFor(soon)
    await page.getByRole('tab', { name: '修改历史' }).click()
    await page.getByText(`自动化“${label}”`).first().waitFor(soon)
    await v.picture('automation-record-desk')
    await v.goto('/automations')
    await page.getByText('1 次').waitFor(soon)
    await v.picture('automations-list-desk')
  })
  await by('zhanght', async (v) => {
    await v.goto('/messages')
    await v.page.getByText('请报销“全国骨科年会”').first().waitFor(soon)
  })
}, 240_000) // prettier-ignore

test('another system’s secret is made and changed on its card, shown once; with it a signed call begins the automation', async () => {
  await by('zhoumin', async (v) => {
    const { page } = v
    await v.goto('/automations')
    await page.locator('.x-head-acts').getByRole('button', { name: '新建自动化' }).click()
    await page.getByPlaceholder('例如：外出登记通过后建报销待办').fill('财务系统来单')
    await page.getByRole('button', { name: '开始设计' }).click()
    await choose(v, card(v, '什么时候'), '时机', '其他系统通知时')
    const secret = page.getByRole('group', { name: '密钥' })
    await secret.getByText('还没有密钥，生成后才能发布').waitFor(soon)
    await secret.getByRole('button', { name: '生成密钥' }).click()
    await secret.getByText('请现在抄下，只显示这一次').waitFor(soon)
    await v.picture('automation-secret-desk')
    const first = await secret.getByRole('status').locator('code').innerText()
    expect(first).toMatch(/^[\w-]{43}$/)
    const [address] = await secret.getByText(/\/api\/automation-hooks\//).allInnerTexts()
    await card(v, '就做').getByRole('button', { name: '添加要做的事' }).click()
    await page.getByRole('menuitem', { name: '新建记录' }).click()
    const act = page.getByRole('group', { name: '第 1 件事' })
    await choose(v, act, '新建哪种记录', '报销待办')
    await choose(v, act, '报销人：内容从哪里来', '运行身份本人')
    await choose(v, act, '事由：内容从哪里来', '通知里的内容')
    await act.getByLabel('事由：通知里的哪一项').fill('title')
    await saved(v)
    await page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
    const dialog = page.getByRole('dialog', { name: '发布' })
    await dialog.getByRole('button', { name: '发 布' }).or(dialog.getByRole('button', { name: '发布', exact: true })).click()
    await page.getByText('与生效的一致').waitFor(soon)
    // Seen again, the secret is not there any more; changed, the old one counts no more.
    await page.reload()
    await secret.getByText(/密钥已生成/).waitFor(soon)
    expect(await secret.getByRole('status').count()).toBe(0)
    expect(await told(address!.trim(), first, 'D1')).toBe(202)
    await secret.getByRole('button', { name: '更换密钥' }).click()
    await page.getByRole('dialog').getByRole('button', { name: /更\s?换/ }).click()
    await secret.getByText('请现在抄下，只显示这一次').waitFor(soon)
    expect(await told(address!.trim(), first, 'D2')).toBe(401)
    await page.getByRole('tab', { name: '执行记录' }).click()
    await page.getByText('其他系统通知').first().waitFor(soon)
    await page.getByRole('link', { name: '新建“报销待办”' }).click()
    await page.getByText('外部单据 D1').first().waitFor(soon)
  })
}, 120_000) // prettier-ignore
/** What another system says under a secret; the status that it is answered. */
async function told(url: string, secret: string, delivery: string): Promise<number> {
  const [timestamp, body] = [String(Math.floor(Date.now() / 1000)), JSON.stringify({ title: `外部单据 ${delivery}` })]
  const headers = { 'content-type': 'application/json', 'x-xinglin-timestamp': timestamp, 'x-xinglin-delivery': delivery, 'x-xinglin-signature': hookSignature(secret, { timestamp, delivery, body }) }
  return (await fetch(url, { method: 'POST', headers, body })).status
} // prettier-ignore

test('on the phone it is read, switched off and on again', async () => {
  await by('zhoumin', async (v) => {
    const { page } = v
    await v.goto('/automations')
    const toggle = page.getByRole('switch', { name: `${label}：开关` })
    await toggle.click()
    await page.getByText('已停用').first().waitFor(soon)
    await v.picture('automations-list-phone')
    await toggle.click()
    await page.getByText('已启用').first().waitFor(soon)
    await page.getByRole('link', { name: label }).click()
    await page.getByRole('note', { name: '这个自动化的意思' }).waitFor(soon)
    await page.getByRole('switch', { name: '导入的也执行' }).waitFor(soon)
    await v.picture('automation-designer-phone')
    await page.getByRole('tab', { name: '执行记录' }).click()
    await page.getByText('全国骨科年会').waitFor(soon)
    await v.picture('automation-runs-phone')
    await page.getByRole('tab', { name: '版本' }).click()
    await page.getByText('第 1 版').first().waitFor(soon)
    const inForce = page.getByText('生效', { exact: true })
    await inForce.first().waitFor(soon)
    expect(await inForce.count()).toBeGreaterThan(0)
    await v.picture('automation-versions-phone')
  }, 'phone')
}, 120_000) // prettier-ignore
