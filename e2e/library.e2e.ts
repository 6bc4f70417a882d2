// Two hospitals: one keeps the library of forms; the other connects with it, offers a form of its own, and takes one that is there.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DesignAnswer, IssuedKey, LibraryItem, PublishingItem } from '#model'
import { acting, call } from './acting.ts'
import { openBrowser, startProgram, type Running, type Size, type Visitor } from './running.ts'

let [library, hospital]: [Running | undefined, Running | undefined] = [undefined, undefined]
let browser: Browser | undefined
beforeAll(async () => {
  browser = await openBrowser()
  library = await startProgram()
  hospital = await startProgram()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await hospital?.[Symbol.asyncDispose]()
  await library?.[Symbol.asyncDispose]()
})
const at = (program: Running | undefined, part: (v: Visitor) => Promise<void>, size: Size = 'desk') =>
  acting({ browser: browser!, program: program! }, 'sysadmin', size, part)

const field = (key: string, kind: string, label: string, more: object = {}) => ({ key, kind, label, options: {}, ...more })
const type = (label: string, fields: readonly object[]) => ({
  label,
  title: 'xname01',
  fields: [field('xname01', 'text', '设备名称', { required: true }), ...fields],
  grants: [{ role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' }],
})
/** Draws a type and publishes it, as the studio does. */
async function published(v: Visitor, content: object): Promise<string> {
  const { body } = await call<DesignAnswer & Record<string, unknown>>(v, 'POST', '/api/designs/type', { content })
  const { id } = (await call<PublishingItem & Record<string, unknown>>(v, 'POST', '/api/publishings', { items: [{ kind: 'type', name: body.name, revision: body.revision }], note: '启用' })).body
  await expect.poll(async () => (await call<{ state: string }>(v, 'GET', `/api/publishings/${id}`)).body.state, { timeout: 60_000 }).toBe('done')
  return body.name
} // prettier-ignore
const listed = (v: Visitor, name: string) => v.page.locator('.l-list').getByRole('link', { name })
const long = '科室之间借用抢救设备时登记：谁借、借什么、几时还。到期前一天提醒借用人，超期由设备科催还；每月按科室汇总借用次数。'.repeat(6)

test('a form goes from one hospital through the library of another, and one of there is taken, published and used', async () => {
  let key: IssuedKey | undefined
  await at(library, async (v) => {
    const draft = { name: '第二人民医院', rights: ['library.read', 'library.offer'] }
    const made = await call<{ record: { id: string } }>(v, 'POST', '/api/records/security.apiClient', draft)
    key = (await call<IssuedKey & Record<string, unknown>>(v, 'POST', `/api/clients/${made.body.record.id}/keys`, {})).body
    const names = [await published(v, type('急救车检查登记', [field('xday001', 'date', '检查日期'), field('xok0001', 'boolean', '完好')]))]
    const offer = { names, place: 'own', name: '急救车检查登记', purpose: '每班检查急救车药品和器械，缺一补一。', category: 'nursing' }
    expect((await call<LibraryItem & Record<string, unknown>>(v, 'POST', '/api/library/offers', offer)).status).toBe(201)
  })
  await at(hospital, async (v) => {
    const { page } = v
    await v.goto('/designs/library')
    await page.getByText('本院表单库还是空的').waitFor()
    await v.picture('library-empty-desk')
    await page.getByRole('button', { name: '连接外部表单库' }).click()
    const dialog = page.getByRole('dialog', { name: '连接外部表单库' })
    await dialog.getByRole('button', { name: '试连并保存' }).click()
    await dialog.getByText('请填写表单库的地址').waitFor()
    await dialog.getByLabel('地址').fill(library!.url)
    await dialog.getByLabel('密钥编号').fill(key!.key)
    await dialog.getByLabel('密钥', { exact: true }).fill('xl_wrong')
    await dialog.getByRole('button', { name: '试连并保存' }).click()
    await dialog.getByText('表单库不认这把密钥').waitFor()
    await v.picture('library-connect-desk')
    await dialog.getByLabel('密钥', { exact: true }).fill(key!.secret)
    await dialog.getByRole('button', { name: '试连并保存' }).click()
    await listed(v, '急救车检查登记').waitFor()

    await published(v, type('设备借用登记', [field('xdays01', 'integer', '天数')]))
    await v.goto('/designs')
    await page.getByRole('row', { name: /设备借用登记/ }).getByRole('button', { name: '共享到表单库' }).click()
    const offering = page.getByRole('dialog', { name: '共享“设备借用登记”' })
    await offering.getByRole('listitem').first().waitFor()
    await offering.getByRole('button', { name: /共\s*享/ }).click()
    await offering.getByRole('alert').first().waitFor()
    await v.picture('library-offer-problems-desk')
    await offering.getByRole('combobox', { name: '分类' }).click()
    await page.locator('.ant-select-item-option').getByText('设备与后勤', { exact: true }).click()
    await offering.getByLabel('用途说明').fill(long)
    await v.picture('library-offer-desk')
    await offering.getByRole('button', { name: /共\s*享/ }).click()
    await page.getByText('已提交，对方审核后共享').waitFor()
  })
  await at(library, async (v) => {
    const { page } = v
    await v.goto('/designs/library')
    await listed(v, '设备借用登记').waitFor()
    await v.picture('library-own-desk')
    await listed(v, '设备借用登记').click()
    await page.getByText('2 个字段：设备名称、天数').waitFor()
    await v.picture('library-pending-desk')
    await page.getByRole('button', { name: /^采\s*用$/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: /采\s*用/ }).click()
    await page.getByText('已共享，其他医院可以取用').waitFor()
  })
  await at(hospital, async (v) => {
    const { page } = v
    await v.goto('/designs/library')
    await listed(v, '设备借用登记').waitFor()
    await v.picture('library-list-desk')
    await page.getByRole('searchbox', { name: '查找表单' }).fill('急救车')
    await page.getByRole('searchbox', { name: '查找表单' }).press('Enter')
    await expect.poll(() => page.locator('.l-list li').count()).toBe(1)
    await listed(v, '急救车检查登记').click()
    await page.getByRole('heading', { name: '里面有什么' }).waitFor()
    await v.picture('library-form-desk')
    await page.getByRole('button', { name: '取用' }).click()
    const dialog = page.getByRole('dialog', { name: '导入定义' })
    await dialog.getByText('这里没有').waitFor()
    await v.picture('library-take-desk')
    await dialog.getByRole('button', { name: /导入为草稿/ }).click()
    await page.getByRole('link', { name: '急救车检查登记' }).click()
    await page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
    const publishing = page.getByRole('dialog', { name: '发布' })
    await publishing.getByRole('button', { name: /发\s*布/ }).last().click()
    await page.getByText('已发布').first().waitFor({ timeout: 60_000 })
  })
  await at(hospital, async (v) => {
    const { page } = v
    await v.goto('/designs/library')
    await listed(v, '设备借用登记').waitFor()
    await v.picture('library-list-phone')
    await listed(v, '设备借用登记').click()
    await page.getByText('与这里相同').waitFor()
    await v.picture('library-form-phone')
    await v.goto('/designs/library?place=own')
    await page.getByText('本院表单库还是空的').waitFor()
    await v.picture('library-empty-phone')
    await page.getByRole('button', { name: '共享', exact: true }).click()
    await page.getByRole('combobox', { name: '共享哪一个' }).click()
    await page.locator('.ant-select-item-option').getByText(/设备借用登记/).click()
    await page.getByRole('dialog').getByRole('listitem').first().waitFor()
    await v.picture('library-offer-phone')
  }, 'phone')
}, 300_000) // prettier-ignore

test('a library that has gone away is told of where its forms stood; the own one stays', async () => {
  await library!.end()
  await at(hospital, async (v) => {
    const { page } = v
    await v.goto('/designs/library')
    await page.getByText('连不上表单库').waitFor({ timeout: 20_000 })
    await v.picture('library-away-desk')
    await page.getByRole('tab', { name: '本院表单库' }).click()
    await page.getByText('本院表单库还是空的').waitFor()
    expect(await page.getByText('连不上表单库').count()).toBe(0)
  })
}, 60_000)
