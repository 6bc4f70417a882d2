import { once } from 'node:events'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Browser, Locator } from 'playwright-core'
import { Visitor, type Running, type Size } from './running.ts'

/** Runs one person's part in a browser of his own, signed in unless he has no account; a fault in the page fails it, and a picture shows where it stopped. */
export async function acting<T>(
  { browser, program }: { browser: Browser; program: Running },
  account: string | null,
  size: Size,
  part: (v: Visitor) => Promise<T>,
): Promise<T> {
  const visitor = await Visitor.open(browser, program.url, size)
  try {
    if (account !== null) await visitor.signIn(account)
    const answer = await part(visitor)
    expect(visitor.problems).toEqual([])
    return answer
  } catch (error) {
    await visitor.picture(`stopped-${account ?? 'stranger'}-${size}`)
    for (const [what, list] of [
      ['in the page', visitor.problems],
      ['refused', visitor.refused],
    ] as const)
      if (error instanceof Error && list.length) error.message += `\n${what}: ${list.join('\n')}`
    throw error
  } finally {
    await visitor.close()
  }
}

/** Finds procedures of the department's list by `search` and ticks the first. */
export async function tickProcedure({ page }: Visitor, search: string, name: string): Promise<void> {
  await page.getByLabel('查找手术').fill(search)
  const found = page.locator('.p-picker li')
  // The list follows what is typed a moment later: a line that is about to move is not clicked.
  await expect.poll(async () => (await found.allInnerTexts()).every((line) => line.includes(name))).toBe(true)
  await found.first().getByText(name).first().click()
}

/** What a choice on the desk offers, of a list or of a tree. */
export const option = ({ page }: Visitor, text: string | RegExp): Locator =>
  page.locator('.ant-select-dropdown:visible').locator('.ant-select-item-option, .ant-select-tree-title').filter({ hasText: text }).first()

export interface Answer<T> {
  status: number
  body: T
}
/** Asks the interface with the session of the page that is open, as a person with a developer's console would. */
export function call<T = Record<string, unknown>>(
  v: Visitor,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  return v.page.evaluate(
    async ({ method, path, body, headers }) => {
      const me = (await (await fetch('/api/me')).json()) as { csrf: string }
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
      const answer = await fetch(path, {
        method,
        headers: { 'x-csrf-token': me.csrf, ...type, ...headers },
        ...(body === undefined ? {} : { body }),
      })
      return { status: answer.status, body: (await answer.json()) as T }
    },
    { method, path, headers, body: body === undefined ? undefined : JSON.stringify(body) },
  )
}

/** A module outside the product: inside the checkout, so that `#model` is found, in a folder that git ignores. Remove it after use. */
export async function moduleOutside(text: string): Promise<string> {
  const cache = join(import.meta.dirname, '..', '.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'module-'))
  await writeFile(join(folder, 'module.ts'), `${text.trim()}\n`)
  return folder
}

/** A picture of one point: evidence, a scan. */
export const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** A port that is free now: what leaves the house says under which address the house is known. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
