import { expect, test } from 'vitest'
import { readFile } from 'node:fs/promises'
import type { ApiRecord } from '#model'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

// A register of the product itself, as its officer works in it from the first file of the year to the last: nothing is prepared by other means.
const { as } = stage()
const resource = 'staff.certificate'
const stored = async (v: Visitor, search: string) =>
  (await call<{ rows: ApiRecord[] }>(v, 'GET', `/api/records/${resource}?sort=number&search=${encodeURIComponent(search)}`)).body.rows
const paste = (v: Visitor, text: string) =>
  v.page.evaluate((given) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', given)
    document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)

const head = '医务人员工号,证书名称,类型,编号,发证日期,有效期止'
const right = [
  '10003,介入放射培训证,放射工作人员证,FS-01,2024.3.1,2028-02-29',
  '10005,介入放射培训证,放射工作人员证,FS-02,20240301,2028-02-29',
  '10006,介入放射培训证,技术培训合格证,FS-03,2024-03-01,2026-12-31',
  '10007,介入放射培训证,技术培训合格证,FS-04,2024-03-01,2026-12-31',
]
const wrong = '10003,介入放射培训证,放射工作人员证,FS-05,2024-03-01,2020-01-01'

async function importLines(v: Visitor, lines: readonly string[], told: string, taken: number): Promise<void> {
  await v.goto(`/import/${resource}`)
  const buffer = Buffer.from([head, ...lines].join('\n'))
  await v.page.getByLabel('要导入的文件').setInputFiles({ name: '证书.csv', mimeType: 'text/csv', buffer })
  await v.page.getByRole('button', { name: '检查数据' }).click()
  if (told) await v.page.getByText(told).first().waitFor()
  await v.page.getByRole('button', { name: `导入 ${taken} 条` }).click()
  await v.page.getByText('导入完成').waitFor()
}
const choose = async (v: Visitor, label: string, option: string) => {
  const dropdown = v.page.locator('.ant-select-dropdown:visible')
  await v.page.getByLabel(label, { exact: true }).click()
  await dropdown.getByText(option, { exact: true }).click()
  await v.page.locator('.x-group-chooser > b').first().click()
  await dropdown.waitFor({ state: 'hidden' })
}
const tick = (v: Visitor, name: RegExp) => v.page.getByRole('row', { name }).getByRole('checkbox').check()

test('the officer’s ledger from import to recycle bin: nothing is lost on the way', async () => {
  await as('zhoumin', 'desk', async (v) => {
    const { page } = v
    // Import with an error, mended and loaded again; a second file is taken back whole.
    await importLines(v, [...right, wrong], '有效期止不能早于发证日期', 4)
    await importLines(v, [...right, wrong.replace('2020-01-01', '2028-02-29')], '', 1)
    await importLines(v, ['10006,误导入的证,其他,X-1,,'], '', 1)
    await page.getByRole('button', { name: '撤销这批' }).filter({ visible: true }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^撤\s?销$/ })
      .click()
    await page
      .getByText(/已撤销/)
      .first()
      .waitFor()
    expect([(await stored(v, '介入放射')).length, (await stored(v, '误导入')).length]).toEqual([5, 0])

    // Found, filtered in words, grouped, drawn, and kept as a view.
    await v.goto(`/r/${resource}?search=${encodeURIComponent('介入放射')}`)
    await page.getByText('FS-05').waitFor()
    await page.getByRole('group', { name: '筛选条件' }).getByText('类型', { exact: false }).click()
    await page.getByRole('checkbox', { name: '放射工作人员证' }).click()
    await page.getByRole('checkbox', { name: '技术培训合格证' }).click()
    await page.getByRole('button', { name: '应用' }).click()
    await page
      .getByText(/类型 .*放射工作人员证/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: '分组与汇总' }).click()
    await choose(v, '增加分组', '类型')
    await page.getByRole('heading', { name: '资质证书' }).click()
    await page.getByRole('treegrid').getByRole('button', { name: '放射工作人员证 3 条' }).waitFor()
    await page.getByRole('button', { name: '图表' }).click()
    await choose(v, '横轴', '类型')
    await page.getByRole('heading', { name: '资质证书' }).click()
    await page
      .getByRole('region', { name: '图表' })
      .getByRole('button', { name: /技术培训合格证.* 2/ })
      .waitFor()
    await v.picture('ledger-chart-desk')
    await page.getByRole('button', { name: '另存为视图' }).click()
    await page.getByPlaceholder('例如：').fill('介入证书')
    await page.getByText('共享给').click()
    await page.getByRole('button', { name: '保存视图' }).click()
    await page.getByRole('tab', { name: '介入证书' }).and(page.locator('[aria-selected=true]')).waitFor()

    // One cell, then a block, in the spreadsheet.
    await v.goto(`/r/${resource}?search=${encodeURIComponent('介入放射')}&sort=number&columns=number,issuer,name`)
    await page.getByText('FS-01').waitFor()
    await page.getByRole('button', { name: '表格编辑' }).click()
    const issuer = (row: number) => page.getByRole('row').nth(row).getByRole('gridcell').nth(1)
    await issuer(1).click()
    await page.keyboard.type('省卫生健康委')
    await page.keyboard.press('Enter')
    await issuer(2).click()
    await paste(v, '市卫生健康委\r\n省医学会\r\n省医学会\r\n')
    await page.getByRole('button', { name: '保存 4 格' }).click()
    await page.locator('.x-sheet-bar').getByText('已保存 4 格').waitFor()
    expect((await stored(v, '介入放射')).map((row) => row['issuer'])).toEqual([
      '省卫生健康委',
      '市卫生健康委',
      '省医学会',
      '省医学会',
      null,
    ])

    // Many at once.
    await v.goto(`/r/${resource}?search=${encodeURIComponent('介入放射')}&sort=number`)
    await tick(v, /FS-03/)
    await tick(v, /FS-04/)
    await page.getByRole('button', { name: '批量修改' }).click()
    await page.getByLabel('变更的项目').click()
    await page.locator('.ant-select-dropdown:visible').getByText('类型', { exact: true }).click()
    await page.getByLabel('类型改为').click()
    await page.locator('.ant-select-dropdown:visible').getByText('其他', { exact: true }).click()
    await page.getByRole('button', { name: '修改 2 条' }).click()
    await page.getByText('2 条全部成功').waitFor()
    await page.getByRole('button', { name: '知道了' }).click()

    // Taken along, shared, thrown away and fetched back.
    await page.getByRole('button', { name: '导出' }).first().click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('CSV').click()])
    expect((await readFile(await download.path(), 'utf8')).split('\n').filter((line) => line.includes('FS-'))).toHaveLength(5)
    await tick(v, /FS-01/)
    await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '分享' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '生成链接和二维码' }).click()
    await page.getByRole('img', { name: /二维码/ }).waitFor()
    await v.picture('ledger-share-desk')
    await v.goto(`/r/${resource}?search=${encodeURIComponent('介入放射')}&sort=number`)
    await tick(v, /FS-05/)
    await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '删除' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await page.getByText('1 条全部成功').waitFor()
    expect((await stored(v, '介入放射')).length).toBe(4)
    await v.goto('/bin')
    await page.getByRole('listitem').filter({ hasText: '介入放射培训证' }).first().getByRole('button', { name: '恢复' }).click()
    await page.getByText('“介入放射培训证”已恢复').waitFor()
    expect((await stored(v, '介入放射')).map((row) => row['number'])).toEqual(['FS-01', 'FS-02', 'FS-03', 'FS-04', 'FS-05'])
  })
})

test('the doctor sees his own certificates on the phone, finds one, opens it and what became of it; nobody else’s', async () => {
  await as('zhanght', 'phone', async (v) => {
    const { page } = v
    await v.goto(`/r/${resource}`)
    const card = page.locator('.x-record-card').filter({ hasText: 'FS-02' })
    await card.waitFor()
    expect(await page.locator('.x-record-card').count()).toBe(1)
    await v.picture('ledger-phone')
    await page.getByPlaceholder('名称、拼音首字母、编号').fill('jrfs')
    await page.waitForURL(/search=jrfs/)
    await card.click()
    await page.getByText('市卫生健康委').filter({ visible: true }).first().waitFor()
    await page.getByRole('tab', { name: '修改历史' }).click()
    await page.locator('.x-history').getByText('周敏').first().waitFor()
    await v.picture('ledger-record-phone')
  })
})
