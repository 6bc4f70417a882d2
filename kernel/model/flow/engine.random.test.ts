import { expect, test } from 'vitest'
import { cover, median, missing, strange } from './testing-coverage.ts'

test('in random histories no task is lost, nothing is decided twice, every request ends or waits for somebody, and grants are the passed lines', () => {
  const seen = cover(1, 80, 2026)
  expect(seen.failures).toEqual([])
  expect(missing(seen, 1)).toEqual([])
  expect(strange(seen)).toEqual([])
  expect(median(seen.lengths)).toBeGreaterThanOrEqual(15)
}, 60_000)
