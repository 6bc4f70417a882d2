import { describe, expect, test } from 'vitest'
import { addDays, dayOf, type ListAnswer } from '#model'
import { call, option } from './acting.ts'
import { stage } from './stage.ts'

describe('people and where they belong', () => {
  const { as } = stage()
  const today = dayOf(new Date())

  test('a surgeon is transferred, regretted with a reason and transferred again; the chart of each day counts him where he was', async () => {
    let address = ''
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/organisation/chart')
      const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.person?search=${encodeURIComponent('张海涛')}`)
      address = `/r/directory.person/${body.rows[0]!.id}`
      await v.goto(address)
      await v.page.getByRole('tab', { name: '任职与异动' }).first().click()
      await v.page.getByRole('link', { name: '新建人员异动' }).click()
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
      await v.page.getByText('已经撤销，科室、任职和权限').waitFor()
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

  test('a unit asks for help by what it needs; the office finds somebody and agrees on the phone; both units see it in the figures of the day', async () => {
    await as('hexl', 'desk', async (v) => {
      await v.goto('/r/organisation.support/new')
      await v.page.getByText('支援人员').first().waitFor()
      await v.picture('support-new-desk')
      const unit = (await call<ListAnswer>(v, 'GET', `/api/records/directory.unit?search=${encodeURIComponent('骨科')}`)).body.rows.find(({ name }) => name === '骨科')!.id
      const draft = { toUnit: unit, agreed: 'terms', needed: 1, level: 'attending', from: today, to: addDays(today, 30), reason: '两名医师外出进修' }
      expect((await call(v, 'POST', '/api/flows/submit/organisation.support', { draft, actId: crypto.randomUUID() })).status).toBe(201)
    })
    await as('zhoumin', 'phone', async (v) => {
      await v.goto('/tasks')
      await v.page.getByText('骨科申请人力支援').first().click()
      await v.page.getByText('本步骤可修改的内容').waitFor()
      await v.page.getByText('添加一项').click()
      await v.page.locator('.x-sheet-trigger').last().click()
      await v.page.getByRole('searchbox').last().fill('吴静')
      await v.page.getByRole('option', { name: /吴静/ }).first().click()
      await v.picture('support-decide-phone')
      await v.page.getByRole('button', { name: '完成' }).last().click()
      await v.page.locator('.x-acts').getByRole('button', { name: '同意', exact: true }).click()
      await v.page.getByText('本步骤可修改的内容').waitFor({ state: 'detached' })
    })
    for (const size of ['desk', 'phone'] as const)
      await as('zhoumin', size, async (v) => {
        await v.goto('/staff/dynamics')
        if (size === 'phone') await v.page.getByRole('button', { name: /骨科/ }).first().click()
        const lent = v.page.getByRole('link', { name: size === 'desk' ? '骨科被援 1 人' : /被援/ })
        await lent.first().waitFor()
        await v.picture(`dynamics-${size}`)
        // Each reader hides what he does not look at.
        const titles = v.page.getByText('正高级', { exact: true })
        await v.page.getByLabel('显示的内容').click({ force: true })
        await option(v, '医师职称').click()
        await titles.first().waitFor({ state: 'detached' })
        await option(v, '医师职称').click()
        await titles.first().waitFor()
        await v.page.keyboard.press('Escape')
        await lent.first().click()
        await v.page.getByText('吴静').filter({ visible: true }).first().waitFor()
        await v.page.goBack()
        await v.page.getByLabel('看哪一天').fill(addDays(today, -1))
        await v.page.getByLabel('看哪一天').press('Enter')
        await v.page.getByRole('heading', { name: `医师动态 · ${addDays(today, -1)}` }).waitFor()
        if (size === 'phone') await v.page.getByRole('button', { name: /骨科/ }).first().click()
        await v.page.getByRole('link', { name: /在岗/ }).first().waitFor()
        expect(await v.page.getByRole('link', { name: /^骨科被援/ }).count()).toBe(0)
      })
    await as('zhoumin', 'desk', async (v) => {
      const { body } = await call<ListAnswer>(v, 'GET', '/api/records/organisation.secondment')
      await v.goto(`/r/organisation.secondment/${body.rows[0]!.id}`)
      await v.page.getByRole('tab', { name: '期限' }).click()
      await v.page.getByRole('button', { name: '调整期限' }).click()
      const dialog = v.page.getByRole('dialog', { name: '调整期限' })
      await dialog.getByRole('textbox').first().fill('对方恢复满员')
      await dialog.getByLabel('支援止').fill(addDays(today, 7))
      await dialog.getByLabel('支援止').press('Enter')
      await dialog.getByRole('button', { name: /调\s?整/ }).click()
      await v.page.getByText(`${addDays(today, 7)} 止`).waitFor()
      await v.picture('secondment-term-desk')
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
