// A stock, once a person, opening hours and buttons are set by clicking; a doctor meets them on the phone, the head of the store on many records at once.
import { expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as } = stage()
type Given = Record<string, unknown>
const field = (key: string, kind: string, label: string, more: Given = {}): Given => ({ key, kind, label, options: {}, ...more })
const grants = [
  { role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' },
  { role: 'medicalOffice', actions: ['read', 'create', 'update', 'delete'], scope: 'hospital' },
]
/** Draws and publishes a type through the interface, as the workshop's pages do. */
async function make(v: Visitor, content: Given): Promise<string> {
  const { body } = await call<{ name: string }>(v, 'POST', '/api/designs/type', { content })
  const asked = await call<{ id: string }>(v, 'POST', '/api/publishings', { items: [{ kind: 'type', name: body.name }] })
  await expect
    .poll(async () => (await call<{ state: string }>(v, 'GET', `/api/publishings/${asked.body.id}`)).body.state, { timeout: 60_000 })
    .toBe('done')
  return body.name
}
/** Chooses in a select that bears this name. */
async function choose(v: Visitor, label: string, option: string): Promise<void> {
  await v.page.getByRole('combobox', { name: label, exact: true }).click()
  await v.page.locator('.ant-select-dropdown:visible .ant-select-item-option').getByText(option, { exact: true }).click()
}

let device = ''
let loan = ''
test('limits and buttons are drawn by clicking', async () => {
  await as('sysadmin', 'desk', async (v) => {
    const { page } = v
    device = await make(v, { label: '急救设备', title: 'xname01', grants: [...grants, { role: 'staffMember', actions: ['read'], scope: 'hospital' }], fields: [field('xname01', 'text', '设备名称', { required: true, search: true }), field('xstock1', 'integer', '库存', { required: true })] })
    loan = await make(v, { label: '急救设备借用', title: 'xwhy001', grants, fields: [
      field('xwhy001', 'text', '用途', { required: true }), field('xwhich1', 'reference', '设备', { required: true, options: { target: device } }), field('xcount1', 'integer', '数量', { required: true }),
      field('xback01', 'boolean', '已归还', { readOnly: true }), field('xwhen01', 'date', '归还日期', { readOnly: true }),
    ], limits: { caps: [{ by: 'person', per: 'ever', most: 1, where: { field: 'xback01', op: 'ne', value: true } }] } }) // prettier-ignore
    await v.goto(`/designs/type/${loan}`)
    await page.getByRole('tab', { name: '设置' }).click()
    await choose(v, '限制 1 按什么计', '每个“设备”')
    await choose(v, '限制 1 上限', '它的“库存”')
    await choose(v, '限制 1 计什么', '“数量”之和')
    await page.getByLabel('每天自').fill('25:00')
    await page.getByLabel('每天至').fill('24:00')
    await page.getByText('时间写作 08:00').waitFor()
    await v.picture('limits-wrong-desk')
    await page.getByLabel('每天自').fill('')
    await page.getByLabel('每天至').fill('')
    await page.getByText('时间写作 08:00').waitFor({ state: 'hidden' })
    await v.picture('limits-setting-desk')
    await page.getByRole('tab', { name: '按钮' }).click()
    await page.getByRole('button', { name: '添加按钮' }).click()
    await page.getByLabel('按钮 1 上的字').fill('归还')
    await page.getByRole('button', { name: '添加字段' }).click()
    await choose(v, '按钮 1 设置 1 字段', '已归还')
    await page.getByRole('group', { name: '按钮 1' }).getByText('是', { exact: true }).click()
    await page.getByRole('button', { name: '添加字段' }).click()
    await choose(v, '按钮 1 设置 2 字段', '归还日期')
    await page.getByLabel('按钮 1 点按前的提问').fill('设备已经收到并检查过？')
    await page.getByText('在列表中也能对选中的多条使用').click()
    await page.getByRole('status').getByText('草稿已保存').waitFor()
    await v.picture('buttons-tab-desk')
    await page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
    await page.getByRole('dialog').getByText('增加按钮“归还”').waitFor()
    await page.getByRole('dialog').getByText('修改填报限制').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: /发\s*布/ }).click()
    await page.getByText('与生效的一致').waitFor({ timeout: 60_000 })
  })
}, 240_000) // prettier-ignore

test('what is lent out is not lent again; a button gives it back on the phone and in the list', async () => {
  let scope = ''
  await as('zhoumin', 'desk', async (v) => {
    const made = await call<{ record: { id: string } }>(v, 'POST', `/api/records/${device}`, { xname01: '除颤仪', xstock1: 2 })
    scope = made.body.record.id
    for (const why of ['院前', '培训']) expect((await call(v, 'POST', `/api/records/${loan}`, { xwhy001: why, xwhich1: scope, xcount1: 1 })).status).toBe(201)
  })
  await as('zhanght', 'phone', async (v) => {
    await v.goto(`/r/${loan}/new?xwhich1=${scope}`)
    await v.page.getByLabel('用途').fill('转运')
    await v.page.getByLabel('数量').fill('1')
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('“除颤仪”已经没有了，最多 2').first().waitFor()
    await v.picture('limits-refused-phone')
  })
  await as('zhoumin', 'desk', async (v) => {
    const { page } = v
    await v.goto(`/r/${loan}`)
    for (const why of ['院前', '培训']) await page.getByRole('row', { name: new RegExp(why) }).getByRole('checkbox').click()
    await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '归还' }).click()
    await page.getByRole('dialog').getByText('设备已经收到并检查过？').waitFor()
    await v.picture('buttons-list-desk')
    await page.getByRole('dialog').getByRole('button', { name: /归\s*还/ }).click()
    await page.getByText('2 条全部成功').waitFor()
  })
  await as('zhanght', 'phone', async (v) => {
    const { page } = v
    const made = await call<{ record: { id: string } }>(v, 'POST', `/api/records/${loan}`, { xwhy001: '转运', xwhich1: scope, xcount1: 1 })
    expect(made.status).toBe(201)
    await v.goto(`/r/${loan}/${made.body.record.id}`)
    await page.getByRole('button', { name: /归\s*还/ }).waitFor()
    await v.picture('buttons-record-phone')
    await page.getByRole('button', { name: /归\s*还/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: /归\s*还/ }).click()
    await page.getByText('归还：已完成').waitFor()
    await expect.poll(async () => (await call<{ record: Given }>(v, 'GET', `/api/records/${loan}/${made.body.record.id}`)).body.record['xback01']).toBe(true)
  })
}, 240_000) // prettier-ignore
