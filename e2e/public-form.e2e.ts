import { expect, test } from 'vitest'
import { stage } from './stage.ts'
import type { Visitor } from './running.ts'

const { by, stranger, sql } = stage(`
import { choice, date, group, ledger, may, module, phone, resource, text, unit } from '#model'
const visit = resource('desk.visit', {
  label: '参观登记',
  title: 'name',
  owner: { department: 'unit' },
  publicForm: { fields: ['name', 'kind', 'on', 'mobile'], note: '请填写来访信息，我们会尽快联系您。' },
  fields: {
    name: text('单位与姓名', { required: true, search: true, max: 60 }),
    unit: unit('接待科室'),
    kind: choice('来访类别', { study: '参观学习', service: '设备维护' }, { required: true }),
    on: date('日期', { required: true }),
    mobile: phone('联系电话', { required: true, mobileOnly: true }),
    remark: text('接待意见'),
  },
  list: { columns: ['name', 'kind', 'on', 'unit'], filters: ['kind'], sort: ['name'] },
})
export default module('desk', {
  label: '来访',
  dependsOn: ['organisation', 'staff'],
  resources: [visit],
  roles: { staffMember: [may.read(visit, 'myUnits')], medicalOffice: [may.all(visit)] },
  menu: [group('来访', [ledger(visit, { icon: 'book' })])],
})
`)
/** What the picture says, as its reader would see it: out of the program's own store, because no machine is to read it. */
const lastCaptcha = async (): Promise<string> =>
  ((await sql(`SELECT answer FROM kernel.captcha ORDER BY id DESC LIMIT 1`)) as { rows: { answer: string }[] }).rows[0]!.answer
/** Presses, and waits until the picture is drawn anew. */
const redrawn = async ({ page }: Visitor, press: () => Promise<unknown>) =>
  Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/captcha')), press()])
/** Hands out an empty form; the path of its link. */
async function handedOut(v: Visitor): Promise<string> {
  const { page } = v
  await v.goto('/r/desk.visit')
  await page.getByRole('button', { name: '更多' }).click()
  await page.getByText('分享空白表单').click()
  await page.getByRole('dialog').getByText('对外公开（不登录）').click()
  await page.getByRole('button', { name: '生成链接和二维码' }).click()
  await page.getByRole('img', { name: /二维码/ }).waitFor()
  await v.picture('public-form-made-desk')
  return new URL(await page.getByRole('textbox', { name: '链接' }).inputValue()).pathname
}
let path = ''

test('the officer hands out an empty form as a link and a picture to be scanned', async () => {
  await by('sysadmin', async (v) => {
    await v.goto('/settings')
    await v.page.getByText('允许有权限的人员').click()
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('已保存').waitFor()
  })
  path = await by('zhoumin', handedOut)
  expect(path).toMatch(/^\/s\/.{20,}/)
})

test('a stranger on the phone is told what is missing at its place, reads the picture, sends and is thanked', async () => {
  await stranger('phone', async (v) => {
    const { page } = v
    await redrawn(v, () => v.goto(path))
    await page.getByText('请填写来访信息，我们会尽快联系您。').waitFor()
    // What the house decides is not asked.
    expect(await page.getByLabel('接待意见').count()).toBe(0)
    await page.getByLabel('单位与姓名').fill('市二院 王工')
    await page.getByLabel('联系电话').fill('123')
    await page.getByLabel('验证码').fill(await lastCaptcha())
    await redrawn(v, () => page.getByRole('button', { name: '提交' }).click())
    await page.getByText('请填写来访类别').waitFor()
    await page.getByText('请填写日期').waitFor()
    await page.getByText(/手机号/).first().waitFor()
    await v.picture('public-form-problems-phone')
    await page.getByLabel('来访类别').selectOption('service')
    await page.getByLabel('日期').fill('2026-12-01')
    await page.getByLabel('联系电话').fill('13800002222')
    await page.getByLabel('验证码').fill(await lastCaptcha())
    await page.getByRole('button', { name: '提交' }).click()
    await page.getByRole('status').getByText('已提交').waitFor()
    await page.getByText('我们已收到您填写的内容').waitFor()
    await v.picture('public-form-thanks-phone')
  })
}) // prettier-ignore

test('the record stands in the register, marked as filled in by the public, and the link’s log says when', async () => {
  await by('zhoumin', async (v) => {
    const { page } = v
    await v.goto('/r/desk.visit')
    await page.getByText('市二院 王工').click()
    const peek = page.getByRole('complementary', { name: '参观登记详情' })
    await peek.getByText('公开填写').waitFor()
    await peek.getByText('设备维护').waitFor()
    await v.picture('public-form-record-desk')
    await v.goto('/messages')
    await page.getByText('收到一份公开填写的参观登记').waitFor()
    await v.goto('/me/shares')
    await page.getByText('已填写 1 次').waitFor()
    await page.getByRole('button', { name: '打开记录' }).click()
    await page.locator('.x-share-log').getByText('填写', { exact: true }).waitFor()
    expect(await page.locator('.x-share-log li').first().innerText()).toMatch(/\d{2}:\d{2}/)
    await v.picture('public-form-log-desk')
  })
})

test('a link taken back says so to whoever opens it', async () => {
  await by('zhoumin', async (v) => {
    await v.goto('/me/shares')
    await v.page.getByRole('button', { name: '收回' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: '收回' }).click()
    await v.page.getByText('已收回').waitFor()
  })
  await stranger('phone', async (v) => {
    await v.goto(path)
    await v.page.getByText('链接无效，或已失效').waitFor()
    expect(await v.page.getByRole('button', { name: '提交' }).count()).toBe(0)
    await v.picture('public-form-withdrawn-phone')
  })
})

test('who asks too often from one address is told to wait, in words, and loses nothing', async () => {
  const other = await by('zhoumin', handedOut)
  await stranger('phone', async (v) => {
    const { page } = v
    await redrawn(v, () => v.goto(other))
    await page.getByLabel('单位与姓名').fill('市三院 李工')
    // As a script would: until the address is slowed down.
    const statuses = await page.evaluate(async (token) => {
      const seen: number[] = []
      for (let i = 0; i < 100 && seen.at(-1) !== 429; i++) {
        seen.push(
          (await fetch(`/api/s/${token}/captcha`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status,
        )
      }
      return seen
    }, other.split('/').at(-1)!)
    expect(statuses.at(-1)).toBe(429)
    await page.getByRole('button', { name: '换一张' }).click()
    await page.getByText('操作过于频繁，请稍后再试').waitFor()
    await v.picture('public-form-slowed-phone')
    expect(await page.getByLabel('单位与姓名').inputValue()).toBe('市三院 李工')
  })
})
