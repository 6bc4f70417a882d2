import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bothReadings, history } from './testing-random.ts'

test('three hundred random histories: the fast clock says what the slow and obvious one says', () => {
  fc.assert(
    fc.property(history, (one) => {
      const { fast, slow } = bothReadings(one)
      expect(fast).toEqual(slow)
    }),
    { numRuns: 300, seed: 20261121 },
  )
}, 60_000)
