import { expect, test } from 'vitest'
import { stage } from './stage.ts'
import type { Visitor } from './running.ts'

const { by, sql } = stage()
const tab = (v: Visitor, name: string) => v.page.getByRole('tab', { name, exact: true })
const report = (v: Visitor, name: string) => v.page.getByRole('group', { name: '报表' }).getByRole('button', { name, exact: true })
const rows = (v: Visitor) => v.page.locator('.a-entries tbody tr')

/** Something for the log: the office opens a colleague's file, a doctor asks for what is not his. */
async function happen(): Promise<void> {
  await by('zhoumin', async (v) => {
    await v.goto('/r/staff.practitioner?search=张海涛')
    await v.page.getByText('张海涛').first().click()
    await v.page.getByRole('button', { name: '打开', exact: true }).click()
    await v.page.getByText('张海涛').first().waitFor()
  })
  await by('zhanght', async (v) => {
    await v.goto('/audit')
    await v.page.getByText('没有权限查看').first().waitFor()
  })
}

test('E0156 E0259 E0168 E0270 the audit officer looks through the log by report and condition, in words, and takes what he sees along', async () => {
  await happen()
  await by('auditor', async (v) => {
    const { page } = v
    await v.goto('/audit')
    await rows(v).first().waitFor()
    await v.picture('audit-log')
    expect(await page.locator('.x-audit').innerText()).not.toMatch(/\{"|GET \/api|undefined|[0-9a-f]{8}-[0-9a-f]{4}-/)
    await report(v, '被拒绝的访问').click()
    await page.getByText('尝试查看：审计日志').first().waitFor()
    await v.picture('audit-refused')
    expect(new URL(page.url()).searchParams.get('view')).toBe('refused')
    await report(v, '登录与锁定').click()
    await page.getByText('尝试查看：审计日志').first().waitFor({ state: 'detached' })
    await rows(v).first().waitFor()
    for (const name of ['特殊权限行为', '权限维护', '配置维护', '导出与打印']) {
      await report(v, name).click()
      await page.locator('.x-skeleton').waitFor({ state: 'detached' })
      await page.locator('.a-entries tbody tr, .x-notice').first().waitFor()
    }
    await page.getByLabel('IP 地址').fill('203.0.113.77')
    await page.getByLabel('IP 地址').press('Enter')
    await page.getByText('没有符合条件的日志').waitFor()
    await v.picture('audit-empty')
    await page.getByRole('button', { name: '清除条件' }).click()
    await report(v, '全部').click()
    await rows(v).first().waitFor()
    const waiting = page.waitForEvent('download')
    await page.getByRole('link', { name: '导出这些日志' }).click()
    expect((await waiting).suggestedFilename()).toMatch(/^审计日志-.*\.xlsx$/)
  })
})

test('from an entry he comes to all that a person did and all that a record met, and to how long everybody was signed in', async () => {
  await by('auditor', async (v) => {
    const { page } = v
    await v.goto('/audit?act=read')
    await rows(v).first().waitFor()
    await rows(v).first().getByTitle('这条记录的时间线').click()
    await page.locator('.a-record').waitFor()
    await rows(v).first().waitFor()
    await v.picture('audit-record')
    await rows(v).first().getByTitle('他的时间线').click()
    await page.locator('.a-record').waitFor({ state: 'detached' })
    await rows(v).first().waitFor()
    await v.picture('audit-person')
    await tab(v, '登录时长').click()
    await page.locator('.a-times tbody tr').first().waitFor()
    await v.picture('audit-times')
    await tab(v, '封存与核对').click()
    await page.getByText('独立核对').waitFor()
    expect(await page.getByRole('button', { name: '核对封存' }).isVisible()).toBe(true)
    await v.picture('audit-proof')
  })
})

test('on the phone the same stands below one another, within the screen', async () => {
  await by(
    'auditor',
    async (v) => {
      const { page } = v
      for (const [address, wait, name] of [
        ['/audit', '.a-list li', 'log'],
        ['/audit?tab=times', '.a-list li', 'times'],
        ['/audit?tab=person', '.x-notice', 'person'],
        ['/audit?tab=proof', '.a-tiles li', 'proof'],
      ] as const) {
        // prettier-ignore
        await v.goto(address)
        await page.locator(wait).first().waitFor()
        await v.picture(`audit-${name}-phone`)
        expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBe(390)
      }
    },
    'phone',
  )
})

test('whoever opens a colleague’s file is a finding: the security officer sees the reason and the entries, and says what it is', async () => {
  await sql(
    `INSERT INTO kernel.audit_entry (at, actor, actor_name, act, outcome, resource, record, address, detail)
     SELECT now(), a.id, a.name, 'read', 'done', 'staff.practitioner', b.id, '10.1.2.3', '{}' FROM directory.person a, directory.person b WHERE a.name = '张海涛' AND b.id = (
       SELECT id FROM directory.person p WHERE p.unit = a.unit AND p.id <> a.id AND left(p.name, 1) <> '张' LIMIT 1)`,
  )
  await by('secadmin', async (v) => {
    const { page } = v
    await expect
      .poll(
        async () => {
          await v.goto('/r/security.readFinding')
          await page.locator('.x-skeleton').waitFor({ state: 'detached' })
          return page.getByText('查看了同科室同事', { exact: false }).count()
        },
        { timeout: 40_000, interval: 2000 },
      )
      .toBeGreaterThan(0)
    await v.picture('findings-list')
    await page.getByText('查看了同科室同事', { exact: false }).first().click()
    await page.getByRole('button', { name: '打开', exact: true }).click()
    await tab(v, '复核').click()
    await rows(v).first().waitFor()
    await v.picture('finding-review')
    await page.getByRole('button', { name: '确认正常' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '确认正常' }).click()
    await page.getByText('请写明确认正常的原因').waitFor()
    await page.getByRole('dialog').getByRole('textbox').fill('同组会诊，已与科主任核实')
    await page.getByRole('dialog').getByRole('button', { name: '确认正常' }).click()
    await page.getByText('同组会诊', { exact: false }).first().waitFor()
    await v.picture('finding-reviewed')
  })
})
