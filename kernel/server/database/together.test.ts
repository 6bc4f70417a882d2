import { expect, test } from 'vitest'
import { Together } from './together.ts'

/** Records the lists as they begin; each waits to be let go. */
function recorded(
  options: { atOnce: number; most: number; keyOf?: (one: string) => string },
  isBad: (one: string) => boolean = () => false,
) {
  const lists: string[][] = []
  const gates: (() => void)[] = []
  const together = new Together<string, string>(async (list) => {
    lists.push([...list])
    await new Promise<void>((done) => gates.push(done))
    if (list.some(isBad)) throw new Error(`cannot do ${list.join()}`)
    return list.map((one) => one.toUpperCase())
  }, options)
  const letGo = async () => {
    await expect.poll(() => gates.length).toBeGreaterThan(0)
    gates.shift()!()
  }
  return { together, lists, letGo }
}

test('who is alone goes at once; what comes meanwhile goes as one list, each with its own answer', async () => {
  const { together, lists, letGo } = recorded({ atOnce: 1, most: 10 })
  const first = together.ask('a')
  await expect.poll(() => lists).toEqual([['a']])
  const rest = ['b', 'c', 'd'].map((one) => together.ask(one))
  await letGo()
  expect(await first).toBe('A')
  await letGo()
  expect(await Promise.all(rest)).toEqual(['B', 'C', 'D'])
  expect(lists).toEqual([['a'], ['b', 'c', 'd']])
})

test('a list has its greatest length, and no key twice', async () => {
  const { together, lists, letGo } = recorded({ atOnce: 1, most: 2, keyOf: (one) => one[0]! })
  const all = ['a1', 'a2', 'b1', 'c1'].map((one) => together.ask(one))
  for (let n = 0; n < 2; n++) await letGo()
  expect(await Promise.all(all)).toEqual(['A1', 'A2', 'B1', 'C1'])
  expect(lists).toEqual([['a1', 'b1'], ['a2', 'c1']]) // prettier-ignore
})

test('one that fails takes nobody with it: the others are done again by themselves', async () => {
  const { together, lists, letGo } = recorded({ atOnce: 1, most: 10 }, (one) => one === 'bad')
  const all = Promise.allSettled(['x', 'bad', 'y'].map((one) => together.ask(one)))
  for (let n = 0; n < 4; n++) await letGo()
  expect((await all).map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))).toEqual([
    'X',
    'cannot do bad',
    'Y',
  ])
  expect(lists).toEqual([['x', 'bad', 'y'], ['x'], ['bad'], ['y']])
})
