import { divisions } from '#model'
import { valueSaid } from './chart-data.ts'
import type { DrawingProps } from './chart-props.ts'
import { Mark } from './mark.tsx'
import { provincePlaces, shortDivision } from './division-places.ts'
import { fitted } from './text-fit.ts'

interface Tile {
  code: string
  text: string
  column: number
  row: number
  /** Its place among the groups; −1 where there are none. */
  at: number
}
/** Provinces and cities as tiles, each about where it lies: where no border is drawn none can be drawn wrongly, and a small one is as easily hit as a large one. */
export function DivisionMap({ label, data, width, height: given, format, onPick }: DrawingProps) {
  const values = data.series[0]?.values ?? []
  const places = new Map(data.categories.map(({ key }, at) => [String(key), at]))
  const isProvinces = data.categories.every(({ key }) => key === null || String(key).endsWith('0000'))
  const tiles = isProvinces ? provinceTiles(places) : cityTiles(data.categories, width)
  const columns = Math.max(...tiles.map(({ column }) => column)) + 1
  const rows = Math.max(...tiles.map(({ row }) => row)) + 1
  const size = Math.max(28, Math.min(64, width / columns, given ? (given - 26) / rows : 64))
  const left = Math.max(0, (width - size * columns) / 2)
  const top = Math.max(...values, 1)
  return (
    <svg className="x-drawing" width={width} height={rows * size + 26} role="group" aria-label={label}>
      {tiles.map(({ code, text, column, row, at }) => {
        const value = at < 0 ? 0 : (values[at] ?? 0)
        const deep = value > 0 ? 0.2 + 0.8 * (value / top) : 0
        const [x, y] = [left + column * size, row * size]
        const tile = (
          <>
            <rect x={x + 1} y={y + 1} width={size - 2} height={size - 2} rx={4} fill={deep ? 'var(--chart-1)' : 'var(--neutral-soft)'} fillOpacity={deep || 1} />
            <text x={x + size / 2} y={y + size / 2 - (size > 38 ? 3 : -4)} textAnchor="middle" className={deep > 0.55 ? 'x-on' : ''}>
              {fitted(text, size - 4, size > 38 ? 12 : 11)}
            </text>
            {size > 38 && at >= 0 && (
              <text x={x + size / 2} y={y + size / 2 + 13} textAnchor="middle" className={deep > 0.55 ? 'x-figure x-on' : 'x-figure'}>
                {format(value)}
              </text>
            )}
          </>
        )
        return at < 0 ? <g key={code}>{tile}</g> : <Mark key={code} said={valueSaid(data, label, at, 0, format)} onPick={onPick && (() => onPick(at, 0))}>{tile}</Mark>
      })}
      <text className="x-axis" x={left + 2} y={rows * size + 18}>
        颜色越深越多，最多 {format(top)}；未填地址 {format(places.has('null') ? (values[places.get('null')!] ?? 0) : 0)}
      </text>
    </svg>
  )
} // prettier-ignore
const provinceTiles = (places: ReadonlyMap<string, number>): Tile[] =>
  Object.entries(provincePlaces).map(([code, [text, column, row]]) => ({ code, text, column, row, at: places.get(code) ?? -1 }))
/** Cities have no agreed place: they stand in the order of their codes. */
function cityTiles(categories: DrawingProps['data']['categories'], width: number): Tile[] {
  const columns = Math.max(3, Math.floor(width / 64))
  const known = categories.flatMap(({ key }, at) => (key === null ? [] : [{ code: String(key), at }])).sort((a, b) => a.code.localeCompare(b.code)) // prettier-ignore
  return known.map(({ code, at }, n) => ({
    code,
    at,
    text: shortDivision(divisions.nameOf(code) ?? code),
    column: n % columns,
    row: Math.floor(n / columns),
  }))
}
