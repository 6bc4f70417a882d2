import { expect, test } from 'vitest'
import { median, missing, runs } from './testing-coverage.ts'

test('in random histories no task is lost, nothing is decided twice, every request ends or waits for somebody, and grants are the passed lines', () => {
  const { coverage, lengths } = runs(180, 2026)
  expect(missing(coverage, 1)).toEqual([])
  expect(median(lengths)).toBeGreaterThanOrEqual(15)
})
