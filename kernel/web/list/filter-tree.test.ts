import { choice, date, text, type Filter } from '#model'
import { describe, expect, test } from 'vitest'
import { operatorsOf, readTree, withOperator, wordOf, writeTree } from './filter-tree.ts'

const level = { field: 'level', op: 'in', value: ['three', 'four'] } as const
const cases = { field: 'cases', op: 'lt', value: 5 } as const
const paused = { field: 'status', op: 'eq', value: 'paused' } as const

describe('the filter sentence', () => {
  test.each<[string, Filter | null]>([
    ['nothing', null],
    ['one condition in a list', { and: [level] }],
    ['a group within', { and: [level, { or: [cases, paused] }] }],
    ['or at the top', { or: [level, { and: [cases, paused] }] }],
    ['what is nested deeper stays whole', { and: [{ not: level }, { or: [{ and: [cases, paused] }, level] }] }],
  ])('says %s and writes it back unchanged', (_, filter) => {
    expect(writeTree(readTree(filter))).toEqual(filter)
  })
  test('a bare condition becomes a sentence of one', () => {
    expect(writeTree(readTree(level))).toEqual({ and: [level] })
  })
  test('a group that lost its last condition is gone', () => {
    expect(writeTree({ join: 'and', parts: [{ join: 'or', conditions: [] }] })).toBeNull()
  })
  test('of two operators that read the same, one is offered', () => {
    const words = operatorsOf(choice('级别', { a: '甲', b: '乙' })).map((op) => wordOf(choice('级别', { a: '甲' }), op))
    expect(new Set(words).size).toBe(words.length)
  })
  test('dates begin with a span and speak of early and late', () => {
    expect(operatorsOf(date('到期'))[0]).toBe('between')
    expect(wordOf(date('到期'), 'lte')).toBe('不晚于')
  })
  test('another operator keeps a value that still fits, and drops one that does not', () => {
    expect(withOperator(level, 'notIn')).toEqual({ ...level, op: 'notIn' })
    expect(withOperator(level, 'empty')).toEqual({ field: 'level', op: 'empty' })
    expect(withOperator({ field: 'name', op: 'contains', value: '王' }, 'in')).toEqual({ field: 'name', op: 'in' })
  })
  test('text in a list of words is read aloud as such', () => {
    expect(wordOf(text('工号'), 'in')).toBe('是其中之一')
  })
})
