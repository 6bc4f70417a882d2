// From nothing to the sign-in page, and again on the same data; what a browser loads; what the process holds while idle.
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { demoPassword } from '#app/demo/accounts.ts'
import { launchBrowser } from '#app/testing/chromium.ts'
import { dataFolder, removeFolder } from '#app/testing/program.ts'
import { bench, claim, median } from './harness.ts'
import { start, stop, type Started } from './program.ts'

export default bench({
  async run(ctx) {
    const firsts: number[] = []
    const laters: number[] = []
    let rss = 0
    let sizes = { signIn: 0, home: 0 }
    for (let turn = 1; turn <= (ctx.quick ? 2 : 5); turn++) {
      const data = await dataFolder()
      const first = await start(data)
      if (turn === 1) sizes = await pageSizes(first.url)
      await stop(first)
      const later = await start(data)
      if (turn === 1) rss = await idleMemory(later)
      await stop(later)
      await removeFolder(data)
      firsts.push(first.seconds)
      laters.push(later.seconds)
      ctx.log(`  run ${turn}   first ${first.seconds.toFixed(2)} s   later ${later.seconds.toFixed(2)} s`)
    }
    return [
      claim(ctx, 'start.first_s', median(firsts), 's', '<=20'),
      claim(ctx, 'start.later_s', median(laters), 's', '<=3'),
      claim(ctx, 'start.signin_gzip_kb', sizes.signIn, 'kB', '<=130', { relative: true }),
      claim(ctx, 'start.home_gzip_kb', sizes.home, 'kB', '<=450', { relative: true }),
      claim(ctx, 'start.rss_mb', rss, 'MB', '<=250'),
    ]
  },
})

/** Kilobytes (1000) that a cold browser loads for the sign-in page, and until home stands, gzip. */
async function pageSizes(url: string): Promise<{ signIn: number; home: number }> {
  const browser = await launchBrowser()
  const page = await browser.newPage()
  let bytes = 0
  const reading: Promise<void>[] = []
  page.on('response', (response) => {
    if (!/\.(js|css|html)$|\/$/.test(new URL(response.url()).pathname)) return
    reading.push(response.body().then((body) => void (bytes += gzipSync(body).length), () => undefined)) // prettier-ignore
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  await Promise.all(reading)
  const signIn = bytes / 1000
  await page.getByLabel('账号').fill('zhoumin')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('等我处理').waitFor()
  await page.waitForLoadState('networkidle')
  await Promise.all(reading)
  await browser.close()
  return { signIn, home: bytes / 1000 }
}

/** Resident memory of the Node process ten seconds after its last request, MB; PostgreSQL is beside it. */
async function idleMemory({ child, url }: Started): Promise<number> {
  await fetch(url)
  const until = performance.now() + 10_000
  while (performance.now() < until) await new Promise((done) => setTimeout(done, 500))
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}
