import { generateSync } from 'otplib'
import { afterAll, expect, test } from 'vitest'
import { demoPassword } from '#app/demo/accounts.ts'
import { demoPeople } from '#app/demo/people.ts'
import { OidcProvider } from '#app/testing/oidc-provider.ts'
import { SmsService } from '#app/testing/sms-service.ts'
import { WecomService } from '#app/testing/wecom-service.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

// The program asks them: they stand before it starts.
const [oidc, wecom, sms] = await Promise.all([new OidcProvider().start(), new WecomService().start(), new SmsService().start()])
const { as, by, stranger, sql } = stage(undefined, {
  XINGLIN_OIDC_ISSUER: oidc.url, XINGLIN_OIDC_CLIENT: oidc.clientId, XINGLIN_OIDC_SECRET: oidc.secret, XINGLIN_OIDC_STAFF_CLAIM: 'employee_number', XINGLIN_OIDC_LABEL: '集团统一身份认证',
  XINGLIN_WECOM_CORP: wecom.corp, XINGLIN_WECOM_AGENT: wecom.agent, XINGLIN_WECOM_SECRET: wecom.secret, XINGLIN_WECOM_BASE: wecom.url,
  XINGLIN_SMS_URL: `${sms.url}/send`, XINGLIN_SMS_SECRET: sms.secret,
}) // prettier-ignore
afterAll(() => Promise.all([oidc.stop(), wecom.stop(), sms.stop()]))
const staffNumberOf = async (account: string): Promise<string> => {
  const { rows } = (await sql(`SELECT p.staff_number AS number FROM directory.person p JOIN security.account a ON a.person = p.id WHERE a.name = $1`, [account])) as { rows: { number: string }[] } // prettier-ignore
  return rows[0]!.number
}
const press = (v: Visitor, name: string) => v.page.getByRole('link', { name, exact: true }).click()

test('in through the hospital’s own sign-in, to the page that was asked for; without a second factor there, ours is asked', async () => {
  oidc.user = { sub: 'zhanght', name: '张海涛', employee_number: await staffNumberOf('zhanght'), amr: ['pwd'] }
  await stranger('desk', async (v) => {
    await v.goto('/me/security')
    await v.page.getByText('其他方式').waitFor()
    await v.picture('outside-ways-desk')
    await press(v, '集团统一身份认证')
    await v.page.getByText('登录的设备').waitFor()
    expect(new URL(v.page.url()).pathname + new URL(v.page.url()).hash).toBe('/me/security')
  })
  let secret = ''
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/me/security')
    await v.page.getByRole('button', { name: '绑定', exact: true }).click()
    await v.page.getByLabel('请再输入一次密码').fill(demoPassword)
    await v.page.getByRole('button', { name: '下一步' }).click()
    await v.page.getByText('不能扫描？手动输入密钥').click()
    secret = (await v.page.locator('.si-secret-text code').textContent())!.replace(/\s/g, '')
    await v.page.getByRole('textbox', { name: '动态口令' }).fill(generateSync({ secret }))
    await v.page.getByRole('button', { name: '绑定', exact: true }).last().click()
    await v.page.getByLabel('我已妥善保存').check()
    await v.page.getByRole('button', { name: '完成' }).click()
    await v.page.getByText('恢复码还剩 10 个').waitFor()
  })
  await stranger('phone', async (v) => {
    await v.goto('/')
    await v.page.getByText('其他方式').waitFor()
    await v.picture('outside-ways-phone')
    await press(v, '集团统一身份认证')
    await v.page.getByLabel('动态口令').waitFor()
    await v.page.getByLabel('动态口令').fill(generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 }))
    await v.page.getByText('张海涛').first().waitFor()
  })
  oidc.user = { ...oidc.user, amr: ['pwd', 'otp'] }
  await stranger('desk', async (v) => {
    await v.goto('/')
    await press(v, '集团统一身份认证')
    await v.page.getByText('张海涛').first().waitFor()
  })
  oidc.isRefusing = true
  await stranger('phone', async (v) => {
    await v.goto('/')
    await press(v, '集团统一身份认证')
    await v.page.getByText('已在统一身份认证中取消登录').waitFor()
    await v.picture('outside-refused-phone')
  })
})

test('WeCom: the first time a binding is applied for; refused with a reason; approved, the next one goes through', async () => {
  wecom.user = 'HeXiuLan'
  const apply = (v: Visitor) => async () => {
    await v.page.getByLabel('账号').fill('hexl')
    await v.page.getByLabel('密码', { exact: true }).fill(demoPassword)
    await v.page.getByRole('button', { name: '申请绑定' }).click()
    await v.page.getByText('绑定申请已提交').waitFor()
  }
  await stranger('phone', async (v) => {
    await v.goto('/')
    await press(v, '企业微信登录')
    await v.page.getByText('绑定企业微信').waitFor()
    await v.picture('outside-binding-phone')
    await apply(v)()
    await v.picture('outside-waiting-phone')
    expect(v.problems).toEqual([])
  })
  const open = async (v: Visitor) => {
    await v.goto('/messages')
    await v.page.getByText('账号绑定待审批').first().click()
    await v.page.getByRole('tab', { name: '审批' }).click()
  }
  await by('sysadmin', async (v) => {
    await v.goto('/r/security.binding')
    await v.page.getByText('HeXiuLan').first().waitFor()
    await v.picture('bindings-desk')
    await open(v)
    await v.picture('binding-desk')
    await v.page.getByRole('button', { name: '驳回' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: '驳回' }).click()
    await v.page.getByText('请写明驳回的原因').waitFor()
    await v.page.getByRole('dialog').getByRole('textbox').fill('请本人到信息中心核对')
    await v.picture('binding-refusal-desk')
    await v.page.getByRole('dialog').getByRole('button', { name: '驳回' }).click()
    await v.page.getByText('已驳回').first().waitFor()
  })
  await stranger('desk', async (v) => {
    await v.goto('/')
    await press(v, '企业微信登录')
    await v.page.getByText('上次申请被驳回：请本人到信息中心核对').waitFor()
    await v.picture('outside-refused-before-desk')
    await apply(v)()
  })
  await as('sysadmin', 'phone', async (v) => {
    await open(v)
    await v.picture('binding-phone')
    await v.page.getByRole('button', { name: '通过' }).click()
    await v.page.getByText('已通过，下次可直接登录').waitFor()
  })
  await stranger('phone', async (v) => {
    await v.goto('/')
    await press(v, '企业微信登录')
    await v.page.getByText('何秀兰').first().waitFor()
    expect(v.problems).toEqual([])
  })
})

test('a forgotten password on the phone: a code, a new password, in; a number that is not in the file is answered alike', async () => {
  const mobile = demoPeople(600, new Date().toISOString().slice(0, 10)).find(({ account }) => account === 'sunning')!.mobile
  const readPicture = async (v: Visitor) => {
    await v.page.getByAltText('验证码图片').waitFor()
    const { rows: found } = (await sql('SELECT answer FROM kernel.captcha ORDER BY id DESC LIMIT 1')) as { rows: { answer: string }[] }
    await v.page.getByLabel('图形验证码').fill(found[0]!.answer)
  }
  const ask = async (v: Visitor, account: string, number: string) => {
    await v.goto('/')
    await v.page.getByRole('button', { name: '忘记密码' }).click()
    await v.page.getByLabel('账号').fill(account)
    await v.page.getByLabel('登记的手机号').fill(number)
    await readPicture(v)
    await v.page.getByRole('button', { name: '获取验证码' }).click()
  }
  await stranger('phone', async (v) => {
    await v.goto('/')
    await v.page.getByRole('button', { name: '忘记密码' }).waitFor()
    await v.picture('sign-in-with-reset-phone')
    await ask(v, 'nobody', '139')
    await v.page.getByText('手机号不对，应为 11 位').waitFor()
    await v.picture('reset-ask-phone')
    await v.page.getByLabel('登记的手机号').fill('13912345678')
    await readPicture(v)
    await v.page.getByRole('button', { name: '获取验证码' }).click()
    await v.page.getByText('如果账号和手机号与档案一致').waitFor()
    expect(sms.taken).toEqual([])
    await ask(v, 'sunning', mobile)
    await v.page.getByText('如果账号和手机号与档案一致').waitFor()
    await expect.poll(() => sms.codeTo(mobile), { timeout: 10_000 }).toBeDefined()
    const code = sms.codeTo(mobile)!
    await v.page.getByLabel('短信验证码').fill(code === '000000' ? '111111' : '000000')
    await v.page.getByRole('button', { name: '下一步' }).click()
    await v.page.getByText('验证码不对，请核对短信').waitFor()
    await v.picture('reset-code-phone')
    await v.page.getByLabel('短信验证码').fill(code)
    await v.page.getByRole('button', { name: '下一步' }).click()
    await v.page.getByLabel('新密码', { exact: true }).fill('Gu-shan#81x')
    await v.page.getByLabel('再次输入新密码').fill('Gu-shan#82x')
    await v.page.getByRole('button', { name: '保存新密码' }).click()
    await v.page.getByText('两次输入的新密码不一致').waitFor()
    await v.picture('reset-next-phone')
    await v.page.getByLabel('再次输入新密码').fill('Gu-shan#81x')
    await v.page.getByRole('button', { name: '保存新密码' }).click()
    await v.page.getByText('密码已重置，请用新密码登录').waitFor()
    await v.picture('reset-done-phone')
    await v.page.getByLabel('账号').fill('sunning')
    await v.page.getByLabel('密码', { exact: true }).fill('Gu-shan#81x')
    await v.page.getByRole('button', { name: '登录', exact: true }).click()
    await v.page.getByText('孙宁').first().waitFor()
    expect(v.problems).toEqual([])
  })
  await stranger('desk', async (v) => {
    await ask(v, 'nobody', '13912345679')
    await v.page.getByText('如果账号和手机号与档案一致').waitFor()
    await v.picture('reset-code-desk')
  })
})
