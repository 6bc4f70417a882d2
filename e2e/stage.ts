import { rm } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { withClient } from '#kernel/server/database/roles.ts'
import { acting, moduleOutside } from './acting.ts'
import { databaseOf } from './database.ts'
import { openBrowser, startProgram, type Running, type Size, type Visitor } from './running.ts'

interface Stage {
  as<T>(account: string, size: Size, part: (v: Visitor) => Promise<T>): Promise<T>
  /** The same, on the desk unless said otherwise. */
  by<T>(account: string, part: (v: Visitor) => Promise<T>, size?: Size): Promise<T>
  /** Somebody who does not sign in. */
  stranger<T>(size: Size, part: (v: Visitor) => Promise<T>): Promise<T>
  /** The database behind the program, as its superuser: what nobody can bring about through the page. */
  sql(text: string, values?: unknown[]): Promise<unknown>
  /** The part runs while a transaction that has done this is open. */
  holding<T>(text: string, part: () => Promise<T>): Promise<T>
}
/** The program — with a module of the test's own, where one is declared, settings of its environment, a port that the test must know — and a browser, a whole one where the test needs what a headless shell lacks, for all tests of the file that calls this. */
export function stage(
  declaration?: string,
  environment: Record<string, string> = {},
  port = 0,
  wishes: Parameters<typeof openBrowser>[0] = {},
): Stage {
  let folder: string | undefined
  let program: Running | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    if (declaration !== undefined) folder = await moduleOutside(declaration)
    ;[program, browser] = await Promise.all([
      startProgram({ port, env: { ...environment, ...(folder === undefined ? {} : { XINGLIN_EXTRA_MODULES: folder }) } }),
      openBrowser(wishes),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await program?.[Symbol.asyncDispose]()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })
  const as: Stage['as'] = (account, size, part) => acting({ browser: browser!, program: program! }, account, size, part)
  const stranger: Stage['stranger'] = (size, part) => acting({ browser: browser!, program: program! }, null, size, part)
  const database = () => databaseOf(program!)
  const sql: Stage['sql'] = async (text, values) => withClient(await database(), (admin) => admin.query(text, values))
  const holding: Stage['holding'] = async (text, part) =>
    withClient(await database(), async (admin) => {
      await admin.query(`BEGIN; ${text}`)
      try {
        return await part()
      } finally {
        await admin.query('ROLLBACK')
      }
    })
  return { as, stranger, by: (account, part, size = 'desk') => as(account, size, part), sql, holding }
}
