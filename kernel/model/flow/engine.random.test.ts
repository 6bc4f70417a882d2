import { expect, test } from 'vitest'
import fc from 'fast-check'
import type { Coverage } from './testing-random.ts'
import { live } from './testing-random.ts'

test('in random histories no task is lost, nothing is decided twice, every request ends or waits for somebody, and grants are the passed lines', () => {
  const coverage: Coverage = new Map()
  fc.assert(
    fc.property(fc.integer(), (seed) => live(seed, coverage) >= 0),
    { seed: 2026, numRuns: 600 },
  )
  for (const act of ['approve', 'reject', 'decideItems', 'return', 'transfer']) {
    for (const mode of ['anyOf', 'allOf', 'inOrder']) expect(coverage.get(`${act} × ${mode}`), `${act} × ${mode}`).toBeGreaterThan(0)
  }
  for (const act of ['approve', 'reject', 'decideItems', 'enterMinutes'])
    expect(coverage.get(`${act} × vote`), `${act} × vote`).toBeGreaterThan(0)
})
