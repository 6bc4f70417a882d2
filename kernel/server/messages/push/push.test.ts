import { createECDH } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DeliveryItem, MessageKind, OwnPush, OwnWays } from '#model'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { PushService } from '#app/testing/push-service.ts'
import { noOtherWays } from '../../access/outside/from-environment.ts'
import { deliverDue } from '../deliver.ts'
import { dispatchNew } from '../dispatch.ts'
import { tell } from '../messages.ts'
import { channelsOf } from '../messaging.ts'
import { encryptFor } from './encrypt.ts'

const service = new PushService()
const publicUrl = 'https://xinglin.hospital.cn'
let h: TestHospital
beforeAll(async () => {
  await service.start()
  h = await hospital({ signIn: { ...noOtherWays, publicUrl }, at: '2026-11-20T10:00:00+08:00' })
  service.now = () => h.clock.now()
})
afterAll(async () => {
  await h[Symbol.asyncDispose]()
  await service.stop()
})
beforeEach(async () => {
  service.shown.length = service.asked = service.faults.length = 0
  await h.kernel.db.query('DELETE FROM kernel.delivery')
  await h.kernel.db.query('DELETE FROM kernel.message')
})
const push = '/api/messages/push'
const on = async (session: HttpSession, browser: string) =>
  (await session.call('POST', push, service.subscription(browser))).json<{ id: string }>().id
const devices = async (session: HttpSession) => (await session.call('GET', push)).json<OwnPush>().devices.length
const say = (people: readonly string[], kind: MessageKind, title: string) =>
  h.system().then((ctx) => tell(ctx, people, { kind, title, body: '内情', link: '/approvals/1' }))
async function work(): Promise<void> {
  const channels = channelsOf(h.kernel, { ...noOtherWays, publicUrl })
  while (await dispatchNew(h.kernel, channels));
  for (const channel of channels) while (await deliverDue(h.kernel, channel, publicUrl));
}
const later = (minutes: number) => h.clock.set(new Date(h.clock.now().getTime() + minutes * 60_000).toISOString())
const titles = () => service.shown.map(({ browser, title }) => `${browser} ${title}`).sort()
async function log(): Promise<string[]> {
  const rows = await h.kernel.db.query<Pick<DeliveryItem, 'channel' | 'state' | 'problem'> & object>('SELECT channel, state, problem FROM kernel.delivery ORDER BY at, id')
  return rows.map((row) => [row.channel, row.state, row.problem].filter(Boolean).join(' ')).sort()
} // prettier-ignore

test('A0747 what is pushed is encrypted as the standard has it (RFC 8291, appendix A)', () => {
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const ours = createECDH('prime256v1')
  ours.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'))
  const keys = { p256dh: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'), auth: bytes('BTBZMqHH6r4Tts7J_aSIgg') }
  expect(encryptFor(keys, 'When I grow up, I want to be a watermelon', { salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'), ours }).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
}) // prettier-ignore

test('A0747 every browser that one has switched on is told by its maker’s service: title and link, once, in the name of one hospital', async () => {
  const one = await h.person('孟小冬')
  const other = await h.person('叶知秋')
  const session = await h.signIn(one)
  expect((await session.call('GET', '/api/messages/ways')).json<OwnWays>().ways.at(-1)).toEqual({ channel: 'push', address: null, obstacle: '还没有浏览器开启推送' })
  const { key } = (await session.call('GET', push)).json<OwnPush>()
  await on(session, '办公室')
  await on(session, '值班室')
  // Once more is the same one.
  await on(session, '值班室')
  expect((await session.call('GET', '/api/messages/ways')).json<OwnWays>().ways.at(-1)).toEqual({ channel: 'push', address: '已开启 2 个', obstacle: null })
  await say([one, other], 'task', '待您审批：甲')
  await work()
  expect(titles()).toEqual(['值班室 待您审批：甲', '办公室 待您审批：甲'])
  expect(Object.keys(JSON.parse(service.shown[0]!.text) as object)).toEqual(['id', 'title', 'link'])
  expect(service.shown[0]!.link).toBe(`${publicUrl}/approvals/1`)
  expect([...service.senders]).toEqual([key])
  expect(await log()).toEqual(['push sent', 'push sent'])
  // The key is made once and does not stand there in the clear, nor do the addresses.
  const [kept] = await h.kernel.db.query<{ text: string }>(`SELECT encode(k.private, 'escape') || string_agg(encode(d.way, 'escape'), '') AS text FROM kernel.push_key k, kernel.push_device d GROUP BY k.private`)
  expect(kept!.text).not.toMatch(/"d"|endpoint|127\.0\.0\.1/)
}) // prettier-ignore

test('A0747 a service that is busy or breaks off is asked again, each browser by itself, and nothing is shown twice', async () => {
  const one = await h.person('沈一帆')
  const session = await h.signIn(one)
  await on(session, '甲')
  await on(session, '乙')
  service.faults.push(429, 'lost')
  await say([one], 'task', '待您审批：乙')
  await work()
  expect(await log()).toEqual(['push waiting 暂时连不上', 'push waiting 暂时连不上'])
  service.faults.push(503)
  later(1)
  await work()
  later(1)
  await work()
  expect(titles()).toEqual(['乙 待您审批：乙', '甲 待您审批：乙'])
  expect([await log(), service.asked]).toEqual([['push sent', 'push sent'], 5])
})

test('A0747 a browser that its service knows no more is forgotten; one that was switched off, or switched on by another person, tells nothing', async () => {
  const one = await h.person('何以宁')
  const session = await h.signIn(one)
  const kept = await on(session, '留下的')
  await on(session, '卸载的')
  service.gone.add('卸载的')
  await say([one], 'task', '待您审批：丙')
  await work()
  expect([titles(), await log(), await devices(session)]).toEqual([['留下的 待您审批：丙'], ['push dropped 这个浏览器已不再接收', 'push sent'], 1])
  const other = await h.signIn(await h.person('林巧'))
  expect((await other.call('DELETE', `${push}/${kept}`)).status).toBe(404)
  // At a machine that both use, whoever comes later has it alone.
  await on(other, '留下的')
  await say([one], 'task', '待您审批：丁')
  await work()
  expect([titles(), await devices(session), await devices(other)]).toEqual([['留下的 待您审批：丙'], 0, 1])
  expect((await other.call('DELETE', `${push}/${(await other.call('GET', push)).json<OwnPush>().devices[0]!.id}`)).status).toBe(200)
  expect(await devices(other)).toBe(0)
}) // prettier-ignore

test('A0747 addresses that lead inside, broken keys and too many browsers are refused in words', async () => {
  const session = await h.signIn(await h.person('顾念'))
  const good = service.subscription('好')
  const refused = async (change: object) => {
    const answer = await session.call('POST', push, { ...good, ...change })
    return `${answer.status} ${String(answer.json()['detail'] ?? answer.json()['title'])}`
  }
  expect(await refused({ endpoint: 'https://10.1.2.3/push' })).toMatch(/^400 不能连接内部地址 10\.1\.2\.3/)
  expect(await refused({ endpoint: 'http://push.example.com/1' })).toBe('400 推送地址须以 https:// 开头')
  expect(await refused({ endpoint: 'file:///etc/passwd' })).toMatch(/^400 地址须以/)
  expect(await refused({ endpoint: `https://push.example.com/${'x'.repeat(2000)}` })).toMatch(/^400 浏览器给出的推送地址不完整/)
  expect(await refused({ keys: { ...good.keys, p256dh: Buffer.alloc(65, 4).toString('base64url') } })).toMatch(
    /^400 浏览器给出的推送密钥不对/,
  )
  expect(await refused({ keys: { ...good.keys, auth: 'AAAA' } })).toMatch(/^400 浏览器给出的推送密钥不对/)
  for (let n = 0; n < 10; n++) await on(session, `第${n}个`)
  expect(await refused({})).toBe('400 最多在 10 个浏览器上接收推送，请先停用不再用的')
})

test('A0747 without an address of its own by TLS the hospital has no push, and says so', async () => {
  expect(channelsOf(h.kernel, noOtherWays)).toEqual([])
  expect(channelsOf(h.kernel, { ...noOtherWays, publicUrl: 'http://10.0.0.8' })).toEqual([])
})
