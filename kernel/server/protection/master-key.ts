import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Queryable } from '../database/database.ts'
import { KeyRing } from './key-ring.ts'

/** The master key: from `XINGLIN_MASTER_KEY` (32 bytes, base64), from the file that the service manager or container hands over, else from a file that only the owner may read, made at the first start. */
export const masterKey = (file: string): Promise<Buffer> => secretKey(file, 'XINGLIN_MASTER_KEY')
/** The key that signs the audit's seals: from `XINGLIN_SEAL_KEY` and so on, like the master key. */
export const sealKey = (file: string): Promise<Buffer> => secretKey(file, 'XINGLIN_SEAL_KEY')

/** Where a key is handed over that is not the product's own file: the environment, or a file that somebody else keeps (systemd's credentials, a container's secret). Null: nowhere. */
export function handedOver(name: 'XINGLIN_MASTER_KEY' | 'XINGLIN_SEAL_KEY', env: NodeJS.ProcessEnv = process.env): 'environment' | { file: string } | null {
  if (env[name]) return 'environment'
  const given = env[`${name}_FILE`]
  if (given) return { file: given }
  // As `LoadCredential=` and `LoadCredentialEncrypted=` put it there: readable by the service alone.
  const credential = env['CREDENTIALS_DIRECTORY'] && join(env['CREDENTIALS_DIRECTORY'], name.toLowerCase())
  return credential && existsSync(credential) ? { file: credential } : null
} // prettier-ignore

async function secretKey(file: string, name: 'XINGLIN_MASTER_KEY' | 'XINGLIN_SEAL_KEY'): Promise<Buffer> {
  const given = handedOver(name)
  if (given === 'environment') return keyFromText(process.env[name]!)
  if (given) return keyFromText(await readFile(given.file, 'utf8'))
  try {
    return keyFromText(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  const key = randomBytes(32)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeKey(file, key)
  return key
}
export function keyFromText(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32) throw new Error('密钥必须是 32 字节的 base64')
  return key
}
/** Never over another: a key that is lost takes the data along. */
export const writeKey = (file: string, key: Buffer): Promise<void> =>
  writeFile(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })

/** The name under which a new master key waits while the data keys are wrapped anew. */
export const nextOf = (file: string): string => `${file}.next`

/**
 * Opens the data keys with the master key of this file. A change of the master key that was cut off between the database and the file is finished: the new key
 * then waits beside the old one.
 * @throws {Error} in words, when neither fits.
 */
export async function openKeys(db: Queryable, file: string, now: () => Date): Promise<KeyRing> {
  try {
    return await KeyRing.open(db, () => masterKey(file), now)
  } catch (error) {
    if (handedOver('XINGLIN_MASTER_KEY') || !existsSync(nextOf(file))) throw error
    const next = keyFromText(await readFile(nextOf(file), 'utf8'))
    await KeyRing.open(db, () => Promise.resolve(next), now)
    await rename(nextOf(file), file)
    return KeyRing.open(db, () => masterKey(file), now)
  }
}
