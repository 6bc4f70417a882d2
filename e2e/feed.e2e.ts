import { afterAll, expect, test } from 'vitest'
import type { ListAnswer, RecordAnswer } from '#model'
import { call } from './acting.ts'
import { stage } from './stage.ts'
import { WecomService } from '#app/testing/wecom-service.ts'

const wecom = await new WecomService().start()
afterAll(() => wecom.stop())
const { by } = stage(undefined, { XINGLIN_WECOM_CORP: wecom.corp, XINGLIN_WECOM_AGENT: wecom.agent, XINGLIN_WECOM_SECRET: wecom.secret, XINGLIN_WECOM_BASE: wecom.url }) // prettier-ignore

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

test('people come by file: looked at before anything happens, then carried out; OA told of a leave, and his file shows it', async () => {
  await by('sysadmin', async (v) => {
    const { body } = await call<RecordAnswer>(v, 'POST', '/api/records/organisation.feedSource', { name: '人事科名册', code: 'roll', system: '名册', owns: ['birthDate'] })
    await v.goto(`/r/organisation.feedSource/${body.record.id}`)
    await v.page.getByRole('tab', { name: '按文件对接', exact: true }).click()
    const choose = (lines: string[]) => v.page.getByLabel('人员文件').setInputFiles({ name: '职工名册.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
    await choose(['工号,姓名', '1,甲', '2,乙', '1,丙'])
    await v.page.getByText('工号 1 重复：第 2、4 行').waitFor()
    await v.picture('feed-file-twice-desk')
    await choose(['2026 年职工名册,,,', '职工号,姓名,生日,部门', '900101,钱学明,43952,医务处', '900102,张海涛,1980.5.1,', '900103,新来的人,1999年7月2日,没有这个科'])
    await v.page.getByRole('list', { name: '会怎样' }).getByText('没有对照的科室').waitFor()
    await v.picture('feed-file-desk')
    await v.page.getByRole('button', { name: '执行' }).click()
    await v.page.getByText('已执行：新增 1 人').waitFor()
    await v.picture('feed-file-done-desk')
    await call(v, 'POST', '/api/records/organisation.feedSource', { name: '办公自动化', code: 'oa', system: '办公', tells: ['absences', 'unitFacts'] })
    const { body: me } = await call<{ today: string }>(v, 'GET', '/api/me')
    const absences = [{ number: '900101', name: '钱学明', key: 'QJ-1', kind: '请假', from: me.today, until: me.today, reason: '陪护假' }]
    expect(await call(v, 'POST', '/api/organisation/feeds/oa/absences', { absences })).toMatchObject({ body: { added: 1 } })
    const units = [{ code: 'H-0101', name: '疼痛科门诊' }]
    expect(await call(v, 'POST', '/api/organisation/feeds/oa/units', { units })).toMatchObject({ body: { doubtful: 1 } })
  })
  await by('zhoumin', async (v) => {
    const filter = encodeURIComponent(JSON.stringify({ field: 'name', op: 'eq', value: '钱学明' }))
    const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.person?filter=${filter}`)
    await v.goto(`/r/directory.person/${body.rows[0]!.id}`)
    await v.page.getByText('休假').first().waitFor()
    await v.picture('feed-absent-desk')
    await v.goto('/r/organisation.absence')
    await v.page.getByText('陪护假').first().waitFor()
    await v.picture('feed-absences-desk')
  })
  await by('zhoumin', async (v) => {
    await v.goto('/r/organisation.absence')
    await v.page.getByText('钱学明').first().waitFor()
    await v.picture('feed-absences-phone')
    const filter = encodeURIComponent(JSON.stringify({ field: 'number', op: 'eq', value: 'H-0101' }))
    const { body } = await call<ListAnswer>(v, 'GET', `/api/records/organisation.feedLine?filter=${filter}`)
    await v.goto(`/r/organisation.feedLine/${body.rows[0]!.id}`)
    await v.page.getByRole('tab', { name: '处理', exact: true }).click()
    await v.page.getByRole('button', { name: '都不是，新建科室' }).waitFor()
    await v.picture('feed-unit-phone')
  }, 'phone')
}, 240_000) // prettier-ignore

test('the officer lets the house read WeCom’s address book itself: looked at first, read at once; what cannot be read says why', async () => {
  wecom.departments = [{ id: 1, name: '某某医院', parentid: 0 }, { id: 12, name: '骨科', parentid: 1 }]
  const { number, name } = await by('sysadmin', async (v) => {
    const filter = encodeURIComponent(JSON.stringify({ field: 'name', op: 'eq', value: '吴静' }))
    const { body } = await call<ListAnswer>(v, 'GET', `/api/records/directory.person?filter=${filter}`)
    return { number: String(body.rows[0]!['staffNumber']), name: '吴静' }
  })
  wecom.people.push(
    { userid: number, name, department: [12], main_department: 12, status: 1 },
    { userid: 'ChenXinLai', name: '陈新来', department: [12], main_department: 12, status: 1 },
  )
  const id = await by('sysadmin', async (v) => {
    const me = await call<{ person: { id: string } }>(v, 'GET', '/api/me')
    const draft = { name: '企业微信', code: 'wecom', system: '企业微信', way: 'wecom', rhythm: 'hour', tells: ['units'], contact: me.body.person.id }
    const { body } = await call<RecordAnswer>(v, 'POST', '/api/records/organisation.feedSource', draft)
    await v.goto(`/r/organisation.feedSource/${body.record.id}`)
    await v.page.getByText('定时读取企业微信通讯录').first().waitFor()
    await v.picture('feed-wecom-file-desk')
    await v.page.getByRole('tab', { name: '定时读取', exact: true }).click()
    await v.page.getByText('下一次：').waitFor()
    await v.page.getByRole('button', { name: '先看看人员会怎样' }).click()
    await v.page.getByRole('list', { name: '会怎样' }).getByText('没有对照的科室').first().waitFor()
    await v.picture('feed-wecom-look-desk')
    await v.page.getByRole('button', { name: '立即读取' }).click()
    await v.page.getByText('人员已执行').waitFor()
    expect(await v.page.getByText('已执行').count()).toBe(2)
    await v.picture('feed-wecom-desk')
    return body.record.id
  })
  wecom.fault = 'setup'
  await by('sysadmin', async (v) => {
    await v.goto(`/r/organisation.feedSource/${id}`)
    await v.page.getByRole('tab', { name: '定时读取', exact: true }).click()
    await v.page.getByRole('button', { name: '立即读取' }).click()
    await v.page.getByText('本机地址不在应用的可信 IP 中').waitFor()
    await v.picture('feed-wecom-phone')
    await v.goto('/r/organisation.feedRun?view=failed')
    await v.page.getByText('没有读到').first().waitFor()
    await v.picture('feed-failed-phone')
  }, 'phone')
}, 120_000) // prettier-ignore
