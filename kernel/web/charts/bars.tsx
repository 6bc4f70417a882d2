import type { DrawingProps } from './chart-props.ts'
import { FittedText } from './fitted-text.tsx'
import { Legend, legendOf } from './legend.tsx'
import { Mark } from './mark.tsx'
import { shareText, valueSaid } from './chart-data.ts'
import { widthOf } from './text-fit.ts'

const most = 60
const [thick, gap] = [18, 10]
/** Bars lie on their side: names of departments need their room, on the phone most of all. */
export function Bars({ kind, label, data: { categories, series }, width, share, format, colour, onPick }: DrawingProps) {
  const isStacked = kind === 'stacked'
  const shown = categories.slice(0, most)
  const sums = categories.map((_, at) => series.reduce((sum, { values }) => sum + Math.max(0, values[at] ?? 0), 0))
  const all = sums.reduce((a, b) => a + b, 0)
  const top = Math.max(...(isStacked ? sums : series.flatMap(({ values }) => values))) || 1
  const figure = (value: number) => `${format(value)}${share ? ` ${shareText(value, all)}` : ''}`
  const names = Math.min(Math.max(...shown.map(({ text }) => widthOf(text))) + 4, Math.max(60, width * 0.3), 180)
  const figures = Math.max(...(isStacked ? sums : series.flatMap(({ values }) => values)).map((value) => widthOf(figure(value)))) + 12
  const room = Math.max(20, width - names - 12 - figures)
  const legend = legendOf(series.map(({ text }, of) => ({ text, colour: colour(of) })), width) // prettier-ignore
  const lines = isStacked ? 1 : series.length
  const step = lines * (thick + 3) + gap
  const height = legend.height + shown.length * step
  const left = names + 12
  return (
    <>
      <svg className="x-drawing" width={width} height={height} role="group" aria-label={label}>
        <Legend layout={legend} />
        {shown.map(({ text }, at) => {
          const y = legend.height + at * step
          const begins = series.map((_, of) => series.slice(0, of).reduce((sum, { values }) => sum + Math.max(0, values[at] ?? 0), 0))
          return (
            <g key={at}>
              <FittedText text={text} width={names} x={names} y={y + (lines * (thick + 3)) / 2 + 3} textAnchor="end" />
              {series.map(({ values }, of) => {
                const value = values[at] ?? 0
                if (isStacked && value <= 0) return null
                const long = (Math.max(0, value) / top) * room
                const [x, of0] = isStacked ? [left + (begins[of]! / top) * room, y] : [left, y + of * (thick + 3)]
                return (
                  <Mark key={of} said={valueSaid({ categories, series }, label, at, of, format)} onPick={onPick && (() => onPick(at, of))}>
                    {!isStacked && <rect x={left} y={of0} width={room + figures} height={thick} fill="transparent" />}
                    <rect x={x} y={of0} width={Math.max(long, 1)} height={thick} rx={isStacked ? 0 : 2} fill={colour(of)} />
                    {!isStacked && (
                      <text className="x-figure" x={x + long + 6} y={of0 + 13}>
                        {figure(value)}
                      </text>
                    )}
                  </Mark>
                )
              })}
              {isStacked && (
                <text className="x-figure" x={left + (sums[at]! / top) * room + 6} y={y + 13}>
                  {figure(sums[at]!)}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      {categories.length > most && <figcaption>只画出前 {most} 组，其余请看表格</figcaption>}
    </>
  )
}
