import { expect, test } from 'vitest'
import { median, missing, missingPairs, print, runs } from './testing-coverage.ts'

test('random histories break no invariant and agree with the slow reading, each act in each mode at least a hundred times', () => {
  const { coverage, lengths } = runs(12_000)
  print(coverage, lengths)
  expect(missing(coverage, 100)).toEqual([])
  expect(missingPairs(coverage, 1)).toEqual([])
  expect(median(lengths)).toBeGreaterThanOrEqual(15)
})
