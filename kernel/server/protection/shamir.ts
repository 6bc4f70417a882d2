import { randomBytes } from 'node:crypto'

/** One of the parts of a secret: its place on the curve (1…255) and as many bytes as the secret has. */
export interface Share {
  at: number
  bytes: Buffer
}

/**
 * Splits a secret so that any `needed` of `count` shares restore it and fewer say nothing about it: Shamir's scheme (1979), byte by byte over GF(2⁸) with the
 * polynomial of AES (x⁸+x⁴+x³+x+1). Throws RangeError unless 2 ≤ needed ≤ count ≤ 255.
 */
export function split(secret: Buffer, { needed, count }: { needed: number; count: number }): Share[] {
  if (!Number.isInteger(needed) || !Number.isInteger(count) || needed < 2 || needed > count || count > 255)
    throw new RangeError('needs 2 ≤ needed ≤ count ≤ 255')
  // The secret is the value at nought; what stands above it is drawn anew for each byte.
  const above = Array.from({ length: needed - 1 }, () => randomBytes(secret.length))
  return Array.from({ length: count }, (_, n) => {
    const at = n + 1
    const bytes = Buffer.alloc(secret.length)
    // Horner, from the highest power down.
    for (let i = 0; i < secret.length; i++) {
      let value = 0
      for (let power = above.length - 1; power >= 0; power--) value = times(value, at) ^ above[power]![i]!
      bytes[i] = times(value, at) ^ secret[i]!
    }
    return { at, bytes }
  })
}
/** The secret of these shares. Fewer than were needed, or shares of another secret, give bytes that mean nothing: whoever calls proves them. Throws RangeError for shares that cannot belong together. */
export function combine(shares: readonly Share[]): Buffer {
  const length = shares[0]?.bytes.length ?? 0
  const places = new Set(shares.map(({ at }) => at))
  if (shares.length < 2 || places.size !== shares.length || shares.some(({ at, bytes }) => at < 1 || at > 255 || bytes.length !== length))
    throw new RangeError('shares do not belong together')
  const secret = Buffer.alloc(length)
  for (const { at, bytes } of shares) {
    // Lagrange's basis at nought: in this field subtracting is adding.
    let weight = 1
    for (const { at: other } of shares) if (other !== at) weight = times(weight, over(other, other ^ at))
    for (let i = 0; i < length; i++) secret[i]! ^= times(weight, bytes[i]!)
  }
  return secret
}

/** Powers of the generator 3 and their logarithms. */
const [powers, logs] = [new Uint8Array(510), new Uint8Array(256)]
for (let power = 0, value = 1; power < 255; power++) {
  powers[power] = powers[power + 255] = value
  logs[value] = power
  value ^= (value << 1) ^ (value & 0x80 ? 0x11b : 0)
}
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : powers[logs[a]! + logs[b]!]!)
const over = (a: number, b: number): number => (a === 0 ? 0 : powers[logs[a]! + 255 - logs[b]!]!)
