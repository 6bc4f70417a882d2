import { join } from 'node:path'
import { startEmbedded } from '#kernel/server/database/embedded.ts'
import { withClient, withDatabase } from '#kernel/server/database/roles.ts'
import type { Running } from './running.ts'

/** The address of the database behind a program, as its superuser. */
export const databaseOf = async (program: Pick<Running, 'data'>): Promise<string> =>
  withDatabase((await startEmbedded({ dataDir: join(program.data, 'postgres') })).adminUrl, 'xinglin')

/** The digits of the newest picture: what only whoever holds the database can read without eyes. */
export async function newestCaptcha(program: Pick<Running, 'data'>): Promise<string> {
  const ask = 'SELECT answer FROM kernel.captcha ORDER BY id DESC LIMIT 1'
  const { rows } = await withClient(await databaseOf(program), (admin) => admin.query<{ answer: string }>(ask))
  return rows[0]!.answer
}
