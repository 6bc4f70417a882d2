import { expect, test } from 'vitest'
import { fieldsOf, type FieldDesign } from '#kernel/model/designs/index.ts'
import { expression } from '#model'
import { problemOfExpression, readTerms, shownExpression, storedExpression, writeTerms, type Term } from './expression-text.ts'

const field = (key: string, kind: FieldDesign['kind'], label: string, options: Record<string, unknown> = {}): FieldDesign => ({
  key,
  kind,
  label,
  required: false,
  options,
})
const designs = [
  field('xdays01', 'integer', '天数'),
  field('xprice1', 'money', '单价', { scale: 2 }),
  field('xstate1', 'choice', '状态', { choices: { out: '借出', back: '已还' } }),
  field('xtags01', 'tags', '标签'),
  field('xname01', 'text', '名称'),
]
const fields = fieldsOf(designs)

test('people write labels, the definition keeps keys; what stands in quotes is left alone', () => {
  expect(storedExpression('[天数] * 2 > 3 && [名称] == "[天数] xdays01"', designs)).toBe('xdays01 * 2 > 3 && xname01 == "[天数] xdays01"')
  expect(shownExpression('xdays01 * 2 > 3 && xname01 == "[天数] xdays01"', designs)).toBe('[天数] * 2 > 3 && [名称] == "[天数] xdays01"')
  expect(storedExpression('（[天数] + 1） * 2', designs)).toBe('(xdays01 + 1) * 2')
  expect(problemOfExpression(storedExpression('[天树] + 1', designs), designs)).toBe('没有字段“天树”')
  expect(problemOfExpression('xdays01 in [1, 2]', designs)).toBeNull()
})

test('a condition put together by clicking is read back as it was, and means what it says', () => {
  const terms: Term[] = [
    { key: 'xdays01', op: 'gt', value: 3 },
    { key: 'xprice1', op: 'lte', value: 100 },
    { key: 'xstate1', op: 'eq', value: 'out' },
    { key: 'xtags01', op: 'has', value: '急' },
    { key: 'xname01', op: 'filled', value: null },
  ]
  const text = writeTerms(terms, '&&', fields)
  expect(problemOfExpression(text, designs)).toBeNull()
  expect(readTerms(text, fields)).toEqual({ terms, joint: '&&' })
  const record = { xdays01: 4, xprice1: '99.50', xstate1: 'out', xtags01: ['急'], xname01: '泵' }
  expect(expression(text, fields).evaluate(record)).toBe(true)
  expect(expression(text, fields).evaluate({ ...record, xdays01: null })).toBe(false)
  const or = writeTerms(
    [
      { key: 'xstate1', op: 'ne', value: 'back' },
      { key: 'xtags01', op: 'empty', value: null },
    ],
    '||',
    fields,
  )
  expect(readTerms(or, fields)?.joint).toBe('||')
  expect(readTerms('xdays01 * 2 > 3', fields)).toBeNull()
})
