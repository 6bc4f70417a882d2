// In a real Chromium: a list of fifty rows by twelve columns from the end of its answer until it is seen; a form of sixty fields and twenty rules from key to picture, on a processor four times slower.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { demoPassword } from '#app/demo/accounts.ts'
import { launchBrowser } from '#app/testing/chromium.ts'
import { dataFolder, removeFolder } from '#app/testing/program.ts'
import { startEmbedded } from '#kernel/server/database/embedded.ts'
import { withClient, withDatabase } from '#kernel/server/database/roles.ts'
import { bench, claim, p95, type BenchContext } from './harness.ts'
import { start, stop } from './program.ts'

const slower = 4
const rows = 500

export default bench({
  async run(ctx) {
    const data = await dataFolder()
    const program = await start(data, { XINGLIN_EXTRA_MODULES: join(import.meta.dirname, 'browser') })
    const browser = await launchBrowser()
    try {
      await fillCards(data)
      const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage()
      await signIn(page, program.url)
      const lists = await listTimes(page, ctx)
      const keys = await keyTimes(page, ctx)
      return [
        claim(ctx, 'browser.list_ms', p95(lists), 'ms', '<=200', { ours: p95(lists), relative: true }),
        claim(ctx, 'browser.form_ms', p95(keys), 'ms', '<=50', { ours: p95(keys), relative: true }),
      ]
    } finally {
      await browser.close()
      await stop(program)
      await removeFolder(data)
    }
  },
})
const sorted = (times: readonly number[]) => [...times].sort((a, b) => a - b)
const said = (times: readonly number[]): string => {
  const all = sorted(times)
  return `${all.length} times   P50 ${all[all.length >> 1]?.toFixed(1)}   P95 ${p95(all).toFixed(1)}   longest ${all.at(-1)?.toFixed(1)} ms`
}

async function fillCards(data: string): Promise<void> {
  const server = await startEmbedded({ dataDir: join(data, 'postgres') })
  await withClient(withDatabase(server.adminUrl, 'xinglin'), (admin) =>
    admin.query(
      `INSERT INTO browser.card (id, version, state, created_at, updated_at, name, code, kind, status, starts_on, ends_on, n0, n1, n2, n3, sum0)
         SELECT gen_random_uuid(), 1, 'approved', now(), now(), '病例卡' || n, 'K' || n, (ARRAY['a','b','c'])[1 + n % 3], (ARRAY['open','done'])[1 + n % 2], date '2026-01-01' + n % 300,
           date '2026-02-01' + n % 300, n * 1.5, n, n * 2.5, n + 1, n * 4 FROM generate_series(1, ${rows}) n; ANALYZE browser.card`,
    ),
  )
}
async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('账号').fill('zhoumin')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('等我处理').waitFor()
}

/** Each time another condition, so that no answer is one of before: its first row is known beforehand. */
async function listTimes(page: Page, ctx: BenchContext): Promise<number[]> {
  await page.goto(new URL('/r/browser.card', page.url()).href)
  await page.getByText('病例卡1', { exact: true }).first().waitFor()
  const times: number[] = []
  for (let from = 2; from < (ctx.quick ? 42 : 202); from++) {
    const filter = JSON.stringify({ and: [{ field: 'n1', op: 'gte', value: from }] })
    times.push(await page.evaluate(shownAfter, { address: `/r/browser.card?${new URLSearchParams({ filter }).toString()}`, first: `病例卡${from}` })) // prettier-ignore
  }
  ctx.log(`  list of 50 × 12    ${said(times.slice(2))}`)
  return times.slice(2)
}
/** Runs in the page: goes to the address as a link would, and answers the milliseconds from the end of the list's answer until its first row has been painted. */
function shownAfter({ address, first }: { address: string; first: string }): Promise<number> {
  performance.clearResourceTimings()
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`${first} was not shown`)), 10_000)
    const look = new MutationObserver(() => {
      const row = document.querySelector('tbody tr[role=row]')
      if (!row?.textContent.includes(first)) return
      look.disconnect()
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          clearTimeout(late)
          const painted = performance.now()
          const answered = performance
            .getEntriesByType('resource')
            .filter(({ name }) => name.includes('/api/records/browser.card?'))
            .map((entry) => (entry as PerformanceResourceTiming).responseEnd)
          done(painted - Math.max(...answered))
        }
        port2.postMessage(null)
      })
    })
    look.observe(document.body, { childList: true, subtree: true, characterData: true })
    history.pushState(null, '', address)
    dispatchEvent(new PopStateEvent('popstate'))
  })
}

/** Types into fields that rules read: a text that shows others, and numbers that are added up and judged. */
async function keyTimes(page: Page, ctx: BenchContext): Promise<number[]> {
  await page.goto(new URL('/r/browser.card/new', page.url()).href)
  const inputOf = (key: string) => page.locator(`[data-field=${key}] input`)
  await inputOf('name').waitFor()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.evaluate(watchKeys)
  const keys: number[] = []
  for (let turn = 0; turn < (ctx.quick ? 2 : 8); turn++)
    for (const [key, text] of [['name', 'lanweiqiechu'], ['n0', '123456.75'], ['n1', '4321'], ['n2', '98765.25'], ['n3', '7654321'], ['code', 'ABC1234567']] as const) {
      const field = inputOf(key)
      await field.fill('')
      await field.focus()
      for (const letter of text) keys.push(await typed(page, letter))
    } // prettier-ignore
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  ctx.log(`  key to picture ×${slower}   ${said(keys)}`)
  return keys
}
interface Watching {
  keyTimes: number[]
}
/** Runs in the page: notes for each key the milliseconds from its event until the next picture has been drawn. */
function watchKeys(): void {
  const notes = ((globalThis as unknown as Watching).keyTimes = [] as number[])
  let pressed = 0
  addEventListener('keydown', ({ timeStamp }) => void (pressed = timeStamp), true)
  addEventListener(
    'input',
    () =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => notes.push(performance.now() - pressed)
        port2.postMessage(null)
      }),
    true,
  )
}
async function typed(page: Page, key: string): Promise<number> {
  const before = await page.evaluate(() => (globalThis as unknown as Watching).keyTimes.length)
  await page.keyboard.type(key)
  await page.waitForFunction((had) => (globalThis as unknown as Watching).keyTimes.length > had, before)
  return page.evaluate(() => (globalThis as unknown as Watching).keyTimes.at(-1)!)
}
