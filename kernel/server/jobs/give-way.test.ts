import { expect, test } from 'vitest'
import { inParts } from './give-way.ts'

const partsOf = async (list: readonly number[]) => {
  const parts: (readonly number[])[] = []
  for await (const part of inParts(list)) parts.push(part)
  return parts
}
test('a long list comes whole and in its order, part by part; a short one, or none, is one part', async () => {
  const long = Array.from({ length: 2500 }, (_, n) => n)
  const parts = await partsOf(long)
  expect(parts.map(({ length }) => length)).toEqual([1000, 1000, 500])
  expect(parts.flat()).toEqual(long)
  expect(await partsOf([1, 2])).toEqual([[1, 2]])
  expect(await partsOf([])).toEqual([[]])
})
