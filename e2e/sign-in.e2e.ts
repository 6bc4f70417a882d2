import { generateSync } from 'otplib'
import { expect, test } from 'vitest'
import { demoPassword } from '#app/demo/accounts.ts'
import type { Visitor } from './running.ts'
import { stage } from './stage.ts'

const { as, by, stranger, sql } = stage()
const codeIn = (secret: string, seconds: number) =>
  generateSync({ secret: secret.replace(/\s/g, ''), epoch: Math.floor(Date.now() / 1000) + seconds })
const fill = async (v: Visitor, account: string, password: string) => {
  await v.page.getByLabel('账号').fill(account)
  await v.page.getByLabel('密码', { exact: true }).fill(password)
  await v.page.getByRole('button', { name: '登录', exact: true }).click()
}
/** Reads the picture for whoever cannot: the newest that was given. */
const readPicture = async (v: Visitor) => {
  await v.page.getByAltText('验证码图片').waitFor()
  const rows = (await sql('SELECT answer FROM kernel.captcha ORDER BY id DESC LIMIT 1')) as { rows: { answer: string }[] }
  await v.page.getByLabel('图形验证码').fill(rows.rows[0]!.answer)
}

test.each(['desk', 'phone'] as const)('on the %s a wrong password asks for a picture; with it the right one opens', async (size) => {
  await stranger(size, async (v) => {
    const sent: string[] = []
    v.page.on('request', (request) => void sent.push(request.postData() ?? ''))
    await v.goto('/')
    await fill(v, 'liwd', 'wrong')
    await v.page.getByText('账号或密码不对').waitFor()
    await v.page.getByAltText('验证码图片').waitFor()
    await v.picture(`sign-in-captcha-${size}`)
    await fill(v, 'liwd', demoPassword)
    await v.page.getByText('请填写图形验证码').waitFor()
    await readPicture(v)
    await fill(v, 'liwd', demoPassword)
    await v.page.getByRole('heading', { name: /首页|工作台|李卫东/ }).first().waitFor()
    expect(v.problems).toEqual([])
    // Beside TLS the passwords are sealed.
    expect(sent.join('\n')).not.toContain(demoPassword)
    expect(sent.filter((body) => body.includes('"password":"sm2:')).length).toBe(2)
  })
}) // prettier-ignore

test('a doctor binds an authenticator, keeps the codes, and signs in with it; the phone lost, with a recovery code', async () => {
  let secret = ''
  let codes: string[] = []
  await as('zhanght', 'phone', async (v) => {
    await v.goto('/me/security')
    await v.page.getByText('登录的设备').waitFor()
    await v.picture('own-security-phone')
    await v.page.getByRole('button', { name: '绑定', exact: true }).click()
    await v.page.getByLabel('请再输入一次密码').fill('wrong')
    await v.page.getByRole('button', { name: '下一步' }).click()
    await v.page.getByText('当前密码不对').waitFor()
    await v.page.getByLabel('请再输入一次密码').fill(demoPassword)
    await v.page.getByRole('button', { name: '下一步' }).click()
    await v.page.getByAltText('绑定用的二维码').waitFor()
    await v.page.getByText('不能扫描？手动输入密钥').click()
    secret = (await v.page.locator('.si-secret-text code').textContent())!
    await v.picture('bind-phone')
    await v.page.getByRole('textbox', { name: '动态口令' }).fill('000000')
    await v.page.getByRole('button', { name: '绑定', exact: true }).last().click()
    await v.page.getByText('动态口令不对，请确认手机时间准确后重试').waitFor()
    await v.page.getByRole('textbox', { name: '动态口令' }).fill(codeIn(secret, 0))
    await v.page.getByRole('button', { name: '绑定', exact: true }).last().click()
    await v.page.getByText('我已妥善保存').waitFor()
    codes = await v.page.locator('.si-codes li').allTextContents()
    await v.picture('recovery-codes-phone')
    await v.page.getByLabel('我已妥善保存').check()
    await v.page.getByRole('button', { name: '完成' }).click()
    await v.page.getByText('恢复码还剩 10 个').waitFor()
    expect(v.problems).toEqual([])
  })
  for (const [size, code] of [
    ['desk', codeIn(secret, 30)],
    ['phone', codes[3]!],
  ] as const)
    // prettier-ignore
    await stranger(size, async (v) => {
      await v.goto('/')
      await fill(v, 'zhanght', demoPassword)
      await v.page.getByRole('button', { name: '手机不在身边，用恢复码' }).waitFor()
      await v.picture(`second-factor-${size}`)
      if (size === 'phone') await v.page.getByRole('button', { name: '手机不在身边，用恢复码' }).click()
      await v.page.getByLabel(size === 'phone' ? '恢复码' : '动态口令', { exact: true }).fill(code)
      // Six digits are sent by themselves.
      if (size === 'phone') await v.page.getByRole('button', { name: '验证', exact: true }).click()
      await v.page.getByText('张海涛').first().waitFor()
      expect(v.problems).toEqual([])
    })
})

test('a lock is undone by the officer; of a second factor only when the other officer agrees; the one-time password must be changed', async () => {
  await stranger('desk', async (v) => {
    await v.goto('/')
    for (let n = 0; n < 5; n++) {
      if (n > 0) await readPicture(v)
      await fill(v, 'hexl', 'wrong')
      await v.page.getByText(n < 4 ? '账号或密码不对' : /连续输错次数过多/).waitFor()
      if (n < 4) await v.page.waitForFunction(() => (document.querySelector<HTMLInputElement>('input[name=captcha]')?.value ?? '') === '')
    }
  })
  const open = async (v: Visitor, name: string) => {
    await v.goto('/r/security.account')
    await v.page.getByText(name, { exact: true }).first().click()
    await v.page.getByRole('button', { name: '打开', exact: true }).click()
    await v.page.getByRole('tab', { name: '登录情况' }).click()
  }
  let password = ''
  await by('sysadmin', async (v) => {
    await open(v, 'hexl')
    await v.page.getByText('已锁定').waitFor()
    await v.picture('account-locked-desk')
    await v.page.getByRole('button', { name: '立即解锁' }).click()
    await v.page.getByText('已解锁').waitFor()
    await v.page.getByRole('button', { name: '发一次性密码' }).click()
    await v.page.getByRole('button', { name: '确定' }).click()
    await v.page.getByText('请写明发一次性密码的原因').waitFor()
    await v.page.getByLabel('原因').fill('本人持工牌到场，忘记密码')
    await v.page.getByRole('button', { name: '确定' }).click()
    password = (await v.page.locator('.x-one-time').textContent())!
    await v.page.getByRole('button', { name: '已告知本人' }).click()
    await open(v, 'zhanght')
    await v.page.getByRole('button', { name: '解除动态口令' }).click()
    await v.page.getByLabel('原因').fill('手机丢失')
    await v.page.getByRole('button', { name: '确定' }).click()
    await v.page.getByText('待另一位管理员同意').waitFor()
    expect(v.problems).toEqual([])
  })
  await stranger('phone', async (v) => {
    await v.goto('/')
    await fill(v, 'hexl', password)
    await v.page.getByText('请先设置自己的新密码').waitFor()
    await v.page.getByLabel('原密码', { exact: true }).fill(password)
    await v.page.getByLabel('新密码', { exact: true }).fill('Hexl@2026xx')
    await v.page.getByLabel('再次输入新密码', { exact: true }).fill('Hexl@2026xx')
    await v.page.getByRole('button', { name: '保存新密码' }).click()
    await v.page.getByText('密码须：不含账号名、工号').waitFor()
    await v.picture('password-rules-phone')
    await v.page.getByLabel('新密码', { exact: true }).fill('Gu-shan#81x')
    await v.page.getByLabel('再次输入新密码', { exact: true }).fill('Gu-shan#81x')
    await v.page.getByRole('button', { name: '保存新密码' }).click()
    await v.page.getByText('何秀兰').first().waitFor()
  })
  await by('secadmin', async (v) => {
    await open(v, 'zhanght')
    await v.page.getByText('手机丢失').waitFor()
    await v.picture('reset-to-confirm-desk')
    await v.page.getByRole('button', { name: '同意', exact: true }).click()
    await v.page.getByText('许安已同意，待王建国执行').waitFor()
    expect(await v.page.getByRole('button', { name: '发一次性密码' }).count()).toBe(0)
  })
  await by('sysadmin', async (v) => {
    await open(v, 'zhanght')
    await v.page.getByRole('button', { name: '执行', exact: true }).click()
    await v.page.getByText('已办理').waitFor()
  })
  await by('zhanght', async (v) => {
    await v.goto('/me/security')
    await v.page.getByText('未绑定').waitFor()
  })
})

test('the security officer tightens the policy and never loosens it; names of networks stand in the log of sign-ins', async () => {
  await by('secadmin', async (v) => {
    await v.goto('/protection')
    await v.page.getByText('等保二级 · 内网').first().waitFor()
    await v.picture('protection-desk')
    await v.page.getByLabel('本院：密码最短').fill('6')
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('只能更严：等保二级 · 内网要求至少 8 位').waitFor()
    await v.page.getByLabel('本院：密码最短').fill('12')
    await v.page.getByRole('button', { name: '加一个网络' }).click()
    await v.page.getByLabel('名称').fill('信息中心')
    await v.page.getByLabel('网段').fill('127.0.0.0/33')
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('应为地址或网段').waitFor()
    await v.page.getByLabel('网段').fill('127.0.0.0/8')
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('本院更严').waitFor()
    expect(v.problems).toEqual([])
  })
  // His password was long enough until now.
  await stranger('desk', async (v) => {
    await v.goto('/')
    await fill(v, 'wujing', 'Xinglin@2026')
    await v.page.getByText('吴静').first().waitFor()
  })
  await by('auditor', async (v) => {
    await v.goto('/r/security.signIn')
    await v.page.getByText('信息中心').first().waitFor()
    await v.picture('sign-in-log-desk')
  })
  await as('secadmin', 'phone', async (v) => {
    await v.goto('/protection')
    await v.page.getByText('本院更严').waitFor()
    await v.picture('protection-phone')
  })
})
