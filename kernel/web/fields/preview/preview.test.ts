import { describe, expect, test } from 'vitest'
import { decodeText, readTable } from './tables.ts'
import { fitOf, moved, plainLook, turned, zoomed } from './zoom.ts'

describe('a table out of text', () => {
  test('quotes, doubled quotes, breaks in cells, other separators, and a last line without its end', () => {
    expect(readTable('姓名,说明\r\n"张,三","说""好""\n第二行"\n李四,', 10, 10).rows).toEqual([['姓名', '说明'], ['张,三', '说"好"\n第二行'], ['李四', '']]) // prettier-ignore
    expect(readTable('a;b\n1;2', 10, 10).rows).toEqual([['a', 'b'], ['1', '2']]) // prettier-ignore
    expect(readTable('a\tb\n1,5\t2', 10, 10).rows).toEqual([['a', 'b'], ['1,5', '2']]) // prettier-ignore
    expect(readTable('', 10, 10)).toEqual({ rows: [], isCut: false })
  })
  test('it is cut where it is too long or too wide, and says so', () => {
    expect(readTable('a\nb\nc\n', 2, 9)).toEqual({ rows: [['a'], ['b']], isCut: true })
    expect(readTable('a,b,c\n', 9, 2)).toEqual({ rows: [['a', 'b']], isCut: true })
    expect(readTable('a\nb\n', 2, 9).isCut).toBe(false)
  })
})

test('text is read in the code page it was written in, also when cut within a character; what holds zeros is no text', () => {
  const utf = new TextEncoder().encode('科室,姓名')
  expect(decodeText(utf, false)).toBe('科室,姓名')
  expect(decodeText(utf.slice(0, -1), true)).toBe('科室,姓')
  expect(decodeText(new Uint8Array([0xbf, 0xc6, 0xca, 0xd2]), false)).toBe('科室')
  expect(decodeText(new Uint8Array([80, 75, 3, 4, 0, 0]), false)).toBeNull()
})

describe('a picture in its frame', () => {
  const [picture, frame] = [{ width: 4000, height: 3000 }, { width: 1000, height: 600 }] // prettier-ignore
  test('it fits whole, turned too, and a small one is not blown up', () => {
    expect([fitOf(picture, frame, 0), fitOf(picture, frame, 1), fitOf({ width: 40, height: 30 }, frame, 0)]).toEqual([0.2, 0.15, 1])
  })
  test('the point under the finger stays where it is', () => {
    const at = { x: 100, y: -40 }
    const before = zoomed(plainLook, 2, { x: 10, y: 10 })
    const after = zoomed(before, 1.5, at)
    const under = (look: typeof before) => [(at.x - look.x) / look.zoom, (at.y - look.y) / look.zoom]
    expect(under(after)[0]).toBeCloseTo(under(before)[0]!)
    expect(under(after)[1]).toBeCloseTo(under(before)[1]!)
    expect(zoomed(plainLook, 1000).zoom).toBe(12)
  })
  test('it is never moved out of sight, and a turn shows it whole again', () => {
    expect(moved(plainLook, 500, 500, picture, frame)).toMatchObject({ x: 0, y: 0 })
    expect(moved({ ...plainLook, zoom: 2 }, 9000, -9000, picture, frame)).toMatchObject({ x: 300, y: -300 })
    expect(turned({ zoom: 3, turn: 0, x: 5, y: 5 }, -1)).toEqual({ zoom: 1, turn: 3, x: 0, y: 0 })
  })
})
