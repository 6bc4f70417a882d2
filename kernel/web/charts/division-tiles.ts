import { divisions, type Scalar } from '#model'
import { cityPlaces } from './city-places.ts'
import { provincePlaces, shortDivision } from './division-places.ts'

export interface Tile {
  code: string
  text: string
  column: number
  row: number
  /** Its place among the groups; −1 where there is none. */
  at: number
}
type Categories = readonly { key: Scalar | null; text: string }[]

/** Where each group stands, in so many columns: provinces on a map that is always whole; of cities those that there are. What lies nowhere is left. */
export function tilesOf(categories: Categories, columns: number): { tiles: Tile[]; left: number[] } {
  const groups = categories.map(({ key }, at) => ({ code: String(key), at }))
  const areProvinces = groups.every(({ code }) => !isCity(code))
  const tiles = areProvinces ? provinceTiles(new Map(groups.map(({ code, at }) => [code, at]))) : cityTiles(groups.filter(({ code }) => isCity(code)), columns) // prettier-ignore
  const drawn = new Set(tiles.map(({ at }) => at))
  return { tiles, left: groups.flatMap(({ at }) => (drawn.has(at) ? [] : [at])) }
}
const isCity = (code: string): boolean => /^\d{4}00$/.test(code) && !code.endsWith('0000') && placeOf(code) !== null
const provinceTiles = (places: ReadonlyMap<string, number>): Tile[] =>
  Object.entries(provincePlaces).map(([code, [text, column, row]]) => ({ code, text, column, row, at: places.get(code) ?? -1 }))
/** Row by row from the north, in each from the west: as near together as they can stand without leaving a gap. */
function cityTiles(groups: readonly { code: string; at: number }[], columns: number): Tile[] {
  const southwards = groups.toSorted((a, b) => placeOf(b.code)![1] - placeOf(a.code)![1])
  const rows = Math.ceil(groups.length / columns)
  const wide = Math.ceil(groups.length / rows)
  return Array.from({ length: rows }, (_, row) =>
    southwards
      .slice(row * wide, (row + 1) * wide)
      .toSorted((a, b) => placeOf(a.code)![0] - placeOf(b.code)![0])
      .map(({ code, at }, column): Tile => ({ code, at, row, column, text: shortDivision(divisions.nameOf(code) ?? code) })),
  ).flat()
}
/** Counties that belong to no city lie amid the cities of their province. */
function placeOf(code: string): readonly [east: number, north: number] | null {
  const own = cityPlaces[code.slice(0, 4)]
  if (own) return own
  const around = Object.entries(cityPlaces).flatMap(([city, place]) => (city.startsWith(code.slice(0, 2)) ? [place] : []))
  const middle = (axis: 0 | 1): number => around.reduce((sum, place) => sum + place[axis], 0) / around.length
  return around.length ? [middle(0), middle(1)] : null
}
