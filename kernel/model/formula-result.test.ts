import { expect, test } from 'vitest'
import { expression, formula, formulaResult, integer, money, validateRecord } from '#model'

const fields = { days: integer('天数'), price: money('单价'), total: formula('合计', 'days * price', 'decimal') }
test('whole numbers and amounts are reckoned together; the result has its places, half up', () => {
  expect(validateRecord(fields, { days: 3, price: '0.10' }, { today: '2026-01-01' }).values['total']).toBe('0.3')
  const scaled = { ...fields, total: { ...fields.total, options: { ...fields.total.options, scale: 2 } } }
  expect(validateRecord(scaled, { days: 3, price: '200' }, { today: '2026-01-01' }).values['total']).toBe('600.00')
  expect(validateRecord(scaled, { days: null, price: '200' }, { today: '2026-01-01' }).values['total']).toBeNull()
  const half = (value: number, scale: number) => formulaResult({ ...fields.total, options: { ...fields.total.options, scale } }, value)
  expect([half(1.005, 2), half(2.5, 0), half(-1.005, 2), half(1e21, 2)]).toEqual(['1.01', '3', '-1.01', '1e+21'])
  expect(expression('days > price', fields).evaluate({ days: 3, price: '2.5' })).toBe(true)
})
