import { valueSaid } from './chart-data.ts'
import type { DrawingProps } from './chart-props.ts'
import { tilesOf } from './division-tiles.ts'
import { inLines } from './legend.tsx'
import { Mark } from './mark.tsx'
import { fitted } from './text-fit.ts'

/** Provinces and cities as tiles, each about where it lies: where no border is drawn none can be drawn wrongly, and a small one is as easily hit as a large one. */
export function DivisionMap({ label, data, width, height: given, format, onPick }: DrawingProps) {
  const values = data.series[0]?.values ?? []
  const { tiles, left: others } = tilesOf(data.categories, Math.max(3, Math.floor(width / 64)))
  const columns = Math.max(1, ...tiles.map(({ column }) => column + 1))
  const rows = Math.max(0, ...tiles.map(({ row }) => row + 1))
  const aside = inLines(others.map((at) => ({ at, text: `${data.categories[at]!.text} ${format(values[at] ?? 0)}` })), width)
  const size = Math.max(28, Math.min(64, width / columns, given ? (given - 26 - aside.height) / rows : 64))
  // On a phone tiles are small: their figures are, too, and still there.
  const letters = size > 38 ? 12 : 10
  const left = Math.max(0, (width - size * columns) / 2)
  const top = Math.max(...tiles.map(({ at }) => values[at] ?? 0), 1)
  const below = rows * size + 26
  return (
    <svg className="x-drawing" width={width} height={below + aside.height} role="group" aria-label={label}>
      {tiles.map(({ code, text, column, row, at }) => {
        const value = at < 0 ? 0 : (values[at] ?? 0)
        const deep = value > 0 ? 0.2 + 0.8 * (value / top) : 0
        const [x, y] = [left + column * size, row * size]
        const tile = (
          <>
            <rect x={x + 1} y={y + 1} width={size - 2} height={size - 2} rx={4} fill={deep ? 'var(--chart-1)' : 'var(--neutral-soft)'} fillOpacity={deep || 1} />
            <text x={x + size / 2} y={y + size / 2 - (at < 0 ? -4 : 3)} style={{ fontSize: letters }} textAnchor="middle" className={deep > 0.7 ? 'x-on' : deep ? 'x-figure' : ''}>
              {fitted(text, size - 3, letters)}
            </text>
            {at >= 0 && (
              <text x={x + size / 2} y={y + size / 2 + letters} style={{ fontSize: letters }} textAnchor="middle" className={deep > 0.7 ? 'x-figure x-on' : 'x-figure'}>
                {fitted(format(value), size - 3, letters)}
              </text>
            )}
          </>
        )
        return at < 0 ? <g key={code}>{tile}</g> : <Mark key={code} said={valueSaid(data, label, at, 0, format)} onPick={onPick && (() => onPick(at, 0))}>{tile}</Mark>
      })}
      {rows > 0 && <text className="x-axis" x={left + 2} y={below - 8}>颜色越深越多，最多 {format(top)}</text>}
      {aside.entries.map(({ at, text, x, y }) => (
        <Mark key={at} said={valueSaid(data, label, at, 0, format)} onPick={onPick && (() => onPick(at, 0))}>
          <text x={left + 2 + x} y={below + y + 12}>{text}</text>
        </Mark>
      ))}
    </svg>
  )
} // prettier-ignore
