import { expect, test } from 'vitest'
import type { ListAnswer } from '#model'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const { by } = stage()

test('a feed is reconciled: what is sure is done, the officer claims the doubtful one after another, and a run that changes too much waits for her', async () => {
  await by('sysadmin', async (v) => {
    await call(v, 'POST', '/api/records/organisation.feedSource', {
      name: '人力系统',
      code: 'hr',
      system: 'HR',
      owns: ['email', 'joinedOn'],
    })
    const filter = encodeURIComponent(JSON.stringify({ field: 'staffNumber', op: 'startsWith', value: '1' }))
    const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.person?filter=${filter}&limit=200`)
    const people = body.rows.filter((row) => row['status'] !== 'left').map((row) => ({ number: row['staffNumber'], name: row['name'] }))
    const known = people.find(({ name }) => name === '吴静')!
    const told = [
      ...people.filter((one) => one !== known),
      // She lost the first digit on the way, and somebody bears the name of a colleague.
      { number: '778812', name: '吴 静' },
      { number: '778813', name: '张海涛' },
    ]
    const answer = await call<{ status: string; doubtful: number }>(v, 'POST', '/api/organisation/feeds/hr/people', { people: told })
    expect(answer).toMatchObject({ status: 200, body: { status: 'applied', doubtful: 2 } })
    const cut = await call<{ status: string }>(v, 'POST', '/api/organisation/feeds/hr/people', { people: told.slice(0, 40), full: true })
    expect(cut.body.status).toBe('stopped')
    await v.goto('/r/organisation.feedSource')
    await v.page.getByText('人力系统').first().waitFor()
    await v.picture('feed-sources-desk')
  })
  await by('zhoumin', async (v) => {
    await v.goto('/r/organisation.feedLine?view=doubtful')
    await v.page.getByText('吴 静').first().waitFor()
    await v.picture('feed-lines-desk')
    await v.page.getByText('778812').first().click()
    await v.page.getByText('打开', { exact: true }).click()
    await v.page.getByRole('tab', { name: '处理', exact: true }).click()
    await v.page
      .getByRole('button', { name: /就是吴静/ })
      .first()
      .waitFor()
    await v.picture('feed-claim-desk')
    await v.page
      .getByRole('button', { name: /就是吴静/ })
      .first()
      .click()
    await v.page.getByText('已认领').first().waitFor()
  })
  await by(
    'zhoumin',
    async (v) => {
      const filter = encodeURIComponent(JSON.stringify({ field: 'status', op: 'eq', value: 'open' }))
      const { body } = await call<ListAnswer>(v, 'GET', `/api/records/organisation.feedLine?filter=${filter}&limit=200`)
      const line = body.rows.find((row) => row['number'] === '778813')!
      await v.goto(`/r/organisation.feedLine/${line.id}`)
      await v.page.getByRole('tab', { name: '处理', exact: true }).click()
      await v.page
        .getByRole('button', { name: /就是张海涛/ })
        .first()
        .waitFor()
      await v.picture('feed-claim-phone')
      await v.page.getByRole('button', { name: '都不是，新建档案' }).click()
      await v.page.getByText('已新建档案').first().waitFor()
    },
    'phone',
  )
  await by('zhoumin', async (v) => {
    await v.goto('/r/organisation.feedRun?view=stopped')
    await v.page.getByText('变动过多').first().click()
    await v.page.getByText('打开', { exact: true }).click()
    await v.page.getByRole('tab', { name: '确认', exact: true }).click()
    await v.page.getByText('还没有改变任何档案').waitFor()
    await v.picture('feed-run-desk')
    await v.page.getByRole('button', { name: '放弃这一批' }).click()
    const dialog = v.page.getByRole('dialog', { name: '放弃这一批' })
    await dialog.getByRole('textbox').fill('对方导出不完整')
    await dialog.getByRole('button', { name: '放弃这一批' }).click()
    await v.page.getByText('已放弃').first().waitFor()
  })
}, 240_000)
