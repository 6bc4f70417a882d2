import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { demoPassword } from '#app/demo/accounts.ts'
import { findChromium } from '#app/testing/chromium.ts'
import { startProgram, type Running } from './running.ts'

let program: Running
let profile: string
beforeAll(async () => {
  ;[program, profile] = await Promise.all([startProgram(), mkdtemp(join(tmpdir(), 'xinglin-profile-'))])
})
afterAll(async () => {
  await program?.[Symbol.asyncDispose]()
  await rm(profile, { recursive: true, force: true })
})
/** The browser of a shared computer: what it writes to its disk stays for the next one. */
async function atTheComputer(part: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const { executable, args, env } = await findChromium()
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable, args, env: { ...process.env, ...env }, viewport: { width: 1440, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce',
  }) // prettier-ignore
  context.setDefaultTimeout(15_000)
  try {
    await part(context.pages()[0] ?? (await context.newPage()), context)
  } finally {
    await context.close()
  }
}
async function signIn(page: Page, account: string): Promise<void> {
  await page.goto(program.url)
  await page.getByLabel('账号').fill(account)
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('button', { name: '我的账号' }).waitFor()
}
async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: '我的账号' }).click()
  await page.getByText('退出登录').click()
  await page.getByRole('button', { name: '登录' }).waitFor()
}
const stored = (page: Page) =>
  page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookies: document.cookie,
  }))
const nothing = { local: [], session: [], databases: [], caches: [], cookies: '' }

const mobile = '13987650123'
const identity = '110101199003078515'
/** Files of the profile in which a text stands, in either of the codes that browsers write. */
async function filesWith(text: string): Promise<string[]> {
  const all = await readdir(profile, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of all) {
    if (!entry.isFile()) continue
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0))
    if (bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))) found.push(entry.name)
  }
  return found
}

test('whoever signs out leaves nothing: no draft, no list, no address on the computer’s disk; his draft waits for him alone', async () => {
  const addresses: string[] = []
  await atTheComputer(async (page) => {
    page.on('request', (request) => addresses.push(decodeURIComponent(request.url())))
    page.on('framenavigated', (frame) => addresses.push(decodeURIComponent(frame.url())))
    await signIn(page, 'zhoumin')
    await page.goto(`${program.url}/r/staff.practitioner`)
    await page.getByRole('row').nth(3).waitFor()
    await page
      .getByRole('searchbox')
      .or(page.getByPlaceholder(/搜索|查找/))
      .last()
      .fill(identity)
    await page.waitForResponse((answer) => answer.url().includes('/api/records/staff.practitioner') && answer.ok())
    await page.goto(`${program.url}/r/staff.practitioner/new`)
    await page.getByLabel('姓名').fill('金丝雀')
    await page.getByLabel('手机').fill(mobile)
    // Before the draft has been kept: going keeps it.
    expect(await stored(page)).toMatchObject({ local: [], session: [], databases: [], caches: [] })
    await signOut(page)
    expect(await stored(page)).toEqual(nothing)
    // The way back shows nothing either.
    await page.goBack().catch(() => null)
    await page.getByRole('button', { name: '登录' }).waitFor()
    expect(await page.content()).not.toContain(mobile)
  })
  for (const text of [mobile, identity, '金丝雀']) {
    expect(await filesWith(text), text).toEqual([])
    expect(addresses.filter((one) => one.includes(text))).toEqual([])
  }
  // It was asked, though: the search ran.
  expect(addresses.some((one) => /\/api\/records\/staff\.practitioner\?/.test(one))).toBe(true)
  await atTheComputer(async (page) => {
    await signIn(page, 'shenjh')
    await page.goto(`${program.url}/r/staff.practitioner/new`)
    await page.getByLabel('姓名').waitFor()
    expect(await page.getByText('草稿').count()).toBe(0)
    expect(await page.getByLabel('姓名').inputValue()).toBe('')
    await signOut(page)
    await signIn(page, 'zhoumin')
    await page.goto(`${program.url}/r/staff.practitioner/new`)
    await expect.poll(() => page.getByLabel('姓名').inputValue()).toBe('金丝雀')
    await signOut(page)
  })
})

test('one window signs out: the others show nothing more; likings come along to the next browser', async () => {
  await atTheComputer(async (page, context) => {
    await signIn(page, 'zhoumin')
    const other = await context.newPage()
    await other.goto(`${program.url}/r/staff.practitioner`)
    await other.getByRole('row').nth(3).waitFor()
    await page.getByRole('button', { name: '收起导航' }).click()
    await signOut(page)
    await other.getByRole('button', { name: '登录' }).waitFor()
    expect(await stored(other)).toEqual(nothing)
    await signIn(page, 'zhoumin')
    await page.getByRole('button', { name: '展开导航' }).click()
    await page.getByRole('button', { name: '收起导航' }).waitFor()
    await signOut(page)
  })
})

test('a session that has ended covers the page; who comes next finds nothing of it', async () => {
  await atTheComputer(async (page, context) => {
    await signIn(page, 'zhoumin')
    await page.goto(`${program.url}/r/staff.practitioner`)
    await page.getByRole('row').nth(3).waitFor()
    await context.clearCookies({ name: 'xinglin_session' })
    await page.getByRole('link', { name: /消息/ }).first().click()
    await page.getByText('登录已过期').waitFor()
    const cover = await page.evaluate(() => getComputedStyle(document.querySelector('dialog.x-session')!, '::backdrop').backgroundColor)
    expect(cover).toMatch(/^rgb\(/)
    await page.screenshot({ path: 'reports/pictures/leaving-covered-desk.png' })
    await page.getByRole('button', { name: '换个账号登录' }).click()
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '登录', exact: true }).waitFor()
    expect(await stored(page)).toEqual(nothing)
    expect(await page.getByRole('row').count()).toBe(0)
  })
})
