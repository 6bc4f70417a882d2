import { FittedText } from './fitted-text.tsx'
import { shareText, valueSaid } from './chart-data.ts'
import type { DrawingProps } from './chart-props.ts'
import { Mark } from './mark.tsx'
import { widthOf } from './text-fit.ts'

const most = 8
const line = 24
/** Shares of a whole: the largest eight, the rest together. */
export function Pie({ kind, label, data, whole, width, height, format, colour, onPick }: DrawingProps) {
  const { parts, sum } = partsOf(data)
  const isWide = width >= 340
  const beneath = parts.length * line
  const size = isWide
    ? Math.min(Math.max(120, (height ?? 240) - 8), width * 0.46, 260)
    : Math.min(width - 24, 200, Math.max(110, (height ?? 1000) - beneath - 20))
  const radius = size / 2
  const [cx, cy] = isWide ? [radius + 4, Math.max(radius + 4, (beneath + 8) / 2)] : [width / 2, radius + 4]
  const [x0, y0] = isWide ? [size + 28, cy - beneath / 2] : [4, size + 20]
  const named = width - x0 - 4
  return (
    <svg
      className="x-drawing"
      width={width}
      height={isWide ? Math.max(size + 8, beneath + 8) : size + 24 + beneath}
      role="group"
      aria-label={`${label}：${parts.map(({ text, value }) => `${text} ${format(value)}`).join('，')}`}
    >
      {parts.map(({ at, value, from, isRest }, place) => (
        <Mark
          key={place}
          said={isRest ? `${parts[place]!.text} ${format(value)}` : valueSaid(data, label, at, 0, format)}
          onPick={onPick && !isRest ? () => onPick(at, 0) : undefined}
        >
          <path
            d={slice({ cx, cy, outer: radius, inner: kind === 'ring' ? radius * 0.6 : 0, from, to: from + value / sum })}
            fill={isRest ? 'var(--line-strong)' : colour(place)}
            className="x-slice"
          />
        </Mark>
      ))}
      {kind === 'ring' && (
        <text x={cx} y={cy + 6} textAnchor="middle" className="x-whole">
          {whole}
        </text>
      )}
      {parts.map(({ text, at, value, isRest }, place) => {
        const said = `${format(value)}　${shareText(value, sum)}`
        return (
          <g
            key={place}
            transform={`translate(${x0}, ${y0 + place * line})`}
            className={onPick && !isRest ? 'x-mark' : ''}
            aria-hidden
            onClick={onPick && !isRest ? () => onPick(at, 0) : undefined}
          >
            <rect width={named} height={line} fill="transparent" />
            <rect width="10" height="10" y="7" rx="2" fill={isRest ? 'var(--line-strong)' : colour(place)} />
            <FittedText text={text} width={named - 18 - widthOf(said) - 8} x="18" y="16" />
            <text x={named} y="16" textAnchor="end" className="x-figure">
              {said}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
interface Part {
  text: string
  at: number
  value: number
  /** Of the whole turn, where it begins. */
  from: number
  isRest: boolean
}
/** In the order they are given; where there are too many, the largest in that order, and the rest together. */
function partsOf({ categories, series }: DrawingProps['data']): { parts: Part[]; sum: number } {
  const values = series[0]?.values ?? []
  const all = categories.map(({ text }, at) => ({ text, at, value: Math.max(0, values[at] ?? 0) }))
  const kept = new Set(all.toSorted((a, b) => b.value - a.value).slice(0, categories.length > most + 1 ? most : most + 1)) // prettier-ignore
  const rest = all.filter((one) => !kept.has(one))
  const together = rest.reduce((sum, { value }) => sum + value, 0)
  const list = [
    ...all.filter((one) => kept.has(one)).map((one) => ({ ...one, isRest: false })),
    ...(rest.length ? [{ text: `其余 ${rest.length} 组`, at: -1, value: together, isRest: true }] : []),
  ]
  const sum = list.reduce((a, { value }) => a + value, 0) || 1
  return { sum, parts: list.map((one, place) => ({ ...one, from: list.slice(0, place).reduce((a, { value }) => a + value, 0) / sum })) }
}
interface Slice {
  cx: number
  cy: number
  outer: number
  inner: number
  from: number
  to: number
}
function slice({ cx, cy, outer, inner, from, to }: Slice): string {
  // A whole turn begins where it ends, and would be nothing.
  const end = Math.min(to, from + 0.9999)
  const point = (turn: number, radius: number) => {
    const angle = (turn - 0.25) * 2 * Math.PI
    return `${(cx + radius * Math.cos(angle)).toFixed(2)} ${(cy + radius * Math.sin(angle)).toFixed(2)}`
  }
  const large = end - from > 0.5 ? 1 : 0
  const outside = `M ${point(from, outer)} A ${outer} ${outer} 0 ${large} 1 ${point(end, outer)}`
  return inner ? `${outside} L ${point(end, inner)} A ${inner} ${inner} 0 ${large} 0 ${point(from, inner)} Z` : `${outside} L ${cx} ${cy} Z`
}
