import type { Page } from 'playwright-core'
import { demoPassword } from '#app/demo/accounts.ts'
import { launchBrowser } from '#app/testing/chromium.ts'
import { dataFolder, removeFolder } from '#app/testing/program.ts'
import { watchBusy, type Watching } from './busy.ts'
import { bench, claim } from './harness.ts'
import { start, stop } from './program.ts'

interface Dragged {
  /** Of the claim. */
  id: string
  /** How many things there are on the drawing. */
  among: number
  /** Makes what is drawn on, and opens it. */
  open(page: Page, url: string): Promise<void>
  /** One drag, to and fro by turns, until what was dragged is drawn in its new place; `watch` is called as it is picked up. */
  drag(page: Page, turn: number, watch: () => Promise<void>): Promise<void>
}
/** In a real Chromium, signed in as whoever draws: for how long a page can do nothing else at the longest while something is dragged, from picking it up until it is drawn in its new place. */
export const dragBench = ({ id, among, open, drag }: Dragged) =>
  bench({
    async run(ctx) {
      const data = await dataFolder()
      const program = await start(data)
      const browser = await launchBrowser()
      try {
        const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage()
        await signIn(page, program.url)
        await open(page, program.url)
        const times: number[] = []
        for (let turn = 0; turn < (ctx.quick ? 6 : 30); turn++) {
          await drag(page, turn, () => page.evaluate(watchBusy))
          times.push(await page.evaluate(() => (globalThis as unknown as Watching).stopWatching()))
        }
        const longest = Math.max(...times)
        ctx.log(`  ${times.length} drags among ${among}   the longest wait in each: ${times.map((time) => time.toFixed(0)).join(' ')} ms`)
        return [claim(ctx, id, longest, 'ms', '<=100', { ours: longest })]
      } finally {
        await browser.close()
        await stop(program)
        await removeFolder(data)
      }
    },
  })

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('账号').fill('sysadmin')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('等我处理').waitFor()
}
/** Sends a request as the page's own script does. @throws {Error} where it is refused. */
export const send = <T>(page: Page, method: 'POST' | 'PUT', path: string, body: object): Promise<T> =>
  page.evaluate(
    async ({ method, path, body }) => {
      const { csrf } = (await (await fetch('/api/me')).json()) as { csrf: string }
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
      const request: RequestInit = { method, headers, body: JSON.stringify(body) }
      const answer = await fetch(path, request)
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return JSON.parse(text) as T
    },
    { method, path, body },
  ) // prettier-ignore
