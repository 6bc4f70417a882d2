// In a real Chromium: a field is dragged to and fro among 200 others on the board of a form; for how long the page can do nothing else at the longest, from picking it up until it is drawn in its new place.
import type { Page } from 'playwright-core'
import { demoPassword } from '#app/demo/accounts.ts'
import { launchBrowser } from '#app/testing/chromium.ts'
import { dataFolder, removeFolder } from '#app/testing/program.ts'
import { watchBusy, type Watching } from './busy.ts'
import { bench, claim, type BenchContext } from './harness.ts'
import { start, stop } from './program.ts'

const fields = 200
const kinds = ['text', 'date', 'integer', 'longText', 'unit', 'boolean', 'person', 'rating'] as const

export default bench({
  async run(ctx) {
    const data = await dataFolder()
    const program = await start(data)
    const browser = await launchBrowser()
    try {
      const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage()
      await openBoard(page, program.url)
      const times = await drags(page, ctx)
      const longest = Math.max(...times)
      ctx.log(`  ${times.length} drags among ${fields}   the longest wait in each: ${times.map((time) => time.toFixed(0)).join(' ')} ms`)
      return [claim(ctx, 'studio.longest_task_ms', longest, 'ms', '<=100', { ours: longest })]
    } finally {
      await browser.close()
      await stop(program)
      await removeFolder(data)
    }
  },
})

const keyOf = (n: number): string => `x${String(n).padStart(6, '0')}`
async function openBoard(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('账号').fill('sysadmin')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('等我处理').waitFor()
  const content = {
    label: '很长的表单',
    title: keyOf(0),
    grants: [{ role: 'staffMember', actions: ['read', 'create'], scope: 'own' }],
    fields: Array.from({ length: fields }, (_, n) => ({
      key: keyOf(n),
      kind: kinds[n % kinds.length],
      label: `第 ${n + 1} 项`,
      options: {},
    })),
  }
  const name = await page.evaluate(async (content) => {
    const { csrf } = (await (await fetch('/api/me')).json()) as { csrf: string }
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
    const answer = await fetch('/api/designs/type', { method: 'POST', headers, body: JSON.stringify({ content }) })
    return ((await answer.json()) as { name: string }).name
  }, content)
  await page.goto(new URL(`/designs/type/${name}`, url).href)
  await page.locator(`[data-key="${keyOf(0)}"]`).waitFor()
}

/** Each drag takes the second field behind the seventh, or back. */
async function drags(page: Page, ctx: BenchContext): Promise<number[]> {
  const times: number[] = []
  for (let turn = 0; turn < (ctx.quick ? 6 : 30); turn++) {
    const moved = page.locator(`[data-key="${keyOf(1)}"]`)
    const goal = page.locator(`[data-key="${keyOf(turn % 2 ? 0 : 7)}"]`)
    const before = await moved.getAttribute('data-part')
    await page.evaluate(watchBusy)
    await moved.dragTo(goal, { sourcePosition: { x: 40, y: 8 }, targetPosition: { x: 60, y: 60 } })
    await page.waitForFunction(({ key, was }) => document.querySelector(`[data-key="${key}"]`)?.getAttribute('data-part') !== was, { key: keyOf(1), was: before })
    times.push(await page.evaluate(() => (globalThis as unknown as Watching).stopWatching()))
  }
  return times
} // prettier-ignore
