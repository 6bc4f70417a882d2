import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encryption of protected values: AES-256-GCM under data keys that a master key wraps. The key's number travels with the cipher text, so keys change without everything being written anew. */
export interface Protector {
  seal(resource: string, field: string, plain: string): Buffer
  /** @throws {Error} when the key is missing, or the cipher text was made for another place. */
  open(resource: string, field: string, sealed: Buffer): string
  /** Blind index for exact search: HMAC with a key of its own per field. */
  blind(resource: string, field: string, plain: string): Buffer
}

const format = 1
const aad = (resource: string, field: string, keyId: number): Buffer => Buffer.from(`${resource}\n${field}\n${keyId}`)

/** Format, key number, IV, tag, body. */
export function sealUnder(key: { id: number; key: Buffer }, resource: string, field: string, plain: string): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.key, iv)
  cipher.setAAD(aad(resource, field, key.id))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  const head = Buffer.alloc(5)
  head.writeUInt8(format, 0)
  head.writeUInt32BE(key.id, 1)
  return Buffer.concat([head, iv, cipher.getAuthTag(), body])
}
/** The number of the key under which something is sealed. */
export function keyIdOf(sealed: Buffer): number {
  if (sealed.length < 33 || sealed.readUInt8(0) !== format) throw new Error('not sealed by this program')
  return sealed.readUInt32BE(1)
}
export function openUnder(key: Buffer, resource: string, field: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(5, 17))
  decipher.setAAD(aad(resource, field, keyIdOf(sealed)))
  decipher.setAuthTag(sealed.subarray(17, 33))
  return Buffer.concat([decipher.update(sealed.subarray(33)), decipher.final()]).toString('utf8')
}

/** Wraps a data key under the master key. */
export function wrapKey(master: Buffer, key: Buffer): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', master, iv)
  return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()])
}
/** Unwraps a data key; throws when the master key is another one. */
export function unwrapKey(master: Buffer, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, 12))
  decipher.setAuthTag(wrapped.subarray(-16))
  return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()])
}
