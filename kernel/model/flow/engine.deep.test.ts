import { expect, test } from 'vitest'
import { cover, median, missing, missingPairs, print, strange } from './testing-coverage.ts'

test('random histories break no invariant and agree with the slow reading, each legal pair of acts in each mode at least a hundred times', () => {
  const seen = cover(100, 60_000)
  print(seen)
  expect(missing(seen, 100)).toEqual([])
  expect(missingPairs(seen, 100)).toEqual([])
  expect(strange(seen)).toEqual([])
  expect(median(seen.lengths)).toBeGreaterThanOrEqual(15)
}, 1_200_000)
