import { expect, test } from 'vitest'
import { choice, date, formula, integer, text } from '#model'
import { judged, linesOf, retarget } from './lines.ts'

const fields = {
  name: text('品名', { required: true }),
  count: integer('数量', { required: true }),
  twice: formula('两倍', 'count * 2', 'integer'),
  kind: choice('类别', { drug: '药品', device: '器械' }),
  on: date('日期'),
}

test('columns called as the fields go to them in any order; what is called otherwise is left out, and blank lines are none', () => {
  const block = [['数 量*', '备注', '品名', '数量'], ['2', '旧', '输液泵', '3'], ['', '', ' ', ''], ['1', '', '监护仪', '']] // prettier-ignore
  expect(linesOf(block, fields)).toEqual({
    texts: [block[1], block[3]],
    head: block[0],
    targets: ['count', null, 'name', null],
  })
})

test('without a head the columns are taken in the order of the fields that can be filled in; more columns than fields go nowhere', () => {
  expect(linesOf([['输液泵', '2', '器械', '2026-03-05', '多']], fields)).toMatchObject({
    head: null,
    targets: ['name', 'count', 'kind', 'on', null],
  })
})

test('a field takes one column: the last that was given to it', () => {
  const lines = linesOf([['输液泵', '2']], fields)
  expect(retarget(lines, 1, 'name').targets).toEqual([null, 'name'])
  expect(retarget(lines, 0, null).targets).toEqual([null, 'count'])
})

test('a line is kept out by what means nothing and by what is missing', () => {
  const cells = new Map([['name', { value: null, text: '', problem: '太长' }]])
  expect([...judged(cells, fields).problems]).toEqual([['name', '太长'], ['count', '没有“数量”']]) // prettier-ignore
})
