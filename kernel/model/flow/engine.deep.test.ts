import { expect, test } from 'vitest'
import fc from 'fast-check'
import type { Coverage } from './testing-random.ts'
import { live } from './testing-random.ts'

test('twenty thousand random histories break no invariant, each act in each mode at least a hundred times', () => {
  const coverage: Coverage = new Map()
  fc.assert(
    fc.property(fc.integer(), (seed) => live(seed, coverage) >= 0),
    { numRuns: 20_000 },
  )
  console.table(Object.fromEntries([...coverage].sort(([one], [other]) => (one < other ? -1 : 1))))
  for (const act of ['approve', 'reject', 'decideItems', 'return', 'transfer']) {
    for (const mode of ['anyOf', 'allOf', 'inOrder'])
      expect(coverage.get(`${act} × ${mode}`), `${act} × ${mode}`).toBeGreaterThanOrEqual(100)
  }
  for (const act of ['approve', 'reject', 'decideItems', 'enterMinutes'])
    expect(coverage.get(`${act} × vote`), `${act} × vote`).toBeGreaterThanOrEqual(100)
})
