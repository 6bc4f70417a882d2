import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { stage } from './stage.ts'
import type { Visitor } from './running.ts'

const { as, by } = stage()
const ledger = '/r/staff.practitioner'
/** How many marks stand over the page: what they hold lies in a closed shadow, so they are known by their place. */
const marks = (v: Visitor) => v.page.locator('body > div[popover=manual][aria-hidden=true]')
/** Points of the middle of the page that change when the mark goes: what a camera would see of it. */
const inked = async (v: Visitor): Promise<number> => {
  const clip = { x: 0, y: 0, width: v.page.viewportSize()!.width, height: v.page.viewportSize()!.height }
  const shown = await v.page.screenshot({ clip, animations: 'disabled' })
  await v.page.evaluate(() => document.documentElement.style.setProperty('--ink', 'transparent', 'important'))
  const without = await v.page.screenshot({ clip, animations: 'disabled' })
  return Buffer.compare(shown, without)
}

test('whoever looks at protected registers stands over the page, in pictures, on dialogs and on paper; nobody gets rid of it', async () => {
  await by('zhoumin', async (v) => {
    await v.goto(ledger)
    await v.page.getByRole('row').nth(3).waitFor()
    await marks(v).waitFor()
    expect(await marks(v).count()).toBe(1)
    await v.picture('watermark-list-desk')
    // Clicks go through it.
    await v.page.getByRole('button', { name: '导出' }).first().hover()
    await v.page.keyboard.press('Control+K')
    await v.page.locator('dialog[open]').waitFor()
    await v.picture('watermark-dialog-desk')
    const isAbove = await v.page.evaluate(() => {
      const mark = document.querySelector('body > div[popover=manual]')!
      return mark.matches(':popover-open') && getComputedStyle(mark).pointerEvents === 'none' && mark.shadowRoot === null
    })
    expect(isAbove).toBe(true)
    await v.page.keyboard.press('Escape')
    for (const tamper of [
      () => document.querySelector('body > div[popover=manual]')!.remove(),
      () => document.querySelector<HTMLElement>('body > div[popover=manual]')!.style.setProperty('opacity', '0', 'important'),
      () => document.querySelector<HTMLElement>('body > div[popover=manual]')!.hidePopover(),
      () => document.querySelector<HTMLElement>('body > div[popover=manual]')!.setAttribute('hidden', ''),
    ]) {
      await v.page.evaluate(tamper)
      await expect
        .poll(() => v.page.evaluate(() => {
          const all = [...document.querySelectorAll<HTMLElement>('body > div[popover=manual]')]
          return all.map((one) => [one.matches(':popover-open'), getComputedStyle(one).opacity, getComputedStyle(one).display])
        }))
        .toEqual([[true, '1', 'block']])
    } // prettier-ignore
    await v.page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'))
    await v.picture('watermark-dark-desk')
    await v.page.pdf({ path: 'reports/pictures/watermark-print.pdf', format: 'A4' })
    expect(await inked(v)).not.toBe(0)
    expect((await readFile('reports/pictures/watermark-print.pdf')).length).toBeGreaterThan(10_000)
    await v.goto('/')
    await v.page
      .getByText(/好|夜深了/)
      .first()
      .waitFor()
    await expect.poll(() => marks(v).count()).toBe(0)
  })
  await as('zhoumin', 'phone', async (v) => {
    await v.goto(ledger)
    await marks(v).waitFor()
    await v.page.getByText('周敏').first().waitFor()
    await v.picture('watermark-list-phone')
  })
})

test('the officer switches it off for a register and on for all pages; everybody’s pages follow', async () => {
  await by('secadmin', async (v) => {
    await v.goto('/watermark')
    await v.page.getByLabel('查找页面').fill('医务人员')
    await v.picture('watermark-setting-desk')
    await v.page.getByLabel('水印：医务人员', { exact: true }).click()
    await v.page.getByText('始终不显示', { exact: true }).last().click()
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('已保存').waitFor()
  })
  await by('zhoumin', async (v) => {
    await v.goto(ledger)
    await v.page.getByRole('row').nth(3).waitFor()
    await expect.poll(() => marks(v).count()).toBe(0)
  })
  await as('sysadmin', 'phone', async (v) => {
    await v.goto('/watermark')
    await v.page.getByText('所有页面').click()
    await v.page.getByText('同时写明科室').click()
    await v.picture('watermark-setting-phone')
    await v.page.getByRole('button', { name: '保存' }).click()
    await v.page.getByText('已保存').waitFor()
    await v.goto('/messages')
    await marks(v).waitFor()
    await v.picture('watermark-unit-phone')
  })
  await by('zhanght', async (v) => {
    await v.goto('/watermark')
    await v.page.getByText('没有权限').first().waitFor()
  })
})

test('a file that was taken away tells the officer who took it', async () => {
  let file: Buffer | undefined
  await by('zhoumin', async (v) => {
    const me = (await (await v.page.request.get(new URL('/api/me', v.page.url()).href)).json()) as { csrf: string }
    const answer = await v.page.request.post(new URL('/api/records/privileges.grant/export', v.page.url()).href, {
      headers: { 'x-csrf-token': me.csrf },
      data: { format: 'xlsx', columns: ['number', 'practitioner'], search: 'LS-00001' },
    })
    expect(answer.status()).toBe(200)
    file = await answer.body()
  })
  await by('secadmin', async (v) => {
    await v.goto('/export-mark')
    await v.page.locator('input[type=file]').setInputFiles({ name: '外泄.xlsx', mimeType: 'application/octet-stream', buffer: file! })
    await v.page.getByText('封存标记，已验证').waitFor()
    await v.page.getByLabel('溯源结果').getByText('周敏 10001').first().waitFor()
    await v.picture('export-mark-desk')
    await v.page.getByLabel('导出编号').fill('DC20260615-00000000')
    await v.page.getByRole('button', { name: '查找' }).click()
    await v.page.getByText('没有这个编号的导出').waitFor()
  })
  await as('secadmin', 'phone', async (v) => {
    await v.goto('/export-mark')
    await v.page.getByText('由编号查').waitFor()
    await v.picture('export-mark-phone')
  })
})
