import { axisTop, valueSaid } from './chart-data.ts'
import type { DrawingProps } from './chart-props.ts'
import { FittedText } from './fitted-text.tsx'
import { Legend, legendOf } from './legend.tsx'
import { Mark } from './mark.tsx'

const most = 12
/** How several things stand beside each other in the same respects. */
export function Radar({ label, data, width, height: given, format, colour, onPick }: DrawingProps) {
  const { categories, series } = data
  const corners = categories.slice(0, most)
  const legend = legendOf(series.map(({ text }, of) => ({ text, colour: colour(of) })), width) // prettier-ignore
  const height = Math.max(220, given ?? 300)
  const radius = Math.max(50, Math.min(width / 2 - 84, (height - legend.height) / 2 - 26))
  const [cx, cy] = [width / 2, legend.height + (height - legend.height) / 2]
  const top = axisTop(Math.max(...series.flatMap(({ values }) => values.slice(0, most))))
  const point = (at: number, share: number): [number, number] => {
    const angle = (at / corners.length - 0.25) * 2 * Math.PI
    return [cx + radius * share * Math.cos(angle), cy + radius * share * Math.sin(angle)]
  }
  const polygon = (share: (at: number) => number) => corners.map((_, at) => point(at, share(at)).join(',')).join(' ')
  return (
    <>
      <svg className="x-drawing" width={width} height={height} role="group" aria-label={label}>
        <Legend layout={legend} />
        {[0.25, 0.5, 0.75, 1].map((share) => (
          <polygon key={share} className="x-web" points={polygon(() => share)} />
        ))}
        {corners.map(({ text }, at) => {
          const [x, y] = point(at, 1.12)
          const [endX, endY] = point(at, 1)
          const side = Math.abs(x - cx) < 8 ? 'middle' : x > cx ? 'start' : 'end'
          return (
            <g key={at}>
              <line x1={cx} y1={cy} x2={endX} y2={endY} />
              <FittedText text={text} width={80} x={x} y={y + 4} textAnchor={side} />
            </g>
          )
        })}
        {series.map(({ values }, of) => (
          <g key={of} style={{ color: colour(of) }}>
            <polygon className="x-area" points={polygon((at) => Math.max(0, values[at] ?? 0) / top)} />
            {corners.map((_, at) => {
              const [x, y] = point(at, Math.max(0, values[at] ?? 0) / top)
              return (
                <Mark key={at} said={valueSaid(data, label, at, of, format)} onPick={onPick && (() => onPick(at, of))}>
                  <circle cx={x} cy={y} r={4.5} />
                </Mark>
              )
            })}
          </g>
        ))}
      </svg>
      {categories.length > most && <figcaption>只画出前 {most} 组，其余请看表格</figcaption>}
    </>
  )
}
