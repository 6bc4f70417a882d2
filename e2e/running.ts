import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { demoPassword } from '#app/demo/demo.ts'
import { launchBrowser } from '#app/testing/chromium.ts'

const root = join(import.meta.dirname, '..')
const pictures = join(root, 'reports', 'pictures')

/** The program as a hospital starts it, in a process of its own over a data folder of its own. */
export interface Running extends AsyncDisposable {
  url: string
  data: string
  /** What it printed. */
  output(): string
  child: ChildProcess
}
export async function startProgram(options: { args?: string[]; env?: Record<string, string>; data?: string } = {}): Promise<Running> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'xinglin-e2e-')))
  const child = spawn(process.execPath, ['app/cli.ts', 'start', '--port', '0', '--data', data, ...(options.args ?? [])], {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString()
      const found = /杏林已启动\s+(http:\S+)/.exec(text)
      if (found) resolve(found[1]!)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${text}`)))
  })
  return {
    url,
    data,
    child,
    output: () => text,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      if (!options.data) await rm(data, { recursive: true, force: true })
    },
  }
}

export type Size = 'desk' | 'phone'
const sizes = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const

/** A browser with one person in it. */
export class Visitor {
  readonly page: Page
  readonly problems: string[] = []
  private readonly context: BrowserContext
  private readonly url: string
  private constructor(url: string, context: BrowserContext, page: Page) {
    this.url = url
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.problems.push(error.message))
  }
  static async open(browser: Browser, url: string, size: Size): Promise<Visitor> {
    const context = await browser.newContext({ ...sizes[size], locale: 'zh-CN' })
    context.setDefaultTimeout(15_000)
    return new Visitor(url, context, await context.newPage())
  }
  async signIn(account: string, password = demoPassword): Promise<void> {
    await this.page.goto(this.url)
    await this.page.getByLabel('账号').fill(account)
    await this.page.getByLabel('密码', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: '登录' }).click()
    await this.page
      .getByText(/早上好|上午好|中午好|下午好|晚上好|夜深了|你好/)
      .first()
      .waitFor()
  }
  goto = (path: string) => this.page.goto(this.url + path)
  /** Draws a stroke on the open signature pad and confirms it. */
  async sign(): Promise<void> {
    const pad = this.page.locator('dialog canvas')
    await pad.waitFor()
    const box = (await pad.boundingBox())!
    await this.page.mouse.move(box.x + 30, box.y + 40)
    await this.page.mouse.down()
    for (let i = 1; i <= 8; i++) await this.page.mouse.move(box.x + 30 + i * 20, box.y + 40 + (i % 2) * 30)
    await this.page.mouse.up()
    await this.page
      .locator('dialog')
      .getByRole('button', { name: /完成|确认|保存|使用/ })
      .click()
  }
  async picture(name: string): Promise<void> {
    await mkdir(pictures, { recursive: true })
    await this.page.screenshot({ path: join(pictures, `${name}.png`) })
  }
  async close(): Promise<void> {
    await this.context.close()
  }
}
export const openBrowser = launchBrowser
