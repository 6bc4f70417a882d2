import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { areaOf, placeBlock, readBlock, writeBlock } from './block.ts'
import { cellsIn, noDraft, redone, stage, undone } from './staged.ts'

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

describe('edits not yet written', () => {
  test('each paste is one step back and forth; an edit after going back forgets what lay ahead', () => {
    const one = stage(noDraft, [{ id: 'a', key: 'n', cell: { value: 1 } }, { id: 'b', key: 'n', cell: { value: 2 } }]) // prettier-ignore
    const two = stage(one, [{ id: 'a', key: 'n', cell: { value: 3 } }])
    expect(cellsIn(two.staged)).toEqual([{ value: 3 }, { value: 2 }])
    expect(undone(two).staged).toEqual(one.staged)
    expect(undone(undone(undone(two))).staged).toEqual(noDraft.staged)
    expect(redone(undone(two)).staged).toEqual(two.staged)
    const other = stage(undone(two), [{ id: 'b', key: 'n', cell: null }])
    expect([other.redo, [...other.staged.keys()]]).toEqual([[], ['a']])
  })
})
