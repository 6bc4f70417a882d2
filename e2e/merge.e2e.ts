import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { type Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { date, group, ledger, may, module, reference, resource, text } from '#model'
const maker = resource('supply.maker', {
  label: '供应商',
  title: 'name',
  fields: { name: text('名称', { required: true, search: true }), phone: text('电话'), city: text('城市') },
  list: { columns: ['name', 'phone', 'city'], sort: ['name'] },
})
const bill = resource('supply.bill', {
  label: '耗材登记',
  title: 'name',
  closing: { date: 'on' },
  fields: { name: text('名称', { required: true, search: true }), on: date('日期', { required: true }), maker: reference('供应商', 'supply.maker') },
  list: { columns: ['name', 'on', 'maker'], sort: ['name'] },
})
export default module('supply', {
  label: '物资',
  resources: [maker, bill],
  roles: { staffMember: [may.read(maker), may.read(bill)], medicalOffice: [may.all(maker), may.all(bill), may.close(bill)] },
  menu: [group('物资', [ledger(maker), ledger(bill)])],
})
`.trim()

const { as, by } = stage(declaration)
const create = async (v: Visitor, type: string, draft: object) => {
  const made = await call<{ record: { id: string } }>(v, 'POST', `/api/records/supply.${type}`, draft)
  expect(made.status).toBe(201)
  return made.body.record.id
}

test('the officer finds suppliers entered twice, compares and merges them, and takes it back from the bin', async () => {
  await by('zhoumin', async (v) => {
    await create(v, 'maker', { name: '康宁医疗', phone: '0755-1' })
    await create(v, 'maker', { name: '康寧 医疗', city: '深圳' })
    const third = await create(v, 'maker', { name: '康宁　医疗', city: '广州' })
    await create(v, 'bill', { name: '纱布', on: '2026-10-08', maker: third })
    await v.goto('/r/supply.maker')
    await v.page.getByRole('button', { name: '更多' }).click()
    await v.page.getByText('查找重复').click()
    await v.page.getByRole('button', { name: '查找', exact: true }).click()
    await v.page.getByText('名称相同的 2 条').waitFor()
    await v.picture('duplicates-desk')
    await v.page.getByRole('button', { name: '比较并合并' }).click()
    await v.page.getByRole('columnheader', { name: /1 处引用/ }).waitFor()
    await v.page.getByRole('row', { name: /电话/ }).getByRole('radio').first().check()
    await v.page.getByRole('button', { name: '合并 2 条' }).click()
    await v.page.getByText('请填写合并的理由').waitFor()
    await v.page.getByLabel('理由').fill('重复登记')
    await v.picture('merge-desk')
    await v.page.getByRole('button', { name: '合并 2 条' }).click()
    await v.page.getByText(/已合并，\d 处引用/).waitFor()
    await v.page.locator('.x-facts').getByText('0755-1').waitFor()
    await v.goto('/bin')
    await v.page.getByRole('link', { name: '康宁医疗' }).click()
    await v.page.getByText('已合并到').waitFor()
    await v.picture('merged-away-desk')
    await v.page.getByRole('button', { name: '恢复' }).click()
    await v.page.getByText('已恢复').waitFor()
    await v.page.getByText('已合并到').waitFor({ state: 'detached' })
  })
  await as('zhoumin', 'phone', async (v) => {
    await v.goto('/r/supply.maker')
    await v.page.getByRole('button', { name: '选择' }).click()
    for (const city of ['深圳', '广州']) await v.page.getByRole('checkbox', { name: new RegExp(city) }).click()
    await v.page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '合并' }).click()
    await v.page.getByRole('row', { name: /城市/ }).getByRole('radio', { name: '城市取这一条的' }).first().check()
    await v.picture('merge-phone')
    await v.page.getByLabel('理由').fill('同一家')
    await v.page.getByRole('button', { name: '合并 2 条' }).click()
    await v.page.getByText(/已合并，\d 处引用/).waitFor()
  })
})

test('the officer closes a month: nobody changes what lies in it, until it is opened again with a reason', async () => {
  const id = await by('zhoumin', async (v) => {
    const bill = await create(v, 'bill', { name: '缝线', on: '2026-09-30' })
    await v.goto('/closings')
    await v.page.getByRole('button', { name: '封账' }).click()
    const dialog = v.page.getByRole('dialog')
    await dialog.getByLabel('封到哪一天（含）').fill('2026-09-30')
    await dialog.getByRole('button', { name: '封账' }).click()
    await dialog.getByText('请填写理由').waitFor()
    await dialog.getByLabel('理由').fill('三季度结账')
    await dialog.getByRole('button', { name: '封账' }).click()
    await v.page.getByText('封账到 2026-09-30', { exact: true }).waitFor()
    await v.picture('closings-desk')
    const late = await call<{ title: string }>(v, 'POST', '/api/records/supply.bill', { name: '补记', on: '2026-09-01' })
    expect([late.status, late.body.title]).toEqual([409, expect.stringContaining('截至 2026-09-30 已封账（周敏于')])
    return bill
  })
  await as('zhoumin', 'phone', async (v) => {
    await v.goto(`/r/supply.bill/${id}`)
    await v.page.getByText('截至 2026-09-30 已由 周敏 封账').waitFor()
    expect(await v.page.getByRole('button', { name: '编辑' }).count()).toBe(0)
    await v.picture('closed-record-phone')
    await v.goto('/closings')
    await v.page.getByRole('button', { name: '解封' }).click()
    await v.page.getByRole('dialog').getByLabel('理由').fill('补录一笔')
    await v.page.getByRole('dialog').getByRole('button', { name: '解封' }).click()
    await v.page.getByText('全部解封').waitFor()
    await v.picture('closings-phone')
    await v.goto(`/r/supply.bill/${id}`)
    await v.page.getByRole('button', { name: '编辑' }).waitFor()
  })
})
