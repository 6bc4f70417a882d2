import type { ApiRecord } from '#model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { areaOf, placeBlock, readBlock, writeBlock } from '../../fields/texts/block.ts'
import { cellsIn, noDraft, redone, settle, stage, toWrite, undone } from './staged.ts'

const at = (row: number, column: number) => ({ row, column })

describe('blocks of cells', () => {
  test('what is copied is read back the same: tabs, breaks and quotes in cells', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '中', '"', '\t', '\n', ' ', '，') })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }).chain((wide) => fc.array(fc.array(cell, { minLength: wide, maxLength: wide }), { minLength: 1, maxLength: 5 })), (rows) => {
        // A last line that is empty is what spreadsheets put at the end of every block.
        fc.pre(rows.at(-1)!.some((one) => one !== ''))
        expect(readBlock(writeBlock(rows))).toEqual(rows)
        expect(readBlock(`${writeBlock(rows).replaceAll(/(?<!\n)\n$/g, '')}\r\n`)).toEqual(rows)
      }),
    ) // prettier-ignore
  })
  test('one cell fills the chosen area, a line fills lines, a block goes from the first cell on and never over the edge', () => {
    const where = (block: string[][], area: ReturnType<typeof areaOf>) =>
      placeBlock(block, area, 4, 3).map((one) => [one.at.row, one.at.column, one.text].join())
    expect(where([['x']], areaOf(at(2, 1), at(1, 0)))).toEqual(['1,0,x', '1,1,x', '2,0,x', '2,1,x'])
    expect(where([['a', 'b']], areaOf(at(0, 1), at(1, 2)))).toEqual(['0,1,a', '0,2,b', '1,1,a', '1,2,b'])
    expect(where([['a', 'b'], ['c', 'd']], areaOf(at(3, 2), at(3, 2)))).toEqual(['3,2,a']) // prettier-ignore
    expect(where([['a'], ['b'], ['c']], areaOf(at(0, 0), at(1, 0)))).toEqual(['0,0,a', '1,0,b', '2,0,c']) // prettier-ignore
  })
})

const row = (id: string, values: object = {}) => ({ id, version: 1, ...values }) as ApiRecord
describe('edits not yet written', () => {
  const [a, b] = [row('a'), row('b')]
  test('each paste is one step back and forth; an edit after going back forgets what lay ahead', () => {
    const one = stage(noDraft, [{ row: a, key: 'n', cell: { value: 1 } }, { row: b, key: 'n', cell: { value: 2 } }]) // prettier-ignore
    const two = stage(one, [{ row: a, key: 'n', cell: { value: 3 } }])
    expect(cellsIn(two.staged)).toEqual([{ value: 3 }, { value: 2 }])
    expect(undone(two).staged).toEqual(one.staged)
    expect(undone(undone(undone(two))).staged).toEqual(noDraft.staged)
    expect(redone(undone(two)).staged).toEqual(two.staged)
    const other = stage(undone(two), [{ row: b, key: 'n', cell: null }])
    expect([other.redo, [...other.staged.keys()]]).toEqual([[], ['a']])
  })
  test('a row that has left the list is written as it was seen; one changed elsewhere by others on its newest version; one changed in the same cell is not', () => {
    const draft = stage(noDraft, ['gone', 'other', 'same'].map((id) => ({ row: row(id, { n: 1, m: 1 }), key: 'n', cell: { value: 5 } }))) // prettier-ignore
    const shown = [row('other', { version: 2, n: 1, m: 9 }), row('same', { version: 2, n: 7, m: 1 })]
    expect(toWrite(draft.staged, shown).map(({ row: { id, version }, changes }) => [id, version, changes])).toEqual([
      ['gone', 1, { n: 5 }],
      ['other', 2, { n: 5 }],
      ['same', 1, { n: 5 }],
    ])
    // Once told of it, writing again is a decision.
    const told = settle(draft, [{ row: shown[1]!, key: 'n', cell: { value: 5, notice: '…' } }])
    expect(toWrite(told.staged, shown).at(-1)!.row.version).toBe(2)
  })
  test('what has a problem is not written and stays', () => {
    const draft = stage(noDraft, [{ row: a, key: 'n', cell: { value: null, problem: '不是数字' } }, { row: a, key: 'm', cell: { value: 2 } }]) // prettier-ignore
    expect(toWrite(draft.staged, [a]).map(({ changes }) => changes)).toEqual([{ m: 2 }])
    expect(cellsIn(settle(draft, [{ row: a, key: 'm', cell: null }]).staged)).toEqual([{ value: null, problem: '不是数字' }])
  })
})
