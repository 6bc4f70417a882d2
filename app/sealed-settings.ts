import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { unwrapKey, wrapKey } from '#kernel/server/protection/cipher.ts'
import { handedOver, masterKey, nextOf } from '#kernel/server/protection/master-key.ts'
import { masterFile, root } from './paths.ts'

/** The key of the file, under one master key or, while that is changed, under both; and the settings under it. */
interface Sealed {
  wrapped: string[]
  body: string
}
const inForce = /^(?:XINGLIN_[A-Z0-9_]+|(?:SEALER_)?DATABASE(?:_OWNER)?_URL)$/
/** What opens the file cannot lie in it. */
const never = /^XINGLIN_(?:MASTER_KEY|SEAL_KEY|DATA$)/
const folderOf = (data: string): string => (isAbsolute(data) ? data : join(root, data))
/** Addresses and keys of other systems, the database's among them, encrypted under the master key: so none lies in a configuration. */
export const settingsFile = (data: string): string => join(folderOf(data), 'keys', 'settings.sealed')

/** Keeps these lines of `NAME=value` in place of those that were kept. Throws an error in Chinese that names a line that is none, never its value. */
export async function sealSettings(data: string, text: string): Promise<string[]> {
  const settings: Record<string, string> = {}
  for (const [n, line] of text.split(/\r?\n/).entries()) {
    if (!line.trim() || line.trimStart().startsWith('#')) continue
    const [, name, value] = /^\s*(?:export\s+)?([A-Z0-9_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (!name || !inForce.test(name) || never.test(name)) throw new Error(`第 ${n + 1} 行不是可加密保存的配置（DATABASE_URL 或 XINGLIN_… = 值；主密钥不能在其中）`)
    settings[name] = value!.replace(/^(["'])(.*)\1$/, '$2')
  }
  const key = randomBytes(32)
  const body = wrapKey(key, Buffer.from(JSON.stringify(settings)))
  await write(data, { wrapped: [wrapKey(await masterKey(masterFile(folderOf(data))), key).toString('base64')], body: body.toString('base64') })
  return Object.keys(settings)
} // prettier-ignore

/** Puts what is kept into the environment of this process, where the environment says nothing else. Throws an error in Chinese where the master key does not open it. */
export async function openSettings(data: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (!existsSync(settingsFile(data))) return
  const { sealed, key } = await fileKey(data)
  const text = unwrapKey(key, Buffer.from(sealed.body, 'base64')).toString()
  for (const [name, value] of Object.entries(JSON.parse(text) as Record<string, string>)) env[name] ??= value
}
/** Lets another master key open the file as well, before it takes the place of the present one. */
export async function alsoUnder(data: string, next: Buffer): Promise<void> {
  if (!existsSync(settingsFile(data))) return
  const { sealed, key, wrapped } = await fileKey(data)
  await write(data, { ...sealed, wrapped: [wrapped, wrapKey(next, key).toString('base64')] })
}

async function fileKey(data: string): Promise<{ sealed: Sealed; key: Buffer; wrapped: string }> {
  const sealed = JSON.parse(await readFile(settingsFile(data), 'utf8')) as Sealed
  const file = masterFile(folderOf(data))
  // A new key in place of one that is lost would open nothing, and stand in the way of the one that is brought back.
  if (!handedOver('XINGLIN_MASTER_KEY') && !existsSync(file)) throw new Error(`缺少主密钥 ${file}：打不开加密保存的配置，可用 secrets recover 恢复主密钥`)
  const masters = [await masterKey(file)]
  // A change of the master key that was cut off is finished when the program starts, after this.
  if (!handedOver('XINGLIN_MASTER_KEY') && existsSync(nextOf(file))) masters.push(Buffer.from(await readFile(nextOf(file), 'utf8'), 'base64'))
  for (const master of masters)
    for (const wrapped of sealed.wrapped)
      try {
        return { sealed, key: unwrapKey(master, Buffer.from(wrapped, 'base64')), wrapped }
      } catch {
        continue
      }
  throw new Error(`主密钥打不开 ${settingsFile(data)}：请提供封存时的主密钥，或重新封存配置`)
} // prettier-ignore
async function write(data: string, sealed: Sealed): Promise<void> {
  const path = settingsFile(data)
  await writeFile(`${path}.part`, `${JSON.stringify(sealed)}\n`, { mode: 0o600 })
  await rename(`${path}.part`, path)
}
