import { describe, expect, test } from 'vitest'
import { Rounds } from './rounds.ts'

/** Work that ends when the test says so. */
function held() {
  const begun: { end: () => void; fail: (error: Error) => void }[] = []
  const rounds = new Rounds(() => new Promise<void>((end, fail) => void begun.push({ end, fail })))
  return { begun, rounds }
}

describe('rounds', () => {
  test('of all who ask while one is under way make one, which begins when that is over', async () => {
    const { begun, rounds } = held()
    const first = rounds.next()
    await Promise.resolve()
    expect(begun).toHaveLength(1)
    const others = [rounds.next(), rounds.next(), rounds.next()]
    expect(begun).toHaveLength(1)
    begun[0]!.end()
    await first
    await Promise.resolve()
    expect(begun).toHaveLength(2)
    begun[1]!.end()
    await Promise.all(others)
    expect(begun).toHaveLength(2)
  })
  test('that fail tell those who waited for them, and keep nobody else from his', async () => {
    const { begun, rounds } = held()
    const first = rounds.next()
    await Promise.resolve()
    const second = rounds.next()
    begun[0]!.fail(new Error('away'))
    await expect(first).rejects.toThrow('away')
    await Promise.resolve()
    begun[1]!.end()
    await expect(second).resolves.toBeUndefined()
  })
})
