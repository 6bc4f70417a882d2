import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Place } from '#model'
import { placed, risen } from './layout.ts'

const place = fc.record({ x: fc.integer({ min: -3, max: 26 }), y: fc.integer({ min: -2, max: 30 }), w: fc.integer({ min: 0, max: 30 }), h: fc.integer({ min: 0, max: 12 }) }) // prettier-ignore
const overlap = (a: Place, b: Place) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

test('wherever a block is dragged, nothing lies on anything, nothing leaves the page, and the others keep their columns and sizes', () => {
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 1, maxLength: 15 }),
      fc.array(fc.tuple(fc.nat(14), place), { maxLength: 6 }),
      (places, moves) => {
        let blocks = places.map((_, n) => ({ id: `b${n}`, place: { x: 0, y: n * 3, w: 4, h: 3 } }))
        for (const [n, one] of [...places.map((at, n) => [n, at] as const), ...moves]) {
          const before = blocks
          const id = `b${n % blocks.length}`
          blocks = placed(blocks, id, one)
          expect(blocks.map((b) => b.id)).toEqual(before.map((b) => b.id))
          for (const [at, block] of blocks.entries()) {
            const { x, y, w, h } = block.place
            expect([x >= 0, x + w <= 24, y >= 0, h >= 1]).toEqual([true, true, true, true])
            const was = block.id === id ? block.place : before[at]!.place
            expect([x, w, h]).toEqual([was.x, was.w, was.h])
            for (const other of blocks.slice(at + 1)) expect(overlap(block.place, other.place)).toBe(false)
          }
          // Settled is settled.
          expect(risen(blocks).every((b) => blocks.some((a) => a.id === b.id && a.place.y === b.place.y))).toBe(true)
        }
      },
    ),
  )
})
