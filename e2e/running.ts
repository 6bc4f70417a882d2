import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { inject } from 'vitest'
import { demoPassword } from '#app/demo/accounts.ts'
import { launchBrowser } from '#app/testing/chromium.ts'
import { dataFolder, removeFolder, startProgram as startOver, type Program } from '#app/testing/program.ts'

const pictures = join(import.meta.dirname, '..', 'reports', 'pictures')

/** A data folder with the demonstration hospital, copied from the one that is built once a run (global-setup.ts). Remove it after use. */
export async function demoFolder(): Promise<string> {
  const folder = await dataFolder()
  // With owners and rights: the cluster belongs to the user whom the database runs as.
  await promisify(execFile)('cp', ['-a', `${inject('demoFolder')}/.`, folder])
  return folder
}

/** The program as a hospital starts it, in a process of its own. */
export type Running = Program
/** Starts it over `data`; when not given over a demonstration hospital of its own, or with `demo: 'none'` an empty one, which ends with the program. */
export async function startProgram(
  options: { data?: string; demo?: 'none'; port?: number; env?: Record<string, string> } = {},
): Promise<Running> {
  const args = [...(options.demo ? ['--demo', options.demo] : []), ...(options.port ? ['--port', String(options.port)] : [])]
  if (options.data !== undefined) return startOver(options.data, args, options.env)
  const data = await (options.demo ? dataFolder() : demoFolder())
  const program = await startOver(data, args, options.env)
  return {
    ...program,
    async [Symbol.asyncDispose]() {
      await program.end()
      await removeFolder(data)
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
  /** Faults of the page. */
  readonly problems: string[] = []
  /** What the server refused, in its order. */
  readonly refused: string[] = []
  private readonly context: BrowserContext
  private readonly url: string
  private constructor(url: string, context: BrowserContext, page: Page) {
    this.url = url
    this.context = context
    this.page = page
    page.on('response', (answer) => {
      if (answer.status() >= 400) this.refused.push(`${answer.status()} ${answer.request().method()} ${new URL(answer.url()).pathname}`)
    })
    page.on('pageerror', (error) => this.problems.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy|Permissions policy violation/.test(message.text())) this.problems.push(message.text().slice(0, 400))
    })
  }
  static async open(browser: Browser, url: string, size: Size): Promise<Visitor> {
    // Nothing is worth waiting for that only moves; and whoever wishes for stillness gets a page that works.
    const context = await browser.newContext({ ...sizes[size], locale: 'zh-CN', reducedMotion: 'reduce' })
    context.setDefaultTimeout(30_000)
    return new Visitor(url, context, await context.newPage())
  }
  /** Signs in with the form, as people do. */
  async signInByForm(account: string, password = demoPassword): Promise<void> {
    await this.page.goto(this.url)
    await this.page.getByLabel('账号').fill(account)
    await this.page.getByLabel('密码', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: '登录' }).click()
    await this.greeted()
  }
  /** Comes signed in to the first page, which most leave before it stands: what the form does, and what stands there, are journeys of their own. */
  async signIn(account: string): Promise<void> {
    const answer = await this.page.request.post(`${this.url}/api/sign-in`, { data: { account, password: demoPassword } })
    if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}: ${await answer.text()}`)
    await this.page.goto(this.url, { waitUntil: 'commit' })
  }
  /** The first page stands. */
  greeted(): Promise<void> {
    return this.page
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
