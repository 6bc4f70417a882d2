import { expect, test } from 'vitest'
import { deflateSync, crc32 } from 'node:zlib'
import type { ApiRecord } from '#model'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, sql } = stage(`
import { files, group, images, ledger, may, module, person, resource, text } from '#model'
const visit = resource('ward.visit', {
  label: '巡查记录',
  title: 'name',
  owner: { person: 'by' },
  fields: {
    by: person('巡查人', { required: true, default: 'me' }),
    name: text('名称', { required: true, max: 50 }),
    photos: images('照片'),
    papers: files('材料'),
  },
  list: { columns: ['name', 'photos', 'papers', 'by'] },
})
export default module('ward', {
  label: '巡查',
  dependsOn: ['organisation'],
  resources: [visit],
  roles: { staffMember: [may.readOwn(visit), may.create(visit, 'own')] },
  menu: [group('巡查', [ledger(visit)])],
})
`)
/** A picture of stripes, as large as asked. */
function png(width: number, height: number, hue: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const lines = Buffer.alloc(height * (width * 3 + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) lines.set([(x >> hue) & 255, (y >> 2) & 255, 128], y * (width * 3 + 1) + 1 + x * 3)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
const photos = [
  { name: '三病区走廊.png', mimeType: 'image/png', buffer: png(1600, 1200, 1) },
  { name: '抢救车封条.png', mimeType: 'image/png', buffer: png(900, 1600, 3) },
]
const papers = [
  { name: '检查清单.csv', mimeType: 'text/csv', buffer: Buffer.from('项目,结果,说明\n"抢救车,封条",完好,"编号 ""07"""\n除颤仪,待充电,\n') },
  { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('夜班交接时发现走廊堆放被服车。\n'.repeat(12_000)) },
  {
    name: '旧系统导出.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('<h1>标题</h1><script>window.ran = true; parent.ran = true</script>'),
  },
  { name: '归档.zip', mimeType: 'application/zip', buffer: Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]) },
]
const sentSmall = async (v: Visitor, work: () => Promise<void>, count: number) => {
  let done = 0
  v.page.on('response', (answer) => {
    if (answer.request().method() === 'PUT' && answer.url().endsWith('/thumbnail') && answer.status() === 204) done++
  })
  await work()
  await expect.poll(() => done).toBe(count)
}
const preview = (v: Visitor) => v.page.locator('dialog.x-preview')
const percent = async (v: Visitor) => Number.parseInt(await v.page.getByRole('button', { name: '适合窗口' }).innerText())

for (const size of ['desk', 'phone'] as const)
  test(`on the ${size} pictures are sent small, seen small in the list, leafed through, turned and enlarged; text is text`, async () => {
    await as('zhanght', size, async (v) => {
      const { page } = v
      await v.goto('/r/ward.visit/new')
      await page.getByLabel('名称').fill(`夜查 ${size}`)
      const inputs = page.locator('input[type=file]:not([capture])')
      for (const photo of photos) {
        await sentSmall(v, () => inputs.nth(0).setInputFiles(photo), 1)
        await page.getByRole('button', { name: `移除 ${photo.name}` }).waitFor()
      }
      await inputs.nth(1).setInputFiles(papers)
      for (const { name } of papers) await page.getByRole('button', { name: `移除 ${name}` }).waitFor()
      await v.picture(`files-form-${size}`)
      await page.getByRole('button', { name: '保存', exact: true }).click()
      await page.waitForURL(/ward\.visit\/[0-9a-f-]{36}$/)
      // Shown small, and small indeed.
      const small = page.locator('.x-photos img').first()
      await expect.poll(() => small.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight])).toEqual([320, 240])

      await page.getByRole('button', { name: '查看 三病区走廊.png' }).click()
      await preview(v).getByText('1 / 2').waitFor()
      await expect
        .poll(() =>
          preview(v)
            .locator('img')
            .evaluate((img: HTMLImageElement) => img.naturalWidth),
        )
        .toBe(1600)
      await expect.poll(() => percent(v)).toBeLessThan(100)
      const fit = await percent(v)
      await page.getByRole('button', { name: '放大' }).click()
      await page.getByRole('button', { name: '放大' }).click()
      expect(await percent(v)).toBeGreaterThan(fit * 1.8)
      await page.getByRole('button', { name: '向右转' }).click()
      await v.picture(`files-turned-${size}`)
      await page.getByRole('button', { name: '适合窗口' }).click()
      await (size === 'phone' ? fingers(v) : wheelAndKeys(v))
      await preview(v).getByText('2 / 2').waitFor()
      expect(await page.getByRole('button', { name: '下一个' }).isDisabled()).toBe(true)
      await page.keyboard.press('Escape')
      await preview(v).waitFor({ state: 'detached' })

      await page.getByRole('button', { name: '检查清单.csv' }).click()
      await preview(v).getByRole('cell', { name: '编号 "07"' }).waitFor()
      expect(await preview(v).getByRole('columnheader').allInnerTexts()).toEqual(['项目', '结果', '说明'])
      await v.picture(`files-table-${size}`)
      await page.getByRole('button', { name: '下一个' }).click()
      await preview(v).getByText('只显示前 256 kB，全文请下载查看。').waitFor()
      await page.getByRole('button', { name: '下一个' }).click()
      await preview(v).getByText('<h1>标题</h1>').waitFor()
      expect(await page.evaluate(() => (window as { ran?: boolean }).ran)).toBeUndefined()
      await page.getByRole('button', { name: '下一个' }).click()
      await preview(v).getByText('这种文件不能在页面里预览。').waitFor()
      await page.getByRole('button', { name: '关闭' }).click()

      await v.goto('/r/ward.visit')
      const thumb = page.locator('.x-thumb img').first()
      await expect.poll(() => thumb.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeLessThanOrEqual(320)
      await v.picture(`files-list-${size}`)
    })
  })

/** The wheel over the picture, and the keys. */
async function wheelAndKeys(v: Visitor): Promise<void> {
  const before = await percent(v)
  await v.page.keyboard.press('+')
  await v.page.keyboard.press('0')
  await v.page.mouse.move(700, 450)
  await v.page.mouse.wheel(0, -400)
  await expect.poll(() => percent(v)).toBeGreaterThan(before)
  await v.page.keyboard.press('ArrowRight')
}
/** Two fingers apart, and one across, as a screen tells of them. */
async function fingers(v: Visitor): Promise<void> {
  const before = await percent(v)
  const tell = (type: string, id: number, x: number, y: number) =>
    v.page.locator('.x-picture-frame').dispatchEvent(type, { pointerId: id, pointerType: 'touch', isPrimary: id === 1, clientX: x, clientY: y, bubbles: true })
  await v.page.locator('.x-picture-frame').evaluate((frame) => ((frame as HTMLElement).setPointerCapture = () => undefined))
  for (const [type, id, x] of [['pointerdown', 1, 180], ['pointerdown', 2, 220], ['pointermove', 1, 120], ['pointermove', 2, 280], ['pointerup', 1, 120], ['pointerup', 2, 280]] as const) await tell(type, id, x, 400)
  expect(await percent(v)).toBeGreaterThan(before * 2)
  await v.page.getByRole('button', { name: '适合窗口' }).click()
  for (const [type, x] of [['pointerdown', 300], ['pointermove', 150], ['pointerup', 120]] as const) await tell(type, 1, x, 400)
} // prettier-ignore

test('a picture whose content is gone says so in its place, and so does a file that is no more', async () => {
  await as('zhanght', 'desk', async (v) => {
    const { page } = v
    await v.goto('/r/ward.visit')
    const { body } = await call<{ rows: ApiRecord[] }>(v, 'GET', '/api/records/ward.visit?limit=10')
    const record = body.rows[0]!
    const [photo] = record['photos'] as string[]
    const [paper] = record['papers'] as string[]
    await sql(`UPDATE kernel.file SET hash = repeat('0', 64) WHERE id = $1`, [photo])
    await sql(`DELETE FROM kernel.file WHERE id = $1`, [paper])
    await v.goto(`/r/ward.visit/${record.id}`)
    await page.getByText('文件已不在，或您无权查看').waitFor()
    await page
      .getByRole('button', { name: /^查看 / })
      .first()
      .click()
    await preview(v).getByText('文件的内容已不在，请联系信息科').waitFor()
    await v.picture('files-gone-desk')
  })
})
