import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { addDays, dayOf, type ListAnswer } from '#model'
import { launchBrowser } from '#app/testing/chromium.ts'
import { acting, call } from './acting.ts'
import { startProgram, type Running, type Size, type Visitor } from './running.ts'

describe('people and where they belong', () => {
  let browser: Browser
  let program: Running
  beforeAll(async () => {
    browser = await launchBrowser()
    program = await startProgram()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await program?.[Symbol.asyncDispose]()
  })
  const as = <T>(account: string, size: Size, part: (v: Visitor) => Promise<T>) => acting({ browser, program }, account, size, part)
  const today = dayOf(new Date())
  const option = (v: Visitor, text: string) => v.page.locator('.ant-select-dropdown:visible').locator('.ant-select-item-option, .ant-select-tree-title').filter({ hasText: text }).first()

  test('a surgeon is transferred, regretted with a reason and transferred again; the chart of each day counts him where he was', async () => {
    let address = ''
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/organisation/chart')
      const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.person?search=${encodeURIComponent('张海涛')}`)
      address = `/r/directory.person/${body.rows[0]!.id}`
      await v.goto(address)
      await v.page.getByRole('tab', { name: '人员异动' }).first().click()
      await v.page.getByRole('button', { name: '新建人员异动' }).click()
      await v.page.getByLabel('调入科室').click()
      await v.page.keyboard.type('泌尿外科')
      await option(v, '泌尿外科').click()
      await v.page.getByLabel('事由').fill('工作需要')
      await v.picture('movement-new-desk')
      await v.page.getByRole('button', { name: /保\s?存/ }).click()
      await v.page.getByRole('tab', { name: '反悔' }).click()
      await v.page.getByText('以前可以反悔').waitFor()
      await v.picture('movement-regret-desk')
      await v.page.getByRole('button', { name: '撤销异动' }).click()
      const dialog = v.page.getByRole('dialog', { name: '撤销异动' })
      await dialog.getByRole('button', { name: '撤销异动' }).click()
      await dialog.getByText('请写明撤销异动的原因').waitFor()
      await dialog.getByRole('textbox').fill('科室意见有变')
      await dialog.getByRole('button', { name: '撤销异动' }).click()
      await v.page.getByText('这次异动已经撤销').waitFor()
      await v.goto(address)
      await v.page.getByRole('definition').filter({ hasText: '骨科' }).first().waitFor()
    })
    await as('zhoumin', 'phone', async (v) => {
      await v.goto(`/r/organisation.movement/new?person=${address.split('/').at(-1)!}`)
      await v.page.getByText('请选择科室').first().waitFor()
      await v.picture('movement-new-phone')
      const { status } = await call(v, 'POST', '/api/records/organisation.movement', {
        person: address.split('/').at(-1), kind: 'transfer', from: today,
        toUnit: (await call<ListAnswer>(v, 'GET', `/api/records/directory.unit?search=${encodeURIComponent('泌尿外科')}`)).body.rows.find(({ name }) => name === '泌尿外科')!.id,
      })
      expect(status).toBe(201)
    })
    for (const size of ['desk', 'phone'] as const)
      await as('zhoumin', size, async (v) => {
        await v.goto('/organisation/chart')
        const count = async (unit: string) => Number((await v.page.getByRole('link', { name: new RegExp(`^${unit} \\d+ 人$`) }).getAttribute('aria-label'))!.replace(/\D/g, ''))
        await v.page.getByRole('link', { name: /^泌尿外科 \d+ 人$/ }).waitFor()
        const now = [await count('骨科'), await count('泌尿外科')]
        await v.picture(`organisation-chart-${size}`)
        await v.page.getByLabel('看哪一天').fill(addDays(today, -1))
        await v.page.getByLabel('看哪一天').press('Enter')
        await v.page.getByRole('heading', { name: new RegExp(addDays(today, -1)) }).waitFor()
        await expect.poll(async () => [await count('骨科'), await count('泌尿外科')]).toEqual([now[0]! + 1, now[1]! - 1])
        await v.page.getByRole('link', { name: /^骨科 \d+ 人$/ }).click()
        await v.page.getByText('这一天的情况').waitFor()
        await v.page.getByText('张海涛').filter({ visible: true }).first().waitFor()
        await v.picture(`organisation-people-${size}`)
      })
  }, 240_000)

  test('whoever leaves is shut out at once and stands apart from those who serve', async () => {
    const name = encodeURIComponent('吴静')
    await as('wujing', 'desk', async (leaver) => {
      await leaver.goto('/tasks')
      await as('zhoumin', 'desk', async (v) => {
        await v.goto('/organisation/chart')
        const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.person?search=${name}`)
        const left = { person: body.rows.find((row) => row['name'] === '吴静')!.id, kind: 'leave', leaving: 'resigned', from: today }
        expect((await call(v, 'POST', '/api/records/organisation.movement', left)).status).toBe(201)
      })
      await expect.poll(() => leaver.page.evaluate(async () => (await fetch('/api/tasks')).status)).toBe(403)
      leaver.problems.length = 0
    })
    for (const size of ['desk', 'phone'] as const)
      await as('zhoumin', size, async (v) => {
        await v.goto(`/r/directory.person?search=${name}&view=left`)
        await v.page.getByText('吴静').filter({ visible: true }).first().waitFor()
        await v.picture(`organisation-left-${size}`)
        await v.page.getByRole('tab', { name: '在职' }).click()
        await v.page.getByText('没有符合条件的记录').waitFor()
      })
  }, 120_000)
}) // prettier-ignore
