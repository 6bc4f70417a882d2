import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axisTop, chartOf, figureText } from './chart-data.ts'

test('every figure of the groups stands once in the chart, missing ones are nothing', () => {
  const group = fc.record({
    first: fc.constantFrom('a', 'b', null),
    second: fc.constantFrom('x', null),
    count: fc.integer({ min: 1, max: 99 }),
  })
  const groups = fc.uniqueArray(group, { selector: ({ first, second }) => JSON.stringify([first, second]) })
  fc.assert(
    fc.property(groups, (list) => {
      const data = chartOf(list.map(({ first, second, count }) => ({ keys: [first, second], count, totals: [] })), -1, (_, key) => key === null ? '（空）' : String(key)) // prettier-ignore
      const sum = data.series.flatMap(({ values }) => values).reduce((a, b) => a + b, 0)
      expect(sum).toBe(list.reduce((a, { count }) => a + count, 0))
      for (const { first, second, count } of list) {
        const at = data.categories.findIndex(({ key }) => key === first)
        expect(data.series.find(({ key }) => key === second)!.values[at]).toBe(count)
      }
    }),
  )
})

test('an axis ends at a round number, figures have their thousands apart', () => {
  expect([0, 3, 7, 12, 21, 99, 100, 1234].map(axisTop)).toEqual([1, 5, 10, 20, 25, 100, 100, 2000])
  expect([0, 1234567.891, -1234.5].map(figureText)).toEqual(['0', '1,234,567.89', '-1,234.5'])
})
