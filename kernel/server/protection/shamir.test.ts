import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combine, split, type Share } from './shamir.ts'

const some = fc.record({ secret: fc.uint8Array({ minLength: 1, maxLength: 40 }), needed: fc.integer({ min: 2, max: 6 }), more: fc.integer({ min: 0, max: 5 }), order: fc.infiniteStream(fc.nat()) }) // prettier-ignore
const chosen = (shares: readonly Share[], count: number, order: Iterator<number>) =>
  shares.map((share) => ({ share, key: order.next().value as number })).toSorted((a, b) => a.key - b.key).slice(0, count).map(({ share }) => share) // prettier-ignore

test('any so many shares restore the secret, in any order; more do, too', () => {
  fc.assert(
    fc.property(some, ({ secret, needed, more, order }) => {
      const shares = split(Buffer.from(secret), { needed, count: needed + more })
      expect(combine(chosen(shares, needed, order))).toEqual(Buffer.from(secret))
      expect(combine(shares)).toEqual(Buffer.from(secret))
    }),
  )
})
test('fewer say nothing: with one short, every secret is as likely as every other', () => {
  const secret = Buffer.from([42])
  const seen = new Map<number, number>()
  // One share of two, of the same secret split again and again, takes each value equally often.
  for (let n = 0; n < 25_600; n++) {
    const value = split(secret, { needed: 2, count: 2 })[0]!.bytes[0]!
    seen.set(value, (seen.get(value) ?? 0) + 1)
  }
  expect(seen.size).toBe(256)
  // χ² of 255 degrees of freedom stays below 400 but once in a hundred million.
  expect([...seen.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)).toBeLessThan(400)
})
test('the field is that of AES: a known product, and shares of a known line', () => {
  // {57}·{83} = {c1} (FIPS 197, 4.2): the line 0x57·x at 0x83, seen through the restoring of nought and one.
  const line = (at: number): Share => ({ at, bytes: Buffer.from([at === 1 ? 0x57 : 0xc1]) })
  expect(combine([line(1), line(0x83)])).toEqual(Buffer.from([0]))
})
test('what cannot belong together is refused', () => {
  const [one, two] = split(Buffer.from('secret'), { needed: 2, count: 2 }) as [Share, Share]
  for (const wrong of [[], [one], [one, one], [one, { at: 2, bytes: Buffer.from('x') }], [{ ...one, at: 0 }, two], [one, { ...two, at: 256 }]])
    expect(() => combine(wrong)).toThrow(RangeError)
  for (const [needed, count] of [[1, 2], [3, 2], [2, 256], [2.5, 3]] as const) expect(() => split(Buffer.from('x'), { needed, count })).toThrow(RangeError)
}) // prettier-ignore
