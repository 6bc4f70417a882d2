import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addDays, type DeliveryItem, type MessageKind, type MessagingAnswer, type OwnWays, type RecordAnswer } from '#model'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { MailService } from '#app/testing/mail-service.ts'
import { SmsService } from '#app/testing/sms-service.ts'
import { WecomService } from '#app/testing/wecom-service.ts'
import { noOtherWays, waysFromEnvironment, type SignInWays } from '../access/outside/from-environment.ts'
import type { Channel } from './channels/channel.ts'
import { deliverDue } from './deliver.ts'
import { dispatchNew } from './dispatch.ts'
import { tell } from './messages.ts'
import { channelsOf } from './messaging.ts'

const wecom = new WecomService()
const sms = new SmsService()
const mail = new MailService()
const publicUrl = 'https://xinglin.hospital.cn'
let h: TestHospital
let ways: SignInWays
let channels: Channel[]
let officer: string
beforeAll(async () => {
  await Promise.all([wecom.start(), sms.start(), mail.start()])
  ways = waysFromEnvironment({
    XINGLIN_URL: publicUrl,
    XINGLIN_WECOM_CORP: wecom.corp,
    XINGLIN_WECOM_AGENT: wecom.agent,
    XINGLIN_WECOM_SECRET: wecom.secret,
    XINGLIN_WECOM_BASE: wecom.url,
    XINGLIN_SMS_URL: `${sms.url}/send`,
    XINGLIN_SMS_SECRET: sms.secret,
    XINGLIN_SMTP_URL: mail.url,
    XINGLIN_SMTP_FROM: '杏林医院 <xinglin@hospital.cn>',
  })
  h = await hospital({ signIn: ways, at: '2026-11-20T10:00:00+08:00' })
  channels = channelsOf(h.kernel, ways)
  officer = await h.person('系统管理员', { roles: ['systemOfficer'] })
})
afterAll(async () => {
  ways.mail?.close()
  await h[Symbol.asyncDispose]()
  await Promise.all([wecom.stop(), sms.stop(), mail.stop()])
})
/** Each test begins some days after the one before: sessions do not come out of the future. */
let first = '2026-11-13'
beforeEach(async () => {
  first = addDays(first, 7)
  go(0, '10:00')
  wecom.cards.length = wecom.sends.length = sms.taken.length = mail.shown.length = mail.asked = 0
  wecom.fault = null
  wecom.members.clear()
  mail.faults.length = 0
  await h.kernel.db.query('DELETE FROM kernel.delivery')
  await h.kernel.db.query('DELETE FROM kernel.message')
})

const go = (days: number, time: string) => h.clock.set(`${addDays(first, days)}T${time}:00+08:00`)
let numbers = 0
/** Somebody with a telephone, a mailbox and a bound account of WeCom. */
async function reachable(name: string, more: Record<string, unknown> = {}) {
  const n = numbers++
  const given = { mobile: `139${String(10_000_000 + n)}`, email: `p${n}@hospital.cn`, user: `wx-${n}` }
  const person = await h.person(name, { mobile: given.mobile, email: given.email, ...more })
  const [account] = await h.kernel.db.query<{ id: string }>('SELECT id FROM security.account WHERE person = $1', [person])
  await h.create(
    'security.binding',
    { account: account!.id, person, provider: 'wecom', subject: given.user, name, status: 'active' },
    { byModule: true },
  )
  return { person, ...given }
}
const say = (people: readonly string[], kind: MessageKind, title: string, more: { body?: string; isUrgent?: boolean } = {}) =>
  h.system().then((ctx) => tell(ctx, people, { kind, title, body: '', link: '/approvals/1', ...more }))
async function work(): Promise<void> {
  while (await dispatchNew(h.kernel, channels));
  for (const channel of channels) while (await deliverDue(h.kernel, channel, publicUrl));
}
const later = (minutes: number) => h.clock.set(new Date(h.clock.now().getTime() + minutes * 60_000).toISOString())
/** Signs in anew: hours pass in these tests. */
const asOfficer = async (method: string, url: string, body?: unknown) => (await h.signIn(officer)).call(method, url, body)
const log = async (query = '') => (await asOfficer('GET', `/api/deliveries${query}`)).json<DeliveryItem[]>()
const states = async () => (await log()).map(({ channel, state, problem }) => [channel, state, problem].filter(Boolean).join(' ')).sort()

test('a reminder goes by the ways of its kind, in the words of the hospital; the card opens the very page', async () => {
  const one = await reachable('沈一帆')
  await say([one.person], 'reminder', '医师执业证即将到期', { body: '还有 30 天' })
  await work()
  expect(wecom.cards).toEqual([{ user: one.user, title: '医师执业证即将到期', description: '11月20日 10:00', url: `${publicUrl}/approvals/1`, btntxt: '查看' }])
  expect(mail.shown).toEqual([{ id: expect.stringMatching(/^<[0-9a-f-]{36}@hospital\.cn>$/) as string, to: one.email, subject: '【杏林医院】医师执业证即将到期', text: `沈一帆，您好：\n\n医师执业证即将到期\n\n打开办理：${publicUrl}/approvals/1\n\n杏林医院 · 到期提醒 · 11月20日 10:00` }])
  expect(sms.taken).toEqual([])
  expect(await states()).toEqual(['email sent', 'wecom sent'])
}) // prettier-ignore

test('more than the title leaves the house only where the hospital wants it; templates are its own, one with an unknown field is refused at its place', async () => {
  const one = await reachable('何以宁')
  const { settings, installed } = (await asOfficer('GET', '/api/messaging')).json<MessagingAnswer>()
  expect(installed).toEqual(['wecom', 'sms', 'email', 'push'])
  const templates = (email: object) => ({ ...settings, messageBodies: true, messageTemplates: { ...settings.messageTemplates, email } })
  const wrong = await asOfficer('PUT', '/api/messaging', { settings: templates({ title: '{title', text: '{patient} {title}' }), seen: settings })
  expect([wrong.status, wrong.json()['problems']]).toEqual([422, [
    { field: 'messageTemplates.email.title', message: '花括号没有成对' },
    { field: 'messageTemplates.email.text', message: '没有字段 {patient}；可用：{title} {body} {link} {hospital} {name} {kind} {time}' },
  ]])
  const changed = await asOfficer('PUT', '/api/messaging', { settings: templates({ title: '{kind}：{title}', text: '{body}' }), seen: settings })
  expect(changed.status).toBe(200)
  // What a message says is no template.
  await say([one.person], 'reminder', '到期 {name}', { body: '{link} 还有 30 天' })
  await work()
  expect(mail.shown.map(({ subject, text }) => [subject, text])).toEqual([['到期提醒：到期 {name}', '{link} 还有 30 天']])
  expect((await asOfficer('PUT', '/api/messaging', { settings, seen: settings })).status).toBe(409)
  expect((await asOfficer('PUT', '/api/messaging', { settings, seen: changed.json() })).status).toBe(200)
  // Nothing is put back twice, and what was put back is as it was.
  expect((await asOfficer('GET', '/api/messaging')).json()['settings']).toEqual(settings)
}) // prettier-ignore

test('each wishes for himself what is left to him, sees where it goes, and is left in peace when he wants to be', async () => {
  const one = await reachable('叶知秋')
  const session = await h.signIn(one.person)
  const before = (await session.call('GET', '/api/messages/ways')).json<OwnWays>()
  expect(before.ways).toEqual([
    { channel: 'wecom', address: one.user, obstacle: null },
    { channel: 'sms', address: `139****${one.mobile.slice(-4)}`, obstacle: null },
    { channel: 'email', address: 'p***@hospital.cn', obstacle: null },
    { channel: 'push', address: null, obstacle: '还没有浏览器开启推送' },
  ])
  const wrong = await session.call('PUT', '/api/messages/ways', { uses: {}, quiet: { from: 60, to: 60 } })
  expect([wrong.status, wrong.json()['problems']]).toEqual([422, [{ field: 'quiet', message: '请填写起止时间，起止不能相同' }]])
  // 账号与安全 goes to WeCom always, whatever somebody wishes.
  const own = { uses: { task: { wecom: false, email: true }, security: { wecom: false } }, quiet: { from: 9 * 60, to: 12 * 60 } }
  expect((await session.call('PUT', '/api/messages/ways', own)).status).toBe(200)
  await say([one.person], 'task', '待您审批：甲')
  await say([one.person], 'security', '您的密码已被重置')
  await work()
  expect([wecom.cards, mail.shown]).toEqual([[], []])
  expect((await log()).map(({ nextAt }) => nextAt)).toEqual(Array(3).fill(`${first}T04:00:00.000Z`))
  await say([one.person], 'security', '账号异常', { isUrgent: true })
  await work()
  expect(wecom.cards.map(({ title }) => title)).toEqual(['账号异常'])
  later(121)
  await work()
  expect(wecom.cards.map(({ title }) => title)).toEqual(['账号异常', '您的密码已被重置'])
  expect(mail.shown.map(({ subject }) => subject).sort()).toEqual(['【杏林医院】待您审批：甲', '【杏林医院】您的密码已被重置', '【杏林医院】账号异常'])
}) // prettier-ignore

test('at night nothing leaves but what is urgent; what was read in the page meanwhile, and what is for one who left, never does', async () => {
  const [one, gone] = [await reachable('孟小冬'), await reachable('离职者')]
  go(0, '22:00')
  await say([one.person, gone.person], 'task', '待您审批：乙')
  await say([one.person], 'task', '待您审批：丙')
  await say([one.person], 'urge', '紧急催办：丁', { isUrgent: true })
  await work()
  expect(wecom.cards.map(({ title }) => title)).toEqual(['紧急催办：丁'])
  const session = await h.signIn(one.person)
  const [, , read] = (await session.call('GET', '/api/messages')).json<{ id: string; title: string }[]>()
  expect(read!.title).toBe('待您审批：乙')
  await session.call('POST', '/api/messages/read', { ids: [read!.id] })
  await h.kernel.db.query(`UPDATE directory.person SET status = 'left' WHERE id = $1`, [gone.person])
  h.kernel.directoryChanged()
  go(1, '07:30')
  await work()
  expect(wecom.cards.map(({ title }) => title)).toEqual(['紧急催办：丁', '待您审批：丙'])
  expect(await states()).toEqual(['wecom dropped 已在页面中读过', 'wecom dropped 收件人已不在岗', 'wecom sent', 'wecom sent'])
})

test('WeCom and the mail server are down for an hour: everything is queued, then shown once, also what was taken but not answered for', async () => {
  const one = await reachable('顾长卿')
  await say([one.person], 'reminder', '甲证到期')
  wecom.fault = 'away'
  await mail.stop()
  for (let minute = 0; minute < 60; minute += 5) {
    await work()
    later(5)
  }
  expect([wecom.cards, mail.shown, await states()]).toEqual([[], [], ['email waiting 暂时连不上', 'wecom waiting 暂时连不上']])
  wecom.fault = 'lost'
  mail.faults.push(451, 'lost')
  await mail.start()
  for (let n = 0; n < 3; n++) {
    later(11)
    await work()
  }
  wecom.fault = null
  later(11)
  await work()
  expect(wecom.cards.map(({ title }) => title)).toEqual(['甲证到期'])
  expect(mail.shown.map(({ subject }) => subject)).toEqual(['【杏林医院】甲证到期'])
  expect(mail.asked).toBeGreaterThan(2)
  expect(await states()).toEqual(['email sent', 'wecom sent'])
})

test('what was late is not sent in the middle of the night either; what nobody knows the fate of is not sent again', async () => {
  const one = await reachable('迟到')
  go(0, '20:50')
  wecom.fault = 'away'
  await say([one.person], 'task', '待您审批：晚')
  await work()
  wecom.fault = null
  go(1, '02:00')
  await work()
  expect(wecom.cards).toEqual([])
  go(1, '07:30')
  await work()
  expect(wecom.cards.map(({ title }) => title)).toEqual(['待您审批：晚'])
})

test('the fault of an application passes; a title is no link', async () => {
  const one = await reachable('设置有误')
  wecom.fault = 'setup'
  await say([one.person], 'task', '<a href="http://evil.example">点此登录</a>')
  await work()
  expect(await states()).toEqual(['wecom waiting 暂时连不上'])
  wecom.fault = null
  later(1)
  await work()
  expect(wecom.cards.map(({ title }) => title)).toEqual(['＜a href="http://evil.example"＞点此登录＜/a＞'])
})

test('who was told three days ago, while nothing ran, is not told from outside any more; a way that the hospital does not use nobody chooses', async () => {
  const one = await reachable('三天前')
  const ctx = await h.system()
  await tell(ctx, [one.person], { kind: 'task', title: '旧事', body: '', link: null, also: ['sms'] })
  later(3 * 24 * 60)
  await tell(ctx, [one.person], { kind: 'task', title: '新事', body: '', link: null, also: ['sms'] })
  await work()
  expect([await states(), sms.taken]).toEqual([['wecom sent'], []])
})

test('two processes send nothing twice', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, (_, n) => reachable(`同时${n}`)))
  await say(people.map(({ person }) => person), 'reminder', '同一件事') // prettier-ignore
  await Promise.all([work(), work(), work()])
  await work()
  expect(wecom.cards).toHaveLength(12)
  // Neither of them needs to know again what it has.
  expect([wecom.sends.flat().length, mail.asked, new Set(mail.shown.map(({ to }) => to)).size]).toEqual([12, 12, 12])
})

test('the same words to many go to WeCom in one call; who is no member is named in the log, and can be tried again', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, (_, n) => reachable(`众人${n}`)))
  for (const { user } of people.slice(1)) wecom.members.add(user)
  await say(people.map(({ person }) => person), 'result', '已批准：甲') // prettier-ignore
  await work()
  expect(wecom.cards).toHaveLength(7)
  // All in one call.
  expect(wecom.sends.map((users) => users.length)).toEqual([8])
  const [failed, ...none] = await log('?state=failed')
  expect([failed!.personName, failed!.problem, none]).toEqual(['众人0', '对方拒收', []])
  expect(await log(`?person=${people[0]!.person}&channel=wecom`)).toHaveLength(1)
  expect(await log('?state=sent')).toHaveLength(7)
  wecom.members.clear()
  expect((await asOfficer('POST', `/api/deliveries/${failed!.id}/again`)).status).toBe(200)
  await work()
  expect([wecom.cards.length, (await log('?state=failed')).length]).toEqual([8, 0])
  expect((await asOfficer('POST', `/api/deliveries/${failed!.id}/again`)).status).toBe(404)
  expect((await (await h.signIn(people[0]!.person)).call('GET', '/api/deliveries')).status).toBe(403)
})

test('after a day nobody is told from outside any more; a letter that is refused for good is not sent again', async () => {
  const [one, two] = [await reachable('久等'), await reachable('无此邮箱')]
  wecom.fault = 'away'
  mail.faults.push(550)
  await say([two.person], 'reminder', '甲证到期')
  await work()
  await say([one.person], 'task', '待您审批：戊')
  for (let hour = 0; hour < 25; hour++) {
    await work()
    later(60)
  }
  expect(await states()).toEqual([
    'email failed 对方拒收',
    'wecom failed 一直连不上，已过 24 小时',
    'wecom failed 一直连不上，已过 24 小时',
  ])
})

test('A0740 a notice whose publisher wants it goes by short message too; one without that mark does not', async () => {
  const one = await reachable('收信人')
  const publisher = await h.signIn(await h.person('医务处长', { unit: '医务处', roles: ['medicalOffice'] }))
  const body = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: '请按要求落实。' }] }] }
  const publish = async (title: string, sms: boolean) => {
    const given = { title, body, kind: 'hospital', to: [`person:${one.person}`], sms }
    const { record } = (await publisher.call('POST', '/api/records/notices.notice', given)).json<RecordAnswer>()
    expect((await publisher.call('POST', `/api/notices/${record.id}/publish`, { version: record.version })).status).toBe(200)
  }
  await publish('不发短信的通知', false)
  await publish('发短信的通知', true)
  await work()
  expect(sms.taken.map(({ mobile, text }) => [mobile, text])).toEqual([[one.mobile, '【杏林医院】通知：发短信的通知']])
})

test('what cannot work is told before anything is started; without TLS mail goes nowhere but to this machine', async () => {
  const from = { XINGLIN_SMTP_FROM: 'xinglin@hospital.cn' }
  expect(() => waysFromEnvironment({ ...from, XINGLIN_SMTP_URL: 'mail.hospital.cn' })).toThrow('XINGLIN_SMTP_URL')
  expect(() => waysFromEnvironment({ XINGLIN_SMTP_URL: mail.url })).toThrow('XINGLIN_SMTP_FROM')
  expect(noOtherWays.mail).toBeNull()
  const elsewhere = waysFromEnvironment({ ...from, XINGLIN_SMTP_URL: `smtp://localhost.localdomain:${mail.port}` }).mail!
  expect(await elsewhere.send({ id: 'x', to: 'a@b.cn', subject: 's', text: 't' })).toBe('away')
  elsewhere.close()
  expect(mail.shown).toEqual([])
})
