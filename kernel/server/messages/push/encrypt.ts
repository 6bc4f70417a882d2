import { createCipheriv, createECDH, hkdfSync, randomBytes, type ECDH } from 'node:crypto'

/** The keys of a browser: its public point, and the secret that it shares with us alone. */
export interface BrowserKeys {
  p256dh: Buffer
  auth: Buffer
}
/** What is chosen by chance for every message. */
export interface Chance {
  salt: Buffer
  ours: ECDH
}
export const curve = 'prime256v1'
/** No service takes more, with all that goes around the text (RFC 8030 7.2). */
const recordBytes = 4096
function byChance(): Chance {
  const ours = createECDH(curve)
  ours.generateKeys()
  return { salt: randomBytes(16), ours }
}
const derive = (secret: Buffer, salt: Buffer, info: Buffer | string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, bytes))

/** The text so that only this browser reads it: one record of aes128gcm (RFC 8291, RFC 8188). The service that carries it does not. */
export function encryptFor({ p256dh, auth }: BrowserKeys, text: string, { salt, ours }: Chance = byChance()): Buffer {
  const own = ours.getPublicKey()
  const secret = derive(ours.computeSecret(p256dh), auth, Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, own]), 32)
  const cipher = createCipheriv('aes-128-gcm', derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16), derive(secret, salt, 'Content-Encoding: nonce\0', 12))
  const head = Buffer.alloc(21)
  salt.copy(head)
  head.writeUInt32BE(recordBytes, 16)
  head[20] = own.length
  // 2: the last record, nothing padded.
  return Buffer.concat([head, own, cipher.update(text, 'utf8'), cipher.update(Buffer.of(2)), cipher.final(), cipher.getAuthTag()])
} // prettier-ignore
