import { expect, test } from 'vitest'
import { addDays, dayOf, type ListAnswer, type RecordAnswer } from '#model'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, by, stranger } = stage()
const today = dayOf(new Date())
const day = (ahead: number) => addDays(today, ahead)
const found = async (v: Visitor, type: string, name: string) =>
  (await call<ListAnswer>(v, 'GET', `/api/records/${type}?search=${encodeURIComponent(name)}`)).body.rows.find(
    (row) => row['name'] === name,
  )!.id
const make = async (v: Visitor, type: string, draft: object) => {
  const { status, body } = await call<RecordAnswer>(v, 'POST', `/api/records/${type}`, draft)
  expect([status, body]).toEqual([201, expect.anything()])
  return body.record.id
}
const secret = 'Gu-shan#81x'

// What one person is to the hospital over the years, in a few days.
test('a new surgeon from temporary to permanent to transferred, regretted and again, to lent to retired: rights, tasks and track follow', async () => {
  let person = ''
  await by('zhoumin', async (v) => {
    await v.goto('/organisation/chart')
    const draft = { name: '顾长卿', temporaryKind: 'probation', unit: await found(v, 'directory.unit', '骨科'), temporaryFrom: day(-30) }
    person = await make(v, 'organisation.temporary', draft)
    await v.goto(`/r/organisation.temporary/${person}`)
    await v.page.getByRole('button', { name: '转正' }).click()
    await v.page.getByLabel('顾长卿的HIS工号').fill('00771')
    await v.page.getByLabel('顾长卿的转正日期').fill(day(-3))
    await v.page.getByLabel('顾长卿的转正日期').press('Enter')
    await v.page.getByRole('button', { name: '转正 1 人' }).click()
    await v.page.getByText('1 人已转正').waitFor()
  })
  const { password, unit } = await opened(person)
  await stranger('phone', async (v) => {
    await v.goto('/')
    await v.page.getByLabel('账号').fill('gucq')
    await v.page.getByLabel('密码', { exact: true }).fill(password)
    await v.page.getByRole('button', { name: '登录', exact: true }).click()
    await v.page.getByLabel('原密码', { exact: true }).fill(password)
    await v.page.getByLabel('新密码', { exact: true }).fill(secret)
    await v.page.getByLabel('再次输入新密码', { exact: true }).fill(secret)
    await v.page.getByRole('button', { name: '保存新密码' }).click()
    for (const name of ['用手机短信找回密码', '在医院网站介绍医师', '按健康状况照顾排班'])
      await v.page.getByRole('group', { name }).getByText('不同意', { exact: true }).click()
    await v.page.getByRole('button', { name: '我已阅读，提交选择' }).click()
    await v.greeted()
    await v.picture('career-first-day-phone')
  })
  // Head of another unit: taken back with a reason, and entered again; then lent for a month.
  await by('zhoumin', async (v) => {
    const transfer = { person, kind: 'transfer', from: day(-2), toUnit: unit, toPost: 'head', reason: '组建新科' }
    await v.goto(`/r/organisation.movement/${await make(v, 'organisation.movement', transfer)}`)
    await v.page.getByRole('tab', { name: '反悔' }).click()
    await v.page.getByRole('button', { name: '撤销异动' }).click()
    const dialog = v.page.getByRole('dialog', { name: '撤销异动' })
    await dialog.getByRole('textbox').fill('任命文件未到')
    await dialog.getByRole('button', { name: '撤销异动' }).click()
    await v.page.getByText('已经撤销，').waitFor()
    await make(v, 'organisation.movement', transfer)
    const urology = await found(v, 'directory.unit', '泌尿外科')
    await make(v, 'organisation.secondment', { person, toUnit: urology, from: day(-1), to: day(30), reason: '协助开展新技术' })
  })
  await by('hexl', async (v) => {
    await v.goto('/tasks')
    const draft = { toUnit: await found(v, 'directory.unit', '骨科'), agreed: 'named', fromUnit: unit, people: [{ person }], from: day(40), to: day(60), reason: '皮瓣修复' }
    expect((await call(v, 'POST', '/api/flows/submit/organisation.support', { draft, actId: crypto.randomUUID() })).status).toBe(201)
  })
  // The new head has the task that comes with the post; he retires over it, and whom he named goes on.
  await stranger('phone', async (v) => {
    await v.signInByForm('gucq', secret)
    await v.goto('/tasks')
    await v.page.getByText('骨科申请人力支援').first().waitFor()
    await v.picture('career-tasks-phone')
    await by('zhoumin', async (office) => {
      await office.goto(`/r/organisation.movement/new?person=${person}`)
      await office.page.getByLabel('异动类型').click()
      await office.page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '离职' }).first().click()
      await office.page.getByLabel('离职类型').click()
      await office.page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '退休' }).first().click()
      await office.page.getByLabel('工作交接给').fill('吴静')
      await office.page.locator('.ant-select-dropdown:visible').getByText('吴静').first().click()
      await office.picture('career-leaving-desk')
      await office.page.getByRole('button', { name: /保\s?存/ }).click()
      await office.page.getByRole('tab', { name: '反悔' }).waitFor()
    })
    await expect.poll(() => v.page.evaluate(async () => (await fetch('/api/tasks')).status)).toBe(403)
    v.problems.length = 0
  })
  await by('wujing', async (v) => {
    await v.goto('/tasks')
    await v.page.getByText('骨科申请人力支援').first().click()
    await v.page.getByText('本步骤可修改的内容').waitFor()
    await v.picture('career-taken-over-desk')
  })
  for (const size of ['desk', 'phone'] as const)
    await as('zhoumin', size, async (v) => {
      await v.goto(`/r/directory.person/${person}`)
      await v.page.getByRole('tab', { name: '沿革' }).click()
      const track = v.page.getByRole('region', { name: '沿革' })
      await track.getByText('离职').first().waitFor()
      await track.getByText('整形外科').first().waitFor()
      await track.getByText('外部人员').first().waitFor()
      await v.picture(`career-track-${size}`)
      const filter = encodeURIComponent(JSON.stringify({ field: 'person', op: 'eq', value: person }))
      const { rows } = (await call<ListAnswer>(v, 'GET', `/api/records/organisation.movement?filter=${filter}&sort=from,createdAt`)).body
      expect(rows.map(({ kind, status }) => [kind, status])).toEqual([['permanent', 'active'], ['transfer', 'revoked'], ['transfer', 'active'], ['leave', 'active']])
      const lent = (await call<ListAnswer>(v, 'GET', `/api/records/organisation.secondment?filter=${filter}`)).body.rows
      expect(lent.map(({ to }) => to)).toEqual([day(-1)])
    })
}, 300_000) // prettier-ignore

/** A unit of its own, and an account whose one-time password the officer tells. */
const opened = (person: string): Promise<{ password: string; unit: string }> =>
  as('sysadmin', 'desk', async (v) => {
    await v.goto('/r/security.account')
    const beside = (await call<RecordAnswer>(v, 'GET', `/api/records/directory.unit/${await found(v, 'directory.unit', '骨科')}`)).body.record
    const unit = await make(v, 'directory.unit', { code: 'ZY-ZX', name: '整形外科', kind: 'department', parent: beside['parent'] })
    await v.goto(`/r/directory.person/${person}/edit`)
    await v.page.getByLabel('手机').fill('13800000771')
    await v.page.getByRole('button', { name: /保\s?存/ }).click()
    await v.page.getByRole('tab', { name: '修改历史' }).waitFor()
    const account = await make(v, 'security.account', { name: 'gucq', person, validUntil: day(300) })
    await v.goto(`/r/security.account/${account}`)
    await v.page.getByRole('tab', { name: '登录情况' }).click()
    await v.page.getByRole('button', { name: '发一次性密码' }).click()
    await v.page.getByLabel('原因').fill('新员工入职')
    await v.page.getByRole('button', { name: '确定' }).click()
    const password = (await v.page.locator('.x-one-time').textContent())!
    await v.page.getByRole('button', { name: '已告知本人' }).click()
    return { password, unit }
  }) // prettier-ignore
