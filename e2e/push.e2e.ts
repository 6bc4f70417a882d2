import { afterAll, beforeAll, expect, test } from 'vitest'
import { PushService } from '#app/testing/push-service.ts'
import { call, freePort } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { may, module, person, resource, text, unit } from '#model'
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
  },
})
export default module('talks', {
  label: '讲学',
  resources: [lecture],
  flows: [flow('talks.lecture', { label: '院外讲学审批', steps: [approve('head', '科主任审核', { by: headOf() })] })],
  roles: { staffMember: [may.readOwn(lecture), may.create(lecture)], departmentHead: [may.read(lecture, 'myUnits')] },
})
`
const [service, port] = await Promise.all([new PushService().start(), freePort()])
const environment = { XINGLIN_URL: `http://127.0.0.1:${port}`, XINGLIN_OUTGOING: '127.0.0.0/8' }
const { as, by, sql } = stage(declaration, environment, port, { whole: true })
afterAll(() => service.stop())
const soon = { timeout: 20_000 }
// These journeys are made by night as well.
beforeAll(() => sql(`INSERT INTO kernel.setting VALUES ('quietHours', '{"from": 0, "to": 0}')`))

const theSwitch = (v: Visitor) => v.page.getByRole('switch', { name: '浏览器推送' })
const applied = (v: Visitor, topic: string) => call(v, 'POST', '/api/records/talks.lecture', { topic })

test('A0747 where the browser reaches no push service, or does not allow it, the switch stays off and says why', async () => {
  for (const size of ['desk', 'phone'] as const)
    await as('liwd', size, async (v) => {
      await v.page.context().grantPermissions(['notifications'])
      await v.goto('/messages/ways')
      await v.page.getByText('还没有浏览器开启推送').waitFor()
      // This Chromium has no maker’s service behind it.
      await theSwitch(v).click()
      await v.page.getByText('连不上浏览器厂商的推送服务').waitFor()
      expect(await theSwitch(v).isChecked()).toBe(false)
      await v.picture(`push-not-reached-${size}`)
    })
})

test('A0747 a browser that is switched on shows what came while no page is looked at, once; a click leads to it; signing out ends it', async () => {
  await by('liwd', async (v) => {
    await v.page.context().grantPermissions(['notifications'])
    // In the place of the maker's service stands one that opens and proves what comes; all else is the browser's own.
    await v.page.addInitScript((given) => {
      const json = JSON.parse(given) as PushSubscriptionJSON
      let made: object | null = null
      const subscription = { endpoint: json.endpoint, toJSON: () => json, unsubscribe: () => Promise.resolve(((made = null), true)) }
      Object.assign(PushManager.prototype, { subscribe: () => Promise.resolve((made = subscription)), getSubscription: () => Promise.resolve(made) })
    }, JSON.stringify(service.subscription('办公室')))
    await v.goto('/messages/ways')
    await theSwitch(v).click()
    await v.page.getByText('（本机）').waitFor()
    await v.page.getByText('已开启 1 个').waitFor()
    expect(await theSwitch(v).isChecked()).toBe(true)
    await v.picture('push-on-desk')
    await by('zhanght', async (other) => void (await applied(other, '脊柱微创')))
    await expect.poll(() => service.shown.length, soon).toBe(1)
    const pushed = service.shown[0]!
    expect(pushed.title).toMatch(/^待您审批：/)

    const devtools = await v.page.context().newCDPSession(v.page)
    const registrationId = new Promise<string>((resolve) => devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0].registrationId)))
    await devtools.send('ServiceWorker.enable')
    const origin = new URL(v.page.url()).origin
    const deliver = async () => devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registrationId, data: pushed.text })
    const shown = () => v.page.evaluate(async () => {
      const those = await (await navigator.serviceWorker.ready).getNotifications()
      return those.map(({ title, data }) => [title, data as unknown])
    })
    // He looks at the page, where it stands already: that one is not shown. Then no page of the house is open any more; a service may deliver twice.
    await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registrationId, data: pushed.text.replace(pushed.title, '在眼前') })
    await v.page.goto('about:blank')
    await deliver()
    await deliver()
    await v.goto('/messages/ways')
    await expect.poll(shown, soon).toEqual([[pushed.title, pushed.link]])
    await v.page.context().serviceWorkers()[0]!.evaluate(async () => {
      const worker = globalThis as unknown as { registration: ServiceWorkerRegistration; NotificationEvent: new (name: string, of: { notification: Notification }) => Event }
      const [notification] = await worker.registration.getNotifications()
      dispatchEvent(new worker.NotificationEvent('notificationclick', { notification: notification! }))
    })
    await v.page.getByRole('heading', { name: '审批经过' }).waitFor()
    await v.page.getByText('脊柱微创').first().waitFor()
    expect(await shown()).toEqual([])
    await v.goto('/messages/ways')

    await v.page.getByRole('button', { name: '停用' }).click()
    await v.page.getByText('还没有浏览器开启推送').waitFor()
    await theSwitch(v).click()
    await v.page.getByText('（本机）').waitFor()
    expect(await sql(`SELECT count(*)::int AS n FROM kernel.push_device`)).toMatchObject({ rows: [{ n: 1 }] })
    await v.goto('/me')
    await v.page.getByRole('button', { name: '退出登录' }).click()
    await v.page.getByRole('button', { name: '登录', exact: true }).waitFor()
    expect(await sql(`SELECT count(*)::int AS n FROM kernel.push_device`)).toMatchObject({ rows: [{ n: 0 }] })
  })
}) // prettier-ignore
