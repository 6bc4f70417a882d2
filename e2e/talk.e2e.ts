import { expect, test } from 'vitest'
import { call, onePixel } from './acting.ts'
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
// A microphone that hums.
const { as } = stage(declaration, {}, 0, { whole: true, args: ['--use-fake-device-for-media-stream'] })
const soon = { timeout: 4000, interval: 50 }
const write = (v: Visitor) => v.page.getByRole('textbox', { name: '消息' }).filter({ visible: true })
async function say(v: Visitor, text: string): Promise<void> {
  await write(v).fill(text)
  await v.page.keyboard.press('Enter')
}
const said = (v: Visitor) => v.page.locator('.t-words').filter({ visible: true }).allInnerTexts()
async function badge(v: Visitor): Promise<number> {
  const link = v.page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '沟通' })
  return Number((await link.locator('b').allInnerTexts())[0] ?? 0)
}
async function personId(v: Visitor, name: string): Promise<string> {
  const { body } = await call<{ options: { id: string; title: string }[] }>(v, 'GET', `/api/choices/directory.person?search=${encodeURIComponent(name)}`)
  return body.options.find(({ title }) => title === name)!.id
} // prettier-ignore
/** Begins with this colleague by hand. */
async function begin(v: Visitor, name: string): Promise<void> {
  await v.goto('/talk')
  await v.page.getByRole('button', { name: '发起沟通' }).click()
  const dialog = v.page.getByRole('dialog', { name: '发起沟通' })
  await choose(v, name)
  await dialog.getByRole('button', { name: '发消息' }).click()
  await write(v).waitFor()
}
async function choose(v: Visitor, name: string): Promise<void> {
  await v.page.getByLabel('和谁沟通').fill(name)
  await v.page.locator('.ant-select-item-option, [role=option]', { hasText: name }).filter({ visible: true }).first().click()
}

test('B0037 two people at two desks: words, a picture and a mention appear at once on the other side, read marks too; composed words are not sent by Enter', async () => {
  await as('zhanght', 'desk', async (doctor) => {
    await doctor.goto('/tasks')
    await as('liwd', 'desk', async (head) => {
      await begin(head, '张海涛')
      await say(head, '3 床的片子你看了吗')
      await expect.poll(() => badge(doctor), soon).toBe(1)
      await doctor.page.getByRole('link', { name: '沟通' }).first().click()
      await doctor.page.getByRole('button', { name: /李卫东/ }).click()
      await expect.poll(() => said(doctor), soon).toEqual(['3 床的片子你看了吗'])
      await expect.poll(() => badge(doctor), soon).toBe(0)
      await head.page.getByText('已读', { exact: true }).waitFor()
      await write(doctor).fill('看了，附上截图')
      await doctor.page.getByLabel('图片和文件').setInputFiles({ name: '截图.png', mimeType: 'image/png', buffer: onePixel })
      await doctor.page.getByRole('button', { name: '移除 截图.png' }).waitFor()
      // Composed: Enter chooses a word, and sends nothing.
      await write(doctor).dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true })
      expect(await said(doctor)).toHaveLength(1)
      await doctor.page.getByRole('button', { name: '发送' }).click()
      await expect.poll(() => said(head), soon).toEqual(['3 床的片子你看了吗', '看了，附上截图'])
      await head.page.getByRole('button', { name: '查看 截图.png' }).click()
      await head.page.getByRole('dialog', { name: '截图.png' }).getByRole('button', { name: '关闭' }).click()
      await write(head).fill('第一行')
      await head.page.keyboard.press('Shift+Enter')
      await head.page.keyboard.type('<b>第二行</b> https://example.cn/x')
      await head.page.keyboard.press('Enter')
      await expect.poll(async () => (await said(doctor)).at(-1), soon).toBe('第一行\n<b>第二行</b> https://example.cn/x')
      await head.picture('talk-direct-desk')
      // What is no picture is refused at its place, and nothing is lost.
      await doctor.page.getByLabel('图片和文件').setInputFiles({ name: '假图.png', mimeType: 'image/png', buffer: Buffer.from('这不是图片') })
      await doctor.page.getByText('内容与扩展名不符').waitFor()
      await doctor.picture('talk-no-picture-desk')
      await doctor.page.getByRole('button', { name: '取消 假图.png' }).click()
      // Taken back: gone on both sides.
      await doctor.page.locator('.t-message.mine').last().hover()
      await doctor.page.locator('.t-message.mine').last().getByRole('button', { name: /消息操作/ }).click()
      await doctor.page.getByRole('menuitem', { name: '撤回' }).click()
      await doctor.page.getByRole('dialog').getByRole('button', { name: /撤\s?回/ }).click()
      await head.page.getByText('张海涛撤回了一条消息').waitFor()
    })
  })
}) // prettier-ignore

test('B0037 a group on the phone: made, named, spoken in and searched; who is removed has it no more', async () => {
  await as('zhoumin', 'phone', async (office) => {
    await office.goto('/talk')
    await office.page.getByRole('button', { name: '发起沟通' }).click()
    await choose(office, '张海涛')
    await choose(office, '何秀兰')
    await office.page.keyboard.press('Escape').catch(() => undefined)
    await office.page.getByLabel('群名称').fill('手术室改造')
    await office.picture('talk-new-phone')
    await office.page.getByRole('button', { name: /建\s?群/ }).click()
    await write(office).waitFor()
    for (let n = 1; n <= 3; n++) {
      await write(office).fill(`请各位周五前反馈意见 ${n}`)
      await office.page.getByRole('button', { name: '发送' }).click()
    }
    await expect.poll(() => said(office), soon).toHaveLength(3)
    await office.picture('talk-group-phone')
    await as('zhanght', 'phone', async (doctor) => {
      await doctor.goto('/talk')
      await doctor.page.getByRole('button', { name: /手术室改造/ }).waitFor()
      await doctor.picture('talk-list-phone')
      await doctor.page.getByRole('button', { name: /手术室改造/ }).click()
      await write(doctor).pressSequentially('@周')
      await doctor.page.locator('.ant-mentions-dropdown-menu-item', { hasText: '周敏' }).click()
      await write(doctor).pressSequentially('已发您邮箱')
      await doctor.page.getByRole('button', { name: '发送' }).click()
      await expect.poll(async () => (await said(office)).at(-1), soon).toBe('@周敏 已发您邮箱')
      await office.page.getByRole('button', { name: '会话详情' }).click()
      await office.picture('talk-details-phone')
      await office.page.getByRole('tab', { name: '查找' }).click()
      await office.page.getByRole('searchbox', { name: '查找消息' }).fill('邮箱')
      await office.page.keyboard.press('Enter')
      await office.page.getByText('已查全部消息').waitFor()
      await office.page.getByRole('tab', { name: '成员' }).click()
      await office.page.getByRole('button', { name: '管理 张海涛' }).click()
      await office.page.getByRole('menuitem', { name: '移出' }).click()
      await office.page.getByRole('dialog').getByRole('button', { name: /移\s?出/ }).click()
      await doctor.page.getByText('没有这个会话，或您不在其中').waitFor()
    })
  })
}) // prettier-ignore

test('B0037 a voice message: refused in words where the browser gives no microphone, else recorded, sent and played', async () => {
  await as('liwd', 'desk', async (head) => {
    await head.goto(`/talk?with=${await personId(head, '何秀兰')}`)
    await write(head).waitFor()
    await head.page.getByRole('button', { name: '语音' }).click()
    await head.page.getByText(/没有使用麦克风的权限|没有找到麦克风/).waitFor()
    await head.page.context().grantPermissions(['microphone'])
    await head.page.getByRole('button', { name: '语音' }).click()
    await head.page.getByText(/正在录音 0:0[1-9]/).waitFor()
    await head.picture('talk-recording-desk')
    await head.page.getByRole('button', { name: '发送语音' }).click()
    await head.page.getByRole('button', { name: /播放语音/ }).waitFor()
    await as('hexl', 'phone', async (secretary) => {
      await secretary.goto('/talk')
      await secretary.page.getByRole('button', { name: /李卫东/ }).click()
      await secretary.page.getByRole('button', { name: /播放语音/ }).click()
      await secretary.page.getByRole('button', { name: /停止语音/ }).waitFor()
      await secretary.picture('talk-voice-phone')
    })
  })
}) // prettier-ignore

test('B0037 beside a record: said, named, attached on purpose, found in one’s list; what is not attached stands nowhere else', async () => {
  await as('zhoumin', 'desk', async (office) => {
    await office.goto('/r/staff.practitioner')
    const id = await personId(office, '张海涛')
    await office.goto(`/r/staff.practitioner/${id}`)
    await office.page.getByRole('tab', { name: '沟通' }).click()
    await office.page.getByText('还没有人说话').waitFor()
    await office.picture('talk-record-empty-desk')
    await say(office, '职称证书请补扫描件')
    await say(office, '这一句只是闲聊')
    await expect.poll(() => said(office), soon).toHaveLength(2)
    await office.page.getByRole('tab', { name: '沟通 2' }).waitFor()
    await as('zhanght', 'desk', async (doctor) => {
      await doctor.goto(`/r/staff.practitioner/${id}`)
      await doctor.page.getByRole('tab', { name: /沟通/ }).click()
      await say(doctor, '明天补')
      await expect.poll(() => said(office), soon).toEqual(['职称证书请补扫描件', '这一句只是闲聊', '明天补'])
      await expect.poll(() => badge(office), soon).toBe(0)
    })
    await office.picture('talk-record-desk')
    await office.page.locator('.t-message').first().hover()
    await office.page.locator('.t-message').first().getByRole('button', { name: /消息操作/ }).click()
    await office.page.getByRole('menuitem', { name: '附到记录…' }).click()
    await office.page.getByText('已选 1 条').waitFor()
    await office.page.getByRole('button', { name: '附到记录' }).click()
    await office.page.getByRole('dialog', { name: '附到记录' }).getByRole('button', { name: /附\s?上/ }).click()
    await office.page.getByText('已附到记录').waitFor()
    await office.page.getByRole('tab', { name: '内容' }).click()
    const excerpts = office.page.getByRole('region', { name: '沟通摘录' })
    await excerpts.getByText('职称证书请补扫描件').waitFor()
    expect(await excerpts.innerText()).not.toContain('闲聊')
    await office.picture('talk-excerpt-desk')
    await office.goto('/talk')
    await office.page.getByRole('button', { name: /张海涛.*记录|记录.*张海涛/ }).waitFor()
    // Found by name in the palette, and begun from there.
    await office.page.keyboard.press('Control+K')
    await office.page.getByRole('combobox', { name: /.*/ }).last().fill('何秀兰')
    await office.page.getByRole('option', { name: /发消息给 何秀兰/ }).click()
    await office.page.getByRole('region', { name: '何秀兰' }).waitFor()
  })
}) // prettier-ignore

test('B0037 beside an approval: the applicant on the phone and the head at his desk speak before it is decided; a message that does not get through waits and is sent again', async () => {
  await as('zhanght', 'phone', async (doctor) => {
    expect((await call(doctor, 'POST', '/api/records/visits.visit', { topic: '疑难骨折' })).status).toBe(201)
    const mine = await call<{ rows: { instance: string }[] }>(doctor, 'GET', '/api/tasks?view=mine')
    const approval = `/approvals/${mine.body.rows[0]!.instance}`
    await doctor.goto(approval)
    const section = doctor.page.getByRole('region', { name: '沟通' })
    await section.scrollIntoViewIfNeeded()
    await section.getByText('还没有人说话').waitFor()
    await as('liwd', 'desk', async (head) => {
      await head.goto(approval)
      await say(head, '陪同人员写上')
      await head.page.getByText('陪同人员写上').waitFor()
      await head.picture('talk-approval-desk')
      // Nothing was said when the page was opened, and it is not asked for the whole time: the applicant looks again.
      await doctor.goto(approval)
      await expect.poll(() => said(doctor), soon).toEqual(['陪同人员写上'])
      await doctor.page.route('**/api/talks/*/messages', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 409, json: { type: '/problems/flowRefused', code: 'flowRefused', status: 409, title: '暂时发不出' } }) : route.continue()))
      await write(doctor).fill('好的，已补')
      await doctor.page.getByRole('button', { name: '发送' }).click()
      await doctor.page.getByText('没有发出：暂时发不出').waitFor()
      await doctor.picture('talk-approval-phone')
      await doctor.page.unroute('**/api/talks/*/messages')
      await doctor.page.getByRole('button', { name: '重发' }).click()
      await expect.poll(() => said(head), soon).toEqual(['陪同人员写上', '好的，已补'])
    })
    await as('hexl', 'desk', async (secretary) => {
      const { status } = await call(secretary, 'GET', `/api/talks/find?resource=approval&record=${mine.body.rows[0]!.instance}`)
      expect(status).toBe(404)
    })
  })
}) // prettier-ignore
