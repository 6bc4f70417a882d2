import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Route } from 'playwright-core'
import { stage } from './stage.ts'
import type { Visitor } from './running.ts'

const { as } = stage(`
import { files, group, ledger, may, module, person, resource, text } from '#model'
const box = resource('box.box', {
  label: '卷宗',
  title: 'name',
  owner: { person: 'keeper' },
  fields: {
    keeper: person('保管人', { required: true, default: 'me' }),
    name: text('名称', { required: true, max: 50 }),
    papers: files('材料', { maxBytes: 40 * 1024 * 1024 }),
  },
  list: { columns: ['name', 'keeper'] },
})
export default module('box', {
  label: '卷宗',
  dependsOn: ['organisation'],
  resources: [box],
  roles: { staffMember: [may.readOwn(box), may.create(box, 'own')] },
  menu: [group('卷宗', [ledger(box)])],
})
`)
const partBytes = 4 * 1024 * 1024
const film = 'KJ-2026-0117 全髋关节置换术手术录像（第二机位，含术前核对与术后清点）.rar'
const bytes = 4 * partBytes + 4321
/** As large an archive as that, of which nobody looks further than the mark at its beginning. */
const archive = (size: number, fill = ''): Buffer => {
  const content = Buffer.alloc(size, fill)
  content.write('Rar!\x1a\x07\x01\x00', 'latin1')
  return content
}
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinglin-films-'))
  await writeFile(join(folder, film), archive(bytes, '录像0123456789'))
  await writeFile(join(folder, '说明.pdf'), Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600)]))
  await writeFile(join(folder, '过大.rar'), archive(41 * 1024 * 1024))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const parts = /\/api\/uploads\/[^/]+\/parts\/(\d+)$/
/** Notes which parts go out; those from `from` on are cut off on their way while `isCut`. */
async function watch({ page }: Visitor, line: { sent: number[]; isCut: boolean; from: number }) {
  await page.route(parts, async (route: Route) => {
    const part = Number(parts.exec(route.request().url())![1])
    line.sent.push(part)
    if (line.isCut && part >= line.from) await route.abort('connectionreset')
    else await route.continue()
  })
}
const choose = ({ page }: Visitor, name: string) => page.locator('input[type=file]').first().setInputFiles(join(folder, name))
const stored = async ({ page }: Visitor) => {
  const id = await page.locator('.x-file:not(.sending)').count()
  expect(id).toBe(1)
}

for (const size of ['desk', 'phone'] as const)
  test(`a large file is held, cut off and begun anew on the ${size}: only what has not arrived is sent again`, async () => {
    await as('zhanght', size, async (v) => {
      const { page } = v
      const line = { sent: [] as number[], isCut: true, from: 2 }
      await watch(v, line)
      await v.goto('/r/box.box/new')
      await page.getByLabel('名称').fill(`录像 ${size}`)
      await choose(v, film)
      const row = page.locator('.x-file.sending')
      await row.getByText('网络不稳，正在重试').waitFor()
      expect(line.sent.slice(0, 3)).toEqual([0, 1, 2])
      await v.picture(`uploads-cut-${size}`)
      await page.getByRole('button', { name: `暂停 ${film}` }).click()
      await row.getByText(/^已暂停 \d+%$/).waitFor()
      await v.picture(`uploads-held-${size}`)

      // The page is gone; the same file is chosen again.
      await v.goto('/r/box.box/new')
      line.sent = []
      line.isCut = false
      await choose(v, film)
      await page.getByRole('button', { name: `移除 ${film}` }).waitFor()
      expect(line.sent).toEqual([2, 3, 4])
      await stored(v)
      await v.picture(`uploads-done-${size}`)
      const name = page.getByLabel('名称')
      await name.fill(`录像 ${size}`)
      await page.getByRole('button', { name: '保存' }).first().click()
      await page
        .getByRole('heading', { name: `录像 ${size}` })
        .first()
        .waitFor()
      await page.getByRole('button', { name: film }).click()
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载', exact: true }).click()])
      expect(download.suggestedFilename()).toBe(film)
      const length = await page.evaluate(async (address) => (await (await fetch(address)).blob()).size, new URL(download.url()).pathname)
      expect(length).toBe(bytes)
    })
  })

test('what may not be uploaded says why at its place, and can be cleared away', async () => {
  await as('zhanght', 'desk', async (v) => {
    const { page } = v
    await v.goto('/r/box.box/new')
    await choose(v, '说明.pdf')
    await page.getByText('“说明.pdf”是可执行程序，不能上传').waitFor()
    await choose(v, '过大.rar')
    await page.getByText('超过 40.0 MB').waitFor()
    await v.picture('uploads-refused-desk')
    for (const name of ['说明.pdf', '过大.rar']) await page.getByRole('button', { name: `取消 ${name}` }).click()
    expect(await page.locator('.x-file').count()).toBe(0)
  })
})

test('a form that is saved while its draft is still on its way leaves no draft behind', async () => {
  await as('zhanght', 'desk', async (v) => {
    const { page } = v
    const [underWay, submitted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await page.route('**/api/autosave/**', async (route) => {
      if (route.request().method() !== 'PUT') return route.continue()
      underWay.resolve()
      await submitted.promise
      await route.continue()
    })
    await v.goto('/r/box.box/new')
    await page.getByLabel('名称').fill('存得快')
    await underWay.promise
    const answered = (method: string) =>
      page.waitForResponse((one) => one.request().method() === method && one.url().includes('/api/autosave/'))
    const both = Promise.all([answered('PUT'), answered('DELETE')])
    await page.getByRole('button', { name: '保存' }).first().click()
    await page.getByRole('heading', { name: '存得快' }).first().waitFor()
    submitted.resolve()
    await both
    await page.unroute('**/api/autosave/**')
    await v.goto('/r/box.box/new')
    await page.getByLabel('名称').waitFor()
    expect(await page.getByLabel('名称').inputValue()).toBe('')
    expect(await page.getByText('未提交的草稿').count()).toBe(0)
  })
})
