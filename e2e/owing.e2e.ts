import { generateSync } from 'otplib'
import { expect, test } from 'vitest'
import type { ListAnswer, ProtectionAnswer, RecordAnswer } from '#model'
import { demoPassword } from '#app/demo/accounts.ts'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, by, sql } = stage()
const certificates = 'staff.certificate'
/** A form that is half filled in. */
async function writing(v: Visitor, name: string): Promise<string> {
  const people = await call<ListAnswer>(v, 'GET', `/api/records/staff.practitioner?search=${encodeURIComponent('张海涛')}&limit=1`)
  const draft = { practitioner: people.body.rows[0]!.id, name, kind: 'technique', number: 'N-1', issuer: '省卫健委' }
  const { id } = (await call<RecordAnswer>(v, 'POST', `/api/records/${certificates}`, draft)).body.record
  await v.goto(`/r/${certificates}/${id}/edit`)
  await v.page.getByLabel('证书名称').fill(`${name}，写到一半`)
  return id
}
// The server believes a session that it has read a moment ago.
async function owing(v: Visitor): Promise<void> {
  await expect.poll(async () => (await call(v, 'GET', '/api/counts')).status, { timeout: 10_000 }).toBe(403)
}
// What the page asks by itself may have met the refusal already, and the dialog stands over the button.
const save = (v: Visitor) => v.page.getByRole('button', { name: /^保\s?存$/ }).dispatchEvent('click')
const nameOf = async (v: Visitor, id: string) =>
  (await call<RecordAnswer>(v, 'GET', `/api/records/${certificates}/${id}`)).body.record['name']

test.each(['desk', 'phone'] as const)('on the %s a password that must be changed is changed over the page; the session that ended meanwhile too; what was typed is saved', async (size) => {
  const account = size === 'desk' ? 'zhoumin' : 'shenjh'
  await as(account, size, async (v) => {
    const id = await writing(v, `须改密码 ${size}`)
    await sql(`UPDATE security.account SET must_change = true WHERE name = $1`, [account])
    await owing(v)
    await save(v)
    const dialog = v.page.getByRole('dialog')
    await dialog.getByText('须设置新密码').waitFor()
    await dialog.getByLabel('原密码', { exact: true }).waitFor()
    await v.picture(`owing-password-${size}`)
    const change = async (next: string) => {
      await dialog.getByLabel('原密码', { exact: true }).fill(demoPassword)
      await dialog.getByLabel('新密码', { exact: true }).fill(next)
      await dialog.getByLabel('再次输入新密码', { exact: true }).fill(next)
      await dialog.getByRole('button', { name: '保存新密码' }).click()
    }
    await change('short')
    await dialog.getByRole('alert').getByText(/密码须：/).waitFor()
    // He takes so long over it that his session ends.
    await sql(`DELETE FROM kernel.session USING security.account a WHERE a.id = session.account AND a.name = $1`, [account])
    await expect.poll(() => call(v, 'GET', '/api/me').then(({ status }) => status, () => 401), { timeout: 10_000 }).toBe(401)
    await change('Gu-shan#81x')
    await dialog.getByText('登录已过期').waitFor()
    await dialog.getByLabel('密码', { exact: true }).fill(demoPassword)
    await dialog.getByRole('button', { name: '登录', exact: true }).click()
    await v.page.getByText('第 2 版').waitFor()
    expect(await nameOf(v, id)).toBe(`须改密码 ${size}，写到一半`)
  })
}) // prettier-ignore

async function bind(v: Visitor, size: string): Promise<void> {
  const dialog = v.page.getByRole('dialog')
  await dialog.getByText('须绑定动态口令').waitFor()
  if (size === 'desk') {
    await dialog.getByText('请填写当前密码').waitFor()
    await v.picture('owing-proof-desk')
    await dialog.getByLabel('当前密码').fill(demoPassword)
    await dialog.getByRole('button', { name: '继续' }).click()
  }
  await dialog.getByAltText('绑定用的二维码').waitFor()
  await v.picture(`owing-second-factor-${size}`)
  const secret = (await dialog.locator('.si-secret-text code').textContent())!.replace(/\s/g, '')
  await dialog.getByRole('textbox', { name: '动态口令' }).fill(generateSync({ secret }))
  await dialog.getByRole('button', { name: '绑定', exact: true }).click()
  await dialog.getByLabel('我已妥善保存').waitFor()
  await v.picture(`owing-codes-${size}`)
  await dialog.getByLabel('我已妥善保存').check()
  await dialog.getByRole('button', { name: '完成' }).click()
}
test('the policy asks a second factor of everybody while two people work: bound over the page, the codes kept, and what was asked for comes', async () => {
  await as('zhanght', 'desk', (desk) =>
    as('hexl', 'phone', async (phone) => {
      const seen = [[desk, 'desk'], [phone, 'phone']] as const // prettier-ignore
      for (const [v] of seen) {
        await v.goto('/me/security')
        await v.page.getByText('登录的设备').waitFor()
      }
      await by('secadmin', async (officer) => {
        const { own, networks } = (await call<ProtectionAnswer>(officer, 'GET', '/api/protection')).body
        const { status } = await call(officer, 'PUT', '/api/protection', {
          own: { ...own, secondFactor: 'everyone' },
          networks,
          seen: { own, networks },
        })
        expect(status).toBe(200)
      })
      // One of them has been there since the morning.
      await sql(
        `UPDATE kernel.session s SET created_at = s.created_at - interval '1 hour' FROM security.account a WHERE a.id = s.account AND a.name = $1`,
        ['zhanght'],
      )
      for (const [v, size] of seen) {
        await owing(v)
        await v.page.getByRole('link', { name: '我的登录记录' }).dispatchEvent('click')
        await bind(v, size)
        await v.page.getByRole('dialog').waitFor({ state: 'detached' })
        await v.page.getByRole('heading', { name: '登录日志' }).first().waitFor()
        await v.page.getByText('成功').first().waitFor()
      }
    }),
  )
})
