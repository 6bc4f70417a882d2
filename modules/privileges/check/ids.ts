import { randomFillSync } from 'node:crypto'

// Random bytes are asked for by the thousand: one call to the system each would cost as much as the answer itself.
const pool = Buffer.allocUnsafeSlow(16 * 1024)
let used = pool.length
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, 74 random bits. */
export function recordId(now = Date.now()): string {
  if (used + 10 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const at = used
  used += 10
  const time = now.toString(16).padStart(12, '0')
  const byte = (i: number) => hex[pool[at + i]!]!
  const version = hex[0x70 | (pool[at]! & 0x0f)]!
  const variant = hex[0x80 | (pool[at + 2]! & 0x3f)]!
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${byte(1)}-${variant}${byte(3)}-${byte(4)}${byte(5)}${byte(6)}${byte(7)}${byte(8)}${byte(9)}`
}
