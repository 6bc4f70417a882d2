import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import type { Database } from '../database/database.ts'
import { unwrapKey, wrapKey } from './cipher.ts'
import { handedOver, keyFromText, masterKey, nextOf, writeKey } from './master-key.ts'

/** So long a new data key is known before it seals: every running process looks for new ones several times meanwhile (`look`). Milliseconds. */
export const grace = 15_000
export const look = 4000

/** Wraps every key under another master key, in one transaction: at any moment all of them open with one of the two. Needs the owner's connection. */
export async function wrapAnew(owner: Database, from: Buffer, to: Buffer): Promise<number> {
  return owner.transaction(async (tx) => {
    await tx.query('LOCK TABLE kernel.data_key IN EXCLUSIVE MODE')
    const keys = await tx.query<{ id: number; wrapped: Buffer }>('SELECT id, wrapped FROM kernel.data_key')
    for (const { id, wrapped } of keys)
      await tx.query('UPDATE kernel.data_key SET wrapped = $2 WHERE id = $1', [id, wrapKey(to, unwrapKey(from, wrapped))])
    return keys.length
  })
}

/**
 * Changes the master key that lies in `file` while the program runs: running processes hold what it opens and go on, whoever starts later reads the new one.
 * Cut off at any point it leaves a key that fits: the new one waits beside the old until the database has it (`openKeys`).
 * @throws {Error} in words, when the key is handed over from elsewhere: it is changed there, with `wrapAnew`.
 */
export async function changeMasterFile(owner: Database, file: string): Promise<number> {
  if (handedOver('XINGLIN_MASTER_KEY')) throw new Error('主密钥由环境或密钥服务提供：请用 --new-key <文件> 给出新密钥，完成后在提供方替换')
  const from = await masterKey(file)
  const next = nextOf(file)
  // One that waits was made by a change that was cut off before the database took it.
  if (!existsSync(next)) await writeKey(next, randomBytes(32))
  const count = await wrapAnew(owner, from, keyFromText(await readFile(next, 'utf8')))
  await rename(next, file)
  return count
}

/** Adds a data key that seals from `grace` on; answers its number. Needs the owner's connection. */
export async function addDataKey(owner: Database, master: Buffer, now: Date): Promise<number> {
  return owner.transaction(async (tx) => {
    await tx.query('LOCK TABLE kernel.data_key IN EXCLUSIVE MODE')
    const [row] = await tx.query<{ id: number; wrapped: Buffer }>('SELECT id, wrapped FROM kernel.data_key ORDER BY id DESC LIMIT 1')
    // A master key that does not fit would make a key that nobody opens.
    unwrapKey(master, row!.wrapped)
    await tx.query(`INSERT INTO kernel.data_key (id, subject, wrapped, created_at, purpose, active_from) VALUES ($1, 'hospital', $2, $3, 'data', $4)`, [
      row!.id + 1, wrapKey(master, randomBytes(32)), now.toISOString(), new Date(now.getTime() + grace).toISOString(),
    ])
    return row!.id + 1
  })
} // prettier-ignore
