import { describe, expect, test } from 'vitest'
import type { ListAnswer } from '#model'
import { demoHisKey } from '#app/demo/accounts.ts'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as } = stage()
describe('beds of the wards', () => {
  const wardCode = 'ZY-GK-1'
  /** The HIS speaks by its own key, beside the page. */
  const his = (v: Visitor, beds: object[]) =>
    v.page.request.post(`${new URL(v.page.url()).origin}/api/organisation/beds/states`, { headers: { authorization: `Bearer ${demoHisKey}` }, data: { beds } })
  const tile = (v: Visitor, number: string) => v.page.getByRole('button', { name: new RegExp(`^${number} 床`) })

  test('the HIS says how beds stand and the open map follows; a figure opens the list of exactly these beds; the ward marks a broken bed on the phone', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/organisation/beds')
      await v.page.getByRole('button', { name: /骨科一病区/ }).first().waitFor()
      await v.picture('beds-desk')
      await v.page.getByText('按专科', { exact: true }).click()
      await v.page.getByRole('button', { name: /^骨科/ }).first().waitFor()
      await v.picture('beds-speciality-desk')
      await v.page.getByText('按病区', { exact: true }).click()
      await v.page.getByRole('button', { name: /骨科一病区/ }).first().click()
      await tile(v, '3').waitFor()
      await v.picture('beds-ward-desk')
      const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString()
      const answer = await his(v, [
        { ward: wardCode, bed: '3', state: 'reserved', at: at(2) },
        { ward: wardCode, bed: '3', state: 'empty', at: at(60) },
        { ward: wardCode, bed: '999', state: 'empty', at: at(2) },
      ])
      expect(await answer.json()).toMatchObject({ old: 0, wrong: [{ line: 3, bed: '999', message: '没有这张床' }] })
      await tile(v, '3').filter({ hasText: '预留' }).waitFor()

      await v.page.getByRole('button', { name: '全部' }).click()
      const figures = v.page.getByRole('group', { name: '状态', exact: true })
      await figures.getByRole('button', { name: '预出院' }).click()
      await v.page.getByRole('button', { name: /符合 \d+ \// }).first().waitFor()
      await v.picture('beds-leaving-desk')
      const figure = figures.getByRole('link', { name: /^预出院/ })
      const count = Number(await figure.innerText())
      expect(count).toBeGreaterThan(0)
      await figure.click()
      await v.page.getByText(new RegExp(`${count} 条`)).first().waitFor()
      await v.picture('beds-list-desk')
    })
    await as('hexl', 'phone', async (v) => {
      await v.goto('/organisation/beds')
      await v.page.getByRole('button', { name: /骨科一病区/ }).first().waitFor()
      expect(await v.page.getByRole('button', { name: /普外科/ }).count()).toBe(0)
      await v.picture('beds-phone')
      await v.page.getByRole('button', { name: /骨科一病区/ }).first().click()
      await tile(v, '3').click()
      const dialog = v.page.getByRole('dialog', { name: '骨科一病区 3 床' })
      await dialog.getByText('损坏').click()
      await v.picture('beds-sheet-phone')
      await dialog.getByRole('button', { name: /保\s?存/ }).click()
      await tile(v, '3').filter({ hasText: '损坏' }).waitFor()
      await v.picture('beds-ward-phone')
    })
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/organisation/beds')
      await v.page.getByRole('button', { name: /骨科一病区/ }).first().click()
      await tile(v, '3').filter({ hasText: '损坏' }).click()
      const dialog = v.page.getByRole('dialog', { name: '骨科一病区 3 床' })
      await dialog.getByText('多耐').waitFor({ state: 'detached' })
      await dialog.getByText('损坏').waitFor()
      expect(await dialog.getByRole('button', { name: /保\s?存/ }).count()).toBe(0)
      const { body } = await call<ListAnswer>(v, 'GET', '/api/records/organisation.bed?limit=1')
      expect(body.rows[0]!.may?.update ?? false).toBe(false)
    })
  }, 180_000)
}) // prettier-ignore

describe('figures of who is here', () => {
  const block = (v: Visitor, name: string) => v.page.getByRole('region', { name, exact: true })
  test('by status, kind of leaving and of being away, and month by month; a figure opens its movements, a chart is taken along', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/p/staff.status')
      const away = block(v, '离岗').locator('.x-chart-number button')
      await away.waitFor()
      expect(await away.innerText()).toContain('6')
      await block(v, '离职类型').getByRole('button', { name: /^辞职 / }).waitFor()
      await block(v, '近一年各月异动').getByRole('button').nth(3).waitFor()
      await v.picture('status-desk')
      await v.page.getByRole('button', { name: '人员状态分布的操作' }).click()
      const [picture] = await Promise.all([v.page.waitForEvent('download'), v.page.getByRole('menuitem', { name: '下载图片（PNG）' }).click()])
      expect(picture.suggestedFilename()).toMatch(/^人员状态分布-.*\.png$/)
      await v.page.getByRole('button', { name: '人员状态分布的操作' }).click()
      const [table] = await Promise.all([v.page.waitForEvent('download'), v.page.getByRole('menuitem', { name: '下载表格（xlsx）' }).click()])
      expect(table.suggestedFilename()).toMatch(/^人员状态分布-.*\.xlsx$/)
      await block(v, '离职类型').getByRole('button', { name: /^辞职 / }).click()
      await v.page.getByText('已筛出 2 条').waitFor()
    })
    await as('liwd', 'phone', async (v) => {
      await v.goto('/p/staff.status')
      await block(v, '在岗').locator('.x-chart-number button').waitFor()
      await v.picture('status-phone')
    })
  }, 120_000)
}) // prettier-ignore

describe('posts of the hospital’s own', () => {
  const panel = (v: Visitor) => v.page.locator('.x-studio-panel')
  const drawPost = async (v: Visitor) => {
    await v.goto('/designs/overlay/directory.membership')
    await v.page.getByRole('button', { name: '字段 职务', exact: true }).click()
  }
  const publish = async (v: Visitor, note: string) => {
    await v.page.getByRole('status').getByText('草稿已保存').waitFor()
    await v.page.locator('.x-head-acts').getByRole('button', { name: '发布' }).click()
    const dialog = v.page.getByRole('dialog', { name: '发布' })
    await dialog.getByPlaceholder('改了什么，为什么').fill(note)
    await dialog.getByRole('button', { name: /^发\s?布$/ }).click()
    await v.page.getByText('已发布').first().waitFor({ timeout: 60_000 })
  }
  const posts = async (v: Visitor) => {
    await v.goto('/r/directory.membership/new')
    await v.page.getByLabel('职务').click()
    await v.page.locator('.ant-select-item-option', { hasText: '科主任' }).waitFor()
    return v.page.locator('.ant-select-item-option').allInnerTexts()
  }
  test('a post is added and given to somebody; stopped it is offered no more, and whoever holds it keeps it', async () => {
    await as('sysadmin', 'desk', async (v) => {
      await drawPost(v)
      await panel(v).getByRole('button', { name: '添加选项' }).click()
      await panel(v).getByLabel('选项 6', { exact: true }).fill('医疗组长')
      await v.picture('posts-studio-desk')
      await publish(v, '设医疗组长')
      expect(await posts(v)).toContain('医疗组长')
      await v.picture('posts-offered-desk')
      const of = async (type: string, name: string) =>
        (await call<ListAnswer>(v, 'GET', `/api/records/directory.${type}?search=${encodeURIComponent(name)}`)).body.rows.find((row) => row['name'] === name)!.id
      const [person, unit] = [await of('person', '张海涛'), await of('unit', '骨科')]
      const held = await call<{ record: { id: string; post: string } }>(v, 'POST', '/api/records/directory.membership', { person, unit, post: 'c6', main: false })
      expect(held.status).toBe(201)

      await drawPost(v)
      const at = await panel(v).locator('.x-choice').evaluateAll((rows) => rows.findIndex((row) => row.querySelector('input')!.value === '医疗组长') + 1)
      await panel(v).getByRole('button', { name: `停用选项 ${at}`, exact: true }).click()
      await panel(v).getByRole('button', { name: `恢复选项 ${at}`, exact: true }).waitFor()
      await v.picture('posts-stopped-desk')
      await publish(v, '不再设医疗组长')
      expect(await posts(v)).not.toContain('医疗组长')
      await v.goto(`/r/directory.membership/${held.body.record.id}`)
      await v.page.getByRole('definition').filter({ hasText: '医疗组长' }).first().waitFor()
    })
  }, 180_000)
}) // prettier-ignore
