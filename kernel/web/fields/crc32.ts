const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})
/** CRC-32 of what follows something whose CRC-32 is `before`. In plain code, because a page without TLS is given no cryptography by the browser. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before
  for (const byte of bytes) value = (value >>> 8) ^ table[(value ^ byte) & 0xff]!
  return ~value >>> 0
}
/** As it travels: eight hexadecimal digits. */
export const crcText = (crc: number): string => crc.toString(16).padStart(8, '0')
