import { describe, expect, test } from 'vitest'
import type { ApiRecord } from '#model'
import { call } from './acting.ts'
import { type Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { choice, date, decimal, group, integer, ledger, may, module, person, resource, text, unit } from '#model'
const asset = resource('asset.asset', {
  label: '设备',
  title: 'name',
  fields: {
    name: text('名称', { required: true, search: true, max: 20 }),
    unit: unit('科室'),
    keeper: person('保管人'),
    kind: choice('类别', { device: '器械', furniture: '家具' }),
    boughtOn: date('购置日期'),
    count: integer('数量', { min: 0 }),
    price: decimal('单价', 2),
  },
  list: { columns: ['name', 'unit', 'keeper', 'kind', 'boughtOn', 'count', 'price'], sort: ['name'] },
})
export default module('asset', {
  label: '资产',
  dependsOn: ['organisation', 'staff'],
  resources: [asset],
  roles: { staffMember: [may.read(asset)], medicalOffice: [may.all(asset)] },
  menu: [group('资产', [ledger(asset, { icon: 'book' })])],
})
`.trim()
const resource = 'asset.asset'

const { as } = stage(declaration)

const stored = async (v: Visitor) => (await call<{ rows: ApiRecord[] }>(v, 'GET', `/api/records/${resource}?limit=100`)).body.rows
const cell = (v: Visitor, row: number, label: string) =>
  v.page
    .getByRole('grid')
    .getByRole('row')
    .nth(row)
    .getByRole('gridcell')
    .nth(['名称', '科室', '保管人', '类别', '购置日期', '数量', '单价'].indexOf(label))
/** As a spreadsheet puts a block on the clipboard and a person presses Ctrl+V. */
const paste = (v: Visitor, text: string) =>
  v.page.evaluate((given) => {
    const data = new DataTransfer()
    data.setData('text/plain', given)
    document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)

describe('a list as a spreadsheet', () => {
  test('the officer types, pastes a block with wrong cells, goes back a step, saves what is right, mends the rest, and takes it back', async () => {
    await as('zhoumin', 'desk', async (v) => {
      for (let i = 1; i <= 60; i++)
        await call(v, 'POST', `/api/records/${resource}`, { name: `设备 ${String(i).padStart(2, '0')}`, count: i })
      await v.goto(`/r/${resource}`)
      await v.page.getByText('设备 01').waitFor()
      await v.page.getByRole('button', { name: '表格编辑' }).click()
      const page = v.page
      const said = page.locator('.x-sheet-bar')
      // A cell is changed by typing into it.
      await cell(v, 1, '数量').click()
      await page.keyboard.type('25')
      await page.keyboard.press('Enter')
      await said.getByText('已改 1 格').waitFor()
      // A block as people have it: names of units and people, labels of choices, days as they write them; two cells that cannot be.
      await cell(v, 2, '科室').click()
      await paste(v, '骨科\t张海涛\t器械\t2026.3.5\t7\r\n骨科\t没有此人\t家具\t2026年4月1日\t-3\r\n')
      await said.getByText('已改 11 格，其中 2 格有误').waitFor()
      await cell(v, 3, '保管人').click()
      await page.getByText('没有名叫“没有此人”的人员').waitFor()
      await v.picture('list-sheet-desk')
      await page.getByRole('button', { name: '撤销一步' }).click()
      await said.getByText('已改 1 格').waitFor()
      await cell(v, 3, '保管人').click()
      await page.keyboard.press('Control+y')
      await said.getByText('已改 11 格').waitFor()
      await page.getByRole('button', { name: '保存 9 格' }).click()
      await said.getByText('已改 2 格，其中 2 格有误').waitFor()
      const rows = await stored(v)
      expect(rows[0]).toMatchObject({ name: '设备 01', count: 25 })
      expect(rows[1]).toMatchObject({ kind: 'device', boughtOn: '2026-03-05', count: 7 })
      expect(rows[2]).toMatchObject({ kind: 'furniture', boughtOn: '2026-04-01', count: 3, keeper: null })
      // The wrong ones are mended where they are: one by the field's own input, one by typing.
      await cell(v, 3, '数量').click()
      await page.keyboard.type('8')
      await page.keyboard.press('Tab')
      await cell(v, 3, '保管人').click()
      await page.keyboard.press('Delete')
      await said.getByText('已改 1 格').waitFor()
      await page.keyboard.press('Control+s')
      await said.getByText('已保存 1 格').waitFor()
      expect((await stored(v))[2]).toMatchObject({ count: 8 })
      await page.getByRole('button', { name: '改回原来的值' }).click()
      await page.getByRole('button', { name: '保存 1 格' }).click()
      await said.getByText('已保存 1 格').waitFor()
      expect((await stored(v))[2]).toMatchObject({ count: 3 })
      // One value fills the cells below it; what a person cannot change says so and is left alone.
      await cell(v, 4, '类别').dblclick()
      await page.locator('.x-cell-editor').getByText('家具', { exact: true }).click()
      await page.keyboard.press('Enter')
      await cell(v, 4, '类别').click()
      await cell(v, 7, '类别').click({ modifiers: ['Shift'] })
      await page.keyboard.press('Control+d')
      await said.getByText('已改 4 格').waitFor()
      await page.keyboard.press('Control+s')
      await said.getByText('已保存 4 格').waitFor()
      expect((await stored(v)).slice(3, 8).map((row) => row['kind'])).toEqual(['furniture', 'furniture', 'furniture', 'furniture', null])
    })
  })

  test('a cell that somebody else has just changed is not written over before one has seen it', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(`/r/${resource}`)
      await v.page.getByText('设备 10').waitFor()
      await v.page.getByRole('button', { name: '表格编辑' }).click()
      await cell(v, 10, '数量').click()
      await v.page.keyboard.type('500')
      await v.page.keyboard.press('Enter')
      const before = (await stored(v))[9]!
      expect(
        await call(v, 'PATCH', `/api/records/${resource}/${before.id}`, { version: before.version, changes: { count: 44 } }),
      ).toMatchObject({ status: 200 })
      await v.page.getByRole('button', { name: '保存 1 格' }).click()
      await cell(v, 10, '数量').click()
      await v.page.getByText('这一格所在的记录刚被别人改过').waitFor()
      expect((await stored(v))[9]).toMatchObject({ count: 44 })
      await v.page.getByRole('button', { name: '保存 1 格' }).click()
      await v.page.locator('.x-sheet-bar').getByText('已保存 1 格').waitFor()
      expect((await stored(v))[9]).toMatchObject({ count: 500 })
    })
  })

  test('a block of 500 × 7 goes on over rows that are not loaded yet; what does not fit is told; edits outlive filters and leaving the spreadsheet', async () => {
    await as('zhoumin', 'desk', async (v) => {
      const { page } = v
      const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({ name: `仪器 ${String(from + i).padStart(3, '0')}` })) // prettier-ignore
      for (let at = 1; at <= 500; at += 50) await Promise.all(rows(at, 50).map((row) => call(v, 'POST', `/api/records/${resource}`, row)))
      await v.goto(`/r/${resource}?search=仪器`)
      await page.getByText('仪器 001').waitFor()
      await page.getByRole('button', { name: '表格编辑' }).click()
      await cell(v, 1, '名称').click()
      // Ten cells of it are wrong; two lines are more than the list has.
      const line = (i: number) =>
        [`仪器 ${String(i).padStart(3, '0')}甲`, '骨科', '张海涛', '器械', '2026-03-05', i % 50 ? String(i) : '很多', '1.5'].join('\t')
      await paste(v, Array.from({ length: 502 }, (_, i) => line(i + 1)).join('\r\n'))
      const said = page.locator('.x-sheet-bar')
      await said.getByText('已改 3500 格，其中 10 格有误').waitFor({ timeout: 30_000 })
      await page.getByText('14 格超出了列表的范围').waitFor()
      // The rows are looked at otherwise: no edit is lost.
      await page.getByRole('searchbox').fill('没有这样的')
      await page.getByText('没有符合条件的记录').waitFor()
      await said.getByText('已改 3500 格').waitFor()
      await page.getByRole('button', { name: '表格编辑' }).click()
      await page.getByRole('button', { name: '表格编辑（3500 格未保存）' }).click()
      await page.getByRole('button', { name: '保存 3490 格' }).click()
      await said.getByText('已改 10 格，其中 10 格有误').waitFor({ timeout: 60_000 })
      const found = await call<{ rows: ApiRecord[] }>(v, 'GET', `/api/records/${resource}?search=仪器&sort=name&limit=200`)
      expect(found.body.rows.slice(48, 50)).toMatchObject([
        { name: '仪器 049甲', kind: 'device', count: 49 },
        { name: '仪器 050甲', kind: 'device', count: null },
      ])
      await page.getByRole('button', { name: '放弃修改' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '放弃修改' }).click()
      await said.getByText('已保存 3490 格').waitFor()
    })
  })

  test('the same value is set in the records that are chosen, each with its answer', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto(`/r/${resource}`)
      await v.page.getByText('设备 20').waitFor()
      for (const at of [20, 21, 22])
        await v.page
          .getByRole('checkbox', { name: '选择', exact: true })
          .nth(at - 1)
          .click()
      await v.page.getByRole('button', { name: '批量修改' }).click()
      await v.page.getByLabel('变更的项目').click()
      await v.page.locator('.ant-select-dropdown:visible').getByText('类别', { exact: true }).click()
      await v.page.locator('.x-batch-field').getByText('器械', { exact: true }).click()
      await v.picture('list-batch-edit-desk')
      await v.page.getByRole('button', { name: '修改 3 条' }).click()
      await v.page.getByText('3 条全部成功').waitFor()
      expect((await stored(v)).slice(18, 23).map((row) => row['kind'])).toEqual([null, 'device', 'device', 'device', null])
    })
  })

  test('records are deleted together, found in the recycle bin, and brought back together', async () => {
    await as('zhoumin', 'desk', async (v) => {
      const { page } = v
      const choose = async (count: number) => {
        for (let at = 0; at < count; at++) await page.getByRole('checkbox', { name: '选择', exact: true }).nth(at).click()
      }
      const allDone = async () => {
        await page.getByText('2 条全部成功').waitFor()
        await page.getByRole('button', { name: '知道了' }).click()
      }
      await v.goto(`/r/${resource}`)
      await page.getByText('设备 01').waitFor()
      await choose(2)
      await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '删除' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
      await allDone()
      await page.getByText('设备 01').waitFor({ state: 'detached' })
      // One page shows what was deleted of all kinds, and by whom.
      await v.goto('/bin')
      await page.getByText('周敏 于').first().waitFor()
      await v.picture('bin-desk')
      await page.getByRole('listitem').filter({ hasText: '设备 02' }).getByRole('button', { name: '恢复' }).click()
      await page.getByText('“设备 02”已恢复').waitFor()
      await v.goto(`/r/${resource}`)
      await page.getByText('设备 02').waitFor()
      await choose(1)
      await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '删除' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
      await page.getByText('1 条全部成功').waitFor()
      await page.getByRole('button', { name: '知道了' }).click()
      await page.getByRole('button', { name: '更多' }).click()
      await page.getByRole('menuitem', { name: '回收站' }).click()
      await page.getByText('设备 01').waitFor()
      await choose(2)
      await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '恢复' }).click()
      await allDone()
      await page.getByText('回收站是空的').waitFor()
      expect((await stored(v)).slice(0, 2).map((row) => row['name'])).toEqual(['设备 01', '设备 02'])
    })
  })
})
