import { BinaryBitmap, HybridBinarizer, QRCodeReader, RGBLuminanceSource } from '@zxing/library'
import { expect, test } from 'vitest'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const declaration = `
import { date, group, integer, ledger, longText, may, module, money, resource, rows, text, unit } from '#model'

const purchase = resource('buy.purchase', {
  label: '采购登记',
  title: 'topic',
  owner: { department: 'department' },
  fields: {
    topic: text('品名', { required: true, max: 100 }), department: unit('科室'), supplier: text('供应商'), on: date('到货日期'), budget: money('预算', { inWords: true }), reason: longText('说明'),
    lines: rows('明细', { name: text('名称'), amount: integer('数量'), price: money('单价') }, { totals: { price: 'sum' } }),
  },
})
export default module('buy', { label: '采购', resources: [purchase], roles: { medicalOffice: [may.all(purchase)], systemOfficer: [may.read(purchase)] }, menu: [group('采购', [ledger(purchase)])] })
`
const { as, by, stranger } = stage(declaration)
const soon = { timeout: 30_000 }
async function made(v: Visitor, topic: string): Promise<string> {
  const { body } = await call<{ record: { id: string } }>(v, 'POST', '/api/records/buy.purchase', {
    topic, supplier: '华东器械有限公司', on: '2026-07-01', budget: '32000.50', reason: '原设备已到年限，维修费用高。',
    lines: [{ name: '主机', amount: 1, price: '30000.00' }, { name: '电池', amount: 2, price: '1000.25' }],
  }) // prettier-ignore
  return body.record.id
}
const drawn = async (v: Visitor) => {
  const page = v.page.getByRole('img', { name: '第 1 页' })
  await page.waitFor(soon)
  // Drawn, and not only there.
  await expect.poll(() => page.evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement
    const data = width > 0 ? (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, Math.min(height, 900)).data : []
    return data.some((value, at) => at % 4 === 0 && value < 90)
  }), soon).toBe(true)
} // prettier-ignore

test('a record is printed from its page, several from their list; on a phone too', async () => {
  await by('zhoumin', async (v) => {
    const ids = [await made(v, '除颤仪'), await made(v, '输液泵')]
    await v.goto(`/r/buy.purchase/${ids[0]}`)
    await v.page.getByRole('button', { name: '更多操作' }).click()
    await v.page.getByRole('menuitem', { name: '打印' }).click()
    await drawn(v)
    await v.picture('printing-desk')
    await v.page.getByRole('combobox', { name: '版式' }).click()
    await v.page.getByTitle('标签', { exact: true }).click()
    await drawn(v)
    await v.picture('printing-label-desk')
    // Of a list one prints what one has chosen, each by its layout; the list itself goes out as a table.
    await v.goto('/r/buy.purchase')
    await v.page.getByText('输液泵').first().waitFor(soon)
    expect(await v.page.getByRole('button', { name: '更多', exact: true }).count()).toBe(1)
    await v.page.getByRole('button', { name: '更多', exact: true }).click()
    await v.page.getByRole('menuitem', { name: '回收站' }).waitFor(soon)
    expect(await v.page.getByRole('menuitem', { name: /打印/ }).count()).toBe(0)
    await v.page.keyboard.press('Escape')
    await v.page.getByRole('checkbox').first().click()
    await v.page.getByRole('button', { name: '打印记录' }).click()
    await v.page.getByRole('img', { name: '第 2 页' }).waitFor(soon)
    expect(new URL(v.page.url()).searchParams.get('ids')!.split(',').sort()).toEqual([...ids].sort())
    await v.goto('/print/buy.purchase')
    await v.page.getByText('没有选择要打印的记录').waitFor(soon)
  })
  await as('zhoumin', 'phone', async (v) => {
    const id = await made(v, '监护仪')
    await v.goto(`/print/buy.purchase?ids=${id}`)
    await drawn(v)
    await v.picture('printing-phone')
  })
})

test('an implementer draws a template, moves what stands on it, looks at it, publishes it; the office prints by it', async () => {
  await by('sysadmin', async (v) => {
    await v.goto('/printing')
    await v.page.getByRole('button', { name: '新建打印模板' }).first().click()
    await v.page.getByRole('combobox', { name: '打印哪种记录' }).fill('采购登记')
    await v.page.keyboard.press('Enter')
    await v.page.getByPlaceholder('例如：采购通知单').fill('采购红头文件')
    await v.page.getByRole('combobox', { name: '从哪里开始' }).click()
    await v.page.getByTitle('红头文件', { exact: true }).click()
    await v.page.getByRole('button', { name: '开始设计' }).click()
    const head = v.page.getByRole('button', { name: /^文字“\{医院名称\}文件”/ })
    await head.waitFor(soon)
    await v.picture('print-designer-desk')
    // Moved by the pointer, then back by one step, then by keys.
    const box = (await head.boundingBox())!
    await v.page.mouse.move(box.x + 20, box.y + 10)
    await v.page.mouse.down()
    await v.page.mouse.move(box.x + 20, box.y + 70, { steps: 5 })
    await v.page.mouse.up()
    await v.page
      .getByRole('button', { name: /左 28 上 (?!52 )/ })
      .first()
      .waitFor(soon)
    await v.page.getByRole('button', { name: '撤销' }).click()
    await v.page.getByRole('button', { name: /^文字“\{医院名称\}文件”，左 28 上 52 毫米/ }).waitFor(soon)
    await head.focus()
    await v.page.keyboard.press('ArrowDown')
    await v.page.getByRole('button', { name: /左 28 上 53 毫米/ }).waitFor(soon)
    // A fault is told where it is, and cannot be published.
    await v.page.getByRole('button', { name: '文字“请在此填写正文。”' }).click()
    const panel = v.page.getByRole('complementary', { name: '文字', exact: true })
    await panel.getByRole('textbox').first().fill('同意购置{品明}，由{supplier}供货。')
    await panel.getByText('没有字段“品明”，是不是“品名”？').waitFor(soon)
    await v.picture('print-designer-fault-desk')
    const publish = v.page.locator('.x-head-acts').getByRole('button', { name: '发布' })
    const dialog = v.page.getByRole('dialog', { name: '发布' })
    await publish.click()
    await dialog.getByText('还有 1 处问题，改好才能发布').waitFor(soon)
    expect(await dialog.getByRole('button', { name: '发布', exact: true }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: /没有字段“品明”/ }).click()
    await panel.getByRole('textbox').first().fill('同意购置{品名}，由{supplier}供货。')
    await panel.getByText('没有字段“品明”').waitFor({ ...soon, state: 'detached' })
    // Somebody else keeps another draft of it meanwhile: it is decided whose stays.
    const at = `/api/designs/print/${new URL(v.page.url()).pathname.split('/').at(-1)}`
    await v.page.getByText('草稿已保存').waitFor(soon)
    const theirs = (await call<{ content: object; revision: number }>(v, 'GET', at)).body
    expect((await call(v, 'PUT', at, { content: { ...theirs.content, label: '同事改的' }, revision: theirs.revision })).status).toBe(200)
    await panel.getByRole('textbox').first().fill('同意购置{品名}，由{supplier}尽快供货。')
    await v.page.getByText('这个定义刚被别人修改').waitFor(soon)
    await v.page.getByRole('button', { name: '用我的覆盖' }).click()
    await expect.poll(async () => (await call<{ content: { label: string } }>(v, 'GET', at)).body.content.label, soon).toBe('采购红头文件')
    // Looked at with invented words, then with what a record says.
    await v.page.getByRole('tab', { name: '预览' }).click()
    await drawn(v)
    await v.picture('print-designer-preview-desk')
    await v.page.getByRole('combobox', { name: '用哪条记录预览' }).fill('除颤仪')
    const asked = v.page.waitForRequest((request) => request.url().endsWith('/api/print-templates/preview'))
    await v.page.getByTitle('除颤仪', { exact: true }).click()
    const looked = (await asked).postDataJSON() as { record: string | null }
    expect(looked.record).toMatch(/^[0-9a-f-]{36}$/)
    expect((await (await asked).response())!.status()).toBe(200)
    await drawn(v)
    await v.picture('print-designer-record-desk')
    await publish.click()
    await dialog.getByRole('button', { name: '发布', exact: true }).click()
    await v.page.getByText('已发布').first().waitFor(soon)
    await v.page.getByRole('tab', { name: '版本' }).click()
    await v.page.getByText('第 1 版').waitFor(soon)
    await v.goto('/printing')
    await v.page.getByRole('link', { name: '采购红头文件' }).waitFor(soon)
    await v.picture('print-templates-desk')
  })
  await by('zhoumin', async (v) => {
    const id = await made(v, '呼吸机')
    await v.goto(`/print/buy.purchase?ids=${id}`)
    await drawn(v)
    await v.page.getByRole('combobox', { name: '版式' }).click()
    const printed = v.page.waitForResponse((answer) => answer.url().endsWith('/api/prints/buy.purchase'))
    await v.page.getByTitle('采购红头文件', { exact: true }).click()
    await printed
    await v.page.getByRole('img', { name: '第 2 页' }).waitFor(soon)
    await drawn(v)
    await v.picture('printing-official-desk')
  })
  await as('sysadmin', 'phone', async (v) => {
    await v.goto('/printing')
    await v.page.getByRole('link', { name: '采购红头文件' }).click()
    await drawn(v)
    await v.picture('print-designer-phone')
  })
})

/** What the code says that is drawn on the first page. */
async function codeOn(v: Visitor): Promise<string> {
  const { width, height, grey } = await v.page.getByRole('img', { name: '第 1 页' }).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height)
    return { width, height, grey: Array.from({ length: width * height }, (_, at) => data[at * 4]!) }
  })
  const source = new RGBLuminanceSource(Uint8ClampedArray.from(grey), width, height)
  return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText()
}
test('a stranger who follows the code of a paper learns whether it holds, and from a wrong one nothing', async () => {
  await by('sysadmin', async (v) => {
    const content = { label: '采购凭单', resource: 'buy.purchase', verify: ['topic'], blocks: [{ id: 'b1', kind: 'verify', height: 60 }] }
    const { name } = (await call<{ name: string }>(v, 'POST', '/api/designs/print', { content })).body
    expect((await call(v, 'POST', '/api/publishings', { items: [{ kind: 'print', name }], note: '' })).status).toBeLessThan(300)
  })
  const address = await by('zhoumin', async (v) => {
    const id = await made(v, '呼吸机')
    const { choices } = (await call<{ choices: { name: string; label: string }[] }>(v, 'GET', '/api/prints/buy.purchase')).body
    await v.goto(`/print/buy.purchase?ids=${id}&by=${choices.find(({ label }) => label === '采购凭单')!.name}`)
    await drawn(v)
    return codeOn(v)
  })
  expect(address).toMatch(/^http.*\/v\/[\w-]{20}$/)
  await stranger('phone', async (v) => {
    await v.goto(new URL(address).pathname)
    await v.page.getByText('打印件真实，内容没有变化').waitFor(soon)
    await v.page.getByText('呼吸机').waitFor(soon)
    await v.picture('print-verify-phone')
    await v.goto('/v/AAAAAAAAAAAAAAAAAAAA')
    await v.page.getByText('可能是伪造的').waitFor(soon)
    expect(await v.page.getByText('呼吸机').count()).toBe(0)
  })
})
