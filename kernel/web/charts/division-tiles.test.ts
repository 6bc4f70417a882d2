import { areaList } from '@vant/area-data'
import { expect, test } from 'vitest'
import { divisions } from '#model'
import { shortDivision } from './division-places.ts'
import { tilesOf } from './division-tiles.ts'

divisions.load(areaList)
const named = (codes: readonly (string | null)[], columns = 3) => {
  const { tiles, left } = tilesOf(codes.map((key) => ({ key, text: String(key) })), columns) // prettier-ignore
  return { rows: Object.values(Object.groupBy(tiles, ({ row }) => row)).map((row) => row!.map(({ text }) => text)), left: left.map((at) => codes[at]) } // prettier-ignore
}

test('cities stand as on a map, the north above and the west to the left; what lies nowhere is left beside them', () => {
  expect(named(['310100', '440300', '650100', '110100', '440100', '820100', '440000', '000000', null])).toEqual({
    rows: [
      ['乌鲁木齐', '北京', '上海'],
      ['广州', '澳门半岛', '深圳'],
    ],
    left: ['440000', '000000', null],
  })
})

test('every city and every county without one has a place, and none stands on another', () => {
  const cities = divisions.tree().flatMap(({ children = [] }) => children.map(({ code }) => code)).filter((code) => code.endsWith('00')) // prettier-ignore
  const { tiles, left } = tilesOf(cities.map((key) => ({ key, text: key })), 20) // prettier-ignore
  expect(left.map((at) => cities[at])).toEqual([])
  expect(new Set(tiles.map(({ column, row }) => `${column} ${row}`)).size).toBe(cities.length)
})

test('provinces are always all there; a name is as short as it is said', () => {
  expect(tilesOf([{ key: '440000', text: '广东省' }], 3)).toMatchObject({
    left: [],
    tiles: expect.objectContaining({ length: 34 }) as object,
  })
  expect(['广东省深圳市', '四川省甘孜藏族自治州', '云南省西双版纳傣族自治州', '湖北省恩施土家族苗族自治州', '新疆维吾尔自治区克孜勒苏柯尔克孜自治州', '澳门特别行政区澳门半岛', '内蒙古自治区锡林郭勒盟', '北京市'].map(shortDivision)).toEqual(['深圳', '甘孜', '西双版纳', '恩施', '克孜勒苏', '澳门半岛', '锡林郭勒', '北京']) // prettier-ignore
})
