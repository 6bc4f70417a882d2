import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayOf } from '#model'
import { MailService } from '#app/testing/mail-service.ts'
import { WecomService } from '#app/testing/wecom-service.ts'
import { call, freePort } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { before, date, may, module, person, resource, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const lecture = resource('talks.lecture', {
  label: '院外讲学',
  title: 'topic',
  owner: { person: 'speaker', department: 'department' },
  approval: 'talks.lecture',
  fields: {
    speaker: person('讲者', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'speaker.unit' }),
    topic: text('题目', { required: true, max: 100 }),
    until: date('邀请截止'),
  },
})
export default module('talks', {
  label: '讲学',
  resources: [lecture],
  flows: [flow('talks.lecture', { label: '院外讲学审批', steps: [approve('head', '科主任审核', { by: headOf() })] })],
  roles: { staffMember: [may.readOwn(lecture), may.create(lecture)], departmentHead: [may.read(lecture, 'myUnits')] },
  remind: [before(lecture, 'until', { days: [30], whom: ['owner'], text: '《{topic}》的邀请还有 {days} 天截止' })],
})
`
const [wecom, mail, port] = await Promise.all([new WecomService().start(), new MailService().start(), freePort()])
const house = `http://127.0.0.1:${port}`
const environment = {
  XINGLIN_URL: house, XINGLIN_SMTP_URL: mail.url, XINGLIN_SMTP_FROM: '杏林医院 <xinglin@hospital.cn>',
  XINGLIN_WECOM_CORP: wecom.corp, XINGLIN_WECOM_AGENT: wecom.agent, XINGLIN_WECOM_SECRET: wecom.secret, XINGLIN_WECOM_BASE: wecom.url,
} // prettier-ignore
const { as, by, stranger, sql } = stage(declaration, environment, port, { whole: true })
afterAll(() => Promise.all([wecom.stop(), mail.stop()]))
const soon = { timeout: 20_000 }
// These journeys are made by night as well.
beforeAll(() => sql(`INSERT INTO kernel.setting VALUES ('quietHours', '{"from": 0, "to": 0}')`))

/** As an approved binding and the file of a person leave it. */
const reachable = async (account: string, user: string) => {
  await sql(`INSERT INTO security.binding (id, version, state, created_at, updated_at, account, person, provider, subject, name, status)
    SELECT gen_random_uuid(), 1, 'approved', now(), now(), id, person, 'wecom', $2, $2, 'active' FROM security.account WHERE name = $1`, [account, user]) // prettier-ignore
}
const applied = (v: Visitor, topic: string) =>
  call<{ record: { flow: { instance: string } } }>(v, 'POST', '/api/records/talks.lecture', { topic })
const inDays = (days: number) => addDays(dayOf(new Date()), days)
/** The browser within WeCom. */
async function withinWecom(v: Visitor): Promise<void> {
  const agent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1'
  await v.page.context().setExtraHTTPHeaders({ 'user-agent': agent })
  await v.page.addInitScript((said) => Object.defineProperty(navigator, 'userAgent', { get: () => said }), agent)
}

test('a card of WeCom opens the very page, signed in, and the request is decided in two taps at most', async () => {
  await reachable('liwd', 'LiWeiDong')
  wecom.user = 'LiWeiDong'
  await by('zhanght', async (v) => void (await applied(v, '关节置换进展')))
  await expect.poll(() => wecom.cards.length, soon).toBe(1)
  const [card] = wecom.cards
  expect([card!.user, card!.title]).toEqual(['LiWeiDong', expect.stringContaining('待您审批')])
  await stranger('phone', async (v) => {
    await withinWecom(v)
    await v.goto(card!.url.slice(house.length))
    await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
    await v.picture('wecom-card-opened-phone')
    await v.page.locator('.x-acts').getByRole('button', { name: '同意', exact: true }).click()
    await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
    await v.picture('wecom-card-decided-phone')
    // Whoever signs out there stays out until he asks.
    await v.goto('/me')
    await v.page.getByRole('button', { name: '退出登录' }).click()
    await v.page.getByRole('link', { name: '企业微信登录' }).waitFor()
    expect(new URL(v.page.url()).pathname + new URL(v.page.url()).search).toBe('/')
    await v.page.getByRole('link', { name: '企业微信登录' }).click()
    await v.page.getByText('李卫东').first().waitFor()
  })
})

test('A0746 a reminder of a date comes as a card and as a letter, in the words that the hospital gives it; what left is in the log', async () => {
  await reachable('zhanght', 'ZhangHaiTao')
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/messages')
    await v.page.getByRole('link', { name: '接收设置' }).click()
    await v.page.getByText('ZhangHaiTao').waitFor()
    await v.page.getByText('人员档案中没有邮箱').waitFor()
    await v.page.getByRole('checkbox', { name: '到期提醒 · 邮件' }).isChecked()
    await v.picture('message-ways-phone')
  })
  await by('zhoumin', async (v) => {
    const { body } = await call<{ rows: { id: string; version: number }[] }>(v, 'GET', `/api/records/staff.practitioner?search=${encodeURIComponent('张海涛')}&limit=1`)
    const [one] = body.rows
    expect((await call(v, 'PATCH', `/api/records/staff.practitioner/${one!.id}`, { version: one!.version, changes: { email: 'zhanght@hospital.cn' } })).status).toBe(200)
  })
  await by('sysadmin', async (v) => {
    await v.goto('/messaging')
    await v.page.getByRole('row', { name: /到期提醒/ }).waitFor()
    await v.picture('message-uses-desk')
    await v.page.getByRole('tab', { name: '模板' }).click()
    const letter = v.page.getByRole('region', { name: '邮件' })
    await letter.getByLabel('邮件的内容').fill('{name}：{patient}')
    await letter.getByText('没有字段 {patient}').waitFor()
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('模板有误，请修改后再保存').waitFor()
    await v.picture('message-template-wrong-desk')
    await letter.getByLabel('邮件的内容').fill('{name}：{title}\n{link}')
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('已保存').waitFor()
  })
  // Its day is known only now: the program's own round, whenever it comes, had nothing to tell before everything was set up.
  await sql(`UPDATE talks.lecture SET until = $1 WHERE topic = '关节置换进展'`, [inDays(20)])
  // As if somebody had asked for it now, whatever the hour and the day.
  await sql(`INSERT INTO kernel.reminder_run (reminder, day, state, started_at, beat_at) VALUES ('talks.lecture.until', $1, 'waiting', now(), now()) ON CONFLICT (reminder, day) DO UPDATE SET state = 'waiting'`, [dayOf(new Date())])
  await expect.poll(() => mail.shown.length, { timeout: 60_000 }).toBe(1)
  expect(mail.shown[0]).toMatchObject({ to: 'zhanght@hospital.cn', subject: expect.stringContaining('院外讲学即将到期') as string })
  expect(mail.shown[0]!.text).toMatch(new RegExp(`^张海涛：院外讲学即将到期\n${house}/r/talks.lecture/`))
  await expect.poll(() => wecom.cards.filter(({ user, title }) => user === 'ZhangHaiTao' && title === '院外讲学即将到期').length, soon).toBe(1)
  for (const size of ['desk', 'phone'] as const)
    await as('sysadmin', size, async (v) => {
      await v.goto('/messaging?tab=deliveries&channel=email')
      await v.page.getByText('张海涛 到期提醒 · 邮件').waitFor()
      await v.page.getByText('已发出').waitFor()
      await v.goto('/messaging?tab=deliveries')
      await v.page.getByText('待我处理 · 企业微信').waitFor()
      await v.picture(`message-deliveries-${size}`)
      await v.goto('/messaging?tab=templates')
      await v.page.getByRole('region', { name: '短信' }).waitFor()
      await v.picture(`message-templates-${size}`)
    })
}) // prettier-ignore

test('one who may not set up messages is told so; his own wishes are kept on every browser', async () => {
  await by('zhanght', async (v) => {
    await v.goto('/messaging')
    await v.page.getByText('没有权限查看').waitFor()
    await v.goto('/messages/ways')
    await v.page.getByRole('checkbox', { name: '待我处理 · 企业微信' }).uncheck()
    await v.page.getByRole('switch', { name: /这段时间不外发/ }).or(v.page.getByRole('region', { name: '免打扰' }).getByRole('switch')).first().click()
    await v.page.getByLabel('开始').waitFor()
    await v.picture('message-ways-desk')
  })
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/messages/ways')
    await v.page.getByLabel('开始').waitFor()
    expect(await v.page.getByRole('checkbox', { name: '待我处理 · 企业微信' }).isChecked()).toBe(false)
  })
}) // prettier-ignore

test('A0747 what comes while the page stands behind others is shown by the machine, once; a click leads to it', async () => {
  await by('liwd', async (v) => {
    await v.page.context().grantPermissions(['notifications'])
    // A browser without a screen shows none: what it was asked to show is noted, and whether the page is looked at is said by the test.
    await v.page.addInitScript(() => {
      const shown: string[] = []
      class Noted extends Notification {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options)
          shown.push(`${title} · ${options?.body ?? ''}`)
          Object.assign(window, { last: this })
        }
      }
      Object.assign(window, { shown, isHidden: false, Notification: Noted })
      Object.defineProperty(document, 'visibilityState', { get: () => ((window as unknown as { isHidden: boolean }).isHidden ? 'hidden' : 'visible') })
    })
    const look = (isHidden: boolean) =>
      v.page.evaluate((hidden) => {
        Object.assign(window, { isHidden: hidden })
        document.dispatchEvent(new Event('visibilitychange'))
      }, isHidden)
    const shown = () => v.page.evaluate(() => (window as unknown as { shown: string[] }).shown)
    await v.goto('/messages/ways')
    await v.page.getByRole('switch', { name: '浏览器通知' }).click()
    await expect.poll(() => v.page.getByRole('switch', { name: '浏览器通知' }).isChecked(), soon).toBe(true)
    await look(true)
    await by('zhanght', async (other) => void (await applied(other, '脊柱微创')))
    await expect.poll(shown, soon).toEqual([expect.stringMatching(/^待您审批：.* · 待我处理$/)])
    await by('zhanght', async (other) => void (await applied(other, '足踝外科')))
    await expect.poll(async () => (await shown()).length, soon).toBe(2)
    await v.page.evaluate(() => (window as unknown as { last: Notification }).last.dispatchEvent(new Event('click')))
    await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
    await v.page.getByText('足踝外科').first().waitFor()
  })
}) // prettier-ignore
