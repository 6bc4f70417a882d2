import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bothReadings, history } from './testing-random.ts'

test('ten thousand random histories: the fast clock says what the slow and obvious one says', () => {
  const seen = { breached: 0, provisional: 0, paused: 0, stopped: 0 }
  fc.assert(
    fc.property(history, (one) => {
      const { fast, slow } = bothReadings(one)
      expect(fast).toEqual(slow)
      const text = JSON.stringify(slow)
      if (!text.includes('"breachedAt":null')) seen.breached++
      if (text.includes('"provisional":true')) seen.provisional++
      if (text.includes('"paused"')) seen.paused++
      if (text.includes('"stopped"')) seen.stopped++
    }),
    { numRuns: 10_000, seed: 42 },
  )
  // A run that never met these would prove little.
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThanOrEqual(300)
})
