import { rm } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditItem, ListAnswer, RecordAnswer } from '#model'
import { postgresOf, printedOfficer } from '#app/testing/program.ts'
import { acting, call, moduleOutside } from './acting.ts'
import { newestCaptcha } from './database.ts'
import { openBrowser, startProgram, Visitor, type Running, type Size } from './running.ts'

const declaration = `
import { group, ledger, longText, may, module, reference, resource, text } from '#model'
import { approve, flow, headOf } from '#kernel/model/flow/definition.ts'
const report = resource('reports.report', {
  label: '情况说明', title: 'topic', owner: { person: 'practitioner' }, approval: 'reports.report',
  fields: {
    practitioner: reference('填报人', 'staff.practitioner', { required: true, default: 'me' }),
    topic: text('事由', { required: true, max: 100 }),
    story: longText('经过'),
  },
})
export default module('reports', {
  label: '情况说明', dependsOn: ['organisation', 'staff'], resources: [report],
  flows: [flow('reports.report', { label: '情况说明审批', steps: [approve('head', '科主任审批', { by: headOf() })] })],
  roles: { staffMember: [may.readOwn(report), may.create(report)], departmentHead: [may.read(report)] },
  menu: [group('情况说明', [ledger(report)])],
})
`
let folder: string
let program: Running
let browser: Browser
beforeAll(async () => {
  folder = await moduleOutside(declaration)
  ;[program, browser] = await Promise.all([startProgram({ env: { XINGLIN_EXTRA_MODULES: folder } }), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
  if (folder) await rm(folder, { recursive: true, force: true })
})
const as = <T>(account: string, size: Size, part: (v: Visitor) => Promise<T>) => acting({ browser, program }, account, size, part)

const certificates = 'staff.certificate'
/** A certificate of 张海涛, entered by the office. */
async function certificate(v: Visitor, name: string): Promise<string> {
  const people = await call<ListAnswer>(v, 'GET', `/api/records/staff.practitioner?search=${encodeURIComponent('张海涛')}&limit=1`)
  const draft = { practitioner: people.body.rows[0]!.id, name, kind: 'technique', number: 'N-1', issuer: '省卫健委' }
  return (await call<RecordAnswer>(v, 'POST', `/api/records/${certificates}`, draft)).body.record.id
}
const stored = async (v: Visitor, id: string) => (await call<RecordAnswer>(v, 'GET', `/api/records/${certificates}/${id}`)).body.record

describe('two officers edit one record', () => {
  test.each([['desk', 'phone'], ['phone', 'desk']] as const)('on %s and %s: the second is shown both versions, decides where both changed, and what each alone changed stays', async (firstSize, secondSize) => {
    await as('zhoumin', firstSize, async (first) => {
      const id = await certificate(first, `腔镜培训 ${firstSize}`)
      await as('shenjh', secondSize, async (second) => {
        for (const v of [first, second]) {
          await v.goto(`/r/${certificates}/${id}/edit`)
          await v.page.getByLabel('证书名称').waitFor()
        }
        await first.page.getByLabel('证书名称').fill('腹腔镜培训（周敏）')
        await first.page.getByLabel('发证机关').fill('国家卫健委')
        await first.page.getByRole('button', { name: /^保\s?存$/ }).click()
        await first.page.getByText('第 2 版').waitFor()
        await second.page.getByLabel('证书名称').fill('胸腔镜培训（沈建华）')
        await second.page.getByLabel('编号').fill('N-2')
        await second.page.getByRole('button', { name: /^保\s?存$/ }).click()
        const dialog = second.page.getByRole('dialog')
        await dialog.getByText('这条记录刚被别人修改').waitFor()
        for (const text of ['周敏', '腹腔镜培训（周敏）', '胸腔镜培训（沈建华）', '国家卫健委', 'N-2']) await dialog.getByText(text).filter({ visible: true }).first().waitFor()
        expect(await dialog.getByRole('button', { name: '还有 1 处要选' }).isDisabled()).toBe(true)
        await second.picture(`conflict-${secondSize}`)
        await dialog.getByRole('radio').first().check()
        await dialog.getByRole('button', { name: '保存合并结果' }).click()
        await second.page.getByText('第 3 版').waitFor()
        expect(await stored(second, id)).toMatchObject({ name: '胸腔镜培训（沈建华）', number: 'N-2', issuer: '国家卫健委', version: 3 })
      })
    })
  }) // prettier-ignore

  test('giving way keeps the other’s version alone, and an act on an old version is 409 with both', async () => {
    await as('zhoumin', 'desk', async (v) => {
      const id = await certificate(v, '介入培训')
      await v.goto(`/r/${certificates}/${id}/edit`)
      await v.page.getByLabel('编号').fill('N-9')
      expect(await call(v, 'PATCH', `/api/records/${certificates}/${id}`, { version: 1, changes: { number: 'N-7' } })).toMatchObject({
        status: 200,
      })
      await v.page.getByRole('button', { name: /^保\s?存$/ }).click()
      await v.page.getByRole('dialog').getByRole('button', { name: '放弃我的修改' }).click()
      await v.page.getByText('第 2 版').waitFor()
      expect(await stored(v, id)).toMatchObject({ number: 'N-7', version: 2 })
      const late = await call(v, 'PATCH', `/api/records/${certificates}/${id}`, { version: 1, changes: { number: 'N-8' } })
      expect(late).toMatchObject({ status: 409, body: { code: 'versionConflict', current: { number: 'N-7', version: 2 } } })
    })
  })
})

describe('one decision', () => {
  const submitted = (topic: string) =>
    as('zhanght', 'desk', async (v) => {
      const answer = await call<{ instance: string }>(v, 'POST', '/api/flows/submit/reports.report', {
        draft: { topic },
        actId: crypto.randomUUID(),
      })
      expect(answer.status, JSON.stringify(answer.body)).toBe(201)
      return answer.body.instance
    })

  test.each(['desk', 'phone'] as const)('a double click on the %s approves once', async (size) => {
    const instance = await submitted(`双击 ${size}`)
    await as('liwd', size, async (v) => {
      const answers: number[] = []
      v.page.on('response', (response) => void (response.url().endsWith('/acts') && answers.push(response.status())))
      await v.goto(`/approvals/${instance}`)
      await v.page.getByRole('button', { name: '同意', exact: true }).dblclick()
      await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
      expect(new Set(answers)).toEqual(new Set([200]))
      expect(await v.page.locator('.ant-message-error').count()).toBe(0)
      const audited = await as(
        'auditor',
        'desk',
        async (a) => (await call<{ rows: AuditItem[] }>(a, 'GET', '/api/audit?act=flow.approve')).body.rows,
      )
      expect(audited.filter((row) => JSON.stringify(row.detail).includes(instance))).toHaveLength(1)
    })
  })

  test('the same request decided in a second window is told what happened, and shows it', async () => {
    const instance = await submitted('两个窗口')
    await as('liwd', 'desk', async (v) => {
      // This window hears of nothing by itself: it learns it from its answer.
      await v.page.route('**/api/live', (route) => route.abort())
      await v.goto(`/approvals/${instance}`)
      await v.page.getByRole('button', { name: '同意', exact: true }).waitFor()
      await as('liwd', 'phone', async (other) => {
        await other.goto(`/approvals/${instance}`)
        await other.page.getByRole('button', { name: '同意', exact: true }).click()
        await other.page.getByText('已批准').filter({ visible: true }).first().waitFor()
      })
      await v.page.getByRole('button', { name: '同意', exact: true }).click()
      await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
      expect(await v.page.getByRole('button', { name: '同意', exact: true }).count()).toBe(0)
    })
  })
})

test.each(['desk', 'phone'] as const)('a session that ends in the middle of a form on the %s asks for the password over the page; nothing is lost, and it is saved', async (size) => {
  await as('zhoumin', size, async (v) => {
    const id = await certificate(v, `会话 ${size}`)
    await v.goto(`/r/${certificates}/${id}/edit`)
    await v.page.getByLabel('证书名称').fill(`写到一半 ${size}`)
    await v.page.getByLabel('编号').fill('N-77')
    const other = await v.page.context().newPage()
    await other.goto(`${program.url}/`)
    await other.evaluate(async () => {
      const me = (await (await fetch('/api/me')).json()) as { csrf: string }
      await fetch('/api/sign-out', { method: 'POST', headers: { 'x-csrf-token': me.csrf } })
    })
    await other.close()
    // What the page asks by itself may have met the end already, and the dialog stands over the button.
    await v.page.getByRole('button', { name: /^保\s?存$/ }).dispatchEvent('click')
    const dialog = v.page.getByRole('dialog')
    await dialog.getByText('登录已过期').waitFor()
    await v.picture(`expired-${size}`)
    expect(await dialog.getByLabel('账号').inputValue()).toBe('zhoumin')
    await dialog.getByLabel('密码', { exact: true }).fill('wrong')
    await dialog.getByRole('button', { name: '登录', exact: true }).click()
    await dialog.getByText('账号或密码不对').waitFor()
    await dialog.getByAltText('验证码图片').waitFor()
    await dialog.getByLabel('图形验证码').fill(await newestCaptcha(program))
    expect([await v.page.getByLabel('证书名称').inputValue(), await v.page.getByLabel('编号').inputValue()]).toEqual([`写到一半 ${size}`, 'N-77'])
    await dialog.getByLabel('密码', { exact: true }).fill('Xinglin@2026')
    await dialog.getByRole('button', { name: '登录', exact: true }).click()
    // What waited for the password goes on by itself.
    await v.page.getByText('第 2 版').waitFor()
    expect(await stored(v, id)).toMatchObject({ name: `写到一半 ${size}`, number: 'N-77' })
  })
}) // prettier-ignore

test.each(['desk', 'phone'] as const)(
  'on the %s the database dies as somebody saves: the page waits, and it is saved once',
  async (size) => {
    await as('zhanght', size, async (v) => {
      const topic = `数据库中断 ${size}`
      await v.goto('/r/reports.report/new')
      await v.page.getByLabel('事由').fill(topic)
      await v.page.getByText('李卫东').filter({ visible: true }).first().waitFor()
      process.kill(postgresOf(program.data)!, 'SIGKILL')
      await v.page.getByRole('button', { name: '提交审批' }).click()
      await v.page.getByText('审批中').filter({ visible: true }).first().waitFor({ timeout: 40_000 })
      const { rows } = (await call<ListAnswer>(v, 'GET', '/api/records/reports.report')).body
      expect(rows.filter((row) => row['topic'] === topic)).toHaveLength(1)
      expect(program.output()).toContain('数据库已恢复')
    })
  },
)

test('a doctor who asks for another’s record or for an officer’s page is refused, and the audit officer reads it', async () => {
  const id = await as('zhoumin', 'desk', (v) => certificate(v, '别人的证书'))
  await as('machao', 'phone', async (v) => {
    await v.goto(`/r/${certificates}/${id}`)
    await v.page.getByText('没有找到').waitFor()
    await v.goto('/audit')
    await v.page
      .getByText(/没有权限|没有这个页面|没有找到/)
      .first()
      .waitFor()
    await v.picture('refused-route-phone')
    const asked: [string, string, unknown, number, string][] = [
      ['GET', `/api/records/${certificates}/${id}`, undefined, 404, 'notFound'], ['GET', `/api/records/${certificates}/${id}/history`, undefined, 404, 'notFound'],
      ['PATCH', `/api/records/${certificates}/${id}`, { version: 1, changes: { name: '改' } }, 403, 'noRight'], ['DELETE', `/api/records/${certificates}/${id}?version=1`, undefined, 403, 'noRight'],
      ['GET', '/api/audit', undefined, 403, 'noRight'], ['GET', '/api/records/directory.roleAssignment', undefined, 403, 'noRight'],
    ] // prettier-ignore
    for (const [method, path, body, status, code] of asked)
      expect(await call(v, method, path, body), `${method} ${path}`).toMatchObject({ status, body: { code } })
  })
  await as('auditor', 'desk', async (v) => {
    const { rows } = (await call<{ rows: AuditItem[] }>(v, 'GET', '/api/audit?outcome=refused')).body
    const his = rows.filter((row) => /^马超|^machao/.test(row.actorName ?? ''))
    expect(his.filter((row) => row.record === id).map((row) => row.act).sort()).toEqual(
      ['DELETE /api/records/:resource/:id', 'GET /api/records/:resource/:id', 'GET /api/records/:resource/:id', 'GET /api/records/:resource/:id/history', 'PATCH /api/records/:resource/:id'],
    ) // prettier-ignore
    expect(his.map((row) => row.act)).toContain('GET /api/audit')
    expect(his.find((row) => row.act === 'GET /api/records/:resource')).toMatchObject({
      resource: 'directory.roleAssignment',
      detail: { code: 'noRight' },
    })
  })
})

test.each(['desk', 'phone'] as const)('on the %s the printed first password opens nothing but the choice of one’s own', async (size) => {
  await using fresh = await startProgram({ demo: 'none' })
  const { account, password } = printedOfficer(fresh.output())
  const v = await Visitor.open(browser, fresh.url, size)
  const choose = async (next: string, again = next) => {
    for (const [label, text] of [['原密码', password], ['新密码', next], ['再次输入新密码', again]] as const) await v.page.getByLabel(label, { exact: true }).fill(text)
    await v.page.getByRole('button', { name: '保存新密码' }).click()
  } // prettier-ignore
  try {
    await v.goto('/')
    await v.page.getByLabel('账号').fill(account)
    await v.page.getByLabel('密码', { exact: true }).fill(password)
    await v.page.getByRole('button', { name: '登录' }).click()
    await v.page.getByText('请先设置自己的新密码').waitFor()
    await v.picture(`first-password-${size}`)
    await v.goto('/r/directory.unit')
    await v.page.getByText('请先设置自己的新密码').waitFor()
    await choose('12345')
    await v.page.getByText(/密码须：8–200 位/).waitFor()
    await choose(password)
    await v.page.getByText('不能与当前密码或最近 3 个密码相同').waitFor()
    await choose('Ziji#2026-gai', 'Ziji#2026-gia')
    await v.page.getByText('两次输入的新密码不一致').waitFor()
    await choose('Ziji#2026-gai')
    await v.page.getByText('还没有组织机构').waitFor()
    expect(v.problems).toEqual([])
  } finally {
    await v.picture(`first-home-${size}`)
    await v.close()
  }
})
