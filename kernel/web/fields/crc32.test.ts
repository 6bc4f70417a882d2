import { crc32 as known } from 'node:zlib'
import { expect, test } from 'vitest'
import { crc32, crcText } from './crc32.ts'

test('the checksum is the one that the server reckons, of the whole and piece by piece', () => {
  expect(crcText(crc32(new TextEncoder().encode('123456789')))).toBe('cbf43926')
  expect(crcText(crc32(new Uint8Array()))).toBe('00000000')
  const bytes = Uint8Array.from({ length: 5000 }, (_, n) => (n * n * 31) & 0xff)
  expect(crc32(bytes)).toBe(known(bytes))
  expect(crc32(bytes.subarray(1234), crc32(bytes.subarray(0, 1234)))).toBe(known(bytes))
})
