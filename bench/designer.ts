// In a real Chromium: a step is dragged to and fro among 150 others in the drawing of a flow; for how long the page can do nothing else at the longest, from picking it up until it is drawn in its new place.
import type { Page } from 'playwright-core'
import { demoPassword } from '#app/demo/accounts.ts'
import { launchBrowser } from '#app/testing/chromium.ts'
import { dataFolder, removeFolder } from '#app/testing/program.ts'
import { approve, flow, headOf, parallel, role, when, type Flow, type Step } from '#kernel/model/flow/index.ts'
import type { Filter } from '#model'
import { watchBusy, type Watching } from './busy.ts'
import { bench, claim, type BenchContext } from './harness.ts'
import { start, stop } from './program.ts'

const steps = 150

export default bench({
  async run(ctx) {
    const data = await dataFolder()
    const program = await start(data)
    const browser = await launchBrowser()
    try {
      const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage()
      await openDesign(page, program.url)
      const times = await drags(page, ctx)
      const longest = Math.max(...times)
      ctx.log(`  ${times.length} drags among ${steps}   the longest wait in each: ${times.map((time) => time.toFixed(0)).join(' ')} ms`)
      return [claim(ctx, 'designer.longest_task_ms', longest, 'ms', '<=100', { ours: longest })]
    } finally {
      await browser.close()
      await stop(program)
      await removeFolder(data)
    }
  },
})

/** 150 steps, some of them in branches and side by side, as a large hospital's flow has them. */
function largeFlow(name: string): Flow<Filter> {
  let made = 0
  const next = (): Step<Filter> => approve(`a${++made}`, `第 ${made} 步审批`, { by: made % 2 ? headOf() : role('medicalOffice') })
  const list: Step<Filter>[] = []
  while (made < steps) {
    list.push(next())
    if (made + 4 <= steps && list.length % 6 === 0) list.push(when<Filter>({ field: 'kind', op: 'eq', value: 'renewal' }, [next(), next()], [next(), next()])) // prettier-ignore
    if (made + 2 <= steps && list.length % 10 === 9) list.push(parallel(`p${made}`, [[next()], [next()]]))
  }
  return flow<Filter>(name, { label: '很长的流程', steps: list })
}

async function openDesign(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('账号').fill('sysadmin')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('等我处理').waitFor()
  const flowName = await page.evaluate(async () => {
    const { csrf } = (await (await fetch('/api/me')).json()) as { csrf: string }
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
    const body = JSON.stringify({ resource: 'privileges.application', label: '很长的流程' })
    return ((await (await fetch('/api/flow-designs', { method: 'POST', headers, body })).json()) as { flow: string }).flow
  })
  const saved = await page.evaluate(
    async ({ flowName, definition }) => {
      const { csrf } = (await (await fetch('/api/me')).json()) as { csrf: string }
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
      const body = JSON.stringify({ revision: 1, definition, tests: [] })
      return (await fetch(`/api/flow-designs/${flowName}`, { method: 'PUT', headers, body })).status
    },
    { flowName, definition: largeFlow(flowName) },
  )
  if (saved !== 200) throw new Error(`the large flow was not kept: ${saved}`)
  await page.goto(new URL(`/flows/design/${flowName}`, url).href)
  await page.locator('[data-path="steps.0"]').waitFor()
}

/** Each drag takes the second step below the fourth, or back, with a way around in between. */
async function drags(page: Page, ctx: BenchContext): Promise<number[]> {
  const times: number[] = []
  for (let turn = 0; turn < (ctx.quick ? 6 : 30); turn++) {
    const [from, to] = turn % 2 ? ['steps.3', 'steps/1'] : ['steps.1', 'steps/4']
    const label = await page.locator(`[data-path="${from}"] b`).textContent()
    const at = (await page.locator(`[data-path="${from}"]`).boundingBox())!
    const goal = (await page.locator(`[data-slot="${to}"]`).boundingBox())!
    await page.evaluate(watchBusy)
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2)
    await page.mouse.down()
    await page.mouse.move(at.x + at.width, at.y + at.height * 2, { steps: 20 })
    await page.mouse.move(goal.x + goal.width / 2, goal.y + goal.height / 2, { steps: 20 })
    await page.getByText('放在这里').waitFor()
    await page.mouse.up()
    await page.waitForFunction(({ path, name }) => document.querySelector(`[data-path="${path}"] b`)?.textContent === name, {
      path: turn % 2 ? 'steps.1' : 'steps.3',
      name: label,
    })
    times.push(await page.evaluate(() => (globalThis as unknown as Watching).stopWatching()))
  }
  return times
}
