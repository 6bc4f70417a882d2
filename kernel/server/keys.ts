import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Queryable } from './database/database.ts'
import { createProtector, unwrapKey, wrapKey, type Protector } from './store/protect.ts'

/** The master key: from `XINGLIN_MASTER_KEY` (32 bytes, base64), else from a file that only the owner may read, made at the first start. */
export const masterKey = (file: string): Promise<Buffer> => secretKey(file, process.env['XINGLIN_MASTER_KEY'])
/** The key that signs the audit's seals: from `XINGLIN_SEAL_KEY`, else from its own file. */
export const sealKey = (file: string): Promise<Buffer> => secretKey(file, process.env['XINGLIN_SEAL_KEY'])

async function secretKey(file: string, given: string | undefined): Promise<Buffer> {
  if (given) return needLength(Buffer.from(given, 'base64'))
  try {
    return needLength(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64'))
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  const key = randomBytes(32)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return key
}
function needLength(key: Buffer): Buffer {
  if (key.length !== 32) throw new Error('密钥必须是 32 字节的 base64')
  return key
}

/** Opens the data keys; makes the first one in a new database. */
export async function openProtector(db: Queryable, master: Buffer, at: Date): Promise<Protector> {
  const read = () => db.query<{ id: number; wrapped: Buffer }>('SELECT id, wrapped FROM kernel.data_key ORDER BY id')
  let keys = await read()
  if (keys.length === 0) {
    await db.query(`INSERT INTO kernel.data_key VALUES (1, 'hospital', $1, $2) ON CONFLICT DO NOTHING`, [
      wrapKey(master, randomBytes(32)),
      at.toISOString(),
    ])
    keys = await read()
  }
  try {
    return createProtector(
      keys.map((k) => ({ id: k.id, key: unwrapKey(master, k.wrapped) })),
      master,
    )
  } catch {
    throw new Error('主密钥与数据库中的数据密钥不匹配：请检查 XINGLIN_MASTER_KEY 或密钥文件')
  }
}
