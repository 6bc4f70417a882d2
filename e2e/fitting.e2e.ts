import { expect, test } from 'vitest'
import type { ApiRecord } from '#model'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { by } = stage(`
import { group, ledger, may, module, reference, resource, rows, text, unit, whereOwn } from '#model'
const room = resource('store.room', {
  label: '库房',
  title: 'name',
  fields: { name: text('名称', { required: true, max: 40, search: true }), unit: unit('科室') },
  list: { columns: ['name', 'unit'] },
})
const loan = resource('store.loan', {
  label: '借用',
  title: 'name',
  fields: {
    name: text('名称', { required: true, max: 40, search: true }),
    unit: unit('科室'),
    room: reference('存放处', 'store.room', { among: whereOwn('unit', 'eq', 'unit') }),
    items: rows('明细', { thing: text('物品'), from: reference('取自', 'store.room', { among: whereOwn('unit', 'eq', 'unit') }) }),
  },
  list: { columns: ['name', 'unit', 'room'], sort: ['name'] },
})
export default module('store', {
  label: '库房',
  dependsOn: ['organisation', 'staff'],
  resources: [room, loan],
  roles: { staffMember: [may.read(room)], medicalOffice: [may.all(room), may.all(loan)] },
  menu: [group('库房', [ledger(loan, { icon: 'book' })])],
})
`)
const units = async (v: Visitor) => {
  const { body } = await call<{ rows: ApiRecord[] }>(v, 'GET', '/api/records/directory.unit?limit=200')
  return (name: string) => body.rows.find((row) => row['name'] === name)!.id
}
async function rooms(v: Visitor) {
  const unit = await units(v)
  const made: Record<string, string> = {}
  for (const [name, of] of [['骨科库房', '骨科'], ['骨科货架', '骨科'], ['普外库房', '普外科']] as const) {
    const { body } = await call<{ record: ApiRecord }>(v, 'POST', '/api/records/store.room', { name, unit: unit(of) })
    made[name] = body.record.id
  }
  return { unit, made }
} // prettier-ignore
const field = (v: Visitor, key: string) => v.page.locator(`[data-field="${key}"]`)
const offered = (v: Visitor) => v.page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
async function pickUnit(v: Visitor, name: string) {
  await field(v, 'unit').locator('.ant-select').click()
  await v.page.keyboard.type(name)
  await v.page.locator('.ant-select-tree-title').getByText(name, { exact: true }).click()
}

test('on the desk: what is offered follows the unit; what no longer fits is taken away and said; lines and cells likewise', async () => {
  await by('zhoumin', async (v) => {
    const { unit, made } = await rooms(v)
    await v.goto('/r/store.loan/new')
    await field(v, 'name').getByRole('textbox').fill('手术床')
    await pickUnit(v, '骨科')
    await field(v, 'room').locator('.ant-select').click()
    await offered(v).getByText('骨科库房').waitFor()
    expect(await offered(v).allInnerTexts()).toEqual(['骨科货架', '骨科库房'])
    await offered(v).getByText('骨科货架').click()
    await v.page.getByText('添加一行').click()
    await field(v, 'items').locator('.ant-select').click()
    await offered(v).getByText('骨科库房').waitFor()
    expect(await offered(v).allInnerTexts()).toEqual(['骨科货架', '骨科库房'])
    await offered(v).getByText('骨科库房').click()
    await pickUnit(v, '普外科')
    await field(v, 'room').getByText('“骨科货架”与“科室”不符，已清除').waitFor()
    await field(v, 'items').getByText('第 1 行的取自“骨科库房”与“科室”不符，已清除').waitFor()
    await v.picture('fitting-cleared-desk')
    await field(v, 'room').locator('.ant-select').click()
    await offered(v).getByText('普外库房').waitFor()
    expect(await offered(v).allInnerTexts()).toEqual(['普外库房'])
    await offered(v).getByText('普外库房').click()
    expect(await field(v, 'room').getByText('已清除').count()).toBe(0)
    await v.page.getByRole('button', { name: '保存', exact: true }).click()
    await v.page.waitForURL(/store\.loan\/[0-9a-f-]{36}$/)

    for (const name of ['甲', '乙']) await call(v, 'POST', '/api/records/store.loan', { name, unit: unit('骨科'), room: made['骨科库房'] })
    await v.goto('/r/store.loan')
    await v.page.getByText('手术床').waitFor()
    await v.page.getByRole('button', { name: '表格编辑' }).click()
    const cell = (row: number, column: number) => v.page.getByRole('grid').getByRole('row').nth(row).getByRole('gridcell').nth(column)
    const rowOf = (name: string) => ['甲', '手术床', '乙'].indexOf(name) + 1
    await cell(rowOf('手术床'), 2).dblclick()
    await offered(v).getByText('普外库房').waitFor()
    expect(await offered(v).allInnerTexts()).toEqual(['普外库房'])
    await v.page.keyboard.press('Escape')
    await v.page.keyboard.press('Escape')
    // A block that brings its own ground is judged by it.
    await cell(rowOf('甲'), 1).click()
    await v.page.evaluate(() => {
      const data = new DataTransfer()
      data.setData('text/plain', '普外科\t普外库房\n')
      document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })
    const said = v.page.locator('.x-sheet-bar')
    await said.getByText('已改 2 格').waitFor()
    expect(await said.getByText('有误').count()).toBe(0)
    await cell(rowOf('乙'), 2).click()
    await v.page.evaluate(() => {
      const data = new DataTransfer()
      data.setData('text/plain', '普外库房\n')
      document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })
    await said.getByText('已改 3 格，其中 1 格有误').waitFor()
    await v.page.getByText('与“科室”不符').first().waitFor()
    await v.picture('fitting-sheet-desk')
    await v.page.getByRole('button', { name: '保存 2 格' }).click()
    await said.getByText('已改 1 格，其中 1 格有误').waitFor()
  })
})

test('on the phone: the sheet of choices follows the unit', async () => {
  await by('zhoumin', async (v) => {
    await v.goto('/r/store.loan/new')
    await field(v, 'name').getByRole('textbox').fill('轮椅')
    await field(v, 'unit').getByRole('button').click()
    await v.page.getByLabel('搜索科室').fill('骨科')
    await v.page.getByRole('option', { name: /^骨科/ }).first().click()
    await field(v, 'room').getByRole('button').click()
    await v.page.getByRole('option', { name: '骨科库房' }).waitFor()
    expect(await v.page.getByRole('option').allInnerTexts()).toEqual(['骨科货架', '骨科库房'])
    await v.page.getByRole('option', { name: '骨科库房' }).click()
    await field(v, 'unit').getByRole('button').click()
    await v.page.getByLabel('搜索科室').fill('普外科')
    await v.page.getByRole('option', { name: /^普外科/ }).first().click()
    await field(v, 'room').getByText('“骨科库房”与“科室”不符，已清除').waitFor()
    await v.picture('fitting-cleared-phone')
  }, 'phone') // prettier-ignore
})
