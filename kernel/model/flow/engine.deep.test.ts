import { expect, test } from 'vitest'
import { median, missing, missingPairs, print, strange } from './testing-coverage.ts'
import { coverIn } from './testing-shard.ts'

test('random histories break no invariant and agree with the slow reading; each legal pair of acts was told in each mode in a hundred of them', async () => {
  const seen = await coverIn(2, 100, 6000)
  print(seen)
  expect(seen.failures).toEqual([])
  expect(missing(seen, 100)).toEqual([])
  expect(missingPairs(seen, 100)).toEqual([])
  expect(strange(seen)).toEqual([])
  expect(median(seen.lengths)).toBeGreaterThanOrEqual(15)
  expect(median(seen.ends)).toBeGreaterThanOrEqual(15)
}, 2_400_000)
