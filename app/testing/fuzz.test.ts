import { expect, test } from 'vitest'
import { Fuzz } from './fuzz.ts'

test('some thousand requests that somebody might try, to every route by every role, break nothing', async () => {
  await using fuzz = await Fuzz.open()
  const result = await fuzz.run({ each: 1, mutated: 3000, seed: 7 })
  expect([result.broken, result.faults]).toEqual([[], []])
  expect(result.requests).toBeGreaterThan(3000)
  expect(fuzz.short(1).map((route) => `${route} ${result.refused.get(route) ?? ''}`)).toEqual([])
}, 120_000)
