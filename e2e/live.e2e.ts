import { expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { date, group, ledger, may, module, person, resource, text, unit } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/index.ts'

const visit = resource('visits.visit', {
  label: '外出会诊',
  title: 'topic',
  owner: { person: 'doctor', department: 'department' },
  approval: 'visits.visit',
  fields: {
    doctor: person('医师', { required: true, default: 'me' }),
    department: unit('科室', { required: true, from: 'doctor.unit' }),
    topic: text('病情', { required: true, max: 100 }),
    on: date('日期', { required: true }),
  },
})
export default module('visits', {
  label: '会诊',
  resources: [visit],
  flows: [flow('visits.visit', { label: '外出会诊审批', steps: [approve('head', '科主任审核', { by: headOf() })] })],
  roles: { staffMember: [may.readOwn(visit), may.create(visit)], departmentHead: [may.read(visit, 'myUnits')] },
  menu: [group('会诊', [ledger(visit)])],
})
`
const { as } = stage(declaration)
async function apply(v: Visitor, topic: string): Promise<void> {
  expect((await call(v, 'POST', '/api/records/visits.visit', { topic, on: '2027-03-01' })).status).toBe(201)
}
/** What the badge beside 待办 says. */
async function badge(v: Visitor): Promise<number> {
  const link = v.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '待办' })
  return Number((await link.locator('b').allInnerTexts())[0] ?? 0)
}
const mark = (v: Visitor) => v.page.evaluate(() => void ((globalThis as { stays?: boolean }).stays = true))
const isSamePage = (v: Visitor) => v.page.evaluate(() => (globalThis as { stays?: boolean }).stays === true)

test('what one person submits is in another’s badge and list at once, without a reload and without a storm', async () => {
  await as('liwd', 'desk', async (head) => {
    const counted = head.page.waitForResponse('**/api/counts')
    await head.goto('/tasks')
    await counted
    await mark(head)
    const asked: string[] = []
    head.page.on('request', (request) => request.url().endsWith('/api/counts') && asked.push(request.url()))
    await as('zhanght', 'desk', async (doctor) => {
      const before = await badge(head)
      await apply(doctor, '疑难骨折')
      await expect.poll(() => badge(head), { timeout: 3000, interval: 50 }).toBe(before + 1)
      await head.page.getByText('疑难骨折').filter({ visible: true }).first().waitFor({ timeout: 3000 })
      asked.length = 0
      const start = Date.now()
      for (let n = 1; n <= 6; n++) await apply(doctor, `会诊 ${n}`)
      await expect.poll(() => badge(head), { timeout: 5000, interval: 50 }).toBe(before + 7)
      // The minute's polling would be far too late for this. One question a second at most, and one at the end.
      expect(asked.length).toBeLessThanOrEqual(Math.ceil((Date.now() - start) / 1000) + 1)
    })
    expect(await isSamePage(head)).toBe(true)
  })
}, 120_000)

test('a record that stands open shows what somebody else has just made of it', async () => {
  await as('zhanght', 'desk', async (doctor) => {
    const { body } = await call<{ record: { id: string; flow: { instance: string } } }>(doctor, 'POST', '/api/records/visits.visit', { topic: '开着的记录', on: '2027-03-01' })
    const watching = doctor.page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().includes('/api/live/') && answer.request().postData()!.includes(body.record.id))
    await doctor.goto(`/r/visits.visit/${body.record.id}`)
    await doctor.page.locator('.x-tag', { hasText: '审批中' }).filter({ visible: true }).first().waitFor()
    expect(await (await watching).json()).toEqual({ isWatching: true })
    await mark(doctor)
    // Somebody is just typing beside it.
    await doctor.page.getByRole('tab', { name: '沟通' }).click()
    const words = doctor.page.getByRole('textbox', { name: '消息', exact: true })
    await words.fill('我再补一张')
    await words.evaluate((box) => box.setAttribute('data-mark', 'mine'))
    await as('liwd', 'desk', async (head) => {
      const path = `/api/approvals/${body.record.flow.instance}`
      const { version, my } = (await call<{ version: number; my: { task: { id: string } } }>(head, 'GET', path)).body
      expect((await call(head, 'POST', `${path}/acts`, { kind: 'approve', actId: crypto.randomUUID(), seenVersion: version, task: my.task.id })).status).toBe(200)
    })
    await doctor.page.locator('.x-tag', { hasText: '已生效' }).filter({ visible: true }).first().waitFor({ timeout: 3000 })
    expect([await words.inputValue(), await words.getAttribute('data-mark')]).toEqual(['我再补一张', 'mine'])
    expect(await isSamePage(doctor)).toBe(true)
  })
}, 120_000) // prettier-ignore

test('where the stream does not get through, the minute’s polling does', async () => {
  await as('liwd', 'desk', async (head) => {
    await head.page.route('**/api/live', (route) => route.abort())
    await head.page.clock.install()
    await head.goto('/tasks')
    await head.page.getByRole('heading', { name: '待办' }).filter({ visible: true }).first().waitFor()
    await mark(head)
    await as('zhanght', 'desk', async (doctor) => {
      const before = await badge(head)
      await apply(doctor, '断流时的申请')
      await head.page.clock.fastForward(61_000)
      await expect.poll(() => badge(head), { timeout: 5000 }).toBe(before + 1)
    })
    expect(await isSamePage(head)).toBe(true)
  })
}, 120_000)
