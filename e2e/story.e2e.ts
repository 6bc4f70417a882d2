import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoHisKey } from '#app/demo/accounts.ts'
import { tickProcedure } from './acting.ts'
import { openBrowser, startProgram, Visitor, type Running, type Size } from './running.ts'

let program: Running
let browser: Browser
beforeAll(async () => {
  ;[program, browser] = await Promise.all([startProgram(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await program?.[Symbol.asyncDispose]()
})

/** Runs one person's part in a browser of the given size; a fault in the page fails it. */
async function as(account: string, size: Size, part: (v: Visitor) => Promise<void>): Promise<void> {
  const visitor = await Visitor.open(browser, program.url, size)
  try {
    await visitor.signInByForm(account)
    await part(visitor)
    expect(visitor.problems).toEqual([])
  } catch (error) {
    if (error instanceof Error && visitor.problems.length) error.message += `\nin the page: ${visitor.problems.join('\n')}`
    throw error
  } finally {
    await visitor.picture(`last-${account}-${size}`)
    await visitor.close()
  }
}
const ask = async (path: string, body: object) =>
  (
    await fetch(program.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${demoHisKey}` },
      body: JSON.stringify(body),
    })
  ).json() as Promise<{ answers?: { result: string; would?: string }[] } & Record<string, unknown>>

describe('the main job: a surgeon is granted procedures, and the HIS is told', () => {
  test('a surgeon on the phone is told he may not, and applies for two procedures in a few taps', async () => {
    await as('zhanght', 'phone', async (v) => {
      await v.goto('/privileges/why')
      await v.page.getByRole('combobox').first().fill('qkgj')
      await v.page.locator('.x-option', { hasText: '全髋关节置换' }).click()
      await v.page.getByRole('status').getByText('不可以', { exact: false }).filter({ visible: true }).first().waitFor()
      await v.picture('why-denied-phone')
      await v.page.getByRole('button', { name: '申请授权' }).click()
      await v.page.getByText('已选 1 项').waitFor()
      await tickProcedure(v, 'zjp', '椎间盘切除术')
      await v.page.getByText('已选 2 项').waitFor()
      await v.page.getByLabel('近一年主刀例数').first().fill('42')
      await v.page.getByText('医疗技术临床应用管理委员会').waitFor()
      await v.picture('apply-phone')
      await v.page.getByRole('button', { name: /签名提交/ }).click()
      await v.sign()
      await v.page.getByText('张海涛的手术授权申请（首次授权，2 项）').filter({ visible: true }).first().waitFor()
      await v.picture('submitted-phone')
    })
  })

  test('the head decides each item on the phone with his signature, the office asks for supervised cases on the desk', async () => {
    await as('liwd', 'phone', async (v) => {
      await v.goto('/tasks')
      await v.page.getByText('张海涛的手术授权申请').first().click()
      await v.page.getByRole('radio', { name: '通过', exact: true }).filter({ visible: true }).first().waitFor()
      await v.picture('decide-phone')
      await v.page.getByRole('button', { name: /签名提交 · 2 项通过/ }).click()
      await v.sign()
      await v.page.getByText('医务处审核').filter({ visible: true }).first().waitFor()
      await v.page.getByRole('button', { name: /签名提交/ }).waitFor({ state: 'detached' })
    })
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/tasks')
      await v.page.getByText('张海涛的手术授权申请').first().click()
      await v.page.getByLabel('须带教例数').first().fill('3')
      await v.picture('decide-desk')
      await v.page.getByRole('button', { name: /^提交/ }).click()
      await v.page.getByRole('button', { name: '录入会议纪要' }).waitFor()
    })
  })

  test('the minutes of the committee pass one item and refuse the other; exactly the passed one becomes a grant', async () => {
    await as('zhoumin', 'desk', async (v) => {
      await v.goto('/r/privileges.application')
      await v.page.getByText('SQ-').filter({ visible: true }).first().waitFor()
      await v.goto(await approvalOf(v))
      await v.page.getByRole('button', { name: '录入会议纪要' }).click()
      const dialog = v.page.getByRole('dialog')
      await dialog.getByText('应到 5 人，实到 5 人').waitFor()
      const second = dialog.locator('.x-minutes-lines li').nth(1)
      await second.getByLabel('赞成').fill('1')
      await second.getByLabel('反对').fill('4')
      await second.getByLabel('结论').click()
      await v.page.locator('.ant-select-item-option').getByText('不通过', { exact: true }).last().click()
      await second.getByLabel('理由').fill('例数不足')
      await dialog.locator('input[type=file]').first().setInputFiles({ name: '纪要.png', mimeType: 'image/png', buffer: onePixel })
      await dialog.getByText('纪要.png').waitFor()
      await v.picture('minutes-desk')
      await dialog.getByRole('button', { name: '录入结果' }).click()
      await v.page.getByText('已批准').filter({ visible: true }).first().waitFor()
      await v.goto('/r/privileges.grant?search=SQ-')
      await v.page.getByText('张海涛').filter({ visible: true }).first().waitFor()
      await v.picture('grants-desk')
    })
  })

  test('the HIS asks and is told: the granted one under supervision, the refused one not', async () => {
    const question = {
      practitioner: { staffNumber: '10005' },
      role: 'operator',
      at: new Date().toISOString(),
      campus: 'ZY',
      procedures: [
        { codeSystem: '医保版', code: '81.5100' },
        { codeSystem: '医保版', code: '80.5100' },
      ],
    }
    const answer = await ask('/api/privileges/check', question)
    expect(JSON.stringify(answer)).toContain('allowedUnderSupervision')
    expect(JSON.stringify(answer)).toContain('noGrant')
  })

  test('the department’s table shows it, a cell leads to the reason, and the surgeon sees his letter verified without signing in', async () => {
    await as('liwd', 'desk', async (v) => {
      await v.goto('/privileges/matrix')
      await v.page.getByText('骨科 · 授权一览').filter({ visible: true }).first().waitFor()
      await v.page
        .getByRole('row', { name: /张海涛/ })
        .getByRole('link', { name: /须上级在场/ })
        .first()
        .waitFor()
      await v.picture('matrix-desk')
      await v.page
        .getByRole('row', { name: /张海涛/ })
        .getByRole('link', { name: /须上级在场/ })
        .first()
        .click()
      await v.page.getByRole('status').getByText('须上级在场').filter({ visible: true }).first().waitFor()
    })
    await as('zhanght', 'phone', async (v) => {
      const code = await v.page.evaluate(async () => {
        const me = (await (await fetch('/api/me')).json()) as { csrf: string; person: { id: string } }
        const made = (await (
          await fetch('/api/privileges/letters', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-csrf-token': me.csrf },
            body: JSON.stringify({ practitioner: me.person.id }),
          })
        ).json()) as { id: string }
        const letter = (await (await fetch(`/api/records/privileges.letter/${made.id}`)).json()) as { record: { code: string } }
        return letter.record.code
      })
      const stranger = await Visitor.open(browser, program.url, 'phone')
      await stranger.goto(`/verify/${code}`)
      await stranger.page.getByText('授权书真实', { exact: false }).waitFor()
      await stranger.page.getByText('全髋关节置换').waitFor()
      await stranger.picture('verify-phone')
      await stranger.goto('/verify/AAAAAAAAAAAAAAAAAAAA')
      await stranger.page.getByText('核验未通过', { exact: false }).waitFor()
      await stranger.close()
    })
  })

  test('the audit officer reads every act, masked, and proves that nobody changed the log', async () => {
    await as('auditor', 'desk', async (v) => {
      await v.goto('/audit')
      await v.page.getByText('录入会议纪要').filter({ visible: true }).first().waitFor()
      await v.page.getByRole('tab', { name: '封存与核对' }).click()
      await v.page.getByRole('button', { name: '核对封存' }).click()
      await v.page.getByText('没有被改动', { exact: false }).waitFor()
      await v.picture('audit-desk')
    })
  })
})

const onePixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
/** The path of the newest request's approval. */
async function approvalOf(v: Visitor): Promise<string> {
  return v.page.evaluate(async () => {
    const list = (await (await fetch('/api/records/privileges.application?limit=1')).json()) as { rows: { id: string }[] }
    const answer = (await (await fetch(`/api/records/privileges.application/${list.rows[0]!.id}`)).json()) as {
      record: { flow: { instance: string } }
    }
    return `/approvals/${answer.record.flow.instance}`
  })
}
