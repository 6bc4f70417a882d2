import { describe, expect, test } from 'vitest'
import { Lane } from './lane.ts'

/** Asks by name; `said` tells in which order they were let in or refused. */
function asking(lane: Lane) {
  const said: string[] = []
  const ask = (name: string) => lane.enter((isIn) => said.push(isIn ? name : `not ${name}`))
  return { ask, said }
}
const bounds = { atOnce: 2, waiting: 2, waitMs: 60_000 }

describe('a lane', () => {
  test('lets in so many, then in the order of their coming whoever waits, one for each that leaves', () => {
    const lane = new Lane(bounds)
    const { ask, said } = asking(lane)
    const [a, b] = [ask('a'), ask('b')]
    ask('c')
    ask('d')
    expect(said).toEqual(['a', 'b'])
    expect(lane.load).toEqual({ inside: 2, waiting: 2 })
    b()
    expect(said).toEqual(['a', 'b', 'c'])
    // Leaving twice frees one place, not two.
    b()
    expect(said).toEqual(['a', 'b', 'c'])
    a()
    expect(said).toEqual(['a', 'b', 'c', 'd'])
    expect(lane.load).toEqual({ inside: 2, waiting: 0 })
  })
  test('refuses at once whom it has no room for, and says when to come again', () => {
    const lane = new Lane(bounds)
    const { ask, said } = asking(lane)
    const leaves = ['a', 'b', 'c', 'd'].map(ask)
    ask('e')()
    expect(said.at(-1)).toBe('not e')
    expect(lane.retryAfter).toBe(60)
    for (const leave of leaves) leave()
    expect(lane.load).toEqual({ inside: 0, waiting: 0 })
  })
  test('forgets who gives up waiting: he is never let in, and his turn is the next one’s', () => {
    const lane = new Lane(bounds)
    const { ask, said } = asking(lane)
    const [a, , c] = [ask('a'), ask('b'), ask('c')]
    ask('d')
    c()
    a()
    expect(said).toEqual(['a', 'b', 'd'])
    expect(lane.load).toEqual({ inside: 2, waiting: 0 })
  })
  test('lets nobody wait longer than it says', async () => {
    const lane = new Lane({ atOnce: 1, waiting: 5, waitMs: 30 })
    const a = lane.enter(() => undefined)
    const refused = await new Promise<{ isIn: boolean; leave: () => void }>((done) => {
      const leave = lane.enter((isIn) => done({ isIn, leave: () => leave() }))
    })
    expect(refused.isIn).toBe(false)
    expect(lane.load).toEqual({ inside: 1, waiting: 0 })
    // Who was refused holds no place that he could give back.
    refused.leave()
    expect(lane.load).toEqual({ inside: 1, waiting: 0 })
    a()
    expect(lane.load).toEqual({ inside: 0, waiting: 0 })
  })
})
