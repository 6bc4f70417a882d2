import { expect, test } from 'vitest'
import { checkReportFormula, columnsIn, compileReportFormula, formulaNumber } from './report-formula.ts'

const types = { A: 'number', B: 'text', C: 'boolean', D: 'text' } as const
const values = { A: 3.5, B: '主任医师', C: true, D: '1990-06-16', today: '2026-06-15' }
const run = (text: string, more: object = {}) => compileReportFormula(text, types)({ ...values, ...more })

test('a formula says what it means: decimals throughout, full-width signs, ages counted in whole years', () => {
  expect(run('A * 2')).toBe(7)
  expect(run('（A＋1）÷ 2')).toBe(2.25)
  expect(run('A == 3.5 ? "满" : “缺”')).toBe('满')
  expect(run('years(D, today)')).toBe(35)
  expect(run('days("2026-06-01", today)')).toBe(14)
  expect(run('round(1.005, 2)')).toBe(1.01)
  expect(run('B.contains("主任") && C')).toBe(true)
  expect(run('size(B) + 1')).toBe(5)
})

test('where a part is empty the result is empty, unless the formula says what empty means', () => {
  expect(run('A * 2', { A: null })).toBe(null)
  expect(run('num(A) + 1', { A: null })).toBe(1)
  expect(run('A == null ? 0 : A', { A: null })).toBe(0)
  expect(run('A / 0')).toBe(null)
  expect(run('years(B, today)')).toBe(null)
})

test('a formula tells what it gives', () => {
  expect(['A + 1', 'B + "师"', 'A > 3', 'A == null ? 0 : A'].map((text) => checkReportFormula(text, types))).toEqual([
    { type: 'number' },
    { type: 'text' },
    { type: 'boolean' },
    { type: 'number' },
  ])
  expect(columnsIn('A + "B" + AB')).toEqual(['A', 'AB'])
})

test.each([
  ['', '请填写公式'],
  ['A +', '公式没有写完'],
  ['A + Q', '公式里的“Q”不是它前面的列'],
  ['A + B', '数字和文字不能用“+”'],
  ['C * 2', '是否和数字不能用“*”'],
  ['A = 3', '判断相等请用两个等号：=='],
  ['A > 1 ? A : "少"', '“?”后面的两种结果要是同一类，现在是数字和文字'],
  ['A ? 1 : 2', '“?”前面要是一个条件，现在是数字'],
  ['total(A)', '没有函数“total”，或者给它的值不对'],
  ['years(A, today)', '没有函数“years”，或者给它的值不对'],
  ['姓名 + 1', '看不懂“姓”；列用字母，文字请加引号'],
  ['foo + 1', '没有“foo”；文字请加引号'],
])('a wrong formula “%s” is told in words: %s', (text, problem) => {
  expect(checkReportFormula(text, types)).toEqual({ problem })
})

test('numbers are kept with four places and without an exponent', () => {
  expect([1 / 3, 2, 1e-9, 1e20, -0].map(formulaNumber)).toEqual(['0.3333', '2', '0', null, '0'])
})
