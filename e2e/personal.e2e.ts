import { expect, test } from 'vitest'
import { call } from './acting.ts'
import { stage } from './stage.ts'

const { as, by, sql, stranger } = stage()

test('before anything else a person reads the notice and answers each purpose, the sensitive one apart; he takes back as easily', async () => {
  // As somebody who comes for the first time.
  await sql(`ALTER TABLE personal.consent DISABLE TRIGGER only_added`)
  await sql(`DELETE FROM personal.consent WHERE person IN (SELECT person FROM security.account WHERE name IN ('zhanght', 'hexl'))`)
  await sql(`ALTER TABLE personal.consent ENABLE TRIGGER only_added`)
  await stranger('desk', async (v) => {
    await v.goto('/')
    await v.page.getByRole('link', { name: '隐私政策' }).waitFor()
    await v.picture('privacy-link-desk')
    await v.goto('/privacy')
    await v.page.getByText('征求您同意后才做的').waitFor()
    await v.picture('privacy-page-desk')
  })
  await stranger('phone', async (v) => {
    await v.goto('/')
    await v.page.getByLabel('账号').fill('zhanght')
    await v.page.getByLabel('密码', { exact: true }).fill('Xinglin@2026')
    await v.page.getByRole('button', { name: '登录' }).click()
    await v.page.getByRole('group', { name: '按健康状况照顾排班' }).waitFor()
    await v.picture('privacy-gate-phone')
    await v.page.getByRole('group', { name: '按健康状况照顾排班' }).getByText('不同意', { exact: true }).click()
    await v.page.getByRole('button', { name: '我已阅读，提交选择' }).click()
    await v.page.getByText('请选择是否同意“用手机短信找回密码”').waitFor()
    await v.picture('privacy-problem-phone')
    for (const name of ['用手机短信找回密码', '在医院网站介绍医师'])
      await v.page.getByRole('group', { name }).getByText('同意', { exact: true }).click()
    await v.page.getByRole('button', { name: '我已阅读，提交选择' }).click()
    await v.page
      .getByText(/好|夜深了/)
      .first()
      .waitFor()
    await v.goto('/me/personal')
    await v.page.getByText('我的同意', { exact: true }).waitFor()
    await v.picture('personal-phone')
    await v.page.getByRole('button', { name: '撤回' }).first().click()
    await v.page.getByText('撤回后：不再向手机发送验证码').waitFor()
    await v.picture('personal-withdraw-phone')
    await v.page.getByRole('button', { name: '撤回同意' }).click()
    await v.page.getByText('已撤回', { exact: true }).waitFor()
    const own = (await call<{ mustRead: boolean; consents: { code: string; stands: string }[] }>(v, 'GET', '/api/me/privacy')).body
    expect([own.mustRead, own.consents.map(({ code, stands }) => [code, stands])]).toEqual([
      false,
      [
        ['smsCode', 'withdrawn'],
        ['publicProfile', 'given'],
        ['rosterHealth', 'refused'],
      ],
    ])
  })
  await by('secadmin', async (v) => {
    await v.goto('/r/personal.consent')
    await v.page.getByRole('row', { name: /张海涛.*撤回/ }).waitFor()
    await v.picture('consents-desk')
  })
})

test('a new version, written by one and passed by another, is read by everybody who comes', async () => {
  await by('secadmin', async (v) => {
    const { body } = await call<{ policy: { purposes: object[] } }>(v, 'GET', '/api/privacy')
    const today = (await call<{ today: string }>(v, 'GET', '/api/me')).body.today
    const purposes = body.policy.purposes.map((one) => ({ ...one, ...('code' in one && one.code === 'publicProfile' ? { recipients: '向公众公开，并提供给预约平台' } : {}) })) // prettier-ignore
    const made = await call(v, 'POST', '/api/records/personal.policy', { edition: '2.0', from: today, changes: '医师介绍也会提供给预约平台', body: '第二版', purposes })
    expect(made.status).toBe(201)
  }) // prettier-ignore
  await by('fanggl', async (v) => {
    await v.goto('/tasks')
    await v.page.getByText('发布隐私政策 2.0').first().click()
    await v.page.getByRole('button', { name: '同意', exact: true }).click()
    const confirm = v.page.getByRole('dialog').getByRole('button', { name: /同意|确认|提交/ })
    if (await confirm.count()) await confirm.last().click()
    await expect.poll(async () => (await call<{ policy: { edition: string } }>(v, 'GET', '/api/privacy')).body.policy.edition).toBe('2.0')
  })
  await stranger('desk', async (v) => {
    await v.goto('/')
    await v.page.getByLabel('账号').fill('hexl')
    await v.page.getByLabel('密码', { exact: true }).fill('Xinglin@2026')
    await v.page.getByRole('button', { name: '登录' }).click()
    await v.page.getByText('医师介绍也会提供给预约平台').waitFor()
    await v.picture('privacy-new-version-desk')
    for (const name of ['用手机短信找回密码', '在医院网站介绍医师', '按健康状况照顾排班'])
      await v.page.getByRole('group', { name }).getByText('不同意', { exact: true }).click()
    await v.page.getByRole('button', { name: '我已阅读，提交选择' }).click()
    await v.page.getByText('工作台').first().waitFor()
    // Once read it is not asked again.
    await v.goto('/')
    await v.page.getByText('工作台').first().waitFor()
    expect(await v.page.getByText('请先阅读隐私政策').count()).toBe(0)
  })
  await sql(`UPDATE personal.policy SET "from" = "from" + 400 WHERE edition = '2.0'`)
})

test('a person sees what is held of him, asks for deletion, two officers decide, and it is carried out to the end', async () => {
  await by('zhanght', async (v) => {
    await v.goto('/me/personal')
    await v.page.getByText('系统里有关我的信息').waitFor()
    await v.page.locator('summary').filter({ hasText: '医务人员' }).click()
    await v.page.getByText(/包含：姓名/).waitFor()
    await v.picture('personal-desk')
    const download = v.page.waitForEvent('download')
    await v.page.getByRole('button', { name: '下载副本' }).click()
    expect((await download).suggestedFilename()).toMatch(/^我的个人信息-.*\.xlsx$/)
    await v.page.getByRole('button', { name: '提出请求' }).click()
    const dialog = v.page.getByRole('dialog')
    await dialog.getByText('删除', { exact: true }).click()
    await dialog.getByRole('button', { name: '提交请求' }).click()
    await dialog.getByText('请写明要求，至少 4 个字').waitFor()
    await v.picture('personal-request-desk')
    await dialog.getByLabel('哪一类信息').click()
    await v.page
      .locator('.ant-select-item-option')
      .filter({ hasText: /^职称$/ })
      .click()
    await dialog.getByLabel('哪一条').click()
    await v.page.locator('.ant-select-dropdown:visible .ant-select-item-option').last().click()
    await v.picture('personal-request-record-desk')
    await dialog.getByLabel('要求').fill('删除登错的职称')
    await dialog.getByRole('button', { name: '提交请求' }).click()
    await v.page.getByText('删除登错的职称').first().waitFor()
    // The record is called by its title, and leads there.
    await v.page.locator('dl a[href^="/r/staff.title/"]').first().waitFor()
    await v.picture('personal-request-made-desk')
    // What names no record is carried out by hand.
    await v.goto('/me/personal')
    await v.page.getByRole('button', { name: '提出请求' }).click()
    await dialog.getByText('删除', { exact: true }).click()
    await dialog.getByLabel('要求').fill('删除已不用的第二个手机号')
    await dialog.getByRole('button', { name: '提交请求' }).click()
    await v.page.getByText('删除已不用的第二个手机号').first().waitFor()
  })
  for (const what of ['登错的职称', '第二个手机号'])
    for (const account of ['zhoumin', 'secadmin'])
      await by(account, async (v) => {
        const [task] = (await call<{ rows: { instance: string; title: string }[] }>(v, 'GET', '/api/tasks')).body.rows.filter(({ title }) => title.includes(what))
        await v.goto(`/approvals/${task!.instance}`)
        await v.page.getByText(what).first().waitFor()
        await v.picture(`personal-decide-${account}-desk`)
        const { body } = await call<{ version: number; my: { task: { id: string } } }>(v, 'GET', `/api/approvals/${task!.instance}`)
        const act = { kind: 'approve', actId: crypto.randomUUID(), seenVersion: body.version, task: body.my.task.id, changes: { outcome: 'erase', answer: '同意，将删除' } }
        expect(await call(v, 'POST', `/api/approvals/${task!.instance}/acts`, act)).toMatchObject({ status: 200 })
      }) // prettier-ignore
  await by('secadmin', async (v) => {
    await v.goto('/')
    await v.page.getByText(/执行已同意的个人信息删除/).first().click()
    await v.page.getByRole('tab', { name: '执行' }).click()
    await v.page.getByText('待执行').first().waitFor()
    await v.picture('personal-carry-out-desk')
    await v.page.getByRole('button', { name: '登记已执行' }).click()
    await v.page.getByText('已办结').first().waitFor()
    await v.goto('/r/personal.request')
    await v.page.getByRole('row', { name: /张海涛/ }).first().waitFor()
    await v.picture('personal-requests-desk')
    await v.goto('/r/personal.activity')
    await v.page.getByRole('row', { name: /短信找回密码/ }).waitFor()
    await v.picture('personal-activities-desk')
    await v.goto('/r/personal.assessment')
    await v.page.getByRole('row', { name: /向省级平台报送执业信息/ }).getByText('向省级平台报送执业信息').click()
    await v.picture('personal-assessment-desk')
  }) // prettier-ignore
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/messages')
    await v.page.getByText('您请求删除的个人信息已删除').first().waitFor()
    // What may not be used any more is shown to nobody, its person among them.
    expect((await call<{ rows: unknown[] }>(v, 'GET', '/api/records/staff.title')).body.rows).toEqual([])
  })
})

test('the security officer places a hold over somebody’s information, the office reads it, on the phone, too', async () => {
  await by('secadmin', async (v) => {
    await v.goto('/r/personal.hold')
    await v.page.getByText('还没有信息保全').waitFor()
    await v.picture('holds-empty-desk')
    await v.goto('/r/personal.hold/new')
    await v.page.getByLabel('事由').fill('某某诉本院医疗损害责任纠纷')
    await v.page.getByRole('textbox', { name: /^依据/ }).fill('（2026）粤0305民初1号调取证据通知书')
    await v.page.getByRole('button', { name: '保存', exact: true }).click()
    await v.page.getByText('请选择人员，或填写一条记录的类别与编号').first().waitFor()
    await v.picture('hold-new-desk')
    const [person] = ((await sql(`SELECT id FROM directory.person WHERE name = '张海涛'`)) as { rows: { id: string }[] }).rows
    const made = await call<{ record: { id: string } }>(v, 'POST', '/api/records/personal.hold', {
      person: person!.id,
      matter: '某某诉本院医疗损害责任纠纷，案由复杂，涉及多名医师多年的执业与授权记录',
      basis: '（2026）粤0305民初1号调取证据通知书',
    })
    expect(made.status).toBe(201)
    await v.goto('/r/personal.hold')
    await v.page.getByRole('row', { name: /张海涛.*/ }).waitFor()
    await v.picture('holds-desk')
  })
  await by(
    'zhoumin',
    async (v) => {
      await v.goto('/r/personal.hold')
      await v.page.getByText('某某诉本院').first().waitFor()
      await v.picture('holds-phone')
      expect(await v.page.getByText(/^(新增|新建)/).count()).toBe(0)
    },
    'phone',
  )
})
