import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Encryption of sensitive fields: AES-256-GCM under data keys that a master key wraps. The key id travels with the cipher text, so keys can change without rewriting. */
export interface Protector {
  seal(resource: string, field: string, plain: string): Buffer
  open(resource: string, field: string, sealed: Buffer): string
  /** Blind index for exact search: HMAC with a key of its own per field. */
  blind(resource: string, field: string, plain: string): Buffer
}
export interface DataKey {
  id: number
  key: Buffer
}

const format = 1
const aad = (resource: string, field: string, keyId: number): Buffer => Buffer.from(`${resource}\n${field}\n${keyId}`)

/** Builds a protector over the unwrapped data keys; the newest seals, all open. */
export function createProtector(keys: readonly DataKey[], master: Buffer): Protector {
  const byId = new Map(keys.map((key) => [key.id, key.key]))
  const newest = keys.at(-1)
  if (!newest) throw new Error('no data key')
  const blindKeys = new Map<string, Buffer>()
  const blindKey = (name: string): Buffer => {
    let key = blindKeys.get(name)
    if (!key) blindKeys.set(name, (key = Buffer.from(hkdfSync('sha256', master, 'xinglin blind index', name, 32))))
    return key
  }
  return {
    seal(resource, field, plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', newest.key, iv)
      cipher.setAAD(aad(resource, field, newest.id))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      const head = Buffer.alloc(5)
      head.writeUInt8(format, 0)
      head.writeUInt32BE(newest.id, 1)
      return Buffer.concat([head, iv, cipher.getAuthTag(), body])
    },
    open(resource, field, sealed) {
      const id = sealed.readUInt32BE(1)
      const key = byId.get(id)
      if (!key || sealed.readUInt8(0) !== format) throw new Error(`data key ${id} is missing`)
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(5, 17))
      decipher.setAAD(aad(resource, field, id))
      decipher.setAuthTag(sealed.subarray(17, 33))
      return Buffer.concat([decipher.update(sealed.subarray(33)), decipher.final()]).toString('utf8')
    },
    blind: (resource, field, plain) =>
      createHmac('sha256', blindKey(`${resource}.${field}`))
        .update(plain)
        .digest(),
  }
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
