import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto'
import { combine, split, type Share } from './shamir.ts'

/** A part of the master key in the keeping of one person. */
export interface Part {
  /** Whose it is. */
  holder: string
  /** So many parts restore the key. */
  needed: number
  /** Which key it is a part of: the beginning of its SHA-256, hex. */
  key: string
  share: Share
}
/** By what a key is told from another without being shown. */
export const fingerprint = (key: Buffer): string => createHash('sha256').update('xinglin escrow\n').update(key).digest('hex').slice(0, 16)

/** A part for each holder, any `needed` of which restore the key. Throws RangeError unless 2 ≤ needed ≤ holders, each another person. */
export function partsOfKey(key: Buffer, holders: readonly string[], needed: number): Part[] {
  if (new Set(holders).size !== holders.length) throw new RangeError('each part is another person’s')
  const shares = split(key, { needed, count: holders.length })
  return holders.map((holder, n) => ({ holder, needed, key: fingerprint(key), share: shares[n]! }))
}
/** The key of these parts. Throws an error in Chinese where they are too few, of different keys, one twice, or not whole. */
export function keyOfParts(parts: readonly Part[]): Buffer {
  const [first] = parts
  if (!first) throw new Error('没有提供分片')
  if (parts.some(({ key, needed }) => key !== first.key || needed !== first.needed)) throw new Error('这些分片不是同一把密钥的')
  const different = new Map(parts.map((part) => [part.share.at, part]))
  if (different.size < first.needed) throw new Error(`还差 ${first.needed - different.size} 份：须有 ${first.needed} 位保管人的分片`)
  const key = combine([...different.values()].slice(0, first.needed).map(({ share }) => share))
  if (fingerprint(key) !== first.key) throw new Error('分片已损坏，恢复不出密钥')
  return key
}

/** scrypt, 64 MiB and about a quarter of a second a try (RFC 7914; OWASP's N = 2¹⁷, r = 8). */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const
const heading = '杏林 主密钥分片 v1'
/** A part as its holder keeps it: under his own pass phrase, so that whoever finds the file has nothing. */
export function lockPart({ holder, needed, key, share }: Part, passphrase: string): string {
  if ([...passphrase].length < 12) throw new Error('口令至少 12 位')
  const facts = [heading, `保管人：${holder}`, `恢复须有：${needed} 份`, `密钥指纹：${key}`, `序号：${share.at}`]
  const [salt, iv] = [randomBytes(16), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase.normalize('NFKC'), salt, 32, cost), iv)
  cipher.setAAD(Buffer.from(facts.join('\n')))
  const body = Buffer.concat([cipher.update(share.bytes), cipher.final()])
  return `${[...facts, Buffer.concat([salt, iv, cipher.getAuthTag(), body]).toString('base64')].join('\n')}\n`
}
/** The part in such a text. Throws an error in Chinese where the pass phrase is wrong or anything was changed. */
export function unlockPart(text: string, passphrase: string): Part {
  const lines = text.trim().split(/\r?\n/).map((line) => line.trim()) // prettier-ignore
  const [head, holder, needed, key, at, sealed] = lines.map((line, n) => (n > 0 && n < 5 ? line.slice(line.indexOf('：') + 1) : line))
  const bytes = Buffer.from(sealed ?? '', 'base64')
  if (head !== heading || lines.length !== 6 || bytes.length < 45) throw new Error('这不是主密钥的分片')
  try {
    const decipher = createDecipheriv('aes-256-gcm', scryptSync(passphrase.normalize('NFKC'), bytes.subarray(0, 16), 32, cost), bytes.subarray(16, 28))
    decipher.setAAD(Buffer.from(lines.slice(0, 5).join('\n')))
    decipher.setAuthTag(bytes.subarray(28, 44))
    const share = Buffer.concat([decipher.update(bytes.subarray(44)), decipher.final()])
    return { holder: holder!, needed: Number.parseInt(needed!, 10), key: key!, share: { at: Number(at), bytes: share } }
  } catch (error) {
    throw new Error(`${holder} 的口令不对，或分片已损坏`, { cause: error })
  }
} // prettier-ignore
