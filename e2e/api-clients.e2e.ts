import { expect, test } from 'vitest'
import type { ApiKeysAnswer, IssuedKey } from '#model'
import { send, signer } from '#kernel/server/access/clients/testing.ts'
import { call } from './acting.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { by } = stage()
const codes = { method: 'GET', target: '/api/privileges/check/codes' } as const
const now = { now: () => new Date() }
const originOf = (v: Visitor) => new URL(v.page.url()).origin

/** Reads the key that is shown once, and puts the window away. */
async function shown(v: Visitor): Promise<IssuedKey> {
  const dialog = v.page.getByRole('dialog', { name: '新密钥' })
  const key = await dialog.getByRole('textbox', { name: '密钥编号' }).inputValue()
  const secret = await dialog.getByRole('textbox', { name: '密钥', exact: true }).inputValue()
  return { key, secret }
}
const statusOf = async (v: Visitor, key: IssuedKey) => (await signer(originOf(v), now, key).call(codes)).status

let id = ''
test('E0091 E0092 the system officer registers a program, gives it a key, and it calls; the key is rotated and the old one ended', async () => {
  await by('sysadmin', async (v) => {
    const { page } = v
    await v.goto('/r/security.apiClient/new')
    await page.getByLabel('系统名称').fill('手麻系统')
    await page.getByLabel('允许的来源地址').fill('10.0.0.300')
    await page.getByLabel('允许的来源地址').press('Enter')
    await v.picture('api-client-form')
    const save = page.getByRole('button', { name: '保存', exact: true })
    await save.click()
    await page.getByText('“10.0.0.300”应为地址或网段').waitFor()
    await v.picture('api-client-wrong')
    await page.getByLabel('允许的来源地址').press('Backspace')
    for (const network of ['127.0.0.0/8', '::1']) {
      await page.getByLabel('允许的来源地址').fill(network)
      await page.getByLabel('允许的来源地址').press('Enter')
    }
    await chooseRight(v, '权限校验接口')
    await save.click()
    await page.getByRole('tab', { name: '密钥' }).click()
    id = new URL(page.url()).pathname.split('/').at(-1)!
    await page.getByText('还没有密钥').waitFor()
    await v.picture('api-client-no-key')
    await page.getByRole('button', { name: '发放密钥' }).click()
    await page.getByRole('button', { name: '已经保存' }).click({ trial: true })
    await v.picture('api-client-secret')
    const first = await shown(v)
    await page.getByRole('button', { name: '已经保存' }).click()
    expect(await statusOf(v, first)).toBe(200)
    // Registered as one that must sign: its key alone opens nothing.
    const bearer = await send(originOf(v), { ...codes, headers: { authorization: `Bearer ${first.secret}` } })
    expect([bearer.status, bearer.json()['code']]).toEqual([401, 'signatureRequired'])

    await page.getByRole('button', { name: '换密钥' }).click()
    await page.getByRole('dialog', { name: '换密钥' }).getByText('这 7 天里新旧两把都可用').waitFor()
    await page.getByRole('button', { name: '发放新密钥' }).click({ trial: true })
    await v.picture('api-client-rotate')
    await page.getByRole('button', { name: '发放新密钥' }).click()
    await page.getByRole('dialog', { name: '新密钥' }).waitFor()
    const second = await shown(v)
    await page.getByRole('button', { name: '已经保存' }).click()
    await page.getByText(/有效至/).waitFor()
    expect([await statusOf(v, first), await statusOf(v, second)]).toEqual([200, 200])
    await v.picture('api-client-keys')
    await page.getByRole('listitem').filter({ hasText: first.key }).getByRole('button', { name: '停用' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
    await page.getByText('已停用').waitFor()
    expect([await statusOf(v, first), await statusOf(v, second)]).toEqual([401, 200])
    const { body } = await call<ApiKeysAnswer>(v, 'GET', `/api/clients/${id}/keys`)
    expect(body.keys.map((key) => key.isLive)).toEqual([true, false])
    await expect.poll(async () => (await call<{ rows: unknown[] }>(v, 'GET', '/api/records/security.apiUse')).body.rows.length, { timeout: 20_000 }).toBeGreaterThan(0) // prettier-ignore
    await page.getByRole('tab', { name: '使用日志' }).click()
    await page.getByText('GET /api/privileges/check/codes').first().waitFor()
    await v.picture('api-client-uses')
  })
})

test('on the phone the keys are there as well, and the auditor, who keeps none, sees the record and its use only', async () => {
  await by(
    'sysadmin',
    async (v) => {
      await v.goto(`/r/security.apiClient/${id}`)
      await v.page.getByRole('tab', { name: '密钥' }).click()
      await v.page.getByText('已停用').waitFor()
      await v.picture('api-client-keys-phone')
      await v.page.getByRole('button', { name: '换密钥' }).click()
      await v.page.getByRole('dialog', { name: '换密钥' }).getByText('天里新旧两把都可用').waitFor()
      await v.page.getByRole('button', { name: '发放新密钥' }).click({ trial: true })
      await v.picture('api-client-rotate-phone')
    },
    'phone',
  )
  await by('auditor', async (v) => {
    await v.goto(`/r/security.apiClient/${id}`)
    await v.page.getByRole('tab', { name: '使用日志' }).waitFor()
    expect(await v.page.getByRole('tab', { name: '密钥' }).count()).toBe(0)
  })
})

async function chooseRight(v: Visitor, name: string): Promise<void> {
  await v.page.getByLabel('接口与功能').click()
  await v.page.getByLabel('接口与功能').fill(name)
  await v.page.locator('.ant-select-item-option', { hasText: name }).first().click()
  await v.page.keyboard.press('Escape')
}
