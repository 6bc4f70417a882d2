import { choice, date, filterDepth, filterProblem, mostFilterDepth, operatorWord, readFilter, text, type Filter } from '#model'
import { describe, expect, test } from 'vitest'
import {
  added,
  groupOf,
  groupsIn,
  isNotTooDeep,
  isTooShort,
  moved,
  operatorsOf,
  readTree,
  replaced,
  withOperator,
  writeTree,
} from './filter-tree.ts'

const level = { field: 'level', op: 'in', value: ['three', 'four'] } as const
const cases = { field: 'cases', op: 'lt', value: 5 } as const
const paused = { field: 'status', op: 'eq', value: 'paused' } as const
const deep = (depth: number): Filter => (depth === 0 ? level : ({ [depth % 2 ? 'and' : 'or']: [deep(depth - 1)] } as unknown as Filter))

describe('the filter sentence', () => {
  test.each<[string, Filter | null]>([
    ['nothing', null],
    ['one condition in a list', { and: [level] }],
    ['a group within', { and: [level, { or: [cases, paused] }] }],
    ['or at the top', { or: [level, { and: [cases, paused] }] }],
    [
      'groups in groups, and what must not hold',
      { and: [{ not: level }, { or: [{ and: [cases, { not: { or: [paused, level] } }] }, level] }] },
    ],
    ['what must not not hold', { and: [{ not: { not: level } }] }],
    ['rows of a sub-table', { or: [{ some: 'items', where: level }, cases] }],
  ])('says %s and writes it back unchanged', (_, filter) => {
    expect(writeTree(readTree(filter))).toEqual(filter)
  })
  test('a bare condition becomes a sentence of one', () => {
    expect(writeTree(readTree(level))).toEqual({ and: [level] })
  })
  test('a group that lost its last condition is gone, and the groups around it', () => {
    expect(writeTree(groupOf('and', groupOf('or')))).toBeNull()
    const root = readTree({ and: [paused, { or: [{ and: [level] }] }] })
    expect(replaced(root, [1, 0, 0], null)).toEqual(groupOf('and', paused))
  })
  test('a condition moves to another group, inwards and outwards; a group never into itself', () => {
    const root = readTree({ and: [paused, { or: [level, { and: [cases] }] }] })
    expect(writeTree(moved(root, [0], [1, 1]))).toEqual({ and: [{ or: [level, { and: [cases, paused] }] }] })
    expect(writeTree(moved(root, [1, 1, 0], []))).toEqual({ and: [paused, { or: [level] }, cases] })
    expect(moved(root, [1], [1, 1])).toBe(root)
    expect(moved(root, [1, 0], [1])).toBe(root)
    expect(groupsIn(root).map(({ place }) => place)).toEqual([[], [1], [1, 1]])
  })
  test('a condition is added where it belongs, however deep', () => {
    const root = readTree({ and: [{ or: [level, { and: [cases] }] }] })
    expect(writeTree(added(root, [0, 1], paused))).toEqual({ and: [{ or: [level, { and: [cases, paused] }] }] })
  })
  test('groups nest as deep as a list can still join its own conditions; the server refuses fifty levels in words', () => {
    expect(isNotTooDeep(readTree(deep(mostFilterDepth - 3)))).toBe(true)
    expect(isNotTooDeep(readTree(deep(mostFilterDepth - 2)))).toBe(false)
    expect([filterDepth(deep(7)), filterProblem(deep(mostFilterDepth))]).toEqual([7, null])
    expect(readFilter(deep(mostFilterDepth + 1))).toBeNull()
    expect(filterProblem(deep(50))).toBe('筛选条件嵌套太深：最多 12 层')
    expect(filterProblem({ and: [{ field: 'level' }] })).toBe('筛选条件无法识别')
  })
  test('of two operators that read the same, one is offered', () => {
    const words = operatorsOf(choice('级别', { a: '甲', b: '乙' })).map((op) => operatorWord(choice('级别', { a: '甲' }), op))
    expect(new Set(words).size).toBe(words.length)
  })
  test('a protected field is asked about by its whole value; a name that is found by parts also by these, where it is seen in plain', () => {
    const whole = ['eq', 'in', 'empty', 'notEmpty']
    const name = text('姓名', { class: 'sensitive', search: true })
    expect([operatorsOf(name).toSorted(), operatorsOf(name, true).toSorted()]).toEqual([
      [...whole, 'contains', 'startsWith'].toSorted(),
      whole.toSorted(),
    ])
    expect(operatorsOf(text('账号', { class: 'sensitive' })).toSorted()).toEqual(whole.toSorted())
    expect([
      isTooShort(name, 'contains', '𠮷'),
      isTooShort(name, 'contains', '𠮷田'),
      isTooShort(name, 'eq', '张'),
      isTooShort(text('名称'), 'contains', '张'),
    ]).toEqual([true, false, false, false])
  })
  test('dates begin with a span and speak of early and late', () => {
    expect(operatorsOf(date('到期'))[0]).toBe('between')
    expect(operatorWord(date('到期'), 'lte')).toBe('不晚于')
  })
  test('another operator keeps a value that still fits, and drops one that does not', () => {
    expect(withOperator(level, 'notIn')).toEqual({ ...level, op: 'notIn' })
    expect(withOperator(level, 'empty')).toEqual({ field: 'level', op: 'empty' })
    expect(withOperator({ field: 'name', op: 'contains', value: '王' }, 'in')).toEqual({ field: 'name', op: 'in' })
  })
  test('text in a list of words is read aloud as such', () => {
    expect(operatorWord(text('工号'), 'in')).toBe('是其中之一')
  })
})
