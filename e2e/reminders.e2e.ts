import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayOf } from '#model'
import { MailService } from '#app/testing/mail-service.ts'
import { WecomService } from '#app/testing/wecom-service.ts'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { date, may, module, person, resource, text, unit } from '#model'
import { before } from '#kernel/model/reminders/index.ts'

const permit = resource('permits.permit', {
  label: '执业证',
  title: 'number',
  owner: { person: 'holder', department: 'department' },
  fields: {
    holder: person('持证人', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'holder.unit' }),
    number: text('证号', { required: true, max: 40 }),
    until: date('有效期至', { required: true }),
    reviewOn: date('下次校验'),
  },
})
export default module('permits', {
  label: '执业证',
  resources: [permit],
  roles: { staffMember: [may.readOwn(permit), may.create(permit), may.update(permit)], departmentHead: [may.read(permit, 'myUnits')], medicalOffice: [may.all(permit)] },
  remind: [before(permit, 'reviewOn', { days: [30], whom: ['owner', 'medicalOffice'], text: '{number}应于{reviewOn}校验，{when}' })],
})
`
const [wecom, mail] = await Promise.all([new WecomService().start(), new MailService().start()])
const environment = {
  XINGLIN_URL: 'http://127.0.0.1:8080', XINGLIN_SMTP_URL: mail.url, XINGLIN_SMTP_FROM: '杏林医院 <xinglin@hospital.cn>',
  XINGLIN_WECOM_CORP: wecom.corp, XINGLIN_WECOM_AGENT: wecom.agent, XINGLIN_WECOM_SECRET: wecom.secret, XINGLIN_WECOM_BASE: wecom.url,
} // prettier-ignore
const { as, by, sql } = stage(declaration, environment)
afterAll(() => Promise.all([wecom.stop(), mail.stop()]))
const soon = { timeout: 30_000 }
const inDays = (days: number) => addDays(dayOf(new Date()), days)
const title = '执业证即将到期'

beforeAll(async () => {
  // These journeys are made by night as well.
  await sql(`INSERT INTO kernel.setting VALUES ('quietHours', '{"from": 0, "to": 0}')`)
  await sql(`INSERT INTO security.binding (id, version, state, created_at, updated_at, account, person, provider, subject, name, status)
    SELECT gen_random_uuid(), 1, 'approved', now(), now(), id, person, 'wecom', 'ZhangHaiTao', 'ZhangHaiTao', 'active' FROM security.account WHERE name = 'zhanght'`)
  await by('zhoumin', async (v) => {
    const { body } = await call<{ rows: { id: string; version: number }[] }>(v, 'GET', `/api/records/staff.practitioner?search=${encodeURIComponent('张海涛')}&limit=1`)
    const [one] = body.rows
    await call(v, 'PATCH', `/api/records/staff.practitioner/${one!.id}`, { version: one!.version, changes: { email: 'zhanght@hospital.cn' } })
  })
}) // prettier-ignore

const choose = async (v: Visitor, label: string, option: string) => {
  await v.page.getByLabel(label, { exact: true }).first().click()
  await v.page.keyboard.type(option)
  await v.page.locator('.ant-select-dropdown:visible').getByTitle(option, { exact: true }).click()
}
const preview = (v: Visitor) => v.page.getByRole('region', { name: '试看' })

test('an officer makes a reminder by clicking, sees whom it would reach, switches it on; it comes to the page, as a card and as a letter; renewed, it is silent', async () => {
  let record = ''
  await by('zhanght', async (v) => {
    const { status, body } = await call<{ record: { id: string } }>(v, 'POST', '/api/records/permits.permit', { number: 'ZY-2026-001', until: inDays(20) })
    expect(status).toBe(201)
    record = body.record.id
  })
  await by('zhoumin', async (v) => {
    await v.goto('/reminders')
    await v.page.getByText('执业证到期提醒').waitFor()
    await v.picture('reminders-desk')
    await v.page.getByRole('button', { name: '新建提醒' }).click()
    const dialog = v.page.getByRole('dialog')
    await dialog.getByRole('button', { name: '开始设置' }).click()
    await dialog.getByText('请填写名称').waitFor()
    await dialog.getByLabel('名称').fill('执业证换证提醒')
    await choose(v, '提醒哪种记录', '执业证')
    await dialog.getByRole('button', { name: '开始设置' }).click()
    await v.page.getByLabel('这个提醒的意思').getByText('执业证的有效期至前 30 天，08:00 提醒本人').waitFor()
    await preview(v).getByText('ZY-2026-001').first().waitFor()
    // An unknown field is told where it stands, with what may stand there; nothing is previewed meanwhile.
    await v.page.getByRole('textbox', { name: '正文' }).fill('{number}：{patient}')
    await v.page.getByRole('alert').filter({ hasText: '没有字段 {patient}；可用：{type} {date} {days} {when} {holder} {department} {number} {until} {reviewOn}' }).first().waitFor()
    await v.picture('reminder-unknown-field-desk')
    await v.page.getByRole('textbox', { name: '正文' }).fill('')
    await v.page.getByRole('group', { name: '正文可用的字段' }).getByRole('button', { name: '证号' }).click()
    await v.page.getByRole('group', { name: '正文可用的字段' }).getByRole('button', { name: '还有或已过多久' }).click()
    expect(await v.page.getByRole('textbox', { name: '正文' }).inputValue()).toBe('{number}{when}')
    await v.page.getByLabel('其他天数').fill('60')
    await v.page.getByRole('button', { name: '加上' }).click()
    await choose(v, '遇到休息日', '当天照常提醒')
    await v.page.getByLabel('每天几点').fill('00:00')
    await v.page.getByRole('button', { name: '加一级升级提醒' }).click()
    await v.page.getByLabel('这个提醒的意思').getByText('执业证的有效期至前 60、30 天，00:00 提醒本人；过 1 天仍未办结，每 7 天提醒科主任；直到办结。').waitFor()
    await preview(v).getByText('打开后随即提醒 1 人，1 条').waitFor()
    await preview(v).getByText('ZY-2026-001还有 20 天').waitFor()
    await preview(v).getByText('页面 1，企业微信 1，邮件 1').waitFor()
    await v.page.getByRole('button', { name: '保存', exact: true }).click()
    await v.page.getByText('已保存').waitFor()
    // The page opens what it has saved: it is drawn anew once that is there.
    await v.page.getByText('有改动还没有保存').waitFor({ state: 'hidden' })
    await v.page.getByLabel('这个提醒的意思').scrollIntoViewIfNeeded()
    await v.picture('reminder-editor-desk')
    await v.page.getByRole('switch', { name: /执业证换证提醒/ }).click()
    await v.page.getByText('已打开').waitFor()
  })
  await expect.poll(() => mail.shown.map(({ to, subject }) => `${to} ${subject}`), soon).toEqual([`zhanght@hospital.cn 【杏林医院集团】${title}`])
  await expect.poll(() => wecom.cards.map(({ user, title: said }) => `${user} ${said}`), soon).toEqual([`ZhangHaiTao ${title}`])
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/messages')
    await v.page.getByText(title).first().waitFor()
    const todos = await call<{ title: string }[]>(v, 'GET', '/api/todos')
    expect(todos.body.map((one) => one.title)).toEqual(['ZY-2026-001还有 20 天'])
    const { body } = await call<{ record: { version: number } }>(v, 'GET', `/api/records/permits.permit/${record}`)
    expect((await call(v, 'PATCH', `/api/records/permits.permit/${record}`, { version: body.record.version, changes: { until: inDays(700) } })).status).toBe(200)
    // Within seconds there is nothing left to do.
    await expect.poll(async () => (await call<unknown[]>(v, 'GET', '/api/todos')).body.length, soon).toBe(0)
  })
  await by('zhoumin', async (v) => {
    await v.goto('/reminders')
    await v.page.getByRole('link', { name: '执业证换证提醒' }).click()
    await preview(v).getByText('没有要提醒的').waitFor()
    await v.page.getByRole('button', { name: '更多操作' }).click()
    await v.page.getByText('立即执行一次').click()
    await v.page.getByText('几秒内开始执行').waitFor()
    await v.page.getByRole('tab', { name: '执行记录' }).click()
    await v.page.getByRole('region', { name: '提醒过谁' }).getByText('张海涛').waitFor()
    await v.page.getByRole('region', { name: '提醒过谁' }).getByRole('link', { name: 'ZY-2026-001' }).waitFor()
    await expect.poll(async () => (await call<{ runs: { state: string }[] }>(v, 'GET', `/api/reminders/${new URL(v.page.url()).pathname.split('/')[2]!}/history`)).body.runs[0]?.state, soon).toBe('done')
    await v.picture('reminder-runs-desk')
    await v.goto(`/r/permits.permit/${record}`)
    await v.page.getByRole('tab', { name: '提醒' }).click()
    await v.page.getByText('执业证换证提醒').waitFor()
    await v.picture('record-reminded-desk')
  })
  expect([mail.shown.length, wecom.cards.length]).toEqual([1, 1])
}) // prettier-ignore

test('the product’s own is changed and given back, with its versions; on the phone too; who has no right is told so', async () => {
  await as('zhoumin', 'phone', async (v) => {
    await v.goto('/reminders')
    await v.page.getByRole('link', { name: '执业证到期提醒' }).waitFor()
    await v.picture('reminders-phone')
    await v.page.getByRole('link', { name: '执业证到期提醒' }).click()
    await v.page.getByRole('textbox', { name: '标题' }).fill('{type}该校验了')
    // Left within the app it asks, and who stays finds it as it was.
    await v.page.goBack()
    const asked = v.page.getByRole('dialog').filter({ hasText: '有改动还没有保存，要离开吗？' })
    await asked.waitFor()
    await v.picture('reminder-leaving-phone')
    await asked.getByRole('button', { name: '留在这里' }).click()
    expect(await v.page.getByRole('textbox', { name: '标题' }).inputValue()).toBe('{type}该校验了')
    await v.page.getByRole('button', { name: '保存', exact: true }).click()
    await v.page.getByText('已保存').waitFor()
    await v.page.getByText('本院已改').waitFor()
    await v.picture('reminder-editor-phone')
    await v.page.getByRole('tab', { name: '版本' }).click()
    await v.page.getByText('第 1 版').waitFor()
    await v.page.getByRole('button', { name: '更多操作' }).click()
    await v.page.getByText('恢复系统原版').click()
    await v.page.getByText('已恢复').waitFor()
    await v.page.getByRole('button', { name: '恢复这一版' }).waitFor()
    await v.picture('reminder-versions-phone')
  })
  await by('zhoumin', async (v) => {
    await v.goto('/reminders')
    await v.page.getByRole('link', { name: '执业证到期提醒' }).click()
    await v.page.getByRole('textbox', { name: '标题' }).fill('{type}快到期了')
    await v.page.getByText('有改动还没有保存').waitFor()
    await v.page.getByRole('button', { name: '关闭 提醒 · 执业证到期提醒' }).click()
    const asked = v.page.getByRole('dialog').filter({ hasText: '有改动还没有保存，要离开吗？' })
    await v.picture('reminder-leaving-desk')
    await asked.getByRole('button', { name: '不保存，离开' }).click()
    await v.page.getByText('有改动还没有保存').first().waitFor({ state: 'hidden' })
  })
  await by('zhanght', async (v) => {
    await v.goto('/reminders')
    await v.page.getByText('没有权限查看').waitFor()
    await v.goto('/reminders/permits.permit.reviewOn')
    await v.page.getByText('没有权限查看').waitFor()
  })
})
