import { expect, test } from 'vitest'
import { Refusal } from '#model'
import { RateMeter } from './rate.ts'

const refusal = (work: () => void): Refusal | null => {
  try {
    work()
    return null
  } catch (error) {
    return error as Refusal
  }
}

test('a minute of calls at once is allowed, the next is told when to come again, and time fills up evenly', () => {
  const meter = new RateMeter()
  for (let i = 0; i < 30; i++) meter.take('HIS', 30, 1000)
  const refused = refusal(() => meter.take('HIS', 30, 1000))
  expect([refused?.code, refused?.detail['retryAfter']]).toEqual(['tooManyRequests', 2])
  // Another client is not concerned.
  meter.take('LIS', 30, 1000)
  expect(refusal(() => meter.take('HIS', 30, 2900))?.detail['retryAfter']).toBe(1)
  meter.take('HIS', 30, 3000)
  expect(refusal(() => meter.take('HIS', 30, 3000))?.code).toBe('tooManyRequests')
  // A long silence gives no more than a minute's calls.
  for (let i = 0; i < 30; i++) meter.take('HIS', 30, 10_000_000)
  expect(refusal(() => meter.take('HIS', 30, 10_000_000))?.code).toBe('tooManyRequests')
})
