import { expect, test } from 'vitest'
import { cover, median, missing, missingPairs, print, strange } from './testing-coverage.ts'

test('random histories break no invariant and agree with the slow reading; no legal pair of acts in any mode is missing, each act came a hundred times in each', () => {
  const seen = cover(100, 12_000)
  print(seen)
  expect(missing(seen, 100)).toEqual([])
  expect(missingPairs(seen, 1)).toEqual([])
  // Wanted is a hundred of each pair; what is still rarer is said, rarest first.
  const rare = missingPairs(seen, 100)
  console.log(
    `${rare.length} pairs in fewer than 100 histories`,
    rare.toSorted((a, b) => Number(a.split(': ')[1]) - Number(b.split(': ')[1])).slice(0, 20),
  )
  expect(strange(seen)).toEqual([])
  expect(median(seen.lengths)).toBeGreaterThanOrEqual(15)
}, 1_800_000)
